"""Two suppliers of a register that are one: merged by a person, split again, and everything as it was before."""

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
from schemas.spend import SupplierMatched, SupplierMerged, SupplierSplit, SupplierUnmatched
from schemas.supplier_names import normalised_name, supplier_id
from services.spend.judgement.judging import KnownContracts
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import error
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_links import contract, paid, payee
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
SHORT, LONG, OTHER = "Swings and Slides Ltd", "Northern Playgrounds Limited", "Southern Playgrounds Limited"
NUMBERS = {SHORT: None, LONG: "01234567", OTHER: "07654321"}
IDS = {name: supplier_id(number, name) for name, number in NUMBERS.items()}


def stated(name: str) -> SupplierStated:
    return SupplierStated(
        supplier_id=IDS[name], name=name, normalised_name=normalised_name(name), company_number=NUMBERS[name],
        postcode=None, sme=True, file_id="f", line=2, stated_on=date(2022, 7, 31),
    )  # fmt: skip


AWARDED = ContractAwarded(
    contract_id="C1", reference="C1", title="Swings", description="", supplier_id=IDS[LONG], supplier_name=LONG,
    directorate="", procedure="", starts_on=date(2022, 1, 1), ends_on=date(2023, 12, 31), value_pence=None,
    annual_pence=None, category_code=None, category_label="", extends_contract_id=None, file_id="f", line=3,
    stated_on=date(2022, 7, 31),
)  # fmt: skip


async def registered(pool: asyncpg.Pool) -> None:
    """The register arrives: three suppliers, and a contract with one of them."""
    log = EventLog("spend", pool)
    await log.log_id(SALFORD)
    facts: list[Fact] = [*map(stated, NUMBERS), AWARDED]
    async with pool.acquire() as conn, conn.transaction():
        await KnownContracts(log).apply(conn, "unused", [recorded(n, fact) for n, fact in enumerate(facts)])


async def ask(doors: httpx.AsyncClient, path: str, key: str, **sent: Any) -> httpx.Response:
    headers = bearer("ledger") | {"Idempotency-Key": key}
    return await doors.post(f"/suppliers/{path}", json={"reason": "One invoice names both"} | sent, headers=headers)


async def facts(pool: asyncpg.Pool, stream: str) -> list[Fact]:
    codec = Codec(*facts_in(spend))
    return [codec.decode(each) for each in await EventLog("spend", pool).load(SALFORD, stream)]


@pytest.mark.parametrize("register_first", [True, False])
async def test_payments_to_one_are_on_the_contract_of_the_other_and_a_split_takes_that_back_exactly(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, register_first: bool
) -> None:
    if register_first:
        await registered(spend_pool)
    await paid(doors, SHORT)
    if not register_first:
        await registered(spend_pool)
    before = await contract(spend_pool)
    assert before == ("no_contract", None, IDS[SHORT])
    assert (await ask(doors, f"{IDS[SHORT]}/merge", "m1", into=IDS[LONG])).json()["new"] == 1
    assert await contract(spend_pool) == ("on_contract", "C1", IDS[LONG])
    assert (await ask(doors, f"{IDS[SHORT]}/merge", "m2", into=IDS[LONG])).json()["new"] == 0
    assert (await ask(doors, f"{IDS[SHORT]}/split", "s1")).json()["supplier_ids"] == [IDS[SHORT]]
    assert await contract(spend_pool) == before
    assert await facts(spend_pool, f"merge/{IDS[SHORT]}") == [
        SupplierMerged(supplier_id=IDS[SHORT], merged_into=IDS[LONG], reason="One invoice names both"),
        SupplierSplit(supplier_id=IDS[SHORT], split_from=IDS[LONG], reason="One invoice names both"),
    ]
    said = await facts(spend_pool, f"payee/{await payee(spend_pool)}")
    assert [fact.supplier_id for fact in said if isinstance(fact, SupplierMatched)] == [
        IDS[SHORT], IDS[LONG], IDS[SHORT],
    ]  # fmt: skip
    assert not any(isinstance(fact, SupplierUnmatched) for fact in said)


async def test_what_is_paid_after_the_merge_is_judged_like_what_was_paid_before(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    assert (await ask(doors, f"{IDS[SHORT]}/merge", "m1", into=IDS[LONG])).status_code == 200
    await paid(doors, SHORT)
    assert await contract(spend_pool) == ("on_contract", "C1", IDS[LONG])


async def test_merged_the_other_way_the_contracts_come_along_and_so_does_the_number(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    await paid(doors, SHORT)
    assert (await ask(doors, f"{IDS[LONG]}/merge", "m1", into=IDS[SHORT])).status_code == 200
    assert await contract(spend_pool) == ("on_contract", "C1", IDS[SHORT])
    await paid(doors, "Quite another name", "p2", company_number="01234567", document_number="D2")
    rows = await spend_pool.fetch("SELECT DISTINCT answer, contract_id, supplier_id FROM spend.payment")
    assert [tuple(row) for row in rows] == [("on_contract", "C1", IDS[SHORT])]


async def test_what_cannot_be_one_supplier_is_refused_and_nothing_kept(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await registered(spend_pool)
    refused = [
        (await ask(doors, f"{IDS[OTHER]}/merge", "m1", into=IDS[LONG]), 422, "other-company"),
        (await ask(doors, f"{IDS[LONG]}/merge", "m2", into=IDS[LONG]), 422, "merged-already"),
        (await ask(doors, f"{IDS[LONG]}/merge", "m3", into="NAME-nobody"), 422, "no-such-supplier"),
        (await ask(doors, "NAME-nobody/merge", "m4", into=IDS[LONG]), 404, "no-such-supplier"),
        (await ask(doors, f"{IDS[LONG]}/split", "m5"), 422, "not-merged"),
    ]
    for answer, status, code in refused:
        assert (answer.status_code, error(answer)["code"]) == (status, code), answer.text
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.merged_supplier") == 0
    assert (await ask(doors, f"{IDS[LONG]}/merge", "m6", into=IDS[SHORT])).status_code == 200
    onward = await ask(doors, f"{IDS[SHORT]}/merge", "m7", into=IDS[OTHER])
    assert (onward.status_code, error(onward)["code"]) == (422, "merged-already")
    number_behind_a_merge = await ask(doors, f"{IDS[OTHER]}/merge", "m8", into=IDS[SHORT])
    assert (number_behind_a_merge.status_code, error(number_behind_a_merge)["code"]) == (422, "other-company")
