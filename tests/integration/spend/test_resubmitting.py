"""A rejected row is mended, sent again and on record; what became of it is told by the file that it was rejected in."""

import csv
import io
from collections.abc import Sequence
from hashlib import sha256

import msgspec
import pytest

from doors.bodies import Spool
from doors.problems import BadRequest
from eventlog.store import EventLog
from schemas.mending import COLUMNS
from schemas.spend import PaymentRecorded, RejectedRowKept, RowRejected, RowResubmitted
from services.spend.published import files
from services.spend.published.resubmitting import resubmit
from tests.builders import DEVON, SALFORD
from tests.integration.spend.test_files import HELD, officer

HEADER = ("Date", "Document No", "Supplier Name", "Purpose", "Net Amount")
GOOD = ("13/04/2021", "D1", "Acme Ltd", "Repairs", "100.00")
TWIN = ("14/04/2021", "D2", "Bolt Ltd", "Hire", "50.00")
BAD_AMOUNT = ("14/04/2021", "D2", "Bolt Ltd", "Hire", "fifty")
BAD_DAY = ("31/02/2021", "D3", "Corner Shop", "Food", "7.70")
LONG = ("15/04/2021", "D4", "Dawn", "Cars, vans", "1.00", "and more")
FILE = [GOOD, TWIN, BAD_AMOUNT, BAD_DAY, LONG]


