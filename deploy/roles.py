"""Makes the databases and roles: one database a service, owned by a role that nobody logs in as.

`python -m deploy.roles` reads POSTGRES_URL (a superuser's) and, for every login role, its password
from `<ROLE>_PASSWORD`, as SPEND_PASSWORD and SPEND_MIGRATE_PASSWORD. What is there stays; passwords
are set anew each time.
"""

import asyncio
import os
from collections.abc import Mapping

import asyncpg

RUNTIME = {
    "contracts": "contracts",
    "spend": "spend",
    "social_value": "social_value",
    "reporting": "reporting",
    "access": "gateway",
}
"""Database → the role that works in it."""

READER = "gateway_reader"
LOGINS = (*RUNTIME.values(), *(f"{database}_migrate" for database in RUNTIME), READER)


async def create(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """Every role and database. `passwords` has one for each of LOGINS."""
    conn = await asyncpg.connect(superuser_url)
    try:
        for database in RUNTIME:
            await _role(conn, f"{database}_owner", "NOLOGIN")
        for login in LOGINS:
            await _role(conn, login, "LOGIN", passwords[login])
        for database, runtime in RUNTIME.items():
            await _database(conn, database, runtime)
        await conn.execute(f'GRANT CONNECT ON DATABASE reporting TO "{READER}"')
        await conn.execute("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")
    finally:
        await conn.close()


async def _role(conn: asyncpg.Connection, name: str, kind: str, password: str | None = None) -> None:
    if not await conn.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
        await conn.execute(f'CREATE ROLE "{name}"')
    secret = f" PASSWORD '{password}'" if password else ""
    await conn.execute(f'ALTER ROLE "{name}" {kind} NOSUPERUSER NOCREATEDB NOCREATEROLE{secret}')


async def _database(conn: asyncpg.Connection, database: str, runtime: str) -> None:
    owner, migrate = f"{database}_owner", f"{database}_migrate"
    await conn.execute(f'GRANT "{owner}" TO "{migrate}"')
    if not await conn.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
        await conn.execute(f'CREATE DATABASE "{database}" OWNER "{owner}"')
    await conn.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await conn.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{runtime}", "{migrate}"')


if __name__ == "__main__":
    asyncio.run(
        create(
            os.environ["POSTGRES_URL"],
            {login: os.environ[f"{login.upper()}_PASSWORD"] for login in LOGINS},
        )
    )
