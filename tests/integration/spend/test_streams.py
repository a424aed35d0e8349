"""A stream of payments: line by line, all or nothing, never twice, in little memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from localpound.stack.testing import Servers
from services.spend.__main__ import make_app
from services.spend.feeds import streams
from services.spend.settings import SpendSettings
from tests.callers import bearer, serving
from tests.integration.spend.test_doors import CALLERS, PAYMENT, error


@pytest.fixture
async def doors(running: Servers, spend_pool: asyncpg.Pool) -> AsyncIterator[httpx.AsyncClient]:
    """The service's doors on an empty log, with its sequencer running."""
    settings = SpendSettings(
        database_url=running.url("spend", "spend"), kafka_servers="nowhere:1", http_host="127.0.0.1", http_port=1,
        token_keys_url="http://nowhere", role="sequencer",
    )  # fmt: skip
    async with serving(make_app(settings), CALLERS) as client:
        yield client


def lines(*payments: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(payment).encode() + b"\n" for payment in payments)


async def stream(
    doors: httpx.AsyncClient, content: Any, *, key: str = "k1", media: str = "application/x-ndjson"
) -> httpx.Response:
    headers = bearer("ledger") | {"Idempotency-Key": key, "Content-Type": media}
    return await doors.post("/payments", content=content, headers=headers, timeout=300)


def numbered(count: int) -> list[dict[str, Any]]:
    return [PAYMENT | {"net": f"{number}.00", "purchase_order": f"PO-{number % 7}"} for number in range(1, count + 1)]


async def settled(doors: httpx.AsyncClient, answer: httpx.Response) -> dict[str, Any]:
    """A receipt whose positions are settled."""
    found: dict[str, Any] = answer.json()
    while found["positions"] is None:
        await asyncio.sleep(0.05)
        found = (await doors.get(f"/receipts/{found['receipt_id']}", headers=bearer("ledger"))).json()
    return found


async def test_a_stream_records_what_the_same_payments_as_json_do(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PART", 3)
    sent = [PAYMENT, *numbered(8), PAYMENT]
    answer = await stream(doors, lines(*sent), media="application/x-ndjson; charset=utf-8")
    found = await settled(doors, answer)
    assert (found["payments"], found["new"], found["known"]) == (10, 10, 0)
    assert found["runs"] == [
        {"first": f"GB-LAE-SLF/spend/{first}", "last": f"GB-LAE-SLF/spend/{last}"}
        for first, last in ((0, 8), (9, 17), (18, 26), (27, 29))
    ]
    assert len(found["positions"]) == 30
    as_json = await doors.post("/payments", json=sent, headers=bearer("ledger") | {"Idempotency-Key": "k2"})
    assert (as_json.json()["new"], as_json.json()["known"]) == (0, 10)
    assert as_json.json()["payment_ids"] == found["payment_ids"]
    ids = await spend_pool.fetch("SELECT convert_from(envelope, 'UTF8')::json ->> 'id' FROM eventlog.event")
    assert len({row[0] for row in ids}) == 30


async def test_a_stream_is_recorded_once_under_its_key(doors: httpx.AsyncClient) -> None:
    first = await settled(doors, await stream(doors, lines(*numbered(3))))
    assert (await stream(doors, lines(*numbered(3)))).json() == first
    other = await stream(doors, lines(*numbered(4)))
    assert (other.status_code, error(other)["code"]) == (422, "idempotency-key-used")


async def test_every_payment_of_a_receipt_is_told_line_by_line(doors: httpx.AsyncClient) -> None:
    await stream(doors, lines(*numbered(2)))
    receipt = (await stream(doors, lines(*numbered(3)), key="k2")).json()
    path = f"/receipts/{receipt['receipt_id']}/payments"
    told = [json.loads(line) for line in (await doors.get(path, headers=bearer("ledger"))).text.splitlines()]
    assert [each["new"] for each in told] == [False, False, True]
    assert [each["payment_id"] for each in told] == receipt["payment_ids"]
    assert (await doors.get(path, headers=bearer("devon"))).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code", "line", "field"),
    [
        (lines(PAYMENT, PAYMENT | {"net": 950}), 422, "not-valid", 2, "net"),
        (lines(PAYMENT) + b"\r\n\n" + lines(PAYMENT | {"paid": "x"}), 422, "unknown-field", 4, "paid"),
        (lines(PAYMENT) + b'{"net": 1.5}\n', 400, "not-a-whole-number", 2, None),
        (lines(PAYMENT) + b'{"net"', 400, "not-json", 2, None),
        (lines(PAYMENT) + b"\xff\n", 400, "not-json", 2, None),
        (json.dumps([PAYMENT]).encode(), 422, "not-valid", 1, None),
        (lines(PAYMENT) + b'{"a":"' + b"x" * 70_000 + b'"}', 413, "too-large", 2, None),
        (b"", 422, "empty", None, None),
        (b"\n\n", 422, "empty", None, None),
    ],
)
async def test_a_line_that_cannot_be_is_named_and_nothing_is_recorded(
    doors: httpx.AsyncClient,
    spend_pool: asyncpg.Pool,
    content: bytes,
    status: int,
    code: str,
    line: int | None,
    field: str | None,
) -> None:
    answer = await stream(doors, content)
    found = error(answer)
    assert (answer.status_code, found["code"], found.get("line"), found.get("field")) == (status, code, line, field)
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.event") == 0
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.payment") == 0
    assert (await stream(doors, lines(PAYMENT))).status_code == 200


