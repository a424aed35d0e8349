"""How are the read models, and can one be built anew? Doors for whoever runs the platform."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from doors.problems import BadRequest
from eventlog.credentials import Credential, requires
from eventlog.projections import Runtime

Operator = Annotated[Credential, Depends(requires("operator"))]


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

    @router.get("", summary="Every read model: its build, positions, lag and parked records")
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
