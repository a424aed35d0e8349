"""The same list of 100 payments served without GraphQL: one SQL statement that returns JSON, plain Starlette."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

LIST = """
    SELECT json_agg(row_to_json(listed))::text FROM (
        SELECT payment_id, paid_on, supplier_name, net_pence, scope, answer, department, purpose
        FROM live.payment WHERE organisation = 'GB-LAE-SLF' AND known_to = 'infinity'
        ORDER BY paid_on DESC, payment_id DESC LIMIT 100
    ) listed
"""


async def listed(request: Request) -> Response:
    """The list as JSON."""
    return Response(await request.app.state.pool.fetchval(LIST), media_type="application/json")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Connections, as many as the gateway has."""
    async with asyncpg.create_pool(os.environ["BARE_URL"], min_size=2, max_size=10) as pool:
        app.state.pool = pool
        yield


if __name__ == "__main__":
    bare = Starlette(routes=[Route("/", listed)], lifespan=lifespan)
    uvicorn.run(bare, host="127.0.0.1", port=int(os.environ["BARE_PORT"]), log_level="warning")
