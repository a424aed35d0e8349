"""The log feed: a service's logs, read-only over HTTP, in the C2SP tlog-tiles layout.

`checkpoint` and the hash tiles are open to anyone; entries hold business data and are for an
auditor of that organisation, or for the platform's own machines, which fill gaps from here.
Until checkpoints are signed, `checkpoint` is the body of the note without a signature.
"""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from eventlog.credentials import Credential, NotAllowed, requires
from eventlog.store import EventLog
from eventlog.tlog.tiles import HASH, WIDTH, parse_tile_path
from eventlog.tlog.tree import EMPTY_ROOT

PLATFORM = "localpound"
"""The organisation whose machines carry the platform's own work."""

reader = requires("auditor", "feed-reader")
ENTRIES = "application/octet-stream"


def may_read(credential: Credential, organisation: str) -> bool:
    """An auditor reads its own organisation's log, the platform's machines read all."""
    if credential.organisation == PLATFORM:
        return "feed-reader" in credential.roles
    return credential.organisation == organisation and "auditor" in credential.roles


def origin(organisation: str, service: str) -> str:
    """A log's name, as its checkpoints give it."""
    return f"localpound/{organisation}/{service}"


def bundle(entries: list[bytes]) -> bytes:
    """Entries as a tlog-tiles bundle: each behind its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def feed_router(log: EventLog) -> APIRouter:
    """The doors under /log."""
    router = APIRouter(prefix="/log", tags=["log feed"])
    _add_heads(router, log)
    _add_entries(router, log)
    _add_hashes(router, log)
    return router


def _add_heads(router: APIRouter, log: EventLog) -> None:
    @router.get("", summary="The logs of this service and their sizes")
    async def logs() -> dict[str, list[dict[str, object]]]:
        rows = await log.pool.fetch(
            "SELECT organisation, size, root FROM eventlog.tree JOIN eventlog.log USING (log_id) ORDER BY organisation"
        )
        return {"logs": [{**row, "root": b64encode(row["root"]).decode()} for row in map(dict, rows)]}

    @router.get("/{organisation}/checkpoint", summary="Origin, size and root of a log")
    async def checkpoint(organisation: str) -> PlainTextResponse:
        row = await log.pool.fetchrow(
            "SELECT size, root FROM eventlog.tree JOIN eventlog.log USING (log_id) WHERE organisation = $1",
            organisation,
        )
        size, root = (row["size"], row["root"]) if row else (0, EMPTY_ROOT)
        return PlainTextResponse(f"{origin(organisation, log.service)}\n{size}\n{b64encode(root).decode()}\n")


def _add_entries(router: APIRouter, log: EventLog) -> None:
    @router.get("/{organisation}/tile/entries/{path:path}", summary="Entries, 256 a bundle")
    async def entries(organisation: str, path: str, credential: Annotated[Credential, Depends(reader)]) -> Response:
        if not may_read(credential, organisation):
            raise NotAllowed(403, "forbidden", "This log is another organisation's.")
        number, width = _tile(path)
        found = await log.read(organisation, number * WIDTH, width or WIDTH)
        if len(found) < (width or WIDTH):
            raise HTTPException(404, "that tile is not complete")
        return Response(bundle([entry for _, entry in found]), media_type=ENTRIES)

    @router.get("/partitions/{partition}", summary="Records of one Kafka partition, for filling gaps")
    async def partition(
        partition: int,
        first: int,
        count: int,
        credential: Annotated[Credential, Depends(reader)],
        request: Request,
    ) -> dict[str, object]:
        if credential.organisation != PLATFORM:
            raise NotAllowed(403, "forbidden", "Only the platform's machines fill gaps.")
        found = await request.app.state.partition_events(partition, first, min(count, 1_000))
        return {"records": found}


def _add_hashes(router: APIRouter, log: EventLog) -> None:
    @router.get("/{organisation}/tile/{level}/{path:path}", summary="Hashes, 256 a tile")
    async def tile(organisation: str, level: int, path: str) -> Response:
        number, width = _tile(path)
        hashes = await log.pool.fetchval(
            "SELECT hashes FROM eventlog.tile JOIN eventlog.log USING (log_id)"
            " WHERE organisation = $1 AND level = $2 AND number = $3",
            organisation,
            level,
            number,
        )
        wanted = (width or WIDTH) * HASH
        if hashes is None or len(hashes) < wanted:
            raise HTTPException(404, "that tile is not complete")
        return Response(hashes[:wanted], media_type=ENTRIES)


def _tile(path: str) -> tuple[int, int | None]:
    try:
        return parse_tile_path(path)
    except ValueError:
        raise HTTPException(404, "no tile has that name") from None
