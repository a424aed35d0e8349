"""When a payment may be voided or cancelled, and what one payment may say of another."""

from dataclasses import replace
from datetime import date

import pytest

from eventlog.errors import Refused
from schemas.spend import PaymentCancelled, PaymentVoided
from services.spend.booking import Link
from services.spend.domain import identified, record
from services.spend.feeds.withdrawing import (
    AlreadyWithdrawn,
    CreditAboveZero,
    NoSuchOriginal,
    OriginalStands,
    OriginalWithdrawn,
    VoidedBeforePaid,
    Withdrawable,
    Withdrawal,
    WithdrawnInTheFuture,
    check_links,
    withdraw,
)
from tests.builders import SALFORD
from tests.unit.spend.test_domain import stated

TODAY = date(2022, 7, 20)
PAID = Withdrawable(payment_id="P1", paid_on=date(2022, 7, 1), version=3, withdrawn=None)
VOID = Withdrawal(kind="voided", on=date(2022, 7, 8), reason="Transfer returned")
CANCEL = replace(VOID, kind="cancelled", on=date(2022, 6, 30))


def test_a_payment_is_voided_or_cancelled() -> None:
    assert withdraw(PAID, VOID, TODAY) == PaymentVoided(
        payment_id="P1", voided_on=date(2022, 7, 8), reason="Transfer returned"
    )
    assert withdraw(PAID, CANCEL, TODAY) == PaymentCancelled(
        payment_id="P1", cancelled_on=date(2022, 6, 30), reason="Transfer returned"
    )


def test_the_same_said_again_adds_nothing_and_something_else_is_refused() -> None:
    withdrawn = replace(PAID, withdrawn=VOID)
    assert withdraw(withdrawn, VOID, TODAY) is None
    for other in (CANCEL, replace(VOID, reason="Another"), replace(VOID, on=TODAY)):
        with pytest.raises(AlreadyWithdrawn, match="was voided on 2022-07-08"):
            withdraw(withdrawn, other, TODAY)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (replace(VOID, on=date(2022, 6, 30)), VoidedBeforePaid),
        (replace(VOID, on=date(2022, 7, 21)), WithdrawnInTheFuture),
        (replace(CANCEL, on=date(2022, 7, 21)), WithdrawnInTheFuture),
    ],
)
def test_a_day_that_cannot_be_is_refused(wanted: Withdrawal, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        withdraw(PAID, wanted, TODAY)


@pytest.mark.parametrize(
    ("link", "net", "refusal"),
    [
        (Link("credit", "P9"), -1, NoSuchOriginal),
        (Link("credit", "gone"), -1, OriginalWithdrawn),
        (Link("recharge", "gone"), 1, OriginalWithdrawn),
        (Link("reissue", "stands"), 1, OriginalStands),
        (Link("credit", "stands"), 0, CreditAboveZero),
        (Link("credit", "stands"), -1, None),
        (Link("recharge", "stands"), 1, None),
        (Link("reissue", "gone"), 1, None),
    ],
)
def test_a_link_is_held_to_what_is_on_record(link: Link, net: int, refusal: type[Refused] | None) -> None:
    row = stated(net_pence=net, link=link)
    if refusal is None:
        check_links([(row, link)], {"stands": None, "gone": "voided"})
        return
    with pytest.raises(refusal) as refused:
        check_links([(row, link)], {"stands": None, "gone": "voided"})
    assert getattr(refused.value, "row") is row  # noqa: B009


def test_a_link_is_part_of_what_a_payment_says() -> None:
    rows = [stated(link=link) for link in (None, Link("credit", "a"), Link("credit", "b"), Link("recharge", "a"))]
    assert len({payment_id for payment_id, _ in identified(SALFORD, rows)}) == 4
    linked = record(SALFORD, "P2", rows[1], repeats_document=False, supplier=None)
    assert [type(fact).__name__ for fact in linked.facts][:3] == ["PaymentRecorded", "PaymentLinked", "PaymentScoped"]
