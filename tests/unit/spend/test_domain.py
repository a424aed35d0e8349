from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.spend import PaymentMatched, PaymentUnmatched, SupplierMatched, SupplierUnmatched
from schemas.supplier_names import company_number, normalised_name, supplier_id
from services.spend.domain import (
    KnownSupplier,
    Stated,
    identified,
    judge_supplied,
    record,
    suppliers_of,
)
from services.spend.judgement.contract import KnownContract, Paid
from services.spend.judgement.scope import scope_of
from services.spend.suppliers.linking import identification
from tests.builders import DEVON, SALFORD

PAID = date(2021, 6, 1)
PAYMENT = Paid(payment_id="P", paid_on=PAID, net_pence=10_000)


def stated(**changes: Any) -> Stated:
    valid: dict[str, Any] = {
        "file_id": "f",
        "line": 2,
        "period": "2021-06",
        "paid_on": PAID,
        "document_number": "D1",
        "supplier_name": "Acme Ltd",
        "company_number": None,
        "contract_reference": None,
        "department": "Place",
        "purpose": "Materials",
        "net_pence": 10_000,
        "vat_pence": None,
        "gross_pence": None,
        "withheld": False,
    }
    return Stated(**(valid | changes))


def contract(
    name: str, starts: date | None, ends: date | None, reference: str | None = None, extends: str | None = None
) -> KnownContract:
    return KnownContract(contract_id=name, reference=reference, starts_on=starts, ends_on=ends, extends=extends)


RUNNING = contract("running", date(2021, 1, 1), date(2021, 12, 31), "R1")
ALSO = contract("also", date(2021, 5, 1), date(2022, 5, 1), "R2")
OVER = contract("over", date(2019, 1, 1), date(2021, 5, 31))
LATER = contract("later", date(2021, 6, 2), date(2022, 6, 1))
UNDATED = contract("undated", date(2021, 1, 1), None)
NOT_YET_AND_UNDATED = contract("not yet", date(2022, 1, 1), None)
LONG_OVER_AND_UNDATED = contract("long over", None, date(2020, 1, 1))


def supplier(*contracts: KnownContract) -> KnownSupplier:
    return KnownSupplier(supplier_id="GB-COH-00000001", basis="normalised_name", contracts=contracts)


def answer(*contracts: KnownContract, reference: str | None = None, paid: int = 10_000) -> str:
    judged = judge_supplied(replace(PAYMENT, net_pence=paid, contract_reference=reference), supplier(*contracts))
    return judged.contract_id if isinstance(judged, PaymentMatched) else judged.answer


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        ((RUNNING,), "running"),
        ((RUNNING, OVER, LATER), "running"),
        ((RUNNING, ALSO), "ambiguous"),
        ((RUNNING, UNDATED), "ambiguous"),
        ((UNDATED,), "ambiguous"),
        ((OVER,), "expired"),
        ((LATER,), "early"),
        ((OVER, LATER), "expired"),
        ((), "no_contract"),
        ((RUNNING, NOT_YET_AND_UNDATED), "running"),
        ((NOT_YET_AND_UNDATED,), "early"),
        ((LONG_OVER_AND_UNDATED, LATER), "expired"),
    ],
)
def test_a_payment_is_on_a_contract_only_where_exactly_one_is_in_force(
    contracts: tuple[KnownContract, ...], expected: str
) -> None:
    assert answer(*contracts) == expected


EXTENDED = contract("extended", date(2021, 5, 1), date(2022, 12, 31), "R1", extends="running")
REPEATED = contract("repeated", date(2021, 1, 1), date(2021, 12, 31), "R1", extends="running")
UNDATED_EXTENSION = contract("undated extension", date(2021, 5, 1), None, "R1", extends="running")
RING = (
    contract("a", date(2021, 1, 1), date(2022, 1, 1), extends="b"),
    contract("b", date(2021, 2, 1), date(2022, 1, 1), extends="a"),
)


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        ((RUNNING, EXTENDED), "extended"),
        ((RUNNING, REPEATED), "running"),
        ((EXTENDED, REPEATED), "extended"),
        ((RUNNING, EXTENDED, contract("chained", PAID, PAID, extends="extended")), "chained"),
        ((RUNNING, EXTENDED, ALSO), "ambiguous"),
        ((RUNNING, UNDATED_EXTENSION), "ambiguous"),
        ((OVER, contract("after", date(2021, 6, 1), date(2022, 1, 1), extends="over")), "after"),
        (RING, "b"),
    ],
)
def test_a_contract_and_its_extensions_are_one_agreement(contracts: tuple[KnownContract, ...], expected: str) -> None:
    assert answer(*contracts) == expected
    assert answer(*reversed(contracts)) == expected


