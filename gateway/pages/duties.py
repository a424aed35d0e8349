"""What the Procurement Act 2023 asks of a quarter's payments, and what is missing for it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway.duties import PAYABLE_WITHIN, HalfYear, Over30000, Part, PromptPayment, due_on, over_30000, prompt_payment
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import incomplete, known_organisation
from gateway.pages.rendering import Cell, Column, Crumb, Table, count_cell, page, pounds_cell
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import BadInput, models
from gateway.reads.duties import paid_between, paid_for
from schemas.legal_days import Quarter

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
MOST_QUARTERS = 40
_PARTS = (
    Column("Payments"),
    Column("How many", numeric=True),
    Column("Pounds", numeric=True, classes="lp-nowrap"),
)


@router.get("/organisations/{organisation}/duties")
async def shown(organisation: str, asked: Ask) -> Response:
    """Section 70 of a quarter and regulation 38 of its half-year; for the organisation's own people."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    between = await paid_between(asked.db, asked.viewer, organisation, times=asked.times)
    quarter = _quarter(asked, between)
    half = HalfYear.of(quarter)
    since = half.first - PAYABLE_WITHIN
    paid = await paid_for(asked.db, asked.viewer, organisation, since, half.last, times=asked.times)
    large, prompt = over_30000(quarter, paid), prompt_payment(half, paid)
    return await page(
        asked, "duties.html", "Due to be published", organisation=organisation, here="duties",
        crumbs=[Crumb("Organisations", asked.to.home()),
                Crumb(name_of(organisation), asked.to.organisation(organisation))],
        quarter=quarter, half=half, over_30000=_over_30000(asked, organisation, large), large=large,
        prompt=prompt, prompt_payment=_prompt_payment(prompt), prompt_due_on=due_on(half.last),
        quarters=[(str(each), asked.to.under(organisation, "duties", quarter=each)) for each in quarters_of(between)],
        is_incomplete=await incomplete(asked, models.PAYMENTS, organisation),
    )  # fmt: skip


def _quarter(asked: Asked, between: tuple[date, date] | None) -> Quarter:
    """The quarter that is asked for, else the last in which anything was paid. Raises BadInput."""
    text = asked.text("quarter")
    if text is None:
        return Quarter.of(between[1] if between else date(2026, 4, 1))
    try:
        return Quarter.read(text)
    except ValueError as error:
        raise BadInput("quarter", f"{error}.") from None


def quarters_of(between: tuple[date, date] | None) -> list[Quarter]:
    """Every quarter in which something may have been paid, the newest first."""
    if between is None:
        return []
    found = [Quarter.of(between[1])]
    while found[-1].first > between[0] and len(found) < MOST_QUARTERS:
        found.append(found[-1].before)
    return found


def _over_30000(asked: Asked, organisation: str, found: Over30000) -> Table:
    listed = asked.to.under(
        organisation, "payments", scope="contract_spend", paid_from=found.quarter.first, paid_to=found.quarter.last
    )
    rows = [
        _row("Not asked for: the contract began before 1 April 2026", found.outside),
        _row("May be asked for: the register does not say when the procurement commenced", found.not_known, listed),
        _row("On no one contract for certain", found.no_contract, listed),
        _row("Among these, over £30,000 without VAT and no VAT stated", found.without_vat),
    ]
    return Table("Single payments over £30,000", _PARTS, rows)


def _prompt_payment(found: PromptPayment) -> Table:
    def of_known(count: int) -> str:
        return f"{count:,} of {found.known.payments:,}"

    days = found.mean_days_written
    rows = [
        [Cell("Mean number of days to pay"), Cell(days or "Missing")],
        [Cell("Within 30 days"), Cell(of_known(found.within_30))],
        [Cell("On days 31 to 60"), Cell(of_known(found.within_60))],
        [Cell("Later"), Cell(of_known(found.later))],
        [Cell("Became payable"), pounds_cell(found.payable_pence)],
        [Cell("Of that, paid after the six months"), pounds_cell(found.unpaid_pence)],
        [
            Cell("Payments that do not say when their invoice was received", note="They are in no figure above."),
            count_cell(found.missing.payments),
        ],
    ]
    return Table("How quickly invoices were paid", (Column("What"), Column("Figure", numeric=True)), rows)


def _row(text: str, part: Part, href: str | None = None) -> list[Cell]:
    return [Cell(text), count_cell(part.payments, href), pounds_cell(part.net_pence)]
