"""Events from a service's own database, in one snapshot."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

import asyncpg

from localpound.verify.entry import examine
from localpound.verify.findings import Finding, contradiction, unread
from localpound.verify.log_check import Head, Placed

BATCH = 2_000

HEADS = """
    SELECT organisation, log_id, coalesce(size, 0) AS size, root
    FROM eventlog.log LEFT JOIN eventlog.tree USING (log_id) ORDER BY organisation
"""
EVENTS = """
    SELECT r.first_index + e.ordinal, e.stream, e.version, e.envelope
    FROM eventlog.run r JOIN eventlog.event e USING (append_id)
    WHERE r.log_id = $1 AND r.first_index > $2 AND r.first_index <= $3
    ORDER BY 1
"""
NEXT_RUNS = """
    SELECT max(first_index) FROM (
        SELECT first_index, sum(events) OVER (ORDER BY first_index) - events AS before
        FROM eventlog.run WHERE log_id = $1 AND first_index > $2 ORDER BY first_index LIMIT $3
    ) next WHERE before < $3
"""
TILES = "SELECT level, number, hashes FROM eventlog.tile WHERE log_id = $1 ORDER BY level, number"
NUMBERS = """
    SELECT count(*) AS runs, coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last,
        (SELECT next_seq FROM eventlog.head) AS next_seq
    FROM eventlog.run
"""
ASTRAY = """
    SELECT count(*) FROM eventlog.event e
    WHERE NOT EXISTS (SELECT FROM eventlog.run r WHERE r.append_id = e.append_id)
        AND NOT EXISTS (SELECT FROM eventlog.pending p WHERE p.append_id = e.append_id)
"""
MISFILED = """
    SELECT count(*) FROM eventlog.event e JOIN eventlog.run r USING (append_id)
    WHERE e.log_id <> r.log_id
"""
WAITING = "SELECT count(*) FROM eventlog.pending"


class PostgresSource:
    """A service's database, read in one repeatable-read transaction that can change nothing."""

    may_lag = False

    def __init__(self, service: str, url: str) -> None:
        self.name = f"PostgreSQL, {service}"
        self._service = service
        self._url = url
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection | None = None
        self._log_ids: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._connection = self._runner.run(self._open())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._runner.run(self._connection.close(timeout=5))
        self._runner.close()

    async def _open(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(self._url, timeout=10)
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return connection

    def heads(self) -> Sequence[Head]:
        """The logs, each with the size and root that the sequencer wrote down."""
        rows = self._fetch(HEADS)
        self._log_ids = {row["organisation"]: row["log_id"] for row in rows}
        return [Head(row["organisation"], self._service, row["size"], row["root"]) for row in rows]

    def events(self, head: Head) -> Iterator[Placed]:
        """The log's events in log order, with the stream and version that are kept beside them."""
        log_id, after = self._log_ids[head.organisation], -1
        while (upto := self._fetch(NEXT_RUNS, log_id, after, BATCH)[0][0]) is not None:
            for index, stream, version, envelope in self._fetch(EVENTS, log_id, after, upto):
                yield Placed(index, examine(envelope), stream, version)
            after = upto

    def tiles(self, head: Head) -> Iterable[tuple[int, int, bytes]] | None:
        """Every tile that the sequencer wrote."""
        return [tuple(row) for row in self._fetch(TILES, self._log_ids[head.organisation])]

    def findings(self) -> Sequence[Finding]:
        """Whether every event is in exactly one log, and every append had its turn."""
        found = []
        numbers = self._fetch(NUMBERS)[0]
        if (numbers["first"], numbers["last"]) != (1, numbers["runs"]):
            found.append(contradiction(self._service, "the numbers of the appends have gaps"))
        if numbers["next_seq"] != numbers["last"] + 1:
            found.append(contradiction(self._service, "the next append's number does not follow the last"))
        for sql, what in (
            (ASTRAY, "{:,} events are in no log and wait for none"),
            (MISFILED, "{:,} events lie in a log that is not theirs"),
        ):
            if count := self._fetch(sql)[0][0]:
                found.append(contradiction(self._service, what.format(count)))
        if waiting := self._fetch(WAITING)[0][0]:
            found.append(unread(self._service, f"{waiting:,} appends still wait for their places"))
        return found

    def _fetch(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        if self._connection is None:
            raise RuntimeError("use the source in a with statement")
        return list(self._runner.run(self._connection.fetch(sql, *arguments)))
