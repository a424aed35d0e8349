"""`localpound rebuild READ_MODEL`, `localpound parked`: what an operator does to read models."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from localpound.client import Client, DoorError
from localpound.read_models import findings_of
from localpound.screen import Account, AsJson, numbers, out, plain_failures, print_document, progress, table

app = typer.Typer()
DIFFERENT = 2
INCOMPLETE = 3
PARKING = ("spend", "reporting")
"""Processes that take in facts, and set aside what they cannot take in."""


@app.command()
def rebuild(
    read_model: Annotated[str, typer.Argument(help="Its name; `localpound status` lists them.")],
    account: Account = "admin",
    as_json: AsJson = False,
) -> None:
    """Build a read model anew from its facts, beside the live one, and put it in its place.

    Queries are answered all the while. Exit code 2 when the new rows differ from the old ones.

    Example: localpound rebuild compliance
    """
    with plain_failures(as_json=as_json), Client.local(account) as client, progress(shown=not as_json) as bar:
        bar.add_task(f"Rebuilding {read_model}", total=None)
        told = client.post("reporting", f"/read-models/{read_model}/rebuild", organisation=client.acting_for()).json()
    differing = findings_of(read_model, told)
    if as_json:
        print_document(told)
    elif differing:
        for finding in differing:
            out.print(f"[red]{finding.where}[/red]: {finding.what}")
    else:
        out.print(f"{read_model}: rebuilt, with the same rows as before. Build {told['generation']} is in use.")
    if told["comparable"] and differing:
        raise typer.Exit(DIFFERENT)


@app.command()
def parked(
    retry: Annotated[bool, typer.Option("--retry", help="Try everything again, in order.")] = False,
    account: Account = "admin",
    as_json: AsJson = False,
) -> None:
    """List the events that could not be taken in, and those of the same stream that wait behind them.

    Exit code 3 while anything is parked: what is answered is incomplete.

    Example: localpound parked --retry
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        whose = client.acting_for()
        if retry:
            for process in PARKING:
                client.post(process, "/parked/retry", organisation=whose)
        found = [{"process": process, **each} for process in PARKING for each in _parked(client, process, whose)]
    if as_json:
        print_document({"parked": found})
    elif not found:
        out.print("Nothing is parked.")
    else:
        _show(found)
    if found:
        raise typer.Exit(INCOMPLETE)


def _show(found: Sequence[Mapping[str, Any]]) -> None:
    made = numbers(table("Parked, oldest first", "where", "event", "stream", "why"), "attempts")
    for each in found:
        where = f"{each['process']}, {each['name']}"
        made.add_row(where, _position(each), str(each["stream"]), str(each["reason"]), str(each["attempts"]))
    out.print(made)
    out.print("Mend the cause, then: localpound parked --retry")


def _parked(client: Client, process: str, whose: str) -> list[Mapping[str, Any]]:
    try:
        return list(client.get(process, "/parked", organisation=whose).json()["parked"])
    except KeyError as error:
        raise DoorError("unexpected", f"{process} answered in a form that is not known here.") from error


def _position(each: Mapping[str, Any]) -> str:
    return f"{each['organisation']}/{each['service']}/{each['log_index']}\n{each['type']}"
