"""Is a supplier small, a voluntary body, local? Under each definition by itself, on whose word; pure and dated.

No definition is the right one: each is a claim by a source, and each leaves pounds of which nobody knows. Unknown is
an answer of its own and never "no".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from gateway.reads.shapes import Known
from schemas import places

RULES_DATED = date(2026, 11, 23)
SMALL_ACCOUNTS = frozenset({
    "MICRO ENTITY", "SMALL", "MEDIUM", "TOTAL EXEMPTION FULL", "TOTAL EXEMPTION SMALL", "UNAUDITED ABRIDGED",
    "AUDITED ABRIDGED",
})  # fmt: skip
"""Accounts that only a micro, small or medium-sized company may file (Companies Act 2006, ss. 381-384B and 465-467)."""
VOLUNTARY = frozenset({
    "Community Interest Company", "Charitable Incorporated Organisation",
    "Scottish Charitable Incorporated Organisation", "Registered Society", "Industrial and Provident Society",
    "PRI/LBG/NSC (Private, Limited by guarantee, no share capital, use of 'Limited' exemption)",
})  # fmt: skip
"""Kinds of company that reinvest their surpluses by law or by their objects."""
VOLUNTARY_REGISTERS = ("GB-CHC-", "GB-SC-", "GB-NIC-", "GB-MPR-")
"""The three of charities and that of mutual societies."""
FOR_PROFIT = frozenset({
    "Private Limited Company", "Public Limited Company", "Limited Liability Partnership", "Limited Partnership",
    "Private Unlimited Company", "Overseas Entity",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A supplier or payee, what it was paid, and what registers claim of it; a payee that is withheld claims nothing."""

    net_pence: int
    contract_pence: int
    """Of it contract spend."""
    sme: bool | None
    """As the contract register says."""
    company_number: str | None
    company_category: str | None
    accounts_category: str | None
    office_district: str | None
    """GSS code of the district in which its registered office lies."""
    register_district: str | None
    """GSS code of the district in which the contract register's postcode lies."""
    invoice_district: str | None
    """GSS code of the district in which the ledger's address of it lies; None also where it has several."""
    site_district: str | None
    """The same of the place from which the ledger says that it trades."""
    charity_number: str | None
    additional_identifiers: Sequence[str]
    """Its numbers in other registers, as the contract register gives them."""
    ward: str | None = None
    """GSS code of the ward in which the registered office lies, else the contract register's postcode."""
    ward_district: str | None = None
    """GSS code of that ward's district."""
    near: Known = "unknown"
    """By our own list of postcode districts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One way to say who is meant."""

    key: str
    name: str
    basis: str
    """On whose word, and by which rule."""
    says: Callable[[str, Paid], Known]
    """Of an organisation's supplier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Pence that are, are not, or may be."""

    yes: int
    no: int
    unknown: int

    @property
    def whole(self) -> int:
        """All together."""
        return self.yes + self.no + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a definition comes to, of all pounds and of contract spend."""

    definition: Definition
    of_all: Parts
    of_contract_spend: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """How few suppliers receive how much of contract spend; only those above zero count."""

    suppliers: int
    pence: int
    index: int
    """Herfindahl-Hirschman: the sum of squared percentage shares, 0 to 10,000; at and over 2,500 is called high."""
    tail_suppliers: int
    """The smallest suppliers that together receive a fifth of it at most."""
    tail_pence: int


def _sme_register(_organisation: str, paid: Paid) -> Known:
    return _known(paid.sme)


def _sme_accounts(_organisation: str, paid: Paid) -> Known:
    """Full accounts show nothing: a small company may file them too."""
    return "yes" if (paid.accounts_category or "").upper() in SMALL_ACCOUNTS else "unknown"


def _voluntary(_organisation: str, paid: Paid) -> Known:
    on_a_register = any(each.startswith(VOLUNTARY_REGISTERS) for each in paid.additional_identifiers)
    if on_a_register or paid.charity_number or paid.company_category in VOLUNTARY:
        return "yes"
    return "no" if paid.company_category in FOR_PROFIT else "unknown"


Address = Literal["office_district", "register_district", "site_district", "invoice_district"]


def _area(area: places.Area, address: Address) -> Callable[[str, Paid], Known]:
    def says(organisation: str, paid: Paid) -> Known:
        district: str | None = getattr(paid, address)
        return "unknown" if district is None else _known(places.within(organisation, area, district))

    return says


def _known(value: bool | None) -> Known:
    return "unknown" if value is None else "yes" if value else "no"


_AREAS: tuple[tuple[places.Area, str], ...] = (
    ("borough", "In the council's own area"),
    ("city_region", "In its combined authority's area"),
    ("region", "In its region"),
)
_OFFICE = "the district of the registered office (Companies House; ONS postcodes)"
_REGISTER = "the district of the postcode that the contract register gives (ONS postcodes)"
_INVOICE = "the district of the ledger's own address of the supplier, by its company number (ONS postcodes)"
_SITE = "the district of the place from which it trades, as the ledger's supplier master says (ONS postcodes)"
_ADDRESSES: tuple[tuple[str, Address, str], ...] = (
    ("office", "office_district", _OFFICE),
    ("register", "register_district", _REGISTER),
    ("site", "site_district", _SITE),
    ("invoice", "invoice_district", _INVOICE),
)
_SME = "Small or medium-sized"
DEFINITIONS: tuple[tuple[places.Area | None, Definition], ...] = (
    (None, Definition(key="sme_register", name=_SME, says=_sme_register,
                      basis="the contract register's own claim; most claim under the Procurement Act 2023, s. 123")),
    (None, Definition(key="sme_accounts", name=_SME, says=_sme_accounts,
                      basis="the accounts filed last (Companies House; Companies Act 2006, ss. 381-384B, 465-467);"
                            " full accounts show nothing")),
    (None, Definition(key="vcse", name="Voluntary, community or social enterprise", says=_voluntary,
                      basis="a number in a register of charities or mutual societies, or the kind of company (Companies House)")),
    *[(area, Definition(key=f"{area}_{key}", name=name, says=_area(area, address), basis=basis))
      for key, address, basis in _ADDRESSES for area, name in _AREAS],
    (None, Definition(key="near_register", name="In the council's own area, roughly", says=lambda _, paid: paid.near,
                      basis="our own dated list of postcode districts, of the contract register's postcode")),
)  # fmt: skip


def shares(organisation: str, suppliers: Sequence[Paid]) -> list[Share]:
    """Every definition that there is for an organisation, with the pounds that are, are not, and may be."""
    return [
        Share(
            definition=definition,
            of_all=_parts((definition.says(organisation, paid), paid.net_pence) for paid in suppliers),
            of_contract_spend=_parts((definition.says(organisation, paid), paid.contract_pence) for paid in suppliers),
        )
        for area, definition in DEFINITIONS
        if area is None or places.defined(organisation, area)
    ]


def _parts(said: Iterable[tuple[Known, int]]) -> Parts:
    found: dict[Known, int] = {"yes": 0, "no": 0, "unknown": 0}
    for known, pence in said:
        found[known] += pence
    return Parts(yes=found["yes"], no=found["no"], unknown=found["unknown"])


def concentration(paid: Iterable[int]) -> Concentration:
    """Of what each supplier was paid on contract spend, in pence."""
    amounts = sorted(pence for pence in paid if pence > 0)
    whole = sum(amounts)
    tail = tail_pence = 0
    for pence in amounts:
        if 5 * (tail_pence + pence) > whole:
            break
        tail, tail_pence = tail + 1, tail_pence + pence
    index = sum((Fraction(100 * pence, whole) ** 2 for pence in amounts), Fraction(0))
    return Concentration(
        suppliers=len(amounts), pence=whole, index=round(index), tail_suppliers=tail, tail_pence=tail_pence
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """What was paid to suppliers in one ward of the council's own area."""

    code: str
    """GSS; empty for all that lies elsewhere, `unknown` for what nobody can place."""
    net_pence: int
    contract_pence: int


ELSEWHERE, UNPLACED = "", "unknown"


def by_ward(organisation: str, suppliers: Iterable[Paid]) -> list[Ward]:
    """Own wards with the most contract spend first, then elsewhere, then unknown: together all that was paid."""
    net: Counter[str] = Counter()
    contract: Counter[str] = Counter()
    for paid in suppliers:
        inside = None if paid.ward_district is None else places.within(organisation, "borough", paid.ward_district)
        code = UNPLACED if inside is None or not paid.ward else paid.ward if inside else ELSEWHERE
        net[code] += paid.net_pence
        contract[code] += paid.contract_pence
    own = sorted(net.keys() - {ELSEWHERE, UNPLACED}, key=lambda code: (-contract[code], -net[code], code))
    last = [code for code in (ELSEWHERE, UNPLACED) if code in net]
    return [Ward(code=code, net_pence=net[code], contract_pence=contract[code]) for code in (*own, *last)]
