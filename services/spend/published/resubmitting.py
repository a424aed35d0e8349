"""How do rejected rows that were mended come onto the record, and how does their first file know of it?"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from doors.bodies import Spool
from doors.problems import BadRequest
from doors.spooled import sheet_of
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.envelope import Actor, Cause
from eventlog.ids import new_id
from eventlog.store import Connection, Draft, EventLog
from schemas.spend import RowRejected, RowResubmitted, SpendFileReceived
from services.spend import known, recording
from services.spend.amounts import Fault
from services.spend.domain import Stated, content_digest, content_id, payee_id
from services.spend.published import layouts
from services.spend.published.batches import Kept, stated
from services.spend.published.columns import Layout
from services.spend.published.controls import Tally
from services.spend.published.files import ROLE, OnRecord, again, keep, on_record, placed
from services.spend.published.intake import Reading
from services.spend.published.mended import Again, rows_again
from services.spend.published.rejecting import rejections
from services.spend.published.reports import SHOWN, Report, file_report
from services.spend.published.rows import Reject, Row

NOT_REJECTED = Fault(
    "not-rejected", "That line of the file before was not rejected.", "Leave the line numbers as they were downloaded."
)
MENDED_OTHERWISE = Fault(
    "mended-otherwise",
    "That line of the file before was mended already, and otherwise.",
    "Publish the period again with the row as it is right: that corrects the payment.",
)


@dataclass(slots=True)
class Rejected:
    """The rejected rows of a file, as they stand."""

    version: int = 0
    """Of the file's stream."""
    waiting: set[int] = field(default_factory=set)
    mended: dict[int, str] = field(default_factory=dict)
    """By line, the payment that came of it."""


async def resubmit(log: EventLog, credential: Credential, file_name: str, sent: Spool, before: str) -> Report:
    """Take mended rows of the file `before`. The same bytes again change nothing.

    Raises BadRequest for what are no mended rows of it, and then nothing is on the record.
    """
    actor = credential.actor(ROLE)
    organisation = credential.organisation
    if (earlier := await on_record(log.pool, organisation, sent.digest)) is not None:
        return await again(log, earlier)
    layout, period = await _before(log, organisation, before)
    sheet = sheet_of(sent.file)
    rows = await asyncio.to_thread(rows_again, sheet, layout)
    await log.log_id(organisation)
    async with log.pool.acquire() as conn, conn.transaction():
        await conn.execute(known.LOCK, organisation)
        earlier = await on_record(conn, organisation, sent.digest)
        if earlier is None:
            mending = Mending(log, conn, actor, before, sent, Reading(sheet, layout, Tally(), period))
            made = await mending.record(file_name, rows)
            await keep(conn, organisation, sent.digest, made, layout)
    if earlier is not None:
        return await again(log, earlier)
    log.appended.ring()
    return await placed(log, made)


async def _before(log: EventLog, organisation: str, file_id: str) -> tuple[Layout, str]:
    row = await log.pool.fetchrow(
        "SELECT report, layout FROM spend.source_file WHERE organisation = $1 AND file_id = $2", organisation, file_id
    )
    if row is None:
        raise _no("There is no such file on record.", "Give the SHA-256 of the file whose rows were rejected.")
    report: Mapping[str, Any] = json.loads(row["report"])
    if report.get("held"):
        raise _no("That file is held whole: no single row of it can be mended.", "Correct it and send it again.")
    if row["layout"] is None:
        raise _no("That file was read before its rows were kept.", "Correct it and send it again.")
    return layouts.read_again(row["layout"]), report["period"]


async def rejected_rows(log: EventLog, conn: Connection, organisation: str, file_id: str) -> Rejected:
    """The rejected rows of a file, from its own stream."""
    found = Rejected()
    for envelope in await log.load(organisation, f"file/{file_id}", conn):
        found.version += 1
        if envelope.type == RowRejected.wire_name:
            found.waiting.add(msgspec.json.decode(envelope.data, type=RowRejected).line)
        elif envelope.type == RowResubmitted.wire_name:
            fact = msgspec.json.decode(envelope.data, type=RowResubmitted)
            if fact.payment_id is not None:
                found.waiting.discard(fact.line)
                found.mended[fact.line] = fact.payment_id
    return found


