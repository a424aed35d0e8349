"""What each process of the platform is told, on one machine as in containers: addresses, passwords, keys."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from deploy.roles import READER, RUNTIME

DATABASES = {runtime: database for database, runtime in RUNTIME.items()}
"""Process → its database; roles that work in a database are named after the process."""

SERVICES = ("contracts", "spend", "social_value", "reporting")
PROCESSES = ("gateway", *SERVICES)
FEEDS = {"spend": ("contracts",), "reporting": ("contracts", "spend", "social_value", "access")}

MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""What a batch took goes back to the machine: with an arena a thread, reporting kept 40 MB more than it used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where everything is."""

    postgres: str
    """host:port"""
    kafka: str
    """host:port"""
    kafka_passwords: bool
    url: Callable[[str], str]
    """A process's doors, by its name."""
    listen: Callable[[str], tuple[str, int]]
    """Host and port on which a process opens its doors."""
    secret: Callable[[str], str]
    """A password by its name; drawn once and kept."""
    signing_key_file: str

    def database_url(self, role: str, database: str) -> str:
        """The address by which a role reaches a database."""
        return f"postgresql://{role}:{quote(self.secret(f'postgres-{role}'))}@{self.postgres}/{database}"

    def feed(self, log: str) -> str:
        """The doors of the process that keeps a log; `access` is the gateway's."""
        return self.url("gateway" if log == "access" else log)


def environment(platform: Platform, process: str) -> Mapping[str, str]:
    """One process's settings, as environment variables with its own prefix."""
    host, port = platform.listen(process)
    own = {
        "DATABASE_URL": platform.database_url(process, DATABASES[process]),
        "KAFKA_SERVERS": platform.kafka,
        "KAFKA_PROTOCOL": "SASL_PLAINTEXT" if platform.kafka_passwords else "PLAINTEXT",
        "HTTP_HOST": host,
        "HTTP_PORT": str(port),
        "TOKEN_KEYS_URL": f"{platform.url('gateway')}/.well-known/jwks.json",
        "TOKEN_URL": f"{platform.url('gateway')}/token",
    }
    if platform.kafka_passwords:
        own |= {"KAFKA_USERNAME": process, "KAFKA_PASSWORD": platform.secret(f"kafka-{process}")}
    if process in FEEDS:
        own["FEEDS"] = json.dumps({feed: platform.feed(feed) for feed in FEEDS[process]})
        own |= {"CLIENT_ID": process, "CLIENT_SECRET": platform.secret(f"account-{process}")}
    if process == "gateway":
        own["REPORTING_URL"] = platform.database_url(READER, "reporting")
        own["DOORS"] = json.dumps({service: platform.url(service) for service in SERVICES})
        own["SIGNING_KEY_FILE"] = platform.signing_key_file
        own["PUBLIC_URL"] = platform.url("gateway")
    return {**MEMORY, **{f"{process.upper()}_{name}": value for name, value in own.items()}}
