"""What of a payment's own booking is to be explained: its order, the contract that it names, the card? Dated rules; pure.

Published files hardly ever say so much; a ledger does. No real file at hand has orders or references beside a register,
so nobody has judged these by hand yet: each holds only where two records contradict each other by their days or names.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from gateway.bands import BAND_PENCE, pounds
from gateway.finding_shapes import Carded, Finding, Named, Ordered, Referenced, Seen
from schemas.findings import finding_id

RULES_DATED = date(2026, 11, 24)
MOSTLY_PERCENT = 90
"""Of an organisation's payments from the band on; where fewer name an order or contract, to name none is its custom."""


def late_order(seen: Seen) -> Iterator[Finding]:
    """Orders that were raised after the invoice: the order then ordered nothing."""
    late: defaultdict[str, list[Ordered]] = defaultdict(list)
    for each in seen.ordered:
        if each.raised_on > each.invoiced_on:
            late[each.supplier_id].append(each)
    for supplier, orders in late.items():
        days = max((each.raised_on - each.invoiced_on).days for each in orders)
        yield Finding(
            finding_id=finding_id("late_order", "supplier", supplier), code="late_order", cause="supplier",
            cause_id=supplier, name=orders[0].name, at_stake_pence=_net(orders), payments=len(orders),
            inputs={"orders": str(len({each.purchase_order for each in orders})), "most_days_late": str(days)},
        )  # fmt: skip


def other_party(seen: Seen) -> Iterator[Finding]:
    """Payments that name a contract and went to somebody else than its supplier."""
    others: defaultdict[str, list[Named]] = defaultdict(list)
    for each in seen.named:
        if each.supplier_id != each.contract_supplier_id:
            others[each.contract_id].append(each)
    for contract, named in others.items():
        paid = sorted({each.name for each in named})
        yield Finding(
            finding_id=finding_id("other_party", "contract", contract), code="other_party", cause="contract",
            cause_id=contract, name=named[0].title, at_stake_pence=_net(named), payments=len(named),
            inputs={"paid_to": ", ".join(paid[:3]) + (" and others" if len(paid) > 3 else "")},
        )  # fmt: skip


def card_on_contract(seen: Seen) -> Iterator[Finding]:
    """What was bought by card from a supplier whose contract was in force: perhaps at another price."""
    bought: defaultdict[str, list[Carded]] = defaultdict(list)
    for each in seen.carded:
        if each.starts_on <= each.paid_on <= each.ends_on:
            bought[each.supplier_id].append(each)
    for supplier, cards in bought.items():
        yield Finding(
            finding_id=finding_id("card_on_contract", "supplier", supplier), code="card_on_contract", cause="supplier",
            cause_id=supplier, name=cards[0].name, at_stake_pence=_net(cards), payments=len(cards),
            inputs={"contract": cards[0].title},
        )  # fmt: skip


def missing_reference(seen: Seen) -> Iterator[Finding]:
    """Payments from the band on that name neither order nor contract, where nine in ten of the organisation's do."""
    named = [each for each in seen.referenced if each.named]
    if 100 * len(named) < MOSTLY_PERCENT * len(seen.referenced):
        return
    without: defaultdict[str, list[Referenced]] = defaultdict(list)
    for each in seen.referenced:
        if not each.named:
            without[each.supplier_id].append(each)
    for supplier, payments in without.items():
        yield Finding(
            finding_id=finding_id("missing_reference", "supplier", supplier), code="missing_reference",
            cause="supplier", cause_id=supplier, name=payments[0].name, at_stake_pence=_net(payments),
            payments=len(payments),
            inputs={"band": pounds(BAND_PENCE), "named_elsewhere": f"{len(named)} of {len(seen.referenced)}"},
        )  # fmt: skip


def _net(payments: Iterable[Ordered | Named | Carded | Referenced]) -> int:
    return sum(each.net_pence for each in payments)
