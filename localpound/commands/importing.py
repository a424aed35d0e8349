"""`localpound import register FILE`, `localpound import spend FILE…`: a published file goes on the record."""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType
from typing import Annotated, Any

import typer
from rich.table import Table

from localpound.client import Client, DoorError
from localpound.following import Told, following
from localpound.screen import (
    OFFICER,
    REFUSED,
    Account,
    AsJson,
    Organisation,
    counted,
    err,
    numbers,
    out,
    plain_failures,
    pounds,
    print_document,
    progress,
    table,
)
from localpound.settling import wait_until_settled

app = typer.Typer()
imports = typer.Typer(no_args_is_help=True, help="Put a published file on the record, row by row.")
app.add_typer(imports, name="import")

Report = Mapping[str, Any]
SHOWN = 20  # rejected rows that a terminal shows; --json has them all
LONGEST_VALUE = 40
PATIENCE = 60.0  # seconds for which a service may be away, as while it is started again
AT_WORK = 5.0  # seconds after which a service that broke off was not away, but at work until then
DOORS = {"register": ("contracts", "/registers"), "spend": ("spend", "/spend-files")}
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="Do not wait until the rows can be asked for in the read models.")
]


@imports.command()
def register(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The published register, as it is.")],
    organisation: Organisation,
    account: Account = OFFICER,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Import a published contract register.

    Example: localpound import register samples/salford/contracts-register-2022-07.csv -o GB-LAE-SLF
    """
    _import("register", [file], organisation, account, wait=not no_wait, as_json=as_json)


@imports.command()
def spend(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Published spend files, as they are.")
    ],
    organisation: Organisation,
    account: Account = OFFICER,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how each file would be read, and why; record nothing.")
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help='JSON, by field the name of its column: {"paid_on": "Updated"}. Kept for files with the same columns.',
        ),
    ] = None,
    resubmits: Annotated[
        str | None,
        typer.Option(
            metavar="FILE-ID", help="These are rejected rows of that file, mended: localpound export to-mend --file …"
        ),
    ] = None,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Import published spend files: CSV in any dialect, XLSX, XLS, ODS, JSON objects, or one of these zipped.

    Importing one again changes nothing. A file whose own total contradicts its rows is held: none of them is taken.

    Example: localpound import spend samples/salford/spend-*.csv --organisation GB-LAE-SLF
    """
    params = {"mapping": mapping.read_text()} if mapping else {}
    params |= {"resubmits": resubmits} if resubmits else {}
    if dry_run:
        _preview(files, organisation, account, params, as_json=as_json)
        return
    _import("spend", files, organisation, account, wait=not no_wait, as_json=as_json, params=params)


def _preview(
    files: Sequence[Path], organisation: str, account: str, params: Mapping[str, str], *, as_json: bool
) -> None:
    with plain_failures(as_json=as_json), Client.local(account) as client:
        previews, refusals = send_files(
            client, "spend", files, organisation, shown=not as_json, params={**params, "dry_run": "true"}
        )
    if as_json:
        print_document({"previews": previews, "refused": refusals})
    else:
        for preview in previews:
            show_preview(preview)
        show_refusals(refusals)
    if refusals:
        raise typer.Exit(REFUSED)


def _import(
    kind: str,
    files: Sequence[Path],
    organisation: str,
    account: str,
    *,
    wait: bool,
    as_json: bool,
    params: Mapping[str, str] = MappingProxyType({}),
) -> None:
    with plain_failures(as_json=as_json), Client.local(account) as client:
        reports, refusals = send_files(client, kind, files, organisation, shown=not as_json, params=params)
        visible = wait and bool(reports) and wait_until_settled(client, shown=not as_json)
    if as_json:
        print_document({"reports": reports, "refused": refusals, "visible": visible})
    else:
        show(reports, refusals)
        if wait and reports and not visible:
            err.print("The rows are on the record, but not all can be asked for yet: localpound status says why.")
    if refusals:
        raise typer.Exit(REFUSED)


def send_files(
    client: Client,
    kind: str,
    files: Sequence[Path],
    organisation: str,
    *,
    shown: bool,
    patience: float = PATIENCE,
    params: Mapping[str, str] = MappingProxyType({}),
) -> tuple[list[Report], list[Report]]:
    """Send files one after the other: what the service reports, and which files it refused.

    A service that is away for longer than `patience` seconds ends it (DoorError); a file that is refused does not.
    """
    process, path = DOORS[kind]
    reports: list[Report] = []
    refusals: list[Report] = []
    with progress(shown=shown) as bar:
        task = bar.add_task("", total=len(files))
        for file in files:
            bar.update(task, description=f"Sending {file.name}")

            def told(words: str, name: str = file.name) -> None:
                bar.update(task, description=f"{name}: {words}")

            try:
                reports.append(_send(client, (process, path), file, organisation, params, told, patience))
            except DoorError as error:
                if error.away or error.status in {401, 403}:
                    raise
                refusals.append({"file_name": file.name, **error.detail, "message": str(error)})
            bar.advance(task)
    return reports, refusals


def _send(
    client: Client,
    door: tuple[str, str],
    file: Path,
    organisation: str,
    params: Mapping[str, str],
    told: Told,
    patience: float,
) -> Report:
    """Send one file, and again while the service is away: the same bytes again change nothing."""
    away_since: float | None = None
    for wait in (min(0.2 * 2**attempt, 5.0) for attempt in count()):
        began = monotonic()
        try:
            with following(client, *door, file, organisation, told):
                sent = {"file_name": file.name, **params}
                return dict(client.post(*door, file=file, params=sent, organisation=organisation).json())
        except DoorError as error:
            if away_since is None or monotonic() - began > AT_WORK:
                away_since = monotonic()
            if not error.away or monotonic() - away_since >= patience:
                raise
        sleep(wait)
    raise AssertionError("it is tried until it is answered or given up")


def show(reports: Sequence[Report], refusals: Sequence[Report]) -> None:
    """What became of each file's rows, then each row that could not be read."""
    if reports:
        out.print(report_table(reports))
    rejects = [(report["file_name"], reject) for report in reports for reject in report["rejects"]]
    for (reason, remedy), rows in by_reason(rejects[:SHOWN]).items():
        out.print(f"Rejected: {reason}\n  {remedy}", soft_wrap=True)
        out.print(reject_table(rows))
    left = sum(report["rows"]["rejected"] for report in reports) - min(SHOWN, len(rejects))
    if left > 0:
        out.print(f"… and {counted(left, 'rejected row')} more; --json lists them.\n")
    for report in reports:
        if late := report.get("late_rows"):
            out.print(f"{report['file_name']}: {counted(late, 'row')} of an earlier month than {report['period']}.")
        if held := report.get("held"):
            out.print(f"[red]{report['file_name']} is held whole:[/red] {held['reason']}", soft_wrap=True)
            out.print(held["remedy"], soft_wrap=True)
    show_refusals(refusals)


def show_refusals(refusals: Sequence[Report]) -> None:
    """What each file is that was refused, and what to do."""
    for refusal in refusals:
        out.print(f"[red]{refusal['file_name']} was refused:[/red] {refusal['message']}", soft_wrap=True)
        if refusal.get("remedy"):
            out.print(str(refusal["remedy"]))


def show_preview(preview: Report) -> None:
    """How a file would be read: its columns, what of it, and its first rows."""
    layout = preview["layout"]
    made = table(f"{preview['file_name']}: {preview['encoding']}, {preview['period']}", "field", "column", "because")
    for column in layout["columns"]:
        made.add_row(column["field"], column["column"] or f"column {column['place']}", column["reason"])
    out.print(made)
    out.print(f"Dates: {layout['dates']}.")
    if layout["unused"]:
        out.print(f"Not read: {', '.join(layout['unused'])}.", soft_wrap=True)
    rows = numbers(table("", "line", "paid on", "supplier"), "net")
    for row in preview["sample"]:
        rows.add_row(f"{row['line']:,}", row["paid_on"], row["supplier"], pounds(row["net_pence"]))
    out.print(rows)
    accepted = preview["accepted"]
    out.print(f"It would accept {counted(accepted['rows'], 'row')}, {pounds(accepted['pence'])}.")
    for reason in preview["rejected"]:
        out.print(f"It would reject {counted(reason['rows'], 'row')}, {pounds(reason['pence'])}: {reason['code']}.")
    if held := preview["held"]:
        out.print(f"[red]It would be held whole:[/red] {held['reason']}", soft_wrap=True)
    out.print("Nothing was recorded.")


def by_reason(rejects: Sequence[tuple[str, Report]]) -> dict[tuple[str, str], list[tuple[str, Report]]]:
    """Rejected rows by what is wrong with them and what to do, in the order of their first."""
    found: dict[tuple[str, str], list[tuple[str, Report]]] = {}
    for name, reject in rejects:
        found.setdefault((reject["reason"], reject["remedy"]), []).append((name, reject))
    return found


def report_table(reports: Sequence[Report]) -> Table:
    """Rows, and below them net pounds: read = new + already known + corrected + rejected."""
    made = numbers(
        table("What became of each row, and its net pounds", "file"),
        "read", "new", "known", "corrected", "rejected", "unreadable",
    )  # fmt: skip
    for report in reports:
        rows, pence = report["rows"], report["pence"]
        cells = [f"{rows[fate]:,}\n{pounds(pence[fate])}" for fate in ("read", "new", "known", "corrected", "rejected")]
        again = "\n[dim]received before[/dim]" if report.get("already_received") else ""
        made.add_row(str(report["file_name"]) + again, *cells, f"{report['unreadable_rows']:,}")
    return made


def reject_table(rejects: Sequence[tuple[str, Report]]) -> Table:
    """Where each rejected row is, and what stands there."""
    made = table("", "file", "line", "field", "value")
    for name, reject in rejects:
        value = str(reject["value"])
        cut = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        made.add_row(name, f"{reject['line']:,}", str(reject["field"]), cut)
    return made
