"""Spend's doors: files, payments, receipts."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse

from doors.bodies import body_of
from doors.idempotency import idempotency_key
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.spend import files, ledger
from services.spend.ledger import LARGEST_BODY, PaymentInput

LARGEST_FILE = 64 * 2**20
recorder = requires(files.ROLE)
Recorder = Annotated[Credential, Depends(recorder)]
_PAYMENT = PaymentInput.model_json_schema()
PAYMENTS_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"oneOf": [_PAYMENT, {"type": "array", "items": _PAYMENT}]}}},
    },
    "parameters": [
        {"in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string", "maxLength": 255}}
    ],
}


def router(log: EventLog) -> APIRouter:
    """The doors of this service."""
    doors = APIRouter()

    @doors.post("/spend-files", summary="Take a published spend file")
    async def spend_files(
        request: Request, credential: Recorder, file_name: Annotated[str, Query(min_length=1, max_length=255)]
    ) -> dict[str, Any]:
        return await files.receive(log, credential, file_name, await body_of(request, LARGEST_FILE))

    @doors.post("/payments", summary="Record payments from a ledger, all or nothing", openapi_extra=PAYMENTS_BODY)
    async def payments(request: Request, credential: Recorder) -> JSONResponse:
        key = idempotency_key(request)
        receipt = await ledger.receive(log, credential, key, await body_of(request, LARGEST_BODY))
        found = await ledger.answer(log, credential.organisation, receipt, ledger.PATIENCE)
        if found is not None and found["positions"] is not None:
            return JSONResponse(found)
        return JSONResponse(found, status_code=202, headers={"Location": f"/receipts/{receipt}"})

    @doors.get("/receipts/{receipt_id}", summary="What became of payments that were sent")
    async def receipts(receipt_id: UUID, credential: Recorder) -> JSONResponse:
        found = await ledger.answer(log, credential.organisation, receipt_id, 0.0)
        if found is None:
            raise HTTPException(404, "There is no such receipt.")
        return JSONResponse(found, status_code=202 if found["positions"] is None else 200)

    return doors