def test_a_contract_is_in_force_on_its_first_and_its_last_day() -> None:
    assert answer(contract("first", PAID, date(2022, 1, 1), "R1"), reference="R1") == "first"
    assert answer(contract("last", date(2020, 1, 1), PAID)) == "last"


def test_a_reference_on_the_payment_tells_which_of_several_contracts_it_is() -> None:
    assert answer(RUNNING, ALSO, reference="R2") == "also"
    assert answer(RUNNING, ALSO, reference="unheard of") == "ambiguous"


def test_a_payment_alone_a_fifth_above_what_a_contract_and_its_extensions_are_worth_is_on_it_only_where_it_says_so() -> (
    None
):
    small = replace(RUNNING, value_pence=10_000)
    assert [answer(small, paid=paid) for paid in (12_000, 12_001)] == ["running", "ambiguous"]
    assert answer(small, reference="R1", paid=12_001) == "running"
    assert answer(small, replace(EXTENDED, value_pence=1), paid=12_001) == "extended"
    assert answer(small, replace(EXTENDED, value_pence=1), paid=12_002) == "ambiguous"
    assert [answer(replace(RUNNING, value_pence=unknown), paid=9**9) for unknown in (None, 0)] == ["running"] * 2
    assert answer(small, EXTENDED, paid=9**9) == "extended"


def test_a_payee_that_is_not_registered_has_no_contract() -> None:
    assert judge_supplied(PAYMENT, None) == PaymentUnmatched(
        payment_id="P", answer="no_contract", supplier_id=None, candidates=()
    )


def test_what_is_no_contract_spend_is_not_judged() -> None:
    grant = record(SALFORD, "P", stated(purpose="Grants"), repeats_document=False, supplier=supplier(RUNNING))
    assert grant.scoped.scope == "grant"
    assert grant.judgement is None


@given(st.permutations([stated(net_pence=pence) for pence in (1, 1, 2, 3, 3, 3)]))
def test_identities_do_not_depend_on_the_order_of_rows_and_identical_rows_stay_apart(rows: list[Stated]) -> None:
    ids = [payment_id for payment_id, _ in identified(SALFORD, rows)]
    assert len(set(ids)) == 6
    assert sorted(ids) == sorted(i for i, _ in identified(SALFORD, sorted(rows, key=lambda row: row.net_pence)))


def test_a_row_is_another_payment_in_another_period_or_for_another_organisation() -> None:
    first = next(identified(SALFORD, [stated()]))[0]
    assert next(identified(SALFORD, [stated(period="2021-07")]))[0] != first
    assert next(identified(DEVON, [stated()]))[0] != first
    assert next(identified(SALFORD, [stated(file_id="g", line=99)]))[0] == first


@pytest.mark.parametrize(
    ("payee", "purpose", "withheld", "scope"),
    [
        ("NHS CCG", "Payments to Health Authority", False, "public_body"),
        ("Gmw Mental Health Nhs Ft", "Payts to Agencies", False, "public_body"),
        ("Acme Ltd", "Miscellaneous Grants", False, "grant"),
        ("Peel Media Ltd", "Rents", False, "rent"),
        ("Kennedy Road Ltd", "Council Tax", False, "rates"),
        ("Aon Insurance Ltd", "Repaymt-Insur Hldg", False, "contract_spend"),
        ("Landscape Engineering Ltd", "Miscellaneous Exes", False, "contract_spend"),
        ("Iz *Kevin Booth Painting", "Other Professional Fees", False, "card"),
        ("Brakes (Stored Cards)", "Food and refreshments", False, "card"),
        ("Greater Manchester Combined", "Payt to Lead Dists", False, "levy"),
        ("Environment Agency", "Flood Defence Levy", False, "levy"),
        ("The Albion Academy", "Electricity", False, "public_body"),
        ("Luxury Lush Academy", "Grants", False, "grant"),
        ("Nationwide Cycling Academy", "Training", False, "contract_spend"),
        ("Peel Media Ltd", "Service Tenancies", False, "rent"),
        ("Redacted Data", "Grants", True, "withheld"),
        ("Acme Ltd", "", False, "unknown"),
        ("", "Materials", False, "unknown"),
        ("Acme Ltd", "Release of Provision", False, "unknown"),
        ("Acme Ltd", "Materials", False, "contract_spend"),
        ("Warrington Borough Council", "Training", False, "public_body"),
        ("Stockport M.B.C.", "Training", False, "public_body"),
        ("Wigan Council", "Consultants", False, "public_body"),
        ("Manor Academy (Sovereign Trust)", "Fees", False, "public_body"),
        ("Premier Training Academy", "Fees", False, "contract_spend"),
        ("St Pauls Ce Primary School (Cross Lane)", "Fees", False, "public_body"),
        ("Springwood Primary", "Fees", False, "public_body"),
        ("Primary Care Ltd", "Fees", False, "contract_spend"),
        ("Wasp Pre-School", "Pmnts Privt Provider", False, "grant"),
        ("Aim Habonim-Nursery", "Pupil Assistance", False, "grant"),
        ("Moss Bank Nurseries", "Horticultural/GMaint", False, "contract_spend"),
        ("Ladybrook Nursery", "Other Prof Fees", False, "contract_spend"),
        ("Cambian Childcare Ltd", "Payts to Agencies", False, "contract_spend"),
        ("Branwood Preparatory School", "Fees", False, "contract_spend"),
        ("GREATER MANCHESTER SUPERANN FUND", "Alt COA Pension F", False, "public_body"),
        ("TEACHERS PENSIONS", "Teachers Supn Fund", False, "public_body"),
        ("PRUDENTIAL LIFE & PENSIONS", "AVC WISE", False, "contract_spend"),
        ("British Youth Council", "Subscriptions", False, "contract_spend"),
        ("Lowry District Scout Council", "Grants", False, "grant"),
        ("Eccles Borough Band", "Grants", False, "grant"),
    ],
)
def test_scope_is_decided_by_the_first_rule_that_applies(payee: str, purpose: str, withheld: bool, scope: str) -> None:
    assert scope_of(payee, purpose, withheld=withheld)[0] == scope


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2535986", "02535986"),
        ("02535986", "02535986"),
        ("SC12345", "SC012345"),
        ("oc 301234", "OC301234"),
        ("IP29627R", None),
        ("CHA1049226", None),
        ("GBML4119704", None),
        ("0", None),
        ("", None),
        ("123456789", None),
    ],
)
def test_a_company_number_has_eight_characters_and_nothing_else_is_one(text: str, number: str | None) -> None:
    assert company_number(text) == number


