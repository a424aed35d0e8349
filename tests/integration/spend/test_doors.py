"""Spend's doors over HTTP: who may, what is answered, and that nothing wrong is ever a 5xx."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import jsonschema
import pytest

from deploy.generate_openapi import FOLDER
from eventlog.credentials import Credential
from localpound.stack.testing import Servers
from services.spend.__main__ import make_app
from services.spend.published.files import ROLE
from services.spend.settings import SpendSettings
from tests.builders import DEVON, SALFORD
from tests.callers import bearer, serving

SAMPLES = Path(__file__).parents[3] / "samples"
CALLERS = {
    "ledger": Credential("machine/ledger", None, SALFORD, frozenset({ROLE})),
    "devon": Credential("machine/devon", None, DEVON, frozenset({ROLE})),
    "asha": Credential("person/asha", "asha", SALFORD, frozenset({ROLE})),
    "ben": Credential("person/ben", "ben", SALFORD, frozenset({ROLE})),
    "reader": Credential("person/reader", "reader", SALFORD, frozenset({"reader"})),
}
PAYMENT = {"paid_on": "2022-07-01", "supplier_name": "Acme Ltd", "net": "950.00", "purpose": "Materials"}


@pytest.fixture
async def doors(running: Servers, spend_pool: asyncpg.Pool) -> AsyncIterator[httpx.AsyncClient]:
    """The service's doors on an empty log, with its sequencer running."""
    settings = SpendSettings(
        database_url=running.url("spend", "spend"),
        kafka_servers="nowhere:1",
        http_host="127.0.0.1",
        http_port=1,
        token_keys_url="http://nowhere",
        role="sequencer",
    )
    async with serving(make_app(settings), CALLERS) as client:
        yield client
    assert await spend_pool.fetchval("SELECT 1") == 1


async def post(
    doors: httpx.AsyncClient, sent: object, *, key: str | None = "k1", who: str = "ledger"
) -> httpx.Response:
    content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    headers = bearer(who) | ({} if key is None else {"Idempotency-Key": key})
    return await doors.post("/payments", content=content, headers=headers)


async def send(doors: httpx.AsyncClient, raw: bytes, who: str = "ledger", **query: str) -> httpx.Response:
    params = {"file_name": "spend.csv"} | query
    return await doors.post("/spend-files", params=params, content=raw, headers=bearer(who))


