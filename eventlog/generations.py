"""Which build of a read model is in use? Made beside the live one, compared, switched at once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from eventlog.bulk_append import Connection
from eventlog.digest import digest
from eventlog.positions import Generation, numbers_of
from eventlog.projector import FinishedLater, Projection

LIVE = "live"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to: digests of both builds, table by table, at equal positions."""

    name: str
    generation: int
    replaced: int | None
    comparable: bool
    """Whether both stood at equal positions: not so when the old one no longer runs, nor known here when another
    process of the group made the switch."""
    digests: Mapping[str, str]
    replaced_digests: Mapping[str, str]

    @property
    def equal(self) -> bool:
        """Whether the new build holds what the old one held."""
        return self.comparable and self.digests == self.replaced_digests


async def generations(conn: Connection, name: str | None = None) -> list[Generation]:
    """Every build that is known, the newest last."""
    rows = await conn.fetch(
        "SELECT name, generation, version, state FROM projection.generation"
        " WHERE $1::text IS NULL OR name = $1 ORDER BY name, generation",
        name,
    )
    return [Generation(*row) for row in rows]


async def ensure_generation(conn: Connection, projection: Projection, reader: str | None) -> None:
    """See to it that the read model has a build of this version, live or on its way."""
    async with conn.transaction():
        await _alone(conn, projection.name)
        known = await generations(conn, projection.name)
        wanted = [g for g in known if g.version == projection.version and g.state != "old"]
        if wanted:
            return
        await _retire_building(conn, projection.name)
        if await _resume(conn, projection):
            return
        state = "building" if any(g.state == "live" for g in known) else "live"
        made = await _make(conn, projection, known, state)
        if state == "live":
            await finish(conn, projection, made)
            await show(conn, made, reader)


async def _resume(conn: Connection, projection: Projection) -> bool:
    """Going back to an earlier version: the build kept of it goes on, and takes over once it has caught up."""
    resumed = await conn.fetchval(
        "UPDATE projection.generation SET state = 'building' WHERE name = $1 AND generation ="
        " (SELECT max(generation) FROM projection.generation WHERE name = $1 AND version = $2 AND state = 'old')"
        " RETURNING generation",
        projection.name,
        projection.version,
    )
    return resumed is not None


async def begin_rebuild(conn: Connection, projection: Projection) -> Generation:
    """A build beside the live one; the one that is under way, if there is one."""
    async with conn.transaction():
        await _alone(conn, projection.name)
        known = await generations(conn, projection.name)
        building = [g for g in known if g.state == "building"]
        if building:
            return building[0]
        return await _make(conn, projection, known, "building")


async def _alone(conn: Connection, name: str) -> None:
    await conn.execute("SELECT pg_advisory_xact_lock(7166003, hashtext($1))", name)


async def _retire_building(conn: Connection, name: str) -> None:
    await conn.execute("UPDATE projection.generation SET state = 'old' WHERE name = $1 AND state = 'building'", name)


async def _make(conn: Connection, projection: Projection, known: list[Generation], state: str) -> Generation:
    number = max((g.generation for g in known), default=0) + 1
    made = Generation(projection.name, number, projection.version, state)
    await conn.execute(
        "INSERT INTO projection.generation (name, generation, version, state) VALUES ($1, $2, $3, $4)",
        made.name,
        made.generation,
        made.version,
        state,
    )
    await conn.execute(f'CREATE SCHEMA IF NOT EXISTS "{made.schema}"')
    await projection.create(conn, made.schema)
    return made


async def finish(conn: Connection, projection: Projection, generation: Generation) -> None:
    """Make what only readers need; one process at a time, for two that make an index of one name both fail."""
    if isinstance(projection, FinishedLater):
        async with conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock(7166004, hashtext($1))", generation.schema)
            await projection.finish(conn, generation.schema)


async def tables(conn: Connection, schema: str) -> list[str]:
    """The tables of a build."""
    rows = await conn.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND relname NOT LIKE '\\_%' ORDER BY 1",
        f'"{schema}"',
    )
    return [row[0] for row in rows]


