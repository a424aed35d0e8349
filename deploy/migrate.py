"""Brings databases to head: `python -m deploy.migrate`, a one-shot job before the services start.

Every revision is a numbered file of plain SQL, run by Alembic in one transaction a database: the
kernel's own first, then the service's. `:runtime` in a file stands for the service's role.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

ROOT = Path(__file__).parents[1]
KERNEL = ROOT / "eventlog" / "migrations"
PROJECTION = KERNEL / "projection"


@dataclass(frozen=True, slots=True)
class Database:
    """One database: who owns it, who works in it, and where its revisions lie."""

    name: str
    runtime: str
    folders: tuple[Path, ...]


DATABASES = (
    Database("contracts", "contracts", (KERNEL, ROOT / "services/contracts/migrations")),
    Database("spend", "spend", (KERNEL, PROJECTION, ROOT / "services/spend/migrations")),
    Database("social_value", "social_value", (KERNEL, ROOT / "services/social_value/migrations")),
    Database("reporting", "reporting", (PROJECTION, ROOT / "services/reporting/migrations")),
    Database("access", "gateway", (KERNEL, ROOT / "gateway/migrations")),
)


class SqlFiles(ScriptDirectory):
    """Alembic's revisions, read from plain SQL files in the order of their names."""

    def __init__(self, database: Database) -> None:
        super().__init__(str(KERNEL))
        self.database = database

    def _load_revisions(self) -> Iterator[Script]:
        previous: str | None = None
        for folder in self.database.folders:
            for path in sorted(folder.glob("*.sql")):
                revision = f"{folder.parent.name}.{path.stem[:4]}"
                module = ModuleType(revision)
                module.__doc__ = path.stem
                vars(module).update(
                    revision=revision, down_revision=previous, branch_labels=None, depends_on=None,
                    upgrade=_upgrade(path, self.database.runtime), downgrade=_no_way_back,
                )  # fmt: skip
                yield Script(module, revision, str(path))
                previous = revision


def _upgrade(path: Path, runtime: str) -> object:
    def run() -> None:
        from alembic import op

        sql = path.read_text().replace(":runtime", runtime)
        raw = op.get_bind().connection.dbapi_connection
        raw.run_async(lambda connection: connection.execute(sql))  # type: ignore[union-attr]

    return run


def _no_way_back() -> None:
    raise RuntimeError("revisions go forward only: restore a backup instead")


def _upgrade_to_head(connection: Connection, database: Database) -> None:
    scripts = SqlFiles(database)

    def steps(revision: str, _context: object) -> object:
        return scripts._upgrade_revs("head", revision)

    owner = f"{database.name}_owner"
    with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
        connection.exec_driver_sql(f'SET ROLE "{owner}"')
        environment.configure(connection=connection, version_table="revision", transactional_ddl=True)
        with environment.begin_transaction():
            environment.run_migrations()


async def migrate(database: Database, url: str) -> None:
    """Bring one database to head; nothing happens where it is there already."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7166)")
            await connection.run_sync(_upgrade_to_head, database)
    finally:
        await engine.dispose()


async def main() -> None:
    """Migrate every database whose `…_MIGRATION_URL` is given."""
    urls = {d: os.environ.get(f"{d.name.upper()}_MIGRATION_URL") for d in DATABASES}
    if not any(urls.values()):
        sys.exit("no CONTRACTS_MIGRATION_URL, SPEND_MIGRATION_URL, … is given")
    for database, url in urls.items():
        if url:
            await migrate(database, url)


if __name__ == "__main__":
    asyncio.run(main())
