"""Which payments go on the record, whose they are, and on which contract? Pure: no clock, no input, no output."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from itertools import combinations
from typing import Literal

from msgspec import Struct

from schemas.identifiers import contradict, names_one
from schemas.spend import (
    PaymentLinked,
    PaymentRecorded,
    PaymentScoped,
)
from schemas.supplier_names import normalised_name
from services.spend.booking import UNBOOKED, Booking, Link, booked, said_of
from services.spend.judgement.contract import Judgement, KnownContract, Paid, judge
from services.spend.judgement.scoping import scoped

Basis = Literal[
    "company_number", "identifier", "supplier_master", "charity_register", "normalised_name", "name_evidence", "person"
]
Numbers = tuple[str, ...]
"""Identifiers, as `schemas/identifiers.py` writes them."""
Registered = Mapping[str, Sequence[tuple[str, Numbers]]]
"""By normalised name and by identifier: suppliers' ids, each with all identifiers of that supplier."""


class Stated(Struct, frozen=True, kw_only=True, gc=False):
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
    booking: Booking = UNBOOKED
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """That a payee may be a supplier, and why."""

    supplier_id: str
    evidence: str
    score: int
    """Of a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupplier:
    """Whom on the register a payee's name or number fits, and their contracts."""

    supplier_id: str | None
    """None where several companies bear the name: it is one of them, and nobody can say which."""
    basis: Basis
    contracts: tuple[KnownContract, ...] = ()
    because: Proposal | None = None
    """The evidence in the name, where it is that."""
    proposals: tuple[Proposal, ...] = ()
    """Who it may be, where it is nobody for certain; then it has no contracts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One payment with everything that was decided of it."""

    recorded: PaymentRecorded
    scoped: PaymentScoped
    judgement: Judgement | None
    linked: PaymentLinked | None = None

    @property
    def facts(self) -> tuple[PaymentRecorded | PaymentLinked | PaymentScoped | Judgement, ...]:
        """In the order in which they are recorded."""
        return (
            self.recorded,
            *([self.linked] if self.linked else []),
            self.scoped,
            *([self.judgement] if self.judgement else []),
        )


def payee_id(organisation: str, stated: Stated) -> str:
    """Whom a row names: organisation, normalised name and, where they are given, the numbers that are one's alone."""
    others = tuple(filter(names_one, stated.booking.additional_identifiers))
    return _payee_id(organisation, stated.supplier_name, stated.company_number, others)


@lru_cache(20_000)
def _payee_id(organisation: str, supplier_name: str, company_number: str | None, others: tuple[str, ...]) -> str:
    key = [organisation, normalised_name(supplier_name), company_number, *others]
    return sha256(json.dumps(key).encode()).hexdigest()[:20]


def content_digest(organisation: str, row: Stated) -> str:
    """A digest of a row's content within its period, in hexadecimal.

    What a ledger does not say of a booking is no part of the content, so that a payment is the same whether or not it
    could have been said; and what a file says of it never is, so that a row is known again when a column was added.
    """
    booking = booked(row.booking) if row.file_id is None else {}
    content = [
        organisation, row.period, row.paid_on.isoformat(), row.document_number, row.supplier_name,
        row.company_number, row.contract_reference, row.department, row.purpose, row.net_pence, row.vat_pence,
        row.gross_pence, *booking.items(), *([astuple(row.link)] if row.link else []),
    ]  # fmt: skip
    return sha256(json.dumps(content).encode()).hexdigest()


def content_id(digest: str, count: int) -> str:
    """A row's identity: its content, and which it is (from 1) among identical rows."""
    return sha256(f"{digest}{count}".encode()).hexdigest()[:24]


def identified(
    organisation: str, rows: Iterable[Stated], seen: Counter[str] | None = None
) -> Iterator[tuple[str, Stated]]:
    """Each row with its identity; identical rows are counted, those that were `seen` before included.

    The same rows in another order, or in another file, have the same identities.
    """
    seen = Counter() if seen is None else seen
    for row in rows:
        digest = content_digest(organisation, row)
        seen[digest] += 1
        yield content_id(digest, seen[digest]), row


def record(
    organisation: str,
    payment_id: str,
    row: Stated,
    *,
    repeats_document: bool,
    supplier: KnownSupplier | None,
    by_order: Judgement | None = None,
) -> Judged:
    """Everything that is decided of a new payment; `by_order` is the judgement where its order names a contract."""
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
        **said_of(row.booking),
    )
    placed = scoped(
        payment_id, row.supplier_name, row.purpose, withheld=row.withheld,
        proclass_code=row.booking.proclass_code, cpv_code=row.booking.cpv_code,
    )  # fmt: skip
    linked = None
    if row.link is not None:
        linked = PaymentLinked(payment_id=payment_id, kind=row.link.kind, original_payment_id=row.link.original)
    return Judged(recorded=recorded, scoped=placed, judgement=judged(placed, row, supplier, by_order), linked=linked)


def judged(
    placed: PaymentScoped, row: Stated, supplier: KnownSupplier | None, by_order: Judgement | None = None
) -> Judgement | None:
    """On which contract a payment is; None where it is no contract spend."""
    if placed.scope != "contract_spend":
        return None
    paid = Paid(
        payment_id=placed.payment_id, paid_on=row.paid_on, net_pence=row.net_pence,
        contract_reference=row.contract_reference, supplier_name=row.supplier_name, purpose=row.purpose,
    )  # fmt: skip
    return by_order or judge_supplied(paid, supplier)


def judge_supplied(paid: Paid, supplier: KnownSupplier | None) -> Judgement:
    """On which of the contracts of whom the payee fits a payment is."""
    return judge(paid, supplier.supplier_id, supplier.contracts) if supplier else judge(paid, None, ())


def suppliers_of(
    name: str, numbers: Mapping[str, Basis], registered: Registered
) -> tuple[list[str], Basis, bool] | None:
    """The register's suppliers that a payee fits, on what basis, and whether they are one company for certain.

    `numbers` are the payee's, each with whose word it is, the strongest first. One name with two numbers in one
    register is two organisations. None where the payee fits nobody on the register.
    """
    for number, basis in numbers.items():
        by_number = {each: own for each, own in registered.get(number, ()) if not contradict(numbers, own)}
        if by_number:
            return sorted(by_number), basis, not _several(by_number.values())
    by_name = dict(registered.get(normalised_name(name), ()))
    if not by_name or any(contradict(numbers, own) for own in by_name.values()):
        return None
    return sorted(by_name), "normalised_name", not _several(by_name.values())


def _several(numbers: Iterable[Iterable[str]]) -> bool:
    return any(contradict(some, others) for some, others in combinations(numbers, 2))
