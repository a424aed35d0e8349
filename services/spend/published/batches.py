"""How do a file's rows come onto the record, a batch at a time and yet all of them or none?"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from eventlog.clock import now
from eventlog.envelope import Actor, Cause
from eventlog.ids import new_id
from eventlog.store import Connection, Draft, EventLog
from schemas.spend import SpendFileReceived
from services.spend import recording
from services.spend.domain import Stated
from services.spend.published import naming
from services.spend.published.intake import Reading
from services.spend.published.readings import Part
from services.spend.published.rejecting import rejections
from services.spend.published.reports import SHOWN
from services.spend.published.rows import Reject, Row

BATCH = 8_000
"""Rows that are decided together at most; a payment has three facts."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The first and the last append of a file's facts."""

    first_append: int
    last_append: int


class Batches:
    """One file on its way, inside the transaction of `conn`, which holds the organisation's lock."""

    def __init__(self, log: EventLog, conn: Connection, actor: Actor, file_id: str, reading: Reading) -> None:
        self._log, self._conn, self._actor, self._file_id, self._reading = log, conn, actor, file_id, reading
        self._organisation = actor.organisation
        self._correlation = new_id()
        self._version = 0
        self._appends: list[int] = []
        self.first_rejects: list[Reject] = []

    @property
    def kept(self) -> Kept:
        """Where the file's facts are."""
        return Kept(self._appends[0], self._appends[-1])

    async def name(self, file_name: str, byte_count: int) -> SpendFileReceived:
        """Find out which rows are new, and count what became of each."""
        await naming.begin(self._conn, self._organisation)
        place = 0
        async for batch in self._batches():
            rows = [stated(self._file_id, self._reading.period, row) for row in batch.rows]
            await naming.note(self._conn, self._organisation, place, rows)
            place += len(rows)
        fates = await naming.name(self._conn, self._organisation, self._reading.period)
        tally = self._reading.tally
        return SpendFileReceived(
            file_id=self._file_id,
            file_name=file_name,
            byte_count=byte_count,
            period=self._reading.period,
            encoding=self._reading.sheet.encoding,
            read_rows=tally.accepted_rows + tally.rejected_rows,
            new_rows=fates["new"][0],
            known_rows=fates["known"][0],
            corrected_rows=fates["corrected"][0],
            rejected_rows=tally.rejected_rows,
            read_pence=tally.accepted_pence + tally.rejected_pence,
            new_pence=fates["new"][1],
            known_pence=fates["known"][1],
            corrected_pence=fates["corrected"][1],
            rejected_pence=tally.rejected_pence,
            unreadable_rows=tally.unreadable_rows,
        )

    async def begin(self, received: SpendFileReceived, said: Sequence[Draft]) -> None:
        """Append that the file was received."""
        self._version = 1
        fact = Draft(stream=f"file/{self._file_id}", version=1, fact=received, happened_at=now())
        await self._append([*said, fact])

    async def rows(self) -> AsyncIterator[int]:
        """Append what became of each row; how many rows were decided so far, after each batch."""
        place = decided = 0
        async for batch in self._batches():
            self.first_rejects += batch.rejects[: SHOWN - len(self.first_rejects)]
            rows = [stated(self._file_id, self._reading.period, row) for row in batch.rows]
            drafts = [*self._rejected(batch.rejects), *await self._settled(place, rows)]
            if drafts:
                await self._append(drafts)
            place += len(rows)
            decided += len(batch)
            yield decided
        await naming.begin(self._conn, self._organisation)

    async def _settled(self, place: int, rows: Sequence[Stated]) -> Sequence[Draft]:
        found = await naming.names(self._conn, self._organisation, place, len(rows))
        before = await naming.corrected(self._conn, self._organisation, found)
        on_record = {each.content_id: each.payment_id for each in found if each.payment_id is not None}
        named = [(each.content_id, row, each.payee_id) for each, row in zip(found, rows, strict=True)]
        settled = await recording.settle(self._conn, self._organisation, named, on_record, before)
        return settled.drafts

    def _rejected(self, rejects: Sequence[Reject]) -> list[Draft]:
        drafts = rejections(self._file_id, self._reading.layout.header, rejects, self._version)
        self._version += len(drafts)
        return drafts

    async def _append(self, drafts: Sequence[Draft]) -> None:
        cause = Cause(command_id=new_id(), correlation_id=self._correlation)  # events are numbered within a command
        append = await self._log.record(self._organisation, drafts, actor=self._actor, cause=cause, conn=self._conn)
        self._appends = [*self._appends[:1], append]

    async def _batches(self) -> AsyncIterator[Part]:
        """The file's rows, read on beside everything else that the service does."""
        batches = self._reading.batches(BATCH)

        def read_on() -> Part | None:
            return next(batches, None)

        coming = asyncio.create_task(asyncio.to_thread(read_on))
        try:
            while batch := await coming:
                coming = asyncio.create_task(asyncio.to_thread(read_on))  # while this batch waits for the database
                yield batch
        finally:
            await asyncio.wait([coming])


def stated(file_id: str, period: str, row: Row) -> Stated:
    """A row as its file states it."""
    return Stated(
        file_id=file_id, line=row.line, period=period, paid_on=row.paid_on, document_number=row.document_number,
        supplier_name=row.supplier_name, company_number=row.company_number, contract_reference=row.contract_reference,
        department=row.department, purpose=row.purpose, net_pence=row.net_pence, vat_pence=row.vat_pence,
        gross_pence=row.gross_pence, withheld=row.withheld, booking=row.booking,
    )  # fmt: skip
