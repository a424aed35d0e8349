"""Which column means what: by its name, a name with a slip, what stands in it, or what a person said."""

from collections.abc import Callable, Iterator

import pytest

from doors.problems import BadRequest
from doors.rows import Line
from services.spend.published.columns import layout_id, layout_of

ROWS = ["2021-04-01,Acme Ltd,100.00", "2021-04-20,Bolt Ltd,-20.50"]


def lines(*texts: str) -> Callable[[], Iterator[Line]]:
    return lambda: (Line(number, tuple(text.split(","))) for number, text in enumerate(texts, 1))


def columns(*texts: str, given: dict[str, str] | None = None) -> dict[str, tuple[int, str]]:
    found = layout_of(lines(*texts), given).columns
    return {meaning: (column.place, column.reason) for meaning, column in found.items()}


def test_columns_are_found_by_their_names_wherever_they_stand() -> None:
    assert columns("Payment Date,Supplier Name,Net Amount", *ROWS) == {
        "paid_on": (0, "by its name"), "supplier": (1, "by its name"), "net": (2, "by its name"),
    }  # fmt: skip
    turned = layout_of(lines("Net Amount,Department,Payment Date,Supplier Name", "1.00,Place,2021-04-01,Acme Ltd"))
    assert {meaning: column.place for meaning, column in turned.columns.items()} == {
        "net": 0, "department": 1, "paid_on": 2, "supplier": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    "header",
    ["Payemnt Date,Suplier Name,Net Amuont", "PAYMENT DTAE,supplier nmae,Net_Amount", "Date of Paymet,Vendro Name,Net"],
)
def test_a_name_with_a_slip_is_read_as_what_is_meant(header: str) -> None:
    found = columns(header, *ROWS)
    assert {meaning: place for meaning, (place, _) in found.items()} == {"paid_on": 0, "supplier": 1, "net": 2}
    assert "its name is misspelt" in {reason for _, reason in found.values()}


@pytest.mark.parametrize("name", ["Supplier ID", "Supplier Number", "Suppliers Postcode", "Creditor Type"])
def test_a_column_that_says_something_else_of_a_supplier_is_not_the_name(name: str) -> None:
    with pytest.raises(BadRequest, match="no column is recognised as a supplier's name"):
        columns(f"Payment Date,{name},Net Amount", *ROWS)


def test_a_slip_is_not_believed_against_what_the_column_holds() -> None:
    with pytest.raises(BadRequest, match="no column is recognised as a date of payment"):
        columns("Rate Paid,Supplier Name,Net Amount", "0.5,Acme Ltd,100.00")


def test_days_and_amounts_are_recognised_in_a_column_without_a_name() -> None:
    found = columns(",Supplier Name,", *ROWS)
    assert found["paid_on"] == (0, "it has no name, and is the only such column that holds days")
    assert found["net"] == (2, "it has no name, and is the only such column that holds amounts")


def test_of_two_nameless_amounts_neither_is_taken() -> None:
    with pytest.raises(BadRequest, match="no column is recognised as a net amount"):
        columns("Date,Supplier,,", "2021-04-01,Acme Ltd,100.00,120.00")


def test_what_stands_above_the_columns_is_a_preamble() -> None:
    layout = layout_of(lines("Payments over £500", "Published by a council,,", "Date,Supplier,Amount", *ROWS))
    assert (layout.preamble, layout.header) == (2, ("Date", "Supplier", "Amount"))


def test_a_column_that_is_there_twice_is_taken_once_where_both_say_the_same() -> None:
    assert columns("Date,Supplier,Amount,Amount", "2021-04-01,Acme,1.00,1.00")["net"][0] == 2
    with pytest.raises(BadRequest, match="two columns called Amount, which differ"):
        columns("Date,Supplier,Amount,Amount", "2021-04-01,Acme,1.00,2.00")


GATESHEAD = "Nstrg(T),TransNo,Period,Supplier ID(T),Amount,Updated"
GATESHEAD_ROW = "Corporate Services,200078807,202205,Barclaycard,120.00,2022-08-28"


def test_what_cannot_be_settled_is_asked_with_the_columns_that_may_be_meant() -> None:
    with pytest.raises(BadRequest) as refusal:
        columns(GATESHEAD, GATESHEAD_ROW)
    assert "a date of payment or a supplier's name" in refusal.value.message
    assert refusal.value.remedy is not None
    assert "perhaps paid_on=Updated" in refusal.value.remedy


def test_what_a_person_says_goes_before_everything_else() -> None:
    found = columns(GATESHEAD, GATESHEAD_ROW, given={"paid_on": "Updated", "supplier": "supplier id(t)"})
    assert (found["paid_on"], found["supplier"]) == ((5, "the mapping says so"), (3, "the mapping says so"))
    assert found["net"] == (4, "by its name")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"when": "Updated"}, "when is no field."),
        ({"paid_on": "Paid"}, "The file has no column called Paid."),
        ({"paid_on": ""}, "The file has no column called ."),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(given: dict[str, str], says: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        columns(GATESHEAD, GATESHEAD_ROW, given=given)
    assert (refusal.value.field, refusal.value.message) == ("mapping", says)


def test_what_was_agreed_of_the_same_columns_holds_and_of_others_does_not() -> None:
    agreed = {layout_id(GATESHEAD.split(",")): {"paid_on": "Updated", "supplier": "Supplier ID(T)"}}
    layout = layout_of(lines("Gateshead,,,,,", GATESHEAD + ",,", GATESHEAD_ROW + ",,"), None, agreed)
    assert (layout.preamble, layout.columns["paid_on"].reason) == (1, "agreed for these columns")
    with pytest.raises(BadRequest):
        layout_of(lines(GATESHEAD.replace("Period", "Month"), GATESHEAD_ROW), None, agreed)


@pytest.mark.parametrize(
    ("day", "month_first", "says"),
    [
        ("24/12/2010", False, "days come first: some first number is over 12, and no second one"),
        ("12/24/2010", True, "months come first: some second number is over 12, and no first one"),
        ("01/02/2010", False, "days come first, as in the United Kingdom: no number says otherwise"),
        ("2010-12-24", False, "days are written without doubt"),
    ],
)
def test_the_order_of_days_and_months_is_told_with_its_evidence(day: str, month_first: bool, says: str) -> None:
    layout = layout_of(lines("Date,Supplier,Amount", f"{day},Acme,1.00"))
    assert (layout.month_first, layout.dates) == (month_first, says)
