"""`localpound import reference FILE…`: what registers of companies, charities and postcodes say of known suppliers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from localpound.client import Client, DoorError
from localpound.commands.importing import imports, show_refusals
from localpound.screen import (
    OFFICER,
    REFUSED,
    Account,
    AsJson,
    Organisation,
    numbers,
    out,
    plain_failures,
    print_document,
    progress,
    table,
)


@imports.command()
def reference(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="The files as they are published.")],
    organisation: Organisation,
    stated_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The edition's day; else as the file's name has it.")
    ] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Take what registers say of suppliers that are known: size, kind and place, each as a claim with its day.

    Companies House basic company data, the Charity Commission's extract of charities, ONSPD or NSPL postcodes; CSV or
    zipped, recognised by their columns. Rows that concern nobody on record are passed by. Import companies before
    postcodes, so that their registered offices are placed, and both again when suppliers have come.

    Example: localpound import reference BasicCompanyDataAsOneFile-2026-11-01.zip ONSPD_AUG_2026.zip -o GB-LAE-SLF
    """
    params = {"stated_on": stated_on.date().isoformat()} if stated_on else {}
    reports: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    with plain_failures(as_json=as_json), Client.local(account) as client, progress(shown=not as_json) as bar:
        task = bar.add_task("", total=len(files))
        for file in files:
            bar.update(task, description=f"Reading {file.name}")
            try:
                sent = {"file_name": file.name, **params}
                answer = client.post("spend", "/reference-files", file=file, params=sent, organisation=organisation)
                reports.append(answer.json())
            except DoorError as error:
                if error.away or error.status in {401, 403}:
                    raise
                refusals.append({"file_name": file.name, **error.detail, "message": str(error)})
            bar.advance(task)
    if as_json:
        print_document({"reports": reports, "refused": refusals})
    else:
        _show(reports)
        show_refusals(refusals)
    if refusals:
        raise typer.Exit(REFUSED)


def _show(reports: list[dict[str, Any]]) -> None:
    shown = numbers(table("", "file", "register of", "edition"), "rows", "looked for", "found", "said anew")
    for report in reports:
        rows = report["rows"]
        shown.add_row(
            report["file_name"], report["kind"], report["stated_on"],
            *(f"{rows[name]:,}" for name in ("read", "wanted", "found", "new")),
        )  # fmt: skip
    if reports:
        out.print(shown)
