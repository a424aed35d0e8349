"""Where does a person decide what rules cannot: who was paid, what for, which suppliers are one, what explains it, what is published?"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from doors.bodies import json_of
from doors.idempotency import idempotency_key
from eventlog.store import EventLog
from services.spend.decisions import (
    allocating,
    answering,
    deciding,
    described_decisions,
    merging,
    placing,
    publishing,
    recovering,
    withholding,
)
from services.spend.decisions.decision_input import (
    AllocationInput,
    AllocationsInput,
    AnswersInput,
    AssignmentsInput,
    CategoryInput,
    LinkInput,
    MergeInput,
    RecoveryInput,
    ScopeInput,
    SplitInput,
    WithholdingInput,
)
from services.spend.decisions.publishing_input import LARGEST_PUBLICATION, PublicationInput
from services.spend.feeds.payment_doors import Known, Recorder, answered


def decision_router(log: EventLog) -> APIRouter:
    """The doors for decisions; each answers with a receipt."""
    doors = APIRouter(tags=["decisions"])
    _add_links(doors, log)
    _add_merges(doors, log)
    _add_placing(doors, log)
    _add_allocations(doors, log)
    _add_findings(doors, log)
    _add_publications(doors, log)
    return doors


def _add_links(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/payees/{payee_id}/links",
        name="link",
        summary="Decide whether a name that was paid is a supplier of the register",
        description=described_decisions.LINK_ABOUT,
        openapi_extra=described_decisions.LINK,
        responses=described_decisions.LINK_ANSWERS,
    )
    async def link(request: Request, credential: Recorder, payee_id: Known) -> JSONResponse:
        sent = await json_of(request, LinkInput)
        receipt = await deciding.decide_link(log, credential, idempotency_key(request), payee_id, sent)
        return await answered(log, credential, receipt)

    @doors.post(
        "/payees/{payee_id}/withholding",
        name="withholding",
        summary="Decide that nobody outside is to know a payee",
        description=described_decisions.WITHHOLDING_ABOUT,
        openapi_extra=described_decisions.WITHHOLDING,
        responses=described_decisions.WITHHOLDING_ANSWERS,
    )
    async def withhold(request: Request, credential: Recorder, payee_id: Known) -> JSONResponse:
        sent = await json_of(request, WithholdingInput)
        receipt = await withholding.withhold(log, credential, idempotency_key(request), payee_id, sent)
        return await answered(log, credential, receipt)


def _add_merges(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/suppliers/{supplier_id}/merge",
        name="merge",
        summary="Decide that a supplier of the register is another of its suppliers",
        description=described_decisions.MERGE_ABOUT,
        openapi_extra=described_decisions.MERGE,
        responses=described_decisions.MERGE_ANSWERS,
    )
    async def merge(request: Request, credential: Recorder, supplier_id: Known) -> JSONResponse:
        sent = await json_of(request, MergeInput)
        receipt = await merging.merge(log, credential, idempotency_key(request), supplier_id, sent)
        return await answered(log, credential, receipt)

    @doors.post(
        "/suppliers/{supplier_id}/split",
        name="split",
        summary="Decide that a supplier that was merged is itself after all",
        description=described_decisions.SPLIT_ABOUT,
        openapi_extra=described_decisions.SPLIT,
        responses=described_decisions.MERGE_ANSWERS,
    )
    async def split(request: Request, credential: Recorder, supplier_id: Known) -> JSONResponse:
        sent = await json_of(request, SplitInput)
        receipt = await merging.split(log, credential, idempotency_key(request), supplier_id, sent)
        return await answered(log, credential, receipt)


def _add_placing(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/payments/{payment_id}/scope",
        name="scope",
        summary="Decide what kind of payment it is",
        description=described_decisions.SCOPE_ABOUT,
        openapi_extra=described_decisions.SCOPE,
        responses=described_decisions.PLACED_ANSWERS,
    )
    async def scope(request: Request, credential: Recorder, payment_id: Known) -> JSONResponse:
        sent = await json_of(request, ScopeInput)
        receipt = await placing.decide_scope(log, credential, idempotency_key(request), payment_id, sent)
        return await answered(log, credential, receipt)

    @doors.post(
        "/payments/{payment_id}/category",
        name="category",
        summary="Decide what was bought",
        description=described_decisions.CATEGORY_ABOUT,
        openapi_extra=described_decisions.CATEGORY,
        responses=described_decisions.PLACED_ANSWERS,
    )
    async def category(request: Request, credential: Recorder, payment_id: Known) -> JSONResponse:
        sent = await json_of(request, CategoryInput)
        receipt = await placing.decide_category(log, credential, idempotency_key(request), payment_id, sent)
        return await answered(log, credential, receipt)


def _add_allocations(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/payments/{payment_id}/allocation",
        name="allocation",
        summary="Decide on which contracts it was made",
        description=described_decisions.ALLOCATION_ABOUT,
        openapi_extra=described_decisions.ALLOCATION,
        responses=described_decisions.PLACED_ANSWERS,
    )
    async def allocation(request: Request, credential: Recorder, payment_id: Known) -> JSONResponse:
        sent = await json_of(request, AllocationInput)
        receipt = await allocating.allocate(log, credential, idempotency_key(request), payment_id, sent)
        return await answered(log, credential, receipt)

    @doors.post(
        "/allocations",
        name="allocations",
        summary="Decide on which contracts many payments were made",
        description=described_decisions.ALLOCATIONS_ABOUT,
        openapi_extra=described_decisions.ALLOCATIONS,
        responses=described_decisions.PLACED_ANSWERS,
    )
    async def allocations(request: Request, credential: Recorder) -> JSONResponse:
        sent = await json_of(request, AllocationsInput)
        receipt = await allocating.allocate_each(log, credential, idempotency_key(request), sent)
        return await answered(log, credential, receipt)


def _add_findings(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/findings/answers",
        name="answers",
        summary="Explain findings, or settle what another person explained",
        description=described_decisions.ANSWERS_ABOUT,
        openapi_extra=described_decisions.ANSWERS,
        responses=described_decisions.FINDING_ANSWERS,
    )
    async def answers(request: Request, credential: Recorder) -> JSONResponse:
        sent = await json_of(request, AnswersInput)
        receipt = await answering.answer(log, credential, idempotency_key(request), sent)
        return await answered(log, credential, receipt)

    @doors.post(
        "/findings/assignments",
        name="assignments",
        summary="Give findings to somebody to explain",
        description=described_decisions.ASSIGNMENTS_ABOUT,
        openapi_extra=described_decisions.ASSIGNMENTS,
        responses=described_decisions.FINDING_ANSWERS,
    )
    async def assignments(request: Request, credential: Recorder) -> JSONResponse:
        sent = await json_of(request, AssignmentsInput)
        receipt = await answering.assign(log, credential, idempotency_key(request), sent)
        return await answered(log, credential, receipt)

    @doors.post(
        "/findings/recoveries",
        name="recoveries",
        summary="Record what came back of payments that were one",
        description=described_decisions.RECOVERY_ABOUT,
        openapi_extra=described_decisions.RECOVERY,
        responses=described_decisions.RECOVERY_ANSWERS,
    )
    async def recoveries(request: Request, credential: Recorder) -> JSONResponse:
        sent = await json_of(request, RecoveryInput)
        receipt = await recovering.recover(log, credential, idempotency_key(request), sent)
        return await answered(log, credential, receipt)


def _add_publications(doors: APIRouter, log: EventLog) -> None:
    @doors.post(
        "/publications",
        name="publish",
        summary="Approve a quarter's payments for publication",
        description=described_decisions.PUBLICATION_ABOUT,
        openapi_extra=described_decisions.PUBLICATION,
        responses=described_decisions.PUBLICATION_ANSWERS,
    )
    async def publications(request: Request, credential: Recorder) -> JSONResponse:
        sent = await json_of(request, PublicationInput, LARGEST_PUBLICATION)
        receipt = await publishing.publish(log, credential, idempotency_key(request), sent)
        return await answered(log, credential, receipt)
