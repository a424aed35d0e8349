"""`make eval-scope`: what kind of payment is it? The rules against 300 payments that a person judged.

The sample is drawn by money: a payment is as likely to be in it as its amount is large (monetary-unit sampling, seed
20261123, of the spend files in samples; Salford's pounds are so many that all 300 are Salford's). The rules as they
stood before anybody judged were right for 98.7 % of its pounds. What it showed was then mended, and so it measures the
rules of today too kindly. Nursery places that the state funds were judged contract spend at first; but who provides them is
parents' choice and the rate is set, so that nothing is bought, and they are judged as what they are: the passing on of a grant.
"""

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from services.spend.judgement.scope import RULES_DATED, scope_of
from services.spend.published import intake
from services.spend.published.rows import Row

SAMPLES = Path(__file__).parents[1] / "samples"
CHECKED = Path(__file__).parent / "checked-scopes.csv"
LEAST = 970
"""Of a thousand pounds."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A payment, what a person judged it to be and why, and what the rules say."""

    row: Row
    verdict: str
    reason: str
    scope: str
    rule: str

    @property
    def right(self) -> bool:
        """Whether the rules say as the person did."""
        return self.scope == self.verdict


def read_checked(path: Path) -> list[Checked]:
    """The sample with its verdicts. Raises LookupError where a payment is not in its file as it was judged."""
    rows: dict[tuple[str, int], Row] = {}
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            name = line["file"]
            if (name, 0) not in rows:
                read = intake.read((SAMPLES / name).read_bytes()).rows
                rows |= {(name, row.line): row for row in read} | {(name, 0): read[0]}
            row = rows[name, int(line["line"])]
            if (row.supplier_name, str(row.net_pence)) != (line["payee"], line["net_pence"]):
                raise LookupError(f"{name}, line {row.line} is not the payment that was judged")
            scope, rule = scope_of(row.supplier_name, row.purpose, withheld=row.withheld)
            found.append(Checked(row, line["verdict"], line["reason"], scope, rule))
    return found


def per_thousand(checked: Sequence[Checked]) -> tuple[int, int]:
    """Of a thousand payments, and of a thousand pounds, how many the rules place as the person did; rounded down."""
    pounds = sum(abs(each.row.net_pence) for each in checked)
    right = sum(abs(each.row.net_pence) for each in checked if each.right)
    return 1_000 * sum(each.right for each in checked) // len(checked), 1_000 * right // pounds


def main() -> int:
    """Measure and print; 1 when the target is missed."""
    checked = read_checked(CHECKED)
    out = Console(width=110, highlight=False)
    payments, pounds = per_thousand(checked)
    out.print(
        f"{len(checked)} payments: the rules of {RULES_DATED:%-d %B %Y} are right for {pounds / 10:.1f} % of their pounds"
        f" and {payments / 10:.1f} % of the payments."
    )
    out.print(_confusion(checked))
    out.print("Not as judged:")
    for each in checked:
        if not each.right:
            out.print(
                f"  {each.row.supplier_name}, {each.row.purpose}, £{abs(each.row.net_pence) // 100:,}:"
                f" {each.scope} ({each.rule}); judged {each.verdict}: {each.reason}"
            )
    return int(pounds < LEAST)


def _confusion(checked: Sequence[Checked]) -> Table:
    found = Counter((each.verdict, each.scope) for each in checked)
    scopes = sorted({scope for pair in found for scope in pair})
    table = Table("judged, by rule →", *scopes, box=None)
    for verdict in scopes:
        table.add_row(verdict, *(str(found[verdict, scope] or "") for scope in scopes))
    return table


if __name__ == "__main__":
    sys.exit(main())
