"""How does an administrator manage accounts? Doors for accounts, keys and roles.

An organisation's administrator gives and takes roles for that organisation; the platform's does so
for all, and registers accounts and keys. Only the platform makes administrators.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from doors.bodies import Body, OrganisationId, Text, json_of
from eventlog import ids
from eventlog.credentials import Credential, NotAllowed, requires
from eventlog.envelope import Cause
from gateway.accounts import Accounts, By
from gateway.roles import ADMINISTRATOR, PLATFORM

administrator = requires(ADMINISTRATOR)
Administrator = Annotated[Credential, Depends(administrator)]
BODY_LIMIT = 16_384


class NewAccount(Body):
    """An account to be registered."""

    account: Text
    person: Text | None = None


class NewKey(Body):
    """A key to be drawn, by the name that it is used under."""

    client_id: Text


class Role(Body):
    """A role for an organisation."""

    organisation: OrganisationId
    role: Text


def _by(credential: Credential) -> By:
    command = ids.new_id()
    return By(credential.actor(ADMINISTRATOR), Cause(command_id=command, correlation_id=command))


def _platform(credential: Credential) -> By:
    if credential.organisation != PLATFORM:
        raise NotAllowed(403, "forbidden", "The platform's administrators do this.")
    return _by(credential)


def _for(credential: Credential, organisation: str, role: str) -> By:
    own = credential.organisation == organisation and role != ADMINISTRATOR
    return _by(credential) if own else _platform(credential)


def account_router(accounts: Accounts) -> APIRouter:
    """The doors under /accounts."""
    router = APIRouter(prefix="/accounts", tags=["accounts"])
    _add_accounts(router, accounts)
    _add_keys(router, accounts)
    _add_roles(router, accounts)
    return router


def _add_accounts(router: APIRouter, accounts: Accounts) -> None:
    @router.get("", summary="Every account, with its roles")
    async def every(credential: Administrator) -> dict[str, object]:
        _platform(credential)
        return {
            "accounts": [
                {"account": a.account, "person": a.person, "client_ids": a.client_ids, "roles": a.roles}
                for a in await accounts.all()
            ]
        }

    @router.post("", summary="Register a person's or a machine's account")
    async def register(request: Request, credential: Administrator) -> dict[str, object]:
        by = _platform(credential)
        new = await json_of(request, NewAccount, BODY_LIMIT)
        changed = await accounts.register(new.account, new.person, by)
        return {"account": new.account, "changed": changed}


def _add_keys(router: APIRouter, accounts: Accounts) -> None:
    @router.post("/{kind}/{name}/keys", status_code=201, summary="Draw a key; it is shown this once")
    async def issue(kind: str, name: str, request: Request, credential: Administrator) -> dict[str, object]:
        by = _platform(credential)
        new = await json_of(request, NewKey, BODY_LIMIT)
        secret = await accounts.issue_key(f"{kind}/{name}", new.client_id, by)
        return {"client_id": new.client_id, "client_secret": secret}

    @router.delete("/{kind}/{name}/keys/{client_id}", summary="Let a key open nothing any more")
    async def revoke_key(kind: str, name: str, client_id: str, credential: Administrator) -> dict[str, object]:
        changed = await accounts.revoke_key(f"{kind}/{name}", client_id, _platform(credential))
        return {"client_id": client_id, "changed": changed}


def _add_roles(router: APIRouter, accounts: Accounts) -> None:
    @router.post("/{kind}/{name}/roles", summary="Let an account act in a role for an organisation")
    async def grant(kind: str, name: str, request: Request, credential: Administrator) -> dict[str, object]:
        given = await json_of(request, Role, BODY_LIMIT)
        by = _for(credential, given.organisation, given.role)
        changed = await accounts.grant(f"{kind}/{name}", given.organisation, given.role, by)
        return {"organisation": given.organisation, "role": given.role, "changed": changed}

    @router.delete("/{kind}/{name}/roles/{organisation}/{role}", summary="Take a role away")
    async def revoke(
        kind: str, name: str, organisation: str, role: str, credential: Administrator
    ) -> dict[str, object]:
        by = _for(credential, organisation, role)
        changed = await accounts.revoke(f"{kind}/{name}", organisation, role, by)
        return {"organisation": organisation, "role": role, "changed": changed}
