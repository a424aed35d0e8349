"""Purchase orders and suppliers of a ledger's master data: stated once, judged by whenever they come."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import asyncpg
import httpx
import pytest

from eventlog.codec import Codec, facts_in
from eventlog.store import EventLog
from schemas import spend
from schemas.contracts import ContractAwarded, SupplierStated
from schemas.fact import Fact
from schemas.spend import PaymentMatched, PaymentUnmatched, PurchaseOrderRaised, SupplierMasterStated
from services.spend.judgement.judging import KnownContracts
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import PAYMENT, error
from tests.integration.spend.test_judging import facts as register
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_streams import doors, lines

__all__ = ["doors"]
ORDER = {
    "purchase_order": "PO-1", "raised_on": "2021-04-01", "supplier_name": "Schofield", "contract_reference": "C1",
    "net": "5000.00",
}  # fmt: skip
PAID = PAYMENT | {"paid_on": "2021-04-20", "purchase_order": "PO-1"}
SUPPLIER = {
    "supplier_code": "10042",
    "name": "Acme Limited",
    "company_number": "1234567",
    "vat_number": "gb 123 4567 89",
}
Arrival = tuple[str, Any] | Fact


async def send(
    doors: httpx.AsyncClient, path: str, sent: Any, *, key: str = "k1", who: str = "ledger"
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": key}
    if isinstance(sent, bytes):
        return await doors.post(path, content=sent, headers=headers | {"Content-Type": "application/x-ndjson"})
    return await doors.post(path, json=sent, headers=headers)


async def said(pool: asyncpg.Pool, stream: str) -> list[Fact]:
    codec = Codec(*facts_in(spend))
    return [codec.decode(event) for event in await EventLog("spend", pool).load(SALFORD, stream)]


async def arrive(doors: httpx.AsyncClient, pool: asyncpg.Pool, arrivals: Sequence[Arrival]) -> None:
    log = EventLog("spend", pool)
    for place, arrival in enumerate(arrivals):
        if isinstance(arrival, tuple):
            assert (await send(doors, *arrival, key=f"a{place}")).is_success
            continue
        async with pool.acquire() as conn, conn.transaction():
            await KnownContracts(log).apply(conn, "unused", [recorded(place, arrival)])


async def judgement(pool: asyncpg.Pool) -> PaymentMatched | PaymentUnmatched:
    payment = await pool.fetchval("SELECT payment_id FROM spend.payment")
    found = (await said(pool, f"payment/{payment}"))[-1]
    assert isinstance(found, PaymentMatched | PaymentUnmatched)
    return found


SUPPLIER_STATED, FIRST, SECOND = register()


@pytest.mark.parametrize("order", list(permutations(range(4))))
async def test_an_order_names_the_contract_in_whatever_order_they_come(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, order: Sequence[int]
) -> None:
    """The payee is nobody on the register: the order alone says which contract it is."""
    arrivals: list[Arrival] = [SUPPLIER_STATED, FIRST, ("/purchase-orders", ORDER), ("/payments", PAID)]
    await arrive(doors, spend_pool, [arrivals[place] for place in order])
    assert isinstance(SUPPLIER_STATED, SupplierStated)
    payment = await spend_pool.fetchval("SELECT payment_id FROM spend.payment")
    assert await judgement(spend_pool) == PaymentMatched(
        payment_id=payment, supplier_id=SUPPLIER_STATED.supplier_id, contract_id="C1", purchase_order="PO-1"
    )


async def test_an_order_outweighs_a_supplier_with_several_contracts(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    assert isinstance(FIRST, ContractAwarded)
    paid = PAID | {"supplier_name": "Schofield & Sons Ltd", "paid_on": "2021-05-20", "purpose": "Other fees"}
    await arrive(doors, spend_pool, [SUPPLIER_STATED, FIRST, SECOND, ("/payments", paid)])
    by_supplier = await judgement(spend_pool)
    assert (getattr(by_supplier, "contract_id", None), by_supplier.purchase_order) == ("C2", None)
    await send(doors, "/purchase-orders", ORDER, key="later")
    by_order = await judgement(spend_pool)
    assert isinstance(by_order, PaymentUnmatched)
    assert (by_order.answer, by_order.candidates, by_order.purchase_order) == ("expired", ("C1",), "PO-1")


async def test_a_payee_who_is_somebody_else_contradicts_the_order(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    other = SupplierStated(
        supplier_id="GB-COH-00000099", name="Other", normalised_name="OTHER", company_number="00000099",
        postcode=None, sme=None, file_id="f", line=9, stated_on=SUPPLIER_STATED.stated_on,  # type: ignore[attr-defined]
    )  # fmt: skip
    paid = PAID | {"company_number": "00000099"}
    await arrive(doors, spend_pool, [SUPPLIER_STATED, other, FIRST, ("/purchase-orders", ORDER), ("/payments", paid)])
    found = await judgement(spend_pool)
    assert isinstance(found, PaymentUnmatched)
    assert (found.answer, found.candidates, found.purchase_order) == ("ambiguous", ("C1",), "PO-1")


async def test_an_order_that_is_stated_otherwise_is_judged_by_anew(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await arrive(doors, spend_pool, [SUPPLIER_STATED, FIRST, ("/purchase-orders", ORDER), ("/payments", PAID)])
    again = await send(doors, "/purchase-orders", ORDER, key="same")
    assert (again.json()["new"], again.json()["known_ids"], again.json()["positions"]) == (0, ["PO-1"], [])
    await send(doors, "/purchase-orders", ORDER | {"contract_reference": None}, key="otherwise")
    assert [type(fact) for fact in await said(spend_pool, "purchase-order/PO-1")] == [PurchaseOrderRaised] * 2
    found = await judgement(spend_pool)
    assert isinstance(found, PaymentUnmatched)
    assert (found.answer, found.purchase_order) == ("no_contract", None)


async def test_suppliers_are_stated_and_known_again(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    answer = await send(doors, "/suppliers", [SUPPLIER, SUPPLIER | {"supplier_code": "2", "company_number": None}])
    assert answer.status_code == 200
    told = answer.json()
    assert (told["suppliers"], told["supplier_codes"], told["new"]) == (2, ["10042", "2"], 2)
    (fact,) = await said(spend_pool, "supplier-master/10042")
    assert isinstance(fact, SupplierMasterStated)
    assert (fact.company_number, fact.vat_number) == ("01234567", "GB123456789")
    receipt = await doors.get(f"/receipts/{told['receipt_id']}", headers=bearer("ledger"))
    assert receipt.json() == told
    streamed = await send(doors, "/suppliers", lines(SUPPLIER, SUPPLIER | {"name": "Acme Ltd"}), key="k2")
    assert (streamed.json()["new"], streamed.json()["supplier_codes"]) == (1, ["10042"])
    assert len(await said(spend_pool, "supplier-master/10042")) == 2


@pytest.mark.parametrize(
    ("path", "sent", "line", "field"),
    [
        ("/purchase-orders", ORDER | {"purchase_order": " PO"}, None, "purchase_order"),
        ("/purchase-orders", [ORDER, ORDER | {"net": 5}], None, "1.net"),
        ("/purchase-orders", lines(ORDER, ORDER | {"net": 5}), 2, "net"),
        ("/suppliers", SUPPLIER | {"charity_number": "x"}, None, "charity_number"),
        ("/suppliers", lines(SUPPLIER, SUPPLIER | {"company_number": "x"}), 2, "company_number"),
    ],
)
async def test_what_cannot_be_is_refused_by_field_and_changes_nothing(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, path: str, sent: Any, line: int | None, field: str
) -> None:
    answer = await send(doors, path, sent)
    assert answer.status_code == 422
    assert (error(answer).get("line"), error(answer)["field"]) == (line, field)
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.event") == 0
    assert (await send(doors, path, ORDER, who="reader")).status_code == 403


async def test_a_key_belongs_to_one_door(doors: httpx.AsyncClient) -> None:
    assert (await send(doors, "/suppliers", SUPPLIER)).is_success
    other = await send(doors, "/payments", PAYMENT)
    assert error(other)["code"] == "idempotency-key-used"


@pytest.mark.parametrize("order_first", [True, False])
async def test_a_published_row_that_names_its_order_is_judged_by_it(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, order_first: bool
) -> None:
    row = "Date of Payment,Net Amount,Supplier,Purpose,PO Number\n20/04/2021,950.00,Nobody Known Ltd,Materials,PO-1\n"

    async def publish() -> None:
        answer = await doors.post(
            "/spend-files", params={"file_name": "a.csv"}, content=row.encode(), headers=bearer("ledger")
        )
        assert answer.is_success, answer.text

    if not order_first:
        await publish()
    await arrive(doors, spend_pool, [*register(), ("/purchase-orders", ORDER)])
    if order_first:
        await publish()
    found = await judgement(spend_pool)
    assert (type(found), found.purchase_order) == (PaymentMatched, "PO-1")
