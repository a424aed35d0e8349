"""`localpound merge`, `localpound split`: two suppliers of the register that are one, or two after all."""

from typing import Annotated

import typer

from localpound.deciding import decide
from localpound.screen import OFFICER, Account, AsJson, Organisation

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
    decide(
        f"/suppliers/{supplier}/merge",
        sent,
        organisation,
        account,
        as_json=as_json,
        said="Merged, and payments are judged again.",
    )


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
    decide(
        f"/suppliers/{supplier}/split",
        {"reason": reason},
        organisation,
        account,
        as_json=as_json,
        said="Split, and payments are judged again.",
    )