async def test_the_limits_are_what_the_document_says(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMED", 3)
    many = await stream(doors, lines(*numbered(4)))
    assert (many.status_code, error(many)["code"]) == (413, "too-many")
    monkeypatch.setattr(streams, "LARGEST_STREAM", 200)
    large = await stream(doors, lines(*numbered(3)))
    assert (large.status_code, error(large)["code"]) == (413, "too-large")
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.event") == 0


async def test_a_stream_that_breaks_off_in_a_later_part_leaves_nothing(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database goes away half way: what an earlier part wrote is gone with it."""
    monkeypatch.setattr(streams, "PART", 2)
    taken = streams.take
    parts = 0

    async def breaks(entry: Any, decided: Any) -> None:
        nonlocal parts
        parts += 1
        if parts == 3:
            raise ConnectionError
        await taken(entry, decided)

    monkeypatch.setattr(streams, "take", breaks)
    assert (await stream(doors, lines(*numbered(6)))).status_code == 503
    assert parts == 3
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.event") == 0
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.receipt") == 0
    monkeypatch.setattr(streams, "take", taken)
    assert (await stream(doors, lines(*numbered(6)))).json()["new"] == 6


async def test_a_slow_sender_holds_up_nobody(doors: httpx.AsyncClient) -> None:
    waits = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield lines(PAYMENT)
        await waits.wait()
        yield lines(*numbered(1))

    slow = asyncio.create_task(stream(doors, slowly()))
    quick = await asyncio.wait_for(stream(doors, lines(*numbered(2)), key="k2"), 10)
    assert quick.json()["new"] == 2
    waits.set()
    assert (await slow).json()["new"] == 1


async def test_memory_does_not_grow_with_the_stream(doors: httpx.AsyncClient) -> None:
    own = psutil.Process()

    async def sent(count: int) -> AsyncIterator[bytes]:
        for number in range(count):
            yield json.dumps(PAYMENT | {"net": f"{number}.01", "purpose": "x" * 1_500}).encode() + b"\n"

    async def growth(count: int, key: str) -> int:
        before, most = own.memory_info().rss, 0
        task = asyncio.create_task(stream(doors, sent(count), key=key))
        while not task.done():
            most = max(most, own.memory_info().rss)
            await asyncio.sleep(0.02)
        assert task.result().json()["payments"] == count
        return most - before

    await growth(4_000, "k1")  # what is kept from now on: parsers, pools
    assert await growth(20_000, "k2") < 60 * 2**20  # of 33 MB of body, and 50 MB of facts
