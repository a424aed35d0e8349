"""`localpound reconcile`: every row and penny of every file, from its lines to what partners are told."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from localpound.client import Client
from localpound.counting import count_gateway, count_kafka, count_log, count_read_model
from localpound.reconciliation import FATES, PLACES, WORDS, Amount, FileAccount, Place, accounts, exit_code, same, total
from localpound.screen import (
    OFFICER,
    Account,
    AsJson,
    out,
    plain_failures,
    pounds,
    print_document,
    progress,
)

app = typer.Typer()


@app.command()
def reconcile(
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", "-o", metavar="ORG-ID", envvar="LOCALPOUND_ORGANISATION",
            help="Only this organisation's files; without, those of all that the account may act for.",
        ),
    ] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Account for every file, to the penny.

    Read = new + already known + corrected + rejected; new + corrected = log = Kafka = read model =
    gateway. Log and Kafka are counted event by event; payments that were voided or
    cancelled are there for ever, and are left out of read model and gateway. What machines posted, in no file, has a line of
    its own, so that every payment in the log is accounted for. Exit code 2 on any difference; 3 when
    nothing differs but a place, as Kafka, could not be counted.

    Example: localpound reconcile --organisation GB-LAE-SLF
    """
    with plain_failures(as_json=as_json), Client.local(account) as client, progress(shown=not as_json) as bar:
        found = account_for_files(client, [organisation] if organisation else client.councils(), bar)
    if as_json:
        print_document(document(found))
    else:
        show(found)
    if code := exit_code(found):
        raise typer.Exit(code)


def account_for_files(client: Client, organisations: Sequence[str], bar: Progress) -> list[FileAccount]:
    """Count everywhere. Raises DoorError."""
    task = bar.add_task("Counting the logs", total=None)
    log = count_log(client, organisations, lambda events: bar.advance(task, events))
    bar.update(task, description="Counting on Kafka", completed=0)
    kafka = count_kafka(client, organisations)
    bar.update(task, description="Asking the gateway", completed=0)
    read_model = count_read_model(client, organisations)
    return accounts(log, kafka, read_model, count_gateway(client, log.all_stated()))


def document(found: Sequence[FileAccount]) -> dict[str, object]:
    """The whole as one JSON document, money in pence."""
    return {
        "files": [
            {
                "organisation": each.stated.organisation,
                "kind": each.stated.kind,
                "file_name": each.stated.file_name,
                "file_id": each.stated.file_id,
                "read": _plain(each.stated.read),
                **{fate: _plain(each.stated.fates[fate]) for fate in FATES},
                "unreadable_rows": each.stated.unreadable,
                "superseded": _plain(each.superseded),
                "withdrawn": _plain(each.withdrawn),
                **{place: _plain(each.counted[place]) for place in PLACES},
                "differences": list(each.differences),
                "not_counted": list(each.uncounted),
            }
            for each in found
        ],
        "differences": sum(len(each.differences) for each in found),
    }


def _plain(amount: Amount | None) -> Mapping[str, int] | None:
    return None if amount is None else asdict(amount)


def show(found: Sequence[FileAccount]) -> None:
    """Each file's rows and pounds, and where they were found again; then what does not agree."""
    if not found:
        out.print("No file is on record.")
        return
    for organisation in sorted({each.stated.organisation for each in found}):
        files = [each for each in found if each.stated.organisation == organisation]
        out.rule(f"[bold]{organisation}[/bold]", align="left")
        out.print(_line(("read", *FATES), "unreadable"), style="dim")
        for each in files:
            _show_file(each)
        if len(files) > 1:
            out.print(f"[bold]{len(files)} files together[/bold]")
            _show_amounts(
                total(each.stated.read for each in files),
                [total(each.stated.fates[fate] for each in files) for fate in FATES],
                sum(each.stated.unreadable for each in files),
            )
    _show_outcome(found)


def _show_file(each: FileAccount) -> None:
    places = " = ".join(_place(each, place) for place in PLACES)
    out.print(f"[bold]{each.stated.file_name}[/bold]  new + corrected = {places}", soft_wrap=True)
    _show_amounts(each.stated.read, [each.stated.fates[fate] for fate in FATES], each.stated.unreadable)


def _place(each: FileAccount, place: Place) -> str:
    counted = each.counted[place]
    if counted is None:
        return f"[yellow]{WORDS[place]} not counted[/yellow]"
    if not same(counted, each.expected(place)):
        return f"[red]{WORDS[place]} {counted.rows:,} rows, {pounds(counted.pence)}[/red]"
    less = {"restated": each.superseded.rows, "withdrawn": each.withdrawn.rows}
    said = "".join(
        f" less {rows:,} {what}" for what, rows in less.items() if rows and place in {"read_model", "gateway"}
    )
    return f"[green]{WORDS[place]}{said}[/green]"


def _show_amounts(read: Amount, fates: Sequence[Amount], unreadable: int) -> None:
    amounts = (read, *fates)
    out.print(_line([f"{amount.rows:,}" for amount in amounts], f"{unreadable:,}"))
    out.print(_line([pounds(amount.pence) for amount in amounts], ""))


def _line(cells: Sequence[str], last: str) -> str:
    return "".join(f"{cell:>18}" for cell in cells[:2]) + "".join(f"{cell:>16}" for cell in cells[2:]) + f"{last:>12}"


def _show_outcome(found: Sequence[FileAccount]) -> None:
    for each in found:
        for difference in each.differences:
            out.print(f"[red]{each.stated.file_name}[/red]: {difference}", soft_wrap=True)
    missing = sorted({WORDS[place] for each in found for place in each.uncounted})
    if missing:
        out.print(f"[yellow]Not counted: {', '.join(missing)}.[/yellow]")
    if not any(each.differences for each in found):
        where = " wherever they were counted" if missing else ""
        out.print(f"[green]All {len(found)} files agree, to the penny{where}.[/green]")