class Mending:
    """One file of mended rows on its way, inside the transaction of `conn`, which holds the organisation's lock."""

    def __init__(
        self, log: EventLog, conn: Connection, actor: Actor, before: str, sent: Spool, reading: Reading
    ) -> None:
        self._log, self._conn, self._actor, self._before, self._sent = log, conn, actor, before, sent
        self._reading = reading
        self._taken: set[str] = set()
        """Identities that the file before, or a row above, has given to another of identical payments."""

    async def record(self, file_name: str, rows: Iterable[Again]) -> OnRecord:
        """Decide every row, and append what became of each and of the row that it mends."""
        organisation = self._actor.organisation
        rejected = await rejected_rows(self._log, self._conn, organisation, self._before)
        self._taken |= set(rejected.mended.values())
        named: list[recording.Named] = []
        on_record_as: dict[str, str] = {}
        rejects: list[Reject] = []
        became: list[RowResubmitted] = []
        for row in rows:
            found = await self._decided(row, rejected)
            if isinstance(found, Reject):
                rejects.append(found)
                if row.mends in rejected.waiting:
                    became.append(self._fact(row, None))
                continue
            name, one, payment = found
            named.append((name, one, payee_id(organisation, one)))
            if payment is not None:
                on_record_as[name] = payment
            if row.mends in rejected.waiting:
                became.append(self._fact(row, payment or name))
        settled = await recording.settle(self._conn, organisation, named, on_record_as, {})
        received = self._received(file_name, settled, rejects)
        drafts = [
            Draft(stream=f"file/{self._sent.digest}", version=1, fact=received, happened_at=now()),
            *rejections(self._sent.digest, self._reading.layout.header, rejects, 1),
            *settled.drafts,
            *(
                Draft(stream=f"file/{self._before}", version=version, fact=fact, happened_at=now())
                for version, fact in enumerate(became, rejected.version + 1)
            ),
        ]
        command = new_id()
        append = await self._log.record(
            organisation, drafts, actor=self._actor, conn=self._conn,
            cause=Cause(command_id=command, correlation_id=command),
        )  # fmt: skip
        report = file_report(organisation, received, self._reading, rejects[:SHOWN])
        return OnRecord({**report, "resubmits": self._before}, Kept(append, append))

    async def _decided(self, row: Again, rejected: Rejected) -> Reject | tuple[str, Stated, str | None]:
        """The row's identity, and the payment that it is on the record as; or why it is rejected."""
        read = row.read
        if isinstance(read, Reject):
            return read
        if row.mends not in rejected.waiting and row.mends not in rejected.mended:
            return _refused(read, row.mends, NOT_REJECTED)
        one = stated(self._sent.digest, self._reading.period, read)
        digest = content_digest(self._actor.organisation, one)
        if (mended := rejected.mended.get(row.mends)) is not None:
            is_same = any(content_id(digest, n) == mended for n in range(1, len(self._taken) + 2))
            return (mended, one, mended) if is_same else _refused(read, row.mends, MENDED_OTHERWISE)
        count = 1
        while True:
            name = content_id(digest, count)
            payment = await self._payment(name)
            if name not in self._taken and (payment is None or payment[1] != self._before):
                self._taken.add(name)
                return name, one, None if payment is None else payment[0]
            count += 1

    async def _payment(self, name: str) -> tuple[str, str | None] | None:
        """The payment that is on the record under an identity, and its file."""
        organisation = self._actor.organisation
        found = await known.on_record(self._conn, organisation, [name])
        if name not in found:
            return None
        (payment,) = await known.stated(self._conn, organisation, [found[name]])
        return payment.payment_id, payment.file_id

    def _fact(self, row: Again, payment_id: str | None) -> RowResubmitted:
        return RowResubmitted(
            file_id=self._before, line=row.mends, by_file_id=self._sent.digest, by_line=row.read.line,
            payment_id=payment_id,
        )  # fmt: skip

    def _received(self, file_name: str, settled: recording.Recorded, rejects: list[Reject]) -> SpendFileReceived:
        new = [payment.recorded.net_pence for payment in settled.new]
        already = [row.net_pence for row in settled.known]
        pence = sum(reject.net_pence or 0 for reject in rejects)
        return SpendFileReceived(
            file_id=self._sent.digest,
            file_name=file_name,
            byte_count=self._sent.size,
            period=self._reading.period,
            encoding=self._reading.sheet.encoding,
            read_rows=len(new) + len(already) + len(rejects),
            new_rows=len(new),
            known_rows=len(already),
            corrected_rows=0,
            rejected_rows=len(rejects),
            read_pence=sum(new) + sum(already) + pence,
            new_pence=sum(new),
            known_pence=sum(already),
            corrected_pence=0,
            rejected_pence=pence,
            unreadable_rows=sum(reject.net_pence is None for reject in rejects),
        )


def _refused(row: Row, line: int, fault: Fault) -> Reject:
    return Reject(line=row.line, field="localpound line", value=str(line), fault=fault, net_pence=row.net_pence)


def _no(what: str, remedy: str) -> BadRequest:
    return BadRequest(422, "not-resubmitted", what, field="resubmits", remedy=remedy)
