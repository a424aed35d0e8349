"""Recompute a council's figures from its exported log, without trusting or using anything that wrote it.

    localpound export FOLDER -o GB-LAE-SLF
    python auditor/reperform.py FOLDER GB-LAE-SLF --paid-from 2021-04-01 --paid-to 2022-03-31

It needs this file, Python 3.11 and nothing else. It reads the log of the spend service as C2SP tlog-tiles, recomputes
the Merkle tree over every event (RFC 6962, 2.1) and compares it with the checkpoint; checks that every stream's versions
follow each other; and folds the events of each payment into what is known of it, now or on an earlier day. Of the
payments of a period it tells the population, how much of it is contract spend and on which answer, file by file what
was stated and what is found, what persons decided against the rules, and a monetary-unit sample.

It cannot tell that a log was cut short and given a new checkpoint: keep the sizes and roots that you have seen, and give
a total from outside. Money is whole pence. Exit codes: 0 all agrees; 1 the files cannot be read; 2 something contradicts: the tree, a stream,
a file's control total, or the total given from outside.
"""

import argparse
import base64
import hashlib
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

SPEND = "localpound.spend."
DECIDED = frozenset({
    "SupplierLinkDecided", "SupplierMerged", "SupplierSplit", "PaymentScopeDecided", "PaymentCategoryDecided",
})  # fmt: skip
"""What a person decides against, or before, the rules."""


class Unreadable(Exception):
    """The files are not what they should be."""


@dataclass
class Payment:
    """A payment as its events tell it."""

    payment_id: str
    position: int  # of the event that recorded it, in the log
    paid_on: str
    net: int
    file_id: str | None
    scope: str | None = None
    answer: str | None = None
    contract_id: str | None = None
    withdrawn: bool = False

    @property
    def judged(self) -> str | None:
        """Its answer, if it is contract spend."""
        return self.answer if self.scope == "contract_spend" else None


