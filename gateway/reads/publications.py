"""What would be published of a quarter, and what was: every edition, and the bytes of its files."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from gateway.policy import PUBLIC_ABOVE_PENCE, Viewer, require_whole, sees_whole
from gateway.publishing import Corrected, Paid
from gateway.reads.categories import CODE, category_joins
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import source
from gateway.reads.sql import Database, Question
from gateway.reads.times import NOW, Times
from gateway.reads.visible import KEPT_BACK, KNOWN_NOW
from schemas.cells import restored
from schemas.legal_days import Quarter

_EDITION = (
    "e.publication_id, e.quarter, e.edition, e.reason, e.published_known_at, e.rules_dated, e.file_names,"
    " e.file_digests, e.file_rows, e.file_pence, e.left_out, e.left_out_payments, e.left_out_pence, e.control_payments,"
    " e.control_pence, e.approved_on"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file of an edition."""

    name: str
    digest: str
    rows: int
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Payments that are in no file, for one reason."""

    reason: str
    payments: int
    net_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A quarter's payments as they were approved for publication."""

    publication_id: str
    quarter: str
    edition: int
    reason: str | None
    published_known_at: str
    rules_dated: date
    approved_on: date
    control_payments: int
    control_pence: int
    files: Sequence[Listed]
    left_out: Sequence[LeftOut]


class Altered(Exception):
    """A published file is not what was approved: its digest is another."""


class NamesWithheld(Exception):
    """A published file names a payee who was withheld since: nobody outside its organisation is to have it."""


async def editions(db: Database, organisation: str, quarter: str | None = None, *, times: Times = NOW) -> list[Edition]:
    """What was published, the newest quarter and edition first. Anyone may see it."""
    question = Question(times)
    question.equal(e__organisation=organisation, e__quarter=quarter)
    question.where(question.known("e"))
    rows = await db.fetch(
        f"SELECT {_EDITION} FROM live.publication e WHERE {question.filter} ORDER BY e.quarter DESC, e.edition DESC",
        *question.values,
    )
    return [_edition(row) for row in rows]


def _edition(row: Any) -> Edition:
    files = zip(row["file_names"], row["file_digests"], row["file_rows"], row["file_pence"], strict=True)
    left_out = zip(row["left_out"], row["left_out_payments"], row["left_out_pence"], strict=True)
    plain = (
        "publication_id", "quarter", "edition", "reason", "published_known_at", "rules_dated", "approved_on",
        "control_payments", "control_pence",
    )  # fmt: skip
    return Edition(
        **{name: row[name] for name in plain},
        files=[Listed(name=n, digest=d, rows=r, net_pence=p) for n, d, r, p in files],
        left_out=[LeftOut(reason=w, payments=n, net_pence=p) for w, n, p in left_out],
    )


async def content(db: Database, viewer: Viewer, organisation: str, edition: Edition, file_name: str) -> bytes:
    """A published file's bytes, as they were approved.

    Raises KeyError where there is no such file, Altered, NamesWithheld.
    """
    wanted = {each.name: each.digest for each in edition.files}[file_name]
    parts = await db.fetch(
        "SELECT content FROM live.publication_part WHERE organisation = $1 AND publication_id = $2 AND file_name = $3"
        " AND known_to = 'infinity' ORDER BY part",
        organisation, edition.publication_id, file_name,
    )  # fmt: skip
    whole = "".join(part["content"] for part in parts).encode()
    if sha256(whole).hexdigest() != wanted:
        raise Altered(f"{edition.publication_id}/{file_name}")
    if not sees_whole(viewer, organisation) and await _names_withheld(db, organisation, whole.decode()):
        raise NamesWithheld(f"{edition.publication_id}/{file_name}")
    return whole


