"""May a payment be voided or cancelled, and may one credit, replace or recharge another? Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from eventlog.errors import Refused
from schemas.spend import PaymentCancelled, PaymentVoided
from services.spend.booking import Link
from services.spend.domain import Stated

Kind = Literal["voided", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """That a payment counts no more, since when and why."""

    kind: Kind
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawable:
    """What must be known of a payment to withdraw it."""

    payment_id: str
    paid_on: date
    version: int
    withdrawn: Withdrawal | None


class AlreadyWithdrawn(Refused):
    code = "already-withdrawn"
    remedy = "What was said first stands; to pay it anew, send a payment that reissues it."


class VoidedBeforePaid(Refused):
    code = "voided-before-paid"
    field = "on"
    remedy = "Cancel a payment that was stopped before it was issued."


class WithdrawnInTheFuture(Refused):
    code = "withdrawn-in-the-future"
    field = "on"
    remedy = "Say it when it has happened."


def withdraw(payment: Withdrawable, wanted: Withdrawal, today: date) -> PaymentVoided | PaymentCancelled | None:
    """The fact that a payment counts no more; None where just this was said before. Raises Refused."""
    if payment.withdrawn == wanted:
        return None
    if payment.withdrawn is not None:
        raise AlreadyWithdrawn(f"The payment was {payment.withdrawn.kind} on {payment.withdrawn.on}.")
    if wanted.on > today:
        raise WithdrawnInTheFuture(f"{wanted.on} is still to come.")
    match wanted.kind:
        case "voided":
            if wanted.on < payment.paid_on:
                raise VoidedBeforePaid(f"The payment was made on {payment.paid_on}, after {wanted.on}.")
            return PaymentVoided(payment_id=payment.payment_id, voided_on=wanted.on, reason=wanted.reason)
        case "cancelled":
            return PaymentCancelled(payment_id=payment.payment_id, cancelled_on=wanted.on, reason=wanted.reason)
        case _:
            assert_never(wanted.kind)


class Unlinkable(Refused):
    """A payment says of another what cannot be; `row` is the payment, `field` what it says."""

    field = "original"

    def __init__(self, row: Stated, message: str) -> None:
        super().__init__(message)
        self.row = row


class NoSuchOriginal(Unlinkable):
    code = "no-such-original"
    remedy = "Name a payment by the payment_id that its receipt gives; send the original first."


class OriginalWithdrawn(Unlinkable):
    code = "original-withdrawn"
    remedy = "A payment that was withdrawn can only be reissued."


class OriginalStands(Unlinkable):
    code = "original-stands"
    remedy = "Void or cancel the original first: both would count."


class CreditAboveZero(Unlinkable):
    code = "credit-above-zero"
    field = "net"
    remedy = "A credit gives back: its net amount is below zero."


def check_links(links: Iterable[tuple[Stated, Link]], originals: Mapping[str, Kind | None]) -> None:
    """Hold payments to what they say of others; `originals` says of each that is on record if it was withdrawn.

    Raises Unlinkable for the first that cannot be.
    """
    for row, link in links:
        if link.original not in originals:
            raise NoSuchOriginal(row, f"There is no payment {link.original} on record.")
        withdrawn = originals[link.original]
        if link.kind == "reissue" and withdrawn is None:
            raise OriginalStands(row, f"The payment {link.original} still stands.")
        if link.kind != "reissue" and withdrawn is not None:
            raise OriginalWithdrawn(row, f"The payment {link.original} was {withdrawn}.")
        if link.kind == "credit" and row.net_pence >= 0:
            raise CreditAboveZero(row, "A credit has a net amount below zero.")
