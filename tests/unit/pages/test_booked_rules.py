"""What a payment's own booking has to explain, by hand: only where two records contradict each other."""

from datetime import date
from typing import Any

from gateway.finding_shapes import Carded, Finding, Named, Ordered, Referenced, Seen
from gateway.findings import findings

DAY = date(2022, 7, 1)
ON = date(2022, 9, 1)


def found(**seen: Any) -> list[Finding]:
    return findings(Seen(contracts={}, unmatched=(), singles=(), **seen), ON)


def order(raised: date, invoiced: date = DAY, number: str = "PO-1", pence: int = 100) -> Ordered:
    return Ordered(
        supplier_id="S1",
        name="Acme Ltd",
        purchase_order=number,
        raised_on=raised,
        invoiced_on=invoiced,
        net_pence=pence,
    )


def test_an_order_after_the_invoice_is_asked_about_once_for_its_supplier() -> None:
    assert found(ordered=[order(DAY), order(date(2022, 6, 30))]) == []
    (one,) = found(ordered=[order(date(2022, 7, 2)), order(date(2022, 7, 31), number="PO-2", pence=50), order(DAY)])
    assert (one.code, one.cause_id, one.at_stake_pence, one.payments) == ("late_order", "S1", 150, 2)
    assert one.inputs == {"orders": "2", "most_days_late": "30"}


def named(paid_to: str, pence: int = 100) -> Named:
    return Named(
        contract_id="C1", title="Swings", contract_supplier_id="S1", supplier_id=paid_to, name=f"{paid_to} Ltd",
        net_pence=pence,
    )  # fmt: skip


def test_a_payment_that_names_somebody_elses_contract() -> None:
    assert found(named=[named("S1")]) == []
    (one,) = found(named=[named("S1"), named("S2"), named("S3", 20)])
    assert (one.code, one.cause, one.cause_id, one.at_stake_pence) == ("other_party", "contract", "C1", 120)
    assert one.inputs == {"paid_to": "S2 Ltd, S3 Ltd"}
    (many,) = found(named=[named(f"S{n}") for n in range(2, 7)])
    assert many.inputs == {"paid_to": "S2 Ltd, S3 Ltd, S4 Ltd and others"}


def card(paid_on: date) -> Carded:
    return Carded(
        supplier_id="S1", name="Acme Ltd", title="Swings", starts_on=date(2022, 4, 1), ends_on=date(2022, 9, 30),
        paid_on=paid_on, net_pence=100,
    )  # fmt: skip


def test_what_was_bought_by_card_while_a_contract_was_in_force() -> None:
    assert found(carded=[card(date(2022, 3, 31)), card(date(2022, 10, 1))]) == []
    (one,) = found(carded=[card(date(2022, 4, 1)), card(date(2022, 9, 30)), card(date(2022, 10, 1))])
    assert (one.code, one.at_stake_pence, one.payments) == ("card_on_contract", 200, 2)


def large(supplier: str, *, named: bool, pence: int = 2_500_000) -> Referenced:
    return Referenced(supplier_id=supplier, name=f"{supplier} Ltd", net_pence=pence, named=named)


def test_a_large_payment_without_a_reference_where_nine_in_ten_have_one() -> None:
    most = [large(f"S{number}", named=True) for number in range(18)]
    without = [large("T1", named=False), large("T1", named=False, pence=2_600_000)]
    (one,) = found(referenced=[*most, *without])
    assert (one.code, one.cause_id, one.at_stake_pence, one.payments) == ("missing_reference", "T1", 5_100_000, 2)
    assert one.inputs == {"band": "£25,000.00", "named_elsewhere": "18 of 20"}
    assert found(referenced=[*most, *without, large("T2", named=False)]) == [], "to name none is its custom"
    assert found(referenced=[]) == []
