"""`localpound reconcile`: every row and penny of every file, from its lines to what partners are told."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from localpound.client import Client
from localpound.counting import count_gateway, count_kafka, count_log, count_read_model
from localpound.reconciliation import FATES, PLACES, WORDS, Amount, FileAccount, Place, accounts, total
from localpound.screen import (
    OFFICER,
    Account,
    AsJson,
    numbers,
    out,
    plain_failures,
    pounds,
    print_document,
    progress,
    table,
)

app = typer.Typer()
DIFFERENCE = 2


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
    gateway. Log and Kafka are counted event by event. Exit code 2 on any difference.

    Example: localpound reconcile --organisation GB-LAE-SLF
    """
    with plain_failures(as_json=as_json), Client.local(account) as client, progress(shown=not as_json) as bar:
        found = account_for_files(client, [organisation] if organisation else client.councils(), bar)
    if as_json:
        print_document(document(found))
    else:
        show(found)
    if any(each.differences for each in found):
        raise typer.Exit(DIFFERENCE)


def account_for_files(client: Client, organisations: Sequence[str], bar: Progress) -> list[FileAccount]:
    """Count everywhere. Raises DoorError."""
    task = bar.add_task("Counting the logs", total=None)
    log = count_log(client, organisations, lambda events: bar.advance(task, events))
    bar.update(task, description="Counting on Kafka", completed=0)
    kafka = count_kafka(organisations, lambda events: bar.advance(task, events))
    bar.update(task, description="Asking the gateway", completed=0)
    read_model = count_read_model(client, organisations)
    gateway = {
        file_id: count_gateway(client, stated.organisation, file_id, stated.kind)
        for file_id, stated in log.stated.items()
    }
    return accounts(log, kafka, read_model, gateway)


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
    """Two tables: what became of the rows, and where they are; then what does not agree."""
    if not found:
        out.print("No file is on record.")
        return
    for organisation in sorted({each.stated.organisation for each in found}):
        files = [each for each in found if each.stated.organisation == organisation]
        out.print(_fate_table(organisation, files))
        out.print(_place_table(organisation, files))
    for each in found:
        for difference in each.differences:
            out.print(f"[red]{each.stated.file_name}[/red]: {difference}")
    missing = sorted({WORDS[place] for each in found for place in each.uncounted})
    if missing:
        out.print(f"[yellow]Not counted: {', '.join(missing)}.[/yellow]")
    if not any(each.differences for each in found):
        out.print(f"[green]All {len(found)} files agree, to the penny.[/green]")


def _fate_table(organisation: str, files: Sequence[FileAccount]) -> Table:
    made = numbers(
        table(f"{organisation}: read = new + already known + corrected + rejected (rows, net pounds)", "file"),
        "read",
        *FATES,
        "unreadable",
    )
    for each in files:
        stated = each.stated
        cells = [_cell(stated.read), *(_cell(stated.fates[fate]) for fate in FATES)]
        made.add_row(stated.file_name, *cells, f"{stated.unreadable:,}")
    made.add_section()
    sums = [total(each.stated.read for each in files)]
    sums += [total(each.stated.fates[fate] for each in files) for fate in FATES]
    made.add_row("together", *map(_cell, sums), f"{sum(each.stated.unreadable for each in files):,}")
    return made


def _place_table(organisation: str, files: Sequence[FileAccount]) -> Table:
    made = numbers(
        table(f"{organisation}: new + corrected = log = Kafka = read model = gateway", "file"),
        "new + corrected",
        *(WORDS[place] for place in PLACES),
    )
    for each in files:
        cells = [_against(each, place) for place in PLACES]
        made.add_row(each.stated.file_name, _cell(each.kept), *cells)
    return made


def _against(each: FileAccount, place: Place) -> str:
    counted = each.counted[place]
    if counted is None:
        return "–"
    agrees = (counted.rows, counted.pence) == (each.kept.rows, each.kept.pence)
    return "[green]the same[/green]" if agrees else _cell(counted)


def _cell(amount: Amount) -> str:
    return f"{amount.rows:,}\n{pounds(amount.pence)}"
