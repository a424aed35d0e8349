"""`localpound backup DIR` and `localpound restore DIR`: everything that was recorded, to safety and back."""

from pathlib import Path
from typing import Annotated

import typer

from localpound import backup as safety
from localpound.client import DoorError
from localpound.screen import AsJson, numbers, out, plain_failures, print_document, progress, table
from localpound.stack.home import Home, find_home
from localpound.verify.findings import Gravity, contradiction, verdict
from localpound.verify.report import all_findings, document, show
from localpound.verify.run import Verification

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    as_json: AsJson = False,
) -> None:
    """Write every database of this stack, and its accounts' keys, into a folder. The stack keeps running.

    The folder holds keys: keep it as you keep those.

    Example: localpound backup /safe/place/2026-11-23
    """
    home = find_home()
    with plain_failures(as_json=as_json), progress(shown=not as_json) as bar:
        if folder.exists() and any(folder.iterdir()):
            raise DoorError("not-empty", f"{folder} is not empty.", detail={"remedy": "Name a new folder."})
        if not home.read("addresses.json"):
            raise DoorError("not-running", "No localpound is running here.", detail={"remedy": "localpound up"})
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        task = bar.add_task("Writing", total=len(safety.DATABASES))
        logs = safety.heads(home)
        dumps = []
        for database in safety.DATABASES:
            bar.update(task, description=f"Writing {database}")
            dumps.append(safety.dump(home, folder, database))
            bar.advance(task)
        safety.save_keys(home, folder / "keys")
        safety.write_manifest(folder, logs, dumps)
    if as_json:
        print_document({"folder": str(folder), "bytes": {each.database: each.bytes for each in dumps}})
        return
    made = numbers(table(f"Written to {folder}", "log"), "events")
    for head in logs:
        made.add_row(head.name, f"{head.size or 0:,}")
    out.print(made)
    out.print(f"{sum(each.bytes for each in dumps) / 2**20:,.1f} MB. Bring it back: localpound restore {folder}")


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="What `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where this stack has events of its own: they are lost.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring everything back from a backup into this stack, which must not be running, and verify it.

    Kafka's data are set aside: the services publish everything again, from the restored logs.
    Exit codes as of `localpound verify`.

    Example: localpound restore /safe/place/2026-11-23
    """
    home = find_home()
    with plain_failures(as_json=as_json), progress(shown=not as_json) as bar:
        dumps, logs = safety.read_manifest(folder)
        task = bar.add_task("Starting PostgreSQL", total=len(dumps))
        with safety.postgres_alone(home):
            if not replace:
                _refuse_unless_empty(home)
            safety.restore_keys(home, folder / "keys")
            for each in dumps:
                bar.update(task, description=f"Bringing back {each.database}")
                safety.load(home, folder, each)
                bar.advance(task)
            aside = safety.set_kafka_aside(home)
            bar.update(task, description="Recomputing every log")
            found = safety.verify_restored(home)
    absent = safety.missing_from([log for each in found for log in each.logs], logs)
    found.append(Verification("the backup's manifest", (), tuple(contradiction("restore", what) for what in absent)))
    outcome = verdict(all_findings(found, ()))
    if as_json:
        print_document(document(found, ()))
    else:
        show(out, found[:-1] if not absent else found, ())
        if aside:
            out.print(f"What Kafka held, events after the backup included, was set aside in {aside}.", soft_wrap=True)
        out.print("Start it: localpound up")
    if outcome is not Gravity.INTACT:
        raise typer.Exit(int(outcome))


def _refuse_unless_empty(home: Home) -> None:
    for database in safety.WITH_LOGS:
        if events := safety.events_in(home, database):
            raise DoorError(
                "not-empty",
                f"This stack has {events:,} events in {database}.",
                detail={"remedy": "Set LOCALPOUND_HOME to a new folder, or say --replace to lose them."},
            )
