"""How are the read models, can one be built anew, what is on the topics? Doors for whoever runs the platform."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from doors.problems import BadRequest
from eventlog.credentials import Credential, requires
from eventlog.errors import LossDetectedError
from eventlog.feed import PLATFORM
from eventlog.projections import Runtime
from services.reporting.topic_counts import TopicCounts

Operator = Annotated[Credential, Depends(requires("operator"))]
Accountant = Annotated[Credential, Depends(requires("operator", "auditor"))]
WITH_FILES = frozenset({"contracts.events", "spend.events"})


def read_model_router(runtime: Runtime, names: frozenset[str]) -> APIRouter:
    """The doors under `/read-models`."""
    router = APIRouter(prefix="/read-models", tags=["read models"])

    def known(name: str) -> str:
        if name not in names:
            raise BadRequest(
                404, "no-such-read-model", f"There is no read model {name[:100]}.",
                field="name", remedy=f"There are: {', '.join(sorted(names))}.",
            )  # fmt: skip
        return name

    @router.get(
        "",
        summary="Every read model: its build, positions, lag and parked records",
        description="`lag` is per partition the records not applied yet; null while the broker has not said lately"
        " how many there are: unknown, which is not none.",
    )
    async def read_models(_operator: Operator) -> dict[str, Any]:
        told = await runtime.status()
        return {"read_models": [{"name": name, **told.get(name, {})} for name in sorted(names)]}

    @router.post("/{name}/rebuild", summary="Build a read model anew beside itself, compare, and switch to it")
    async def rebuild(name: str, _operator: Operator) -> dict[str, Any]:
        done = await runtime.rebuild(known(name))
        return {**asdict(done), "equal": done.equal}

    @router.get("/{name}/digest", summary="The digest of each table of a read model, as it stands")
    async def digest(name: str, _operator: Operator) -> dict[str, Any]:
        return {"name": known(name), "digests": await runtime.digests(name)}

    return router


def topic_router(counts: TopicCounts) -> APIRouter:
    """`GET /topics/{topic}/files`."""
    router = APIRouter(prefix="/topics", tags=["topics"])

    @router.get("/{topic}/files", summary="Rows and pence of each source file, counted record by record on Kafka")
    async def files(topic: str, credential: Accountant) -> dict[str, Any]:
        if topic not in WITH_FILES:
            raise BadRequest(
                404, "no-such-topic", f"There is no topic {topic[:100]} that carries files.",
                field="topic", remedy=f"There are: {', '.join(sorted(WITH_FILES))}.",
            )  # fmt: skip
        try:
            tally = await counts.count(topic)
        except LossDetectedError as error:
            raise BadRequest(503, "topic-unread", f"{error}.", remedy="Try again shortly.") from error
        whose = None if credential.organisation == PLATFORM else credential.organisation
        return {"topic": topic, **tally.told(whose)}

    return router
