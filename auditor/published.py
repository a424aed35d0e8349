"""Is what was published of a quarter what the log held of it then? Each file, to the penny."""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

OVER = 50_000
"""Pence: the Local Government Transparency Code 2015 asks for items over £500, and every one on a card."""
UNDER = "not over £500"
DAYS = {"Q1": ("01-01", "03-31"), "Q2": ("04-01", "06-30"), "Q3": ("07-01", "09-30"), "Q4": ("10-01", "12-31")}
Key = tuple[str, int]
"""The day of a payment, and its net pence."""


class Paid(Protocol):
    """What is asked of a payment."""

    paid_on: str
    net: int
    scope: str | None
    withdrawn: bool
    payee_id: str
    payee: str


@dataclass
class Published:
    """What was published so far, and what contradicts the log in it."""

    parts: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """By edition and file."""
    editions: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def part(self, data: dict[str, Any]) -> None:
        """Take in a part of a file."""
        parts = self.parts[data["publication_id"], data["file_name"]]
        if data["part"] != len(parts):
            self.faults.append(f"{data['publication_id']}: part {data['part']} of {data['file_name']} is out of turn")
        parts.append(data["content"])

    def approved(
        self, data: dict[str, Any], at: str, by: str, payments: Iterable[Paid], withheld: Collection[str]
    ) -> None:
        """Compare an edition with the payments that stand, and the payees who are withheld, when it is approved."""
        edition, quarter = data["publication_id"], data["quarter"]
        first, last = (f"{quarter[:4]}-{day}" for day in DAYS[quarter[5:]])
        stood = [each for each in payments if not each.withdrawn and first <= each.paid_on <= last]
        rows: Counter[Key] = Counter()
        for name, digest, count, pence in zip(
            data["file_names"], data["file_digests"], data["file_rows"], data["file_pence"], strict=True
        ):
            rows += self._file(edition, name, digest, count, pence)
        self._control(data, rows, stood)
        kept_back = {(each.paid_on, each.net, each.payee) for each in stood if each.payee_id in withheld}
        for name in data["file_names"] if kept_back else ():
            self._names(edition, name, kept_back)
        total = sum(pence * times for (_, pence), times in rows.items())
        self.editions.append(
            {"publication": edition, "approved_at": at, "by": by, "rows": rows.total(), "pence": total,
             "left_out": dict(zip(data["left_out"], data["left_out_payments"], strict=True)),
             "files": dict(zip(data["file_names"], data["file_digests"], strict=True))}
        )  # fmt: skip

    def _file(self, edition: str, name: str, digest: str, count: int, pence: int) -> Counter[Key]:
        """A file's payments, after its bytes, rows and pence were held to what was stated."""
        content = "".join(self.parts[edition, name])
        if hashlib.sha256(content.encode()).hexdigest() != digest:
            self.faults.append(f"{edition}: {name} has not the digest that was approved")
        lines = list(csv.DictReader(io.StringIO(content, newline="")))
        rows = Counter(_key(line) for line in lines if "Amount" in line and "PaymentDate" in line and "Purpose" in line)
        found = sum(amount * times for (_, amount), times in rows.items())
        if (len(lines), found) != (count, pence):
            self.faults.append(
                f"{edition}: {name} states {count} rows and {pence} pence; it has {len(lines)} and {found}"
            )
        return rows

    def _names(self, edition: str, name: str, kept_back: Collection[tuple[str, int, str]]) -> None:
        """Whether a file names a payee whom a person had withheld by then."""
        lines = csv.DictReader(io.StringIO("".join(self.parts[edition, name]), newline=""))
        if named := sum(
            (*_key(line), line.get("BeneficiaryName", "")) in kept_back
            for line in lines
            if "Amount" in line and "PaymentDate" in line
        ):
            self.faults.append(f"{edition}: {named} rows of {name} name a payee who was withheld")

    def _control(self, data: dict[str, Any], rows: Counter[Key], stood: list[Paid]) -> None:
        """Whether files and what is left out are all that stood, and only so much is left out by other rules."""
        edition = data["publication_id"]
        on_record = Counter((each.paid_on, each.net) for each in stood)
        total = sum(each.net for each in stood)
        if unknown := rows - on_record:
            self.faults.append(f"{edition}: {unknown.total()} rows are no payments in the log, as {min(unknown)}")
        if (data["control_payments"], data["control_pence"]) != (len(stood), total):
            self.faults.append(
                f"{edition} states {data['control_payments']} payments and {data['control_pence']} pence in all;"
                f" the log held {len(stood)} and {total}"
            )
        together = rows.total() + sum(data["left_out_payments"])
        pence = sum(amount * times for (_, amount), times in rows.items()) + sum(data["left_out_pence"])
        if (together, pence) != (len(stood), total):
            self.faults.append(f"{edition}: files and what is left out come to {together} payments and {pence} pence")
        small = sum(abs(each.net) <= OVER and each.scope != "card" for each in stood)
        stated = dict(zip(data["left_out"], data["left_out_payments"], strict=True)).get(UNDER, 0)
        if stated > small:
            self.faults.append(f"{edition}: {stated} are left out as {UNDER}; the log held {small} such")


def _key(line: dict[str, str]) -> Key:
    try:
        return line["PaymentDate"], int(Decimal(line["Amount"]) * 100)
    except InvalidOperation:
        return line["PaymentDate"], 0
