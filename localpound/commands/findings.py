"""`localpound findings`: what is to be explained of contract spend, the most money first."""

from typing import Annotated, Any

import typer

from localpound.asking import FINDINGS, ask, sample
from localpound.client import Client
from localpound.screen import OFFICER, Account, AsJson, Organisation, out, plain_failures, pounds, print_document, table

app = typer.Typer()


@app.command()
def findings(
    organisation: Organisation,
    rule: Annotated[str | None, typer.Option(help="Only those of one rule, as after_end.")] = None,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """List what is to be explained: one question for each contract or supplier, which accuses nobody.

    Example: localpound findings -o GB-LAE-SLF --rule after_end
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        told = ask(client, sample(FINDINGS), organisation, first=first, code=rule)["organisation"]
    found: dict[str, Any] = told["findings"] if told else {"count": 0, "nodes": [], "rulesDated": None}
    if as_json:
        print_document(found)
        return
    shown = table("to explain", "contract or supplier", "payments", "at stake")
    for each in found["nodes"]:
        inputs = "; ".join(f"{one['name'].replace('_', ' ')} {one['value']}" for one in each["inputs"])
        shown.add_row(
            f"{each['question']}\n[dim]{each['title']}; {inputs}[/dim]",
            f"{each['name']}\n[dim]{each['causeId']}[/dim]",
            f"{each['payments']:,}",
            pounds(int(each["atStakePence"])),
        )
    out.print(shown)
    out.print(f"{len(found['nodes']):,} of {found['count']:,}; all of them: localpound export findings")
