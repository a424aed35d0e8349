"""Who is paid, from the facts of registers to partners and pages, as known on any day."""

from datetime import date

from schemas.contracts import SupplierStated
from schemas.spend import CharityDescribed, CompanyDescribed, PostcodePlaced, SupplierMasterStated, SupplierMatched
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, WEDNESDAY, paid, scoped

COUNCIL, NUMBER = "GB-LAE-BUR", "00000077"
SUPPLIER = f"GB-COH-{NUMBER}"
QUERY = """query ($at: DateTime) { organisation(organisation: "GB-LAE-BUR", asKnownAt: $at) { who {
  suppliers concentrationIndex tailSuppliers wards { code netPence contractPence }
  shares { key ofAll { yes no unknown } ofContractSpend { yes no unknown } } } } }"""
"""Bury: no place of the demo, so that its list of postcode districts says nothing."""


async def tell(ledger: Ledger) -> None:
    stated = SupplierStated(
        supplier_id=SUPPLIER, name="Elm Limited", normalised_name="ELM", company_number=NUMBER, postcode="bl90ab",
        sme=True, file_id="f", line=2, stated_on=date(2022, 7, 1),
    )  # fmt: skip
    await ledger.record(COUNCIL, "contracts", f"supplier/{SUPPLIER}", stated, at=MONDAY)
    matched = SupplierMatched(payee_id="E-ELM", supplier_id=SUPPLIER, supplier_name="Elm Ltd", basis="company_number")
    await ledger.record(COUNCIL, "spend", "payee/E-ELM", matched, at=MONDAY)
    for payment, pence, payee, scope in (("W1", 300_000, "E-ELM", "contract_spend"), ("W2", 200_000, "E-ELM", "grant"),
                                         ("W3", 100_000, "E-FIR", "contract_spend")):  # fmt: skip
        facts = (paid(payment, pence, payee_id=payee, supplier_name=payee), scoped(payment, scope))
        await ledger.record(COUNCIL, "spend", f"payment/{payment}", *facts, at=MONDAY)
    edition = {"file_id": "e" * 64, "stated_on": date(2026, 11, 1)}
    company = CompanyDescribed(
        company_number=NUMBER, name="ELM LIMITED", category="Private Limited Company", status="Active",
        accounts_category="SMALL", postcode="L1 1AA", sic_codes=("43999",), incorporated_on=None, **edition,
    )  # type: ignore[arg-type]  # fmt: skip
    await ledger.record(COUNCIL, "spend", f"company/{NUMBER}", company, at=TUESDAY)
    for postcode, district in (("BL9 0AB", "E08000002"), ("L1 1AA", "E08000012")):
        place = PostcodePlaced(
            postcode=postcode, local_authority=district, ward="E05000001", terminated=False, **edition
        )  # type: ignore[arg-type]
        await ledger.record(COUNCIL, "spend", f"postcode/{postcode.replace(' ', '')}", place, at=TUESDAY)
    for code, postcode in (("1", "bl9 0ab"), ("2", "BL90AB")):
        master = SupplierMasterStated(
            supplier_code=code, name="Elm", trading_name=None, company_number=NUMBER, charity_number=None,
            vat_number=None, postcode=postcode, site_postcode="L1 1AA",
        )  # fmt: skip
        await ledger.record(COUNCIL, "spend", f"supplier-master/{code}", master, at=TUESDAY)
    charity = CharityDescribed(
        charity_number="1049226", company_number=NUMBER, name="ELM", status="Registered", postcode=None, **edition
    )  # type: ignore[arg-type]
    await ledger.record(COUNCIL, "spend", f"charity/{NUMBER}", charity, at=WEDNESDAY)


async def test_shares_under_each_definition_as_known_then_and_now(ask: Ask, ledger: Ledger, pages: Pages) -> None:
    await tell(ledger)
    now = (await ask(QUERY))["organisation"]["who"]
    assert (now["suppliers"], now["concentrationIndex"], now["tailSuppliers"]) == (2, 75**2 + 25**2, 0)
    assert now["wards"] == [
        {"code": "", "netPence": 500_000, "contractPence": 300_000},
        {"code": "unknown", "netPence": 100_000, "contractPence": 100_000},
    ]
    shares = {each["key"]: each for each in now["shares"]}
    elm = {"yes": 500000, "no": 0, "unknown": 100000}
    not_elm = {"yes": 0, "no": 500000, "unknown": 100000}
    assert {key: each["ofAll"] for key, each in shares.items()} == {
        "sme_register": elm, "sme_accounts": elm, "vcse": elm,
        "borough_office": not_elm, "city_region_office": not_elm, "region_office": elm,
        "borough_register": elm, "city_region_register": elm, "region_register": elm,
        "borough_site": not_elm, "city_region_site": not_elm, "region_site": elm,
        "borough_invoice": elm, "city_region_invoice": elm, "region_invoice": elm,
        "near_register": {"yes": 0, "no": 0, "unknown": 600000},
    }  # fmt: skip
    assert shares["vcse"]["ofContractSpend"] == {"yes": 300000, "no": 0, "unknown": 100000}
    tuesday = (await ask(QUERY, at=TUESDAY.isoformat()))["organisation"]["who"]
    assert [each["ofAll"] for each in tuesday["shares"] if each["key"] == "vcse"] == [not_elm]
    monday = (await ask(QUERY, at=MONDAY.isoformat()))["organisation"]["who"]
    said = {each["key"]: each["ofAll"] for each in monday["shares"]}
    assert said["sme_register"] == elm
    assert said["borough_office"] == said["vcse"] == {"yes": 0, "no": 0, "unknown": 600000}
    page = await pages.get(f"/organisations/{COUNCIL}/who")
    assert page.status_code == 200
    assert "Voluntary, community or social enterprise" in page.text
    sheet = (await pages.get(f"/organisations/{COUNCIL}/who.csv")).text
    assert f"{COUNCIL},In its region," in sheet
    assert sheet.count("\r\n") == 1 + 16 * 2 * 3
