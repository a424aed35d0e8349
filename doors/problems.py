"""How does a door say no? One exception, one form: code, message, field, remedy."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from eventlog.errors import Refused
from eventlog.service import problem


class BadRequest(Exception):
    """What was sent cannot be taken; nothing was written."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        line: int | None = None,
        field: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.line = line
        self.field = field
        self.remedy = remedy


def answer_problems(app: FastAPI) -> None:
    """Let an application answer BadRequest, and name a refusal's field; called before it starts."""

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        field = getattr(error, "field", None)
        return problem(422, error.code, str(error), field=field, remedy=error.remedy)

    @app.exception_handler(HTTPException)
    async def no_such_door(_request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not-found", 405: "wrong-method"}.get(error.status_code, "refused")
        return problem(error.status_code, code, str(error.detail))

    @app.exception_handler(BadRequest)
    async def bad_request(_request: Request, error: BadRequest) -> JSONResponse:
        return problem(error.status, error.code, error.message, line=error.line, field=error.field, remedy=error.remedy)
