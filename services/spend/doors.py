"""Where are spend files handed in? `POST /spend-files`, the file's bytes as they are."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, RootModel

from doors.bodies import body_of, read_json
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.spend import files

LARGEST_FILE = 64 * 2**20
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

    @doors.post("/spend-files", summary="Take a published spend file")
    async def spend_files(
        request: Request,
        credential: Recorder,
        file_name: Annotated[str, Query(min_length=1, max_length=255)],
        dry_run: Annotated[bool, Query(description="Say how it would be read, and record nothing.")] = False,
        mapping: Annotated[
            str | None, Query(max_length=4_000, description="JSON: by field the column's name, as it is in the file.")
        ] = None,
    ) -> dict[str, Any]:
        content, given = await body_of(request, LARGEST_FILE), read_mapping(mapping)
        if dry_run:
            return await files.preview(log, credential, file_name, content, given)
        return await files.receive(log, credential, file_name, content, given)

    return doors
