"""The end state does not depend on the order in which contracts and payments arrive."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from eventlog.codec import Codec, facts_in
from eventlog.credentials import Credential
from eventlog.envelope import open_envelope
from eventlog.projector import Recorded
from eventlog.store import EventLog
from schemas import spend
from schemas.contracts import ContractAwarded, SupplierStated
from schemas.fact import Fact
from schemas.spend import PaymentMatched, PaymentUnmatched, SupplierMatched, SupplierUnmatched
from schemas.supplier_names import normalised_name, supplier_id
from services.contracts.identity import linked, placed
from services.contracts.intake import read_register
from services.spend.judgement.judging import KnownContracts
from services.spend.published import files
from tests.builders import NOON, SALFORD

SAMPLES = Path(__file__).parents[3] / "samples" / "salford"
MONTHS = [SAMPLES / "spend-2021-04.csv", SAMPLES / "spend-2021-05.csv"]
NAME = "Schofield & Sons Ltd"


def facts() -> list[Fact]:
    """A supplier that was paid in both months, and two contracts with it: one over in April, one from May."""
    supplier = supplier_id("01234567", NAME)
    stated = SupplierStated(
        supplier_id=supplier, name=NAME, normalised_name=normalised_name(NAME), company_number="01234567",
        postcode=None, sme=True, file_id="f", line=2, stated_on=date(2022, 7, 31),
    )  # fmt: skip
    terms = [("C1", date(2020, 1, 1), date(2021, 4, 30)), ("C2", date(2021, 5, 1), date(2022, 4, 30))]
    return [
        stated,
        *(
            ContractAwarded(
                contract_id=name, reference=name, title=name, description="", supplier_id=supplier,
                supplier_name=NAME, directorate="", procedure="", starts_on=starts, ends_on=ends, value_pence=None,
                annual_pence=None, category_code=None, category_label="", extends_contract_id=None, file_id="f",
                line=3, stated_on=date(2022, 7, 31),
            )
            for name, starts, ends in terms
        ),
    ]  # fmt: skip


def namesake() -> SupplierStated:
    """Another company of the same name."""
    return SupplierStated(
        supplier_id=supplier_id("07654321", NAME), name=NAME, normalised_name=normalised_name(NAME),
        company_number="07654321", postcode=None, sme=None, file_id="f", line=9, stated_on=date(2022, 7, 31),
    )  # fmt: skip


def recorded(index: int, fact: Fact) -> Recorded:
    return Recorded(
        SALFORD, "contracts", index, f"x/{index}", 1, f"01890a5d-ac96-774b-bcce-{index:012}", type(fact).wire_name,
        NOON, NOON, fact, b"",
    )  # fmt: skip


async def arrive(log: EventLog, what: Path | tuple[int, Fact]) -> None:
    if isinstance(what, Path):
        officer = Credential("person/officer", "officer", SALFORD, frozenset([files.ROLE]))
        await files.receive(log, officer, what.name, what.read_bytes())
        return
    index, fact = what
    async with log.pool.acquire() as conn, conn.transaction():
        await KnownContracts(log).apply(conn, "unused", [recorded(index, fact)])
    log.appended.ring()


async def end_state(log: EventLog) -> list[tuple[object, ...]]:
    rows = await log.pool.fetch(
        "SELECT p.payment_id, p.answer, p.contract_id, p.supplier_id, e.supplier_id FROM spend.payment p"
        " LEFT JOIN spend.payee e USING (organisation, payee_id) ORDER BY 1"
    )
    return [tuple(row) for row in rows]


STATES: list[list[tuple[object, ...]]] = []


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [3, 4, 0, 1, 2], [3, 0, 2, 4, 1], [2, 3, 1, 4, 0]])
async def test_the_end_state_knows_no_order(spend_log: EventLog, order: Sequence[int]) -> None:
    arrivals: list[Path | tuple[int, Fact]] = [*enumerate(facts()), *MONTHS]
    for place in order:
        await arrive(spend_log, arrivals[place])
    state = await end_state(spend_log)
    STATES.append(state)
    assert state == STATES[0]
    matched = {contract for _, answer, contract, _, _ in state if answer == "on_contract"}
    assert matched == {"C1", "C2"}


async def test_what_was_judged_again_is_a_new_fact_of_the_same_payment(spend_log: EventLog) -> None:
    await arrive(spend_log, MONTHS[0])
    async with spend_log.pool.acquire() as conn, conn.transaction():
        batch = [recorded(index, fact) for index, fact in enumerate(facts())]
        await KnownContracts(spend_log).apply(conn, "unused", batch)
    paid = await spend_log.pool.fetchval("SELECT payment_id FROM spend.payment WHERE contract_id = 'C1' LIMIT 1")
    events = await spend_log.load(SALFORD, f"payment/{paid}")
    assert [event.type.split(".")[2] for event in events] == [
        "PaymentRecorded", "PaymentScoped", "PaymentUnmatched", "PaymentMatched",
    ]  # fmt: skip
    assert events[-1].causationid is not None
    assert events[-1].actor == "machine/spend"


NAMESAKE_STATES: list[list[tuple[object, ...]]] = []


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [0, 1, 2, 4, 3], [3, 0, 1, 4, 2]])
async def test_two_companies_of_one_name_are_nobody_for_certain_in_any_order(
    spend_log: EventLog, order: Sequence[int]
) -> None:
    arrivals: list[Path | tuple[int, Fact]] = [*enumerate([*facts(), namesake()]), MONTHS[0]]
    for place in order:
        await arrive(spend_log, arrivals[place])
    state = await end_state(spend_log)
    NAMESAKE_STATES.append(state)
    assert state == NAMESAKE_STATES[0]
    assert {payee for *_, payee in state} == {None}
    assert {answer for _, answer, *_ in state} == {"ambiguous", "no_contract", None}


async def test_a_match_that_no_longer_holds_is_taken_back_by_a_fact(spend_log: EventLog) -> None:
    await arrive(spend_log, (0, facts()[0]))
    await arrive(spend_log, MONTHS[0])
    await arrive(spend_log, (3, namesake()))
    payee = await spend_log.pool.fetchval(
        "SELECT payee_id FROM spend.payee WHERE normalised_name = $1", normalised_name(NAME)
    )
    events = await spend_log.load(SALFORD, f"payee/{payee}")
    assert [event.type.split(".")[2] for event in events] == ["SupplierMatched", "SupplierUnmatched"]


def register_facts() -> list[Fact]:
    """Salford's own register: six names with several company numbers, suppliers with several contracts."""
    raw = (SAMPLES / "contracts-register-2022-07.csv").read_bytes()
    read = read_register(raw, file_id="f", stated_on=date(2022, 7, 31))
    return [*read.suppliers, *linked(placed(SALFORD, read.contracts, {}), {})]


