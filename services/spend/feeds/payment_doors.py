"""Where does a finance system send payments, and where does it learn what became of them?"""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import JSONResponse, StreamingResponse

from doors.bodies import body_of, json_of
from doors.idempotency import idempotency_key
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.spend.feeds import described, ledger, masters, receipts, streams
from services.spend.feeds.payment_input import WithdrawalInput
from services.spend.feeds.withdrawing import Kind, Withdrawal

Recorder = Annotated[Credential, Depends(requires(receipts.ROLE))]
Known = Annotated[str, Path(max_length=100, description="As its receipt gives it.")]


def payment_router(log: EventLog) -> APIRouter:
    """The doors for payments and receipts."""
    doors = APIRouter(tags=["payments"])

    @doors.post(
        "/payments",
        summary="Record payments from a ledger, all or nothing",
        description=described.PAYMENTS_ABOUT,
        openapi_extra=described.PAYMENTS,
        responses=described.ANSWERS,
    )
    async def payments(request: Request, credential: Recorder) -> JSONResponse:
        key = idempotency_key(request)
        if streams.is_stream(request):
            receipt = await streams.receive(log, credential, key, request)
        else:
            receipt = await ledger.receive(log, credential, key, await body_of(request, ledger.LARGEST_BODY))
        return await answered(log, credential, receipt)

    _add_withdrawals(doors, log)
    _add_receipts(doors, log)
    _add_masters(doors, log)
    return doors


async def answered(log: EventLog, credential: Credential, receipt: UUID) -> JSONResponse:
    """200 with the receipt; 202 and where to ask for it while its positions are not settled."""
    found = await receipts.answer(log, credential.organisation, receipt, receipts.PATIENCE)
    if found is not None and found["positions"] is not None:
        return JSONResponse(found)
    return JSONResponse(found, status_code=202, headers={"Location": f"/receipts/{receipt}"})


def _add_withdrawals(doors: APIRouter, log: EventLog) -> None:
    async def withdrawn(request: Request, credential: Credential, payment_id: str, kind: Kind) -> JSONResponse:
        sent = await json_of(request, WithdrawalInput)
        wanted = Withdrawal(kind=kind, on=sent.on, reason=sent.reason)
        receipt = await ledger.withdraw(log, credential, idempotency_key(request), payment_id, wanted)
        return await answered(log, credential, receipt)

    @doors.post(
        "/payments/{payment_id}/void",
        name="void",
        summary="Withdraw a payment after it was issued",
        description=described.VOID_ABOUT,
        openapi_extra=described.WITHDRAWAL,
        responses=described.WITHDRAWAL_ANSWERS,
    )
    async def void(request: Request, credential: Recorder, payment_id: Known) -> JSONResponse:
        return await withdrawn(request, credential, payment_id, "voided")

    @doors.post(
        "/payments/{payment_id}/cancel",
        name="cancel",
        summary="Withdraw a payment that was stopped before it was issued",
        description=described.VOID_ABOUT,
        openapi_extra=described.WITHDRAWAL,
        responses=described.WITHDRAWAL_ANSWERS,
    )
    async def cancel(request: Request, credential: Recorder, payment_id: Known) -> JSONResponse:
        return await withdrawn(request, credential, payment_id, "cancelled")


def _add_receipts(doors: APIRouter, log: EventLog) -> None:
    @doors.get(
        "/receipts/{receipt_id}",
        name="receipt",
        summary="What became of payments that were sent",
        responses=described.RECEIPT_ANSWERS,
    )
    async def receipt(receipt_id: UUID, credential: Recorder) -> JSONResponse:
        found = await receipts.answer(log, credential.organisation, receipt_id, 0.0)
        if found is None:
            raise HTTPException(404, "There is no such receipt.")
        return JSONResponse(found, status_code=202 if found["positions"] is None else 200)

    @doors.get(
        "/receipts/{receipt_id}/payments",
        name="receipt_payments",
        summary="Every payment of a receipt, one a line",
        responses=described.RECEIPT_PAYMENTS,
        response_class=StreamingResponse,
    )
    async def receipt_payments(receipt_id: UUID, credential: Recorder) -> StreamingResponse:
        found = await receipts.payments(log, credential.organisation, receipt_id)
        if found is None:
            raise HTTPException(404, "There is no such receipt.")
        return StreamingResponse(_lines(found), media_type="application/x-ndjson")


def _add_masters(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/purchase-orders",
        name="purchase_orders",
        summary="Record purchase orders, all or nothing",
        description=described.ORDERS_ABOUT,
        openapi_extra=described.ORDERS,
        responses=described.ORDERS_ANSWERS,
    )
    async def purchase_orders(request: Request, credential: Recorder) -> JSONResponse:
        receipt = await masters.receive(log, credential, idempotency_key(request), request, masters.ORDERS)
        return await answered(log, credential, receipt)

    @doors.post(
        "/suppliers",
        name="suppliers",
        summary="Record suppliers of the ledger's master data, all or nothing",
        openapi_extra=described.SUPPLIERS,
        responses=described.SUPPLIERS_ANSWERS,
    )
    async def suppliers(request: Request, credential: Recorder) -> JSONResponse:
        receipt = await masters.receive(log, credential, idempotency_key(request), request, masters.SUPPLIERS)
        return await answered(log, credential, receipt)


def _lines(found: list[tuple[str, bool]]) -> Iterator[str]:
    for payment, new in found:
        yield f'{{"payment_id":"{payment}","new":{str(new).lower()}}}\n'
