"""`make eval-matching`: how much of a body's contract spend is on a named contract in its term, and how much rightly?

Read with the readers and judged by the rules of the platform, in memory, and beside them the same by company number or
normalised name to the letter only. Links of Salford's payments to contracts were judged by hand. They are drawn by
money without replacement: a payment is as likely to be drawn early as its amount is large, and the order of a seed is
the same whatever else is linked. `right` is a link that the payee, account, days and amount bear out, `wrong` one that
they or another row of the register contradict; where they say neither it is `cannot tell`, and counts for neither.

What they showed was mended, so that they measure the rules of today too kindly. 300 more were therefore drawn by
chance, each payment as likely as any other, among the links that nobody had judged; no rule was changed for what they
showed.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import log
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluation.pairs import REGISTER, SAMPLES, Register, read_known
from schemas.spend import PaymentMatched
from services.spend.domain import payee_id
from services.spend.judgement.contract import Judgement
from services.spend.judgement.scope import scope_of
from services.spend.published import intake
from services.spend.published.batches import stated
from services.spend.published.rows import Row

ORGANISATION = "GB-LAE-SLF"
CHECKED = Path(__file__).parent / "checked-contract-links.csv"
BY_CHANCE = Path(__file__).parent / "checked-contract-links-by-chance.csv"
SEED, DRAWN = 20_261_124, 300
MOST = 4
COLUMNS = (
    "file", "line", "payee", "department", "purpose", "paid_on", "net_pence", "contract_id", "title", "verdict", "reason",
)  # fmt: skip
ANSWERS = {
    "on_contract": "on one named contract in its term",
    "early": "before every contract",
    "expired": "after every contract",
    "ambiguous": "on one of several, or not certain",
    "no_contract": "none found",
}


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that is contract spend, and what it is by the rules and by exact names alone."""

    file: str
    row: Row
    judged: Judgement
    exact: str
    supplier_id: str
    """Of the register's supplier where it is one for certain, else of the payee."""

    @property
    def answer(self) -> str:
        """How it stands."""
        return _answer(self.judged)

    @property
    def contract_id(self) -> str | None:
        """The contract that it is on."""
        return self.judged.contract_id if isinstance(self.judged, PaymentMatched) else None

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands."""
        return self.file, self.row.line

    @property
    def chance(self) -> float:
        """Between nought and one, the same for a payment each time."""
        digest = sha256(f"{SEED}/{self.file}/{self.row.line}".encode()).digest()
        return (int.from_bytes(digest[:8]) + 1) / 2**64

    @property
    def turn(self) -> float:
        """When it is drawn by money: the least first."""
        return -log(self.chance) / max(1, abs(self.row.net_pence))


def contract_spend(register: Register, spend: Iterable[Path]) -> list[Paid]:
    """All payments of the files that are contract spend, judged."""
    return [
        _paid(path.name, row, register)
        for path in sorted(spend)
        for row in intake.read(path.read_bytes()).rows
        if scope_of(row.supplier_name, row.purpose, withheld=row.withheld)[0] == "contract_spend"
    ]


def _paid(file: str, row: Row, register: Register) -> Paid:
    behind = register.behind(row)
    certain = behind.supplier_id if behind else None
    payee = certain or payee_id(ORGANISATION, stated("", "", row))
    return Paid(file, row, register.judged(row), _answer(register.judged_by_name(row)), payee)


def _answer(judged: Judgement) -> str:
    return "on_contract" if isinstance(judged, PaymentMatched) else judged.answer


def draw(paid: Iterable[Paid], count: int = DRAWN) -> list[Paid]:
    """The first links to contracts in the order of the seed."""
    return sorted((each for each in paid if each.contract_id), key=lambda each: each.turn)[:count]


def draw_by_chance(paid: Iterable[Paid], checked: Iterable["Checked"], count: int = DRAWN) -> list[Paid]:
    """As many links to contracts, each as likely as any other, that are not among those that were checked."""
    known = {(each.paid.place, each.contract_id) for each in checked}
    left = (each for each in paid if each.contract_id and (each.place, each.contract_id) not in known)
    return sorted(left, key=lambda each: each.chance)[:count]


@dataclass(frozen=True, slots=True)
class Checked:
    """A link that was judged by hand, and whether it still stands."""

    paid: Paid
    contract_id: str
    verdict: str
    reason: str

    @property
    def stands(self) -> bool:
        """Whether the payment is on that contract today."""
        return self.paid.contract_id == self.contract_id


def read_checked(path: Path, paid: Iterable[Paid]) -> list[Checked]:
    """The links with their verdicts. Raises LookupError where a payment is not in its file as it was judged."""
    known = {each.place: each for each in paid}
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            each = known.get((line["file"], int(line["line"])))
            told = (line["payee"], line["purpose"], line["paid_on"], line["net_pence"])
            if each is None or told != said(each.row):
                raise LookupError(f"{line['file']}, line {line['line']} is not the payment that was judged")
            found.append(Checked(each, line["contract_id"], line["verdict"], line["reason"]))
    return found


def said(row: Row) -> tuple[str, str, str, str]:
    """By what a payment is known again."""
    return row.supplier_name, row.purpose, row.paid_on.isoformat(), str(row.net_pence)


def sums(paid: Iterable[Paid]) -> tuple[int, int]:
    """How many payments, and pence."""
    rows = [each.row.net_pence for each in paid]
    return len(rows), sum(rows)


def amounts(checked: Iterable[Checked], verdict: str) -> tuple[int, int]:
    """How many payments got a verdict, and pence, credits as much as payments."""
    rows = [abs(each.paid.row.net_pence) for each in checked if each.verdict == verdict]
    return len(rows), sum(rows)


def among(checked: Iterable[Checked], drawn: Iterable[Paid]) -> list[Checked]:
    """Those that are drawn."""
    places = {each.place for each in drawn}
    return [each for each in checked if each.paid.place in places]


def rest(checked: Iterable[Checked], paid: Iterable[Paid]) -> list[Checked]:
    """Those that are not on one of the few contracts on which most money is: these would cover up the others."""
    pence = Counter[str | None]()
    for each in paid:
        pence[each.contract_id] += each.row.net_pence if each.contract_id else 0
    most = {contract for contract, _ in pence.most_common(MOST)}
    return [each for each in checked if each.paid.contract_id not in most]


def precision(checked: Sequence[Checked]) -> tuple[int, int]:
    """Of a thousand links on which anything can be said, those that are right: of the payments, of the pounds."""
    right, wrong = amounts(checked, "right"), amounts(checked, "wrong")
    return 1_000 * right[0] // (right[0] + wrong[0]), 1_000 * right[1] // (right[1] + wrong[1])


def skeleton(register: Register, drawn: Iterable[Paid]) -> Iterator[Mapping[str, str | int]]:
    """The links that were drawn, to be judged."""
    for each in drawn:
        row, contract = each.row, each.contract_id or ""
        told = (each.file, row.line, row.supplier_name, row.department, row.purpose, row.paid_on.isoformat())
        yield dict(
            zip(COLUMNS, (*told, row.net_pence, contract, register.awarded[contract].title, "", ""), strict=True)
        )


def main(arguments: Sequence[str]) -> int:
    """Measure and print; there is no target but the truth."""
    given = _arguments(arguments)
    register = read_known(ORGANISATION, given.register or REGISTER)
    paid = contract_spend(register, given.spend or SAMPLES.glob("spend-*.csv"))
    if given.draw:
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(skeleton(register, _drawn(given, paid)))
        return 0
    out = Console(width=110, highlight=False)
    _report(out, paid)
    if not (given.spend or given.register):
        _precision(out, read_checked(CHECKED, paid), paid)
        unseen = read_checked(BY_CHANCE, paid)
        out.print(
            f"{len(unseen)} drawn by chance among all others: {_told(_standing(unseen))};"
            f" {len(_standing(unseen))} still stand."
        )
    return 0


def _drawn(given: argparse.Namespace, paid: Sequence[Paid]) -> Sequence[Paid]:
    if not given.by_chance:
        return draw(paid, given.draw)
    return draw_by_chance(paid, [] if given.register else read_checked(CHECKED, paid), given.draw)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="evaluation.contract_links")
    reader.add_argument("spend", nargs="*", type=Path, help="spend files as published; Salford's where none is given")
    reader.add_argument("--register", type=Path, help="the same body's register of contracts")
    reader.add_argument("--draw", type=int, default=0, metavar="N", help="write N links to judge, as CSV")
    reader.add_argument(
        "--by-chance", action="store_true", help="each as likely, of those that were not judged by money"
    )
    given = reader.parse_args([each for each in arguments if each])
    if bool(given.spend) != bool(given.register):
        reader.error("a body's spend and its register are given together")
    return given


def _report(out: Console, paid: Sequence[Paid]) -> None:
    count, pence = sums(paid)
    out.print(f"Contract spend: {count:,} payments, £{pence // 100:,}.")
    table = Table("", "by the rules", "share", "payments", "by exact number or name", "share", "payments", box=None)
    by_rules, by_name = Counter[str](), Counter[str]()
    for each in paid:
        by_rules[each.answer] += each.row.net_pence
        by_name[each.exact] += each.row.net_pence
    for answer, words in ANSWERS.items():
        shown = [
            (f"£{of[answer] // 100:,}", f"{100 * of[answer] / pence:.2f} %" if pence else "", f"{number:,}")
            for of, number in (
                (by_rules, sum(each.answer == answer for each in paid)),
                (by_name, sum(each.exact == answer for each in paid)),
            )
        ]
        table.add_row(words, *shown[0], *shown[1])
    out.print(table)


def _precision(out: Console, checked: Sequence[Checked], paid: Sequence[Paid]) -> None:
    left = _standing(checked)
    linked = sum(abs(each.row.net_pence) for each in paid if each.contract_id)
    seen = sum(abs(each.paid.row.net_pence) for each in left)
    drawn = among(left, draw(paid))
    out.print(
        f"\nJudged by hand: {len(checked)} links, drawn by money, seed {SEED}. {len(left)} of them still stand, with"
        f" {100 * seen / linked:.1f} % of all pounds on a contract; {len(drawn)} of the {DRAWN} drawn today are among them."
    )
    table = Table("", "judged", "£", "still stand", "£", f"of the {DRAWN}", "£", box=None)
    for verdict in ("right", "wrong", "cannot tell"):
        sizes = [amounts(of, verdict) for of in (checked, left, drawn)]
        table.add_row(verdict, *(text for count, pence in sizes for text in (str(count), f"{pence // 100:,}")))
    out.print(table)
    for words, of in (
        (f"the {DRAWN} drawn", drawn),
        ("all that stand", left),
        (f"those but {MOST} contracts", rest(left, paid)),
    ):
        out.print(f"Precision of {words}, where it can be told: {_told(of)}.")
    for each in left:
        if each.verdict == "wrong":
            row = each.paid.row
            out.print(f"  {row.supplier_name}, {row.purpose}, £{row.net_pence // 100:,}: {each.reason}")


def _standing(checked: Iterable[Checked]) -> list[Checked]:
    return [each for each in checked if each.stands]


def _told(checked: Sequence[Checked]) -> str:
    payments, pounds = precision(checked)
    return f"{payments / 10:.1f} % of payments, {pounds / 10:.1f} % of pounds right"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
