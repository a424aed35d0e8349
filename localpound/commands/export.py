"""`localpound export DIR`: whole logs, for an auditor; `localpound export payments --xlsx FILE`: a list, for an officer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from localpound.client import Client, DoorError
from localpound.screen import (
    OFFICER,
    Account,
    AsJson,
    AsKnownAt,
    AsOf,
    numbers,
    out,
    plain_failures,
    print_document,
    progress,
    table,
)
from localpound.stack_sources import SERVICES
from localpound.verify import folder as files
from localpound.verify.feed import Feed
from localpound.verify.run import SourceUnreadableError

app = typer.Typer()
TO_MEND = "to-mend"
"""Rejected rows of one file as published, beside what is wrong with each."""
LISTS = (
    "payments",
    "suppliers",
    "names",
    "who",
    "findings",
    "duplicates",
    "orders",
    "pay-runs",
    "supplier-master",
    "contracts",
    "outcomes",
    "files",
    "rejects",
    "to-allocate",
    TO_MEND,
)


@app.command()
def export(
    what: Annotated[
        Path, typer.Argument(metavar="DIR|LIST", help=f"A new or empty folder; or one of: {', '.join(LISTS)}.")
    ],
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", "-o", metavar="ORG-ID", envvar="LOCALPOUND_ORGANISATION",
            help="Only this organisation's logs; without, all that the account may read.",
        ),
    ] = None,
    account: Account = OFFICER,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the list as CSV.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the list as a workbook.")] = None,
    source_file: Annotated[
        str | None, typer.Option("--file", metavar="FILE-ID", help="Only what is of this source file.")
    ] = None,
    as_of: AsOf = None,
    as_known_at: AsKnownAt = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write logs as files in an open layout (C2SP tlog-tiles), for whoever wants to check them elsewhere.

    With --csv or --xlsx, write a whole list for a spreadsheet. A text that it would run as a formula has an apostrophe
    before it; files that are imported lose it again.

    Example: localpound export /media/auditor -o GB-LAE-SLF; then, there: localpound verify --folder /media/auditor
    Example: localpound export payments --xlsx payments.xlsx -o GB-LAE-SLF
    """
    if csv or xlsx:
        query = {"file": source_file, "as_of": as_of, "as_known_at": as_known_at}
        only = {name: value for name, value in query.items() if value is not None}
        _lists(str(what), {"csv": csv, "xlsx": xlsx}, organisation, account, only, as_json=as_json)
    else:
        _logs(what, organisation, account, as_json=as_json)


def _lists(
    name: str,
    files: Mapping[str, Path | None],
    organisation: str | None,
    account: str,
    query: Mapping[str, str],
    *,
    as_json: bool,
) -> None:
    written = {}
    with plain_failures(as_json=as_json), Client.local(account) as client:
        if name not in LISTS:
            raise DoorError("no-such-list", f"There is no list {name}.", detail={"remedy": f"Use {', '.join(LISTS)}."})
        if name == TO_MEND and "file" not in query:
            raise DoorError("no-file", "Of which file?", detail={"remedy": "Say it with --file FILE-ID."})
        council = organisation or next(iter(client.councils()), None)
        if council is None:
            raise DoorError("no-organisation", "Whose list?", detail={"remedy": "Say it with --organisation."})
        for form, path in files.items():
            if path is not None:
                part = name if name != TO_MEND else f"files/{query['file']}/mend"
                address = f"/organisations/{council}/{part}.{form}"
                acting = client.acting_for(council)
                written[str(path)] = client.save("gateway", address, path, organisation=acting, **query)
    if as_json:
        print_document({"list": name, "written": written})
        return
    for path_written, size in written.items():
        out.print(f"Written: {path_written}, {size:,} bytes.", soft_wrap=True)


def _logs(folder: Path, organisation: str | None, account: str, *, as_json: bool) -> None:
    with plain_failures(as_json=as_json), Client.local(account) as client, progress(shown=not as_json) as bar:
        if folder.exists() and any(folder.iterdir()):
            raise DoorError("not-empty", f"{folder} is not empty.", detail={"remedy": "Name a new folder."})
        wanted = [organisation] if organisation else client.councils()
        try:
            feeds = [(feed, head) for feed in (Feed(name, client) for name in SERVICES) for head in feed.heads()]
            chosen = [(feed, head) for feed, head in feeds if head.organisation in wanted or not wanted]
            for feed, head in chosen:
                task = bar.add_task(head.name, total=None)
                files.write(feed, head, folder, lambda task=task: bar.advance(task))  # type: ignore[misc]
        except SourceUnreadableError as error:
            raise DoorError("log-unread", str(error)) from error
    if as_json:
        print_document({"folder": str(folder), "logs": {head.name: head.size for _, head in chosen}})
        return
    made = numbers(table(f"Written to {folder}", "log"), "events")
    for _, head in chosen:
        made.add_row(head.name, f"{head.size or 0:,}")
    out.print(made)
    out.print(f"To verify it, anywhere: localpound verify --folder {folder}", soft_wrap=True)
