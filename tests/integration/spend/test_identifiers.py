"""Numbers of other registers than Companies House's tell who was paid: a charity's, a society's, a VAT registration's."""

import csv
from itertools import permutations
from typing import Any

import asyncpg
import httpx
import pytest
from msgspec.structs import replace

from eventlog.store import EventLog
from schemas.contracts import ContractAwarded, SupplierStated
from schemas.fact import Fact
from schemas.identifiers import vat_identifier
from schemas.spend import PaymentRecorded, SupplierLinkProposed, SupplierMatched
from schemas.supplier_names import supplier_id
from services.spend.judgement.judging import KnownContracts
from services.spend.published import files, intake
from tests.builders import SALFORD
from tests.integration.spend.test_doors import PAYMENT, error
from tests.integration.spend.test_files import JULY_2013, officer
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_links import ACCEPTED, NAME, REGISTER, SUPPLIER, contract, decide, payee
from tests.integration.spend.test_masters import said, send
from tests.integration.spend.test_references import send as send_reference
from tests.integration.spend.test_references import table
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
CHARITY, VAT = "GB-CHC-1049226", "GB-VAT-980780684"
NAMELESS = supplier_id(None, NAME)
STATED, AWARDED = REGISTER
assert isinstance(STATED, SupplierStated)
assert isinstance(AWARDED, ContractAwarded)
WITH_CHARITY: tuple[Fact, ...] = (
    replace(STATED, supplier_id=NAMELESS, company_number=None, additional_identifiers=(CHARITY,)),
    replace(AWARDED, supplier_id=NAMELESS),
)
"""A register that knows the supplier as a charity, and as no company."""
PAID = PAYMENT | {"supplier_name": "Another name"}
CHARITY_ROW = {
    "registered_charity_number": "1049226", "charity_name": NAME, "charity_registration_status": "Registered",
    "charity_contact_postcode": "M5 4WU", "charity_company_registration_number": "01234567",
}  # fmt: skip


async def arrive(doors: httpx.AsyncClient, pool: asyncpg.Pool, register: tuple[Fact, ...]) -> None:
    log = EventLog("spend", pool)
    await log.log_id(SALFORD)
    async with pool.acquire() as conn, conn.transaction():
        await KnownContracts(log).apply(conn, "unused", [recorded(i, fact) for i, fact in enumerate(register)])


async def pay(doors: httpx.AsyncClient, *identifiers: str, **said: Any) -> None:
    answer = await send(doors, "/payments", PAID | {"additional_identifiers": identifiers} | said, key="payment")
    assert answer.is_success, answer.text


async def basis(pool: asyncpg.Pool) -> str:
    (*_, last) = [f for f in await said(pool, f"payee/{await payee(pool)}") if isinstance(f, SupplierMatched)]
    return last.basis


@pytest.mark.parametrize("register_first", [True, False])
async def test_the_same_charity_whatever_its_name(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, *, register_first: bool
) -> None:
    if register_first:
        await arrive(doors, spend_pool, WITH_CHARITY)
    await pay(doors, CHARITY)
    if not register_first:
        assert await contract(spend_pool) == ("no_contract", None, None)
        await arrive(doors, spend_pool, WITH_CHARITY)
    assert await contract(spend_pool) == ("on_contract", "C1", NAMELESS)
    assert await basis(spend_pool) == "identifier"


async def test_another_charity_of_the_same_name_is_nobody_on_the_register(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await arrive(doors, spend_pool, WITH_CHARITY)
    await pay(doors, "GB-CHC-1050488", supplier_name=NAME)
    assert await contract(spend_pool) == ("no_contract", None, None)


MASTER = {"supplier_code": "7", "name": "What the ledger calls it", "company_number": "01234567",
          "vat_number": "GB 980 7806 84"}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(("register", "master", "payment"))))
async def test_whose_a_vat_number_is_a_person_is_asked(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, order: tuple[str, ...]
) -> None:
    for what in order:
        match what:
            case "register":
                await arrive(doors, spend_pool, REGISTER)
            case "master":
                assert (await send(doors, "/suppliers", MASTER, key=what)).is_success
            case _:
                await pay(doors, VAT)
    assert await contract(spend_pool) == ("no_contract", None, None)
    (proposed,) = [
        f for f in await said(spend_pool, f"payee/{await payee(spend_pool)}") if isinstance(f, SupplierLinkProposed)
    ]
    assert (proposed.candidates, proposed.evidence) == ((SUPPLIER,), ("the same VAT number",))
    assert (await decide(doors, await payee(spend_pool), ACCEPTED, "accepted")).is_success
    assert await contract(spend_pool) == ("on_contract", "C1", SUPPLIER)


