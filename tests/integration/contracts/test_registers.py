"""A published register goes on the record whole, once, and is accounted for to the row and penny."""

import asyncio
import csv
import io
from pathlib import Path

import httpx
import pytest

from eventlog.codec import Codec, facts_in
from eventlog.envelope import open_envelope
from eventlog.store import EventLog
from schemas import contracts as published
from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived, RegisterRowRejected, SupplierStated
from schemas.fact import Fact
from tests.builders import DEVON, SALFORD
from tests.callers import bearer

RAW = (Path(__file__).parents[3] / "samples/salford/contracts-register-2022-07.csv").read_bytes()
codec = Codec(*facts_in(published))


async def send(doors: httpx.AsyncClient, raw: bytes, *, who: str = "editor", **query: str) -> httpx.Response:
    return await doors.post(
        "/registers", params={"file_name": "register-2022-07.csv"} | query, content=raw, headers=bearer(who)
    )


async def facts_of(log: EventLog, organisation: str = SALFORD) -> list[Fact]:
    size = await log.size(organisation)
    entries = await log.read(organisation, 0, size)
    return [codec.decode(open_envelope(entry)) for _, entry in entries]


def count(facts: list[Fact], kind: type[Fact]) -> int:
    return sum(isinstance(fact, kind) for fact in facts)


def changed(line: int, column: str, value: str) -> bytes:
    """The register with one cell changed; other bytes, and no byte order mark."""
    rows = list(csv.reader(io.StringIO(RAW.decode()[3:], newline="")))
    rows[0][0] = "Directorate Name"
    rows[line - 1][rows[0].index(column)] = value
    return written(rows)


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


async def test_salfords_register_is_accounted_for_to_the_penny(doors: httpx.AsyncClient, log: EventLog) -> None:
    answer = await send(doors, RAW)
    assert answer.status_code == 200
    report = answer.json()
    assert report["kind"] == "register"
    assert report["stated_on"] == "2022-07-31"
    assert report["encoding"] == "UTF-8 with a byte order mark encoded twice"
    assert report["rows"] == {"read": 360, "new": 355, "known": 0, "corrected": 0, "rejected": 5}
    assert report["pence"] == {
        "read": 159_875_851_562,
        "new": 159_684_201_994,
        "known": 0,
        "corrected": 0,
        "rejected": 191_649_568,
    }
    assert report["unreadable_rows"] == 10
    assert report["positions"] == {"first": "GB-LAE-SLF/contracts/0", "last": "GB-LAE-SLF/contracts/647"}
    assert report["already_received"] is False
    facts = await facts_of(log)
    assert count(facts, RegisterReceived) == 1
    assert count(facts, RegisterRowRejected) == 5
    assert count(facts, SupplierStated) == 287
    assert count(facts, ContractAwarded) == 355
    assert len(facts) == 648


async def test_the_same_bytes_again_add_nothing(doors: httpx.AsyncClient, log: EventLog) -> None:
    await send(doors, RAW)
    again = (await send(doors, RAW, file_name="another name.csv")).json()
    assert again["already_received"] is True
    assert again["rows"] == {"read": 360, "new": 0, "known": 355, "corrected": 0, "rejected": 5}
    assert again["pence"]["known"] == 159_684_201_994
    assert again["positions"] is None
    assert await log.size(SALFORD) == 648


async def test_the_same_rows_in_another_order_are_all_known(doors: httpx.AsyncClient, log: EventLog) -> None:
    await send(doors, RAW)
    rows = list(csv.reader(io.StringIO(RAW.decode()[3:], newline="")))
    report = (await send(doors, written([rows[0], *reversed(rows[1:])]))).json()
    assert report["rows"] == {"read": 360, "new": 0, "known": 355, "corrected": 0, "rejected": 5}
    facts = await facts_of(log)
    assert [type(fact) for fact in facts[648:]] == [RegisterReceived, *[RegisterRowRejected] * 5]


async def test_a_later_register_that_says_otherwise_restates_one_contract(
    doors: httpx.AsyncClient, log: EventLog
) -> None:
    await send(doors, RAW)
    later = changed(2, "Total Contract Value (including extensions)", "£6,000.50")
    report = (await send(doors, later, stated_on="2022-10-31")).json()
    assert report["rows"] == {"read": 360, "new": 0, "known": 354, "corrected": 1, "rejected": 5}
    assert report["pence"]["corrected"] == 600_050
    facts = await facts_of(log)
    (restated,) = [fact for fact in facts if isinstance(fact, ContractRestated)]
    assert (restated.reference, restated.value_pence, restated.stated_on.isoformat()) == (
        "S1417",
        600_050,
        "2022-10-31",
    )
    assert len(facts) == 648 + 1 + 5 + 1


