"""The gateway as it runs, in this process, on real servers; accounts and their keys for its tests."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from gateway.accounts import Accounts
from gateway.app import create_app
from gateway.bootstrap import AccountsFile, make
from gateway.settings import GatewaySettings
from localpound.stack.testing import Servers
from tests.builders import DEVON, SALFORD

PUBLIC_URL = "http://gateway.test"
OFFICER_ROLES = ["register-editor", "payments-recorder", "reader", "operator", "auditor"]
SECRETS = {name: f"{name}-key-of-no-less-than-24-characters" for name in ("officer", "ledger", "admin", "steward")}


def accounts_file() -> AccountsFile:
    """Four accounts; officer acts for two councils, steward is Devon's own administrator."""
    declared = [
        ("person/officer", "officer", {SALFORD: OFFICER_ROLES, DEVON: OFFICER_ROLES}),
        ("machine/ledger", None, {SALFORD: ["payments-recorder"]}),
        ("person/admin", "admin", {"localpound": ["administrator"]}),
        ("person/steward", "steward", {DEVON: ["administrator"]}),
    ]
    return AccountsFile.model_validate(
        {
            "accounts": [
                {
                    "account": account,
                    "person": person,
                    "roles": roles,
                    "client_id": account.partition("/")[2],
                    "client_secret": SECRETS[account.partition("/")[2]],
                }
                for account, person, roles in declared
            ]
        }
    )


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway and somebody who asks it."""

    app: FastAPI
    http: httpx.AsyncClient

    @property
    def accounts(self) -> Accounts:
        """Its accounts."""
        found: Accounts = self.app.state.accounts
        return found

    async def token(self, client: str, organisation: str | None = None) -> str:
        """A token that the door /token gives."""
        answer = await self.http.post("/token", data=form(client, organisation))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def headers(self, client: str, organisation: str | None = None) -> dict[str, str]:
        """Headers of somebody who has such a token."""
        return {"Authorization": f"Bearer {await self.token(client, organisation)}"}


def form(client: str, organisation: str | None = None, secret: str | None = None) -> dict[str, str]:
    """The form of a token request."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": secret or SECRETS[client],
    }
    return asked if organisation is None else {**asked, "organisation": organisation}


def settings(running: Servers, folder: Path, reporting_url: str | None = None) -> GatewaySettings:
    """What the gateway would be told by its environment."""
    key = folder / "signing-key.json"
    if not key.exists():
        key.write_text(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    return GatewaySettings(
        database_url=SecretStr(running.url("gateway", "access")),
        kafka_servers=running.kafka_servers,
        kafka_username="gateway",
        kafka_password=SecretStr(running.kafka_password("gateway")),
        http_host="127.0.0.1",
        http_port=1,
        role="doors",
        token_keys_url=f"{PUBLIC_URL}/.well-known/jwks.json",
        reporting_url=SecretStr(reporting_url or running.url("gateway_reader", "reporting")),
        doors={},
        signing_key_file=key,
        public_url=PUBLIC_URL,
    )


async def forget_accounts(running: Servers) -> None:
    """Empty the gateway's database; only the stack's own role may."""
    conn = await asyncpg.connect(running.superuser_url("access"))
    await conn.execute(
        "TRUNCATE access.account, access.key, access.role, access.withdrawal,"
        " eventlog.event, eventlog.pending, eventlog.run, eventlog.tree, eventlog.tile, eventlog.relay,"
        " eventlog.log RESTART IDENTITY"
    )
    await conn.execute("UPDATE eventlog.head SET next_seq = 1")
    await conn.close()


@asynccontextmanager
async def gateway(running: Servers, folder: Path, reporting_url: str | None = None) -> AsyncIterator[Gateway]:
    """A gateway with the accounts of `accounts_file`."""
    app = create_app(settings(running, folder, reporting_url))
    async with app.router.lifespan_context(app):
        await make(app.state.accounts, accounts_file())
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
            yield Gateway(app, http)
