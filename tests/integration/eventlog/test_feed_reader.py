"""A gap is filled over HTTP, by the service's own feed, with a token of the platform."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI, Form

from eventlog.credentials import Credential, NotAllowed
from eventlog.errors import LossDetectedError
from eventlog.feed import PLATFORM, feed_router
from eventlog.feed_reader import Access, FeedReader
from eventlog.relay import Relay
from eventlog.service import _add_errors
from tests.integration.eventlog.spine import Running, until


class Tokens:
    """Gives out tokens and knows the last one only."""

    given = 0

    async def verify(self, token: str) -> Credential:
        if token != f"token-{self.given}":
            raise NotAllowed(401, "unauthenticated", "A valid access token is needed.")
        return Credential("machine/reporting", None, PLATFORM, frozenset({"feed-reader"}))


@pytest.fixture
async def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
async def address(spine: Running, tokens: Tokens) -> AsyncIterator[str]:
    app = FastAPI()
    _add_errors(app)
    app.include_router(feed_router(spine.log))
    app.state.verifier = tokens
    app.state.partition_events = Relay(spine.log, spine.kafka, spine.topic).partition_events

    @app.post("/token")
    async def token(client_id: str = Form(), client_secret: str = Form(), organisation: str = Form()) -> dict[str, str]:
        assert (client_id, client_secret, organisation) == ("reporting", "secret", PLATFORM)
        tokens.given += 1
        return {"access_token": f"token-{tokens.given}"}

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await until(started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


async def test_a_feed_gives_what_a_partition_lacks(spine: Running, address: str, tokens: Tokens) -> None:
    relay = spine.relay()
    await spine.record(60)

    async def sent() -> bool:
        return relay.told.sent == 120

    await until(sent)
    there = [r for r in await spine.records() if r.partition == 4]
    reader = FeedReader(
        {"spend": address},
        Access(token_url=f"{address}/token", client_id="reporting", client_secret="secret"),
    )
    found = await reader.fill(spine.topic, 4, 2, 3)
    assert [(r.number, r.index, r.log, r.stream, r.value) for r in found] == [
        (r.number, r.index, r.log, r.stream, r.value) for r in there[1:4]
    ]
    tokens.given += 1  # the token is no longer good: another is asked for
    assert len(await reader.fill(spine.topic, 4, 1, 1)) == 1
    with pytest.raises(LossDetectedError, match="lacks"):
        await reader.fill(spine.topic, 4, len(there) + 1, 1)


async def test_without_a_token_the_feed_gives_nothing(spine: Running, address: str) -> None:
    with pytest.raises(LossDetectedError, match="401"):
        await FeedReader({"spend": address}).fill(spine.topic, 0, 1, 1)
