"""Where does a ledger ask whether a pay run is on record whole?"""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from doors.bodies import json_of
from doors.idempotency import idempotency_key
from doors.openapi import KEY, problem, ref
from eventlog.credentials import Credential, requires
from eventlog.store import EventLog
from services.spend.feeds import pay_runs, receipts
from services.spend.feeds.pay_runs import PayRunInput

Recorder = Annotated[Credential, Depends(requires(receipts.ROLE))]
PayRun = Annotated[str, Path(min_length=1, max_length=500, description="As payments name it.")]


class Total(BaseModel):
    """Payments, and what they come to without VAT, in pounds."""

    payments: int
    net: str = Field(examples=["1900.00"])


class PayRunOutcome(BaseModel):
    """Whether a pay run agrees, and by how much it does not."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    receipt_id: str
    organisation: str
    pay_run: str
    agrees: bool
    stated: Total
    found: Total
    """What stands on record; payments that were voided or cancelled are left out."""
    difference: Total
    """Found less stated; zero in both where it agrees."""


TAKES: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(PayRunInput)}}},
}


def pay_run_router(log: EventLog) -> APIRouter:
    """`POST /pay-runs/{pay_run}/reconciliation`."""
    doors = APIRouter(tags=["payments"])

    @doors.post(
        "/pay-runs/{pay_run:path}/reconciliation",
        name="reconcile_pay_run",
        summary="Compare a pay run's control total with what is on record",
        description="The answer is itself a fact; asked again under the same key, it is the same answer.",
        openapi_extra=TAKES,
        responses={200: {"model": PayRunOutcome}, 422: problem("What was sent cannot be taken.")},
    )
    async def reconcile_pay_run(request: Request, credential: Recorder, pay_run: PayRun) -> dict[str, Any]:
        stated = await json_of(request, PayRunInput)
        digest = sha256(f"pay-run\n{pay_run}\n{stated.payments}\n{stated.net}".encode()).digest()
        receipt = await receipts.under_key(
            log, credential, idempotency_key(request), digest,
            lambda entry: pay_runs.reconcile(entry, pay_run, stated), "pay_runs",
        )  # fmt: skip
        found = await pay_runs.outcome(log, credential.organisation, pay_run, receipt)
        return {"receipt_id": str(receipt), "organisation": credential.organisation, **found}

    return doors
