"""What is to be explained: as an organisation's own people see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum

import strawberry

from gateway import findings as rules
from gateway.asking import Info
from gateway.finding_shapes import Finding as Found
from gateway.queries.choices import meant
from gateway.reads.findings import seen
from gateway.reads.times import Times
from gateway.scalars import Day, Pence


@strawberry.type(description="One thing that a finding was computed from.")
class FindingInput:
    name: str = strawberry.field(description="What it is, as last_end.")
    value: str = strawberry.field(description="As text; money in pounds, days as 2022-07-31.")


@strawberry.enum(description="How a finding stands.")
class FindingState(Enum):
    OPEN = strawberry.enum_value("open", description="To explain.")
    EXPLAINED = strawberry.enum_value("explained", description="One person explained it.")
    ACCEPTED = strawberry.enum_value("accepted", description="Another person found that enough.")
    DISMISSED = strawberry.enum_value("dismissed", description="Another person found that nothing was to be explained.")


@strawberry.type(description="Something to explain: a question about one contract or supplier, which accuses nobody.")
class Finding:
    finding_id: str = strawberry.field(description="The same for the same cause under the same rule.")
    code: str = strawberry.field(description="The rule, as after_end.")
    title: str = strawberry.field(description="The rule in words.")
    question: str = strawberry.field(description="What is asked.")
    source: str = strawberry.field(description="On what the rule rests.")
    cause: str = strawberry.field(description="What it asks about: contract, supplier or category.")
    cause_id: str = strawberry.field(
        description="Which: a contract's id, a supplier's or payee's, or a code of ProClass."
    )
    name: str = strawberry.field(description="Of the contract or supplier.")
    at_stake_pence: Pence = strawberry.field(description="The pounds that the question is about.")
    payments: int = strawberry.field(description="How many payments it stands on.")
    state: FindingState = strawberry.field(description="How it stands today, or stood on the day that is asked about.")
    reason: str | None = strawberry.field(description="What the person said who answered last.")
    until: Day | None = strawberry.field(description="The last day on which that answer stands.")
    owner: str | None = strawberry.field(description="Who is to explain it.")
    due_on: Day | None = strawberry.field(description="By when.")
    inputs: list[FindingInput] = strawberry.field(description="What it was computed from.")


@strawberry.type(description="What one rule comes to; one pound may be asked about by several.")
class RuleFindings:
    code: str = strawberry.field(description="The rule, as after_end.")
    title: str = strawberry.field(description="The rule in words.")
    count: int = strawberry.field(description="How many findings it has.")
    at_stake_pence: Pence = strawberry.field(description="The pounds that they are about.")


@strawberry.type(description="What is to be explained of an organisation's contract spend, the most money first.")
class Findings:
    rules_dated: Day = strawberry.field(description="The date of the rules.")
    count: int = strawberry.field(description="How many there are.")
    by_rule: list[RuleFindings] = strawberry.field(description="Of every rule that is on, or asked for.")
    nodes: list[Finding] = strawberry.field(description="The first of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings are asked for."""

    first: int
    code: str | None
    state: FindingState | None
    finding_ids: list[str] | None

    @property
    def rules(self) -> Collection[str]:
        """The codes of the rules that are asked for, though they be off."""
        return rules.RULE if self.finding_ids is not None else {self.code or ""}

    def among(self, found: list[Found]) -> list[Found]:
        """Those of them."""
        return [
            each
            for each in found
            if (self.code is None or each.code == self.code)
            and (self.state is None or each.state == meant(self.state))
            and (self.finding_ids is None or each.finding_id in self.finding_ids)
        ]


async def findings_of(info: Info, organisation: str, asked: Wanted, times: Times) -> Findings:
    """Resolve `findings`."""
    asking = info.context
    sums = await seen(asking.db, asking.viewer, organisation, times=times)
    wanted = asked.among(rules.findings(sums, times.today, asked.rules))
    return Findings(
        rules_dated=Day(rules.RULES_DATED),
        count=len(wanted),
        by_rule=[
            RuleFindings(
                code=each.rule.code,
                title=each.rule.title,
                count=each.count,
                at_stake_pence=Pence(each.at_stake_pence),
            )
            for each in rules.by_rule(wanted)
        ],
        nodes=[_finding(each) for each in wanted[: asked.first]],
    )


def _finding(found: Found) -> Finding:
    rule = rules.RULE[found.code]
    return Finding(
        finding_id=found.finding_id,
        code=found.code,
        title=rule.title,
        question=rule.question,
        source=rule.source,
        cause=found.cause,
        cause_id=found.cause_id,
        name=found.name,
        at_stake_pence=Pence(found.at_stake_pence),
        payments=found.payments,
        state=FindingState(found.state),
        reason=found.said.reason,
        until=_day(found.said.until),
        owner=found.said.owner,
        due_on=_day(found.said.due_on),
        inputs=[FindingInput(name=name, value=value) for name, value in found.inputs.items()],
    )


def _day(day: date | None) -> Day | None:
    return None if day is None else Day(day)
