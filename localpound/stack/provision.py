"""What must be there before a process starts: roles, databases, tables, topics, access lists."""

from collections.abc import Mapping
from urllib.parse import quote

from deploy import create_topics, migrate, roles
from localpound.stack import kafka, postgres
from localpound.stack.home import Home


def role_url(home: Home, role: str, database: str) -> str:
    """The address by which a role reaches a database of this stack."""
    password = quote(home.secret(f"postgres-{role}"))
    return f"postgresql://{role}:{password}@127.0.0.1:{home.port('postgres')}/{database}"


async def databases(home: Home) -> None:
    """Roles, databases and their tables, at head."""
    passwords = {login: home.secret(f"postgres-{login}") for login in roles.LOGINS}
    await roles.create(postgres.superuser_url(home), passwords)
    for database in migrate.DATABASES:
        await migrate.migrate(database, role_url(home, f"{database.name}_migrate", database.name))


def topics(home: Home) -> None:
    """Topics and who may use them."""
    create_topics.create(servers(home), "admin", home.secret("kafka-admin"))


def servers(home: Home) -> str:
    """The broker's address."""
    return f"127.0.0.1:{home.port('kafka')}"


def kafka_user(home: Home, user: str) -> Mapping[str, str]:
    """A user's name and password."""
    assert user in kafka.USERS, user
    return {"username": user, "password": home.secret(f"kafka-{user}")}
