"""A service's own application in a test: real database and sequencer, callers with known tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from eventlog.credentials import Credential, unauthenticated


class KnownCallers:
    """Stands in for the gateway's keys: a token is a name in this table."""

    def __init__(self, callers: dict[str, Credential]) -> None:
        self._callers = callers

    async def verify(self, token: str) -> Credential:
        """Whom the token stands for."""
        if token not in self._callers:
            raise unauthenticated()
        return self._callers[token]


@asynccontextmanager
async def serving(app: FastAPI, callers: dict[str, Credential]) -> AsyncIterator[httpx.AsyncClient]:
    """The application, started, and a client for its doors."""
    async with app.router.lifespan_context(app):
        app.state.verifier = KnownCallers(callers)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://doors") as client:
            yield client


def bearer(token: str) -> dict[str, str]:
    """The header of a caller's request."""
    return {"Authorization": f"Bearer {token}"}
