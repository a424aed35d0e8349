"""What is set aside, and another try: the doors of a process that keeps read models."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from eventlog.credentials import Credential, requires
from eventlog.projections import Runtime

Operator = Annotated[Credential, Depends(requires("operator"))]


def parked_router(runtime: Runtime) -> APIRouter:
    """`GET /parked` and `POST /parked/retry`."""
    router = APIRouter()

    @router.get("/parked", summary="Records that could not be applied, and the later ones of their streams")
    async def parked(_operator: Operator) -> dict[str, Any]:
        return {"parked": await runtime.parked()}

    @router.post("/parked/retry", summary="Apply parked records in order, as far as they can be")
    async def retry(_operator: Operator, name: str | None = None) -> dict[str, Any]:
        return {model: asdict(done) for model, done in (await runtime.retry(name)).items()}

    return router
