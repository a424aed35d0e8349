"""`make eval-category`: what was bought? The rules for accounts, on payments whose contract is certain.

The contract is hidden from the rules, and what the register says of it is held to be right. Contracts are split by a
digest into a half on which the rules were tuned and a half that is reported. Right means the same ProClass category
of the first level; social care for adults, for children and for both count as one, for the register tells them apart
only sometimes.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from rich.console import Console
from rich.table import Table

from evaluation.pairs import REGISTER, SAMPLES, read_pair
from schemas import proclass
from schemas.spend import PaymentMatched
from services.spend.judgement.category import RULES_DATED, Bought, category_of
from services.spend.judgement.scope import scope_of

ORGANISATION = "GB-LAE-SLF"
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Hidden:
    """A payment on a contract for certain, what the register says was bought, and what its account says."""

    purpose: str
    net_pence: int
    contract_id: str
    category: str
    rule: Bought | None

    @property
    def reported(self) -> bool:
        """Whether its contract is in the half on which nothing was tuned."""
        return sha256(self.contract_id.encode()).digest()[0] % 2 == 1

    @property
    def right(self) -> bool:
        """Whether the account's rule says as the register does."""
        return self.rule is not None and proclass.first_level(self.rule.code) == proclass.first_level(self.category)


def hidden() -> tuple[list[Hidden], int, int]:
    """The payments, and the pence of all contract spend and of that to which the rules give a category."""
    register, rows = read_pair(ORGANISATION, REGISTER, SAMPLES.glob("spend-*.csv"))
    found, spent, placed = [], 0, 0
    for row in rows:
        if scope_of(row.supplier_name, row.purpose, withheld=row.withheld)[0] != "contract_spend":
            continue
        rule = category_of(row.purpose)
        spent += row.net_pence
        placed += row.net_pence if rule else 0
        judged = register.judged(row)
        if isinstance(judged, PaymentMatched) and (category := register.awarded[judged.contract_id].category_code):
            found.append(Hidden(row.purpose, row.net_pence, judged.contract_id, category, rule))
    return found, spent, placed


def shares(of: Sequence[Hidden]) -> tuple[int, int]:
    """Of a thousand pounds, those of which the rules say anything; and of a thousand of these, those rightly."""
    pence = sum(each.net_pence for each in of)
    said = sum(each.net_pence for each in of if each.rule)
    right = sum(each.net_pence for each in of if each.right)
    return (1_000 * said // pence if pence else 0), (1_000 * right // said if said else 0)


def main() -> int:
    """Measure and print; there is no target but the truth."""
    found, spent, placed = hidden()
    out = Console(width=110, highlight=False)
    out.print(
        f"Rules of {RULES_DATED:%-d %B %Y}. They give a category to £{placed // 100:,} of £{spent // 100:,} contract spend"
        f" ({1_000 * placed // spent / 10:.1f} %)."
    )
    for title, half in (
        ("tuned on", [each for each in found if not each.reported]),
        ("reported", [each for each in found if each.reported]),
    ):
        said, right = shares(half)
        payments = sum(each.right for each in half)
        out.print(
            f"\n[bold]{title}[/bold]: {len(half):,} payments on a contract for certain,"
            f" £{sum(each.net_pence for each in half) // 100:,}. The rules say something of {said / 10:.1f} % of the"
            f" pounds, and are right for {right / 10:.1f} % of those; for {payments:,} of"
            f" {sum(each.rule is not None for each in half):,} payments."
        )
        out.print(_by_confidence(half))
    out.print(_confusion([each for each in found if each.reported and each.rule and not each.right]))
    return 0


def _by_confidence(half: Sequence[Hidden]) -> Table:
    table = Table("confidence", "paid", "right", box=None)
    for confidence in ("high", "medium", "low"):
        part = [each for each in half if each.rule and each.rule.confidence == confidence]
        table.add_row(confidence, f"£{sum(e.net_pence for e in part) // 100:,}", f"{shares(part)[1] / 10:.1f} %")
    return table


def _confusion(wrong: Sequence[Hidden]) -> Table:
    pence: Counter[tuple[str, str, str]] = Counter()
    for each in wrong:
        assert each.rule is not None
        first = proclass.first_level(each.category)
        pence[each.purpose, proclass.category_name(each.rule.code), proclass.category_name(first)] += each.net_pence
    table = Table(
        "account", "rule says", "register says", "paid", title="The largest not right, reported half", box=None
    )
    for names, paid in pence.most_common(SHOWN):
        table.add_row(*names, f"£{paid // 100:,}")
    return table


if __name__ == "__main__":
    sys.exit(main())
