"""Which payments go on the record, whose they are, and on which contract? Pure: no clock, no input, no output."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from schemas.spend import (
    PaymentMatched,
    PaymentRecorded,
    PaymentScoped,
    PaymentUnmatched,
    SupplierMatched,
    Unmatched,
)
from schemas.supplier_names import normalised_name
from services.spend.scope import RULES_DATED, scope_of

MOST_CANDIDATES = 10

Judgement = PaymentMatched | PaymentUnmatched
Basis = Literal["company_number", "normalised_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A payment as a file's row or a ledger states it; amounts in pence."""

    file_id: str | None
    line: int | None
    period: str
    paid_on: date
    document_number: str | None
    supplier_name: str
    company_number: str | None
    contract_reference: str | None
    department: str
    purpose: str
    net_pence: int
    vat_pence: int | None
    gross_pence: int | None
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContract:
    """What spend must know of a contract to judge a payment."""

    contract_id: str
    reference: str | None
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupplier:
    """The suppliers of the register that bear a payee's name or number, and their contracts."""

    supplier_id: str
    basis: Basis
    contracts: tuple[KnownContract, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One payment with everything that was decided of it."""

    recorded: PaymentRecorded
    scoped: PaymentScoped
    judgement: Judgement | None


def payee_id(organisation: str, stated: Stated) -> str:
    """Whom a row names: organisation, normalised name and, where it is given, company number."""
    key = [organisation, normalised_name(stated.supplier_name), stated.company_number]
    return sha256(json.dumps(key).encode()).hexdigest()[:20]


def identified(organisation: str, rows: Iterable[Stated]) -> Iterator[tuple[str, Stated]]:
    """Each row with its identity: its content within its period, counted among identical rows.

    The same rows in another order, or in another file, have the same identities.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        content = [
            organisation, row.period, row.paid_on.isoformat(), row.document_number, row.supplier_name,
            row.company_number, row.contract_reference, row.department, row.purpose, row.net_pence, row.vat_pence,
            row.gross_pence,
        ]  # fmt: skip
        digest = sha256(json.dumps(content).encode()).hexdigest()
        seen[digest] += 1
        yield sha256(f"{digest}{seen[digest]}".encode()).hexdigest()[:24], row


def record(
    organisation: str, payment_id: str, row: Stated, *, repeats_document: bool, supplier: KnownSupplier | None
) -> Judged:
    """Everything that is decided of a new payment."""
    scope, rule = scope_of(row.supplier_name, row.purpose, withheld=row.withheld)
    recorded = PaymentRecorded(
        payment_id=payment_id,
        payee_id=payee_id(organisation, row),
        file_id=row.file_id,
        line=row.line,
        period=row.period,
        paid_on=row.paid_on,
        document_number=row.document_number,
        supplier_name=row.supplier_name,
        company_number=row.company_number,
        contract_reference=row.contract_reference,
        department=row.department,
        purpose=row.purpose,
        net_pence=row.net_pence,
        vat_pence=row.vat_pence,
        gross_pence=row.gross_pence,
        withheld=row.withheld,
        repeats_document=repeats_document,
    )
    scoped = PaymentScoped(payment_id=payment_id, scope=scope, rule=rule, rules_dated=RULES_DATED)
    judged = judge(payment_id, row.paid_on, row.contract_reference, supplier) if scope == "contract_spend" else None
    return Judged(recorded=recorded, scoped=scoped, judgement=judged)


def judge(payment_id: str, paid_on: date, contract_reference: str | None, supplier: KnownSupplier | None) -> Judgement:
    """On a contract for certain only where exactly one of the supplier's is in force on the day of payment.

    A contract reference on the payment narrows the contracts that are considered, when it names any.
    """
    contracts: Sequence[KnownContract] = supplier.contracts if supplier else ()
    named = [c for c in contracts if contract_reference and c.reference == contract_reference]
    considered = named or contracts
    in_force = [c for c in considered if _in_force(c, paid_on)]
    if supplier and len(in_force) == 1 and not (_undated(considered)):
        return PaymentMatched(
            payment_id=payment_id, supplier_id=supplier.supplier_id, contract_id=in_force[0].contract_id
        )
    candidates = sorted(c.contract_id for c in in_force or considered)
    return PaymentUnmatched(
        payment_id=payment_id,
        answer=_answer(considered, in_force, paid_on),
        supplier_id=supplier.supplier_id if supplier else None,
        candidates=tuple(candidates[:MOST_CANDIDATES]),
    )


def _in_force(contract: KnownContract, on: date) -> bool:
    return (
        contract.starts_on is not None and contract.ends_on is not None and contract.starts_on <= on <= contract.ends_on
    )


def _undated(contracts: Sequence[KnownContract]) -> bool:
    return any(c.starts_on is None or c.ends_on is None for c in contracts)


def _answer(considered: Sequence[KnownContract], in_force: Sequence[KnownContract], on: date) -> Unmatched:
    if not considered:
        return "no_contract"
    if in_force or _undated(considered):
        return "ambiguous"
    return "early" if all(c.starts_on is not None and c.starts_on > on for c in considered) else "expired"


def suppliers_of(
    name: str, number: str | None, registered: Mapping[str, Sequence[tuple[str, str | None]]]
) -> tuple[list[str], Basis] | None:
    """The register's suppliers that a payee is for certain, and on what basis; None when that is not certain.

    `registered` gives, by normalised name and by company number, (supplier id, company number) pairs. One name
    with two company numbers is two companies, and then nobody for certain.
    """
    if number is not None and (by_number := registered.get(f"GB-COH-{number}")):
        return sorted({supplier for supplier, _ in by_number}), "company_number"
    by_name = registered.get(normalised_name(name), ())
    numbers = {own for _, own in by_name if own is not None}
    if not by_name or len(numbers) > 1 or (number is not None and numbers):
        return None
    return sorted({supplier for supplier, _ in by_name}), "normalised_name"


def supplier_matched(payee: str, name: str, supplier: KnownSupplier) -> SupplierMatched:
    """The fact that a payee is a supplier of the register."""
    return SupplierMatched(payee_id=payee, supplier_id=supplier.supplier_id, supplier_name=name, basis=supplier.basis)
