"""What is published of a quarter, by hand: in a file, withheld in it, or left out, and always to the penny."""

import csv
import io
import random
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.duties import HalfYear, prompt_payment
from gateway.duties import Paid as DutyPaid
from gateway.publishing import (
    CARD,
    CORRECTIONS,
    NO_VAT_STATED,
    OF_PAYMENTS,
    OVER_500,
    PROMPT,
    REDACTED,
    REDACTIONS,
    Corrected,
    Draft,
    Paid,
    draft,
)
from schemas.legal_days import Quarter

Q2 = Quarter(2021, 2)
REQUIRED = frozenset({
    "OrganisationalUnit", "BeneficiaryName", "PaymentDate", "Amount", "IrrecoverableVATAmount", "Purpose",
})  # fmt: skip
"""Of the columns that the Local Government Association's schema for spend has (esd-org-uk/schemas, 3e8f808b1185)."""


def paid(number: int = 1, **changes: Any) -> Paid:
    plain: dict[str, Any] = {
        "payment_id": f"P{number}", "paid_on": date(2021, 5, 1), "document_number": f"D{number}", "department": "Place",
        "supplier_name": "Acme Ltd", "withheld": False, "kept_back": False, "company_number": "01234567",
        "additional_identifiers": ("GB-VAT-123", "GB-CHC-1049226"), "purpose": "Materials", "account": None,
        "net_pence": 100_000, "irrecoverable_vat_pence": 0, "cpv_code": None, "category_code": None,
        "scope": "contract_spend", "contract_reference": "S1",
    }  # fmt: skip
    return Paid(**(plain | changes))


def drawn(*payments: Paid, corrected: tuple[Corrected, ...] = ()) -> Draft:
    return draft(Q2, "GB-LAE-SLF", "Salford City Council", payments, corrected)


def rows(made: Draft, name: str) -> list[dict[str, str]]:
    (file,) = (each for each in made.files if each.name == name)
    found = list(csv.DictReader(io.StringIO(file.content, newline="")))
    assert len(found) == file.rows
    return found


def test_a_row_says_what_the_schema_asks_for() -> None:
    (row,) = rows(drawn(paid(category_code="270000", irrecoverable_vat_pence=1_250)), OVER_500)
    assert {name: value for name, value in row.items() if value} == {
        "OrganisationLabel": "Salford City Council", "OrganisationURI": "GB-LAE-SLF", "OrganisationalUnit": "Place",
        "BeneficiaryName": "Acme Ltd", "CompaniesHouseRegistrationNumber": "01234567",
        "CharityCommissionNumber": "1049226", "VCSEGrant": "false", "PaymentDate": "2021-05-01",
        "TransactionNumber": "D1", "Amount": "1000.00", "IrrecoverableVATAmount": "12.50", "Purpose": "Materials",
        "ProclassLabel": "Information Communication Technology", "ProclassCode": "270000", "CardTransaction": "None",
        "ContractRef": "S1",
    }  # fmt: skip


