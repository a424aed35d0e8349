"""Who is behind a name: made by evidence, proposed where it is only alike, decided and taken back by a person."""

from datetime import date
from typing import Any

import asyncpg
import httpx
import pytest

from eventlog.codec import Codec, facts_in
from eventlog.store import EventLog
from schemas import spend
from schemas.contracts import ContractAwarded, SupplierStated
from schemas.fact import Fact
from schemas.spend import SupplierLinkDecided, SupplierLinkProposed, SupplierMatched, SupplierUnmatched
from schemas.supplier_names import normalised_name, supplier_id
from services.spend.judgement.judging import KnownContracts
from services.spend.suppliers.matching import RULES_DATED
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
NAME = "Northern Playgrounds Limited"
SUPPLIER = supplier_id("01234567", NAME)
REGISTER: tuple[Fact, ...] = (
    SupplierStated(
        supplier_id=SUPPLIER, name=NAME, normalised_name=normalised_name(NAME), company_number="01234567",
        postcode=None, sme=True, file_id="f", line=2, stated_on=date(2022, 7, 31),
    ),
    ContractAwarded(
        contract_id="C1", reference="C1", title="Swings", description="", supplier_id=SUPPLIER, supplier_name=NAME,
        directorate="", procedure="", starts_on=date(2022, 1, 1), ends_on=date(2023, 12, 31), value_pence=None,
        annual_pence=None, category_code=None, category_label="", extends_contract_id=None, file_id="f", line=3,
        stated_on=date(2022, 7, 31),
    ),
)  # fmt: skip
ACCEPTED = {"supplier_id": SUPPLIER, "decision": "accepted", "reason": "The invoice names the company"}


async def registered(pool: asyncpg.Pool) -> None:
    """The register arrives."""
    log = EventLog("spend", pool)
    await log.log_id(SALFORD)
    async with pool.acquire() as conn, conn.transaction():
        batch = [recorded(index, fact) for index, fact in enumerate(REGISTER)]
        await KnownContracts(log).apply(conn, "unused", batch)


async def paid(doors: httpx.AsyncClient, name: str, key: str = "p1", **changes: Any) -> None:
    answer = await post(doors, PAYMENT | {"supplier_name": name} | changes, key=key)
    assert answer.status_code == 200, answer.text


async def payee(pool: asyncpg.Pool) -> str:
    found: str = await pool.fetchval("SELECT payee_id FROM spend.payee")
    return found


async def said(pool: asyncpg.Pool) -> list[Fact]:
    """The facts of the only payee."""
    codec = Codec(*facts_in(spend))
    return [codec.decode(each) for each in await EventLog("spend", pool).load(SALFORD, f"payee/{await payee(pool)}")]


async def contract(pool: asyncpg.Pool) -> tuple[object, ...]:
    row = await pool.fetchrow("SELECT answer, contract_id, supplier_id FROM spend.payment")
    assert row is not None
    return tuple(row)


