"""What tells on which of several contracts in force a payment is, worked by hand, rule by rule."""

from datetime import date

import pytest
from msgspec.structs import replace

from schemas.spend import PaymentMatched
from services.spend.judgement.contract import (
    KnownContract,
    Paid,
    another_kind,
    another_purchase,
    in_own_name,
    is_part,
    judge,
    just_begun,
)

CARE = KnownContract(
    contract_id="care", reference="R1", starts_on=date(2021, 4, 1), ends_on=date(2023, 3, 31),
    value_pence=2_400_000_00, annual_pence=1_200_000_00, supplier_name="Aspire for Salford", title="Social care",
)  # fmt: skip
LOCKS = KnownContract(
    contract_id="locks", reference="R2", starts_on=date(2021, 4, 1), ends_on=date(2023, 3, 31),
    value_pence=20_000_00, annual_pence=10_000_00, supplier_name="Aspire", title="Locks and keys",
)  # fmt: skip
PAID = Paid(payment_id="P", paid_on=date(2021, 9, 1), net_pence=5_000_01, supplier_name="ASPIRE LTD", purpose="Fees")


def answer(paid: Paid, *contracts: KnownContract) -> str:
    judged = judge(paid, "S", contracts)
    return judged.contract_id if isinstance(judged, PaymentMatched) else judged.answer


@pytest.mark.parametrize(
    ("pence", "expected"),
    [
        (2_400_000_00, True),  # the value
        (1_200_000_00, True),  # the annual value
        (800_000_00, False),  # a third of the value
        (300_000_00, True),  # a quarter of the annual value
        (100_000_00, True),  # a month
        (50_000_00, False),  # half a month
        (100_000_01, False),  # a penny more
        (-100_000_00, False),  # a credit
        (0, False),
    ],
)
def test_an_amount_is_part_of_a_contract_to_the_penny(pence: int, expected: bool) -> None:
    assert is_part(pence, CARE) is expected


def test_a_part_that_does_not_come_out_even_may_be_rounded_either_way() -> None:
    third = replace(CARE, value_pence=None, annual_pence=1_000_03)  # a quarter is £250.0075
    assert [is_part(pence, third) for pence in (250_00, 250_01, 250_02)] == [True, True, False]
    assert not is_part(1, replace(CARE, value_pence=None, annual_pence=0))


def test_a_contract_of_years_is_not_paid_by_halves_of_its_value() -> None:
    long = replace(CARE, annual_pence=800_000_00)
    assert [is_part(pence, long) for pence in (2_400_000_00, 1_200_000_00)] == [True, False]
    assert is_part(1_200_000_00, replace(long, annual_pence=None)), "no years are stated"


def test_of_several_in_force_the_one_of_which_the_amount_is_part_is_paid() -> None:
    assert answer(PAID, CARE, LOCKS) == "ambiguous"
    assert answer(replace(PAID, net_pence=5_000_00), CARE, LOCKS) == "locks"
    assert answer(replace(PAID, net_pence=5_000_00), LOCKS, replace(LOCKS, contract_id="others")) == "ambiguous"


def test_a_payment_that_outgrows_all_contracts_but_one_is_on_that() -> None:
    assert answer(replace(PAID, net_pence=24_000_00), CARE, LOCKS) == "ambiguous"
    assert answer(replace(PAID, net_pence=24_000_01), CARE, LOCKS) == "care"
    assert answer(replace(PAID, net_pence=24_000_01), replace(CARE, value_pence=None), LOCKS) == "care"


def test_the_contract_under_the_payees_own_name_comes_before_those_of_another_name_with_the_same_number() -> None:
    parking = replace(CARE, contract_id="parking", supplier_name="NSL Limited", title="Parking")
    assert answer(PAID, parking, LOCKS) == "locks"
    ended = replace(LOCKS, ends_on=date(2021, 8, 31))
    assert answer(PAID, parking, ended) == "ambiguous", "somebody else's contract is not certain"
    assert answer(PAID, parking) == "parking", "no contract says otherwise"
    assert answer(replace(PAID, net_pence=100_000_00), parking, LOCKS) == "parking", "a month of it to the penny"
    assert in_own_name(replace(PAID, supplier_name=None), parking)
    assert in_own_name(PAID, replace(parking, supplier_name=None))


