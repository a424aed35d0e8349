"""However a month is cut, ordered, repeated and saved, the end state is the same, to the row and the penny."""

import json
from collections.abc import Sequence
from hashlib import sha256
from random import Random
from typing import Any

import msgspec
import pytest

from eventlog.codec import Codec, facts_in
from eventlog.envelope import open_envelope
from eventlog.history import fold
from eventlog.projector import Recorded
from eventlog.store import EventLog
from schemas import spend
from services.reporting.read_models.compliance import compliance
from services.reporting.read_models.supplier_spend import supplier_spend
from services.spend.published import files
from tests.builders import NOON, SALFORD
from tests.integration.spend.shapes import Row, Shape, month, parts, saved, some_shape
from tests.integration.spend.test_files import officer
from tests.integration.spend.test_judging import all_numbered, arrive, end_state, facts

PLAIN = Shape(tuple(range(8)), "csv", ",", "\n", 0, "utf-8")
OF_THE_FILE = {"file_id", "line", "name"}
"""In these alone may two ways of sending rows differ: where a payment was read, and which of several spellings of a
payee came first."""

State = tuple[list[tuple[object, ...]], dict[str, str]]


async def digests(log: EventLog) -> dict[str, str]:
    """Of each read model of payments, a digest of its rows as the log makes them."""
    await all_numbered(log)
    codec = Codec(*facts_in(spend))
    batch = []
    for index, raw in await log.read(SALFORD, 0, 1_000_000):
        opened = open_envelope(raw)
        fact = codec.decode(opened)
        batch.append(
            Recorded(SALFORD, "spend", index, opened.subject, 1, opened.id, opened.type, NOON, NOON, fact, raw)
        )
    found = {}
    for table in (*compliance.tables, *supplier_spend.tables):
        touching: list[tuple[tuple[str, str], Recorded]] = [
            ((SALFORD, str(table.key_of(each.fact))), each) for each in batch if isinstance(each.fact, table.facts)
        ]
        rows: list[Any] = [change.versions[-1].row for change in fold(table, {}, touching).values()]
        told = sorted(json.dumps(without_file(msgspec.to_builtins(row)), sort_keys=True) for row in rows)
        found[table.name] = sha256("\n".join(told).encode()).hexdigest()
    return found


def without_file(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in OF_THE_FILE}


async def state(log: EventLog) -> State:
    return await end_state(log), await digests(log)


async def send(log: EventLog, rows: Sequence[Row], shape: Shape) -> files.Report:
    report = await files.receive(log, officer(), "april", saved(rows, shape))
    assert report["period"] == "2021-04"
    assert report["rows"]["rejected"] == 0
    for each in (report["rows"], report["pence"]):
        assert each["read"] == each["new"] + each["known"] + each["corrected"]
    return report


EXPECTED: dict[int, State] = {}


@pytest.mark.parametrize("way", range(8))
@pytest.mark.parametrize("seed", range(3))
async def test_any_parts_order_repetition_and_dialect_give_one_state(spend_log: EventLog, seed: int, way: int) -> None:
    rows = month(Random(seed), 60)
    for index, fact in enumerate(facts()):
        await arrive(spend_log, (index, fact))
    dice = Random(1_000 * seed + way)
    if way == 0:
        report = await send(spend_log, rows, PLAIN)
        assert report["rows"]["new"] == len(rows)
        EXPECTED[seed] = await state(spend_log)
        assert len(EXPECTED[seed][0]) == len(rows) > len(set(rows))
        return
    cut = parts(rows, dice)
    sent = [*cut, *dice.choices(cut, k=dice.randrange(4)), *([rows] if dice.random() < 0.5 else [])]
    dice.shuffle(sent)
    new = 0
    for part in sent:
        report = await send(spend_log, dice.sample(part, len(part)), some_shape(dice))
        assert report["rows"]["corrected"] == 0
        new += report["rows"]["new"]
    assert new == len(rows)
    assert await state(spend_log) == EXPECTED[seed]


async def test_identical_payments_in_two_parts_are_one(spend_log: EventLog) -> None:
    """A limit: a row of a file that is also in another one is the same row, or nothing could be sent twice."""
    twice = [month(Random(1), 1)[0]] * 2
    await send(spend_log, twice[:1], PLAIN)
    assert (await send(spend_log, [twice[1], month(Random(2), 1)[0]], PLAIN))["rows"]["known"] == 1
    assert (await send(spend_log, twice, PLAIN))["rows"]["new"] == 1


async def test_a_part_with_late_rows_alone_is_of_another_period(spend_log: EventLog) -> None:
    """A limit: rows are told apart within their published period, and a part states its own."""
    late = ("31/03/2021", "D1", "Bolt; Sons", "", "", "1.00", "0.20", "1.20")
    whole = [*month(Random(1), 5), late]
    assert (await send(spend_log, whole, PLAIN))["rows"]["new"] == len(whole)
    report = await files.receive(spend_log, officer(), "march", saved([late], PLAIN))
    assert (report["period"], report["rows"]["new"]) == ("2021-03", 1)


async def test_an_overlapping_part_that_changes_a_document_is_taken_for_a_correction(spend_log: EventLog) -> None:
    """A limit: a file that repeats half of a period and leaves a document's one row out states it otherwise."""
    rows = [(f"0{day}/04/2021", f"D{day}", "Bolt; Sons", "", "", f"{day}.00", "", "") for day in range(1, 9)]
    other = ("08/04/2021", "D8", "Bolt; Sons", "", "", "9.00", "", "")
    await send(spend_log, rows, PLAIN)
    report = await send(spend_log, [*rows[3:7], other], PLAIN)
    assert (report["rows"]["known"], report["rows"]["corrected"]) == (4, 1)
