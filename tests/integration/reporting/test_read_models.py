"""From a service's log over Kafka into the read models, and out as the gateway reads them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from doors.parked import parked_router
from doors.problems import answer_problems
from eventlog.credentials import Credential
from eventlog.projections import Runtime
from eventlog.service import _add_errors
from gateway import reads
from gateway.policy import Viewer
from localpound.stack.testing import Servers
from services.reporting.__main__ import READER
from services.reporting.doors import read_model_router
from services.reporting.read_models.audit_trail import AuditTrail
from services.reporting.read_models.compliance import compliance
from services.reporting.read_models.contract_register import contract_register
from services.reporting.read_models.ledger import ledger
from services.reporting.read_models.supplier_spend import supplier_spend
from services.reporting.read_models.suppliers_described import suppliers_described
from tests.builders import SALFORD, actor, cause, draft
from tests.integration.eventlog.spine import Running, until
from tests.integration.gateway_graphql.story import paid, scoped, unmatched

OFFICER = Viewer(account="person/officer", organisation=SALFORD, roles=frozenset({"reader"}))
COUNT = 300


class Trail(AuditTrail):
    """The audit trail of a test's own topic."""

    def __init__(self, topic: str) -> None:
        self.topics = (topic,)  # type: ignore[assignment]


async def record(spine: Running, first: int, count: int) -> None:
    """Payments P<first>…, each recorded, scoped and judged, £1,000 and as many pence as their number."""
    drafts = []
    for n in range(first, first + count):
        stream, name = f"payment/P{n}", f"P{n}"
        facts = (paid(name, 100_000 + n), scoped(name), unmatched(name))
        drafts += [draft(stream, version, fact) for version, fact in enumerate(facts, 1)]
    async with spine.log.pool.acquire() as conn, conn.transaction():
        last = await spine.log.record(SALFORD, drafts, actor=actor(), cause=cause(), conn=conn)
    spine.log.appended.ring()
    assert await spine.log.positions(last, timeout=20)


@pytest.fixture
async def runtime(spine: Running) -> Runtime:
    """The read models of spend's facts, running."""
    spine.relay()
    models: Any = (
        replace(compliance, topics=(spine.topic,)),
        replace(supplier_spend, topics=(spine.topic,)),
        replace(contract_register, topics=(spine.topic,)),
        replace(suppliers_described, topics=(spine.topic,)),
        replace(ledger, topics=(spine.topic,)),
        Trail(spine.topic),
    )
    runtime = spine.runtime(*models, reader=READER)
    spine.start(runtime.run())
    return runtime


@pytest.fixture
async def reader(running: Servers, runtime: Runtime) -> AsyncIterator[asyncpg.Pool]:
    """The gateway's connections."""
    async with asyncpg.create_pool(running.url("gateway_reader", "reporting"), min_size=1, max_size=4) as pool:
        yield pool


async def total(reader: asyncpg.Pool) -> reads.Totals:
    """What the gateway adds up; nothing while there is no view yet."""
    try:
        return await reads.payment_totals(reader, OFFICER, reads.PaymentFilter(organisation=SALFORD))
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.InsufficientPrivilegeError):
        return reads.Totals(count=-1, net_pence=0)


async def test_every_payment_arrives_once_with_its_last_answer_and_all_its_events(
    spine: Running, reader: asyncpg.Pool
) -> None:
    await record(spine, 0, COUNT)
    expected = reads.Totals(count=COUNT, net_pence=COUNT * 100_000 + COUNT * (COUNT - 1) // 2)

    async def arrived() -> bool:
        return await total(reader) == expected

    await until(arrived)
    payment = await reads.payment(reader, OFFICER, SALFORD, "P7")
    assert payment is not None
    assert (payment.net_pence, payment.scope, payment.answer) == (100_007, "contract_spend", "no_contract")

    async def told() -> bool:
        return bool(await reader.fetchval("SELECT count(*) = $1 FROM live.event", 3 * COUNT))

    await until(told)
    page = await reads.evidence(reader, SALFORD, reads.evidence_of_payment(payment))
    assert [(event.position, event.version) for event in page.items] == [
        ("GB-LAE-SLF/spend/21", 1), ("GB-LAE-SLF/spend/22", 2), ("GB-LAE-SLF/spend/23", 3),
    ]  # fmt: skip
    stored = await reads.event(reader, OFFICER, page.items[0].event_id)
    ((_, envelope),) = await spine.log.read(SALFORD, 21, 1)
    assert stored is not None
    assert stored.envelope == envelope


async def test_a_rebuild_beside_new_payments_is_equal_and_answers_never_fail(
    spine: Running, runtime: Runtime, reader: asyncpg.Pool
) -> None:
    await record(spine, 0, COUNT)

    async def arrived() -> bool:
        return (await total(reader)).count == COUNT

    await until(arrived)
    seen: list[int] = []

    async def watch() -> None:
        while True:
            seen.append((await total(reader)).count)
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    writing = asyncio.create_task(record(spine, COUNT, COUNT))
    for name in ("compliance", "audit_trail"):
        done = await asyncio.wait_for(runtime.rebuild(name), 60)
        assert done.comparable, name
        assert done.digests == done.replaced_digests
    await writing
    watching.cancel()
    assert min(seen) >= COUNT
    assert seen == sorted(seen)


class Operator:
    """Every token is an operator's, but for one."""

    async def verify(self, token: str) -> Credential:
        return Credential("person/o", "o", "localpound", frozenset({token}))


async def test_the_doors_are_for_operators_and_know_the_read_models(runtime: Runtime, reader: asyncpg.Pool) -> None:
    async def begun() -> bool:
        return bool(await reader.fetchval("SELECT count(*) = 6 FROM projection.generation WHERE state = 'live'"))

    await until(begun)
    app = FastAPI()
    app.state.verifier = Operator()
    names = frozenset(
        {"compliance", "contract_register", "supplier_spend", "suppliers_described", "ledger", "audit_trail"}
    )
    app.include_router(read_model_router(runtime, names))
    app.include_router(parked_router(runtime))
    _add_errors(app)
    answer_problems(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://reporting") as door:
        for path in ("/read-models", "/read-models/compliance/digest", "/parked"):
            assert (await door.get(path)).status_code == 401
            assert (await door.get(path, headers={"authorization": "Bearer reader"})).status_code == 403
        door.headers["authorization"] = "Bearer operator"
        told = (await door.get("/read-models")).json()["read_models"]
        assert [each["name"] for each in told] == sorted(names)
        assert {each["state"] for each in told} == {"live"}
        assert (await door.get("/parked")).json() == {"parked": []}
        digests = (await door.get("/read-models/compliance/digest")).json()["digests"]
        rebuilt = (await door.post("/read-models/compliance/rebuild", timeout=60)).json()
        assert (rebuilt["digests"], rebuilt["equal"]) == (digests, True)
        missing = await door.post("/read-models/nothing/rebuild")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "no-such-read-model")