def test_what_must_be_stated_is_in_every_row() -> None:
    bare = paid(department="", purpose="", supplier_name="", irrecoverable_vat_pence=None, document_number=None)
    made = drawn(bare)
    (row,) = rows(made, OVER_500)
    assert all(row[name] for name in REQUIRED), row
    assert re.fullmatch("GPC|CCC|None", row["CardTransaction"])
    assert made.notes == {NO_VAT_STATED: 1}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"net_pence": 50_001}, OVER_500),
        ({"net_pence": 50_000}, "not over £500"),
        ({"net_pence": -50_001}, OVER_500),
        ({"net_pence": -50_000}, "not over £500"),
        ({"net_pence": 1, "scope": "card"}, CARD),
        ({"supplier_name": "HMRC Cumbernauld"}, "tax, paid to HM Revenue and Customs"),
        ({"purpose": "Salaries"}, "salary or pension"),
        ({"purpose": "Pensions Increases"}, "salary or pension"),
        ({"supplier_name": "TEACHERS PENSIONS"}, "salary or pension"),
        ({"supplier_name": "Greater M/Cr Pension Fund"}, "salary or pension"),
        ({"supplier_name": "GREATER MANCHESTER SUPERANN FUND"}, "salary or pension"),
        ({"purpose": "Other Salary Groups"}, OVER_500),
        ({"purpose": "PWLB loan"}, "debt or investment"),
        ({"purpose": "Rents", "supplier_name": "Radnor Investments Ltd"}, OVER_500),
        ({"scope": "refund", "supplier_name": "Mrs A Example"}, "compensation of an individual, or refund"),
        ({"scope": "refund", "supplier_name": "Example Ltd"}, OVER_500),
        ({"scope": None}, OVER_500),
    ],
)  # fmt: skip
def test_where_a_payment_goes(changes: dict[str, Any], where: str) -> None:
    made = drawn(paid(**changes))
    found = {name: len(rows(made, name)) for name in OF_PAYMENTS} | {
        reason: part.payments for reason, part in made.left_out.items()
    }
    assert {name: count for name, count in found.items() if count} == {where: 1}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"withheld": True, "supplier_name": "REDACTED"}, "withheld in the ledger's own publication"),
        ({"supplier_name": "Mr J Example"}, "the payee's name is a person's"),
        ({"supplier_name": "Example & Co", "kept_back": True}, "a person withheld the payee"),
    ],
)
def test_a_withheld_name_is_in_no_file_and_its_reason_is(changes: dict[str, Any], reason: str) -> None:
    made = drawn(paid(**changes))
    (row,) = rows(made, OVER_500)
    assert row["BeneficiaryName"] == REDACTED
    assert (row["CompaniesHouseRegistrationNumber"], row["CharityCommissionNumber"]) == ("", "")
    (told,) = rows(made, REDACTIONS)
    assert (told["File"], told["TransactionNumber"], told["Amount"], told["Reason"]) == (
        OVER_500, "D1", "1000.00", reason,
    )  # fmt: skip
    assert not any("Example" in file.content for file in made.files)


def test_a_correction_withholds_names_too() -> None:
    same = {"quarter": "2021-Q1", "edition": 1, "paid_on": date(2021, 3, 1), "document_number": "D9"}
    made = drawn(
        corrected=(
            Corrected(
                **same,
                supplier_name="Mr J Example",
                withheld=False,
                kept_back=False,
                published_pence=100,
                now_pence=90_000,
            ),
            Corrected(
                **same,
                supplier_name="Acme Ltd",
                withheld=False,
                kept_back=False,
                published_pence=None,
                now_pence=70_000,
            ),
            Corrected(
                **same, supplier_name="Acme Ltd", withheld=False, kept_back=True, published_pence=60_000, now_pence=None
            ),
        )  # type: ignore[arg-type]
    )
    assert [
        (row["Change"], row["BeneficiaryName"], row["AmountPublished"], row["AmountNow"])
        for row in rows(made, CORRECTIONS)
    ] == [
        ("changed", REDACTED, "1.00", "900.00"),
        ("added", "Acme Ltd", "", "700.00"),
        ("withdrawn", REDACTED, "600.00", ""),
    ]


def test_a_formula_is_text_and_a_credit_is_a_number() -> None:
    (row,) = rows(drawn(paid(supplier_name="=cmd()", net_pence=-70_000)), OVER_500)
    assert (row["BeneficiaryName"], row["Amount"]) == ("'=cmd()", "-700.00")


def test_a_payment_of_another_quarter_is_no_part_of_it() -> None:
    for day in (date(2021, 3, 31), date(2021, 7, 1)):
        with pytest.raises(ValueError, match="is not of 2021-Q2"):
            drawn(paid(paid_on=day))


PAYMENTS = st.lists(
    st.tuples(
        st.integers(-200_000, 200_000), st.sampled_from(["contract_spend", "card", "grant", "refund", None]),
        st.sampled_from(["Acme Ltd", "Mr J Example", "HMRC"]), st.booleans(), st.integers(0, 90),
    ),
    max_size=30,
)  # fmt: skip


