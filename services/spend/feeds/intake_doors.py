"""Which payments that came over Kafka were refused, and why?"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from eventlog.credentials import Credential, requires
from eventlog.feed import PLATFORM
from eventlog.store import EventLog
from services.spend.feeds import kafka_intake, receipts

OPERATOR = "operator"
Reader = Annotated[Credential, Depends(requires(receipts.ROLE, OPERATOR))]


class Reject(BaseModel):
    """A record of `spend.intake` that was refused; what it said is not kept."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    reject_id: int
    partition: int
    offset: int
    """Where it stands on the topic."""
    organisation: str | None
    """Whose token it carried; null where that was not valid."""
    idempotency_key: str | None
    refused_at: str
    error: dict[str, str | int]
    """`code`, `message` and, where there are any, `field` and `remedy`: as the HTTP door says them."""


class Rejects(BaseModel):
    """A page of what was refused, oldest first."""

    rejects: list[Reject]


def intake_router(log: EventLog) -> APIRouter:
    """`GET /intake/rejects`."""
    doors = APIRouter(tags=["intake"])

    @doors.get(
        "/intake/rejects",
        name="intake_rejects",
        summary="Records of the topic spend.intake that were refused",
        description="An organisation's own; for an operator of the platform all, also those without a valid token.",
        response_model=Rejects,
    )
    async def rejects(
        credential: Reader,
        after: Annotated[int, Query(ge=0, description="The last reject_id of the page before.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> dict[str, Any]:
        every = credential.organisation == PLATFORM and OPERATOR in credential.roles
        whose = None if every else credential.organisation
        return {"rejects": await kafka_intake.rejects(log, whose, after, limit)}

    return doors
