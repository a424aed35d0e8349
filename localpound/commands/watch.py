"""`localpound watch FOLDER`: whatever is put into a folder goes on the record and is answered beside it."""

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from localpound.client import Client, DoorError
from localpound.commands.importing import Report, send_files
from localpound.screen import OFFICER, Account, Organisation, counted, err, out, plain_failures, pounds
from schemas.cells import defused

app = typer.Typer()

SETTLED = 2.0  # seconds for which a file must not have changed before it is taken to be whole
LOOK_EVERY = 1.0
TAKEN, REFUSED = "taken", "refused"
COLUMNS = ("line", "field", "value", "code", "reason", "remedy")


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was looked at."""

    size: int
    changed: int


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, writable=True, help="Where files are put.")],
    organisation: Organisation,
    account: Account = OFFICER,
    once: Annotated[bool, typer.Option("--once", help="Take what is there now, and end.")] = False,
    settled: Annotated[
        float, typer.Option(min=0.0, help="Seconds for which a file must not have changed before it is taken.")
    ] = SETTLED,
) -> None:
    """Import each spend file that is put into a folder, until Ctrl-C.

    A file that was read moves to `taken` with a receipt and a CSV of its rejected rows beside it; one that is no
    spend file moves to `refused` with a receipt that says what it is. While a service is away files stay where they
    are. A file that was sent and not moved, because this was stopped, is sent again: that changes nothing.

    Example: localpound watch /finance/outbox -o GB-LAE-SLF
    """
    with plain_failures(as_json=False), Client.local(account) as client:
        out.print(f"Watching {folder} for {organisation}. Stop with Ctrl-C.", soft_wrap=True)
        try:
            for path in whole_files(folder, settled, once=once):
                take(client, path, organisation)
        except KeyboardInterrupt:
            out.print("Stopped.")


def whole_files(folder: Path, settled: float, *, once: bool) -> Iterator[Path]:
    """Files that have not changed for so many seconds, by name; those whose names begin with a dot never."""
    seen: dict[Path, tuple[Seen, float]] = {}
    while True:
        present = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        for path in present:
            now = _look(path)
            before = seen.get(path)
            if now is not None and (before is None or before[0] != now):
                seen[path] = now, time.monotonic()
            elif before is not None and time.monotonic() - before[1] >= settled:
                yield path
                seen.pop(path)
        waiting = [path for path in present if path in seen]
        if once and not waiting:
            return
        time.sleep(min(LOOK_EVERY, settled or LOOK_EVERY) if waiting else LOOK_EVERY)


def _look(path: Path) -> Seen | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Seen(found.st_size, found.st_mtime_ns)


def take(client: Client, path: Path, organisation: str) -> None:
    """Send one file and put it where it belongs, with its receipt."""
    try:
        reports, refusals = send_files(client, "spend", [path], organisation, shown=False, patience=10)
    except DoorError as error:
        if not error.away:
            raise
        err.print(f"{path.name} waits: {error}", markup=False, soft_wrap=True)
        return
    if refusals:
        _put_away(path, REFUSED, refusals[0])
        out.print(f"[red]{path.name} was refused:[/red] {refusals[0]['message']}", soft_wrap=True)
        return
    report = reports[0]
    moved = _put_away(path, TAKEN, report)
    write_rejects(moved.with_name(f"{moved.name}.rejects.csv"), report)
    rows, pence = report["rows"], report["pence"]
    held = f"; held: {report['held']['reason']}" if report.get("held") else ""
    out.print(
        f"{path.name}: {counted(rows['new'], 'new row')}, {pounds(pence['new'])}; {rows['known']:,} known,"
        f" {rows['corrected']:,} corrected, {rows['rejected']:,} rejected{held}",
        soft_wrap=True,
    )


def _put_away(path: Path, where: str, receipt: Report) -> Path:
    """Move a file into a folder below, under a name that is free, its receipt first."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target = next(name for name in _names(folder / path.name) if not name.exists())
    target.with_name(f"{target.name}.receipt.json").write_text(json.dumps(receipt, indent=2, ensure_ascii=False) + "\n")
    return path.rename(target)


def _names(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1


def write_rejects(path: Path, report: Report) -> None:
    """The rows that could not be read, for a spreadsheet; none of their cells is taken for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for reject in report["rejects"]:
            writer.writerow([defused(str(reject[column])) for column in COLUMNS])
        left = report["rows"]["rejected"] - len(report["rejects"])
        if left > 0:
            writer.writerow(["", "", "", "", f"and {counted(left, 'row')} more", "localpound import … --json"])
