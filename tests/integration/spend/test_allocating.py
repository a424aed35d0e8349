"""Which contract bears a payment, as a person decided: whole or in shares, kept beside the judgement, taken back exactly."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
import pytest

from eventlog.store import EventLog
from schemas.spend import PaymentAllocated
from services.spend.decisions.allocating import NoSuchContract, NotTheWhole, Share, shares_of
from services.spend.decisions.decision_input import ShareInput
from services.spend.judgement.judging import KnownContracts
from tests.callers import bearer
from tests.integration.gateway_graphql.story import contract
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_masters import said
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]


async def register(pool: asyncpg.Pool, *contracts: str) -> None:
    async with pool.acquire() as conn, conn.transaction():
        facts = [recorded(place, contract(contract_id=each)) for place, each in enumerate(contracts)]
        await KnownContracts(EventLog("spend", pool)).apply(conn, "unused", facts)


async def payment(doors: httpx.AsyncClient, net: str = "950.00") -> str:
    (found,) = (await post(doors, PAYMENT | {"net": net}, key=f"k-{net}")).json()["payment_ids"]
    return str(found)


async def allocate(
    doors: httpx.AsyncClient, payment: str, shares: Sequence[dict[str, Any]] | None, reason: str = "The invoice says so"
) -> httpx.Response:
    sent = {"shares": shares, "reason": reason}
    headers = bearer("asha") | {"Idempotency-Key": sha256(f"{payment} {sent}".encode()).hexdigest()}
    return await doors.post(f"/payments/{payment}/allocation", json=sent, headers=headers)


def told(facts: Sequence[Any]) -> list[tuple[str, str, int, int]]:
    return [
        (fact.contract_id, fact.decision, fact.place, fact.share_pence)
        for fact in facts
        if isinstance(fact, PaymentAllocated)
    ]


async def test_one_contract_bears_it_whole_then_two_in_shares_then_nobody_decides(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await register(spend_pool, "C1", "C2")
    one = await payment(doors)
    assert (await allocate(doors, one, [{"contract_id": "C1"}])).json()["new"] == 1
    assert (await allocate(doors, one, [{"contract_id": "C1"}], "Once more")).json()["new"] == 0
    parts = [{"contract_id": "C1", "net": "350.00"}, {"contract_id": "C2", "net": "600.00"}]
    assert (await allocate(doors, one, parts)).status_code == 200
    assert (await allocate(doors, one, [{"contract_id": "C2", "net": "950.00"}])).status_code == 200
    assert (await allocate(doors, one, None)).status_code == 200
    assert error(await allocate(doors, one, None, "Again"))["code"] == "nothing-decided"
    assert told(await said(spend_pool, f"payment/{one}")) == [
        ("C1", "decided", 1, 95_000),
        ("C2", "decided", 1, 60_000), ("C1", "decided", 2, 35_000),
        ("C1", "withdrawn", 1, 35_000), ("C2", "decided", 1, 95_000),
        ("C2", "withdrawn", 1, 95_000),
    ]  # fmt: skip
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.allocation") == 0


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([{"contract_id": "C9"}], "no-such-contract"),
        ([{"contract_id": "C1", "net": "1.00"}, {"contract_id": "C1", "net": "949.00"}], "no-such-contract"),
        ([{"contract_id": "C1", "net": "949.99"}], "not-the-whole"),
        ([{"contract_id": "C1", "net": "1000.00"}, {"contract_id": "C2", "net": "-50.00"}], "not-the-whole"),
        ([{"contract_id": "C1", "net": "950.00"}, {"contract_id": "C2"}], "not-the-whole"),
        ([], "not-valid"),
        ([{"contract_id": "C1", "pounds": "950.00"}], "unknown-field"),
    ],
)
async def test_shares_that_are_not_the_whole_change_nothing(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, shares: list[dict[str, Any]], code: str
) -> None:
    await register(spend_pool, "C1", "C2")
    one = await payment(doors)
    refused = await allocate(doors, one, shares)
    assert (refused.status_code, error(refused)["code"]) == (422, code)
    assert told(await said(spend_pool, f"payment/{one}")) == []


async def test_a_payment_that_is_not_on_record_has_no_contract(doors: httpx.AsyncClient) -> None:
    assert (await allocate(doors, "nothing", [{"contract_id": "C1"}])).status_code == 404


async def each(doors: httpx.AsyncClient, **contracts: Sequence[dict[str, Any]]) -> httpx.Response:
    sent = {
        "payments": [{"payment_id": payment.strip("_"), "shares": shares} for payment, shares in contracts.items()],
        "reason": "Named by the contract managers",
    }
    headers = bearer("asha") | {"Idempotency-Key": sha256(str(sent).encode()).hexdigest()}
    return await doors.post("/allocations", json=sent, headers=headers)


async def test_many_payments_are_decided_at_once_all_or_none(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await register(spend_pool, "C1", "C2")
    one, other = await payment(doors), await payment(doors, "100.00")
    parts = [{"contract_id": "C1", "net": "40.00"}, {"contract_id": "C2", "net": "60.00"}]
    for code, wrong in (
        ("no-such-contract", {other: [{"contract_id": "C9"}]}),
        ("not-the-whole", {other: parts[:1]}),
        ("not-the-whole", {f"_{one}_": [{"contract_id": "C2"}]}),  # the same payment again
    ):
        refused = await each(doors, **{one: [{"contract_id": "C1"}]}, **wrong)
        assert (refused.status_code, error(refused)["code"]) == (422, code)
        assert other in refused.text or "twice" in refused.text
    assert (await each(doors, **{one: [{"contract_id": "C1"}], "nothing": parts})).status_code == 404
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.allocation") == 0
    assert (await each(doors, **{one: [{"contract_id": "C1"}], other: parts})).json()["new"] == 2
    assert (await each(doors, **{one: [{"contract_id": "C2"}], other: parts})).json()["new"] == 1, "one was so already"
    assert told(await said(spend_pool, f"payment/{other}")) == [
        ("C2", "decided", 1, 6_000), ("C1", "decided", 2, 4_000),
    ]  # fmt: skip
    assert told(await said(spend_pool, f"payment/{one}"))[-1] == ("C2", "decided", 1, 95_000)


@pytest.mark.parametrize(
    ("net", "wanted", "found"),
    [
        (100, [("C1", None)], [("C1", 100)]),
        (-100, [("C1", None)], [("C1", -100)]),
        (100, [("C1", 40), ("C2", 60)], [("C2", 60), ("C1", 40)]),
        (100, [("C2", 50), ("C1", 50)], [("C1", 50), ("C2", 50)]),
        (-100, [("C1", -1), ("C2", -99)], [("C2", -99), ("C1", -1)]),
        (100, [("C1", 101), ("C2", -1)], NotTheWhole),
        (100, [("C1", 100), ("C2", 0)], NotTheWhole),
        (0, [("C1", None)], NotTheWhole),
        (100, [("C1", 50), ("C1", 50)], NoSuchContract),
    ],
)
def test_shares_by_hand(net: int, wanted: list[tuple[str, int | None]], found: Any) -> None:
    asked = [ShareInput.model_construct(contract_id=contract, net=pence) for contract, pence in wanted]
    if isinstance(found, type):
        with pytest.raises(found):
            shares_of(asked, net, "P")
    else:
        assert shares_of(asked, net, "P") == [Share(contract, pence) for contract, pence in found]