async def test_an_older_register_may_not_unsay_what_a_later_one_said(doors: httpx.AsyncClient, log: EventLog) -> None:
    await send(doors, RAW)
    older = changed(2, "Total Contract Value (including extensions)", "1.00")
    answer = await send(doors, older, stated_on="2022-01-31")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "older-than-record")
    assert await log.size(SALFORD) == 648


async def test_the_same_register_sent_by_many_at_once_is_taken_once(doors: httpx.AsyncClient, log: EventLog) -> None:
    answers = await asyncio.gather(*(send(doors, RAW) for _ in range(24)))
    assert sorted(answer.json()["already_received"] for answer in answers) == [False, *[True] * 23]
    assert await log.size(SALFORD) == 648


async def test_two_councils_registers_are_kept_apart(doors: httpx.AsyncClient, log: EventLog) -> None:
    await send(doors, RAW)
    report = (await send(doors, RAW, who="devon")).json()
    assert report["rows"]["new"] == 355
    assert report["positions"]["first"] == "GB-LAE-DEV/contracts/0"
    ids = [
        {fact.contract_id for fact in await facts_of(log, who) if isinstance(fact, ContractAwarded)}
        for who in (SALFORD, DEVON)
    ]
    assert len(ids[0] | ids[1]) == 710


SPEND = b"Authority Name,Date of Payment,DocumentNo,Gross,VAT,Net,Vendor Name\nSalford,2021-04-01,1,700,0,700,A Ltd\n"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (SPEND, "This is a file of payments"),
        (b"", "This file is empty."),
        (b" \r\n,,\r\n", "This is not a contract register"),
        (b"%PDF-1.7 \x00", "This is a PDF document"),
        (b"PK\x03\x04\x00\x00", "This archive is damaged."),
        (b"<!DOCTYPE html><html></html>", "This is a web page"),
        (b'{"contracts": []}', "Line 1 is no row: contracts is not one value."),
        (b"name,age\nA,1\n", "This is not a contract register"),
        (b'Contract Title,Supplier,Start Date\n"A,B,2022-01-01\n', "From line 2 on this cannot be read as CSV"),
        (b"Contract Title\x00,Supplier", "This is not text."),
        (b"\xff\xfeC", "This text is in no encoding that is known here."),
    ],
)
async def test_a_file_that_is_no_register_is_refused_in_a_sentence(
    doors: httpx.AsyncClient, log: EventLog, raw: bytes, says: str
) -> None:
    answer = await send(doors, raw)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith(says)
    assert answer.json()["error"]["field"] == "file"
    assert await log.size(SALFORD) == 0


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"file_name": ""}, 422, "query.file_name"),
        ({"file_name": "\x00\x01"}, 422, "file_name"),
        ({"stated_on": "2022-02-30"}, 422, "query.stated_on"),
        ({"stated_on": "2999-01-01"}, 422, "stated_on"),
    ],
)
async def test_circumstances_that_cannot_be_are_refused_by_name(
    doors: httpx.AsyncClient, log: EventLog, query: dict[str, str], status: int, field: str
) -> None:
    answer = await send(doors, RAW, **query)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert await log.size(SALFORD) == 0


async def test_only_a_register_editor_may_send_a_register(doors: httpx.AsyncClient, log: EventLog) -> None:
    assert (await send(doors, RAW, who="reader")).status_code == 403
    assert (await send(doors, RAW, who="nobody")).status_code == 401
    assert (await doors.post("/registers", params={"file_name": "x"}, content=RAW)).status_code == 401
    assert await log.size(SALFORD) == 0


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(doors: httpx.AsyncClient, log: EventLog) -> None:
    answer = await send(doors, b"x" * (16 * 2**20 + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
    assert await log.size(SALFORD) == 0


async def test_more_lots_alike_than_are_looked_for_at_a_time_are_all_known_again(
    doors: httpx.AsyncClient, log: EventLog
) -> None:
    lots = [["L1", "Works", "A Ltd", f"Lot {n}", "2022-04-01"] for n in range(30)]
    header = ["Contract Reference", "Contract Title", "Supplier", "Description", "Start Date"]
    assert (await send(doors, written([header, *lots]))).json()["rows"]["new"] == 30
    report = (await send(doors, written([header, *reversed(lots)]))).json()
    assert report["rows"] == {"read": 30, "new": 0, "known": 30, "corrected": 0, "rejected": 0}
    alike = [["L1", "Works", "A Ltd", f"Lot {n}", "2022-04-01"] for n in range(501)]
    assert (await send(doors, written([header, *alike]))).json()["error"]["code"] == "too-many-alike"


async def test_a_door_that_is_not_there_says_so_in_the_same_form(doors: httpx.AsyncClient, log: EventLog) -> None:
    answer = await doors.get("/nowhere")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")
    answer = await doors.get("/registers")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "wrong-method")
