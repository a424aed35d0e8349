"""Makes the accounts of a file: `python -m gateway.bootstrap --accounts FILE`.

What is there already stays as it is, so it may be run as often as one likes. It adds; it takes
nothing away: that is for an administrator, whose reason an auditor may ask for.
"""

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from pydantic import BaseModel, ConfigDict, ValidationError

from eventlog import ids
from eventlog.envelope import Actor, Cause
from eventlog.errors import Refused
from eventlog.store import EventLog
from gateway.accounts import Accounts, By
from gateway.roles import ADMINISTRATOR, PLATFORM
from gateway.settings import GatewaySettings

INSTALLER = Actor(account="machine/installer", person=None, role=ADMINISTRATOR, organisation=PLATFORM)
"""Whoever runs the stack; there is no account yet that could have done it."""


class Declared(BaseModel):
    """One account of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: str
    person: str | None
    roles: dict[str, list[str]]
    client_id: str
    client_secret: str


class AccountsFile(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: list[Declared]


@dataclass(frozen=True, slots=True)
class Made:
    """What a run added."""

    accounts: int
    keys: int
    roles: int


async def make(accounts: Accounts, declared: AccountsFile) -> Made:
    """Add what is not there yet. Raises Refused when an account or client id is somebody else's."""
    command = ids.new_id()
    by = By(INSTALLER, Cause(command_id=command, correlation_id=command))
    made = [await _one(accounts, account, by) for account in declared.accounts]
    return Made(sum(m.accounts for m in made), sum(m.keys for m in made), sum(m.roles for m in made))


async def _one(accounts: Accounts, declared: Declared, by: By) -> Made:
    new = await accounts.register(declared.account, declared.person, _next(by))
    key = await accounts.issue_key(declared.account, declared.client_id, _next(by), declared.client_secret)
    granted = [
        await accounts.grant(declared.account, organisation, role, _next(by))
        for organisation, roles in declared.roles.items()
        for role in roles
    ]
    return Made(int(new), int(key is not None), sum(granted))


def _next(by: By) -> By:
    """The same conversation, another command: an event's id comes from its command's."""
    return By(by.actor, Cause(command_id=ids.new_id(), correlation_id=by.cause.correlation_id))


async def _run(content: bytes) -> Made:
    settings = GatewaySettings()  # type: ignore[call-arg]
    declared = AccountsFile.model_validate_json(content)
    async with asyncpg.create_pool(settings.database_url.get_secret_value(), min_size=1, max_size=2) as pool:
        return await make(Accounts(EventLog("access", pool)), declared)


def main() -> None:
    """Make the accounts, and say what was added as one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m gateway.bootstrap", description="Makes accounts.")
    parser.add_argument("--accounts", type=Path, required=True, help="JSON file of accounts")
    path = parser.parse_args().accounts
    try:
        made = asyncio.run(_run(path.read_bytes()))
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in each["loc"]) for each in error.errors())
        sys.exit(f"{path.name} or the environment is not as it should be: {places}")
    except Refused as error:
        sys.exit(f"{error} {error.remedy}")
    sys.stdout.write(json.dumps({"accounts": made.accounts, "keys": made.keys, "roles": made.roles}) + "\n")


if __name__ == "__main__":
    main()
