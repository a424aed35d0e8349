"""The ledger's supplier master gives a name its company number: strong evidence, whichever comes first, until restated."""

from itertools import permutations
from typing import Any

import asyncpg
import httpx
import pytest

from eventlog.store import EventLog
from schemas.spend import SupplierMatched, SupplierUnmatched
from services.spend.judgement.judging import KnownContracts
from tests.builders import SALFORD
from tests.integration.spend.test_doors import PAYMENT
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_links import NAME, REGISTER, SUPPLIER, contract, payee
from tests.integration.spend.test_masters import said, send
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
PAID_AS = "NPG Leisure"
MASTER = {"supplier_code": "7", "name": NAME, "trading_name": PAID_AS, "company_number": "01234567"}
ARRIVALS: dict[str, Any] = {"register": REGISTER, "master": MASTER, "payment": PAYMENT | {"supplier_name": PAID_AS}}


async def arrive(doors: httpx.AsyncClient, pool: asyncpg.Pool, what: str) -> None:
    if what != "register":
        answer = await send(doors, "/suppliers" if what == "master" else "/payments", ARRIVALS[what], key=what)
        assert answer.is_success, answer.text
        return
    log = EventLog("spend", pool)
    await log.log_id(SALFORD)
    async with pool.acquire() as conn, conn.transaction():
        batch = [recorded(index, fact) for index, fact in enumerate(REGISTER)]
        await KnownContracts(log).apply(conn, "unused", batch)


@pytest.mark.parametrize("order", list(permutations(ARRIVALS)))
async def test_in_whatever_order_they_come(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, order: tuple[str, ...]
) -> None:
    for what in order:
        await arrive(doors, spend_pool, what)
    assert await contract(spend_pool) == ("on_contract", "C1", SUPPLIER)
    (last,) = [f for f in await said(spend_pool, f"payee/{await payee(spend_pool)}") if isinstance(f, SupplierMatched)]
    assert (last.supplier_id, last.basis) == (SUPPLIER, "supplier_master")


async def test_what_the_master_says_no_more_is_taken_back(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    for what in ARRIVALS:
        await arrive(doors, spend_pool, what)
    again = await send(doors, "/suppliers", MASTER | {"trading_name": "Another name"}, key="again")
    assert again.is_success
    assert await contract(spend_pool) == ("no_contract", None, None)
    assert isinstance((await said(spend_pool, f"payee/{await payee(spend_pool)}"))[-1], SupplierUnmatched)


async def test_two_numbers_for_one_name_say_nothing(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    for what in ARRIVALS:
        await arrive(doors, spend_pool, what)
    other = MASTER | {"supplier_code": "8", "company_number": "07654321"}
    assert (await send(doors, "/suppliers", other, key="other")).is_success
    assert await contract(spend_pool) == ("no_contract", None, None)
