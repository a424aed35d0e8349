"""What every process has around its own doors: probes, metrics, errors, tasks that must not die."""

import asyncio
import contextlib
import gc
import math
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import generate_latest
from starlette.exceptions import HTTPException
from tenacity import RetryCallState, retry, retry_if_exception_type, stop_after_delay, wait_exponential

from eventlog import metrics
from eventlog.credentials import NotAllowed, TokenVerifier
from eventlog.errors import EventLogError, Refused
from eventlog.log import configure_logging, get_logger
from eventlog.settings import ServiceSettings
from eventlog.store import EventLog

DATABASE_PATIENCE = 60  # seconds that a process waits for its database when it starts

logger = get_logger()

Status = Mapping[str, Any]


@dataclass(slots=True)
class Running:
    """What a process runs beside its doors, and how it tells of itself."""

    tasks: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    statuses: dict[str, Callable[[], Awaitable[Status]]] = field(default_factory=dict)
    routers: Sequence[APIRouter] = ()
    alive: dict[str, asyncio.Task[None]] = field(default_factory=dict)


Start = Callable[[FastAPI, asyncpg.Pool], Awaitable[Running]]


def build_app(service: str, settings: ServiceSettings, start: Start) -> FastAPI:
    """A process's application; `start` makes its tasks and doors once the database answers."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        async with await _connected(url, settings.pool_size) as pool:
            app.state.pool = pool
            app.state.verifier = TokenVerifier(settings.token_keys_url)
            running = await open_doors(app, pool)
            for name, run in running.tasks.items():
                running.alive[name] = asyncio.create_task(_watched(name, run))
            logger.info("started", tasks=sorted(running.alive))
            try:
                yield
            finally:
                await _stop(running.alive.values())

    app = FastAPI(
        title=f"localpound {service}",
        version="1",
        lifespan=lifespan,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service
    app.state.start = start
    _add_errors(app)
    _add_probes(app)
    return app


async def open_doors(app: FastAPI, pool: asyncpg.Pool) -> Running:
    """Make what a process runs, and put its doors into the application; nothing is asked of the pool yet."""
    running: Running = await app.state.start(app, pool)
    app.state.running = running
    for router in running.routers:
        app.include_router(router)
    return running


def _say_why(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    logger.warning("waits_for_database", reason=type(error).__name__)


PLANNING = {"plan_cache_mode": "force_custom_plan"}
"""A table grows from nothing while it is read: a plan that was kept from then reads all of it for every key."""


@retry(
    retry=retry_if_exception_type((asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, OSError)),
    wait=wait_exponential(multiplier=0.1, max=1),
    stop=stop_after_delay(DATABASE_PATIENCE),
    before_sleep=_say_why,
    reraise=True,
)
async def _connected(url: str, size: int) -> asyncpg.Pool:
    """Connections to the process's database, as soon as it answers: a database that starts later is no failure."""
    return await asyncpg.create_pool(url, min_size=2, max_size=size, server_settings=PLANNING)


async def _watched(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """A task that ends takes the process with it: whoever supervises starts it afresh."""
    try:
        await run()
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        logger.exception("task_failed", task=name, reason=repr(error))
        os.kill(os.getpid(), signal.SIGTERM)
        raise


async def _stop(tasks: Sequence[asyncio.Task[None]] | Any) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def problem(
    status: int,
    code: str,
    message: str,
    *,
    line: int | None = None,
    field: str | None = None,
    remedy: str | None = None,
) -> JSONResponse:
    """An error as every door words it."""
    error = {"code": code, "message": message, "line": line, "field": field, "remedy": remedy}
    return JSONResponse({"error": {name: value for name, value in error.items() if value}}, status_code=status)


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        return problem(422, error.code, str(error), remedy=error.remedy)

    @app.exception_handler(NotAllowed)
    async def not_allowed(_request: Request, error: NotAllowed) -> JSONResponse:
        return problem(error.status, error.code, str(error))

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, "not-found" if error.status_code == 404 else "refused", str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def not_valid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return problem(422, "not-valid", first["msg"], field=where)

    @app.exception_handler(EventLogError)
    async def conflict(_request: Request, error: EventLogError) -> JSONResponse:
        return problem(409, "conflict", str(error), remedy="Send the request again.")

    @app.exception_handler(asyncpg.PostgresConnectionError)
    @app.exception_handler(ConnectionError)
    async def away(_request: Request, _error: Exception) -> JSONResponse:
        answer = problem(503, "unavailable", "The database is away.", remedy="Try again shortly.")
        answer.headers["Retry-After"] = "5"
        return answer


def _add_probes(app: FastAPI) -> None:
    @app.get("/live", include_in_schema=False)
    async def live() -> JSONResponse:
        dead = [name for name, task in app.state.running.alive.items() if task.done()]
        return JSONResponse({"live": not dead, "dead": dead}, status_code=503 if dead else 200)

    @app.get("/ready", include_in_schema=False)
    async def ready() -> JSONResponse:
        problems = [name for name, task in app.state.running.alive.items() if task.done()]
        try:
            async with asyncio.timeout(2):
                await app.state.pool.fetchval("SELECT 1")
        except (TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            problems.append("database")
        for name, status in app.state.running.statuses.items():
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                if (await status()).get("ready") is False:
                    problems.append(name)
        return JSONResponse({"ready": not problems, "waiting_for": problems}, status_code=503 if problems else 200)

    @app.get("/status", include_in_schema=False)
    async def status() -> dict[str, Any]:
        running: Running = app.state.running
        parts = {name: await ask() for name, ask in running.statuses.items()}
        return {"service": app.state.service, **parts}

    @app.get("/metrics", include_in_schema=False)
    async def measured() -> Response:
        for name, ask in app.state.running.statuses.items():
            _measure(name, await ask())
        return Response(generate_latest(metrics.registry), media_type="text/plain; version=0.0.4")


def _measure(name: str, status: Status) -> None:
    if name == "log":
        metrics.backlog.set(status["backlog"])
        metrics.oldest_pending.set(status["oldest_pending_seconds"])
        for organisation, size in status["sizes"].items():
            metrics.log_size.labels(organisation).set(size)
    elif name == "relay":
        metrics.relay_behind.set(status.get("backlog") or 0)
    elif name == "projections":
        for projection, told in status.items():
            if isinstance(told, Mapping):
                lag = told.get("lag")
                metrics.lag.labels(projection).set(math.nan if lag is None else sum(lag.values()))
                metrics.parked.labels(projection).set(told.get("parked") or 0)


def log_status(log: EventLog) -> Callable[[], Awaitable[Status]]:
    """How a log tells of itself: sizes, roots and what waits for the sequencer."""

    async def ask() -> Status:
        waiting = await log.pool.fetchrow(
            "SELECT count(*) AS backlog,"
            " coalesce(extract(epoch FROM clock_timestamp() - min(noted_at)), 0)::float8 AS age"
            " FROM eventlog.pending"
        )
        assert waiting is not None, "an aggregate without groups is always one row"
        rows = await log.pool.fetch("SELECT organisation, size FROM eventlog.tree JOIN eventlog.log USING (log_id)")
        return {
            "backlog": waiting["backlog"],
            "oldest_pending_seconds": waiting["age"],
            "sizes": {row["organisation"]: row["size"] for row in rows},
            "ready": waiting["age"] < 30,
        }

    return ask


def spare_the_collector() -> None:
    """Look for reference cycles seldom: batches of thousands of living objects are no reason to."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Run until told to stop; requests under way are answered first."""
    spare_the_collector()
    configure_logging(app.state.service, settings.log_level)
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=8,
    )
