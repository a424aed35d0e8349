"""May a quarter be published as it was drawn up? Its rows are held to this service's own record before it is."""

import csv
import io
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from doors.amounts import exact_pence
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Connection, Draft, EventLog
from schemas.cells import restored
from schemas.legal_days import Quarter, legal_day
from schemas.spend import PublicationPart, QuarterPublished
from services.spend.decisions.publishing_input import PublicationInput, PublishedFileInput
from services.spend.feeds.receipts import Entry, under_key

LARGEST_PART = 48_000
"""Bytes of a part's content as JSON: an event holds 65,535 in all."""


class ApproverNeeded(Refused):
    code = "person-needed"
    field = "reason"
    remedy = "Approve with the key of a person: a machine publishes nothing."


class FileHeld(Refused):
    code = "file-held"
    field = "quarter"
    remedy = "Have the file mended and sent again, then draw the quarter up anew."


class NotOver(Refused):
    code = "quarter-not-over"
    field = "quarter"
    remedy = "Publish it when it is over."


class TotalsDiffer(Refused):
    code = "totals-differ"
    field = "files"
    remedy = "Draw the quarter up again: payments of it were recorded since, or are not shown yet."


class UnknownRows(Refused):
    code = "rows-not-on-record"
    field = "files"
    remedy = "Draw the quarter up again; what is published is what is on record."


class NameWithheld(Refused):
    code = "name-withheld"
    field = "files"
    remedy = "Draw the quarter up again: a person has withheld a payee whom it names."


class SameAgain(Refused):
    code = "published-already"
    field = "quarter"
    remedy = "Nothing has changed since; the edition that is published stands."


class ReasonNeeded(Refused):
    code = "reason-needed"
    field = "reason"
    remedy = "Say why the quarter is published again."


@dataclass(frozen=True, slots=True)
class Counted:
    """A file, read again by the one that answers for the record."""

    name: str
    digest: str
    rows: int
    net_pence: int
    payments: Counter[tuple[date, int]]
    """Days and pence of its payments; none in another list."""


async def publish(log: EventLog, credential: Credential, key: str, wanted: PublicationInput) -> UUID:
    """Record under a key that a person approved a quarter; answers with the receipt's id.

    Raises BadRequest, KeyUsedOtherwise and Refused; then nothing is kept.
    """

    async def decide(entry: Entry) -> None:
        quarter = Quarter.read(wanted.quarter)
        files = [counted(file) for file in wanted.files]
        if entry.actor.person is None:
            raise ApproverNeeded("A machine asked to publish.")
        if quarter.last >= legal_day(now()):
            raise NotOver(f"{quarter} ends on {quarter.last:%-d %B %Y}.")
        await _nothing_held(entry)
        payments = await _payments(entry, quarter)
        check_rows(files, payments)
        check_totals(wanted, files, payments)
        check_names(wanted.files, await _kept_back(entry, quarter))
        edition = await _edition(entry, quarter, wanted, files)
        drafts = list(_drafts(wanted, edition, files, payments))
        publication = f"{quarter}/{edition}"
        await entry.add(drafts, [publication], [publication])

    asked = sha256(("publish" + wanted.model_dump_json()).encode()).digest()
    return await under_key(log, credential, key, asked, decide, "publications")


def counted(file: PublishedFileInput) -> Counted:
    """What a file of rows comes to. Raises UnknownRows where it is no such file."""
    rows = list(csv.DictReader(io.StringIO(file.text, newline=""), strict=True))
    payments: Counter[tuple[date, int]] = Counter()
    if file.payments:
        payments.update(_paid(file.name, number, row) for number, row in enumerate(rows, 1))
    total = sum(amount * times for (_, amount), times in payments.items())
    return Counted(file.name, sha256(file.text.encode()).hexdigest(), len(rows), total, payments)


def _paid(name: str, number: int, row: Mapping[str, str]) -> tuple[date, int]:
    try:
        amount = exact_pence(row["Amount"])
        if amount is not None:
            return date.fromisoformat(row["PaymentDate"]), amount
    except (KeyError, TypeError, ValueError):
        pass
    raise UnknownRows(f"{name}, row {number}: its PaymentDate or Amount cannot be read.")


def check_rows(files: Sequence[Counted], payments: Counter[tuple[date, int]]) -> None:
    """Whether every row is a payment on record, of its day and amount. Pure. Raises UnknownRows."""
    published: Counter[tuple[date, int]] = Counter()
    for file in files:
        published.update(file.payments)
    if unknown := published - payments:
        day, amount = min(unknown)
        raise UnknownRows(f"{unknown.total():,} rows are no payments on record, as one of {amount} pence on {day}.")


def check_totals(wanted: PublicationInput, files: Sequence[Counted], payments: Counter[tuple[date, int]]) -> None:
    """Whether what is published and what is left out are all that is on record. Pure. Raises TotalsDiffer."""
    rows = sum(file.payments.total() for file in files) + sum(each.payments for each in wanted.left_out)
    total = sum(file.net_pence for file in files) + sum(each.net for each in wanted.left_out)
    on_record = sum(amount * times for (_, amount), times in payments.items())
    if (rows, total) != (payments.total(), on_record):
        raise TotalsDiffer(
            f"{rows:,} payments of {total} pence were drawn up; on record are {payments.total():,} of {on_record}."
        )


