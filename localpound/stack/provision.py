"""What must be there before a process starts: roles, databases, tables, topics, access lists."""

from urllib.parse import quote

import asyncpg
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from localpound.stack import given, postgres
from localpound.stack.home import Home


def role_url(home: Home, role: str, database: str) -> str:
    """The address by which a role reaches a database of this stack."""
    password = quote(home.secret(f"postgres-{role}"))
    return f"postgresql://{role}:{password}@{postgres.server(home)}/{database}"


@retry(
    retry=retry_if_exception_type((asyncpg.CannotConnectNowError, ConnectionError)),
    stop=stop_after_delay(60),
    wait=wait_fixed(0.1),
)
async def answering(home: Home) -> None:
    """Return once PostgreSQL answers questions: after a crash it listens before it has recovered."""
    conn = await asyncpg.connect(postgres.superuser_url(home))
    await conn.close()


async def databases(home: Home) -> None:
    """Roles, databases and their tables, at head."""
    from deploy import migrate, roles

    await answering(home)
    passwords = {login: home.secret(f"postgres-{login}") for login in roles.LOGINS}
    await roles.create(postgres.superuser_url(home), passwords)
    for database in migrate.DATABASES:
        await migrate.migrate(database, role_url(home, f"{database.name}_migrate", database.name))


def topics(home: Home) -> None:
    """Topics and who may use them."""
    from deploy import create_topics

    there = given.broker()
    if there is None:
        admin = home.secret("kafka-admin")
        later = {"integration": home.secret("kafka-integration")}  # a broker that was made before has no such user
        create_topics.create_users(servers(home), "admin", admin, "SASL_PLAINTEXT", later)
        create_topics.create(servers(home), "admin", admin)
        return
    if there.username:
        users = {user: home.secret(f"kafka-{user}") for user in create_topics.USERS}
        create_topics.create_users(there.servers, there.username, there.password, there.protocol, users)
    create_topics.create(there.servers, there.username, there.password, there.protocol)


def servers(home: Home) -> str:
    """The broker's address."""
    there = given.broker()
    return there.servers if there else f"127.0.0.1:{home.port('kafka')}"