async def test_all_companies_that_share_a_vat_number_are_proposed_and_one_of_another_name_is_still_one_payee(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    assert isinstance(STATED, SupplierStated)
    other = replace(
        STATED, supplier_id="GB-COH-07654321", company_number="07654321", name="Sister", normalised_name="SISTER"
    )
    await arrive(doors, spend_pool, (*REGISTER, other))
    await pay(doors)
    assert (await send(doors, "/payments", PAID | {"additional_identifiers": [VAT]}, key="later")).is_success
    for code, number in (("7", "01234567"), ("8", "07654321")):
        master = MASTER | {"supplier_code": code, "name": code, "company_number": number}
        assert (await send(doors, "/suppliers", master, key=code)).is_success
    last = (await said(spend_pool, f"payee/{await payee(spend_pool)}"))[-1]
    assert isinstance(last, SupplierLinkProposed)
    assert last.candidates == (SUPPLIER, "GB-COH-07654321")


@pytest.mark.parametrize("payment_first", [True, False])
async def test_the_charity_register_says_which_company_a_charity_is(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, *, payment_first: bool
) -> None:
    await arrive(doors, spend_pool, REGISTER)
    if payment_first:
        await pay(doors, CHARITY)
    content = table("charities", CHARITY_ROW, delimiter="\t")
    assert (await send_reference(doors, "publicextract.charity-2026-11-01.txt", content)).is_success
    if not payment_first:
        await pay(doors, CHARITY)
    assert await contract(spend_pool) == ("on_contract", "C1", SUPPLIER)
    assert await basis(spend_pool) == "charity_register"


async def test_a_published_row_may_say_it_in_a_column_of_its_own_or_where_companies_stand(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await arrive(doors, spend_pool, WITH_CHARITY)
    file = (
        b"Payment Date,Supplier,Net Amount,Company Number,Charity Commission Number,Account Description\n"
        b"01/07/2022,First name,10.00,,1049226,Materials\n"
        b"02/07/2022,Second name,20.00,CHA1049226,,Materials\n"
        b"03/07/2022,Third name,30.00,,1050488,Materials\n"
    )
    await files.receive(EventLog("spend", spend_pool), officer(), "payments-2022-07.csv", file)
    rows = await spend_pool.fetch("SELECT paid_on, answer, supplier_id FROM spend.payment ORDER BY paid_on")
    assert [tuple(row)[1:] for row in rows] == [("on_contract", NAMELESS)] * 2 + [("no_contract", None)]
    ids = await spend_pool.fetch("SELECT payment_id FROM spend.payment ORDER BY paid_on")
    (first, *_) = await said(spend_pool, f"payment/{ids[0][0]}")
    assert isinstance(first, PaymentRecorded)
    assert first.additional_identifiers == (CHARITY,)


async def test_numbers_of_a_payee_whose_name_is_withheld_are_withheld_with_it(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    with JULY_2013.open(encoding="cp1252") as rows:  # Devon published VAT numbers of payees whose names it withheld
        published = [row["VAT Reg no"] for row in csv.DictReader(rows) if row["Supplier Name"].startswith("REDACTED")]
    read = intake.read(JULY_2013.read_bytes())
    assert len({number for number in published if vat_identifier(number)}) == 22
    assert {row.booking.additional_identifiers for row in read.rows if row.withheld} == {()}
    assert len({row.booking.additional_identifiers for row in read.rows}) > 900
    await pay(doors, VAT, supplier_name="REDACTED PERSONAL DATA")
    (payment,) = await spend_pool.fetch("SELECT payment_id FROM spend.payment")
    (first, *_) = await said(spend_pool, f"payment/{payment[0]}")
    assert isinstance(first, PaymentRecorded)
    assert (first.withheld, first.additional_identifiers) == (True, ())


@pytest.mark.parametrize("wrong", ["GB-COH-01234567", "1049226", "GB-VAT-980780685", "GB-XXX-1"])
async def test_what_is_no_identifier_is_refused_by_name(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, wrong: str
) -> None:
    answer = await send(doors, "/payments", PAID | {"additional_identifiers": [wrong]}, key="wrong")
    assert answer.status_code == 422
    assert "additional_identifiers" in error(answer)["field"]
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.payment") == 0
