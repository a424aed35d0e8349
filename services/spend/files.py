"""A spend file's way onto the record: read whole, decided and appended in one transaction, reported to the penny."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from asyncpg import Pool

from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.envelope import Actor, Cause
from eventlog.ids import new_id
from eventlog.store import Connection, Draft, EventLog
from schemas.spend import RowRejected, SpendFileReceived
from services.spend import intake, known, layouts, recording
from services.spend.columns import Layout
from services.spend.domain import Stated
from services.spend.intake import Reject, SpendFile

ROLE = "payments-recorder"
SHOWN = 1_000
SAMPLED = 5

Report = dict[str, Any]


async def preview(
    log: EventLog, credential: Credential, file_name: str, content: bytes, given: Mapping[str, str] | None
) -> Report:
    """How a file would be read: its columns and why, what would be accepted and rejected, and its first rows.

    Nothing goes on the record. Raises BadRequest for what is no spend file.
    """
    credential.actor(ROLE)
    agreed = await layouts.agreed(log.pool, credential.organisation)
    found = await asyncio.to_thread(intake.read, content, given, agreed)
    reasons = Counter(reject.fault.code for reject in found.rejects)
    pence = Counter[str]()
    for reject in found.rejects:
        pence[reject.fault.code] += reject.net_pence or 0
    return {
        "file_name": file_name,
        "kind": "spend",
        "organisation": credential.organisation,
        "dry_run": True,
        "period": found.period,
        "encoding": found.encoding,
        "layout": layout_report(found.layout),
        "accepted": {"rows": len(found.rows), "pence": sum(row.net_pence for row in found.rows)},
        "rejected": [{"code": code, "rows": rows, "pence": pence[code]} for code, rows in reasons.most_common()],
        "unreadable_rows": sum(reject.net_pence is None for reject in found.rejects),
        "blank_rows": found.blank_rows,
        "late_rows": found.late_rows,
        "held": None if found.held is None else {"reason": found.held.reason, "remedy": found.held.remedy},
        "sample": [
            {
                "line": row.line, "paid_on": row.paid_on.isoformat(), "supplier": row.supplier_name,
                "net_pence": row.net_pence, "document": row.document_number, "department": row.department,
                "purpose": row.purpose,
            }
            for row in found.rows[:SAMPLED]
        ],
        "rejects": [_reject_report(reject) for reject in found.rejects[:SHOWN]],
    }  # fmt: skip


def layout_report(layout: Layout) -> Report:
    """Which column is taken for what, and why."""
    return {
        "columns": [
            {"field": meaning, "column": column.name or None, "place": column.place + 1, "reason": column.reason}
            for meaning, column in layout.columns.items()
        ],
        "unused": layout.unused,
        "preamble_lines": layout.preamble,
        "dates": layout.dates,
    }


async def receive(
    log: EventLog, credential: Credential, file_name: str, content: bytes, given: Mapping[str, str] | None = None
) -> Report:
    """Take a file. The same bytes again change nothing and are answered with what became of them.

    Raises BadRequest for what is no spend file, and then nothing is on the record.
    """
    actor = credential.actor(ROLE)
    organisation = credential.organisation
    file_id = sha256(content).hexdigest()
    if (earlier := await _earlier(log.pool, organisation, file_id)) is not None:
        return await _again(log, *earlier)
    agreed = await layouts.agreed(log.pool, organisation)
    found = await asyncio.to_thread(intake.read, content, given, agreed)  # probes and the sequencer go on meanwhile
    await log.log_id(organisation)  # opened before a connection is held, so that none waits for another
    async with log.pool.acquire() as conn, conn.transaction():
        await conn.execute(known.LOCK, organisation)
        earlier = await _earlier(conn, organisation, file_id)  # the same bytes may have come twice at once
        if earlier is None:
            report, append_id = await _record(log, conn, actor, file_name, content, found, given)
    if earlier is not None:
        return await _again(log, *earlier)
    log.appended.ring()
    return await _placed(log, report, append_id)


async def _earlier(conn: Connection | Pool, organisation: str, file_id: str) -> tuple[Report, int] | None:
    """The report of these very bytes and where they were appended, if they are on the record."""
    row = await conn.fetchrow(
        "SELECT report, append_id FROM spend.source_file WHERE organisation = $1 AND file_id = $2",
        organisation,
        file_id,
    )
    return None if row is None else (json.loads(row["report"]), row["append_id"])


async def _record(
    log: EventLog,
    conn: Connection,
    actor: Actor,
    file_name: str,
    content: bytes,
    found: SpendFile,
    given: Mapping[str, str] | None,
) -> tuple[Report, int]:
    organisation, file_id = actor.organisation, sha256(content).hexdigest()
    period = found.period
    rows = [
        Stated(
            file_id=file_id, line=r.line, period=period, paid_on=r.paid_on, document_number=r.document_number,
            supplier_name=r.supplier_name, company_number=r.company_number, contract_reference=r.contract_reference,
            department=r.department, purpose=r.purpose, net_pence=r.net_pence, vat_pence=r.vat_pence,
            gross_pence=r.gross_pence, withheld=r.withheld,
        )
        for r in found.rows
    ]  # fmt: skip
    decided = await recording.decide(conn, organisation, rows)
    received = _received(file_id, file_name, len(content), found, decided)
    said = await layouts.agree(conn, organisation, found.layout, given) if given else []
    drafts = [*said, *_file_drafts(received, found.rejects), *decided.drafts]
    command = new_id()
    append_id = await log.record(
        organisation, drafts, actor=actor, cause=Cause(command_id=command, correlation_id=command), conn=conn
    )
    report = _report(organisation, received, found)
    await conn.execute(
        "INSERT INTO spend.source_file (organisation, file_id, append_id, report) VALUES ($1, $2, $3, $4)",
        organisation,
        file_id,
        append_id,
        json.dumps(report),
    )
    return report, append_id


def _received(
    file_id: str, file_name: str, byte_count: int, found: SpendFile, decided: recording.Recorded
) -> SpendFileReceived:
    new = sum(payment.recorded.net_pence for payment in decided.new)
    already = sum(row.net_pence for row in decided.known)
    corrected = sum(payment.corrected.net_pence for payment in decided.corrected)
    rejected = sum(reject.net_pence or 0 for reject in found.rejects)
    return SpendFileReceived(
        file_id=file_id,
        file_name=file_name,
        byte_count=byte_count,
        period=found.period,
        encoding=found.encoding,
        read_rows=len(found.rows) + len(found.rejects),
        new_rows=len(decided.new),
        known_rows=len(decided.known),
        corrected_rows=len(decided.corrected),
        rejected_rows=len(found.rejects),
        read_pence=sum(row.net_pence for row in found.rows) + rejected,
        new_pence=new,
        known_pence=already,
        corrected_pence=corrected,
        rejected_pence=rejected,
        unreadable_rows=sum(reject.net_pence is None for reject in found.rejects),
    )


def _file_drafts(received: SpendFileReceived, rejects: Sequence[Reject]) -> list[Draft]:
    stream, at = f"file/{received.file_id}", now()
    facts = [received, *(_rejected(received.file_id, reject) for reject in rejects)]
    return [Draft(stream=stream, version=v, fact=fact, happened_at=at) for v, fact in enumerate(facts, start=1)]


def _rejected(file_id: str, reject: Reject) -> RowRejected:
    return RowRejected(
        file_id=file_id,
        line=reject.line,
        field=reject.field,
        value=reject.value[:500],
        code=reject.fault.code,
        reason=reject.fault.reason,
        remedy=reject.fault.remedy,
        net_pence=reject.net_pence,
    )


def _report(organisation: str, received: SpendFileReceived, found: SpendFile) -> Report:
    parts = ("read", "new", "known", "corrected", "rejected")
    return {
        "file_id": received.file_id,
        "file_name": received.file_name,
        "kind": "spend",
        "organisation": organisation,
        "period": received.period,
        "encoding": received.encoding,
        "rows": {part: getattr(received, f"{part}_rows") for part in parts},
        "pence": {part: getattr(received, f"{part}_pence") for part in parts},
        "unreadable_rows": received.unreadable_rows,
        "blank_rows": found.blank_rows,
        "late_rows": found.late_rows,
        "held": None if found.held is None else {"reason": found.held.reason, "remedy": found.held.remedy},
        "controls": [
            {"line": c.line, "stated_pence": c.stated_pence, "found_pence": c.found_pence, "agrees": c.agrees}
            for c in found.controls
        ],
        "layout": layout_report(found.layout),
        "rejects": [_reject_report(reject) for reject in found.rejects[:SHOWN]],
    }


def _reject_report(reject: Reject) -> Report:
    return {
        "line": reject.line,
        "field": reject.field,
        "value": reject.value[:200],
        "code": reject.fault.code,
        "reason": reject.fault.reason,
        "remedy": reject.fault.remedy,
    }


async def _placed(log: EventLog, report: Report, append_id: int, *, again: bool = False) -> Report:
    positions = await log.positions(append_id, timeout=2.0)
    placed = {"first": str(positions[0]), "last": str(positions[-1])} if positions else None
    return {**report, "positions": placed, "already_received": again}


async def _again(log: EventLog, report: Report, append_id: int) -> Report:
    """The report of bytes that are on the record: every row that was taken is known."""
    for part in ("rows", "pence"):
        counts = report[part]
        counts |= {"known": counts["known"] + counts["new"] + counts["corrected"], "new": 0, "corrected": 0}
    return await _placed(log, report, append_id, again=True)
