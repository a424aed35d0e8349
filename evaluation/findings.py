"""`make eval-findings`: is it fair to ask? Each rule for findings against those of Salford's that were judged by hand.

Computed in memory from Salford's files and register by the rules of the platform. Of a rule with more than a hundred
findings a hundred were drawn at random with a seed, of the others all are judged. `right` is a finding whose question
is a fair one on what is published, `wrong` one that the register or the payments themselves answer; where nothing tells it is `cannot tell`, and counts for neither.
"""

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluation.contract_links import ORGANISATION, Paid, contract_spend
from evaluation.pairs import REGISTER, SAMPLES, Register, read_known
from gateway.bands import BAND_PENCE
from gateway.finding_shapes import Bought, ContractPaid, Covered, Finding, Seen, Single, Unmatched
from gateway.findings import NEARLY, RULES, findings
from schemas.contracts import ContractAwarded
from schemas.spend import PaymentUnmatched
from services.spend.judgement.category import category_of

CHECKED = Path(__file__).parent / "checked-findings.csv"
SEED, MOST = 20_261_124, 100
LEAST = 500
"""Of a thousand findings of a rule; a rule below it is not to be asked."""
COLUMNS = ("code", "cause_id", "name", "at_stake_pence", "payments", "inputs", "verdict", "reason")


def found_in(register: Register, paid: Sequence[Paid]) -> list[Finding]:
    """All findings, the most money first."""
    seen = Seen(
        contracts=_contracts(register, paid), unmatched=list(_unmatched(paid)), singles=list(_singles(paid)),
        bought=list(_bought(paid)), covered=[_covered(each) for each in register.awarded.values()],
    )  # fmt: skip
    return findings(seen, max(each.row.paid_on for each in paid), also=[rule.code for rule in RULES])


def _contracts(register: Register, paid: Iterable[Paid]) -> dict[str, ContractPaid]:
    years: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for each in paid:
        if each.contract_id:
            starts_on = register.awarded[each.contract_id].starts_on
            years[each.contract_id][_year(starts_on, each.row.paid_on)].append(each.row.net_pence)
    return {
        key: _contract_paid(contract, {year: (len(pence), sum(pence)) for year, pence in years[key].items()})
        for key, contract in register.awarded.items()
    }


def _contract_paid(contract: ContractAwarded, by_year: Mapping[int, tuple[int, int]]) -> ContractPaid:
    return ContractPaid(
        contract_id=contract.contract_id,
        title=contract.title,
        supplier_name=contract.supplier_name,
        value_pence=contract.value_pence,
        annual_pence=contract.annual_pence,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        by_year=by_year,
    )


def _year(starts_on: date | None, on: date) -> int:
    """The year of its term, from 0."""
    if starts_on is None:
        return 0
    return on.year - starts_on.year - ((on.month, on.day) < (starts_on.month, starts_on.day))


def _unmatched(paid: Iterable[Paid]) -> Iterator[Unmatched]:
    months: defaultdict[tuple[str, PaymentUnmatched, date], list[Paid]] = defaultdict(list)
    for each in paid:
        if isinstance(each.judged, PaymentUnmatched) and each.judged.answer != "ambiguous":
            months[each.supplier_id, each.judged, each.row.paid_on.replace(day=1)].append(each)
    for (supplier, judged, month), group in months.items():
        assert judged.answer != "ambiguous"
        yield Unmatched(
            supplier_id=supplier,
            name=max(each.row.supplier_name for each in group),
            answer=judged.answer,
            month=month,
            payments=len(group),
            net_pence=sum(each.row.net_pence for each in group),
            candidates=judged.candidates,
        )


def _bought(paid: Iterable[Paid]) -> Iterator[Bought]:
    months: defaultdict[tuple[str, str, date], list[int]] = defaultdict(list)
    for each in paid:
        if each.answer == "no_contract" and (rule := category_of(each.row.purpose)):
            months[rule.code, each.supplier_id, each.row.paid_on.replace(day=1)].append(each.row.net_pence)
    for (code, supplier, month), pence in months.items():
        yield Bought(
            category_code=code, supplier_id=supplier, month=month, payments=len(pence), net_pence=sum(pence)
        )  # fmt: skip


def _covered(contract: ContractAwarded) -> Covered:
    return Covered(category_code=contract.category_code or "", starts_on=contract.starts_on, ends_on=contract.ends_on)


