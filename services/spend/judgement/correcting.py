"""Which rows of a file that publishes its period again state a payment otherwise? Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from schemas.spend import PaymentCorrected, PaymentScoped, Scope
from services.spend.domain import KnownSupplier, Stated, judged
from services.spend.judgement.contract import Judgement
from services.spend.judgement.scoping import scoped

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """A payment as a file stated it last."""

    payment_id: str
    payee_id: str
    document_number: str | None
    file_id: str
    line: int
    net_pence: int
    paid_on: date
    version: int
    scope_decided: Scope | None = None
    """What a person decided that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A payment that a later file states otherwise, with everything that was decided of it anew."""

    corrected: PaymentCorrected
    scoped: PaymentScoped
    judgement: Judgement | None
    version: int
    """Of its stream, before."""

    @property
    def facts(self) -> tuple[PaymentCorrected | PaymentScoped | Judgement, ...]:
        """In the order in which they are recorded."""
        return (self.corrected, self.scoped, *([self.judgement] if self.judgement else []))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row that is not on the record as it stands."""

    content_id: str
    payee_id: str
    document_number: str | None
    paid_on: date
    net_pence: int


ALIKE: Sequence[Callable[[OnRecord | Unknown], Hashable]] = (
    lambda each: (each.paid_on, each.net_pence),
    lambda each: each.paid_on,
    lambda each: each.net_pence,
    lambda _: None,
)
"""By what a row is told to be the same payment among those of its supplier and document, the surest first."""


def corrections(
    new: Iterable[Unknown], left_out: Iterable[OnRecord], republished: Collection[str]
) -> dict[str, OnRecord]:
    """Which new rows state a payment of their period otherwise: by content id.

    A file publishes its period again where it repeats at least half of what is on record of it; only of such a file
    this is asked. A row of it is then a correction of a payment that it leaves out, of the same supplier and document
    number, or, where neither has a number and the file that stated the payment is one of the `republished`, of the
    same supplier. Where there are several, a row is the payment of its day and amount, else of its day, else of its
    amount, else the last that is left, each where only one is. Everything else is a new payment.
    """
    rows: defaultdict[tuple[str, str | None], list[Unknown]] = defaultdict(list)
    for row in new:
        rows[row.payee_id, row.document_number or None].append(row)
    payments: defaultdict[tuple[str, str | None], list[OnRecord]] = defaultdict(list)
    for payment in left_out:
        if payment.document_number or payment.file_id in republished:
            payments[payment.payee_id, payment.document_number or None].append(payment)
    return {
        row.content_id: payment
        for key in rows.keys() & payments.keys()
        for row, payment in _told_apart(rows[key], payments[key])
    }


def _told_apart(rows: list[Unknown], payments: list[OnRecord]) -> Iterator[tuple[Unknown, OnRecord]]:
    for alike in ALIKE:
        ours, theirs = _only_ones(rows, alike), _only_ones(payments, alike)
        pairs = [(ours[key], theirs[key]) for key in ours.keys() & theirs.keys()]
        yield from pairs
        found = {row.content_id for row, _ in pairs} | {payment.payment_id for _, payment in pairs}
        rows = [row for row in rows if row.content_id not in found]
        payments = [payment for payment in payments if payment.payment_id not in found]


def _only_ones(among: Iterable[Item], alike: Callable[[Item], Hashable]) -> dict[Hashable, Item]:
    found: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for each in among:
        found[alike(each)].append(each)
    return {key: each[0] for key, each in found.items() if len(each) == 1}


def restate(before: OnRecord, stated: Stated, supplier: KnownSupplier | None) -> Restated:
    """Everything that is decided of a payment that a later file states otherwise."""
    assert stated.file_id is not None
    assert stated.line is not None
    placed = scoped(
        before.payment_id,
        stated.supplier_name,
        stated.purpose,
        withheld=stated.withheld,
        decided=before.scope_decided,
        proclass_code=stated.booking.proclass_code,
        cpv_code=stated.booking.cpv_code,
    )
    return Restated(
        corrected=PaymentCorrected(
            payment_id=before.payment_id,
            file_id=stated.file_id,
            line=stated.line,
            corrects_file_id=before.file_id,
            corrects_line=before.line,
            corrects_net_pence=before.net_pence,
            paid_on=stated.paid_on,
            contract_reference=stated.contract_reference,
            department=stated.department,
            purpose=stated.purpose,
            net_pence=stated.net_pence,
            vat_pence=stated.vat_pence,
            gross_pence=stated.gross_pence,
        ),
        scoped=placed,
        judgement=judged(placed, stated, supplier),
        version=before.version,
    )
