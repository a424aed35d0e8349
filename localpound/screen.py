"""How does the command line say things? Plain words, money to the penny, tables that fit 100 columns."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from localpound.client import DoorError

WIDTH = 100
REFUSED = 1

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)
if out.width > WIDTH or not out.is_terminal:
    out.width = WIDTH

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Account = Annotated[str, typer.Option("--as", metavar="ACCOUNT", envvar="LOCALPOUND_ACCOUNT", help="Whose key to use.")]
Organisation = Annotated[
    str,
    typer.Option(
        "--organisation", "-o", metavar="ORG-ID", envvar="LOCALPOUND_ORGANISATION",
        help="For whom, by org-id: GB-LAE-SLF is Salford.",
    ),
]  # fmt: skip
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DAY", help="Count no payment after this day, as 2022-03-31. All, when absent."),
]
AsKnownAt = Annotated[
    str | None,
    typer.Option(
        "--as-known-at", metavar="INSTANT",
        help="Leave out what was learnt after this instant, as 2022-04-30T17:00:00Z. Nothing, when absent.",
    ),
]  # fmt: skip
OFFICER = "officer"


def pounds(pence: int) -> str:
    """`£1,234.56`; `-£0.01`."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def decimal(pence: int) -> str:
    """`-1234.56`, as the doors take money."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"


def millions(pence: int) -> str:
    """`£529.9m`, for sentences; under a million in whole pounds."""
    if abs(pence) < 100_000_000:
        return f"{'-' if pence < 0 else ''}£{(abs(pence) + 50) // 100:,}"
    tenths = (abs(pence) + 5_000_000) // 10_000_000
    return f"{'-' if pence < 0 else ''}£{tenths // 10:,}.{tenths % 10}m"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share(part: int, whole: int) -> str:
    """`12.3 %`; a dash of nothing."""
    if whole == 0:
        return "–"
    tenths = (abs(part) * 2_000 + abs(whole)) // (2 * abs(whole))
    return f"{'-' if part * whole < 0 else ''}{tenths // 10}.{tenths % 10} %"


def table(title: str, *left: str) -> Table:
    """A table whose first columns are words; numbers are added with `numbers`."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1), title_style="bold")
    for name in left:
        made.add_column(name, overflow="fold")
    return made


def numbers(made: Table, *names: str) -> Table:
    """Add columns that are aligned to the right."""
    for name in names:
        made.add_column(name, justify="right", no_wrap=True)
    return made


def print_document(document: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def progress(*, shown: bool) -> Progress:
    """Progress on stderr, so that stdout holds the answer alone."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not shown or not err.is_terminal,
    )


@contextmanager
def plain_failures(*, as_json: bool = False) -> Iterator[None]:
    """A door's no becomes a sentence, its remedy, and exit code 1."""
    try:
        yield
    except DoorError as error:
        if as_json:
            detail = {"code": error.code, "message": str(error), "remedy": error.remedy}
            print_document({"error": {name: value for name, value in detail.items() if value}})
        else:
            err.print(f"[red]{error}[/red]")
            if error.remedy:
                err.print(error.remedy)
        raise typer.Exit(REFUSED) from error