@pytest.mark.parametrize(("day", "expected"), [(8, "ambiguous"), (9, "locks")])
def test_what_is_paid_in_the_first_week_of_a_term_is_doubted(day: int, expected: str) -> None:
    early = replace(PAID, paid_on=date(2021, 4, day))
    assert answer(early, LOCKS) == expected
    assert answer(replace(early, contract_reference="R2"), LOCKS) == "locks", "it says so itself"
    assert answer(replace(early, net_pence=10_000_00), LOCKS) == "locks", "a year in advance"


def test_the_first_week_of_an_extension_is_not_the_first_of_the_agreement() -> None:
    further = replace(LOCKS, contract_id="further", extends="locks", starts_on=date(2021, 8, 30))
    assert answer(PAID, LOCKS, further) == "further"
    assert just_begun(PAID, [further])
    assert not just_begun(PAID, [LOCKS, further])


def test_of_a_supplier_with_other_agreements_a_purchase_that_the_account_names_must_be_in_the_title() -> None:
    lines = replace(LOCKS, contract_id="lines", title="Leased Lines (Wireless)", ends_on=date(2021, 5, 31))
    rental = replace(PAID, purpose="Lease line rentals")
    assert answer(PAID, LOCKS, lines) == "locks", "fees may be for anything"
    assert answer(rental, LOCKS, lines) == "ambiguous", "the other's purchase"
    assert answer(replace(rental, purpose="Postage"), LOCKS, lines) == "ambiguous", "nobody's"
    assert answer(replace(rental, purpose="Postage"), LOCKS) == "locks", "there is only this"
    assert answer(replace(rental, purpose="Lease of locks"), LOCKS, lines) == "locks", "a word of its own title too"
    assert answer(replace(rental, purpose="Aspire management"), LOCKS, lines) == "locks", "the payee's own name"
    assert answer(replace(rental, net_pence=10_000_00), LOCKS, lines) == "locks", "the annual value to the penny"
    assert not another_purchase(replace(PAID, purpose=None), [LOCKS], [LOCKS, lines])
    assert not another_purchase(rental, [replace(LOCKS, title=None)], [LOCKS, lines]), "nobody knows what it is for"
    assert not another_purchase(
        replace(PAID, purpose="Other services"), [LOCKS], [LOCKS, replace(lines, title="Services")]
    )
    further = replace(LOCKS, contract_id="further", extends="locks")
    assert not another_purchase(rental, [LOCKS, further], [LOCKS, further]), "an extension is no other agreement"


@pytest.mark.parametrize(
    ("purpose", "title", "expected"),
    [
        ("Purch of Furn/Equip", "CCTV Maintenance and Repair Services", True),  # goods
        ("Cmputer Eqt purchase", "Unified Communications Software and Support", True),
        ("Equipment Purchase", "Supply, Repair and Maintenance of Catering Equipment", False),  # it supplies
        ("Purch of Furn/Equip", "Office Desking, Seating & Storage", False),  # as much goods as a service
        ("Purch of Furn/Equip", "New Data Centre UPS System", False),  # a title of no kind
        ("Purchase of residential care", "Care services", False),  # what is bought is a service
        ("Equipment Repair", "CCTV Maintenance and Repair Services", False),
        ("Works & Building", "Annual Inspection and Fault Response Service", True),  # works
        ("Works & Building", "Responsive Repairs Framework", False),
        ("Other Works", "Installation of Cremators with Ongoing Maintenance", False),
        ("Prog Maint & Works", "Water Hygiene Monitoring Services", False),  # upkeep
        ("Gen Contractor Work", "Water Quality Services", False),
        ("", "Services", False),
        ("Other Works", "", False),
    ],
)
def test_goods_and_works_are_not_on_a_contract_for_services_alone(purpose: str, title: str, expected: bool) -> None:
    contract = replace(LOCKS, title=title or None)
    assert another_kind(replace(PAID, purpose=purpose or None), [contract]) is expected
    assert answer(replace(PAID, purpose=purpose), contract) == ("ambiguous" if expected else "locks")
    assert answer(replace(PAID, purpose=purpose, net_pence=10_000_00), contract) == "locks", (
        "the annual value to the penny"
    )


def test_nothing_is_certain_while_it_is_not_known_who_was_paid() -> None:
    judged = judge(replace(PAID, net_pence=5_000_00), None, (LOCKS,))
    assert not isinstance(judged, PaymentMatched)
    assert (judged.answer, judged.candidates) == ("ambiguous", ("locks",))
