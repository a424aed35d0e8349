"""Which organisation does a number name, if it is none of Companies House's? As org-id.guide writes identifiers.

Schemes: GB-CHC, GB-SC and GB-NIC (charities of England and Wales, Scotland, Northern Ireland), GB-MPR (Mutuals Public
Register), GB-PPON (public procurement organisation number, Procurement Regulations 2024), GB-LAE (local authorities of
England). `GB-VAT` is no scheme of that guide; its number is checked (mod 97).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from stdnum.gb import vat

VAT = "GB-VAT"
"""No register of organisations: companies of a group, and a council with its schools, share one number."""
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "GB-CHC": re.compile(r"[1-9][0-9]{5,6}(-[0-9]{1,3})?"),
    "GB-SC": re.compile(r"SC[0-9]{6}"),
    "GB-NIC": re.compile(r"1[0-9]{5}"),
    "GB-MPR": re.compile(r"[0-9]{1,5}R"),
    "GB-PPON": re.compile(r"P[A-Z]{3}-[0-9]{4}-[A-Z]{4}"),
    "GB-LAE": re.compile(r"[A-Z]{3}"),
    VAT: re.compile(r"[0-9]{9}([0-9]{3})?"),
}
_CHARITY = re.compile(r"(?:CHA|CHC|CHARITY(?:NO)?)([1-9][0-9]{5,6}(?:-[0-9]{1,3})?)")
_SOCIETY = re.compile(r"(?:IP)?([0-9]{1,5}R)")
_BY_PREFIX = re.compile(r"(GB-[A-Z]{2,4})-(.+)")


def identifier(text: str) -> str | None:
    """An identifier in its usual writing from one of any; None for what is none, or a company's."""
    found = _BY_PREFIX.fullmatch(text.strip().upper())
    if found is None:
        return None
    scheme, number = found.groups()
    if scheme == VAT:
        return vat_identifier(number)
    pattern = PATTERNS.get(scheme)
    return f"{scheme}-{number}" if pattern is not None and pattern.fullmatch(number) else None


def charity_identifier(text: str) -> str | None:
    """A charity's, from the number as one of the three registers writes it."""
    plain = _plain(text)
    if plain.startswith("SC"):
        return identifier(f"GB-SC-{plain}")
    if plain.startswith("NIC"):
        return identifier(f"GB-NIC-{plain[3:]}")
    prefixed = _CHARITY.fullmatch(plain)
    return identifier(f"GB-CHC-{prefixed[1] if prefixed else plain}")


def vat_identifier(text: str) -> str | None:
    """That of a VAT registration in the United Kingdom whose check digits are right."""
    number = re.sub(r"^(GB|XI)", "", _plain(text))
    return f"GB-VAT-{number}" if PATTERNS[VAT].fullmatch(number) and vat.is_valid(number) else None


def in_company_column(text: str) -> str | None:
    """What is sometimes written where a company's number is asked for: a charity's (`CHA1049226`), a society's (`IP29627R`)."""
    plain = _plain(text)
    if charity := _CHARITY.fullmatch(plain):
        return f"GB-CHC-{charity[1]}"
    society = _SOCIETY.fullmatch(plain)
    return f"GB-MPR-{society[1]}" if society else identifier(text)


def identifiers_in(*read: tuple[Callable[[str], str | None], str | None]) -> tuple[str, ...]:
    """Those that cells hold, each read in its own way; sorted, each once."""
    return tuple(sorted({found for reader, text in read if text and (found := reader(text))}))


def company_identifier(company_number: str) -> str:
    """That of a company, from its number of eight characters."""
    return f"GB-COH-{company_number}"


def scheme_of(found: str) -> str:
    """The register in which an identifier stands: `GB-CHC` of `GB-CHC-1049226`."""
    return "-".join(found.split("-", 2)[:2])


def names_one(found: str) -> bool:
    """Whether an identifier is one organisation's and no other's."""
    return scheme_of(found) != VAT


def contradict(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one register knows the two under different numbers: then they are two organisations.

    VAT numbers say nothing there: a business that registers again gets another.
    """
    ours, theirs = _by_register(some), _by_register(others)
    return any(ours[scheme].isdisjoint(theirs[scheme]) for scheme in (ours.keys() & theirs.keys()) - {VAT})


def _by_register(numbers: Iterable[str]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number in numbers:
        found[scheme_of(number)].add(number)
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s./]", "", text.upper())