@given(PAYMENTS, st.randoms(use_true_random=False))
def test_every_penny_is_somewhere_and_the_order_makes_no_difference(told: list[Any], chance: random.Random) -> None:
    payments = [
        paid(number, net_pence=pence, scope=scope, supplier_name=name, withheld=withheld,
             paid_on=date.fromordinal(Q2.first.toordinal() + day))
        for number, (pence, scope, name, withheld, day) in enumerate(told)
    ]  # fmt: skip
    made = drawn(*payments)
    published = [file for file in made.files if file.name in OF_PAYMENTS]
    count = sum(file.rows for file in published) + sum(part.payments for part in made.left_out.values())
    pence = sum(file.net_pence for file in published) + sum(part.net_pence for part in made.left_out.values())
    assert (count, pence) == (made.control.payments, made.control.net_pence)
    assert (count, pence) == (len(payments), sum(each.net_pence for each in payments))
    chance.shuffle(payments)
    assert [file.digest for file in drawn(*payments).files] == [file.digest for file in made.files]


@pytest.mark.parametrize(
    ("text", "first", "last", "due"),
    [
        ("2021-Q1", date(2021, 1, 1), date(2021, 3, 31), date(2021, 4, 30)),
        ("2021-Q2", date(2021, 4, 1), date(2021, 6, 30), date(2021, 7, 31)),
        ("2021-Q4", date(2021, 10, 1), date(2021, 12, 31), date(2022, 1, 31)),
    ],
)
def test_a_quarter_has_its_days(text: str, first: date, last: date, due: date) -> None:
    quarter = Quarter.read(text)
    assert (str(quarter), quarter.first, quarter.last, quarter.due_on) == (text, first, last, due)


@pytest.mark.parametrize("text", ["2021-Q5", "2021Q2", "21-Q2", "2021-Q2 ", "٢٠٢١-Q2", ""])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        Quarter.read(text)


def invoice(received: date | None, took: int, pence: int = 100_000) -> DutyPaid:
    start = received or date(2022, 1, 1)
    return DutyPaid(
        payment_id="P", paid_on=start + timedelta(days=took), received_on=received, net_pence=pence, gross_pence=None,
        on_contract=False, contract_starts_on=None,
    )  # fmt: skip


def test_with_the_quarter_that_ends_a_half_year_go_the_figures_of_regulation_38() -> None:
    day = date(2021, 11, 1)
    paid_in_time = [invoice(day, 30), invoice(day, 10), invoice(day, 60), invoice(day, 61)]
    still_open = invoice(date(2022, 3, 1), 45, 70_000)
    prompt = prompt_payment(HalfYear(2022, 3), [*paid_in_time, still_open, invoice(None, 0, 50_000)])
    made = draft(Quarter(2022, 1), "GB-LAE-SLF", "Salford City Council", (), (), prompt)
    (row,) = rows(made, PROMPT)
    assert row == {
        "FirstDay": "2021-10-01", "LastDay": "2022-03-31", "Payments": "4", "MeanDaysToPay": "40.3",
        "PercentWithin30Days": "50.0", "PercentIn31To60Days": "25.0", "PercentLater": "25.0", "Payable": "4700.00",
        "PayableNotPaidInPeriod": "700.00", "PaymentsWithoutReceivedDate": "1", "AmountWithoutReceivedDate": "500.00",
    }  # fmt: skip
    assert (made.control.payments, made.control.net_pence) == (0, 0), "it is no payment of the quarter"
    assert PROMPT not in {file.name for file in drawn().files}


def test_where_no_received_day_is_known_the_figures_are_said_to_be_missing() -> None:
    prompt = prompt_payment(HalfYear(2022, 3), [invoice(None, 0)])
    (row,) = rows(draft(Quarter(2022, 1), "GB-LAE-SLF", "Salford City Council", (), (), prompt), PROMPT)
    assert (row["Payments"], row["MeanDaysToPay"], row["PercentWithin30Days"]) == ("0", "", "")
    assert row["PaymentsWithoutReceivedDate"] == "1"
