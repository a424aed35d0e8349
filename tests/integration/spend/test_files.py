"""Salford's fifteen months and Devon's one, through spend's own door, to the penny."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from doors.problems import BadRequest
from eventlog.credentials import Credential, NotAllowed
from eventlog.envelope import open_envelope
from eventlog.store import EventLog
from schemas.spend import PaymentCorrected
from services.spend.published import batches, files
from tests.builders import DEVON, SALFORD

SAMPLES = Path(__file__).parents[3] / "samples"
APRIL = SAMPLES / "salford" / "spend-2021-04.csv"
JULY_2013 = SAMPLES / "devon" / "DCCSpendingOver500_201307.csv"


def officer(organisation: str = SALFORD, *roles: str) -> Credential:
    return Credential("person/officer", "officer", organisation, frozenset(roles or [files.ROLE]))


async def receive(log: EventLog, path: Path, organisation: str = SALFORD) -> files.Report:
    return await files.receive(log, officer(organisation), path.name, path.read_bytes())


async def test_a_month_is_counted_to_the_penny(spend_log: EventLog) -> None:
    report = await receive(spend_log, APRIL)
    assert report["rows"] == {"read": 3086, "new": 3086, "known": 0, "corrected": 0, "rejected": 0}
    assert report["pence"]["read"] == report["pence"]["new"] == 4_526_094_381
    assert report["period"] == "2021-04"
    assert report["positions"]["first"] == "GB-LAE-SLF/spend/0"
    held = await spend_log.pool.fetchrow("SELECT count(*), sum(net_pence)::bigint FROM spend.payment")
    assert held is not None
    assert tuple(held) == (3086, report["pence"]["new"])


async def test_a_file_of_several_batches_is_as_one_of_one(spend_log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 500)
    report = await receive(spend_log, APRIL)
    assert report["rows"]["new"] == 3086
    assert report["positions"]["first"] == "GB-LAE-SLF/spend/0"
    size = await spend_log.size(SALFORD)
    assert report["positions"]["last"] == f"GB-LAE-SLF/spend/{size - 1}"
    events = [open_envelope(raw) for _, raw in await spend_log.read(SALFORD, 0, size)]
    assert len({event.id for event in events}) == size > 2 * 3086
    assert len({event.correlationid for event in events}) == 1
    assert await spend_log.pool.fetchval("SELECT count(*) FROM eventlog.run") == 8
    assert await spend_log.pool.fetchval("SELECT (SELECT count(*) FROM spend.read_row)") == 0


async def test_the_same_bytes_again_add_nothing(spend_log: EventLog) -> None:
    first = await receive(spend_log, APRIL)
    size = await spend_log.size(SALFORD)
    again = await receive(spend_log, APRIL)
    assert again["already_received"]
    assert again["rows"] == {**first["rows"], "new": 0, "known": 3086}
    assert await spend_log.size(SALFORD) == size


async def test_the_same_bytes_twice_at_once_are_recorded_once(spend_log: EventLog) -> None:
    reports = await asyncio.gather(*(receive(spend_log, APRIL) for _ in range(4)))
    assert sorted(report["already_received"] for report in reports) == [False, True, True, True]
    assert {report["rows"]["new"] + report["rows"]["known"] for report in reports} == {3086}
    assert await spend_log.pool.fetchval("SELECT count(*) FROM spend.payment") == 3086


async def test_the_same_rows_in_another_order_add_no_payment(spend_log: EventLog) -> None:
    await receive(spend_log, APRIL)
    header, *rows = APRIL.read_text().splitlines()
    turned = "\r\n".join([header, *reversed(rows)]).encode()
    report = await files.receive(spend_log, officer(), "turned.csv", turned)
    assert report["rows"] == {"read": 3086, "new": 0, "known": 3086, "corrected": 0, "rejected": 0}


async def test_rows_that_cannot_be_read_are_kept_and_counted(spend_log: EventLog) -> None:
    report = await receive(spend_log, JULY_2013, DEVON)
    assert report["rows"] == {"read": 9062, "new": 9056, "known": 0, "corrected": 0, "rejected": 6}
    assert report["unreadable_rows"] == 6
    first = report["rejects"][0]
    assert (first["line"], first["field"], first["value"]) == (3454, "net", "1294.052")
    assert first["code"] == "amount-not-pence"
    stored = await spend_log.load(DEVON, f"file/{report['file_id']}")
    assert [event.type for event in stored[:2]] == [
        "localpound.spend.SpendFileReceived.v1",
        "localpound.spend.RowRejected.v1",
    ]
    assert len(stored) == 13  # and each rejected row as it was published


async def test_a_row_of_any_characters_fits_into_an_event(spend_log: EventLog) -> None:
    rows = "".join(f'2021-04-01,1.00,"{character * 7_900}"\n' for character in ("\x01", "€", "😀", '""'))
    content = f"Date,Amount,Supplier Name\n{rows}\n".encode()
    report = await files.receive(spend_log, officer(), "odd.csv", content)
    assert report["rows"]["new"] + report["rows"]["rejected"] == 4
    assert report["rows"]["new"] >= 3


async def test_two_organisations_are_kept_apart(spend_log: EventLog) -> None:
    await receive(spend_log, APRIL)
    await receive(spend_log, APRIL, DEVON)
    counted = await spend_log.pool.fetch("SELECT organisation, count(*) FROM spend.payment GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in counted] == [(DEVON, 3086), (SALFORD, 3086)]


@pytest.mark.parametrize(
    "content",
    [
        (SAMPLES / "salford" / "contracts-register-2022-07.csv").read_bytes(),
        b"",
        b"a,b\n1,2\n",
        b"\x89PNG\r\n",
        b'Date,Amount,Supplier Name\n2021-04-01,1.00,"never closed\n2021-04-01,2.00,B\n',
    ],
)
async def test_what_is_no_spend_file_is_refused_and_changes_nothing(spend_log: EventLog, content: bytes) -> None:
    with pytest.raises(BadRequest):
        await files.receive(spend_log, officer(), "spend-2022-07.csv", content)
    assert await spend_log.size(SALFORD) == 0
    assert await spend_log.pool.fetchval("SELECT count(*) FROM spend.source_file") == 0


async def test_a_register_under_a_spend_files_name_is_called_a_register(spend_log: EventLog) -> None:
    content = (SAMPLES / "salford" / "contracts-register-2022-07.csv").read_bytes()
    with pytest.raises(BadRequest, match="contract register"):
        await files.receive(spend_log, officer(), "spend-2022-07.csv", content)


async def test_another_role_takes_no_file(spend_log: EventLog) -> None:
    with pytest.raises(NotAllowed):
        await files.receive(spend_log, officer(SALFORD, "reader"), APRIL.name, APRIL.read_bytes())


HELD = "Date,Supplier Name,Net Amount\n2021-04-01,Acme Ltd,100.00\n2021-04-02,Bolt Ltd,50.00\nTotal,,150.01\n"


async def test_a_file_whose_total_fails_is_held_and_comes_whole_once_it_is_mended(spend_log: EventLog) -> None:
    report = await files.receive(spend_log, officer(), "april.csv", HELD.encode())
    assert report["rows"] == {"read": 2, "new": 0, "known": 0, "corrected": 0, "rejected": 2}
    assert (report["pence"]["read"], report["pence"]["rejected"]) == (15_000, 15_000)
    assert "line 4 is £150.01; the rows above it come to £150.00" in report["held"]["reason"]
    assert await spend_log.pool.fetchval("SELECT count(*) FROM spend.payment") == 0
    mended = await files.receive(spend_log, officer(), "april.csv", HELD.replace(".01", ".00").encode())
    assert (mended["rows"]["new"], mended["held"]) == (2, None)


GATESHEAD = b"Nstrg(T),TransNo,Period,Supplier ID(T),Amount,Updated\nPlace,2000,202205,Barclaycard,120.00,2022-08-28\n"
SAID = {"paid_on": "Updated", "supplier": "Supplier ID(T)"}


async def test_what_is_said_of_columns_once_holds_for_the_next_file(spend_log: EventLog) -> None:
    with pytest.raises(BadRequest):
        await files.receive(spend_log, officer(), "may.csv", GATESHEAD)
    assert (await files.receive(spend_log, officer(), "may.csv", GATESHEAD, SAID))["rows"]["new"] == 1
    june = GATESHEAD.replace(b"120.00", b"130.00")
    report = await files.receive(spend_log, officer(), "june.csv", june)
    assert report["rows"]["new"] == 1
    assert {c["field"]: c["reason"] for c in report["layout"]["columns"]}["paid_on"] == "agreed for these columns"
    with pytest.raises(BadRequest):
        await files.receive(spend_log, officer(DEVON), "june.csv", june)

    (stream,) = await spend_log.pool.fetch("SELECT DISTINCT stream FROM eventlog.event WHERE stream LIKE 'layout/%'")
    (agreed,) = await spend_log.load(SALFORD, stream["stream"])
    assert agreed.type == "localpound.spend.SpendLayoutAgreed.v1"
    await files.receive(spend_log, officer(), "july.csv", june.replace(b"130", b"140"), SAID)
    assert len(await spend_log.load(SALFORD, stream["stream"])) == 1


async def test_a_dry_run_says_how_it_would_read_and_records_nothing(spend_log: EventLog) -> None:
    told = await files.preview(spend_log, officer(DEVON), JULY_2013.name, JULY_2013.read_bytes(), None)
    assert told["accepted"] == {"rows": 9_056, "pence": 4_254_118_360}
    assert told["rejected"] == [{"code": "amount-not-pence", "rows": 6, "pence": 0}]
    assert [(c["field"], c["column"], c["place"]) for c in told["layout"]["columns"]] == [
        ("paid_on", "Date", 3), ("net", "Amount", 6), ("document", "Transaction Number", 4),
        ("supplier", "Supplier Name", 7), ("department", "Expense Area", 10), ("purpose", "Expense Type", 11),
        ("invoice_number", "Invoice Number", 5), ("vat_number", "VAT Reg no", 9),
    ]  # fmt: skip
    assert told["layout"]["unused"][0] == "Body"
    assert told["sample"][0]["line"] == 2
    assert await spend_log.pool.fetchval("SELECT count(*) FROM eventlog.event") == 0
    with pytest.raises(NotAllowed):
        await files.preview(spend_log, officer(DEVON, "reader"), "x.csv", GATESHEAD, None)


def changed_april(*changes: tuple[str, str]) -> bytes:
    """The month as its publisher publishes it again."""
    text = APRIL.read_text()
    for was, becomes in changes:
        assert text.count(was) == 1
        text = text.replace(was, becomes)
    return text.encode()


async def test_a_row_that_is_published_again_otherwise_corrects_its_payment(spend_log: EventLog) -> None:
    first = await receive(spend_log, APRIL)
    header, row, *_ = APRIL.read_text().splitlines()
    names, cells = header.split(","), row.split(",")
    net, vat, gross = (names.index(name) for name in ("Net", "VAT", "Gross"))
    amended = [*cells]
    amended[net], amended[vat], amended[gross] = "1234.56", "0", "1234.56"
    again = await files.receive(spend_log, officer(), "april-2.csv", changed_april((row, ",".join(amended))))
    assert again["rows"] == {"read": 3086, "new": 0, "known": 3085, "corrected": 1, "rejected": 0}
    was = round(float(cells[net]) * 100)
    assert again["pence"] == {
        "read": first["pence"]["read"] - was + 123_456, "new": 0, "known": first["pence"]["read"] - was,
        "corrected": 123_456, "rejected": 0,
    }  # fmt: skip
    held = await spend_log.pool.fetchrow("SELECT count(*), sum(net_pence)::bigint FROM spend.payment")
    assert held is not None
    assert tuple(held) == (3086, again["pence"]["read"])

    found = await spend_log.pool.fetchval("SELECT payment_id FROM spend.payment WHERE file_id = $1", again["file_id"])
    events = await spend_log.load(SALFORD, f"payment/{found}")
    corrected = next(event for event in events if event.type == "localpound.spend.PaymentCorrected.v1")
    fact = msgspec.json.decode(corrected.data, type=PaymentCorrected)
    assert (fact.corrects_file_id, fact.corrects_line, fact.corrects_net_pence) == (first["file_id"], 2, was)
    assert (fact.file_id, fact.line, fact.net_pence) == (again["file_id"], 2, 123_456)

    turned = changed_april((row, ",".join(amended))) + b"\r\n"
    third = await files.receive(spend_log, officer(), "april-3.csv", turned)
    assert third["rows"] == {"read": 3086, "new": 0, "known": 3086, "corrected": 0, "rejected": 0}
    assert sum(event.type.endswith("PaymentRecorded.v1") for event in events) == 1


async def test_rows_of_one_document_that_cannot_be_told_apart_are_new(spend_log: EventLog) -> None:
    header = "Date,Document No,Supplier Name,Net Amount"
    rest = [f"2021-04-0{day},D{day},Acme Ltd,{day}.00" for day in range(1, 8)]
    lines = ["2021-04-08,D8,Acme Ltd,8.00", "2021-04-08,D8,Acme Ltd,9.00"]
    await files.receive(spend_log, officer(), "a.csv", "\n".join([header, *rest, *lines]).encode())
    again = "\n".join([header, *rest, *(line.replace(".00", ".50") for line in lines)]).encode()
    report = await files.receive(spend_log, officer(), "b.csv", again)
    assert report["rows"] == {"read": 9, "new": 2, "known": 7, "corrected": 0, "rejected": 0}


async def test_a_row_without_a_number_corrects_the_payment_of_its_day_that_its_supplier_lacks(
    spend_log: EventLog,
) -> None:
    header = "Date,Supplier Name,Net Amount"
    lines = [f"2021-04-0{day},Supplier {day} Ltd,{day}.00" for day in range(1, 9)]
    twice = [f"2021-04-0{day},Acme Ltd,{day}.00" for day in (1, 2)]
    first = await files.receive(spend_log, officer(), "a.csv", "\n".join([header, *lines, *twice]).encode())
    amended = [line.replace("8.00", "8.50") for line in lines] + [line.replace(".00", ".50") for line in twice]
    report = await files.receive(spend_log, officer(), "b.csv", "\n".join([header, *amended]).encode())
    assert report["rows"] == {"read": 10, "new": 0, "known": 7, "corrected": 3, "rejected": 0}
    (row,) = await spend_log.pool.fetch(
        "SELECT file_id, net_pence FROM spend.payment WHERE net_pence = 850 AND organisation = $1", SALFORD
    )
    assert row["file_id"] == report["file_id"] != first["file_id"]


async def test_a_row_without_a_number_leaves_alone_what_another_part_of_the_period_states(spend_log: EventLog) -> None:
    header = "Date,Supplier Name,Net Amount"
    part = [f"2021-04-0{day},Supplier {day} Ltd,{day}.00" for day in range(1, 9)]
    other = ["2021-04-09,Acme Ltd,7.00"]
    await files.receive(spend_log, officer(), "a.csv", "\n".join([header, *part]).encode())
    await files.receive(spend_log, officer(), "b.csv", "\n".join([header, *other]).encode())
    again = "\n".join([header, *part, "2021-04-10,Acme Ltd,9.00"]).encode()
    report = await files.receive(spend_log, officer(), "c.csv", again)
    assert report["rows"] == {"read": 9, "new": 1, "known": 8, "corrected": 0, "rejected": 0}


async def test_a_second_part_of_a_period_corrects_nothing(spend_log: EventLog) -> None:
    header = "Date,Document No,Supplier Name,Net Amount"
    first = [f"2021-04-0{day},D{day},Acme Ltd,{day}.00" for day in range(1, 8)]
    await files.receive(spend_log, officer(), "a.csv", "\n".join([header, *first]).encode())
    part = "\n".join([header, first[0], "2021-04-02,D2,Acme Ltd,2.50"]).encode()
    report = await files.receive(spend_log, officer(), "b.csv", part)
    assert report["rows"] == {"read": 2, "new": 1, "known": 1, "corrected": 0, "rejected": 0}
