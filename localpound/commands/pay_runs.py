"""`localpound pay-runs FILE`: do the ledger's pay runs agree with what is on record?"""

import csv
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from localpound.client import Client, DoorError
from localpound.screen import (
    OFFICER,
    Account,
    AsJson,
    Organisation,
    numbers,
    out,
    plain_failures,
    print_document,
    table,
)

app = typer.Typer()
COLUMNS = ("pay_run", "payments", "net")
CONTRADICTS = 2


@app.command("pay-runs")
def pay_runs(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV with the columns pay_run, payments and net (pounds)."),
    ],
    organisation: Organisation,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Compare the control totals of pay runs with the payments that stand on record of each.

    Each comparison is itself a fact. Exit code 2 where one differs.

    Example: localpound pay-runs pay-runs.csv -o GB-LAE-SLF
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        found = [_compared(client, organisation, row) for row in read(file)]
    if as_json:
        print_document({"pay_runs": found})
    else:
        shown = numbers(table("", "pay run", "agrees"), "stated", "payments", "on record", "payments ", "difference")
        for each in found:
            shown.add_row(
                each["pay_run"], "yes" if each["agrees"] else "[red]no[/red]",
                *(str(each[side][part]) for side in ("stated", "found") for part in ("net", "payments")),
                each["difference"]["net"],
            )  # fmt: skip
        out.print(shown)
    if not all(each["agrees"] for each in found):
        raise typer.Exit(CONTRADICTS)


def read(file: Path) -> list[dict[str, str]]:
    """The rows of a file of control totals. Raises DoorError that names the row."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        if missing := [column for column in COLUMNS if column not in (rows.fieldnames or ())]:
            raise DoorError(
                "no-such-column", f"{file.name} has no column {missing[0]}.",
                detail={"remedy": f"Give the columns {', '.join(COLUMNS)}."},
            )  # fmt: skip
        found = []
        for row in rows:
            if not (row["payments"] or "").strip().isdecimal():
                raise DoorError(
                    "not-a-number", f"{file.name}, line {rows.line_num}: {row['payments']!r} is no number of payments.",
                    detail={"field": "payments", "remedy": "Give how many payments the run has."},
                )  # fmt: skip
            found.append({column: row[column].strip() for column in COLUMNS})
    return found


def _compared(client: Client, organisation: str, row: dict[str, str]) -> dict[str, Any]:
    answer = client.send(
        "POST", "spend", f"/pay-runs/{quote(row['pay_run'])}/reconciliation", organisation=organisation,
        json={"payments": int(row["payments"]), "net": row["net"]}, headers={"Idempotency-Key": secrets.token_hex(16)},
    )  # fmt: skip
    found: dict[str, Any] = answer.json()
    return found
