"""The doors to which promises, claims and verifications are sent.

A commitment goes on the record of the council that the caller acts for. A claim and its
verification name the council whose record it is; on whose behalf they are made, the credential says.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from doors.bodies import json_of
from doors.idempotency import command_id, idempotency_key
from eventlog import clock
from eventlog.credentials import Credential, requires
from eventlog.envelope import Cause
from eventlog.log_protocol import Log
from schemas.social_value import CommitmentMade, OutcomeClaimed
from services.social_value.domain import (
    ClaimOutcome,
    MakeCommitment,
    Party,
    VerifyOutcome,
    claims,
    commitments,
)
from services.social_value.recording import attested_in, commitment_in, record
from services.social_value.requests import ClaimBody, CommitmentBody, VerificationBody

LONDON = ZoneInfo("Europe/London")
SEQUENCED_WITHIN = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Call:
    """A request's circumstances: who, in which role, on whose record, and its key."""

    credential: Credential
    role: str
    organisation: str
    cause: Cause
    at: datetime

    @property
    def by(self) -> Party:
        """Who stands behind what is sent."""
        return Party(self.credential.person, self.credential.organisation)

    def new_id(self, kind: str) -> str:
        """The same request makes the same thing."""
        return f"{kind}-{self.cause.command_id}"


def call_of(request: Request, credential: Credential, role: str, organisation: str) -> Call:
    """A request, as the command that it makes. Raises BadRequest without an Idempotency-Key."""
    door = f"{request.url.path} {organisation}"
    command = command_id(credential.organisation, door, idempotency_key(request))
    return Call(credential, role, organisation, Cause(command_id=command, correlation_id=command), clock.now())


async def answered(log: Log, append: int | None, content: dict[str, object]) -> JSONResponse:
    """201 with the log's positions; 202 while the sequencer has not come."""
    found = None if append is None else await log.positions(append, SEQUENCED_WITHIN)
    positions = None if found is None else [str(position) for position in found]
    waiting = append is not None and found is None
    return JSONResponse({**content, "positions": positions}, status_code=202 if waiting else 201)


def takes(model: type[BaseModel]) -> dict[str, object]:
    """The part of an OpenAPI document that tells of a body and its key."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": model.model_json_schema()}},
        },
        "parameters": [{"in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string"}}],
    }


def doors(log: Log) -> APIRouter:
    """The doors of this service."""
    router = APIRouter(tags=["social value"])
    recorder, claimant, verifier = (
        requires("commitments-recorder"), requires("claimant"), requires("verifier"),
    )  # fmt: skip

    @router.post("/commitments", summary="Record a commitment", status_code=201, openapi_extra=takes(CommitmentBody))
    async def make(request: Request, credential: Annotated[Credential, Depends(recorder)]) -> JSONResponse:
        body = await json_of(request, CommitmentBody)
        call = call_of(request, credential, "commitments-recorder", credential.organisation)
        return await make_commitment(log, call, body)

    @router.post("/claims", summary="Claim an outcome", status_code=201, openapi_extra=takes(ClaimBody))
    async def claim(request: Request, credential: Annotated[Credential, Depends(claimant)]) -> JSONResponse:
        body = await json_of(request, ClaimBody)
        return await claim_outcome(log, call_of(request, credential, "claimant", body.organisation), body)

    @router.post(
        "/claims/{claim_id}/verification",
        summary="Verify a claim",
        status_code=201,
        openapi_extra=takes(VerificationBody),
    )
    async def verify(
        request: Request,
        credential: Annotated[Credential, Depends(verifier)],
        claim_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")],
    ) -> JSONResponse:
        body = await json_of(request, VerificationBody)
        call = call_of(request, credential, "verifier", body.organisation)
        return await verify_outcome(log, call, claim_id, body)

    return router


async def make_commitment(log: Log, call: Call, body: CommitmentBody) -> JSONResponse:
    """Put a commitment on the record of the council acted for."""
    commitment_id = call.new_id("commitment")
    made = CommitmentMade(commitment_id=commitment_id, **body.model_dump())
    _, append = await record(
        log,
        commitments,
        MakeCommitment(commitment=made),
        organisation=call.organisation,
        stream=f"commitment/{commitment_id}",
        read=commitment_in,
        fact_of=lambda fact: fact,
        actor=call.credential.actor(call.role),
        cause=call.cause,
        happened_at=call.at,
    )
    return await answered(log, append, {"commitment_id": commitment_id})


async def claim_outcome(log: Log, call: Call, body: ClaimBody) -> JSONResponse:
    """Put a claim on the record of the council to which the commitment was made."""
    promised = await log.load(call.organisation, f"commitment/{body.commitment_id}")
    commitment = commitment_in(promised[0]) if promised else None
    claim_id = call.new_id("claim")
    command = ClaimOutcome(
        claim=OutcomeClaimed(
            claim_id=claim_id,
            contract_id=commitment.contract_id if commitment else "",
            **body.model_dump(exclude={"organisation"}),
        ),
        commitment=commitment,
        by=call.by,
        today=call.at.astimezone(LONDON).date(),
    )
    _, append = await record(
        log,
        claims,
        command,
        organisation=call.organisation,
        stream=f"claim/{claim_id}",
        read=attested_in,
        fact_of=lambda attested: attested.fact,
        actor=call.credential.actor(call.role),
        cause=call.cause,
        happened_at=datetime.combine(body.delivered_on, time.min, LONDON).astimezone(UTC),
    )
    return await answered(log, append, {"claim_id": claim_id})


async def verify_outcome(log: Log, call: Call, claim_id: str, body: VerificationBody) -> JSONResponse:
    """Put a verification beside the claim."""
    after, append = await record(
        log,
        claims,
        VerifyOutcome(claim_id=claim_id, quantity=body.quantity, by=call.by),
        organisation=call.organisation,
        stream=f"claim/{claim_id}",
        read=attested_in,
        fact_of=lambda attested: attested.fact,
        actor=call.credential.actor(call.role),
        cause=call.cause,
        happened_at=call.at,
    )
    verdict = getattr(after[-1].fact, "verdict", None)
    return await answered(log, append, {"claim_id": claim_id, "verdict": verdict})
