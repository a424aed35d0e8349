"""Payments that may be one payment made twice, and what came back of them."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway import money
from gateway.duplicates import RULE, RULES, RULES_DATED, Duplicate, Paid
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.findings import STATES
from gateway.pages.lists import incomplete, known_organisation
from gateway.pages.rendering import Cell, Column, Crumb, Table, page, pounds_cell
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import models
from gateway.reads.duplicates import possible_duplicates, recovered_pence

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 100
"""Questions on the page; the download has all."""
SHEET = (
    "OrganisationURI", "FindingId", "Rule", "RulesDated", "Question", "AtStake", "Recovered", "RecoveredOn", "How", "State",
    "Reason", "Owner", "DueOn", "PaymentId", "BeneficiaryName", "InvoiceNumber", "TransactionNumber", "PaymentDate", "Amount",
)  # fmt: skip
"""A line for each payment and credit of a question."""
_COLUMNS = (
    Column("Question"),
    Column("Payments"),
    Column("How it stands"),
    Column("At stake", numeric=True),
    Column("Recovered", numeric=True),
)


@router.get("/organisations/{organisation}/duplicates")
@router.get("/organisations/{organisation}/duplicates.csv")
@router.get("/organisations/{organisation}/duplicates.xlsx")
async def shown(organisation: str, asked: Ask) -> Response:
    """Possible duplicates, the most money first; for the organisation's own people only."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    every = asked.text("rules") == "all"
    on = asked.times.today
    found = await possible_duplicates(asked.db, asked.viewer, organisation, on, every=every, times=asked.times)
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-duplicates", SHEET, _sheet(organisation, found))
    return await page(
        asked, "duplicates.html", "Possible duplicate payments", organisation=organisation, here="findings",
        crumbs=[Crumb("Organisations", asked.to.home()),
                Crumb(name_of(organisation), asked.to.organisation(organisation)),
                Crumb("To explain", asked.to.under(organisation, "findings"))],
        rules=_rules(), every=every, all_href=asked.to.under(organisation, "duplicates", rules="all"),
        at_stake=money.pounds(sum(each.at_stake_pence for each in found)),
        recovered=money.pounds(await recovered_pence(asked.db, asked.viewer, organisation, times=asked.times)),
        largest=_largest(asked, organisation, found[:SHOWN]), count=len(found),
        is_incomplete=await incomplete(asked, models.PAYMENTS, organisation), csv=True,
    )  # fmt: skip


def _rules() -> Table:
    rows = [
        [Cell(rule.title, note=rule.question), Cell("Asked" if rule.usual else "Only when all are asked for")]
        for rule in RULES
    ]
    return Table(f"Rules, as of {words.day(RULES_DATED)}", (Column("Rule"), Column("When")), rows)


def _largest(asked: Asked, organisation: str, found: Sequence[Duplicate]) -> Table:
    rows = [
        [
            Cell(RULE[each.code].title, note=RULE[each.code].question),
            Cell(
                each.payments[0].supplier_name,
                asked.to.one(organisation, "payments", each.cause_id),
                note="; ".join([*map(_payment, each.payments), *(f"credit {_payment(c)}" for c in each.credits)]),
            ),
            Cell(STATES[each.state], note=(each.said.reason or "") if each.state != "open" else None),
            pounds_cell(each.at_stake_pence),
            pounds_cell(each.recovered.pence),
        ]
        for each in found
    ]
    return Table("The most money first", _COLUMNS, rows)


def _payment(paid: Paid) -> str:
    number = paid.invoice_number or paid.document_number or "no number"
    return f"{words.day(paid.paid_on)}, {number}, {paid.supplier_name}"


async def _sheet(organisation: str, found: Sequence[Duplicate]) -> AsyncIterator[spreadsheets.Row]:
    for each in found:
        due, on = each.said.due_on, each.recovered.on
        for paid in (*each.payments, *each.credits):
            yield (
                organisation, each.finding_id, each.code, RULES_DATED.isoformat(), RULE[each.code].question,
                spreadsheets.Number(money.decimal(each.at_stake_pence)),
                spreadsheets.Number(money.decimal(each.recovered.pence)), on.isoformat() if on else None,
                each.recovered.how, each.state, each.said.reason, each.said.owner, due.isoformat() if due else None,
                paid.payment_id, paid.supplier_name, paid.invoice_number, paid.document_number,
                paid.paid_on.isoformat(), spreadsheets.Number(money.decimal(paid.net_pence)),
            )  # fmt: skip