async def all_numbered(log: EventLog) -> None:
    """Wait until the sequencer has numbered what was appended."""
    async with asyncio.timeout(30):
        while await log.pool.fetchval("SELECT count(*) FROM eventlog.pending"):
            await asyncio.sleep(0.05)


async def published(log: EventLog) -> dict[str, object]:
    """What was said last of each payment and payee, in the log."""
    codec = Codec(*facts_in(spend))
    said: dict[str, object] = {}
    for _, raw in await log.read(SALFORD, 0, 1_000_000):
        envelope = open_envelope(raw)
        match fact := codec.decode(envelope):
            case PaymentMatched() | PaymentUnmatched():
                said[envelope.subject] = fact
            case SupplierMatched():
                said[envelope.subject] = fact.supplier_id
            case SupplierUnmatched():
                said.pop(envelope.subject)
            case _:
                continue
    return said


PUBLISHED: list[dict[str, object]] = []


@pytest.mark.parametrize("seed", range(4))
async def test_salfords_register_in_any_pieces_before_between_and_after_its_months(
    spend_log: EventLog, seed: int
) -> None:
    dice = Random(seed)
    facts = [recorded(index, fact) for index, fact in enumerate(register_facts())]
    dice.shuffle(facts)
    pieces: list[Path | list[Recorded]] = [*MONTHS, *(facts[at : at + 150] for at in range(0, len(facts), 150))]
    if seed == 0:
        pieces = [facts, *MONTHS]
    else:
        dice.shuffle(pieces)
    for piece in pieces:
        if isinstance(piece, Path):
            await arrive(spend_log, piece)
            continue
        async with spend_log.pool.acquire() as conn, conn.transaction():
            await KnownContracts(spend_log).apply(conn, "unused", piece)
        spend_log.appended.ring()
    await all_numbered(spend_log)
    said = await published(spend_log)
    PUBLISHED.append(said)
    assert said == PUBLISHED[0]
    kinds = Counter(type(fact).__name__ for fact in said.values())
    assert kinds == {"PaymentUnmatched": 1_932, "PaymentMatched": 206, "str": 80}
