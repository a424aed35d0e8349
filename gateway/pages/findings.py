"""What is to be explained of an organisation's contract spend: questions with the pounds that they are about."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway import money
from gateway.finding_shapes import Finding, Seen
from gateway.findings import RULE, RULES_DATED, by_rule, findings
from gateway.pages import spreadsheets, words
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import incomplete, known_organisation
from gateway.pages.rendering import Cell, Column, Crumb, Table, page, short_cell
from gateway.places import name_of
from gateway.policy import require_whole
from gateway.reads import models
from gateway.reads.findings import seen
from schemas.proclass import first_level

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 100
"""Findings on the page; the download has all."""
ANSWERS = {"no_contract": "no_contract", "after_end": "expired", "before_start": "early", "splitting": "no_contract"}
"""Which payments a finding about a supplier stands on, by the answer of their judgement."""
STATES = {"open": "Open", "explained": "Explained", "accepted": "Accepted", "dismissed": "Dismissed"}
SHEET = (
    "OrganisationURI", "FindingId", "Rule", "RulesDated", "Question", "Cause", "CauseId", "Name", "AtStake", "Payments",
    "Inputs", "State", "Reason", "Until", "Owner", "DueOn",
)  # fmt: skip
_COLUMNS = (
    Column("To explain"),
    Column("Contract or supplier"),
    Column("How it stands"),
    Column("At stake", numeric=True),
    Column("Payments", numeric=True),
)


@router.get("/organisations/{organisation}/findings")
@router.get("/organisations/{organisation}/findings.csv")
@router.get("/organisations/{organisation}/findings.xlsx")
async def shown(organisation: str, asked: Ask) -> Response:
    """Findings, the most money first; for the organisation's own people only."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    found = _standing(asked, await seen(asked.db, asked.viewer, organisation, times=asked.times))
    if (form := asked.download) is not None:
        return await spreadsheets.answer(form, f"{organisation}-findings", SHEET, _sheet(organisation, found))
    return await page(
        asked,
        "findings.html",
        "To explain",
        organisation=organisation,
        here="findings",
        crumbs=[
            Crumb("Organisations", asked.to.home()),
            Crumb(name_of(organisation), asked.to.organisation(organisation)),
        ],
        by_rule=_by_rule(found),
        largest=_largest(asked, organisation, found[:SHOWN]),
        count=len(found),
        is_incomplete=await incomplete(asked, models.PAYMENTS, organisation),
        csv=True,
    )


def _standing(asked: Asked, sums: Seen) -> list[Finding]:
    return findings(sums, asked.times.today)


def _by_rule(found: Sequence[Finding]) -> Table:
    rows = [
        [
            Cell(each.rule.title, note=f"{each.rule.question} By {each.rule.source}."),
            Cell(f"{each.count:,}"),
            short_cell(each.at_stake_pence),
        ]
        for each in by_rule(found)
    ]
    columns = (Column("Question"), Column("Findings", numeric=True), Column("At stake", numeric=True))
    return Table(f"By rule, as of {words.day(RULES_DATED)}", columns, rows)


def _largest(asked: Asked, organisation: str, found: Sequence[Finding]) -> Table:
    rows = [
        [
            Cell(RULE[each.code].title, note=_inputs(each)),
            Cell(each.name or "Not named", _cause(asked, organisation, each)),
            Cell(STATES[each.state], note=_answer(each)),
            short_cell(each.at_stake_pence),
            Cell(f"{each.payments:,}", _payments(asked, organisation, each)),
        ]
        for each in found
    ]
    return Table("The most money first", _COLUMNS, rows)


def _cause(asked: Asked, organisation: str, finding: Finding) -> str | None:
    return None if finding.cause == "category" else asked.to.one(organisation, f"{finding.cause}s", finding.cause_id)


def _payments(asked: Asked, organisation: str, finding: Finding) -> str:
    """The payments behind it; of a category those of its first level."""
    if finding.cause == "contract":
        return asked.to.under(organisation, "payments", contract=finding.cause_id)
    if finding.cause == "category":
        first = first_level(finding.cause_id)
        return asked.to.under(organisation, "payments", category=first, answer="no_contract")
    scope = "card" if finding.code == "card_on_contract" else None
    return asked.to.under(
        organisation, "payments", supplier=finding.cause_id, answer=ANSWERS.get(finding.code), scope=scope
    )


def _answer(finding: Finding) -> str:
    said, parts = finding.said, []
    if finding.state != "open":
        parts.append(said.reason or "")
    if said.until is not None:
        parts.append(f"until {words.day(said.until)}")
    if said.owner is not None:
        parts.append(f"with {said.owner}" + (f", due {words.day(said.due_on)}" if said.due_on else ""))
    return "; ".join(parts)


def _inputs(finding: Finding) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in finding.inputs.items())


async def _sheet(organisation: str, found: Sequence[Finding]) -> AsyncIterator[spreadsheets.Row]:
    for each in found:
        yield (
            organisation, each.finding_id, each.code, RULES_DATED.isoformat(), RULE[each.code].question, each.cause,
            each.cause_id, each.name, spreadsheets.Number(money.decimal(each.at_stake_pence)), each.payments,
            _inputs(each), each.state, each.said.reason, _iso(each.said.until), each.said.owner, _iso(each.said.due_on),
        )  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