async def _names_withheld(db: Database, organisation: str, text: str) -> bool:
    """Whether a cell of a file is a name under which a payee was paid who is withheld now."""
    names = await db.fetch(
        "SELECT DISTINCT p.supplier_name FROM live.payment p WHERE p.organisation = $1"
        f" AND NOT p.withheld AND {KEPT_BACK.format(known=KNOWN_NOW)}",
        organisation,
    )
    withheld = {row["supplier_name"] for row in names}
    rows = csv.reader(io.StringIO(text, newline="")) if withheld else ()
    return any(restored(cell) in withheld for row in rows for cell in row)


async def paid_in(db: Database, viewer: Viewer, organisation: str, quarter: Quarter, known_at: datetime) -> list[Paid]:
    """Every payment of a quarter that stood on record then. Raises KeyNeeded, NotSeen: they are not all public."""
    require_whole(viewer, organisation)
    question = Question(Times(known_at))
    where = PaymentFilter(organisation=organisation, paid_from=quarter.first, paid_to=quarter.last)
    from_ = source(question, viewer, where)
    rows = await db.fetch(
        "SELECT p.payment_id, p.paid_on, p.document_number, p.department, p.supplier_name, p.withheld,"
        f" {KEPT_BACK.format(known=question.known('w'))} AS kept_back,"
        " p.company_number, p.additional_identifiers, p.purpose, p.account, p.net_pence, p.irrecoverable_vat_pence,"
        f" p.cpv_code, {CODE} AS category_code, p.scope, coalesce(k.reference, p.contract_reference)"
        f" AS contract_reference {from_} {category_joins(question)} WHERE {question.filter}",
        *question.values,
    )
    return [Paid(**row) for row in rows]


async def corrected(
    db: Database, viewer: Viewer, organisation: str, upto: Quarter, known_at: datetime
) -> list[Corrected]:
    """Payments of quarters published by then, this one or earlier, that were not then as they had been published."""
    require_whole(viewer, organisation)
    newest: dict[str, Edition] = {}
    for edition in await editions(db, organisation, times=Times(known_at)):
        newest.setdefault(edition.quarter, edition)
    found = []
    for quarter, edition in sorted(newest.items()):
        if Quarter.read(quarter) <= upto:
            found += await _since(db, organisation, edition, known_at)
    return found


async def _since(db: Database, organisation: str, edition: Edition, known_at: datetime) -> list[Corrected]:
    quarter = Quarter.read(edition.quarter)
    rows = await db.fetch(
        _SINCE, organisation, datetime.fromisoformat(edition.published_known_at), known_at, quarter.first, quarter.last
    )
    return [Corrected(quarter=edition.quarter, edition=edition.edition, **row) for row in rows]


_STOOD = (
    "SELECT p.payment_id, p.paid_on, p.document_number, p.supplier_name, p.withheld, p.net_pence,"
    f" {KEPT_BACK.format(known='w.known_from <= $3 AND w.known_to > $3')} AS kept_back FROM live.payment p"
    " WHERE p.organisation = $1 AND p.known_from <= {then} AND p.known_to > {then} AND p.withdrawn IS NULL"
    " AND p.paid_on BETWEEN $4 AND $5"
)
_SINCE = f"""
WITH before AS ({_STOOD.format(then="$2")}), after AS ({_STOOD.format(then="$3")})
SELECT coalesce(a.paid_on, b.paid_on) AS paid_on, coalesce(a.document_number, b.document_number) AS document_number,
       coalesce(a.supplier_name, b.supplier_name) AS supplier_name, coalesce(a.withheld, b.withheld) AS withheld,
       coalesce(a.kept_back, b.kept_back) AS kept_back,
       b.net_pence AS published_pence, a.net_pence AS now_pence
FROM before b FULL JOIN after a ON a.payment_id = b.payment_id
WHERE (b.payment_id IS NULL OR a.payment_id IS NULL OR (a.net_pence, a.paid_on) IS DISTINCT FROM (b.net_pence, b.paid_on))
  AND greatest(abs(a.net_pence), abs(b.net_pence)) > {PUBLIC_ABOVE_PENCE}
ORDER BY 1, 2 NULLS FIRST, 5 NULLS FIRST, 6 NULLS FIRST, coalesce(a.payment_id, b.payment_id)
"""
