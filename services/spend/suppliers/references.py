"""What do registers say of the companies, charities and postcodes that are known here? Files of millions of rows, streamed.

Of a file only the rows are kept that concern a supplier or payee of the organisation. What a later edition says
otherwise is stated anew, beside the old; a supplier that becomes known later is described when a file comes again.
"""

import asyncio
import csv
import io
import re
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import IO, Any
from uuid import uuid5
from zipfile import BadZipFile, ZipFile, is_zipfile

import msgspec
from msgspec.structs import asdict

from doors.bodies import Spool
from doors.problems import BadRequest
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.envelope import Cause
from eventlog.ids import new_id
from eventlog.store import Connection, Draft, EventLog
from schemas.identifiers import charity_identifier, company_identifier
from schemas.spend import CharityDescribed, CompanyDescribed
from services.spend import known, recording
from services.spend.amounts import LONDON
from services.spend.feeds.receipts import ROLE
from services.spend.judgement.rejudging import identified_again
from services.spend.suppliers import identities
from services.spend.suppliers.reference_layouts import Claim, Edition, Kind, layout_of, postcode_of, wanted_rows

STREAMS: dict[Kind, str] = {"companies": "company", "charities": "charity", "postcodes": "postcode"}
WANTED: dict[Kind, str] = {
    "companies": "SELECT substr(number, 8) FROM spend.known_supplier, unnest(numbers) number"
    " WHERE organisation = $1 AND number LIKE 'GB-COH-%'"
    " UNION SELECT substr(number, 8) FROM spend.payee, unnest(numbers) number"
    " WHERE organisation = $1 AND number LIKE 'GB-COH-%'",
    "postcodes": "SELECT postcode FROM spend.known_supplier WHERE organisation = $1 AND postcode IS NOT NULL"
    " UNION SELECT postcode FROM spend.reference WHERE organisation = $1 AND postcode IS NOT NULL"
    " UNION SELECT postcode FROM spend.master_record WHERE organisation = $1 AND postcode IS NOT NULL"
    " UNION SELECT site_postcode FROM spend.master_record WHERE organisation = $1 AND site_postcode IS NOT NULL",
}
WANTED["charities"] = WANTED["companies"]
LARGEST_UNPACKED = 16 * 2**30
DAY = re.compile(r"(20\d{2})[-_]?(\d{2})[-_]?(\d{2})")


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a file, and the rows of it that concern somebody."""

    kind: Kind
    read_rows: int
    facts: dict[str, Claim]
    wanted: int


async def take(
    log: EventLog, credential: Credential, file_name: str, sent: Spool, stated_on: date | None
) -> dict[str, Any]:
    """Read a file and record what it says anew; answers with the counts. Raises BadRequest; then nothing is kept."""
    actor = credential.actor(ROLE)
    edition = Edition(sent.digest, stated_on or day_in(file_name) or now().astimezone(LONDON).date())
    await log.log_id(actor.organisation)
    wanted = {kind: await _wanted(log, actor.organisation, kind) for kind in WANTED}
    found = await asyncio.to_thread(read, sent.file, edition, wanted)
    async with log.pool.acquire() as conn, conn.transaction():
        await conn.execute(known.LOCK, actor.organisation)
        drafts = await _drafts(conn, actor.organisation, found)
        if found.kind == "charities":
            drafts += await _known_by_their_charity(conn, actor.organisation, sorted(found.facts))
        command = new_id()
        cause = Cause(command_id=uuid5(command, sent.digest), correlation_id=command)
        await recording.append(log, conn, actor.organisation, drafts, actor, cause)
    counts = {"read": found.read_rows, "wanted": found.wanted, "found": len(found.facts), "new": len(drafts)}
    return {"file_id": sent.digest, "file_name": file_name, "kind": found.kind,
            "stated_on": edition.stated_on.isoformat(), "rows": counts}  # fmt: skip


def day_in(file_name: str) -> date | None:
    """The day that a file's name bears, as `BasicCompanyDataAsOneFile-2026-11-01.zip`."""
    found = DAY.search(file_name)
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def read(file: IO[bytes], edition: Edition, wanted: dict[Kind, Collection[str]]) -> Found:
    """The claims of a file on those that are wanted; of a key that comes twice the last. Raises BadRequest."""
    with closing(_rows(file)) as rows:  # before the file that it reads
        layout = layout_of(next(rows, []))
        counted = _Counted(rows)
        facts = {key: layout.read(row, edition) for key, row in wanted_rows(counted, layout, wanted[layout.kind])}
    return Found(layout.kind, counted.rows, facts, len(wanted[layout.kind]))


