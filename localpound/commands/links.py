"""`localpound links`, `localpound link`: who is behind the names that were paid, and what a person decides of it."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any

import typer

from localpound.client import Client, DoorError
from localpound.deciding import decide
from localpound.screen import OFFICER, Account, AsJson, Organisation, out, plain_failures, pounds, print_document, table

app = typer.Typer()
QUERY = """query ($organisation: String!, $state: LinkState, $after: String) {
  paidNames(where: {organisation: $organisation, state: $state}, first: 50, after: $after) {
    nodes { payeeId name state supplierId registeredName basis evidenceInName score netPence decided
      candidates { supplierId name evidence score } }
    pageInfo { hasNextPage endCursor } } }"""


class State(Enum):
    """How a name stands."""

    LINKED = "linked"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"


class Decision(Enum):
    """What a person can decide, and the fact's word for it."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Withholding(Enum):
    """What a person can decide of a payee, and the fact's word for it."""

    WITHHOLD = "withhold"
    WITHDRAW = "withdraw"


SAID = {Decision.ACCEPT: "accepted", Decision.REJECT: "rejected", Decision.WITHDRAW: "withdrawn"}


@app.command()
def links(
    organisation: Organisation,
    state: Annotated[State | None, typer.Option(help="Only names that stand like this.")] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """List names that were paid with the supplier of the register that each is, or may be; paid most first.

    Example: localpound links -o GB-LAE-SLF --state proposed
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        found = _every(client, organisation, state)
    if as_json:
        print_document({"names": found})
        return
    shown = table("name, as paid", "supplier on the register", "why", "paid")
    for name in found:
        shown.add_row(f"{name['name']}\n[dim]{name['payeeId']}[/dim]", *_behind(name), pounds(int(name["netPence"])))
    out.print(shown)
    out.print(f"{len(found):,} names. To decide: localpound link PAYEE SUPPLIER accept --reason …")


def _behind(name: Mapping[str, Any]) -> tuple[str, str]:
    if name["supplierId"]:
        return f"{name['registeredName']}\n[dim]{name['supplierId']}[/dim]", name["evidenceInName"] or name["basis"]
    proposed = [f"{each['name']}?\n[dim]{each['supplierId']}[/dim]" for each in name["candidates"]]
    why = dict.fromkeys(each["evidence"] for each in name["candidates"])
    return "\n".join(proposed) or "nobody certain", "\n".join(why)


def _every(client: Client, organisation: str, state: State | None) -> list[dict[str, Any]]:
    names: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        asked = {"organisation": organisation, "state": state.name if state else None, "after": after}
        answer: Any = client.graphql(QUERY, asked, organisation)
        if answer.get("errors"):
            raise DoorError("refused", str(answer["errors"][0]["message"]))
        part = answer["data"]["paidNames"]
        names += part["nodes"]
        if not part["pageInfo"]["hasNextPage"]:
            return names
        after = part["pageInfo"]["endCursor"]


@app.command()
def link(
    payee: Annotated[str, typer.Argument(help="The name, as `localpound links` gives its id.")],
    supplier: Annotated[str, typer.Argument(help="The supplier of the register, by its id.")],
    decision: Annotated[Decision, typer.Argument(help="withdraw takes back what was decided of the two.")],
    organisation: Organisation,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the decision.")],
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide whether a name that was paid is a supplier of the register; its payments are judged again at once.

    Example: localpound link 93c3dfd6a1d1a0b6bd07 GB-COH-01234567 accept --reason "As on the invoice" -o GB-LAE-SLF
    """
    sent = {"supplier_id": supplier, "decision": SAID[decision], "reason": reason}
    said = f"{SAID[decision].capitalize()}, and its payments are judged again."
    decide(f"/payees/{payee}/links", sent, organisation, account, as_json=as_json, said=said)


@app.command()
def withhold(
    payee: Annotated[
        str, typer.Argument(help="The name, as `localpound links` gives its id, or a payment its payeeId.")
    ],
    organisation: Organisation,
    reason: Annotated[str, typer.Option(help="Why; it is kept with the decision, and nobody outside sees it.")],
    decision: Annotated[
        Withholding, typer.Option(help="withdraw lets everybody see again what the rules let them see.")
    ] = Withholding.WITHHOLD,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide that nobody outside the organisation is to know a payee, on any payment, whenever it was recorded.

    What was published already stays as it was until its quarter is published again.

    Example: localpound withhold 93c3dfd6a1d1a0b6bd07 --reason "A foster carer" -o GB-LAE-SLF
    """
    said = "withheld" if decision is Withholding.WITHHOLD else "withdrawn"
    told = (
        "Withheld from everybody outside. A published file that names it is served no more: publish its quarter again."
        if decision is Withholding.WITHHOLD
        else "Named again as the rules say."
    )
    sent = {"decision": said, "reason": reason}
    decide(f"/payees/{payee}/withholding", sent, organisation, account, as_json=as_json, said=told)
