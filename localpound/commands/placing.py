"""`localpound scope`, `category`, `allocate`: what a person decides of a payment against the rules."""

from enum import Enum
from typing import Annotated, get_args

import typer

from localpound.deciding import decide
from localpound.screen import OFFICER, Account, AsJson, Organisation
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


def _either(nothing: bool, withdraw: bool) -> None:
    if nothing != withdraw:
        raise typer.BadParameter("give what it is, or --withdraw to take back what was decided")