def saved(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([header, *rows])
    return written.getvalue().encode()


async def to_mend(log: EventLog, file_id: str) -> dict[int, list[str]]:
    """By line, the cells of the rejected rows of a file as they would be downloaded."""
    found = {}
    for event in await log.load(SALFORD, f"file/{file_id}"):
        if event.type == RejectedRowKept.wire_name:
            fact = msgspec.json.decode(event.data, type=RejectedRowKept)
            assert fact.header == HEADER
            found[fact.line] = [str(fact.line), "field", "value", "reason", "remedy", *fact.cells]
    return found


async def send(log: EventLog, before: str, rows: Sequence[Sequence[str]], delimiter: str = ",") -> files.Report:
    raw = saved((*COLUMNS, *HEADER), rows, delimiter)
    sent = Spool(io.BytesIO(raw), sha256(raw).hexdigest(), len(raw))
    return await resubmit(log, officer(), "mended.csv", sent, before)


async def history(log: EventLog, file_id: str) -> list[RowResubmitted]:
    events = await log.load(SALFORD, f"file/{file_id}")
    return [
        msgspec.json.decode(event.data, type=RowResubmitted)
        for event in events
        if event.type == RowResubmitted.wire_name
    ]


async def payments(log: EventLog) -> list[tuple[int, str]]:
    rows = await log.pool.fetch("SELECT net_pence, period FROM spend.payment ORDER BY 1")
    return [tuple(row) for row in rows]


@pytest.fixture
async def before(spend_log: EventLog) -> files.Report:
    """A file of five rows, three of which are rejected."""
    report = await files.receive(spend_log, officer(), "april.csv", saved(HEADER, FILE))
    assert report["rows"] == {"read": 5, "new": 2, "known": 0, "corrected": 0, "rejected": 3}
    assert [reject["code"] for reject in report["rejects"]] == ["amount-unreadable", "date-impossible", "row-long"]
    return report


async def test_a_rejected_row_is_kept_as_it_was_published(spend_log: EventLog, before: files.Report) -> None:
    rows = await to_mend(spend_log, before["file_id"])
    assert {line: tuple(cells[5:]) for line, cells in rows.items()} == {4: BAD_AMOUNT, 5: BAD_DAY, 6: LONG}


async def test_mended_rows_are_recorded_and_tell_their_first_file(spend_log: EventLog, before: files.Report) -> None:
    rows = await to_mend(spend_log, before["file_id"])
    rows[4][-1] = "50.00"  # now identical to the row above it, and yet another payment
    rows[5][5] = "28/02/2021"
    report = await send(spend_log, before["file_id"], [rows[5], rows[4]])
    assert report["rows"] == {"read": 2, "new": 2, "known": 0, "corrected": 0, "rejected": 0}
    assert report["pence"]["read"] == report["pence"]["new"] == 5_770
    assert (report["resubmits"], report["period"]) == (before["file_id"], "2021-04")
    assert await payments(spend_log) == [(770, "2021-04"), (5_000, "2021-04"), (5_000, "2021-04"), (10_000, "2021-04")]
    told = await history(spend_log, before["file_id"])
    assert [(each.line, each.by_file_id, each.by_line) for each in told] == [
        (5, report["file_id"], 2), (4, report["file_id"], 3),
    ]  # fmt: skip
    (recorded, *_) = await spend_log.load(SALFORD, f"payment/{told[0].payment_id}")
    fact = msgspec.json.decode(recorded.data, type=PaymentRecorded)
    assert (fact.file_id, fact.line, fact.net_pence) == (report["file_id"], 2, 770)


async def test_mended_rows_that_come_once_more_add_nothing(spend_log: EventLog, before: files.Report) -> None:
    rows = await to_mend(spend_log, before["file_id"])
    rows[4][-1] = "50.00"
    first = await send(spend_log, before["file_id"], [rows[4]])
    assert (await send(spend_log, before["file_id"], [rows[4]]))["already_received"]
    again = await send(spend_log, before["file_id"], [rows[4]], ";")
    assert again["rows"] == {"read": 1, "new": 0, "known": 1, "corrected": 0, "rejected": 0}
    assert again["file_id"] != first["file_id"]
    rows[4][-1] = "51.00"
    other = await send(spend_log, before["file_id"], [rows[4]])
    assert other["rows"] == {"read": 1, "new": 0, "known": 0, "corrected": 0, "rejected": 1}
    assert other["rejects"][0]["code"] == "mended-otherwise"
    assert len(await history(spend_log, before["file_id"])) == 1
    assert len(await payments(spend_log)) == 3


async def test_a_row_may_be_rejected_again_and_mended_from_there(spend_log: EventLog, before: files.Report) -> None:
    rows = await to_mend(spend_log, before["file_id"])
    rows[5][5] = "30/02/2021"
    second = await send(spend_log, before["file_id"], [rows[5]])
    assert second["rows"]["rejected"] == 1
    (told,) = await history(spend_log, before["file_id"])
    assert (told.line, told.payment_id) == (5, None)
    (kept,) = (await to_mend(spend_log, second["file_id"])).values()
    kept[5] = "28/02/2021"
    third = await send(spend_log, second["file_id"], [kept])
    assert third["rows"]["new"] == 1
    (told,) = await history(spend_log, second["file_id"])
    assert told.by_file_id == third["file_id"]


async def test_a_row_that_was_published_right_meanwhile_is_known(spend_log: EventLog, before: files.Report) -> None:
    mended = (*BAD_DAY[:0], "28/02/2021", *BAD_DAY[1:])
    whole = await files.receive(spend_log, officer(), "april-2.csv", saved(HEADER, [GOOD, TWIN, mended]))
    assert (whole["rows"]["new"], whole["rows"]["known"]) == (1, 2)
    rows = await to_mend(spend_log, before["file_id"])
    rows[5][5] = "28/02/2021"
    assert (await send(spend_log, before["file_id"], [rows[5]]))["rows"]["known"] == 1
    (told,) = await history(spend_log, before["file_id"])
    assert told.payment_id is not None


async def test_a_line_that_was_not_rejected_is_not_mended(spend_log: EventLog, before: files.Report) -> None:
    report = await send(spend_log, before["file_id"], [("2", "", "", "", "", *GOOD)])
    assert report["rejects"][0]["code"] == "not-rejected"
    assert await history(spend_log, before["file_id"]) == []
    assert len(await payments(spend_log)) == 2


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (HEADER, GOOD, "no column localpound line"),
        ((*COLUMNS, *HEADER[1:]), ("4", "", "", "", "", *GOOD[1:]), "not those of the file"),
        ((*COLUMNS, *HEADER), ("four", "", "", "", "", *GOOD), "Line 2 of this file does not say"),
    ],
)
async def test_what_are_no_mended_rows_is_refused_and_changes_nothing(
    spend_log: EventLog, before: files.Report, header: Sequence[str], row: Sequence[str], said: str
) -> None:
    size = await spend_log.size(SALFORD)
    raw = saved(header, [row])
    with pytest.raises(BadRequest, match=said):
        await resubmit(
            spend_log, officer(), "x.csv", Spool(io.BytesIO(raw), sha256(raw).hexdigest(), len(raw)), before["file_id"]
        )
    assert await spend_log.size(SALFORD) == size


async def test_a_row_sent_twice_in_one_file_is_refused(spend_log: EventLog, before: files.Report) -> None:
    rows = await to_mend(spend_log, before["file_id"])
    with pytest.raises(BadRequest, match="Line 4 of the file before is mended by several rows"):
        await send(spend_log, before["file_id"], [rows[4], rows[4]])


async def test_a_file_that_is_held_or_another_councils_is_not_mended_row_by_row(spend_log: EventLog) -> None:
    held = await files.receive(spend_log, officer(), "held.csv", HELD.encode())
    theirs = await files.receive(spend_log, officer(DEVON), "april.csv", saved(HEADER, FILE))
    row = ("4", "", "", "", "", *GOOD)
    with pytest.raises(BadRequest, match="held whole"):
        await send(spend_log, held["file_id"], [row])
    with pytest.raises(BadRequest, match="no such file"):
        await send(spend_log, theirs["file_id"], [row])
    stored = await spend_log.load(SALFORD, f"file/{held['file_id']}")
    assert sum(event.type == RowRejected.wire_name for event in stored) == 2
    assert not any(event.type == RejectedRowKept.wire_name for event in stored)
