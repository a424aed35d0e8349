"""Whoever changes a service's database by hand is found out."""

import asyncio

import asyncpg
import pytest

from eventlog.sequencer import sequence_batch
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from localpound.verify.findings import Gravity, verdict
from localpound.verify.postgresql import PostgresSource
from localpound.verify.run import Verification, schema_digests, verify
from localpound.verify.tiles import tiles_of
from localpound.verify.tree import leaf, root
from tests.builders import DEVON, SALFORD, actor, cause, draft, payment_matched, payment_recorded

PAYMENTS = 300  # two events each: more than two tiles of 256


@pytest.fixture
async def written(spend_pool: asyncpg.Pool) -> EventLog:
    """Salford's log of 600 events in 30 appends, and Devon's of two in one."""
    log = EventLog("spend", spend_pool)
    for first in range(0, PAYMENTS, 10):
        drafts = [
            draft(f"payment/P{number}", version=version, fact=fact)
            for number in range(first, first + 10)
            for version, fact in (
                (1, payment_recorded(payment_id=f"P{number}")),
                (2, payment_matched(payment_id=f"P{number}")),
            )
        ]
        await log.record(SALFORD, drafts, actor=actor(), cause=cause())
    await log.record(DEVON, [draft("payment/D1"), draft("payment/D2")], actor=actor(), cause=cause())
    async with spend_pool.acquire() as conn:
        while await sequence_batch(conn):
            pass
    return log


async def verified(running: Servers) -> Verification:
    def run() -> Verification:
        with PostgresSource("spend", running.url("spend", "spend")) as source:
            return verify(source, schema_digests())

    return await asyncio.to_thread(run)


async def tamper(running: Servers, *statements: str) -> None:
    """Do what only the database's owner can."""
    conn = await asyncpg.connect(running.superuser_url("spend"))
    try:
        for statement in statements:
            await conn.execute(statement)
    finally:
        await conn.close()


def what(found: Verification) -> list[str]:
    return [f"{finding.where}: {finding.what}" for finding in found.findings]


async def test_a_database_as_the_service_wrote_it_is_intact(running: Servers, written: EventLog) -> None:
    found = await verified(running)
    assert what(found) == []
    assert [(log.log, log.events, log.streams) for log in found.logs] == [
        ("GB-LAE-DEV/spend", 2, 2),
        ("GB-LAE-SLF/spend", 600, 300),
    ]