async def show(conn: Connection, generation: Generation, reader: str | None) -> None:
    """Let the views in `live` show this build."""
    await conn.execute(f"CREATE SCHEMA IF NOT EXISTS {LIVE}")
    for table in await tables(conn, generation.schema):
        view, select = f'{LIVE}."{table}"', f'SELECT * FROM "{generation.schema}"."{table}"'  # noqa: S608
        try:
            async with conn.transaction():
                await conn.execute(f"CREATE OR REPLACE VIEW {view} AS {select}")
        except (asyncpg.InvalidTableDefinitionError, asyncpg.DatatypeMismatchError):  # other columns now
            await conn.execute(f"DROP VIEW {view}")
            await conn.execute(f"CREATE VIEW {view} AS {select}")
        if reader is not None:
            await conn.execute(f'GRANT SELECT ON {view} TO "{reader}"')
    if reader is not None:
        await conn.execute(f'GRANT USAGE ON SCHEMA {LIVE} TO "{reader}"')


async def switch(
    pool: asyncpg.Pool,
    building: Generation,
    live: Generation | None,
    reader: str | None,
    *,
    comparable: bool,
) -> Rebuilt | None:
    """Replace the live build, if the new one has reached it; None when it has not (yet).

    Holding the live build's positions keeps it where it is until the new one stands there too.
    Readers see the old rows or the new ones. The digests are taken from a snapshot of that moment,
    after the switch, so that nothing waits for them.
    """
    async with (
        pool.acquire() as conn,
        pool.acquire() as beside,
        beside.transaction(isolation="repeatable_read", readonly=True),
    ):
        async with conn.transaction():
            await conn.execute("SET LOCAL lock_timeout = '5s'")
            await _alone(conn, building.name)
            if building not in await generations(conn, building.name):  # another process made the switch
                return None
            if live is not None and comparable and not await _level(conn, building, live):
                return None
            snapshot = await beside.fetchval("SELECT pg_export_snapshot()")
            await show(conn, building, reader)
            await _flip(conn, building)
        mine, theirs = await asyncio.gather(
            digests(beside, building.schema), _digests_as_of(pool, snapshot, live.schema if live else None)
        )
        return Rebuilt(
            building.name,
            building.generation,
            live.generation if live else None,
            comparable and live is not None,
            mine,
            theirs,
        )


async def _digests_as_of(pool: asyncpg.Pool, snapshot: str, schema: str | None) -> dict[str, str]:
    if schema is None:
        return {}
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        await conn.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        return await digests(conn, schema)


async def _level(conn: Connection, building: Generation, live: Generation) -> bool:
    await _hold(conn, live)
    wanted = await numbers_of(conn, live)
    for _ in range(100):
        reached = await numbers_of(conn, building)
        if all(reached.get(partition, 0) == number for partition, number in wanted.items()):
            await _hold(conn, building)
            return True
        await asyncio.sleep(0.05)
    return False


async def _hold(conn: Connection, generation: Generation) -> None:
    await conn.execute(
        "SELECT FROM projection.position WHERE name = $1 AND generation = $2 ORDER BY topic, partition FOR UPDATE",
        generation.name,
        generation.generation,
    )


async def _flip(conn: Connection, building: Generation) -> None:
    await conn.execute(
        "UPDATE projection.generation SET state = 'old' WHERE name = $1 AND state = 'live'", building.name
    )
    await conn.execute(
        "UPDATE projection.generation SET state = 'live', switched_at = clock_timestamp()"
        " WHERE name = $1 AND generation = $2",
        building.name,
        building.generation,
    )


async def digests(conn: Connection, schema: str) -> dict[str, str]:
    """The digest of each table of a build."""
    return {table: await digest(conn, f'"{schema}"."{table}"') for table in await tables(conn, schema)}


async def drop_old(conn: Connection, name: str, keep: int | None) -> None:
    """Forget builds that are no longer used, but for the one kept to go back to."""
    for generation in await generations(conn, name):
        if generation.state == "old" and generation.generation != keep:
            async with conn.transaction():
                await conn.execute(f'DROP SCHEMA IF EXISTS "{generation.schema}" CASCADE')
                for table in ("position", "parked", "generation"):
                    await conn.execute(
                        f"DELETE FROM projection.{table} WHERE name = $1 AND generation = $2",  # noqa: S608
                        name,
                        generation.generation,
                    )
