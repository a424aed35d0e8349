"""`localpound duplicates`, `recover`: what may have been paid twice, and what came back of it."""

from enum import Enum
from typing import Annotated, Any

import typer

from localpound.asking import DUPLICATES, ask, sample
from localpound.client import Client, DoorError
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


class How(Enum):
    """How money comes back."""

    CREDIT_NOTE = "credit_note"
    REFUND = "refund"
    OFFSET = "offset"


@app.command()
def duplicates(
    organisation: Organisation,
    every: Annotated[
        bool, typer.Option("--all", help="By every rule, also by those that are more often wrong than right.")
    ] = False,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """List payments that may be one payment made twice: questions, which accuse nobody.

    Example: localpound duplicates -o GB-LAE-SLF
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        found = duplicates_of(client, organisation, first=first, every=every, asOf=as_of, at=as_known_at)
    if as_json:
        print_document(found)
        return
    shown = table("may be one payment", "payments", "stands", "at stake", "recovered")
    for each in found["nodes"]:
        lines = [
            f"{one['paidOn']} {one['invoiceNumber'] or one['documentNumber'] or ''} {one['supplierName']}"
            for one in each["alike"]
        ]
        shown.add_row(
            f"{each['question']}\n[dim]{each['findingId']} {each['title']}[/dim]",
            "\n".join(lines),
            "\n".join(filter(None, (each["state"].lower(), each["reason"]))),
            pounds(int(each["atStakePence"])),
            pounds(int(each["recoveredPence"])),
        )
    out.print(shown)
    out.print(
        f"{len(found['nodes']):,} of {found['count']:,}; {pounds(int(found['atStakePence']))} at stake,"
        f" {pounds(int(found['recoveredPence']))} recovered. `localpound answer` says what explains one."
    )


@app.command()
def recover(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="As `localpound duplicates` lists it.")],
    amount: Annotated[
        str,
        typer.Option("--pounds", metavar="POUNDS", help="What came back in all so far, as 950.00; 0.00 for nothing."),
    ],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="When the last of it came back, as 2022-09-30.")],
    how: Annotated[How, typer.Option("--how", help="By a credit note, a refund, or less paid of another invoice.")],
    reason: Annotated[str, typer.Option(help="What was agreed; it is kept with the fact.")],
    organisation: Organisation,
    reference: Annotated[str | None, typer.Option(help="As the ledger names the credit or the receipt.")] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Record what came back of payments that were one; what is said last stands.

    Example: localpound recover 5a1d3f6f0c2b4e7d --pounds 950.00 --on 2022-09-30 --how credit_note
    --reason "They agree" -o GB-LAE-SLF
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        nodes = duplicates_of(client, organisation, first=1, every=True, ids=[finding])["nodes"]
        if not nodes:
            raise DoorError("no-such-finding", f"There is no duplicate {finding}: localpound duplicates lists them.")
    (found,) = nodes
    sent = {
        "finding": {"code": found["code"], "cause": found["cause"], "cause_id": found["causeId"]},
        "payment_ids": [each["paymentId"] for each in found["alike"]], "recovered": amount, "recovered_on": on,
        "how": how.value, "reference": reference, "reason": reason,
    }  # fmt: skip
    decide("/findings/recoveries", sent, organisation, account, as_json=as_json, said=f"£{amount} recovered in all.")


def duplicates_of(client: Client, organisation: str, **asked: object) -> dict[str, Any]:
    """Possible duplicates, as the gateway answers."""
    told = ask(client, sample(DUPLICATES), organisation, **asked)["organisation"]
    nothing = {"count": 0, "nodes": [], "atStakePence": 0, "recoveredPence": 0, "rulesDated": None}
    return told["duplicates"] if told else nothing
