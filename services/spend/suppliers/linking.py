"""Which supplier of the register is a payee? A number, the same name, evidence in the name, or a person says. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.identifiers import contradict
from schemas.spend import SupplierLinkProposed, SupplierMatched, SupplierUnmatched
from services.spend.domain import Basis, KnownSupplier, Numbers, Proposal, Registered, suppliers_of
from services.spend.suppliers.matching import RULES_DATED, Company, Link, Registry

MOST_PROPOSED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What persons decided of a payee."""

    accepted: str | None = None
    rejected: frozenset[str] = frozenset()


UNDECIDED = Decided()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The suppliers of a register among whom a payee is looked for."""

    exact: Registered
    alike: Registry
    """By name; what it calls a company's number is a supplier's id."""
    numbers: Mapping[str, Numbers]
    """By supplier id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whom a payee fits: one supplier for certain, or one of several, or nobody but those that are proposed."""

    suppliers: Sequence[str] = ()
    basis: Basis = "name_evidence"
    certain: bool = False
    because: Link | None = None
    proposals: Sequence[Link] = ()


def fit(
    name: str, numbers: Mapping[str, Basis], register: Register, decided: Decided, shared: Collection[str] = ()
) -> Fit | None:
    """Whom a payee of a name and numbers fits; None where nobody. What a person decided stands before every rule.

    Numbers that it has in common with others, as those of a VAT group, are a reason to ask a person and no more.
    """
    if decided.accepted is not None:
        return Fit(suppliers=[decided.accepted], basis="person", certain=True)
    exact = suppliers_of(name, numbers, register.exact)
    if exact is not None and (left := [one for one in exact[0] if one not in decided.rejected]):
        return Fit(suppliers=left, basis=exact[1], certain=exact[2])
    links = register.alike.links(name)
    if not (links and links[0].strength == "made"):
        links = [*_same_vat(shared, register), *links]
    possible = [
        link
        for link in _each_once(links)
        if link.company.number not in decided.rejected
        and not contradict(numbers, register.numbers.get(link.company.number, ()))
    ]
    if not possible:
        return None
    if possible[0].strength == "made":
        return Fit(suppliers=[possible[0].company.number], certain=True, because=possible[0])
    return Fit(proposals=possible[:MOST_PROPOSED])


def _same_vat(shared: Collection[str], register: Register) -> list[Link]:
    found = {supplier for number in shared for supplier, _ in register.exact.get(number, ())}
    return [Link(Company(supplier, ""), "proposed", "the same VAT number", 990) for supplier in sorted(found)]


def _each_once(links: Sequence[Link]) -> Sequence[Link]:
    return list({link.company.number: link for link in reversed(links)}.values())[::-1]


def proposal(link: Link) -> Proposal:
    """A link as it is proposed."""
    return Proposal(supplier_id=link.company.number, evidence=link.evidence, score=link.score)


def identification(payee: str, name: str, supplier: KnownSupplier | None) -> SupplierMatched | SupplierUnmatched:
    """The fact that a payee is a supplier of the register, or, where it was thought to be one, no longer is."""
    if supplier is None or supplier.supplier_id is None:
        several = supplier is not None and not supplier.proposals
        return SupplierUnmatched(payee_id=payee, supplier_name=name, several=several)
    because = supplier.because
    return SupplierMatched(
        payee_id=payee,
        supplier_id=supplier.supplier_id,
        supplier_name=name,
        basis=supplier.basis,
        evidence=because.evidence if because else None,
        score=because.score if because else None,
        rules_dated=RULES_DATED if because else None,
    )


def proposed(
    payee: str, name: str, proposals: Sequence[Proposal], rules_dated: date = RULES_DATED
) -> SupplierLinkProposed:
    """The fact that a person is asked who a payee is, or, without proposals, no longer is."""
    return SupplierLinkProposed(
        payee_id=payee,
        supplier_name=name,
        candidates=tuple(each.supplier_id for each in proposals),
        evidence=tuple(each.evidence for each in proposals),
        scores=tuple(each.score for each in proposals),
        rules_dated=rules_dated,
    )
