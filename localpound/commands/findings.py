"""`localpound findings`, `answer`, `assign`: what is to be explained, what persons say of it, and who is to."""

from enum import Enum
from typing import Annotated, Any

import typer

from localpound.asking import FINDINGS, ask, sample
from localpound.client import Client, DoorError
from localpound.commands.duplicates import duplicates_of
from localpound.deciding import decide
from localpound.screen import (
    OFFICER,
    Account,
    AsJson,
    AsKnownAt,
    AsOf,
    Organisation,
    out,
    plain_failures,
    pounds,
    print_document,
    table,
)

app = typer.Typer()
Ids = Annotated[
    list[str], typer.Argument(metavar="FINDING…", help="Findings, by the ids that `localpound findings` gives.")
]


class State(Enum):
    """How a finding stands."""

    OPEN = "open"
    EXPLAINED = "explained"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Answer(Enum):
    """What a person can say of findings."""

    EXPLAINED = "explained"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


@app.command()
def findings(
    organisation: Organisation,
    rule: Annotated[
        str | None, typer.Option(help="Only those of one rule, as after_end; splitting is off, and answers only here.")
    ] = None,
    state: Annotated[State | None, typer.Option(help="Only those that stand so.")] = None,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """List what is to be explained: one question for each contract or supplier, which accuses nobody.

    Example: localpound findings -o GB-LAE-SLF --rule after_end
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        wanted = {"first": first, "code": rule, "state": state.name if state else None}
        found = _found(client, organisation, **wanted, asOf=as_of, at=as_known_at)
    if as_json:
        print_document(found)
        return
    shown = table("to explain", "contract or supplier", "stands", "payments", "at stake")
    for each in found["nodes"]:
        inputs = "; ".join(f"{one['name'].replace('_', ' ')} {one['value']}" for one in each["inputs"])
        shown.add_row(
            f"{each['question']}\n[dim]{each['findingId']} {each['title']}; {inputs}[/dim]",
            f"{each['name']}\n[dim]{each['causeId']}[/dim]",
            "\n".join(filter(None, (each["state"].lower(), each["reason"], each["owner"]))),
            f"{each['payments']:,}",
            pounds(int(each["atStakePence"])),
        )
    out.print(shown)
    out.print(f"{len(found['nodes']):,} of {found['count']:,}; all of them: localpound export findings")


@app.command()
def answer(
    said: Annotated[
        Answer, typer.Argument(help="explained by one person; accepted or dismissed by another; or withdrawn.")
    ],
    findings: Ids,
    organisation: Organisation,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the answer.")],
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last day on which it stands, as 2023-03-31.")
    ] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Say the same of findings, of all or none.

    Example: localpound answer explained 5a1d3f6f0c2b4e7d --reason "Extended to March" -o GB-LAE-SLF
    """
    causes = _causes(findings, organisation, account, as_json=as_json)
    sent = {"findings": causes, "answer": said.value, "reason": reason, "until": until}
    decide("/findings/answers", sent, organisation, account, as_json=as_json, said=f"{len(causes):,} {said.value}.")


@app.command()
def assign(
    findings: Ids,
    organisation: Organisation,
    owner: Annotated[str | None, typer.Option(help="Who is to explain them; without, nobody.")] = None,
    due: Annotated[str | None, typer.Option(metavar="DAY", help="By when, as 2022-09-30.")] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Give findings to somebody to explain.

    Example: localpound assign 5a1d3f6f0c2b4e7d --owner "Head of Highways" --due 2022-09-30 -o GB-LAE-SLF
    """
    causes = _causes(findings, organisation, account, as_json=as_json)
    sent = {"findings": causes, "owner": owner, "due_on": due}
    decide("/findings/assignments", sent, organisation, account, as_json=as_json, said=f"{len(causes):,} given.")


def _found(client: Client, organisation: str, **asked: object) -> dict[str, Any]:
    told = ask(client, sample(FINDINGS), organisation, **asked)["organisation"]
    return told["findings"] if told else {"count": 0, "nodes": [], "rulesDated": None}


def _causes(ids: list[str], organisation: str, account: str, *, as_json: bool) -> list[dict[str, str]]:
    """What these findings ask about. Refuses ids that are none."""
    with plain_failures(as_json=as_json), Client.local(account) as client:
        nodes = [
            node
            for start in range(0, len(ids), 100)
            for node in _found(client, organisation, first=100, ids=ids[start : start + 100])["nodes"]
        ]
        if missing := [each for each in ids if each not in {node["findingId"] for node in nodes}]:
            nodes += duplicates_of(client, organisation, first=100, every=True, ids=missing[:100])["nodes"]
        if unknown := set(ids) - {node["findingId"] for node in nodes}:
            raise DoorError("no-such-finding", f"There is no finding {min(unknown)}: localpound findings lists them.")
    return [{"code": node["code"], "cause": node["cause"], "cause_id": node["causeId"]} for node in nodes]
