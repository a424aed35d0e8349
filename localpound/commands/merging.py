"""`localpound merge`, `localpound split`: two suppliers of the register that are one, or two after all."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from localpound.client import Client
from localpound.screen import OFFICER, Account, AsJson, Organisation, out, plain_failures, print_document

app = typer.Typer()
Reason = Annotated[str, typer.Option(help="Why; it is kept with the decision.")]


@app.command()
def merge(
    supplier: Annotated[str, typer.Argument(help="The supplier of the register, by its id.")],
    into: Annotated[str, typer.Argument(help="The supplier that both are from now on.")],
    organisation: Organisation,
    reason: Reason,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide that two suppliers of the register are one; payments to either are judged again at once.

    Example: localpound merge NAME-0a1b2c3d GB-COH-01234567 --reason "The same company" -o GB-LAE-SLF
    """
    sent = {"into": into, "reason": reason}
    _decide(f"/suppliers/{supplier}/merge", sent, organisation, account, as_json=as_json, said="Merged")


@app.command()
def split(
    supplier: Annotated[str, typer.Argument(help="The supplier that had been merged into another.")],
    organisation: Organisation,
    reason: Reason,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Decide that a supplier that was merged is itself after all, as if it never had been merged.

    Example: localpound split NAME-0a1b2c3d --reason "Two companies at one address" -o GB-LAE-SLF
    """
    _decide(f"/suppliers/{supplier}/split", {"reason": reason}, organisation, account, as_json=as_json, said="Split")


def _decide(path: str, sent: Mapping[str, Any], organisation: str, account: str, *, as_json: bool, said: str) -> None:
    with plain_failures(as_json=as_json), Client.local(account) as client:
        told = client.send(
            "POST", "spend", path, organisation=organisation, json=dict(sent),
            headers={"Idempotency-Key": secrets.token_hex(16)},
        ).json()  # fmt: skip
    if as_json:
        print_document(told)
    elif told["new"]:
        out.print(f"{said}, and payments are judged again.")
    else:
        out.print("That was decided before; nothing has changed.")
