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

from schemas.identifiers import contradict, names_one
from schemas.spend import (
    PaymentLinked,
    PaymentMatched,
    PaymentRecorded,
    PaymentScoped,
    PaymentUnmatched,
    Unmatched,
)
from schemas.supplier_names import normalised_name
from services.spend.booking import UNBOOKED, Booking, Link, booked, said_of
from services.spend.judgement.scoping import scoped
from services.spend.judgement.worth import outgrown

MOST_CANDIDATES = 10

Judgement = PaymentMatched | PaymentUnmatched
Basis = Literal[
    "company_number", "identifier", "supplier_master", "charity_register", "normalised_name", "name_evidence", "person"
]
Numbers = tuple[str, ...]
"""Identifiers, as `schemas/identifiers.py` writes them."""
Registered = Mapping[str, Sequence[tuple[str, Numbers]]]
"""By normalised name and by identifier: suppliers' ids, each with all identifiers of that supplier."""


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
    booking: Booking = UNBOOKED
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContract:
    """What spend must know of a contract to judge a payment."""

    contract_id: str
    reference: str | None
    starts_on: date | None
    ends_on: date | None
    extends: str | None = None
    """The contract that it extends or repeats: the same agreement, on another row of the register."""
    value_pence: int | None = None


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
    return by_order or judge(placed.payment_id, row.paid_on, row.contract_reference, supplier, row.net_pence)


def judge(
    payment_id: str, paid_on: date, contract_reference: str | None, supplier: KnownSupplier | None, net_pence: int
) -> Judgement:
    """On a contract for certain only where exactly one of the supplier's is in force on the day of payment.

    A contract reference on the payment narrows the contracts that are considered, when it names any; where it does
    not, a payment too large for the contract is not certain. A contract and its extensions are one agreement: of several
    in force the one that began last is named, of those that began on one day the one that the others extend.
    """
    contracts: Sequence[KnownContract] = supplier.contracts if supplier else ()
    named = [c for c in contracts if contract_reference and c.reference == contract_reference]
    considered = named or contracts
    possible = [c for c in considered if not (_begins_after(c, paid_on) or _ended_before(c, paid_on))]
    supplier_id = supplier.supplier_id if supplier else None
    if (
        supplier_id is not None
        and all(map(_dated, possible))
        and len(agreed := {_agreement(c, contracts) for c in possible}) == 1
        and (named or not outgrown(net_pence, [c.value_pence for c in contracts if _agreement(c, contracts) in agreed]))
    ):
        return PaymentMatched(payment_id=payment_id, supplier_id=supplier_id, contract_id=_latest(possible).contract_id)
    return PaymentUnmatched(
        payment_id=payment_id,
        answer=_answer(considered, possible, paid_on),
        supplier_id=supplier_id,
        candidates=tuple(sorted(c.contract_id for c in possible or considered)[:MOST_CANDIDATES]),
    )


def _agreement(contract: KnownContract, contracts: Sequence[KnownContract]) -> str:
    """The contract at the beginning of all extensions; a ring of them is known by its least id."""
    extends = {c.contract_id: c.extends for c in contracts}
    chain = [contract.contract_id]
    while (parent := extends.get(chain[-1])) is not None:
        if parent in chain:
            return min(chain[chain.index(parent) :])
        chain.append(parent)
    return chain[-1]


def _latest(possible: Sequence[KnownContract]) -> KnownContract:
    return max(possible, key=lambda c: (c.starts_on or date.min, c.extends is None, c.contract_id))


def _begins_after(contract: KnownContract, on: date) -> bool:
    return contract.starts_on is not None and contract.starts_on > on


def _ended_before(contract: KnownContract, on: date) -> bool:
    return contract.ends_on is not None and contract.ends_on < on


def _dated(contract: KnownContract) -> bool:
    return contract.starts_on is not None and contract.ends_on is not None


def _answer(considered: Sequence[KnownContract], possible: Sequence[KnownContract], on: date) -> Unmatched:
    if not considered:
        return "no_contract"
    if possible:
        return "ambiguous"
    return "early" if all(_begins_after(c, on) for c in considered) else "expired"


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
