"""Small, voluntary, local: each definition by itself, on hand-worked suppliers; and concentration by hand."""

from typing import Any

import pytest

from gateway.who import DEFINITIONS, Paid, Parts, by_ward, concentration, shares
from schemas import places

SALFORD, DEVON, KNOWSLEY = "GB-LAE-SLF", "GB-LAE-DEV", "GB-LAE-KWL"
IN_SALFORD, IN_BURY, IN_KNOWSLEY, IN_EXETER = "E08000006", "E08000002", "E08000011", "E07000041"
SAYS = {definition.key: definition.says for _, definition in DEFINITIONS}


def paid(**changes: Any) -> Paid:
    nothing: dict[str, Any] = {
        "net_pence": 100, "contract_pence": 40, "sme": None, "company_number": None, "company_category": None,
        "accounts_category": None, "office_district": None, "register_district": None, "charity_number": None,
        "invoice_district": None, "site_district": None, "additional_identifiers": (),
    }  # fmt: skip
    return Paid(**{**nothing, **changes})


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        ("sme_register", {"sme": True}, "yes"),
        ("sme_register", {"sme": False}, "no"),
        ("sme_register", {}, "unknown"),
        ("sme_accounts", {"accounts_category": "MICRO ENTITY"}, "yes"),
        ("sme_accounts", {"accounts_category": "MEDIUM"}, "yes"),
        ("sme_accounts", {"accounts_category": "FULL"}, "unknown"),
        ("sme_accounts", {"accounts_category": "DORMANT"}, "unknown"),
        ("sme_accounts", {}, "unknown"),
        ("vcse", {"charity_number": "1"}, "yes"),
        ("vcse", {"charity_number": "1", "company_category": "Private Limited Company"}, "yes"),
        ("vcse", {"company_category": "Community Interest Company"}, "yes"),
        ("vcse", {"company_category": "Private Limited Company"}, "no"),
        ("vcse", {"company_category": "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)"}, "unknown"),
        ("vcse", {"additional_identifiers": ("GB-MPR-29627R",)}, "yes"),
        ("vcse", {"additional_identifiers": ("GB-VAT-980780684",)}, "unknown"),
        ("vcse", {}, "unknown"),
        ("borough_office", {"office_district": IN_SALFORD}, "yes"),
        ("borough_office", {"office_district": IN_BURY}, "no"),
        ("borough_office", {"register_district": IN_SALFORD}, "unknown"),
        ("borough_office", {"office_district": "E99999999"}, "unknown"),
        ("city_region_office", {"office_district": IN_BURY}, "yes"),
        ("city_region_office", {"office_district": IN_KNOWSLEY}, "no"),
        ("region_office", {"office_district": IN_KNOWSLEY}, "yes"),
        ("region_office", {"office_district": IN_EXETER}, "no"),
        ("borough_register", {"register_district": IN_SALFORD, "office_district": IN_EXETER}, "yes"),
        ("borough_invoice", {"invoice_district": IN_SALFORD, "office_district": IN_EXETER}, "yes"),
        ("borough_site", {"site_district": IN_SALFORD, "office_district": IN_EXETER}, "yes"),
        ("borough_site", {"invoice_district": IN_SALFORD}, "unknown"),
        ("region_invoice", {"invoice_district": IN_EXETER}, "no"),
        ("borough_invoice", {"office_district": IN_SALFORD}, "unknown"),
        ("near_register", {"near": "yes"}, "yes"),
        ("near_register", {}, "unknown"),
    ],
)  # fmt: skip
def test_what_a_definition_says_of_a_supplier(key: str, changes: dict[str, Any], expected: str) -> None:
    assert SAYS[key](SALFORD, paid(**changes)) == expected


def test_a_countys_own_area_is_its_districts_and_it_has_no_city_region() -> None:
    assert SAYS["borough_office"](DEVON, paid(office_district=IN_EXETER)) == "yes"
    assert {each.definition.key for each in shares(DEVON, [])} == SAYS.keys() - {
        "city_region_office", "city_region_register", "city_region_site", "city_region_invoice",
    }  # fmt: skip
    assert not places.defined("GB-COH-01234567", "borough")


def test_knowsley_lies_in_the_liverpool_city_region() -> None:
    assert SAYS["city_region_office"](KNOWSLEY, paid(office_district="E08000012")) == "yes"
    assert SAYS["city_region_office"](KNOWSLEY, paid(office_district=IN_SALFORD)) == "no"


def test_each_share_has_both_denominators_and_its_unknown_part() -> None:
    suppliers = [
        paid(office_district=IN_SALFORD, net_pence=500, contract_pence=300),
        paid(office_district=IN_BURY, net_pence=200, contract_pence=0),
        paid(net_pence=1_000, contract_pence=50),
    ]
    (found,) = [each for each in shares(SALFORD, suppliers) if each.definition.key == "borough_office"]
    assert (found.of_all, found.of_all.whole) == (Parts(yes=500, no=200, unknown=1_000), 1_700)
    assert found.of_contract_spend == Parts(yes=300, no=0, unknown=50)


def test_concentration_by_hand() -> None:
    found = concentration([5_000, 3_000, 1_000, 600, 400, 0, -50])
    assert (found.suppliers, found.pence) == (5, 10_000)
    assert found.index == 50**2 + 30**2 + 10**2 + 6**2 + 4**2
    assert (found.tail_suppliers, found.tail_pence) == (3, 2_000)
    assert concentration([]).index == 0
    assert concentration([7]).index == 10_000


def test_what_was_paid_by_ward_adds_up_to_everything() -> None:
    suppliers = [
        paid(ward="E05000001", ward_district=IN_SALFORD, net_pence=100, contract_pence=10),
        paid(ward="E05000002", ward_district=IN_SALFORD, net_pence=50, contract_pence=50),
        paid(ward="E05000009", ward_district=IN_BURY, net_pence=7, contract_pence=7),
        paid(ward="E05000010", ward_district="E99999999", net_pence=5, contract_pence=0),
        paid(net_pence=3, contract_pence=1),
    ]
    assert [(each.code, each.net_pence, each.contract_pence) for each in by_ward(SALFORD, suppliers)] == [
        ("E05000002", 50, 50), ("E05000001", 100, 10), ("", 7, 7), ("unknown", 8, 1),
    ]  # fmt: skip
