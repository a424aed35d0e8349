"""`localpound scope`, `localpound category`: what a person decides of a payment against the rules."""

import secrets
from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, get_args

import typer

from localpound.client import Client
from localpound.screen import OFFICER, Account, AsJson, Organisation, out, plain_failures, print_document
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
    as_: Annotated[Scopes | None, typer.Option("--as", help="What kind of payment it is.")] = None,
    withdraw: Withdraw = False,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide what kind of payment it is; it is judged again at once, and no rule or file changes it later.

    Example: localpound scope 66dcd3a4b6efbb8a7d63 --as grant --reason "A grant agreement" -o GB-LAE-SLF
    """
    _either(as_ is None, withdraw)
    sent = {"scope": None if as_ is None else as_.value, "reason": reason}
    _decide(f"/payments/{payment}/scope", sent, organisation, account, as_json=as_json)


@app.command()
def category(
    payment: Payment,
    organisation: Organisation,
    reason: Reason,
    as_: Annotated[str | None, typer.Option("--as", help="A code of ProClass 17, as 270000.")] = None,
    withdraw: Withdraw = False,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide what was bought, whatever contract and account say.

    Example: localpound category 66dcd3a4b6efbb8a7d63 --as 270000 --reason "Licences" -o GB-LAE-SLF
    """
    _either(as_ is None, withdraw)
    _decide(
        f"/payments/{payment}/category",
        {"category_code": as_, "reason": reason},
        organisation,
        account,
        as_json=as_json,
    )


def _either(nothing: bool, withdraw: bool) -> None:
    if nothing != withdraw:
        raise typer.BadParameter("give what it is with --as, or --withdraw to take back what was decided")


def _decide(path: str, sent: Mapping[str, Any], organisation: str, account: str, *, as_json: bool) -> None:
    with plain_failures(as_json=as_json), Client.local(account) as client:
        told = client.send(
            "POST", "spend", path, organisation=organisation, json=dict(sent),
            headers={"Idempotency-Key": secrets.token_hex(16)},
        ).json()  # fmt: skip
    if as_json:
        print_document(told)
    else:
        out.print("Decided." if told["new"] else "That was decided before; nothing has changed.")
