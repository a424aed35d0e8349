"""Payments as a stream, one JSON object a line: read in parts, recorded all or nothing, in little memory.

The body is kept on disk while it arrives, and read twice: once to find what is wrong with it, before anything waits
for it, and once to record it. So a caller that sends slowly holds up nobody.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from fastapi import Request

from doors.bodies import Body, Sent, read_json
from doors.problems import BadRequest
from eventlog.credentials import Credential
from eventlog.store import EventLog
from services.spend import recording
from services.spend.domain import Stated
from services.spend.feeds.ledger import take
from services.spend.feeds.payment_input import PaymentInput, stated
from services.spend.feeds.receipts import Entry, under_key
from services.spend.feeds.withdrawing import Unlinkable

MEDIA = ("application/x-ndjson", "application/jsonl")
LARGEST_STREAM = 128 * 2**20
MOST_STREAMED = 100_000
LONGEST_LINE = 65_536
IN_MEMORY = 2**20
PART = 2_000
"""Payments that are decided at once."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A body that has arrived whole."""

    file: IO[bytes]
    digest: bytes


def is_stream(request: Request) -> bool:
    """Whether a body comes line by line, as its Content-Type says."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() in MEDIA


async def spooled(request: Request, file: IO[bytes]) -> Spooled:
    """Keep a body until it has arrived whole. Raises BadRequest (413) beyond the limit, without reading on."""
    hashed = sha256()
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_STREAM:
            raise BadRequest(
                413, "too-large", f"The body is larger than {LARGEST_STREAM:,} bytes.",
                remedy="Send it in parts, each under its own key.",
            )  # fmt: skip
        hashed.update(part)
        file.write(part)
    return Spooled(file, hashed.digest())


@asynccontextmanager
async def arrived(request: Request, model: type[Body]) -> AsyncIterator[Spooled]:
    """A body that has arrived whole, and each line of which can be taken. Raises BadRequest, which names the line."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        sent = await spooled(request, file)
        await asyncio.to_thread(check, file, model)
        yield sent


async def receive(log: EventLog, credential: Credential, key: str, request: Request) -> UUID:
    """Record a stream's payments under a key and answer with the receipt's id.

    Raises BadRequest, which names the line and the field, and KeyUsedOtherwise; then nothing is kept.
    """
    async with arrived(request, PaymentInput) as sent:

        async def decide(entry: Entry) -> None:
            seen: Counter[str] = Counter()
            rows = ((number, stated(each)) for number, each in read_lines(sent.file, PaymentInput))
            while part := await asyncio.to_thread(lambda: list(islice(rows, PART))):
                await _take(entry, part, seen)

        return await under_key(log, credential, key, sent.digest, decide)


async def _take(entry: Entry, part: Sequence[tuple[int, Stated]], seen: Counter[str]) -> None:
    try:
        await take(entry, await recording.decide(entry.conn, entry.organisation, [row for _, row in part], seen))
    except Unlinkable as error:
        number = next(number for number, row in part if row is error.row)
        raise _at(number, BadRequest(422, error.code, str(error), field=error.field, remedy=error.remedy)) from error


def check(file: IO[bytes], model: type[Body]) -> None:
    """Raises BadRequest for the first line that cannot be taken, and for a stream that has none or too many."""
    found = 0
    for found, _ in enumerate(read_lines(file, model), start=1):
        if found > MOST_STREAMED:
            raise BadRequest(
                413, "too-many", f"A stream has at most {MOST_STREAMED:,} lines.",
                remedy="Send it in parts, each under its own key.",
            )  # fmt: skip
    if found == 0:
        raise BadRequest(422, "empty", "The stream holds nothing.", remedy="Send one JSON object a line.")


def read_lines(file: IO[bytes], model: type[Sent]) -> Iterator[tuple[int, Sent]]:
    """What a stream says and on which lines, from its first on; empty lines are passed by. Raises BadRequest."""
    file.seek(0)
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise _at(number, BadRequest(413, "too-large", f"A line has at most {LONGEST_LINE:,} bytes."))
        if line.strip():
            try:
                sent = read_json(line, model)
            except BadRequest as error:
                raise _at(number, error) from None
            yield number, sent


def _at(number: int, error: BadRequest) -> BadRequest:
    return BadRequest(
        error.status, error.code, f"Line {number:,}: {error.message}",
        line=number, field=error.field, remedy=error.remedy,
    )  # fmt: skip
