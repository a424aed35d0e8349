"""A payee whom a person withholds: a fact, kept once, taken back by another, and no judgement changes."""

import asyncpg
import httpx

from schemas.spend import PayeeWithholdingDecided
from tests.callers import bearer
from tests.integration.spend.test_doors import error
from tests.integration.spend.test_links import paid, payee, said
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
WITHHELD = {"decision": "withheld", "reason": "A foster carer, paid under her own name"}
WITHDRAWN = {"decision": "withdrawn", "reason": "A firm of that name"}


async def decide(
    doors: httpx.AsyncClient, payee_id: str, sent: object, key: str, who: str = "ledger"
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": key}
    return await doors.post(f"/payees/{payee_id}/withholding", json=sent, headers=headers)


async def test_it_is_a_fact_that_another_takes_back(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    await paid(doors, "Grace Hopper")
    who = await payee(spend_pool)
    before = await spend_pool.fetchrow("SELECT * FROM spend.payment")
    first = await decide(doors, who, WITHHELD, "w1")
    assert (first.status_code, first.json()["new"]) == (200, 1)
    assert (await decide(doors, who, WITHHELD, "w1")).json() == first.json(), "the same key answers the same"
    assert (await decide(doors, who, WITHHELD, "w2")).json()["new"] == 0, "it is withheld already"
    assert await spend_pool.fetchval("SELECT kept_back FROM spend.payee")
    assert (await decide(doors, who, WITHDRAWN, "w3")).json()["new"] == 1
    assert not await spend_pool.fetchval("SELECT kept_back FROM spend.payee")
    assert await said(spend_pool) == [
        PayeeWithholdingDecided(payee_id=who, decision="withheld", reason=WITHHELD["reason"]),
        PayeeWithholdingDecided(payee_id=who, decision="withdrawn", reason=WITHDRAWN["reason"]),
    ]
    assert await spend_pool.fetchrow("SELECT * FROM spend.payment") == before
    await paid(doors, "Grace Hopper", key="p2", document_number="D-2")
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.payee") == 1


async def test_what_cannot_be_is_refused_and_nothing_is_kept(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await paid(doors, "Grace Hopper")
    who = await payee(spend_pool)
    answers = [
        await decide(doors, "nobody", WITHHELD, "n1"),
        await decide(doors, who, WITHDRAWN, "n2"),
        await decide(doors, who, {"decision": "withheld"}, "n3"),
        await decide(doors, who, WITHHELD, "n4", who="nobody"),
    ]
    assert [each.status_code for each in answers] == [404, 422, 422, 401]
    assert error(answers[1])["code"] == "nothing-decided"
    assert all("Hopper" not in each.text for each in answers)
    assert await said(spend_pool) == []