class _Counted:
    """Rows, and how many there were."""

    def __init__(self, rows: Iterator[list[str]]) -> None:
        self._rows = rows
        self.rows = 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> list[str]:
        row = next(self._rows)
        self.rows += 1
        return row


def _rows(file: IO[bytes]) -> Generator[list[str], None, None]:
    """The rows of a CSV or tab-separated file, or of the largest in an archive, one after another."""
    file.seek(0)
    if is_zipfile(file):
        try:
            with ZipFile(file) as archive:
                tables = [
                    each for each in archive.infolist() if each.filename.lower().endswith((".csv", ".txt", ".tsv"))
                ]
                if not tables:
                    raise BadRequest(
                        422, "no-table", "The archive holds no CSV.", field="file", remedy="Send the CSV itself."
                    )
                largest = max(tables, key=lambda each: each.file_size)
                if largest.file_size > LARGEST_UNPACKED:
                    raise BadRequest(
                        413, "too-large", f"{largest.filename} would unpack to {largest.file_size:,} bytes.",
                        field="file", remedy="Send it in parts.",
                    )  # fmt: skip
                with archive.open(largest) as member:
                    yield from _table(member)
        except BadZipFile as error:
            raise BadRequest(
                422, "broken-archive", f"The archive cannot be read: {error}.", field="file", remedy="Fetch it again."
            ) from error
    else:
        file.seek(0)
        yield from _table(file)


def _table(file: IO[bytes]) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        first = text.readline(100_000)
        delimiter = "\t" if first.count("\t") > first.count(",") else ","
        yield from csv.reader([first], delimiter=delimiter)
        yield from csv.reader(text, delimiter=delimiter)
    except csv.Error as error:
        raise BadRequest(
            422, "no-table", f"A row cannot be read: {error}.", field="file", remedy="Give the file as it is published."
        ) from error
    finally:
        text.detach()


async def _wanted(log: EventLog, organisation: str, kind: Kind) -> Collection[str]:
    return frozenset(row[0] for row in await log.pool.fetch(WANTED[kind], organisation))


UNKNOWN = (b"", 0, date.min)


async def _drafts(conn: Connection, organisation: str, found: Found) -> list[Draft]:
    """What is said anew of each, remembered and drafted; the edition alone is nothing new, an earlier one never is."""
    rows = await conn.fetch(
        "SELECT code, content, version, coalesce(stated_on, '-infinity') FROM spend.reference"
        " WHERE organisation = $1 AND kind = $2 AND code = ANY($3)",
        organisation,
        found.kind,
        list(found.facts),
    )
    before = {code: (bytes(content), version, stated_on) for code, content, version, stated_on in rows}
    drafts, at = [], now()
    kept = []
    for code, fact in sorted(found.facts.items()):
        content, (old, version, stated_on) = _content(fact), before.get(code, UNKNOWN)
        if fact.stated_on < stated_on:
            continue
        if content != old:
            version += 1
            stream = f"{STREAMS[found.kind]}/{code.replace(' ', '')}"
            drafts.append(Draft(stream=stream, version=version, fact=fact, happened_at=at))
        postcode = fact.postcode if isinstance(fact, CompanyDescribed) else None
        kept.append(
            (organisation, found.kind, code, content, postcode_of(postcode), version, _numbers(fact), fact.stated_on)
        )
    await conn.executemany(
        "INSERT INTO spend.reference (organisation, kind, code, content, postcode, version, numbers, stated_on)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, kind, code) DO UPDATE SET"
        " content = excluded.content, postcode = excluded.postcode, version = excluded.version,"
        " numbers = excluded.numbers, stated_on = excluded.stated_on",
        kept,
    )
    return drafts


def _numbers(fact: Claim) -> list[str]:
    """Those of a charity, and of its company."""
    if not isinstance(fact, CharityDescribed):
        return []
    charity = charity_identifier(fact.charity_number)
    return [company_identifier(fact.company_number), *([charity] if charity else [])]


async def _known_by_their_charity(conn: Connection, organisation: str, companies: Sequence[str]) -> list[Draft]:
    """Payees who state a charity's number are said anew, once it is known which company that charity is."""
    suppliers = await conn.fetch(
        "SELECT DISTINCT supplier_id FROM spend.known_supplier WHERE organisation = $1 AND numbers && $2",
        organisation,
        [company_identifier(number) for number in companies],
    )
    payees = await identities.touched_by(conn, organisation, [row[0] for row in suppliers])
    return await identified_again(conn, organisation, payees)


def _content(fact: Claim) -> bytes:
    said = {name: value for name, value in asdict(fact).items() if name not in {"file_id", "stated_on"}}
    return sha256(msgspec.json.encode(said)).digest()
