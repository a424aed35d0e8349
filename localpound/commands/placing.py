"""`localpound scope`, `category`, `allocate`, `allocate-each`: what a person decides of a payment against the rules."""

from enum import Enum
from pathlib import Path
from typing import Annotated, get_args

import typer

from localpound.allocation_sheet import filled_in
from localpound.client import Client
from localpound.deciding import decide, send
from localpound.screen import OFFICER, Account, AsJson, Organisation, out, plain_failures, print_document, progress
from schemas.allocating import AT_ONCE, CONTRACT, PAYMENT, SHARE
from schemas.spend import Scope

app = typer.Typer()
Scopes = Enum("Scopes", {scope.upper(): scope for scope in get_args(Scope)})  # type: ignore[misc]
Payment = Annotated[str, typer.Argument(help="The payment, by its id.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept with the decision.")]
Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take back what was decided.")]


@app.command()
def scope(
    payment: Payment,
    organisation: Organisation,
    reason: Reason,
    what: Annotated[Scopes | None, typer.Argument(help="What kind of payment it is.")] = None,
    withdraw: Withdraw = False,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide what kind of payment it is; it is judged again at once, and no rule or file changes it later.

    Example: localpound scope 66dcd3a4b6efbb8a7d63 grant --reason "A grant agreement" -o GB-LAE-SLF
    """
    _either(what is None, withdraw)
    sent = {"scope": None if what is None else what.value, "reason": reason}
    decide(f"/payments/{payment}/scope", sent, organisation, account, as_json=as_json, said="Decided.")


@app.command()
def category(
    payment: Payment,
    organisation: Organisation,
    reason: Reason,
    what: Annotated[str | None, typer.Argument(help="A code of ProClass 17, as 270000.")] = None,
    withdraw: Withdraw = False,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide what was bought, whatever contract and account say.

    Example: localpound category 66dcd3a4b6efbb8a7d63 270000 --reason "Licences" -o GB-LAE-SLF
    """
    _either(what is None, withdraw)
    decide(
        f"/payments/{payment}/category",
        {"category_code": what, "reason": reason},
        organisation,
        account,
        as_json=as_json,
        said="Decided.",
    )


@app.command()
def allocate(
    payment: Payment,
    organisation: Organisation,
    reason: Reason,
    contracts: Annotated[
        list[str] | None,
        typer.Argument(metavar="CONTRACT[=POUNDS]…", help="One contract for all of it, or several with their shares."),
    ] = None,
    withdraw: Withdraw = False,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide on which contracts a payment was made, whole or in shares; the judgement stands beside it.

    Example: localpound allocate 66dcd3a4b6efbb8a7d63 5f6a0d2b=600.00 93c3dfd6=350.00 --reason "Both orders" -o GB-LAE-SLF
    """
    _either(not contracts, withdraw)
    shares = [dict(zip(("contract_id", "net"), each.split("=", 1), strict=False)) for each in contracts or ()]
    sent = {"shares": shares or None, "reason": reason}
    decide(f"/payments/{payment}/allocation", sent, organisation, account, as_json=as_json, said="Decided.")


@app.command("allocate-each")
def allocate_each(
    sheet: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=f"CSV with {PAYMENT} and {CONTRACT}, and {SHARE} where several bear it."),
    ],
    organisation: Organisation,
    reason: Reason,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide on which contracts many payments were made, as filled in on a sheet: a thousand at a time, of all or none.

    Rows without a contract are left as they are. Example: localpound export to-allocate --csv sheet.csv -o GB-LAE-SLF;
    then, filled in: localpound allocate-each sheet.csv --reason "Named by the contract managers" -o GB-LAE-SLF
    """
    decided = 0
    with plain_failures(as_json=as_json), Client.local(account) as client, progress(shown=not as_json) as bar:
        filled = filled_in(sheet)
        task = bar.add_task("Deciding", total=len(filled.payments))
        for first in range(0, len(filled.payments), AT_ONCE):
            part = filled.payments[first : first + AT_ONCE]
            sent = {"payments": part, "reason": reason}
            decided += send(client, "/allocations", sent, organisation)["new"]
            bar.advance(task, len(part))
    told = {"decided": decided, "already_so": len(filled.payments) - decided, "left_empty": filled.left_empty}
    if as_json:
        print_document(told)
    else:
        out.print(", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in told.items()) + ".")


def _either(nothing: bool, withdraw: bool) -> None:
    if nothing != withdraw:
        raise typer.BadParameter("give what it is, or --withdraw to take back what was decided")
