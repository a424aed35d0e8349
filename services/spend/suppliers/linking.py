"""Which supplier of the register is a payee? A number, the same name, evidence in the name, or a person says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.spend import SupplierLinkProposed, SupplierMatched, SupplierUnmatched
from services.spend.domain import Basis, KnownSupplier, Proposal, suppliers_of
from services.spend.suppliers.matching import RULES_DATED, Link, Registry

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

    exact: Mapping[str, Sequence[tuple[str, str | None]]]
    """By normalised name and by `GB-COH-` and company number: (supplier id, company number) pairs."""
    alike: Registry
    """By name; what it calls a company's number is a supplier's id."""
    numbers: Mapping[str, str | None]
    """By supplier id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whom a payee fits: one supplier for certain, or one of several, or nobody but those that are proposed."""

    suppliers: Sequence[str] = ()
    basis: Basis = "name_evidence"
    certain: bool = False
    because: Link | None = None
    proposals: Sequence[Link] = ()


def fit(name: str, number: str | None, register: Register, decided: Decided) -> Fit | None:
    """Whom a payee fits; None where nobody. What a person decided stands before every rule."""
    if decided.accepted is not None:
        return Fit(suppliers=[decided.accepted], basis="person", certain=True)
    exact = suppliers_of(name, number, register.exact)
    if exact is not None and (left := [one for one in exact[0] if one not in decided.rejected]):
        return Fit(suppliers=left, basis=exact[1], certain=exact[2])
    possible = [
        link
        for link in _each_once(register.alike.links(name))
        if link.company.number not in decided.rejected and _may_be(number, register.numbers.get(link.company.number))
    ]
    if not possible:
        return None
    if possible[0].strength == "made":
        return Fit(suppliers=[possible[0].company.number], certain=True, because=possible[0])
    return Fit(proposals=possible[:MOST_PROPOSED])


def _each_once(links: Sequence[Link]) -> Sequence[Link]:
    return list({link.company.number: link for link in reversed(links)}.values())[::-1]


def _may_be(payees: str | None, suppliers: str | None) -> bool:
    """Two company numbers are two companies, however alike their names are."""
    return payees is None or suppliers is None or payees == suppliers


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
