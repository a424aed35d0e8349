"""A real PostgreSQL and Kafka for tests: `with servers(home) as running: …`."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from localpound.stack import children, kafka, postgres, provision
from localpound.stack.children import Child
from localpound.stack.home import Home


@dataclass(frozen=True, slots=True)
class Servers:
    """Addresses and passwords of a running pair."""

    home: Home
    kafka: Child
    postgres: Child

    def url(self, role: str, database: str) -> str:
        """PostgreSQL's address for a role, as `url("spend", "spend")`."""
        return provision.role_url(self.home, role, database)

    def superuser_url(self, database: str = "postgres") -> str:
        """PostgreSQL's address for the stack itself."""
        return postgres.superuser_url(self.home, database)

    @property
    def kafka_servers(self) -> str:
        """The broker's address."""
        return provision.servers(self.home)

    def kafka_password(self, user: str) -> str:
        """A Kafka user's password: admin, contracts, spend, social_value, reporting, gateway, integration."""
        return self.home.secret(f"kafka-{user}")


@contextmanager
def servers(root: Path, *, with_kafka: bool = True) -> Iterator[Servers]:
    """Start both with every role, database and topic there; stop them at the end."""
    home = Home(root).made()
    children.stop(children.found(home))
    database = Child("postgres", [], {})
    broker = Child("kafka", [], {})
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda prepare: prepare(home), [postgres.prepare, kafka.prepare][: 1 + with_kafka]))
        _start(home, database, postgres.command(home))
        if with_kafka:
            _start(home, broker, kafka.command(home))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda ready: ready(home, database, broker), [_databases, _topics][: 1 + with_kafka]))
        yield Servers(home, broker, database)
    finally:
        children.stop(
            {
                child.name: psutil.Process(child.process.pid)
                for child in (database, broker)
                if child.process is not None and child.alive()
            }
        )


def _start(home: Home, child: Child, command: list[str]) -> None:
    child.command = command
    child.start(home)


def _databases(home: Home, database: Child, _broker: Child) -> None:
    children.wait_for_port(database, home, home.port("postgres"))
    asyncio.run(provision.databases(home))


def _topics(home: Home, _database: Child, broker: Child) -> None:
    children.wait_for_port(broker, home, home.port("kafka"))
    provision.topics(home)
