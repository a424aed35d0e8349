"""What a person decides of a payment against the rules stands, whatever comes later, until it is taken back."""

from pathlib import Path
from typing import Any

import asyncpg
import httpx

from eventlog.codec import Codec, facts_in
from eventlog.store import EventLog
from schemas import spend
from schemas.fact import Fact
from schemas.spend import (
    PaymentCategoryDecided,
    PaymentCorrected,
    PaymentMatched,
    PaymentRecorded,
    PaymentScoped,
    PaymentScopeDecided,
    PaymentUnmatched,
)
from services.spend.judgement.category import RULES_DATED as CATEGORIES_DATED
from services.spend.judgement.scope import RULES_DATED
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_links import NAME, contract, registered
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]


async def paid(doors: httpx.AsyncClient, **changes: Any) -> str:
    answer = await post(doors, PAYMENT | {"supplier_name": NAME} | changes, key="p1")
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["payment_ids"][0]
    return found


async def decide(doors: httpx.AsyncClient, path: str, key: str, **sent: Any) -> httpx.Response:
    headers = bearer("ledger") | {"Idempotency-Key": key}
    return await doors.post(f"/payments/{path}", json={"reason": "Seen on the agreement"} | sent, headers=headers)


async def said(pool: asyncpg.Pool, payment: str) -> list[Fact]:
    codec = Codec(*facts_in(spend))
    return [codec.decode(each) for each in await EventLog("spend", pool).load(SALFORD, f"payment/{payment}")]


async def test_a_scope_that_a_person_decides_goes_before_the_rules_and_is_exactly_taken_back(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    payment = await paid(doors, purpose="Computer Maintenance")
    before = await contract(spend_pool)
    assert before[0] == "on_contract"
    assert (await decide(doors, f"{payment}/scope", "d1", scope="grant")).json()["new"] == 1
    assert await contract(spend_pool) == (None, None, None)
    again = await decide(doors, f"{payment}/scope", "d2", scope="grant")
    assert (again.json()["new"], again.json()["positions"]) == (0, [])
    assert (await decide(doors, f"{payment}/scope", "d3", scope=None)).status_code == 200
    assert await contract(spend_pool) == before
    recorded, placed, matched, *decided = await said(spend_pool, payment)
    assert isinstance(recorded, PaymentRecorded)
    assert isinstance(matched, PaymentMatched)
    assert placed == PaymentScoped(
        payment_id=payment, scope="contract_spend", rule="nothing else applies", rules_dated=RULES_DATED,
        category_code="270000", category_rule="account is computers, software or telephones", category_confidence="high",
        category_rules_dated=CATEGORIES_DATED,
    )  # fmt: skip
    because = {"payment_id": payment, "scope": "grant", "reason": "Seen on the agreement"}
    assert decided == [
        PaymentScopeDecided(decision="decided", **because),  # type: ignore[arg-type]
        PaymentScoped(payment_id=payment, scope="grant", rule="a person decided", rules_dated=RULES_DATED),
        PaymentScopeDecided(decision="withdrawn", **because),  # type: ignore[arg-type]
        placed,
        matched,
    ]


async def test_what_was_none_becomes_contract_spend_and_is_judged(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    payment = await paid(doors, purpose="Grants")
    assert await contract(spend_pool) == (None, None, None)
    await decide(doors, f"{payment}/scope", "d1", scope="contract_spend")
    assert isinstance((await said(spend_pool, payment))[-1], PaymentUnmatched)
    await registered(spend_pool)  # and is judged again like any other when the register comes
    assert (await contract(spend_pool))[:2] == ("on_contract", "C1")
    await decide(doors, f"{payment}/scope", "d2", scope=None)
    assert await contract(spend_pool) == (None, None, None)


async def test_a_file_that_states_the_payment_otherwise_leaves_what_a_person_decided(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, tmp_path: Path
) -> None:
    header = "Date of Payment,DocumentNo,Gross,VAT,Net,Vendor Name,Service Area,GL Description\n"
    rows = [f"2022-04-0{n},D{n},{n}00.00,0,{n}00.00,Acme Ltd,Place,Materials\n" for n in range(1, 6)]

    async def publish(rows: list[str]) -> None:
        answer = await doors.post(
            "/spend-files", params={"file_name": "april.csv"}, content=(header + "".join(rows)).encode(),
            headers=bearer("ledger"),
        )  # fmt: skip
        assert answer.status_code == 200, answer.text

    await publish(rows)
    payment = await spend_pool.fetchval("SELECT payment_id FROM spend.payment WHERE document_number = 'D1'")
    await decide(doors, f"{payment}/scope", "d1", scope="rent")
    await publish([rows[0].replace("100.00", "111.00"), *rows[1:]])
    facts = await said(spend_pool, payment)
    assert any(isinstance(fact, PaymentCorrected) and fact.net_pence == 11_100 for fact in facts)
    assert isinstance(facts[-1], PaymentScoped)
    assert (facts[-1].scope, facts[-1].rule) == ("rent", "a person decided")


async def test_a_category_is_decided_and_taken_back(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    payment = await paid(doors)
    assert (await decide(doors, f"{payment}/category", "c1", category_code="390000")).json()["new"] == 1
    assert (await decide(doors, f"{payment}/category", "c2", category_code="390000")).json()["new"] == 0
    assert (await decide(doors, f"{payment}/category", "c3", category_code=None)).json()["new"] == 1
    because = {"payment_id": payment, "category_code": "390000", "reason": "Seen on the agreement"}
    assert (await said(spend_pool, payment))[-2:] == [
        PaymentCategoryDecided(decision="decided", **because),  # type: ignore[arg-type]
        PaymentCategoryDecided(decision="withdrawn", **because),  # type: ignore[arg-type]
    ]


async def test_what_cannot_be_decided_is_refused_and_nothing_kept(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    payment = await paid(doors)
    refused = [
        (await decide(doors, "nothing/scope", "r1", scope="grant"), 404, "no-such-payment"),
        (await decide(doors, f"{payment}/scope", "r2", scope=None), 422, "nothing-decided"),
        (await decide(doors, f"{payment}/scope", "r3", scope="gift"), 422, "not-valid"),
        (await decide(doors, f"{payment}/category", "r4", category_code="999999"), 422, "no-such-category"),
        (await decide(doors, f"{payment}/category", "r5", category_code=None), 422, "nothing-decided"),
    ]
    for answer, status, code in refused:
        assert (answer.status_code, error(answer)["code"]) == (status, code), answer.text
    assert len(await said(spend_pool, payment)) == 3
