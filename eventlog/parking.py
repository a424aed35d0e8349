"""What cannot be read or applied is set aside with all later records of its stream, and retried in order."""

from collections.abc import Sequence

import msgspec

from eventlog.bulk_append import Connection
from eventlog.errors import UnreadableFactError
from eventlog.positions import Generation
from eventlog.records import Record

BEHIND = "an earlier record of this stream is parked"

Stream = tuple[str, str]
"""A topic and a key: what is blocked together."""


async def blocked_streams(conn: Connection, generation: Generation) -> set[Stream]:
    """The streams of which something is parked."""
    rows = await conn.fetch(
        "SELECT DISTINCT topic, stream FROM projection.parked WHERE name = $1 AND generation = $2",
        generation.name,
        generation.generation,
    )
    return {(row[0], row[1]) for row in rows}


class _Typed(msgspec.Struct):
    type: str


def type_of(value: bytes) -> str:
    """The event's type, if that much can be read."""
    try:
        return msgspec.json.decode(value, type=_Typed).type[:200]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


async def park(conn: Connection, generation: Generation, records: Sequence[tuple[Record, str]]) -> None:
    """Set records aside, each with the reason."""
    for record, reason in records:
        organisation, _, service = record.log.partition("/")
        await conn.execute(
            "INSERT INTO projection.parked (name, generation, topic, partition, record_offset,"
            " relay_number, stream, service, organisation, log_index, type, reason, value)"
            " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13"
            " WHERE NOT EXISTS (SELECT FROM projection.parked WHERE name = $1 AND generation = $2"
            " AND topic = $3 AND partition = $4 AND record_offset = $5 AND value = $13)",
            generation.name,
            generation.generation,
            record.topic,
            record.partition,
            record.offset,
            record.number,
            record.stream.replace("\0", ""),
            service.replace("\0", "") or record.topic.partition(".")[0],
            organisation.replace("\0", ""),
            record.index,
            type_of(record.value),
            reason.replace("\0", "")[:500],
            record.value,
        )


def because(error: BaseException) -> str:
    """The reason as it is written down: the kind of failure, never a payload."""
    if isinstance(error, UnreadableFactError):
        return str(error)
    return f"{type(error).__name__} in {_where(error)}"


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
