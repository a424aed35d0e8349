"""Which registered company can a published payee's name be? Pure: names in, links with their evidence out.

Three strengths. A link is *made* where the name says the same as one company's and no other's, in a form that a
publisher's system is known to give it: another writing of the legal form, joined or parted words, an end cut off. It
is *proposed* where letters differ, several companies fit, or all of one name only begins the other. Likeness alone never makes a link, and letters of another
alphabet never match those they look like: they are flagged.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

RULES_DATED = date(2026, 11, 28)
SHORTEST_CUT = 20
"""Characters of the shortest name that is taken for one that was cut off; card systems cut at 23."""
SHORTEST_SLIP = 10
"""Characters of the shortest name in which a slip is looked for."""
SHORTEST_BEGINNING = 4
"""Characters of the shortest name that is looked for at the beginning of others."""
MOST_BEGUN = 5

Strength = Literal["made", "proposed"]

_LEGAL = {
    "LIMITED": "LIMITED", "LTD": "LIMITED", "LIMTED": "LIMITED", "PLC": "PLC", "LLP": "LLP", "LP": "LP", "CIC": "CIC",
    "CIO": "CIO", "INC": "INC",
}  # fmt: skip
_CUT_LEGAL = {"LIMITED"[:n] for n in range(1, 7)} | {"LT", "PL", "LL", "CI"}
_SHORT = {"CO": "COMPANY", "BROS": "BROTHERS", "ASSOC": "ASSOCIATES", "SERV": "SERVICES", "GP": "GROUP", "GRP": "GROUP",
          "MCR": "MANCHESTER", "INTL": "INTERNATIONAL", "MGMT": "MANAGEMENT"}  # fmt: skip
_NOTE = re.compile(r"#.*$")
_TRADING = re.compile(r"\s+(?:T/A|T/AS|TRADING AS)\s+")
_SITE = re.compile(r"\s+-\s+")
_THE_LAST = re.compile(r"\(THE\)|,\s*THE$")
_APOSTROPHES = str.maketrans("", "", "'’‘`.")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Company:
    """A registered company, or a supplier of a register, and a name of it."""

    number: str
    """A company number; of a supplier of a register its id."""
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """That a name is a company's, and why."""

    company: Company
    strength: Strength
    evidence: str
    score: int
    """Of a thousand: how alike the names are in the form in which they were compared."""
    rules_dated: date = RULES_DATED


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the form in which names are compared."""

    core: str
    """Words without the legal form, joined."""
    words: tuple[str, ...]
    legal: str | None
    cut: bool
    """It ends in what may be the beginning of a legal form."""


@lru_cache(maxsize=65_536)
def read_name(text: str) -> Name:
    """A name taken apart; `THE` at either end says nothing, nor do dots, dashes and accents."""
    words = _words(text)
    legal: str | None = None
    cut = False
    while len(words) > 1 and words[-1] in _LEGAL:
        legal = _LEGAL[words.pop()]
    if legal is None and len(words) > 1 and words[-1] in _CUT_LEGAL and len(text.strip()) >= SHORTEST_CUT:
        words.pop()
        cut = True
    if len(words) > 1 and words[0] == "THE":
        words = words[1:]
    return Name("".join(words), tuple(words), legal, cut)


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", _THE_LAST.sub(" ", text.upper()))
    plain = "".join(c for c in apart if unicodedata.category(c) != "Mn").translate(_APOSTROPHES)
    return [_SHORT.get(word, word) for word in _NOT_WORD.sub(" ", plain.replace("&", " AND ")).split()]


def looks_alike(text: str) -> bool:
    """Whether a name mixes letters of several alphabets: a look-alike, or a slip; in no case the Latin name."""
    alphabets = {unicodedata.name(c, "?").split()[0] for c in text if c.isalpha()}
    return len(alphabets) > 1


def beginning(core: str) -> str:
    """The part of a name that is taken to be right: only names that share it are compared."""
    return core[:4]


def beginnings(text: str) -> list[str]:
    """Those of all the names that a published name may hold."""
    published = _NOTE.sub("", text).strip()
    return sorted({beginning(read_name(part).core) for part, _ in _parts(published)})


class Registry:
    """Registered companies, found by name; one may have several names."""

    def __init__(self, companies: Iterable[Company]) -> None:
        named = list(dict.fromkeys(companies))
        self._numbers = {company.number for company in named}
        self._by_core: defaultdict[str, list[tuple[Name, Company]]] = defaultdict(list)
        for company in named:
            name = read_name(company.name)
            if all(other.number != company.number for _, other in self._by_core[name.core]):
                self._by_core[name.core].append((name, company))
        self._cores = sorted(self._by_core)
        self._by_beginning: defaultdict[str, list[str]] = defaultdict(list)
        for core in self._cores:
            self._by_beginning[beginning(core)].append(core)

    def __len__(self) -> int:
        return len(self._numbers)

    def links(self, text: str) -> list[Link]:
        """Whom a payee's name can be: one link that is made, or those that are proposed, the likeliest first."""
        if looks_alike(text):
            return []
        published = _NOTE.sub("", text).strip()
        found: list[Link] = []
        for part, how in _parts(published):
            name = read_name(part)
            if found := self._same(name, how) or self._cut_off(name, part, how):
                break
        return found or self._slips(read_name(published)) or self._begun(read_name(published))

    def _same(self, name: Name, how: str) -> list[Link]:
        known = self._by_core.get(name.core, [])
        fitting = [(other, company) for other, company in known if name.legal in {None, other.legal}]
        if len(fitting) == 1 and (name.legal is not None or len(known) == 1):
            same_form = name.legal == fitting[0][0].legal
            evidence = "the same name and legal form" if same_form else "the same name, its legal form left out"
            return [Link(fitting[0][1], "made", evidence + how, 1_000)]
        if fitting:
            return [Link(company, "proposed", "several companies bear this name" + how, 990) for _, company in fitting]
        return [Link(company, "proposed", "the same name under another legal form" + how, 980) for _, company in known]

    def _cut_off(self, name: Name, part: str, how: str) -> list[Link]:
        """A name of which a system kept only the beginning."""
        if name.legal is not None or len(part.strip()) < SHORTEST_CUT:
            return []
        begun = [core for core in self._by_beginning[beginning(name.core)] if core.startswith(name.core)]
        found = {company.number: company for core in begun for _, company in self._by_core[core]}
        companies = list(found.values())
        strength: Strength = "made" if len(companies) == 1 else "proposed"
        return [Link(company, strength, "the beginning of the name, cut off" + how, 950) for company in companies[:10]]

    def _slips(self, name: Name) -> list[Link]:
        """Names in which a letter or two differ: never more than a proposal."""
        if len(name.core) < SHORTEST_SLIP:
            return []
        most = 1 if len(name.core) < 2 * SHORTEST_SLIP else 2
        near = process.extract(
            name.core, self._by_beginning[beginning(name.core)], scorer=OSA.distance, score_cutoff=most, limit=5
        )
        return [
            Link(company, "proposed", "a letter or two differ", 1_000 - 1_000 * int(distance) // len(name.core))
            for core, distance, _ in near
            for _, company in self._by_core[core]
        ]

    def _begun(self, name: Name) -> list[Link]:
        """Names of which all words begin this one, or that begin with all of this: a group's firms, or a fuller name."""
        fitting = [
            (core, company)
            for core in self._by_beginning[beginning(name.core)]
            for other, company in self._by_core[core]
            if _begins(name, other) or _begins(other, name)
        ]
        likely = sorted(fitting, key=lambda each: abs(len(each[0]) - len(name.core)))[:MOST_BEGUN]
        return [
            Link(company, "proposed", "all of one name begins the other", _shared(name.core, core))
            for core, company in likely
        ]


def _begins(short: Name, long: Name) -> bool:
    if len(short.core) < SHORTEST_BEGINNING or len(short.core) >= len(long.core):
        return False
    ends = accumulate(len(word) for word in long.words)
    return long.core.startswith(short.core) and len(short.core) in ends


def _shared(one: str, other: str) -> int:
    short, long = sorted((len(one), len(other)))
    return 1_000 * short // long


def _parts(published: str) -> Iterable[tuple[str, str]]:
    """The whole name; then who trades under another name, and the company before a site."""
    yield published, ""
    legal_name, *trading = _TRADING.split(published.upper())
    if trading:
        yield legal_name, "; the part before `trading as`"
        yield trading[0], "; the part after `trading as`"
    before, *site = _SITE.split(published)
    if site and read_name(before).legal is not None:
        yield before, "; the part before a site"