def _singles(paid: Iterable[Paid]) -> Iterator[Single]:
    for each in sorted(paid, key=lambda each: each.row.paid_on):
        if each.answer == "no_contract" and BAND_PENCE * NEARLY // 100 <= each.row.net_pence < BAND_PENCE:
            yield Single(
                supplier_id=each.supplier_id,
                name=each.row.supplier_name,
                paid_on=each.row.paid_on,
                net_pence=each.row.net_pence,
            )


def draw(found: Iterable[Finding]) -> list[Finding]:
    """Of each rule the first of its findings in the order of the seed."""
    by_code: defaultdict[str, list[Finding]] = defaultdict(list)
    for each in sorted(found, key=_turn):
        by_code[each.code].append(each)
    return [each for rule in RULES for each in by_code[rule.code][:MOST]]


def _turn(finding: Finding) -> bytes:
    return sha256(f"{SEED}/{finding.finding_id}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Checked:
    """A finding that was judged by hand, as it is now; None where it is found no more, or no more the same."""

    code: str
    now: Finding | None
    verdict: str
    reason: str

    @property
    def at_stake_pence(self) -> int:
        """Nothing where it is found no more."""
        return self.now.at_stake_pence if self.now else 0


def read_checked(path: Path, found: Iterable[Finding]) -> list[Checked]:
    """The findings with their verdicts."""
    known: dict[tuple[str, str, int], Finding] = {
        (each.code, each.cause_id, each.at_stake_pence): each for each in found
    }
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Checked(
                line["code"],
                known.get((line["code"], line["cause_id"], int(line["at_stake_pence"]))),
                line["verdict"],
                line["reason"],
            )
            for line in csv.DictReader(file)
        ]


def precision(checked: Iterable[Checked]) -> tuple[int | None, int | None]:
    """Of a thousand findings that are right or wrong, and of a thousand pounds at stake, those that are right."""
    told = [each for each in checked if each.now and each.verdict != "cannot tell"]
    right = [each for each in told if each.verdict == "right"]
    pence = sum(each.at_stake_pence for each in told)
    return (
        1_000 * len(right) // len(told) if told else None,
        1_000 * sum(each.at_stake_pence for each in right) // pence if pence else None,
    )


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when a rule that is on is right for less than half of its findings."""
    reader = argparse.ArgumentParser(prog="evaluation.findings")
    reader.add_argument("--draw", action="store_true", help="write the findings to judge, as CSV")
    register = read_known(ORGANISATION, REGISTER)
    found = found_in(register, contract_spend(register, SAMPLES.glob("spend-*.csv")))
    if reader.parse_args(arguments).draw:
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_to_judge(each) for each in draw(found))
        return 0
    checked = read_checked(CHECKED, found)
    out = Console(width=110, highlight=False)
    out.print(f"Salford's findings, seed {SEED}; of a rule's findings at most {MOST} are judged by hand.")
    out.print(_by_rule(found, checked))
    for each in checked:
        if each.now and each.verdict == "wrong":
            out.print(f"  {each.code}, {each.now.name}, £{each.at_stake_pence // 100:,}: {each.reason}")
    return int(any(rule.on and is_mostly_wrong(c for c in checked if c.code == rule.code) for rule in RULES))


def is_mostly_wrong(checked: Iterable[Checked]) -> bool:
    """Whether fewer findings are right than must be; of none nobody knows."""
    right, _ = precision(checked)
    return right is not None and right < LEAST


def _to_judge(finding: Finding) -> Mapping[str, str | int]:
    inputs = "; ".join(f"{name} {value}" for name, value in finding.inputs.items())
    told = (finding.code, finding.cause_id, finding.name, finding.at_stake_pence, finding.payments, inputs, "", "")
    return dict(zip(COLUMNS, told, strict=True))


def _by_rule(found: Sequence[Finding], checked: Sequence[Checked]) -> Table:
    table = Table(
        "rule", "found", "£ at stake", "judged", "right", "wrong", "cannot tell", "right of told", "of £", box=None
    )
    for rule in RULES:
        mine = [each for each in found if each.code == rule.code]
        judged = [each for each in checked if each.code == rule.code and each.now]
        counts = [str(sum(e.verdict == verdict for e in judged)) for verdict in ("right", "wrong", "cannot tell")]
        shares = ["none judged" if share is None else f"{share / 10:.1f} %" for share in precision(judged)]
        stake = f"{sum(each.at_stake_pence for each in mine) // 100:,}"
        table.add_row(
            rule.code if rule.on else f"{rule.code} (off)", str(len(mine)), stake, str(len(judged)), *counts, *shares
        )
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
