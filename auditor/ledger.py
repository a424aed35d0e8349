"""What the events of a log tell of each payment, file and decision, and what that comes to."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor.log import events
from auditor.published import Published

SPEND = "localpound.spend."
DECIDED = frozenset({
    "SupplierLinkDecided", "SupplierMerged", "SupplierSplit", "PaymentScopeDecided", "PaymentCategoryDecided",
    "FindingAnswered", "PaymentAllocated", "PayeeWithholdingDecided",
})  # fmt: skip
"""What a person decides against, or before, the rules."""


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
    allocated: str | None = None  # the contract of the largest share that a person decided
    withdrawn: bool = False
    payee_id: str = ""
    payee: str = ""  # the name that was paid

    @property
    def judged(self) -> str | None:
        """Its answer, if it is contract spend: a person's word goes before what was judged."""
        if self.scope != "contract_spend":
            return None
        return "on_contract" if self.allocated else self.answer


@dataclass
class Ledger:
    """Everything that one log tells."""

    events: int = 0
    payments: dict[str, Payment] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    decided: list[dict[str, Any]] = field(default_factory=list)
    withheld: set[str] = field(default_factory=set)  # payees whom nobody outside is to know
    published: Published = field(default_factory=Published)
    faults: list[str] = field(default_factory=list)


def read(folder: Path, organisation: str, known_at: str | None) -> Ledger:
    """The log of an organisation's spending, checked and folded. Raises Unreadable."""
    ledger = Ledger()
    for position, event in events(folder, organisation, ledger.faults):
        ledger.events += 1
        if known_at is None or event["recordedtime"] <= known_at:
            fold(ledger, position, event)
    return ledger


def fold(ledger: Ledger, position: int, event: dict[str, Any]) -> None:
    """Take in what one event tells."""
    name, data = event["type"].removeprefix(SPEND).rpartition(".")[0], event["data"]
    if name == "PaymentRecorded":
        ledger.payments[data["payment_id"]] = Payment(
            data["payment_id"], position, data["paid_on"], data["net_pence"], data["file_id"],
            payee_id=data["payee_id"], payee=data["supplier_name"],
        )  # fmt: skip
    elif name == "SpendFileReceived":
        ledger.files[data["file_id"]] = data
    elif name == "PublicationPart":
        ledger.published.part(data)
    elif name == "QuarterPublished":
        ledger.published.approved(
            data, event["recordedtime"], event["actor"], ledger.payments.values(), ledger.withheld
        )
    elif name in DECIDED:
        told = {"position": position, "at": event["recordedtime"], "by": event["actor"], "role": event["actorrole"]}
        ledger.decided.append({**told, "fact": name, "said": data})
    if name == "PayeeWithholdingDecided":
        (ledger.withheld.add if data["decision"] == "withheld" else ledger.withheld.discard)(data["payee_id"])
    payment = ledger.payments.get(data.get("payment_id", ""))
    if payment is not None:
        _say(payment, name, data)


def _say(payment: Payment, name: str, data: dict[str, Any]) -> None:
    """Take in what an event tells of one payment."""
    if name == "PaymentCorrected":
        payment.paid_on, payment.net, payment.file_id = data["paid_on"], data["net_pence"], data["file_id"]
    elif name == "PaymentScoped":
        payment.scope = data["scope"]
    elif name == "PaymentMatched":
        payment.answer, payment.contract_id = "on_contract", data["contract_id"]
    elif name == "PaymentUnmatched":
        payment.answer, payment.contract_id = data["answer"], None
    elif name == "PaymentAllocated":
        if data["decision"] == "decided" and data["place"] == 1:
            payment.allocated = data["contract_id"]
        elif data["decision"] == "withdrawn" and data["contract_id"] == payment.allocated:
            payment.allocated = None
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
