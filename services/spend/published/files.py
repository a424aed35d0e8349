"""A spend file's way onto the record: checked whole, then decided and appended in batches of one transaction.

So a reader sees all of a file or nothing, whenever it was stopped; and its report is exact.
"""

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Literal

from asyncpg import Pool

from doors.bodies import Spool
from doors.spooled import sheet_of
from eventlog.credentials import Credential
from eventlog.envelope import Actor
from eventlog.store import Connection, EventLog
from services.spend import known
from services.spend.published import intake, layouts
from services.spend.published.batches import Batches, Kept
from services.spend.published.columns import Agreed, Layout
from services.spend.published.intake import Reading
from services.spend.published.reports import Report, file_report, preview_report

ROLE = "payments-recorder"


@dataclass(slots=True)
class Progress:
    """How far a file has come."""

    state: Literal["checking", "recording", "recorded", "unknown"] = "checking"
    rows_read: int = 0
    rows: int | None = None
    """Of the whole file, once it is checked."""
    rows_decided: int = 0
    """They are on the record together, when it is recorded."""

    def read(self, rows: int) -> None:
        """Note how many rows were checked."""
        self.rows_read = rows


async def preview(
    log: EventLog, credential: Credential, file_name: str, content: bytes | Spool, given: Mapping[str, str] | None
) -> Report:
    """How a file would be read. Nothing goes on the record. Raises BadRequest for what is no spend file."""
    credential.actor(ROLE)
    agreed = await layouts.agreed(log.pool, credential.organisation)
    file = io.BytesIO(content) if isinstance(content, bytes) else content.file

    def told() -> Report:
        return preview_report(credential.organisation, file_name, intake.check(sheet_of(file), given, agreed))

    return await asyncio.to_thread(told)


async def receive(
    log: EventLog, credential: Credential, file_name: str, content: bytes, given: Mapping[str, str] | None = None
) -> Report:
    """Take a file that is in memory, as `take` does."""
    return await take(
        log, credential, file_name, Spool(io.BytesIO(content), sha256(content).hexdigest(), len(content)), given
    )


async def take(
    log: EventLog,
    credential: Credential,
    file_name: str,
    sent: Spool,
    given: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Take a file. The same bytes again change nothing and are answered with what became of them.

    Raises BadRequest for what is no spend file, and then nothing is on the record.
    """
    actor = credential.actor(ROLE)
    organisation = credential.organisation
    progress = progress or Progress()
    if (earlier := await on_record(log.pool, organisation, sent.digest)) is not None:
        return await again(log, earlier)
    agreed = await layouts.agreed(log.pool, organisation)
    reading = await asyncio.to_thread(_checked, sent.file, given, agreed, progress)
    await log.log_id(organisation)  # opened before a connection is held, so that none waits for another
    async with log.pool.acquire() as conn, conn.transaction():
        await conn.execute(known.LOCK, organisation)
        earlier = await on_record(conn, organisation, sent.digest)  # the same bytes may have come twice at once
        if earlier is None:
            made = await _record(log, conn, actor, file_name, sent, reading, given, progress)
    if earlier is not None:
        return await again(log, earlier)
    log.appended.ring()
    progress.state = "recorded"
    return await placed(log, made)


def _checked(file: IO[bytes], given: Mapping[str, str] | None, agreed: Agreed, progress: Progress) -> Reading:
    reading = intake.check(sheet_of(file), given, agreed, progress.read)
    progress.rows = progress.rows_read = reading.tally.accepted_rows + reading.tally.rejected_rows
    progress.state = "recording"
    return reading


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A file that is on the record: what was said of it, and where its facts are."""

    report: Report
    kept: Kept


async def on_record(conn: Connection | Pool, organisation: str, file_id: str) -> OnRecord | None:
    """The report of these very bytes and where they were appended, if they are on the record."""
    row = await conn.fetchrow(
        "SELECT report, append_id, coalesce(last_append_id, append_id) FROM spend.source_file"
        " WHERE organisation = $1 AND file_id = $2",
        organisation,
        file_id,
    )
    return None if row is None else OnRecord(json.loads(row[0]), Kept(row[1], row[2]))


async def _record(
    log: EventLog,
    conn: Connection,
    actor: Actor,
    file_name: str,
    sent: Spool,
    reading: Reading,
    given: Mapping[str, str] | None,
    progress: Progress,
) -> OnRecord:
    organisation = actor.organisation
    batches = Batches(log, conn, actor, sent.digest, reading)
    received = await batches.name(file_name, sent.size)
    said = await layouts.agree(conn, organisation, reading.layout, given) if given else []
    await batches.begin(received, said)
    async for decided in batches.rows():
        progress.rows_decided = decided
    made = OnRecord(file_report(organisation, received, reading, batches.first_rejects), batches.kept)
    await keep(conn, organisation, sent.digest, made, reading.layout)
    return made


async def keep(conn: Connection, organisation: str, file_id: str, made: OnRecord, layout: Layout) -> None:
    """Remember a file, so that its bytes are known again and its rejected rows can be mended."""
    await conn.execute(
        "INSERT INTO spend.source_file (organisation, file_id, append_id, report, last_append_id, layout)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        organisation,
        file_id,
        made.kept.first_append,
        json.dumps(made.report),
        made.kept.last_append,
        layouts.written(layout),
    )


async def placed(log: EventLog, made: OnRecord, *, again: bool = False) -> Report:
    last = await log.positions(made.kept.last_append, timeout=2.0)
    first = last and await log.positions(made.kept.first_append, timeout=2.0)
    placed = {"first": str(first[0]), "last": str(last[-1])} if first and last else None
    return {**made.report, "positions": placed, "already_received": again}


async def again(log: EventLog, made: OnRecord) -> Report:
    """The report of bytes that are on the record: every row that was taken is known."""
    for part in ("rows", "pence"):
        counts = made.report[part]
        counts |= {"known": counts["known"] + counts["new"] + counts["corrected"], "new": 0, "corrected": 0}
    return await placed(log, made, again=True)
