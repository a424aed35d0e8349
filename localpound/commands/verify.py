"""`localpound verify`: recompute everything that is recorded, without trusting whoever recorded it."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
from aiokafka.errors import KafkaError
from rich.progress import Progress

from localpound.client import Client, DoorError
from localpound.read_models import compare_read_models
from localpound.screen import Account, AsJson, out, plain_failures, print_document, progress
from localpound.stack_sources import SERVICES, database_url, kafka_access
from localpound.verify.feed import feed_source
from localpound.verify.findings import Gravity, unread, verdict
from localpound.verify.folder import folder_source
from localpound.verify.kafka import KafkaSource
from localpound.verify.log_check import Head
from localpound.verify.postgresql import PostgresSource
from localpound.verify.report import ReadModelResult, all_findings, document, show
from localpound.verify.run import Source, Verification, compare, schema_digests
from localpound.verify.run import verify as recompute

app = typer.Typer()


class Origin(StrEnum):
    """Where events can be read from."""

    FEED = "feed"
    POSTGRESQL = "postgresql"
    KAFKA = "kafka"


Origins = Annotated[
    list[Origin] | None, typer.Option("--from", help="Where to read events from; may be given several times.")
]
Services = Annotated[
    list[str] | None, typer.Option("--service", help="Only this service's logs; may be given several times.")
]
Folder = Annotated[
    Path | None,
    typer.Option(exists=True, file_okay=False, help="Only what `localpound export` wrote; nothing need be running."),
]
Rebuilding = Annotated[bool, typer.Option(help="Rebuild each read model beside the live one and compare digests.")]


@app.command()
def verify(
    origins: Origins = None,
    services: Services = None,
    folder: Folder = None,
    read_models: Rebuilding = True,
    account: Account = "admin",
    as_json: AsJson = False,
) -> None:
    """Recompute every leaf, tree and stream version, and rebuild the read models beside.

    Exit code 0: intact. 2: bytes, order or numbers contradict what is recorded. 3: nothing
    contradicts, but something could not be read or lags.

    Example: localpound verify --from feed --from postgresql --from kafka
    """
    names = tuple(services or SERVICES)
    models: Sequence[ReadModelResult] = ()
    with plain_failures(as_json=as_json), progress(shown=not as_json) as bar:
        if folder is not None:
            sources = [_recompute(folder_source(service, folder), bar) for service in names]
        else:
            with Client.local(account) as client:
                places = [(origin, service) for origin in origins or [Origin.FEED] for service in names]
                sources = [_from(origin, service, client, bar) for origin, service in places]
                models = compare_read_models(client, bar) if read_models else ()
    sources += _together(sources)
    if as_json:
        print_document(document(sources, models))
    else:
        show(out, sources, models)
    outcome = verdict(all_findings(sources, models))
    if outcome is not Gravity.INTACT:
        raise typer.Exit(int(outcome))


def _together(sources: Sequence[Verification]) -> list[Verification]:
    """What none of the sources says alone: that they contradict each other, or that there is nothing in any."""
    beside = compare(sources)
    if not any(source.logs for source in sources):
        beside.append(unread("logs", "there is none in any of the places looked at: nothing was verified"))
    return [Verification("all sources together", (), tuple(beside))] if beside else []


def _from(origin: Origin, service: str, client: Client, bar: Progress) -> Verification:
    """Verify one service from one place; a place that cannot be reached is a finding, no failure."""
    try:
        match origin:
            case Origin.FEED:
                return _recompute(feed_source(service, client), bar)
            case Origin.POSTGRESQL:
                with PostgresSource(service, database_url(service)) as database:
                    return _recompute(database, bar)
            case Origin.KAFKA:
                recorded = {head.name: head for head in feed_source(service, client).heads()}
                return _recompute(KafkaSource(service, kafka_access(), recorded), bar)
    except (DoorError, asyncpg.PostgresError, KafkaError, OSError) as error:
        where = f"{service} from {origin}"
        return Verification(where, (), (unread(where, f"cannot be read: {error or type(error).__name__}"),))


def _recompute(source: Source, bar: Progress) -> Verification:
    task = bar.add_task(source.name, total=None)

    def seen(head: Head, events: int) -> None:
        bar.update(task, total=head.size, completed=events, description=head.name)

    try:
        return recompute(source, schema_digests(), seen)
    finally:
        bar.remove_task(task)