def check_names(files: Sequence[PublishedFileInput], kept_back: Collection[tuple[date, int, str]]) -> None:
    """Whether no row names a payee whom a person withheld: day, pence and name. Pure. Raises NameWithheld."""
    for file in files:
        if kept_back and file.payments:
            for number, row in enumerate(csv.DictReader(io.StringIO(file.text, newline="")), 1):
                if (*_paid(file.name, number, row), restored(row.get("BeneficiaryName") or "")) in kept_back:
                    raise NameWithheld(f"{file.name}, row {number} names a payee who is withheld.")


async def _kept_back(entry: Entry, quarter: Quarter) -> set[tuple[date, int, str]]:
    rows = await entry.conn.fetch(
        "SELECT p.paid_on, p.net_pence, e.supplier_name FROM spend.payee e JOIN spend.payment p"
        " USING (organisation, payee_id) WHERE organisation = $1 AND e.kept_back AND p.paid_on BETWEEN $2 AND $3",
        entry.organisation, quarter.first, quarter.last,
    )  # fmt: skip
    return {(row["paid_on"], row["net_pence"], row["supplier_name"]) for row in rows}


async def _nothing_held(entry: Entry) -> None:
    """Raises FileHeld while a file is held and its period did not come in again since."""
    name = await entry.conn.fetchval(
        "SELECT f.report->>'file_name' FROM spend.source_file f WHERE f.organisation = $1"
        " AND f.report->>'held' IS NOT NULL AND NOT EXISTS (SELECT FROM spend.source_file l"
        " WHERE l.organisation = f.organisation AND l.append_id > f.append_id AND l.report->>'held' IS NULL"
        " AND l.report->>'period' = f.report->>'period') ORDER BY f.append_id LIMIT 1",
        entry.organisation,
    )
    if name is not None:
        raise FileHeld(f"The file {name} is held: its total does not agree with its rows.")


async def _payments(entry: Entry, quarter: Quarter) -> Counter[tuple[date, int]]:
    rows = await entry.conn.fetch(
        "SELECT paid_on, net_pence, count(*) AS times FROM spend.payment WHERE organisation = $1"
        " AND paid_on BETWEEN $2 AND $3 AND withdrawn IS NULL GROUP BY 1, 2",
        entry.organisation, quarter.first, quarter.last,
    )  # fmt: skip
    return Counter({(row["paid_on"], row["net_pence"]): row["times"] for row in rows})


async def _edition(entry: Entry, quarter: Quarter, wanted: PublicationInput, files: Sequence[Counted]) -> int:
    """The number of the edition that this is. Raises SameAgain, ReasonNeeded."""
    digests = [file.digest for file in files]
    last = await _last(entry.conn, entry.organisation, quarter)
    if last is not None and last[1] == digests:
        raise SameAgain(f"Edition {last[0]} of {quarter} is the same.")
    if last is not None and wanted.reason is None:
        raise ReasonNeeded(f"{quarter} was published before.")
    edition = 1 if last is None else last[0] + 1
    await entry.conn.execute(
        "INSERT INTO spend.publication VALUES ($1, $2, $3, $4)", entry.organisation, str(quarter), edition, digests
    )
    return edition


async def _last(conn: Connection, organisation: str, quarter: Quarter) -> tuple[int, list[str]] | None:
    row = await conn.fetchrow(
        "SELECT edition, digests FROM spend.publication WHERE organisation = $1 AND quarter = $2"
        " ORDER BY edition DESC LIMIT 1",
        organisation, str(quarter),
    )  # fmt: skip
    return None if row is None else (row["edition"], row["digests"])


def _drafts(
    wanted: PublicationInput, edition: int, files: Sequence[Counted], payments: Counter[tuple[date, int]]
) -> Iterator[Draft]:
    """The files in parts, then that they were approved: one stream for each edition."""
    publication, version, at = f"{wanted.quarter}/{edition}", 0, now()
    for file in wanted.files:
        for number, part in enumerate(parts(file.text)):
            version += 1
            said = PublicationPart(publication_id=publication, file_name=file.name, part=number, content=part)
            yield Draft(stream=f"publication/{publication}", version=version, fact=said, happened_at=at)
    approved = QuarterPublished(
        publication_id=publication,
        quarter=wanted.quarter,
        edition=edition,
        reason=wanted.reason if edition > 1 else None,
        known_at=wanted.known_at,
        rules_dated=wanted.rules_dated,
        file_names=tuple(file.name for file in files),
        file_digests=tuple(file.digest for file in files),
        file_rows=tuple(file.rows for file in files),
        file_pence=tuple(file.net_pence for file in files),
        left_out=tuple(each.reason for each in wanted.left_out),
        left_out_payments=tuple(each.payments for each in wanted.left_out),
        left_out_pence=tuple(each.net for each in wanted.left_out),
        control_payments=payments.total(),
        control_pence=sum(amount * times for (_, amount), times in payments.items()),
    )
    yield Draft(stream=f"publication/{publication}", version=version + 1, fact=approved, happened_at=at)


def parts(content: str) -> Iterator[str]:
    """A text in parts of whole lines that an event has room for; an empty one is one empty part."""
    part: list[str] = []
    size = 0
    for line in content.splitlines(keepends=True) or [""]:
        length = len(json.dumps(line, ensure_ascii=False).encode())
        if size + length > LARGEST_PART and part:
            yield "".join(part)
            part, size = [], 0
        part.append(line)
        size += length
    yield "".join(part)
