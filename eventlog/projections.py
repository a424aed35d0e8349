"""The read models of one process: kept up to date, built anew beside themselves, and asked how they are."""

import asyncio
import gc
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import asyncpg
from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException

from eventlog import generations
from eventlog.applying import Applier, Fill, Told
from eventlog.codec import Codec
from eventlog.collector import calm_collector
from eventlog.consuming import Consuming, make_broker
from eventlog.errors import LossDetectedError
from eventlog.generations import Rebuilt
from eventlog.kafka import Kafka, Topics
from eventlog.lanes import Lanes
from eventlog.log import get_logger
from eventlog.looking import Look
from eventlog.positions import Generation, Partition
from eventlog.projector import Projection, Reader
from eventlog.retrying import Retried, Retrying, parked_streams
from eventlog.signal import Signal

LOOK_EVERY = 2.0  # seconds between two questions to the broker about its topics
START_SECONDS = 60.0
NEAR = 20_000  # records by which a build may lag behind when its indexes are made

AWAY = (KafkaError, KafkaException, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, LossDetectedError)

logger = get_logger()


class Runtime:
    """Runs every projection of a process; several processes of a group share the partitions."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        kafka: Kafka,
        projections: Sequence[Projection],
        codec: Codec,
        group: str,
        *,
        fill: Fill | None = None,
        reader: str | None = None,
        instance: str | None = None,
    ) -> None:
        self._pool = pool
        self._projections = {projection.name: projection for projection in projections}
        self._codec = codec
        self._group = group
        self._fill = fill
        self._reader = reader
        self._instance = instance or socket.gethostname()
        self._topics = Topics(kafka)
        self._broker = make_broker(kafka)
        self._running: dict[str, Consuming] = {}
        self._look = Look(self._topics)
        self._wake = Signal()
        self._switching = asyncio.Lock()
        self._completing: dict[str, asyncio.Task[Rebuilt]] = {}
        self.last_error: str | None = None

    async def run(self) -> None:
        """Keep all read models up to date, for ever."""
        calm_collector()
        await self._broker.connect()
        try:
            while True:
                seen = self._wake.count
                try:
                    await self._reconcile()
                    self.last_error = None
                except AWAY as error:
                    self.last_error = f"{type(error).__name__}: {error}"[:300]
                    logger.warning("projections_wait", reason=self.last_error)
                gc.collect()  # the collector is calm, and what little is in cycles holds whole batches
                await self._wake.wait(seen, timeout=LOOK_EVERY)
        finally:
            await self._stop()

    async def rebuild(self, name: str) -> Rebuilt:
        """Build a read model anew beside the live one and switch to it. Raises KeyError."""
        async with self._pool.acquire() as conn:
            await generations.begin_rebuild(conn, self._projections[name])
        self._wake.ring()
        return await asyncio.shield(self._completion(name))

    async def parked(self) -> list[dict[str, Any]]:
        """What is set aside in the builds in use, without the records' contents."""
        return await parked_streams(self._pool)

    async def retry(self, name: str | None = None) -> dict[str, Retried]:
        """Apply parked records in order, as far as they can be; all read models, or one."""
        done = {}
        for one in [name] if name else list(self._projections):
            for generation in await self._current(one):
                projection = self._projections[one]
                reader = Reader(self._codec, projection)
                done[generation.schema] = await Retrying(projection, generation, reader, self._fill).run(self._pool)
        return done

    async def digests(self, name: str) -> dict[str, str]:
        """The digest of each table of a read model's live build."""
        live = [g for g in await self._current(name) if g.state == "live"]
        async with self._pool.acquire() as conn:
            return await generations.digests(conn, live[0].schema)

    async def status(self) -> Mapping[str, Any]:
        """Per read model: builds, positions, lag, parked records, last error; ready when all are being kept.

        `lag` is None while the broker has not said lately how much there is: unknown, not nothing.
        """
        rows = await self._pool.fetch(
            "SELECT name, generation, version, state, (SELECT count(*) FROM projection.parked p"
            " WHERE p.name = g.name AND p.generation = g.generation) AS parked,"
            " (SELECT coalesce(json_object_agg(topic || '/' || partition, next_offset), '{}')"
            "  FROM projection.position p WHERE p.name = g.name AND p.generation = g.generation) AS offsets,"
            " (SELECT coalesce(json_object_agg(topic || '/' || partition, relay_number), '{}')"
            "  FROM projection.position p WHERE p.name = g.name AND p.generation = g.generation) AS numbers,"
            " (SELECT max(applied_at) FROM projection.position p"
            "  WHERE p.name = g.name AND p.generation = g.generation) AS applied_at"
            " FROM projection.generation g WHERE state <> 'old' ORDER BY name, state DESC, generation"
        )
        told: dict[str, Any] = {}
        for row in rows:
            one = self._tell(row)
            if row["state"] == "live" or row["name"] not in told:
                told[row["name"]] = one
            else:
                told[row["name"]]["building"] = one
        told["last_error"] = self.last_error
        told["ready"] = {c.applier.generation.name for c in self._running.values()} >= self._projections.keys()
        return told

    def _tell(self, row: Any) -> dict[str, Any]:
        import json

        offsets = json.loads(row["offsets"])
        consuming = self._running.get(f"{row['name']}_{row['generation']}")
        counted = asdict(consuming.applier.told) if consuming else {}
        counted.pop("parked", None)
        counted.pop("applied_at", None)
        projection = self._projections.get(row["name"])
        applied_at = row["applied_at"]
        return {
            "generation": row["generation"],
            "version": row["version"],
            "state": row["state"],
            "running": consuming is not None,
            "positions": json.loads(row["numbers"]),
            "lag": self._look.lag(projection.topics if projection else (), offsets),
            "parked": row["parked"],
            "last_applied_at": applied_at.isoformat() if applied_at else None,
            **counted,
        }

    async def _current(self, name: str) -> list[Generation]:
        async with self._pool.acquire() as conn:
            known = await generations.generations(conn, name)
        return [g for g in known if g.state != "old"]

    async def _reconcile(self) -> None:
        """Run what is to run, stop what is not, and look whether the topics are still the same."""
        names = {topic for projection in self._projections.values() for topic in projection.topics}
        async with self._pool.acquire() as conn:
            for projection in self._projections.values():
                await generations.ensure_generation(conn, projection, self._reader)
            known = await generations.generations(conn)
        await self._look.again(names)
        wanted = {g.schema: g for g in known if self._to_run(g)}
        for schema, consuming in list(self._running.items()):
            name = consuming.applier.generation.name
            if schema not in wanted or consuming.sick or consuming.topic_ids != self._ids(name):
                await self._running.pop(schema).stop()
        lives = {g.name: g for g in wanted.values() if g.state == "live"}
        for schema, generation in wanted.items():
            if schema in self._running and generation.state == "live":
                self._running[schema].applier.lead(generation)
        fresh = [g for schema, g in wanted.items() if schema not in self._running]
        await asyncio.gather(*(self._start(generation, lives.get(generation.name)) for generation in fresh))
        for consuming in self._running.values():
            await consuming.applier.mend()
        await asyncio.gather(*(consuming.commit_for_tools() for consuming in self._running.values()))
        for generation in wanted.values():
            if generation.state == "building":
                self._completion(generation.name)

    def _to_run(self, generation: Generation) -> bool:
        projection = self._projections.get(generation.name)
        return projection is not None and generation.version == projection.version and generation.state != "old"

    def _ids(self, name: str) -> dict[str, str]:
        return {topic: self._look.seen[topic].topic_id for topic in self._projections[name].topics}

    async def _start(self, generation: Generation, live: Generation | None) -> None:
        projection = self._projections[generation.name]
        reader = Reader(self._codec, projection)
        behind = live if generation.state == "building" else None

        def applier(told: Told) -> Applier:
            return Applier(self._pool, projection, generation, reader, self._fill, behind, told)

        lanes = Lanes(generation, projection, applier)
        consuming = Consuming(self._broker, self._pool, lanes, self._ids(generation.name), self._group, self._instance)
        try:
            await asyncio.wait_for(consuming.start(), START_SECONDS)
        except BaseException:
            await consuming.stop()
            raise
        self._running[generation.schema] = consuming

    async def _stop(self) -> None:
        for task in self._completing.values():
            task.cancel()
        await asyncio.gather(*(consuming.stop() for consuming in self._running.values()))
        self._running.clear()
        await self._broker.stop()

    def _completion(self, name: str) -> "asyncio.Task[Rebuilt]":
        """The task that sees a build through to its switch."""
        task = self._completing.get(name)
        if task is None or task.done():
            task = self._completing[name] = asyncio.create_task(self._complete(name))
        return task

    async def _complete(self, name: str) -> Rebuilt:
        finished = False
        while True:
            current = {g.state: g for g in await self._current(name)}
            building, live = current.get("building"), current.get("live")
            if building is None and live is not None:  # another process of the group was quicker, and compared
                return Rebuilt(name, live.generation, None, False, {}, {})
            if building is None:
                raise LossDetectedError(f"no build of {name} is under way")
            comparable = live is not None and self._to_run(live)
            behind = await self._behind(building, live if comparable else None)
            if behind is not None and behind <= NEAR and not finished:
                async with self._pool.acquire() as conn:
                    await generations.finish(conn, self._projections[name], building)
                finished = True
            if finished and behind is not None and (comparable or behind == 0):
                done = await self._switched(building, live, comparable)
                if done is not None:
                    return done
            await asyncio.sleep(0.1)

    async def _switched(self, building: Generation, live: Generation | None, comparable: bool) -> Rebuilt | None:
        try:
            async with self._switching:
                done = await generations.switch(self._pool, building, live, self._reader, comparable=comparable)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            return None
        if done is not None:
            self._wake.ring()
            logger.info("read_model_switched", projection=done.name, generation=done.generation, equal=done.equal)
            async with self._pool.acquire() as conn:
                await generations.drop_old(conn, done.name, keep=done.replaced)
        return done

    async def _behind(self, building: Generation, live: Generation | None) -> int | None:
        """Records that a build lacks; None while it has not begun."""
        async with self._pool.acquire() as conn:
            rows = await conn.fetch(
                "SELECT generation, topic, partition, next_offset, relay_number"
                " FROM projection.position WHERE name = $1",
                building.name,
            )
        mine: dict[Partition, tuple[int, int]] = {
            (r[1], r[2]): (r[3], r[4]) for r in rows if r[0] == building.generation
        }
        if not mine:
            return None
        if live is not None:
            theirs = {(r[1], r[2]): r[4] for r in rows if r[0] == live.generation}
            return sum(int(number) - mine.get(place, (0, 0))[1] for place, number in theirs.items())
        topics = await self._topics.describe(self._projections[building.name].topics)
        ends = {(t.name, p): end for t in topics.values() for p, end in t.ends.items()}
        return sum(max(0, end - mine.get(place, (0, 0))[0]) for place, end in ends.items())
