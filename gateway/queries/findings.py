"""What is to be explained: as an organisation's own people see it."""

from datetime import datetime

import strawberry

from gateway import findings as rules
from gateway.asking import Info
from gateway.reads.findings import seen
from gateway.scalars import Day, Pence


@strawberry.type(description="One thing that a finding was computed from.")
class FindingInput:
    name: str = strawberry.field(description="What it is, as last_end.")
    value: str = strawberry.field(description="As text; money in pounds, days as 2022-07-31.")


@strawberry.type(description="Something to explain: a question about one contract or supplier, which accuses nobody.")
class Finding:
    finding_id: str = strawberry.field(description="The same for the same cause under the same rule.")
    code: str = strawberry.field(description="The rule, as after_end.")
    title: str = strawberry.field(description="The rule in words.")
    question: str = strawberry.field(description="What is asked.")
    source: str = strawberry.field(description="On what the rule rests.")
    cause: str = strawberry.field(description="contract or supplier.")
    cause_id: str = strawberry.field(description="Which: a contract's id, or a supplier's or payee's.")
    name: str = strawberry.field(description="Of the contract or supplier.")
    at_stake_pence: Pence = strawberry.field(description="The pounds that the question is about.")
    payments: int = strawberry.field(description="How many payments it stands on.")
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
    by_rule: list[RuleFindings] = strawberry.field(description="Of every rule.")
    nodes: list[Finding] = strawberry.field(description="The first of them.")


async def findings_of(
    info: Info, organisation: str, first: int, code: str | None, known_at: datetime | None
) -> Findings:
    """Resolve `findings`."""
    asking = info.context
    found = rules.findings(await seen(asking.db, asking.viewer, organisation, known_at=known_at))
    wanted = [each for each in found if code is None or each.code == code]
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
            for each in rules.by_rule(found)
        ],
        nodes=[_finding(each) for each in wanted[:first]],
    )


def _finding(found: rules.Finding) -> Finding:
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
        inputs=[FindingInput(name=name, value=value) for name, value in found.inputs.items()],
    )
