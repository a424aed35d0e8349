"""`localpound demo`: a real council's register and fifteen months of its spending, and what they say."""

import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from time import monotonic

import typer

from localpound.asking import QUERIES, read_summary
from localpound.client import Client, DoorError
from localpound.commands.importing import Report, send_files
from localpound.screen import OFFICER, REFUSED, Account, AsJson, err, out, plain_failures, print_document
from localpound.settling import wait_until_settled
from localpound.stack.home import REPOSITORY
from localpound.summary import show

app = typer.Typer()
SAMPLES = REPOSITORY / "samples"
DEMO = (
    ("GB-LAE-SLF", "register", "salford/contracts-register-*.csv"),
    ("GB-LAE-SLF", "spend", "salford/spend-*.csv"),
    ("GB-LAE-DEV", "spend", "devon/*.csv"),
)
ORGANISATIONS = tuple(dict.fromkeys(organisation for organisation, _, _ in DEMO))


@app.command()
def demo(account: Account = OFFICER, as_json: AsJson = False) -> None:
    """Load the sample files, unless they are on record already, and show what they say.

    Example: localpound demo
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        began = monotonic()
        refused = load(client, shown=not as_json)
        if not wait_until_settled(client, shown=not as_json):
            err.print("Not every read model has caught up: the figures below will still grow.")
        seconds = monotonic() - began
        summaries = [read_summary(client, organisation) for organisation in ORGANISATIONS]
        address = client.url("gateway", "")
    if as_json:
        print_document(
            {
                "summaries": [asdict(each) for each in summaries],
                "refused": refused,
                "seconds": round(seconds, 1),
                "pages": address,
            }
        )
    else:
        for summary in summaries:
            show(out, summary)
        out.print(f"[dim]{seconds:.1f} s from the first file to the last row in the read models.[/dim]")
        _try_next(address)
    if refused:
        raise typer.Exit(REFUSED)


def load(client: Client, *, shown: bool) -> list[Report]:
    """Send every sample file; one that is on record already changes nothing. Which were refused."""
    refused: list[Report] = []
    for organisation, kind, pattern in DEMO:
        files = sorted(SAMPLES.glob(pattern))
        if not files:
            raise DoorError("no-samples", f"There is no {SAMPLES / pattern}.")
        _, refusals = send_files(client, kind, files, organisation, shown=shown)
        for refusal in refusals:
            err.print(f"[red]{refusal['file_name']} was refused:[/red] {refusal['message']}")
        refused += refusals
    return refused


def _try_next(address: str) -> None:
    out.rule("[bold]To try[/bold]", align="left")
    out.print(f"  The pages: [bold]{address}[/bold]")
    for path, why in QUERIES:
        out.print(f"  {why[0].upper()}{why[1:]}:\n    {program()} query {path} -o GB-LAE-SLF", soft_wrap=True)
    out.print(f"  Every file, to the penny:\n    {program()} reconcile")
    out.print(f"  To stop: Ctrl-C where it runs, or {program()} down")


def program() -> str:
    """How this command is called from where the caller stands."""
    if shutil.which("localpound"):
        return "localpound"
    installed = Path(sys.executable).parent / "localpound"
    return os.path.relpath(installed) if installed.exists() else "python -m localpound"