SALFORDS = "(SELECT log_id FROM eventlog.log WHERE organisation = 'GB-LAE-SLF')"
AT_40 = f"(SELECT append_id FROM eventlog.run WHERE log_id = {SALFORDS} AND first_index = 40)"
LAST = f"(SELECT append_id FROM eventlog.run WHERE log_id = {SALFORDS} AND first_index = 580)"
ROOT = "GB-LAE-SLF/spend: the tree over the events has another root than the recorded one"


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        pytest.param(
            [
                f"UPDATE eventlog.event SET envelope = overlay(envelope PLACING '\\x31'::bytea FROM"
                f" position('70000'::bytea IN envelope) + 1) WHERE append_id = {AT_40} AND ordinal = 0"
            ],
            ROOT,
            id="a byte flipped",
        ),
        pytest.param(
            [
                f"UPDATE eventlog.event SET ordinal = 99 WHERE append_id = {AT_40} AND ordinal = 0",
                f"UPDATE eventlog.event SET ordinal = 0 WHERE append_id = {AT_40} AND ordinal = 1",
                f"UPDATE eventlog.event SET ordinal = 1 WHERE append_id = {AT_40} AND ordinal = 99",
            ],
            "GB-LAE-SLF/spend/40: is version 2 of payment/P20, where 1 was due",
            id="two swapped",
        ),
        pytest.param(
            [f"DELETE FROM eventlog.event WHERE append_id = {AT_40} AND ordinal = 3"],
            "GB-LAE-SLF/spend/44: follows a gap: index 43 was due",
            id="one missing",
        ),
        pytest.param(
            [
                "INSERT INTO eventlog.event SELECT append_id, 20, log_id, stream || 'x', version, envelope"
                f" FROM eventlog.event WHERE append_id = {AT_40} AND ordinal = 0"
            ],
            "GB-LAE-SLF/spend: 600 events are recorded, 601 are here",
            id="one inserted",
        ),
        pytest.param(
            [
                f"UPDATE eventlog.event SET version = 3 WHERE append_id = {AT_40} AND ordinal = 1",
            ],
            "GB-LAE-SLF/spend/41: is kept under version 3, but its bytes say 2",
            id="another version beside the bytes",
        ),
        pytest.param(
            [f"DELETE FROM eventlog.event WHERE append_id = {LAST}"],
            "GB-LAE-SLF/spend: 600 events are recorded, 580 are here",
            id="the tail cut off, the numbers left",
        ),
        pytest.param(
            [
                f"DELETE FROM eventlog.event WHERE append_id = {LAST}",
                f"DELETE FROM eventlog.run WHERE append_id = {LAST}",
            ],
            "spend: the numbers of the appends have gaps",
            id="the tail cut off with its numbers",
        ),
        pytest.param(
            [f"DELETE FROM eventlog.run WHERE append_id = {AT_40}"],
            "spend: 20 events are in no log and wait for none",
            id="events taken out of the log",
        ),
        pytest.param(
            [
                "UPDATE eventlog.event SET log_id ="
                " (SELECT log_id FROM eventlog.log WHERE organisation = 'GB-LAE-DEV')"
                f" WHERE append_id = {AT_40}"
            ],
            "spend: 20 events lie in a log that is not theirs",
            id="events given to another organisation",
        ),
        pytest.param(
            [
                f"UPDATE eventlog.tree SET root = sha256('x') WHERE log_id = {SALFORDS}",
            ],
            ROOT,
            id="another root written down",
        ),
        pytest.param(
            [
                "UPDATE eventlog.tile SET hashes = overlay(hashes PLACING '\\x00'::bytea FROM 40)"
                f" WHERE log_id = {SALFORDS} AND level = 0 AND number = 1"
            ],
            "GB-LAE-SLF/spend: tile 1 of level 0 is another",
            id="a tile changed",
        ),
        pytest.param(
            [f"DELETE FROM eventlog.tile WHERE log_id = {SALFORDS} AND level = 1"],
            "GB-LAE-SLF/spend: tile 0 of level 1 is missing",
            id="a tile missing",
        ),
    ],
)
async def test_tampering_with_the_database_is_found(
    running: Servers, written: EventLog, statements: list[str], said: str
) -> None:
    await tamper(running, *statements)
    found = await verified(running)
    assert said in what(found)
    assert verdict(found.findings) == Gravity.CONTRADICTS


async def test_an_append_that_waits_for_its_place_contradicts_nothing(running: Servers, written: EventLog) -> None:
    await written.record(SALFORD, [draft("payment/Q")], actor=actor(), cause=cause())
    found = await verified(running)
    assert what(found) == ["spend: 1 appends still wait for their places"]
    assert verdict(found.findings) == Gravity.UNREAD


async def test_rewriting_events_and_tree_together_cannot_be_seen(running: Servers, written: EventLog) -> None:
    """The limit that the command states: nothing but an earlier root, kept elsewhere, would show it."""
    await tamper(
        running,
        f"DELETE FROM eventlog.event WHERE append_id = {LAST}",
        f"DELETE FROM eventlog.run WHERE append_id = {LAST}",
        "UPDATE eventlog.run SET seq = 30 WHERE seq = 31",
        "UPDATE eventlog.head SET next_seq = 31",
        f"DELETE FROM eventlog.tile WHERE log_id = {SALFORDS}",
    )
    leaves = b"".join(leaf(value) for _, value in await written.read(SALFORD, 0, 580))
    conn = await asyncpg.connect(running.superuser_url("spend"))
    await conn.execute(f"UPDATE eventlog.tree SET size = 580, root = $1 WHERE log_id = {SALFORDS}", root(leaves))
    await conn.executemany(f"INSERT INTO eventlog.tile VALUES ({SALFORDS}, $1, $2, $3)", list(tiles_of(leaves)))
    await conn.close()
    found = await verified(running)
    assert what(found) == []
    assert [log.events for log in found.logs] == [2, 580]
