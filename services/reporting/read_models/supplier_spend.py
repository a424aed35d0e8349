"""Which supplier on the register is behind a name that was paid?"""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas.spend import (
    SupplierLinkDecided,
    SupplierLinkProposed,
    SupplierMatched,
    SupplierMerged,
    SupplierSplit,
    SupplierUnmatched,
)

Said = SupplierMatched | SupplierUnmatched | SupplierLinkProposed | SupplierLinkDecided


class PayeeRow(Struct, frozen=True, kw_only=True, gc=False):
    """A name that was paid, the supplier it is known to be, and those that it may be."""

    payee_id: str
    name: str
    supplier_id: str | None = None
    """None while, or once, it is not known."""
    basis: str | None = None
    evidence: str | None = None
    score: int | None = None
    rules_dated: date | None = None
    candidates: tuple[str, ...] = ()
    """Suppliers that are proposed to a person, the likeliest first."""
    candidate_evidence: tuple[str, ...] = ()
    candidate_scores: tuple[str, ...] = ()
    """Of a thousand."""
    decided: str | None = None
    """What a person decided last."""
    decided_supplier_id: str | None = None
    reason: str | None = None


def project(row: PayeeRow | None, fact: Said, _recorded: Recorded) -> PayeeRow:
    """What was said last of each stands."""
    before = row or PayeeRow(payee_id=fact.payee_id, name=fact.supplier_name)
    match fact:
        case SupplierMatched():
            return replace(
                before, supplier_id=fact.supplier_id, basis=fact.basis, evidence=fact.evidence, score=fact.score,
                rules_dated=fact.rules_dated,
            )  # fmt: skip
        case SupplierUnmatched():
            return replace(before, supplier_id=None, basis=None, evidence=None, score=None, rules_dated=None)
        case SupplierLinkProposed():
            return replace(
                before,
                candidates=fact.candidates,
                candidate_evidence=fact.evidence,
                candidate_scores=tuple(map(str, fact.scores)),
            )
        case SupplierLinkDecided():
            return replace(before, decided=fact.decision, decided_supplier_id=fact.supplier_id, reason=fact.reason)


class MergedRow(Struct, frozen=True, kw_only=True, gc=False):
    """A supplier of the register that is, or was, taken for another."""

    supplier_id: str
    merged_into: str | None
    """None once it was split again."""
    reason: str


def merged(_row: MergedRow | None, fact: SupplierMerged | SupplierSplit, _recorded: Recorded) -> MergedRow:
    """What was decided last stands."""
    into = fact.merged_into if isinstance(fact, SupplierMerged) else None
    return MergedRow(supplier_id=fact.supplier_id, merged_into=into, reason=fact.reason)


supplier_spend = HistoryProjection(
    name="supplier_spend",
    version=4,
    topics=("spend.events",),
    tables=(
        Table(
            name="payee",
            row=PayeeRow,
            key="payee_id",
            facts=(SupplierMatched, SupplierUnmatched, SupplierLinkProposed, SupplierLinkDecided),
            key_of=lambda fact: fact.payee_id,
            project=project,
            own_stream=True,
            indexes=("supplier_id",),
        ),
        Table(
            name="merged_supplier",
            row=MergedRow,
            key="supplier_id",
            facts=(SupplierMerged, SupplierSplit),
            key_of=lambda fact: fact.supplier_id,
            project=merged,
            own_stream=True,
            indexes=("merged_into",),
        ),
    ),
)
