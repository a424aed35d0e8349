"""Facts straight into the real read models, without Kafka between: what the gateway then answers is exact."""

from collections import Counter
from datetime import datetime
from uuid import UUID, uuid5

import asyncpg

from eventlog import generations
from eventlog.envelope import Actor, Cause, instant, open_envelope, seal
from eventlog.projector import Projection, Recorded
from schemas.fact import Fact
from services.reporting.__main__ import READ_MODELS, READER
from tests.builders import actor

COMMANDS = UUID("018f0000-0000-7000-8000-000000000000")


async def forget(conn: asyncpg.Connection) -> None:
    """Drop every build and all that is written about them."""
    schemas = await conn.fetch("SELECT nspname FROM pg_namespace WHERE nspname ~ '_[0-9]+$' AND nspname !~ '^pg_'")
    for row in schemas:
        await conn.execute(f'DROP SCHEMA "{row[0]}" CASCADE')
    for table in ("parked", "position", "generation"):
        await conn.execute(f"DELETE FROM projection.{table}")


class Ledger:
    """Puts facts on the record of an organisation and brings the read models up to date."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self.conn = conn
        self.indexes: Counter[tuple[str, str]] = Counter()
        self.versions: Counter[tuple[str, str, str]] = Counter()
        self.schemas: dict[str, str] = {}

    async def begin(self) -> None:
        """Make a first build of every read model."""
        for projection in READ_MODELS:
            await generations.ensure_generation(self.conn, projection, READER)
            self.schemas[projection.name] = f"{projection.name}_1"

    async def record(
        self, organisation: str, service: str, stream: str, *facts: Fact, at: datetime, by: Actor | None = None
    ) -> list[str]:
        """Record facts of one stream; answers with their event ids."""
        batch = [self._recorded(organisation, service, stream, fact, at, by or actor()) for fact in facts]
        for projection in READ_MODELS:
            async with self.conn.transaction():
                await self._apply(projection, service, batch)
        return [recorded.event_id for recorded in batch]

    async def _apply(self, projection: Projection, service: str, batch: list[Recorded]) -> None:
        if f"{service}.events" in projection.topics:
            wanted = [r for r in batch if projection.wants_all or type(r.fact) in projection.facts]
            if wanted:
                await projection.apply(self.conn, self.schemas[projection.name], wanted)

    def _recorded(self, organisation: str, service: str, stream: str, fact: Fact, at: datetime, by: Actor) -> Recorded:
        index = self.indexes[organisation, service]
        self.indexes[organisation, service] += 1
        self.versions[organisation, service, stream] += 1
        version = self.versions[organisation, service, stream]
        command = uuid5(COMMANDS, f"{organisation}/{service}/{index}")
        envelope = seal(
            fact,
            service=service,
            organisation=organisation,
            stream=stream,
            version=version,
            ordinal=0,
            actor=by,
            cause=Cause(command_id=command, correlation_id=command),
            happened_at=instant(at),
            recorded_at=instant(at),
        )
        opened = open_envelope(envelope)
        return Recorded(organisation, service, index, stream, version, opened.id, opened.type, at, at, fact, envelope)
