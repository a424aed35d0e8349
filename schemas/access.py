"""What the gateway publishes of its accounts: who may act, for whom, in which role."""

from typing import Literal

from schemas.fact import Fact


class AccountRegistered(Fact):
    """A person or a named machine may hold keys and roles."""

    account: str
    """`person/…` or `machine/…`."""
    kind: Literal["person", "machine"]
    person: str | None
    """The person behind the account, by which two accounts of one person are known as one."""


class KeyIssued(Fact):
    """An account was given a key; only its hash is kept, and not here."""

    account: str
    client_id: str


class KeyRevoked(Fact):
    """A key no longer opens anything."""

    account: str
    client_id: str


class RoleGranted(Fact):
    """An account may act in a role for an organisation."""

    account: str
    organisation: str
    role: str


class RoleRevoked(Fact):
    """An account may no longer act in a role for an organisation."""

    account: str
    organisation: str
    role: str
