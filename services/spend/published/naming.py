"""Which rows of a file are on the record already, and which of them state a payment otherwise? Asked of all at once.

A file may have a million rows: they lie in tables of the transaction that records them, and come back in batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from eventlog.store import Connection
from services.spend import known
from services.spend.domain import Stated, content_digest, payee_id
from services.spend.judgement.correcting import OnRecord, Unknown, corrections

BEGIN = ("DELETE FROM spend.read_row WHERE organisation = $1", "DELETE FROM spend.named_row WHERE organisation = $1")

NAME = """
    INSERT INTO spend.named_row (organisation, place, content_id, payee_id, document_number, net_pence, paid_on, payment_id)
    SELECT $1, n.place, n.content_id, n.payee_id, n.document_number, n.net_pence, n.paid_on,
        coalesce(c.payment_id, p.payment_id)
    FROM (SELECT *, left(encode(sha256(
            (encode(digest, 'hex') || row_number() OVER (PARTITION BY digest ORDER BY place))::bytea
        ), 'hex'), 24) AS content_id FROM spend.read_row WHERE organisation = $1) n
    LEFT JOIN spend.payment p ON p.organisation = $1 AND p.payment_id = n.content_id
    LEFT JOIN spend.corrected_content c ON c.organisation = $1 AND c.content_id = n.content_id
"""
"""As `domain.content_id` names rows: by their content, counted among identical ones."""

LEFT_OUT = """
    FROM spend.payment p WHERE organisation = $1 AND period = $2 AND file_id IS NOT NULL
    AND withdrawn IS NULL AND NOT EXISTS (SELECT FROM spend.named_row r WHERE r.organisation = $1 AND r.payment_id = p.payment_id)
"""
"""The payments that files stated of a period, but for those that this one repeats or that were withdrawn since."""

MAYBE_CORRECTED = f"""
    SELECT payment_id, payee_id, document_number, file_id, line, net_pence, paid_on, version, scope_decided {LEFT_OUT}
    AND EXISTS (SELECT FROM spend.named_row u WHERE u.organisation = $1 AND u.payment_id IS NULL
        AND u.payee_id = p.payee_id
        AND coalesce(u.document_number, '') = coalesce(p.document_number, '')) ORDER BY payment_id
"""  # noqa: S608 - both are constants

MAYBE_CORRECTING = """
    SELECT content_id, payee_id, document_number, paid_on, net_pence FROM spend.named_row
    WHERE organisation = $1 AND payment_id IS NULL AND (payee_id, coalesce(document_number, '')) IN
        (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY place
"""

REPUBLISHED = """
    SELECT p.file_id FROM spend.payment p
    LEFT JOIN spend.named_row r ON r.organisation = $1 AND r.payment_id = p.payment_id
    WHERE p.organisation = $1 AND p.period = $2 AND p.file_id IS NOT NULL AND p.withdrawn IS NULL
    GROUP BY 1 HAVING 2 * count(r.payment_id) >= count(*)
"""
"""Files of a period of which this one repeats at least half."""

ALL_AT_ONCE = "SET LOCAL enable_nestloop = off"
"""Of the rows of an open transaction there are no statistics: the planner would read all of them for each payment."""

FATES = """
    SELECT CASE WHEN corrects IS NOT NULL THEN 'corrected' WHEN payment_id IS NOT NULL THEN 'known' ELSE 'new' END,
        count(*), sum(net_pence)::bigint FROM spend.named_row WHERE organisation = $1 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Name:
    """What a row is known by."""

    content_id: str
    payee_id: str
    payment_id: str | None
    """The payment that it is on the record as."""
    corrects: str | None
    """The payment that it states otherwise."""


async def begin(conn: Connection, organisation: str) -> None:
    """Forget the rows of the file before; the caller holds the organisation's lock."""
    for statement in BEGIN:
        await conn.execute(statement, organisation)


async def note(conn: Connection, organisation: str, first: int, rows: Sequence[Stated]) -> None:
    """Lay down rows of the file, the first of them at a place."""
    await conn.copy_records_to_table(
        "read_row",
        schema_name="spend",
        columns=["organisation", "place", "digest", "payee_id", "document_number", "net_pence", "paid_on"],
        records=[
            (
                organisation, place, bytes.fromhex(content_digest(organisation, row)), payee_id(organisation, row),
                row.document_number, row.net_pence, row.paid_on,
            )
            for place, row in enumerate(rows, first)
        ],
    )  # fmt: skip


async def name(conn: Connection, organisation: str, period: str) -> dict[str, tuple[int, int]]:
    """Name all rows that were noted; how many are new, known and corrected, and their net pence."""
    await conn.execute(NAME, organisation)
    fates = await _fates(conn, organisation)
    repeated = fates["known"][0]
    if repeated and fates["new"][0]:
        await conn.execute(ALL_AT_ONCE)
        left_out = await conn.fetchval(f"SELECT count(*) {LEFT_OUT}", organisation, period)
        if 0 < left_out <= repeated:
            await _find_corrections(conn, organisation, period)
            fates = await _fates(conn, organisation)
        await conn.execute("RESET enable_nestloop")
    return fates


async def _fates(conn: Connection, organisation: str) -> dict[str, tuple[int, int]]:
    found = {fate: (rows, pence) for fate, rows, pence in await conn.fetch(FATES, organisation)}
    return {fate: found.get(fate, (0, 0)) for fate in ("new", "known", "corrected")}


async def _find_corrections(conn: Connection, organisation: str, period: str) -> None:
    absent = [OnRecord(**row) for row in await conn.fetch(MAYBE_CORRECTED, organisation, period)]
    keys = {(payment.payee_id, payment.document_number) for payment in absent}
    rows = await conn.fetch(
        MAYBE_CORRECTING, organisation, [payee for payee, _ in keys], [number or "" for _, number in keys]
    )
    republished = {row[0] for row in await conn.fetch(REPUBLISHED, organisation, period)}
    found = corrections([Unknown(*row) for row in rows], absent, republished)
    await conn.execute(
        "UPDATE spend.named_row r SET corrects = c.payment_id FROM unnest($2::text[], $3::text[]) c(content_id, payment_id)"
        " WHERE r.organisation = $1 AND r.content_id = c.content_id",
        organisation,
        list(found),
        [payment.payment_id for payment in found.values()],
    )


async def names(conn: Connection, organisation: str, first: int, count: int) -> list[Name]:
    """What so many rows from a place on are known by, in their order."""
    rows = await conn.fetch(
        "SELECT content_id, payee_id, payment_id, corrects FROM spend.named_row"
        " WHERE organisation = $1 AND place >= $2 AND place < $3 ORDER BY place",
        organisation,
        first,
        first + count,
    )
    return [Name(*row) for row in rows]


async def corrected(conn: Connection, organisation: str, rows: Sequence[Name]) -> dict[str, OnRecord]:
    """By content id, the payments that rows state otherwise, as they are on the record."""
    wanted = {each.corrects: each.content_id for each in rows if each.corrects is not None}
    found = await known.stated(conn, organisation, list(wanted)) if wanted else []
    return {wanted[payment.payment_id]: payment for payment in found}
