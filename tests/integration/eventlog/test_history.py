"""What the pure fold says is what stands in the table, however the facts came."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventlog.digest import digest
from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from localpound.stack.testing import Servers
from schemas.spend import PaymentMatched, PaymentRecorded
from tests.builders import DEVON, NOON, SALFORD, payment_matched, payment_recorded
from tests.integration.eventlog.spine import PaymentRow, project

COLUMNS = (
    "organisation, payment_id, supplier_name, net_pence, contract_id, candidates, stream, known_from, known_to::text"
)


def read_model(*, own_stream: bool) -> HistoryProjection:
    table = Table(
        name="payment",
        row=PaymentRow,
        key="payment_id",
        facts=(PaymentRecorded, PaymentMatched),
        key_of=lambda fact: fact.payment_id,
        project=project,
        indexes=("contract_id", ("supplier_name", "net_pence")),
        own_stream=own_stream,
    )
    return HistoryProjection(name="h", version=1, topics=("spend.events",), tables=(table,))


def recorded(given_: list[tuple[bool, int, int, int]]) -> list[Recorded]:
    """Facts of two organisations' payments; each stream's versions count up from 1."""
    versions: dict[tuple[str, str], int] = {}
    found = []
    for index, (devon, payment, contract, seconds) in enumerate(given_):
        organisation, payment_id = DEVON if devon else SALFORD, f"P{payment}"
        version = versions[organisation, payment_id] = versions.get((organisation, payment_id), 0) + 1
        fact: Any = (
            payment_recorded(payment_id=payment_id, net_pence=contract)
            if version == 1
            else payment_matched(payment_id=payment_id, contract_id=f"C{contract}")
        )
        at = NOON + timedelta(seconds=seconds)
        stream = f"payment/{payment_id}"
        found.append(Recorded(organisation, "spend", index, stream, version, f"e{index}", "t", at, at, fact, b""))
    return found


@pytest.fixture
async def conn(running: Servers) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(running.url("reporting", "reporting"))
    for schema in ("h_1", "h_2"):
        await connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
    yield connection
    for schema in ("h_1", "h_2"):
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await connection.close()


async def build(
    conn: asyncpg.Connection, schema: str, model: HistoryProjection, batches: list[list[Recorded]]
) -> tuple[list[asyncpg.Record], str]:
    await model.create(conn, schema)
    await conn.execute(f"TRUNCATE {schema}.payment")
    for batch in batches:
        async with conn.transaction():
            await model.apply(conn, schema, batch)
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM {schema}.payment ORDER BY 1, 2, known_from")
    return rows, await digest(conn, f"{schema}.payment")


facts = st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 4), st.integers(0, 5)), max_size=40).map(
    recorded
)


@given(facts=facts, sizes=st.lists(st.integers(1, 9), max_size=12), own_stream=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_split_into_batches_makes_the_same_table(
    conn: asyncpg.Connection, facts: list[Recorded], sizes: list[int], own_stream: bool
) -> None:
    whole = await build(conn, "h_1", read_model(own_stream=own_stream), [facts])
    batches, rest = [], facts
    for size in sizes:
        batches.append(rest[:size])
        rest = rest[size:]
    split = await build(conn, "h_2", read_model(own_stream=own_stream), [*batches, rest])
    assert split == whole
    current = [row for row in whole[0] if row["known_to"] == "infinity"]
    keys = {(r.organisation, r.stream) for r in facts}
    assert {(row["organisation"], row["stream"]) for row in current} == keys
    assert len(current) == len(keys)


async def test_a_table_tells_what_was_known_at_a_time(conn: asyncpg.Connection) -> None:
    model = read_model(own_stream=True)
    given_ = [(False, 1, 70, 0), (False, 1, 5, 10), (False, 1, 6, 20)]
    await build(conn, "h_1", model, [recorded(given_)])
    await model.finish(conn, "h_1")
    as_known_at = "SELECT net_pence, contract_id FROM h_1.payment WHERE known_from <= $1 AND $1 < known_to"
    answers = [
        [tuple(row) for row in await conn.fetch(as_known_at, NOON + timedelta(seconds=at))] for at in (-1, 0, 15, 99)
    ]
    assert answers == [[], [(70, None)], [(70, "C5")], [(70, "C6")]]


async def test_a_digest_sees_every_column_and_no_order_of_writing(conn: asyncpg.Connection) -> None:
    model = read_model(own_stream=True)
    one = recorded([(False, 1, 70, 0), (False, 2, 80, 0), (True, 1, 5, 3)])
    _, first = await build(conn, "h_1", model, [one])
    _, second = await build(conn, "h_2", model, [[fact] for fact in reversed(one)])
    assert first == second
    assert first == await digest(conn, "h_1.payment")
    for change in ("net_pence = 71", "known_from = known_from - interval '1 microsecond'", "candidates = '{x}'"):
        async with conn.transaction():
            await conn.execute(f"UPDATE h_2.payment SET {change} WHERE net_pence = 70")
            assert await digest(conn, "h_2.payment") != first
            await conn.execute("UPDATE h_2.payment SET net_pence = 70 WHERE net_pence = 71")
            await conn.execute("TRUNCATE h_2.payment")
        _, second = await build(conn, "h_2", model, [one])
        assert second == first
    assert await digest(conn, "h_2.payment", without=("known_from",)) != first
