"""Servers that are there already: named by the environment, used instead of embedded ones.

LOCALPOUND_POSTGRES_URL is a superuser's address; LOCALPOUND_KAFKA_SERVERS the broker's, with
LOCALPOUND_KAFKA_USERNAME and LOCALPOUND_KAFKA_PASSWORD of a user who may make users, topics and
access lists where the broker asks for passwords (SCRAM-SHA-512).
"""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Broker:
    """A Kafka that somebody else runs."""

    servers: str
    username: str
    password: str
    protocol: str


def postgres_url() -> str | None:
    """The superuser's address of a PostgreSQL that somebody else runs."""
    return os.environ.get("LOCALPOUND_POSTGRES_URL") or None


def postgres_server() -> str | None:
    """Its host and port."""
    url = postgres_url()
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}"


def broker() -> Broker | None:
    """The broker that the environment names."""
    servers = os.environ.get("LOCALPOUND_KAFKA_SERVERS")
    if not servers:
        return None
    username = os.environ.get("LOCALPOUND_KAFKA_USERNAME", "")
    return Broker(
        servers,
        username,
        os.environ.get("LOCALPOUND_KAFKA_PASSWORD", ""),
        os.environ.get("LOCALPOUND_KAFKA_PROTOCOL", "SASL_PLAINTEXT" if username else "PLAINTEXT"),
    )
