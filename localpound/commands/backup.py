"""`localpound backup DIR` and `localpound restore DIR`: everything that was recorded, to safety and back."""

from pathlib import Path
from typing import Annotated

import typer

from localpound.backup import run
from localpound.backup.run import Restored
from localpound.screen import AsJson, counted, numbers, out, plain_failures, print_document, progress, table
from localpound.stack.home import find_home
from localpound.verify.findings import Gravity, verdict
from localpound.verify.report import all_findings, document, show

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    journal: Annotated[
        Path | None,
        typer.Option(help="At the first backup: where the journal is kept, best on another disk than the database."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write all databases of this stack, and its accounts' keys, into a folder. The stack keeps running.

    From the first backup on everything that is acknowledged is also in the journal: the newest backup and the journal
    bring back every event. The journal reaches back to the backup before the newest; older parts are deleted. A server
    named by LOCALPOUND_POSTGRES_URL is dumped instead, and has no journal.

    The folder holds keys: keep it as you keep those.

    Example: localpound backup /safe/place/2026-11-23 --journal /other/disk/journal
    """
    home = find_home()
    with plain_failures(as_json=as_json), progress(shown=not as_json) as bar:
        task = bar.add_task("Writing", total=None)
        saved = run.back_up(
            home, folder, journal, lambda done, total: bar.update(task, completed=done, total=total or None)
        )
    if as_json:
        sizes = {each.file: each.bytes for each in saved.parts}
        print_document({"folder": str(folder), "kind": saved.kind, "bytes": sizes, "journal": saved.journal})
        return
    made = numbers(table(f"Written to {folder}", "log"), "events")
    for name, (size, _) in saved.logs.items():
        made.add_row(name, f"{size:,}")
    out.print(made)
    if saved.journal:
        out.print(
            f"What comes after is kept in {saved.journal}, without which nothing is acknowledged.", soft_wrap=True
        )
    megabytes = sum(each.bytes for each in saved.parts) / 2**20
    out.print(f"{megabytes:,.1f} MB. Bring it back: localpound restore {folder}", soft_wrap=True)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="What `backup` wrote.")],
    journal: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="The journal, where it is not where it was.")
    ] = None,
    without_journal: Annotated[
        bool, typer.Option("--without-journal", help="Bring back the backup only: what was recorded later is lost.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where this stack has events of its own, in place of them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring everything back from a backup and the journal into this stack, which must not be running, and verify it.

    The database that is replaced and Kafka's data are set aside, not deleted: the services publish everything again,
    from the restored logs. Exit codes as of `localpound verify`.

    Example: localpound restore /safe/place/2026-11-23
    """
    home = find_home()
    with plain_failures(as_json=as_json), progress(shown=not as_json) as bar:
        bar.add_task("Bringing back", total=None)
        restored = run.restore(home, folder, journal, without_journal=without_journal, replace=replace)
    outcome = verdict(all_findings(restored.verified, ()))
    if as_json:
        kafka = restored.kafka_aside
        print_document(
            {
                **document(restored.verified, ()),
                "events_after_backup": restored.after_backup,
                "journal_goes_on": restored.journal_goes_on,
                "kafka_set_aside": None if kafka is None else str(kafka),
            }
        )
    else:
        _show(restored)
    if outcome is not Gravity.INTACT:
        raise typer.Exit(int(outcome))


def _show(restored: Restored) -> None:
    promises = restored.verified[-1]
    show(out, restored.verified if promises.findings else restored.verified[:-1], ())
    if restored.after_backup is not None:
        out.print(f"Of these, {counted(restored.after_backup, 'event')} came after the backup, from the journal.")
    if restored.kafka_aside:
        out.print(f"What Kafka held was set aside in {restored.kafka_aside}.", soft_wrap=True)
    if not restored.journal_goes_on:
        out.print("[yellow]No journal is kept from here on: make a new backup once it is up.[/]")
    out.print("Start it: localpound up")
