"""Where can a verification read from, on this machine? Addresses and passwords of the running stack."""

import os

from localpound.client import DoorError
from localpound.stack.home import Home, find_home
from localpound.verify.kafka import KafkaAccess

SERVICES = ("contracts", "spend", "social_value", "access")
"""Who keeps logs; `access` is the gateway's."""


def _secret(home: Home, name: str) -> str:
    """A password of the stack; never draws one. Raises DoorError."""
    path = home.root / "secrets" / name
    if not path.exists():
        raise DoorError("no-secret", f"There is no password here to read as {name}.")
    return path.read_text()


def database_url(service: str) -> str:
    """A service's database, as its own role: it may read its events and change none. Raises DoorError.

    `LOCALPOUND_SPEND_DATABASE_URL` and the like say otherwise.
    """
    given = os.environ.get(f"LOCALPOUND_{service.upper()}_DATABASE_URL")
    if given:
        return given
    home = find_home()
    address = home.read("addresses.json").get("postgres")
    if not address:
        raise DoorError("not-running", "No localpound is running here.", detail={"remedy": "Start it: localpound up"})
    role = "gateway" if service == "access" else service
    return f"postgresql://{role}:{_secret(home, f'postgres-{role}')}@{address}/{service}"


def kafka_access() -> KafkaAccess:
    """The broker, as reporting, who may read every topic and write none. Raises DoorError.

    `LOCALPOUND_KAFKA_SERVERS`, `…_USERNAME` and `…_PASSWORD` say otherwise.
    """
    servers = os.environ.get("LOCALPOUND_KAFKA_SERVERS")
    if servers:
        username = os.environ.get("LOCALPOUND_KAFKA_USERNAME", "")
        return KafkaAccess(servers, username, os.environ.get("LOCALPOUND_KAFKA_PASSWORD", ""))
    home = find_home()
    address = home.read("addresses.json").get("kafka")
    if not address:
        raise DoorError("not-running", "No localpound is running here.", detail={"remedy": "Start it: localpound up"})
    return KafkaAccess(address, "reporting", _secret(home, "kafka-reporting"))