async def decide(
    doors: httpx.AsyncClient, payee_id: str, sent: dict[str, Any], key: str, who: str = "ledger"
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": key}
    return await doors.post(f"/payees/{payee_id}/links", json=sent, headers=headers)


@pytest.mark.parametrize("register_first", [True, False])
async def test_a_name_that_says_the_same_otherwise_is_linked_whichever_comes_first(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, register_first: bool
) -> None:
    if register_first:
        await registered(spend_pool)
    await paid(doors, "NORTHERN PLAY-GROUNDS LTD")
    if not register_first:
        await registered(spend_pool)
    assert await said(spend_pool) == [
        SupplierMatched(
            payee_id=await payee(spend_pool), supplier_id=SUPPLIER, supplier_name="NORTHERN PLAY-GROUNDS LTD",
            basis="name_evidence", evidence="the same name and legal form", score=1_000, rules_dated=RULES_DATED,
        )
    ]  # fmt: skip
    assert await contract(spend_pool) == ("on_contract", "C1", SUPPLIER)


async def test_a_name_that_is_only_alike_is_proposed_accepted_and_exactly_taken_back(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    await paid(doors, "Northern Plagrounds Ltd")
    who = await payee(spend_pool)
    before = await contract(spend_pool), await spend_pool.fetchrow("SELECT supplier_id, proposed FROM spend.payee")
    assert before == (("no_contract", None, None), (None, [SUPPLIER]))
    assert (await decide(doors, who, ACCEPTED, "d1")).status_code == 200
    assert await contract(spend_pool) == ("on_contract", "C1", SUPPLIER)
    again = await decide(doors, who, ACCEPTED, "d2")
    assert (again.json()["new"], again.json()["positions"]) == (0, [])
    withdrawn = ACCEPTED | {"decision": "withdrawn", "reason": "The wrong invoice"}
    assert (await decide(doors, who, withdrawn, "d3")).status_code == 200
    after = await contract(spend_pool), await spend_pool.fetchrow("SELECT supplier_id, proposed FROM spend.payee")
    assert after == before
    facts = await said(spend_pool)
    assert [type(fact) for fact in facts] == [
        SupplierLinkProposed, SupplierLinkDecided, SupplierMatched, SupplierLinkProposed,
        SupplierLinkDecided, SupplierUnmatched, SupplierLinkProposed,
    ]  # fmt: skip
    assert facts[0] == facts[-1]
    assert facts[0] == SupplierLinkProposed(
        payee_id=who, supplier_name="Northern Plagrounds Ltd", candidates=(SUPPLIER,),
        evidence=("a letter or two differ",), scores=(945,), rules_dated=RULES_DATED,
    )  # fmt: skip


async def test_what_was_rejected_is_neither_made_nor_proposed(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    await paid(doors, NAME)
    who = await payee(spend_pool)
    rejected = {"supplier_id": SUPPLIER, "decision": "rejected", "reason": "A namesake, not registered"}
    assert (await decide(doors, who, rejected, "d1")).status_code == 200
    assert await contract(spend_pool) == ("no_contract", None, None)
    await registered(spend_pool)
    await paid(doors, NAME, "p2", net="1.00")
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.payment WHERE answer = 'on_contract'") == 0
    assert (await decide(doors, who, rejected | {"decision": "withdrawn"}, "d2")).status_code == 200
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.payment WHERE answer = 'on_contract'") == 2


async def test_two_company_numbers_are_never_one_supplier(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    await registered(spend_pool)
    await paid(doors, "Northern Play-grounds Ltd", company_number="07654321")
    assert await contract(spend_pool) == ("no_contract", None, None)
    assert await said(spend_pool) == []
    answer = await decide(doors, await payee(spend_pool), ACCEPTED, "d1")
    assert (answer.status_code, error(answer)["code"]) == (422, "other-company")


@pytest.mark.parametrize(
    ("payee_id", "change", "status", "code"),
    [
        ("0" * 20, {}, 404, "no-such-payee"),
        (None, {"supplier_id": "NAME-0"}, 422, "no-such-supplier"),
        (None, {"decision": "withdrawn"}, 422, "nothing-decided"),
        (None, {"decision": "perhaps"}, 422, "not-valid"),
        (None, {"reason": ""}, 422, "not-valid"),
    ],
)
async def test_what_cannot_be_decided_is_refused(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, payee_id: str | None, change: dict[str, str], status: int,
    code: str,
) -> None:  # fmt: skip
    await registered(spend_pool)
    await paid(doors, "Northern Plagrounds Ltd")
    answer = await decide(doors, payee_id or await payee(spend_pool), ACCEPTED | change, "d1")
    assert (answer.status_code, error(answer)["code"]) == (status, code)
    assert len(await said(spend_pool)) == 1


async def test_another_key_than_the_organisations_decides_nothing(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    await paid(doors, "Northern Plagrounds Ltd")
    who = await payee(spend_pool)
    assert (await decide(doors, who, ACCEPTED, "d1", who="reader")).status_code == 403
    assert (await decide(doors, who, ACCEPTED, "d1", who="devon")).status_code == 404
