"""`localpound export DIR`: whole logs as files, for an auditor who verifies them without asking anyone."""

from pathlib import Path
from typing import Annotated

import typer

from localpound.client import Client, DoorError
from localpound.screen import OFFICER, Account, AsJson, numbers, out, plain_failures, print_document, progress, table
from localpound.stack_sources import SERVICES
from localpound.verify import folder as files
from localpound.verify.feed import Feed
from localpound.verify.run import SourceUnreadableError

app = typer.Typer()


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", "-o", metavar="ORG-ID", envvar="LOCALPOUND_ORGANISATION",
            help="Only this organisation's logs; without, all that the account may read.",
        ),
    ] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Write logs as files in an open layout (C2SP tlog-tiles), for whoever wants to check them elsewhere.

    Example: localpound export /media/auditor -o GB-LAE-SLF; then, there: localpound verify --folder /media/auditor
    """
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
