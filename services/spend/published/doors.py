"""Where are spend files handed in? `POST /spend-files`, the file's bytes as they are."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, RootModel

from doors.bodies import read_json, spooled
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.spend.published import files
from services.spend.published.resubmitting import resubmit
from services.spend.suppliers import references

LARGEST_FILE = 512 * 2**20
LARGEST_REFERENCE = 4 * 2**30
"""All companies of the United Kingdom, unpacked, are 2.5 GB."""
recorder = requires(files.ROLE)
Recorder = Annotated[Credential, Depends(recorder)]


class Columns(RootModel[dict[str, Annotated[str, Field(min_length=1, max_length=255)]]]):
    """By field, what its column is called in a file."""


def read_mapping(text: str | None) -> dict[str, str] | None:
    """The columns that a caller names. Raises BadRequest."""
    return None if text is None else read_json(text.encode(), Columns).root


def router(log: EventLog) -> APIRouter:
    """The door for files."""
    doors = APIRouter()
    _add_files(doors, log)
    _add_references(doors, log)
    return doors


def _add_references(doors: APIRouter, log: EventLog) -> None:
    @doors.post("/reference-files", summary="Take what a register of companies, charities or postcodes says")
    async def reference_files(
        request: Request,
        credential: Recorder,
        file_name: Annotated[str, Query(min_length=1, max_length=255)],
        stated_on: Annotated[
            date | None, Query(description="The edition's day; else as the file's name has it.")
        ] = None,
    ) -> dict[str, Any]:
        async with spooled(request, LARGEST_REFERENCE) as sent:
            return await references.take(log, credential, file_name, sent, stated_on)


def _add_files(doors: APIRouter, log: EventLog) -> None:
    underway: dict[tuple[str, str], files.Progress] = {}

    @doors.post("/spend-files", summary="Take a published spend file")
    async def spend_files(
        request: Request,
        credential: Recorder,
        file_name: Annotated[str, Query(min_length=1, max_length=255)],
        dry_run: Annotated[bool, Query(description="Say how it would be read, and record nothing.")] = False,
        mapping: Annotated[
            str | None, Query(max_length=4_000, description="JSON: by field the column's name, as it is in the file.")
        ] = None,
        resubmits: Annotated[
            str | None, Query(pattern="^[0-9a-f]{64}$", description="The file whose rejected rows these are, mended.")
        ] = None,
    ) -> dict[str, Any]:
        given = read_mapping(mapping)
        async with spooled(request, LARGEST_FILE) as sent:
            if resubmits is not None:
                return await resubmit(log, credential, file_name, sent, resubmits)
            if dry_run:
                return await files.preview(log, credential, file_name, sent, given)
            key = credential.organisation, sent.digest
            progress = underway.setdefault(key, files.Progress())
            try:
                return await files.take(log, credential, file_name, sent, given, progress)
            finally:
                underway.pop(key, None)

    @doors.get("/spend-files/{file_id}/progress", summary="How far a file has come that was sent")
    async def progress_of(file_id: str, credential: Recorder) -> dict[str, Any]:
        key = credential.organisation, file_id
        if (found := underway.get(key)) is not None:
            return asdict(found)
        known = await files.on_record(log.pool, *key)
        if known is None:
            return asdict(files.Progress("unknown"))
        rows = known.report["rows"]["read"]
        return asdict(files.Progress("recorded", rows, rows, rows))
