"""Once, before the processes start: `python -m deploy.prepare` makes everything that they find there.

Roles, databases and tables in PostgreSQL (POSTGRES_URL, a superuser's), topics in Kafka
(KAFKA_SERVERS), a signing key, the accounts, and for every process a file of settings under
/run/localpound that its container reads. Passwords are drawn once and kept there. Safe to run again.
"""

import asyncio
import json
import os
import secrets
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

from joserfc.jwk import OKPKey

from deploy import accounts, create_topics, migrate, roles
from deploy.processes import PROCESSES, Platform, environment

FOLDER = Path(os.environ.get("LOCALPOUND_SECRETS", "/run/localpound"))
PORT = 8000


def secret(name: str) -> str:
    """A password: drawn once and kept; the officer's may be given as OFFICER_KEY."""
    if name == "account-officer" and (given := os.environ.get("OFFICER_KEY")):
        return given
    path = FOLDER / "drawn" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def platform() -> Platform:
    """Where everything is, seen from inside the containers' network."""
    server = urlparse(os.environ["POSTGRES_URL"])
    return Platform(
        postgres=f"{server.hostname}:{server.port or 5432}",
        kafka=os.environ["KAFKA_SERVERS"],
        kafka_passwords=False,
        url=lambda process: f"http://{process}:{PORT}",
        listen=lambda _process: ("0.0.0.0", PORT),  # noqa: S104 - inside a container
        secret=secret,
        signing_key_file=str(FOLDER / "signing-key.json"),
    )


async def databases(place: Platform) -> None:
    """Roles, databases and tables."""
    passwords = {login: secret(f"postgres-{login}") for login in roles.LOGINS}
    await roles.create(os.environ["POSTGRES_URL"], passwords)
    for database in migrate.DATABASES:
        await migrate.migrate(database, place.database_url(f"{database.name}_migrate", database.name))


def main() -> None:
    """Prepare everything; the last step is the accounts, through the gateway's own code."""
    place = platform()
    asyncio.run(databases(place))
    create_topics.create(place.kafka)
    key = FOLDER / "signing-key.json"
    if not key.exists():
        key.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    for process in PROCESSES:
        told = environment(place, process)
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in told.items())
        (FOLDER / f"{process}.env").write_text(lines)
    (FOLDER / "accounts.json").write_text(accounts.document(secret))
    command = [sys.executable, "-m", "gateway.bootstrap", "--accounts", str(FOLDER / "accounts.json")]
    subprocess.run(command, env={**os.environ, **environment(place, "gateway")}, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