def test_names_are_the_same_only_to_the_letter_once_normalised() -> None:
    assert normalised_name("P. Casey & Co. Ltd") == normalised_name("P Casey and Company Limited") == "P CASEY AND"
    assert normalised_name("Aspire") != normalised_name("Aspires")
    assert normalised_name("The Company Ltd") == "THE COMPANY LTD"
    assert supplier_id("02535986", "Acme") == "GB-COH-02535986"
    assert supplier_id(None, "Acme Ltd") == supplier_id(None, "ACME LIMITED")


ACME = {
    "ACME": [("GB-COH-00000001", ("GB-COH-00000001",)), ("GB-COH-00000002", ("GB-COH-00000002",))],
    "GB-COH-00000002": [("GB-COH-00000002", ("GB-COH-00000002",))],
}


def test_one_name_with_two_company_numbers_fits_both_and_is_neither_for_certain() -> None:
    both = ["GB-COH-00000001", "GB-COH-00000002"]
    assert suppliers_of("Acme Ltd", {}, ACME) == (both, "normalised_name", False)
    assert suppliers_of("Acme Ltd", {"GB-COH-00000002": "company_number"}, ACME) == (
        ["GB-COH-00000002"],
        "company_number",
        True,
    )
    assert suppliers_of("Acme Ltd", {"GB-COH-00000003": "company_number"}, ACME) is None
    assert suppliers_of("Acme Two Ltd", {}, ACME) is None


def test_a_payment_to_one_of_several_companies_of_a_name_is_ambiguous_and_never_without_a_contract() -> None:
    several = KnownSupplier(supplier_id=None, basis="normalised_name", contracts=(RUNNING, OVER))
    assert judge_supplied(PAYMENT, several) == PaymentUnmatched(
        payment_id="P", answer="ambiguous", supplier_id=None, candidates=("running",)
    )


def test_a_payee_whose_name_turns_out_to_be_several_companies_is_matched_no_longer() -> None:
    several = KnownSupplier(supplier_id=None, basis="normalised_name")
    assert identification("E", "Acme", several) == SupplierUnmatched(payee_id="E", supplier_name="Acme", several=True)
    assert identification("E", "Acme", None) == SupplierUnmatched(payee_id="E", supplier_name="Acme", several=False)
    assert identification("E", "Acme", supplier()) == SupplierMatched(
        payee_id="E", supplier_name="Acme", supplier_id="GB-COH-00000001", basis="normalised_name"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME", "АСМЕ"),  # Cyrillic
        ("Фирма Ltd", "Завод Ltd"),
        ("Acme", "Ac\u200bme"),
        ("Acme", "ＡＣＭＥ"),
        ("Фирма", ""),
    ],
)
def test_letters_that_look_alike_are_not_the_same(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


@pytest.mark.parametrize(
    "written", ["Women’s Café & Co", "WOMEN'S CAFE AND CO.", "womens cafe\u0301 and", "Women\x92s Café &"]
)
def test_accents_and_quotation_marks_do_not_tell_names_apart(written: str) -> None:
    assert normalised_name(written) == "WOMENS CAFE AND"
