"""`make eval-duplicates`: how often is a question about a possible duplicate fair to ask?

Every question that the rules with invoice numbers raise on five months of two councils, 21,472 payments (Devon of April
2011, July 2013, April 2015 and June 2023; Calderdale of August 2022, which raises none), and 33 of the 65 that the rule
without them raises on the samples, read by hand with what the files say. That is few, because the rules hold back. Whether
money was really paid twice no published file says; `fair` is what somebody who pays invoices would want to look up.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console

from gateway.duplicates import RULE, RULES_DATED, Code, Paid, duplicates

CHECKED = Path(__file__).parent / "checked-duplicates.csv"


@dataclass(frozen=True, slots=True)
class Checked:
    """Two payments, the rule that asks about them, and whether that was found fair."""

    code: str
    fair: bool
    reason: str
    pence: int


def read_checked(path: Path) -> list[Checked]:
    """The questions with their verdicts. Raises LookupError where the rules do not ask as they did."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            asked = [each.code for each in duplicates(_pair(line), {}, date.max, every=True)]
            if asked != [line["code"]]:
                raise LookupError(f"{line['number']} of {line['payee']} is asked about by {asked}, not {line['code']}")
            found.append(Checked(line["code"], line["verdict"] == "fair", line["reason"], int(line["net_pence"])))
    return found


def _pair(line: dict[str, str]) -> list[Paid]:
    return [
        Paid(
            payment_id=before or "first", supplier_id=line[f"{before}payee"], supplier_name=line[f"{before}payee"],
            invoice_number=line[f"{before}number"] or None, document_number=None,
            paid_on=date.fromisoformat(line[f"{before}paid_on"]), net_pence=int(line["net_pence"]), department="",
            purpose=line["purpose"],
        )
        for before in ("", "other_")
    ]  # fmt: skip


def by_rule(checked: Sequence[Checked]) -> dict[Code, tuple[int, int]]:
    """By rule, how many questions are fair, and how many there are."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for each in checked:
        found[each.code].append(each.fair)
    return {code: (sum(found[code]), len(found[code])) for code in RULE if code in found}


def main() -> int:
    """Measure and print; 1 where a rule that is usually asked is fair less than half of the time."""
    counts = by_rule(read_checked(CHECKED))
    out = Console(width=110, highlight=False)
    out.print(f"Rules of {RULES_DATED:%-d %B %Y}; questions that were fair to ask:")
    for code, rule in RULE.items():
        fair, asked = counts.get(code, (0, 0))
        judged = f"{fair} of {asked}" if asked else "none judged"
        out.print(f"  {code:20} {judged:40} {'asked' if rule.usual else 'only when all are asked for'}")
    return int(any(rule.usual and 2 * counts[code][0] < counts[code][1] for code, rule in RULE.items()))


if __name__ == "__main__":
    sys.exit(main())
