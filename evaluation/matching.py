"""`make eval-matching`: links from published names to companies, against an independent answer key.

A key file has a row for each published name: `beneficiary_name`, `company_name`, `company_number`, `match_method`.
Its companies, of all councils together, are the registry in which names are looked up. Names are split by a digest
into a half on which rules are tuned and a half that is reported; a name is in one half whatever council paid it.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.table import Table

from schemas.supplier_names import company_number
from services.spend.suppliers.matching import Company, Link, Registry

SAMPLE = Path(__file__).parents[1] / "samples" / "northwest" / "names-2019.csv"
CHECKED = Path(__file__).parent / "checked-links.csv"
SURE = frozenset({"1", "3", "4", "6", "7"})
"""Methods of the key that compare the name itself: as it is, without furniture, without dots, cut off."""
LEAST_PRECISION, LEAST_RECALL = 985, 900
"""Of a thousand."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A published name, and who the key says it is."""

    name: str
    number: str | None
    method: str

    @property
    def reported(self) -> bool:
        """Whether it is in the half that is reported, on which nothing was tuned."""
        return sha256(self.name.strip().upper().encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """A name with the links that were found."""

    keyed: Keyed
    links: Sequence[Link]

    @property
    def made(self) -> str | None:
        """The company to which it was linked without a person."""
        return next((link.company.number for link in self.links if link.strength == "made"), None)


def read_key(path: Path) -> tuple[list[Keyed], list[Company]]:
    """The distinct names of a key file, and the companies that it knows."""
    names: dict[str, Keyed] = {}
    companies: dict[str, Company] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            number = company_number(row["company_number"].strip()) or row["company_number"].strip() or None
            name = row["beneficiary_name"].strip()
            names.setdefault(name, Keyed(name, number, row["match_method"].strip()))
            if number is not None:
                companies.setdefault(number, Company(number, row["company_name"].strip()))
    return list(names.values()), list(companies.values())


def read_checked(path: Path) -> dict[tuple[str, str], bool]:
    """Links on which a person has judged where the key says otherwise or nothing: right or wrong."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["company_number"]): row["verdict"] == "right" for row in csv.DictReader(file)}


def is_right(outcome: Outcome, checked: dict[tuple[str, str], bool]) -> bool:
    """Whether a link that was made is right: the key says so, or a person did who looked."""
    assert outcome.made is not None
    return checked.get((outcome.keyed.name, outcome.made), outcome.made == outcome.keyed.number)


def per_thousand(part: int, whole: int) -> int:
    """A share, rounded down."""
    return 1_000 * part // whole if whole else 1_000


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when a target is missed."""
    path = Path(arguments[0]) if arguments else SAMPLE
    names, companies = read_key(path)
    registry = Registry(companies)
    outcomes = [Outcome(keyed, registry.links(keyed.name)) for keyed in names]
    checked = read_checked(CHECKED)
    out = Console(width=110, highlight=False)
    out.print(f"{len(names):,} published names, {len(registry):,} companies, from {path.name}")
    missed = 0
    for title, half in (
        ("tuned on", [o for o in outcomes if not o.keyed.reported]),
        ("reported", [o for o in outcomes if o.keyed.reported]),
    ):
        missed = _report(out, title, half, checked)
    _show_disputed(out, [o for o in outcomes if o.made and not is_right(o, checked)])
    return missed


def _report(out: Console, title: str, half: Sequence[Outcome], checked: dict[tuple[str, str], bool]) -> int:
    made = [outcome for outcome in half if outcome.made]
    sure = [outcome for outcome in half if outcome.keyed.method in SURE and outcome.keyed.number]
    right = sum(is_right(outcome, checked) for outcome in made)
    by_key = sum(outcome.made == outcome.keyed.number for outcome in made)
    found = sum(outcome.made == outcome.keyed.number for outcome in sure)
    proposed = sum(any(link.company.number == o.keyed.number for link in o.links) for o in sure)
    precision, recall = per_thousand(right, len(made)), per_thousand(found, len(sure))
    out.print(
        f"\n[bold]{title}[/bold]: {len(half):,} names. Precision {precision / 10:.1f} % of {len(made):,} links made"
        f" ({per_thousand(by_key, len(made)) / 10:.1f} % where the key is believed in everything); recall"
        f" {recall / 10:.1f} % of {len(sure):,} names that the key is sure of ({per_thousand(proposed, len(sure)) / 10:.1f} %"
        " with those proposed)."
    )
    out.print(_curve(made, checked, len(sure)))
    return int(precision < LEAST_PRECISION or recall < LEAST_RECALL)


def _curve(made: Iterable[Outcome], checked: dict[tuple[str, str], bool], sure: int) -> Table:
    """Precision and recall as one kind of evidence after the other is believed, the strongest first."""
    by_evidence: Counter[tuple[int, str]] = Counter()
    rights: Counter[tuple[int, str]] = Counter()
    founds: Counter[tuple[int, str]] = Counter()
    for outcome in made:
        link = outcome.links[0]
        kind = (-link.score, link.evidence)
        by_evidence[kind] += 1
        rights[kind] += is_right(outcome, checked)
        founds[kind] += outcome.keyed.method in SURE and outcome.made == outcome.keyed.number
    table = Table("evidence", "links", "right", "precision so far", "recall so far", box=None)
    links = right = found = 0
    for kind in sorted(by_evidence):
        links, right, found = links + by_evidence[kind], right + rights[kind], found + founds[kind]
        shares = (f"{per_thousand(right, links) / 10:.1f} %", f"{per_thousand(found, sure) / 10:.1f} %")
        table.add_row(kind[1], str(by_evidence[kind]), str(rights[kind]), *shares)
    return table


def _show_disputed(out: Console, wrong: Sequence[Outcome]) -> None:
    out.print(f"\n{len(wrong)} links made against the key, or where it is silent, and not found right by a person:")
    for outcome in wrong:
        link = outcome.links[0]
        keyed = outcome.keyed
        out.print(
            f"  {keyed.name} → {link.company.name} {link.company.number} ({link.evidence});"
            f" the key: {keyed.number or 'nobody'}, method {keyed.method}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