@dataclass
class Ledger:
    """Everything that one log tells."""

    events: int = 0
    payments: dict[str, Payment] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    decided: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def entries(folder: Path, size: int) -> Iterator[bytes]:
    """Every event's bytes, in the order of the log. Raises Unreadable."""
    for bundle in range((size + 255) // 256):
        width = min(256, size - 256 * bundle)
        name = "/".join([*(f"x{part:03}" for part in _thousands(bundle)[:-1]), f"{_thousands(bundle)[-1]:03}"])
        path = folder / "tile" / "entries" / (name if width == 256 else f"{name}.p/{width}")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise Unreadable(f"{path} cannot be read") from error
        at = 0
        for _ in range(width):
            length = int.from_bytes(content[at : at + 2], "big")
            entry = content[at + 2 : at + 2 + length]
            if len(entry) != length or length == 0:
                raise Unreadable(f"{path} ends in the middle of an event")
            yield entry
            at += 2 + length
        if at != len(content):
            raise Unreadable(f"{path} holds more than its events")


def _thousands(number: int) -> list[int]:
    parts = [number % 1000]
    while number := number // 1000:
        parts.insert(0, number % 1000)
    return parts


class Tree:
    """The root over leaves as they come (RFC 6962, 2.1)."""

    def __init__(self) -> None:
        self._full: list[tuple[int, bytes]] = []
        """Roots of complete subtrees, the largest first, with their heights."""

    def add(self, entry: bytes) -> None:
        """Take in one more leaf."""
        height, node = 0, hashlib.sha256(b"\x00" + entry).digest()
        while self._full and self._full[-1][0] == height:
            _, left = self._full.pop()
            height, node = height + 1, hashlib.sha256(b"\x01" + left + node).digest()
        self._full.append((height, node))

    def root(self) -> bytes:
        """The head over all leaves so far."""
        if not self._full:
            return hashlib.sha256(b"").digest()
        node = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node


def read(folder: Path, organisation: str, known_at: str | None) -> Ledger:
    """The log of an organisation's spending, checked and folded. Raises Unreadable."""
    log = folder / "spend" / organisation
    try:
        origin, size, root, *_ = (log / "checkpoint").read_text().splitlines()
        stated_root, count = base64.b64decode(root, validate=True), int(size)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{log / 'checkpoint'} is no checkpoint") from error
    ledger, tree, versions = Ledger(events=count), Tree(), Counter[str]()
    if origin != f"localpound/{organisation}/spend":
        ledger.faults.append(f"the checkpoint is of {origin}")
    for position, entry in enumerate(entries(log, count)):
        tree.add(entry)
        event = json.loads(entry)
        stream = event["subject"]
        versions[stream] += 1
        if event["streamversion"] != versions[stream]:
            ledger.faults.append(
                f"event {position} is version {event['streamversion']} of {stream}, not {versions[stream]}"
            )
        if event["source"] != f"/organisations/{organisation}/spend":
            ledger.faults.append(f"event {position} is of {event['source']}")
        if known_at is None or event["recordedtime"] <= known_at:
            fold(ledger, position, event)
    if tree.root() != stated_root:
        ledger.faults.append("the tree over the events is not that of the checkpoint")
    return ledger


def fold(ledger: Ledger, position: int, event: dict[str, Any]) -> None:
    """Take in what one event tells."""
    name, data = event["type"].removeprefix(SPEND).rpartition(".")[0], event["data"]
    if name == "PaymentRecorded":
        ledger.payments[data["payment_id"]] = Payment(
            data["payment_id"], position, data["paid_on"], data["net_pence"], data["file_id"]
        )
    elif name == "SpendFileReceived":
        ledger.files[data["file_id"]] = data
    elif name in DECIDED:
        told = {"position": position, "at": event["recordedtime"], "by": event["actor"], "role": event["actorrole"]}
        ledger.decided.append({**told, "fact": name, "said": data})
    payment = ledger.payments.get(data.get("payment_id", ""))
    if payment is None:
        return
    if name == "PaymentCorrected":
        payment.paid_on, payment.net, payment.file_id = data["paid_on"], data["net_pence"], data["file_id"]
    elif name == "PaymentScoped":
        payment.scope = data["scope"]
    elif name == "PaymentMatched":
        payment.answer, payment.contract_id = "on_contract", data["contract_id"]
    elif name == "PaymentUnmatched":
        payment.answer, payment.contract_id = data["answer"], None
    elif name in ("PaymentVoided", "PaymentCancelled"):
        payment.withdrawn = True


def population(ledger: Ledger, paid_from: str | None, paid_to: str | None) -> list[Payment]:
    """The payments of a period that count, in the order of the log."""
    return [
        each
        for each in ledger.payments.values()
        if not each.withdrawn
        and (paid_from is None or each.paid_on >= paid_from)
        and (paid_to is None or each.paid_on <= paid_to)
    ]


def figures(payments: list[Payment]) -> dict[str, Any]:
    """What the payments come to."""
    scopes: defaultdict[str, list[int]] = defaultdict(list)
    answers: defaultdict[str, list[int]] = defaultdict(list)
    for each in payments:
        scopes[each.scope or ""].append(each.net)
        if each.judged is not None:
            answers[each.judged].append(each.net)

    def summed(parts: dict[str, list[int]]) -> dict[str, dict[str, int]]:
        return {name: {"count": len(nets), "pence": sum(nets)} for name, nets in sorted(parts.items())}

    contract_spend = sum(scopes["contract_spend"])
    on_contract = sum(answers["on_contract"])
    return {
        "population": {"count": len(payments), "pence": sum(each.net for each in payments)},
        "by_scope": summed(scopes),
        "by_answer": summed(answers),
        "on_contract_pence": on_contract,
        "contract_spend_pence": contract_spend,
        "on_contract_percent": round(100 * on_contract / contract_spend, 2) if contract_spend else None,
    }


def by_file(ledger: Ledger) -> list[str]:
    """Files whose own counts are not those of the rows that are found: each as a sentence."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for each in ledger.payments.values():
        found[each.file_id or ""].append(each.net)
    faults = []
    for file_id, stated in ledger.files.items():
        if any(other["period"] == stated["period"] and other is not stated for other in ledger.files.values()):
            continue  # published again: which file a payment is of depends on what was corrected since
        count, pence = stated["new_rows"] + stated["corrected_rows"], stated["new_pence"] + stated["corrected_pence"]
        if (len(found[file_id]), sum(found[file_id])) != (count, pence):
            faults.append(
                f"{stated['file_name']} states {count} rows and {pence} pence;"
                f" {len(found[file_id])} and {sum(found[file_id])} are found"
            )
    return faults


def sample(payments: list[Payment], size: int, seed: int) -> dict[str, Any]:
    """A monetary-unit sample: a random start, then every so many pence; each payment counts by its pence above zero.

    AICPA Audit Guide, Audit Sampling: fixed interval; what is larger than the interval is drawn for certain.
    """
    drawn: list[dict[str, Any]] = []
    whole = sum(each.net for each in payments if each.net > 0)
    interval = max(1, whole // size)
    start = random.Random(seed).randrange(interval)  # noqa: S311 - to be drawn again, not to be secret
    reached, due = 0, start
    for each in payments:
        reached += max(0, each.net)
        if reached > due:
            drawn.append({"payment_id": each.payment_id, "position": each.position, "pence": each.net})
            due += ((reached - 1 - due) // interval + 1) * interval
    return {"seed": seed, "interval_pence": interval, "start_pence": start, "drawn": drawn}


def reperform(options: argparse.Namespace) -> dict[str, Any]:
    """Everything that was asked for. Raises Unreadable."""
    ledger = read(options.folder, options.organisation, options.known_at)
    payments = population(ledger, options.paid_from, options.paid_to)
    answer: dict[str, Any] = {
        "organisation": options.organisation, "events": ledger.events, "known_at": options.known_at,
        "paid_from": options.paid_from, "paid_to": options.paid_to, **figures(payments), "decided": ledger.decided,
    }  # fmt: skip
    faults = [*ledger.faults, *(by_file(ledger) if options.known_at is None else [])]
    if options.control_total is not None and options.control_total != answer["population"]["pence"]:
        difference = options.control_total - answer["population"]["pence"]
        faults.append(f"the total from outside is {options.control_total} pence, {difference} more than the population")
    if options.sample:
        answer["sample"] = sample(payments, options.sample, options.seed)
    return {**answer, "faults": faults}


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _instant(text: str) -> str:
    """As the log writes instants, so that they can be compared as text."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def main() -> int:
    """Recompute, print, and say by the exit code whether all agrees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="what `localpound export FOLDER` wrote")
    parser.add_argument("organisation", help="as GB-LAE-SLF")
    parser.add_argument("--paid-from", type=_day, help="the first day of payment, as 2021-04-01")
    parser.add_argument("--paid-to", type=_day, help="the last day of payment")
    parser.add_argument("--known-at", type=_instant, help="as was known then: 2022-03-31T23:59:59+01:00")
    parser.add_argument("--control-total", type=int, metavar="PENCE", help="the ledger's total of the period")
    parser.add_argument("--sample", type=int, metavar="N", help="draw a monetary-unit sample of about so many")
    parser.add_argument("--seed", type=int, default=1, help="of the sample's start")
    try:
        answer = reperform(parser.parse_args())
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    json.dump(answer, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 2 if answer["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
