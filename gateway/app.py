"""What does the gateway consist of? Doors for tokens, accounts and GraphQL, the pages, the log `access`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI

from doors.problems import answer_problems
from eventlog.feed import feed_router
from eventlog.kafka import Kafka
from eventlog.relay import Relay
from eventlog.sequencer import Sequencer
from eventlog.service import Running, build_app, log_status
from eventlog.store import EventLog
from gateway import graphiql, graphql_http, pages
from gateway.account_doors import account_router
from gateway.accounts import Accounts
from gateway.headers import SecurityHeaders
from gateway.settings import GatewaySettings
from gateway.token_door import KeyCheck, token_router
from gateway.tokens import OwnVerifier, Tokens

LOG = "access"
TOPIC = "access.events"
READ_SECONDS = 30
"""A question to the read models that takes longer is given up, in the database too."""


def create_app(settings: GatewaySettings) -> FastAPI:
    """The gateway's application. Raises ValueError when the signing key is none.

    Routers find in `app.state`: `reads` (pool on database reporting), `verifier`, `settings`,
    `accounts`, `tokens`, `key_check`.
    """
    tokens = Tokens.from_file(settings.signing_key_file)

    async def start(app: FastAPI, pool: asyncpg.Pool) -> Running:
        log = EventLog(LOG, pool)
        accounts = Accounts(log)
        app.state.settings = settings
        app.state.accounts = accounts
        app.state.tokens = tokens
        app.state.verifier = OwnVerifier(tokens, accounts)
        app.state.key_check = KeyCheck(accounts)
        running = Running(statuses={"reads": _reads_status(app.state.reads)})
        _carry_log(app, settings, log, running)
        running.routers = [
            token_router(tokens, accounts, app.state.key_check),
            account_router(accounts),
            feed_router(log),
            graphql_http.router,
            graphiql.router,
            pages.router,
        ]
        return running

    app = build_app("gateway", settings, start)
    app.router.lifespan_context = _with_reads(app.router.lifespan_context, settings)
    # FastAPI's own page of documentation fetches its parts from elsewhere; /openapi.json stays
    app.router.routes = [route for route in app.router.routes if not getattr(route, "path", "").startswith("/docs")]
    answer_problems(app)
    pages.install(app)
    app.add_middleware(SecurityHeaders, https=settings.public_url.startswith("https:"))
    return app


def _with_reads(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]], settings: GatewaySettings
) -> Callable[[FastAPI], AbstractAsyncContextManager[Any]]:
    """The application's life, with connections to the read models beside it, made when first needed."""

    @asynccontextmanager
    async def around(app: FastAPI) -> AsyncIterator[Any]:
        pool = asyncpg.create_pool(
            settings.reporting_url.get_secret_value(),
            min_size=0,
            max_size=settings.pool_size,
            command_timeout=READ_SECONDS,
            server_settings={"statement_timeout": f"{READ_SECONDS * 1000}", "application_name": "gateway"},
        )
        async with pool:
            app.state.reads = pool
            async with lifespan(app) as state:
                yield state

    return around


def _carry_log(app: FastAPI, settings: GatewaySettings, log: EventLog, running: Running) -> None:
    kafka = Kafka(
        servers=settings.kafka_servers,
        username=settings.kafka_username,
        password=settings.kafka_password.get_secret_value(),
        protocol=settings.kafka_protocol,
    )
    relay = Relay(log, kafka, TOPIC)
    app.state.partition_events = relay.partition_events
    running.statuses |= {"log": log_status(log), "relay": relay.status}
    if settings.role in {"all", "sequencer"}:
        running.tasks["sequencer"] = Sequencer(log).run
    if settings.role in {"all", "relay"}:
        running.tasks["relay"] = relay.run


def _reads_status(pool: asyncpg.Pool) -> Callable[[], Awaitable[Mapping[str, Any]]]:
    """Do the read models answer? Without them there are no pages and no GraphQL."""

    async def ask() -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(2):
                await pool.fetchval("SELECT 1")
        except (TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            return {"ready": False, "reason": type(error).__name__}
        return {"ready": True, "reason": None}

    return ask