def error(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    return found


async def test_payments_are_answered_with_positions_and_a_receipt(doors: httpx.AsyncClient) -> None:
    answer = await post(doors, [PAYMENT, PAYMENT])
    assert answer.status_code == 200
    body = answer.json()
    assert body["organisation"] == SALFORD
    assert body["positions"] == [f"GB-LAE-SLF/spend/{index}" for index in range(6)]
    receipt = await doors.get(f"/receipts/{body['receipt_id']}", headers=bearer("ledger"))
    assert (receipt.status_code, receipt.json()) == (200, body)
    assert (await post(doors, [PAYMENT, PAYMENT])).json() == body


async def test_the_published_document_is_served_and_answers_are_what_it_says(doors: httpx.AsyncClient) -> None:
    document = (await doors.get("/openapi.json")).json()
    assert document == json.loads((FOLDER / "spend.json").read_bytes())
    told = document["paths"]["/payments"]["post"]["responses"]
    for sent, status in ((PAYMENT, 200), (PAYMENT | {"net": 1}, 422), (b"no", 400)):
        answer = await post(doors, sent)
        assert answer.status_code == status
        schema = told[str(status)]["content"]["application/json"]["schema"] | {"components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())


async def test_another_organisations_receipt_is_not_there(doors: httpx.AsyncClient) -> None:
    receipt = (await post(doors, PAYMENT)).json()["receipt_id"]
    answer = await doors.get(f"/receipts/{receipt}", headers=bearer("devon"))
    assert answer.status_code == 404
    assert error(answer)["code"] == "not-found"


@pytest.mark.parametrize(
    ("sent", "status", "code", "field"),
    [
        (PAYMENT | {"net": 950}, 422, "not-valid", "net"),
        (PAYMENT | {"net": 950.5}, 400, "not-a-whole-number", None),
        (b'{"net": NaN}', 400, "not-a-whole-number", None),
        (PAYMENT | {"approved_by": "me"}, 422, "unknown-field", "approved_by"),
        ({"net": "1.00", "paid_on": "2022-07-01"}, 422, "missing-field", "supplier_name"),
        (b'{"net": "1.00", "net": "2.00"}', 400, "duplicate-field", "net"),
        (b" " * (5 * 2**20 + 1), 413, "too-large", None),
        (b"not json", 400, "not-json", None),
    ],
)
async def test_a_body_that_cannot_be_is_refused_and_its_key_stays_free(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, sent: object, status: int, code: str, field: str | None
) -> None:
    answer = await post(doors, sent)
    assert (answer.status_code, error(answer)["code"], error(answer).get("field")) == (status, code, field)
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.event") == 0
    assert (await post(doors, PAYMENT)).status_code == 200


async def test_a_key_is_needed_and_belongs_to_one_body(doors: httpx.AsyncClient) -> None:
    assert (await post(doors, PAYMENT, key=None)).status_code == 400
    assert (await post(doors, PAYMENT)).status_code == 200
    other = await post(doors, PAYMENT | {"net": "951.00"})
    assert (other.status_code, error(other)["code"]) == (422, "idempotency-key-used")
    assert (await post(doors, PAYMENT | {"net": "951.00"}, who="devon")).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("nobody", 401), ("reader", 403)])
async def test_only_who_records_payments_may(doors: httpx.AsyncClient, who: str, status: int) -> None:
    assert (await post(doors, PAYMENT, who=who)).status_code == status
    assert (await send(doors, b"a,b\n1,2\n", who)).status_code == status


async def test_a_file_is_reported_to_the_penny_and_once(doors: httpx.AsyncClient) -> None:
    raw = (SAMPLES / "salford" / "spend-2021-08.csv").read_bytes()
    first = (await send(doors, raw)).json()
    assert first["rows"] == {"read": 1233, "new": 1233, "known": 0, "corrected": 0, "rejected": 0}
    assert first["pence"]["new"] == 4_034_346_795
    again = (await send(doors, raw, file_name="other-name.csv")).json()
    assert again["already_received"]
    assert again["pence"] == first["pence"] | {"new": 0, "known": 4_034_346_795}
    assert again["positions"] == first["positions"]


async def test_a_register_under_a_spend_files_name_is_refused_with_what_it_is(doors: httpx.AsyncClient) -> None:
    raw = (SAMPLES / "salford" / "contracts-register-2022-07.csv").read_bytes()
    answer = await send(doors, raw, file_name="spend-2022-07.csv")
    assert answer.status_code == 422
    assert error(answer)["message"] == "This is a contract register, not a spend file."
    assert error(answer)["remedy"] == "Import it as a register."


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00" * 100, b"\xff\xfe\x00", b"PK\x03\x04", b"{}", b"Date,Amount,Supplier Name\n", b",,,\n,,,\n",
        b"Date,Amount,Supplier Name\n2021-04-01,1.00,\"open", b"Date,Amount,Supplier Name\n" + b"9" * 200_000,
        b"Date,Date,Amount,Supplier Name\n2021-04-01,,1,A\n", b"\xef\xbb\xbf", b"\r\r\r", b"Date;Amount;Supplier Name\r1;2;3",
    ],
)  # fmt: skip
async def test_no_bytes_are_answered_with_a_failure_of_ours(doors: httpx.AsyncClient, raw: bytes) -> None:
    answer = await send(doors, raw)
    assert answer.status_code in {200, 422}
