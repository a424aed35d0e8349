"""Which rows of a file that publishes its period again state a payment otherwise? Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from schemas.spend import PaymentCorrected, PaymentScoped, Scope
from services.spend.domain import Judgement, KnownSupplier, Stated, judged
from services.spend.judgement.scoping import scoped


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """A payment as a file stated it last."""

    payment_id: str
    payee_id: str
    document_number: str | None
    file_id: str
    line: int
    net_pence: int
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


def corrections(
    new: Iterable[tuple[str, str, str | None]], left_out: Iterable[OnRecord], republished: Collection[str]
) -> dict[str, OnRecord]:
    """Which new rows (content id, payee id, document number) state a payment of their period otherwise: by content id.

    A file publishes its period again where it repeats at least half of what is on record of it; only of such a file
    this is asked. A row of it is then a correction of the payment that it leaves out, where each is the only one of its
    supplier and document number, or, where neither has a number and the file that stated the payment is one of the
    `republished`, of its supplier. Everything else is a new payment: two rows of one document cannot be told apart.
    """
    rows: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
    for content_id, payee, number in new:
        rows[payee, number or None].append(content_id)
    payments: defaultdict[tuple[str, str | None], list[OnRecord]] = defaultdict(list)
    for payment in left_out:
        if payment.document_number or payment.file_id in republished:
            payments[payment.payee_id, payment.document_number or None].append(payment)
    return {
        found[0]: payments[key][0] for key, found in rows.items() if len(found) == 1 and len(payments.get(key, ())) == 1
    }


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
