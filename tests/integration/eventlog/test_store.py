"""What every log must do, in memory as in PostgreSQL."""

import asyncio

import pytest

from eventlog.codec import Codec
from eventlog.decider import Decider
from eventlog.errors import ConcurrentWriteError, OversizeFactError
from eventlog.handle import handle
from eventlog.log_protocol import Log
from eventlog.memory_store import MemoryLog
from eventlog.store import EventLog
from schemas.fact import Fact
from schemas.spend import PaymentMatched, PaymentRecorded
from tests.builders import DEVON, NOON, SALFORD, actor, cause, draft, payment_matched, payment_recorded


@pytest.fixture(params=["memory", "postgresql"])
def log(request: pytest.FixtureRequest, spend_log: EventLog) -> Log:
    return MemoryLog("spend") if request.param == "memory" else spend_log


async def record(log: Log, *drafts: object, organisation: str = SALFORD) -> int:
    return await log.record(organisation, drafts, actor=actor(), cause=cause())  # type: ignore[arg-type]


async def test_a_stream_is_loaded_in_the_order_of_its_versions(log: Log) -> None:
    await record(log, draft(version=1, fact=payment_recorded()), draft(version=2))
    loaded = await log.load(SALFORD, "payment/P1")
    assert [e.streamversion for e in loaded] == [1, 2]
    codec = Codec(PaymentRecorded, PaymentMatched)
    assert [codec.decode(e) for e in loaded] == [payment_recorded(), payment_matched()]


async def test_positions_are_gapless_from_zero_for_each_organisation(log: Log) -> None:
    first = await record(log, draft("payment/a"), draft("payment/b"))
    other = await record(log, draft("payment/a"), organisation=DEVON)
    second = await record(log, draft("payment/c"))
    found = [await log.positions(i, timeout=5) for i in (first, other, second)]
    assert [[str(p) for p in positions or ()] for positions in found] == [
        ["GB-LAE-SLF/spend/0", "GB-LAE-SLF/spend/1"],
        ["GB-LAE-DEV/spend/0"],
        ["GB-LAE-SLF/spend/2"],
    ]
    assert await log.size(SALFORD) == 3
    assert await log.size("GB-LAE-XXX") == 0


async def test_the_log_is_read_in_pages_across_appends(log: Log) -> None:
    for name in "abcde":
        last = await record(log, draft(f"payment/{name}1"), draft(f"payment/{name}2"))
    await log.positions(last, timeout=5)
    whole = await log.read(SALFORD, 0, 100)
    assert [index for index, _ in whole] == list(range(10))
    paged = [await log.read(SALFORD, first, 3) for first in range(0, 10, 3)]
    assert [event for page in paged for event in page] == whole
    assert await log.read(SALFORD, 10, 5) == []


@pytest.mark.parametrize("version", [1, 3])
async def test_another_version_than_the_next_is_refused_and_writes_nothing(log: Log, version: int) -> None:
    await record(log, draft(version=1))
    with pytest.raises(ConcurrentWriteError):
        await record(log, draft("payment/other"), draft(version=version))
    assert await log.versions(SALFORD, ["payment/P1", "payment/other"]) == {"payment/P1": 1}


async def test_versions_inside_an_append_must_follow_each_other(log: Log) -> None:
    with pytest.raises(ConcurrentWriteError):
        await record(log, draft(version=1), draft(version=3))


async def test_one_of_many_writers_of_a_version_wins_and_no_neighbour_fails(log: Log) -> None:
    racing = [record(log, draft("payment/same")) for _ in range(10)]
    others = [record(log, draft(f"payment/{i}")) for i in range(20)]
    results = await asyncio.gather(*racing, *others, return_exceptions=True)
    assert sum(isinstance(r, ConcurrentWriteError) for r in results[:10]) == 9
    assert all(isinstance(r, int) for r in results[10:])


async def test_an_oversize_fact_writes_nothing(log: Log) -> None:
    huge = draft("payment/huge", fact=payment_recorded(purpose="x" * 70_000))
    with pytest.raises(OversizeFactError):
        await record(log, draft(), huge)
    assert await log.versions(SALFORD, ["payment/P1"]) == {}


async def test_a_repeated_command_is_answered_and_not_recorded_twice(log: Log) -> None:
    def decide(command: Fact, state: int) -> list[Fact]:
        return [command]

    decider: Decider[Fact, int, Fact] = Decider(decide, lambda state, _: state + 1, 0)
    once = cause()
    answers = [
        await handle(
            log,
            Codec(PaymentMatched),
            decider,
            payment_matched(),
            organisation=SALFORD,
            stream="payment/P1",
            actor=actor(),
            cause=once,
            happened_at=NOON,
        )
        for _ in range(2)
    ]
    assert answers[0] is not None
    assert answers[0] == answers[1]
    assert await log.versions(SALFORD, ["payment/P1"]) == {"payment/P1": 1}


async def test_commands_on_one_stream_at_once_are_decided_again(spend_log: EventLog) -> None:
    decider: Decider[Fact, int, Fact] = Decider(lambda c, _: [c], lambda s, _: s + 1, 0)

    async def once() -> int | None:
        return await handle(
            spend_log, Codec(PaymentMatched), decider, payment_matched(), organisation=SALFORD,
            stream="payment/P1", actor=actor(), cause=cause(), happened_at=NOON,
        )  # fmt: skip

    answers = await asyncio.gather(*[once() for _ in range(4)])
    assert None not in answers
    assert await spend_log.versions(SALFORD, ["payment/P1"]) == {"payment/P1": 4}
