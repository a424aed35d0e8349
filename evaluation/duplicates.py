"""`make eval-duplicates`: how often is a question about a possible duplicate fair to ask?

Every question that the rules raise, read by hand with what the files say around both payments: other lines of their
invoices, what else the payee is paid, credits, the run of its numbers. Whether money was really paid twice no published
file says; `fair` is what somebody who pays invoices would want to look up.

- Trafford Council, April 2024 to May 2026, 489,887 rows of three files (traffordDataLab/council_open_data,
  `transparency_code/supplier_spend`, fe5479dc2923): 60 questions.
- Devon County Council, April 2014 to March 2015, 86,976 payments that the rules look at (Devon-County-Council/spending,
  d5e2fb685157): 69. The rules were mended by Trafford's files and by no payment of this year.
- Devon of April 2011, July 2013, April 2015 and June 2023: 9 by the rules with invoice numbers, and 33 of the 65 that the rule
  without them raises on the samples. Calderdale of August 2022 raises none.

Before they were mended the rules raised 1,720 questions on Trafford's year 2024-25, now 23. Of each rule's up to 100 were
drawn (`random.Random(20241128)`) and read: 9 of 310 were fair (`duplicates-before.csv`, with 7 of Devon's that are asked no
more). One of the 9 is lost: a line that was paid alone and again in a bill of four. On Devon's year 31 are asked no more by the
rules that are on: 9 about a scheme's numbers, and 22 about a ledger's document that comes again on another day, taken for money
that the bank sent back, as Trafford's files show it and Devon's do not.

Five questions, of schools and of a pension fund, are judged here and asked no more: public bodies are not looked at.

Contains Trafford Council data and Devon County Council data, Open Government Licence v3.0.
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
BEFORE = Path(__file__).parent / "duplicates-before.csv"
"""Questions of the rules before they were mended, drawn and judged; most are asked no more."""


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
