"""Spend's doors: files, payments, receipts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field, RootModel

from doors.bodies import body_of, read_json
from doors.idempotency import idempotency_key
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.spend import described, files, ledger
from services.spend.ledger import LARGEST_BODY

LARGEST_FILE = 64 * 2**20
recorder = requires(files.ROLE)
Recorder = Annotated[Credential, Depends(recorder)]


class Columns(RootModel[dict[str, Annotated[str, Field(min_length=1, max_length=255)]]]):
    """By field, what its column is called in a file."""


def read_mapping(text: str | None) -> dict[str, str] | None:
    """The columns that a caller names. Raises BadRequest."""
    return None if text is None else read_json(text.encode(), Columns).root


def router(log: EventLog) -> APIRouter:
    """The doors of this service."""
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

    @doors.post(
        "/payments",
        summary="Record payments from a ledger, all or nothing",
        openapi_extra=described.PAYMENTS,
        responses=described.ANSWERS,
    )
    async def payments(request: Request, credential: Recorder) -> JSONResponse:
        key = idempotency_key(request)
        receipt = await ledger.receive(log, credential, key, await body_of(request, LARGEST_BODY))
        found = await ledger.answer(log, credential.organisation, receipt, ledger.PATIENCE)
        if found is not None and found["positions"] is not None:
            return JSONResponse(found)
        return JSONResponse(found, status_code=202, headers={"Location": f"/receipts/{receipt}"})

    @doors.get(
        "/receipts/{receipt_id}",
        summary="What became of payments that were sent",
        responses=described.RECEIPT_ANSWERS,
    )
    async def receipts(receipt_id: UUID, credential: Recorder) -> JSONResponse:
        found = await ledger.answer(log, credential.organisation, receipt_id, 0.0)
        if found is None:
            raise HTTPException(404, "There is no such receipt.")
        return JSONResponse(found, status_code=202 if found["positions"] is None else 200)

    return doors
