"""What the ledger says, as its own people see it: orders with what was paid, pay runs, the supplier master."""

from datetime import date

import httpx

from gateway.policy import Viewer
from schemas.spend import PayRunReconciled, PurchaseOrderRaised, SupplierMasterStated
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, paid, scoped

COUNCIL = "GB-LAE-SLF"
SALFORDS = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
QUERY = """query ($at: DateTime) {
  purchaseOrders(organisation: "GB-LAE-SLF", asKnownAt: $at) {
    totals { count netPence } nodes { purchaseOrder netPence paidPence paymentCount contractReference } }
  payRuns(organisation: "GB-LAE-SLF", asKnownAt: $at) { nodes { payRun agrees statedPence foundPence } }
  statedSuppliers(organisation: "GB-LAE-SLF", asKnownAt: $at) { nodes { supplierCode name companyNumber } } }"""


async def tell(ledger: Ledger) -> None:
    order = PurchaseOrderRaised(
        purchase_order="PO-7", raised_on=date(2022, 6, 1), supplier_name="Oak Ltd", supplier_code="42",
        company_number=None, contract_reference="S7", net_pence=90_000, department="Place", description="=Benches",
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", "purchase-order/PO-7", order, at=MONDAY)
    for payment, pence in (("L1", 30_000), ("L2", 45_000)):
        fact = paid(
            payment, pence, purchase_order="PO-7", pay_run="2022/W26", payee_id="E-OAK", supplier_name="Oak Ltd"
        )
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), at=MONDAY)
    for at, agrees, stated in ((MONDAY, False, 80_000), (TUESDAY, True, 75_000)):
        run = PayRunReconciled(
            pay_run="2022/W26", stated_payments=2, stated_pence=stated, found_payments=2, found_pence=75_000,
            agrees=agrees,
        )  # fmt: skip
        await ledger.record(COUNCIL, "spend", "pay-run/2022/W26", run, at=at)
    master = SupplierMasterStated(
        supplier_code="42", name="Oak Ltd", trading_name="Acorn", company_number="01234567", charity_number=None,
        vat_number=None, postcode="M5 4WU",
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", "supplier-master/42", master, at=TUESDAY)


async def test_the_ledger_is_seen_as_known_then_and_now_and_by_its_own_people_only(
    ask: Ask, ledger: Ledger, pages: httpx.AsyncClient, officer: httpx.AsyncClient
) -> None:
    await tell(ledger)
    now = await ask(QUERY, SALFORDS)
    assert now["purchaseOrders"] == {
        "totals": {"count": 1, "netPence": 90_000},
        "nodes": [
            {"purchaseOrder": "PO-7", "netPence": 90_000, "paidPence": 75_000, "paymentCount": 2,
             "contractReference": "S7"},
        ],
    }  # fmt: skip
    assert now["payRuns"]["nodes"] == [
        {"payRun": "2022/W26", "agrees": True, "statedPence": 75_000, "foundPence": 75_000}
    ]
    assert now["statedSuppliers"]["nodes"] == [{"supplierCode": "42", "name": "Oak Ltd", "companyNumber": "01234567"}]
    before = await ask(QUERY, SALFORDS, at=MONDAY.isoformat())
    assert before["payRuns"]["nodes"][0]["agrees"] is False
    assert before["statedSuppliers"]["nodes"] == []
    for name, words in (
        ("orders", ("1 order, £900.00 where an amount is stated", "£750.00")),
        ("pay-runs", ("1 pay run, £750.00 as the ledger states", "Agrees")),
        ("supplier-master", ("1 supplier in the ledger’s master data", "01234567")),
    ):
        assert (await pages.get(f"/organisations/{COUNCIL}/{name}")).status_code == 401
        page = await officer.get(f"/organisations/{COUNCIL}/{name}")
        assert [word for word in words if word not in page.text] == [], page.text
    sheet = (await officer.get(f"/organisations/{COUNCIL}/orders.csv")).text
    assert "PO-7,2022-06-01,Oak Ltd,42,,S7,Place,'=Benches,,900.00,750.00,2" in sheet
    listed = (await officer.get(f"/organisations/{COUNCIL}/payments?pay_run=2022%2FW26")).text
    assert "2 payments, £750.00 in all" in listed
