"""What do many small purchases of one kind come to? A dated rule; pure.

A supplier that reaches the band alone is asked about by itself. Here the others of a category are added up: what each is
paid looks small, and together it is a need that a procedure is for, unless a contract of that category was in force.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from gateway.bands import BAND_PENCE, months_between, most_in_twelve, pounds
from gateway.finding_shapes import Bought, Covered, Finding, Seen
from schemas.findings import finding_id
from schemas.proclass import category_name

RULES_DATED = date(2026, 11, 24)
LEAST_SUPPLIERS = 2


def category_total(seen: Seen) -> Iterator[Finding]:
    """Twelve months in a row in which suppliers that are each below the band reach it together in one category."""
    categories: defaultdict[str, defaultdict[str, list[Bought]]] = defaultdict(lambda: defaultdict(list))
    for each in seen.bought:
        categories[each.category_code][each.supplier_id].append(each)
    for code, suppliers in categories.items():
        small = [each for months in suppliers.values() if _most(months)[0] < BAND_PENCE for each in months]
        if len({each.supplier_id for each in small}) < LEAST_SUPPLIERS:
            continue
        most, first = _most(small)
        if most < BAND_PENCE or any(_in_force(contract, code, first) for contract in seen.covered):
            continue
        yield Finding(
            finding_id=finding_id("category_total", "category", code), code="category_total", cause="category",
            cause_id=code, name=category_name(code), at_stake_pence=sum(each.net_pence for each in small),
            payments=sum(each.payments for each in small),
            inputs={
                "band": pounds(BAND_PENCE), "suppliers": str(len({each.supplier_id for each in small})),
                "most_in_twelve_months": pounds(most), "from_month": f"{first:%Y-%m}",
            },
        )  # fmt: skip


def _most(months: Sequence[Bought]) -> tuple[int, date]:
    return most_in_twelve((each.month, each.net_pence) for each in months)


def _in_force(contract: Covered, code: str, first: date) -> bool:
    """Whether a contract of the category was in force in any of the twelve months; an open end is in force."""
    begins = 0 if contract.starts_on is None else months_between(first, contract.starts_on)
    ends = 0 if contract.ends_on is None else months_between(first, contract.ends_on)
    return contract.category_code == code and begins < 12 and ends >= 0
