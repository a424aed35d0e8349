"""Who may act, for whom? Each change is a fact in the log `access`, and its table row, at once.

Facts of an account and its keys are in the platform's log; those of a role in the log of the
organisation that the role is for, so that its auditor finds there who was let in, and by whom.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from eventlog import clock
from eventlog.envelope import Actor, Cause
from eventlog.errors import Refused
from eventlog.log import get_logger
from eventlog.store import Connection, Draft, EventLog
from gateway.hashing import LONGEST_SECRET, SHORTEST_SECRET, draw_secret, hash_secret, matches_soon
from gateway.roles import ACCOUNT, CLIENT_ID, ONLY_FOR_PLATFORM, ORGANISATION, PLATFORM, ROLES
from schemas.access import AccountRegistered, KeyIssued, KeyRevoked, RoleGranted, RoleRevoked
from schemas.fact import Fact

logger = get_logger()


class AccountNotNamedSo(Refused):
    code = "account-not-named-so"
    remedy = "Use person/… or machine/… with small letters, digits, dots, dashes."


class AccountIsAnother(Refused):
    code = "account-is-another"


class NoSuchAccount(Refused):
    code = "no-such-account"
    remedy = "Register the account first."


class ClientIdTaken(Refused):
    code = "client-id-taken"
    remedy = "Choose another client id; one that was used is never used again."


class NoSuchKey(Refused):
    code = "no-such-key"


class KeyTooWeak(Refused):
    code = "key-too-weak"
    remedy = f"Draw at least {SHORTEST_SECRET} random characters."


class NoSuchRole(Refused):
    code = "no-such-role"
    remedy = f"Roles: {', '.join(sorted(ROLES))}."


class OrganisationNotNamedSo(Refused):
    code = "organisation-not-named-so"
    remedy = "Use an org-id, as GB-LAE-SLF."


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is kept."""

    client_id: str
    account: str
    person: str | None
    secret_hash: str
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account, with what it may open and do."""

    account: str
    person: str | None
    client_ids: Sequence[str]
    roles: dict[str, list[str]]
    """Organisation → roles."""


@dataclass(frozen=True, slots=True)
class By:
    """Who changes accounts, and by which command."""

    actor: Actor
    cause: Cause


class Accounts:
    """The gateway's accounts, in database access."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    async def register(self, account: str, person: str | None, by: By) -> bool:
        """Let there be an account; False when there is. Raises Refused when it is somebody else's."""
        _check_account(account, person)
        async with self._change(account) as conn:
            known = await conn.fetchrow("SELECT person FROM access.account WHERE account = $1", account)
            if known is not None:
                if known["person"] != person:
                    raise AccountIsAnother(f"{account} is registered for another person.")
                return False
            await conn.execute("INSERT INTO access.account VALUES ($1, $2)", account, person)
            kind: Literal["person", "machine"] = "machine" if person is None else "person"
            fact = AccountRegistered(account=account, kind=kind, person=person)
            await self._record(conn, PLATFORM, account, fact, by)
        return True

    async def issue_key(self, account: str, client_id: str, by: By, secret: str | None = None) -> str | None:
        """Give an account a key, drawn here unless given; None when it has just this one."""
        if CLIENT_ID.fullmatch(client_id) is None:
            raise ClientIdTaken(f"{client_id!r} is no client id.")
        if secret is not None and not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
            raise KeyTooWeak(f"The key of {client_id} is too short, or too long.")
        known = await self.key(client_id)
        if known is not None:
            same = known.account == account and not known.revoked
            if same and secret is not None and await matches_soon(secret, known.secret_hash):
                return None
            raise ClientIdTaken(f"{client_id} is the client id of another key.")
        issued = secret or draw_secret()
        kept = await asyncio.to_thread(hash_secret, issued)
        async with self._change(account) as conn:
            await self._require(conn, account)
            written = await conn.fetchval(
                "INSERT INTO access.key VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true",
                client_id,
                account,
                kept,
            )
            if not written:
                raise ClientIdTaken(f"{client_id} is the client id of another key.")
            await self._record(conn, PLATFORM, account, KeyIssued(account=account, client_id=client_id), by)
        return issued

    async def revoke_key(self, account: str, client_id: str, by: By) -> bool:
        """Let a key open nothing any more; False when it did not. Raises Refused without such a key."""
        async with self._change(account) as conn:
            known = await conn.fetchrow(
                "SELECT revoked_at FROM access.key WHERE client_id = $1 AND account = $2", client_id, account
            )
            if known is None:
                raise NoSuchKey(f"{account} has no key {client_id}.")
            if known["revoked_at"] is not None:
                return False
            await conn.execute("UPDATE access.key SET revoked_at = $2 WHERE client_id = $1", client_id, clock.now())
            await self._withdraw(conn, account)
            await self._record(conn, PLATFORM, account, KeyRevoked(account=account, client_id=client_id), by)
        return True

    async def grant(self, account: str, organisation: str, role: str, by: By) -> bool:
        """Let an account act in a role for an organisation; False when it may already."""
        _check_role(organisation, role)
        async with self._change(account) as conn:
            await self._require(conn, account)
            new = await conn.fetchval(
                "INSERT INTO access.role VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true",
                account,
                organisation,
                role,
            )
            if new:
                fact = RoleGranted(account=account, organisation=organisation, role=role)
                await self._record(conn, organisation, account, fact, by)
        return bool(new)

    async def revoke(self, account: str, organisation: str, role: str, by: By) -> bool:
        """Take a role away; False when the account did not have it."""
        async with self._change(account) as conn:
            gone = await conn.fetchval(
                "DELETE FROM access.role WHERE (account, organisation, role) = ($1, $2, $3) RETURNING true",
                account,
                organisation,
                role,
            )
            if gone:
                await self._withdraw(conn, account)
                fact = RoleRevoked(account=account, organisation=organisation, role=role)
                await self._record(conn, organisation, account, fact, by)
        return bool(gone)

    async def key(self, client_id: str) -> Key | None:
        """A key by its client id."""
        row = await self.log.pool.fetchrow(
            "SELECT client_id, account, person, secret_hash, revoked_at IS NOT NULL AS revoked"
            " FROM access.key JOIN access.account USING (account) WHERE client_id = $1",
            client_id,
        )
        return None if row is None else Key(**row)

    async def roles(self, account: str) -> dict[str, list[str]]:
        """What an account may do: organisation → roles."""
        rows = await self.log.pool.fetch(
            "SELECT organisation, array_agg(role ORDER BY role) FROM access.role WHERE account = $1"
            " GROUP BY 1 ORDER BY 1",
            account,
        )
        return {row[0]: row[1] for row in rows}

    async def all(self) -> list[Account]:
        """Every account, by name."""
        rows = await self.log.pool.fetch(
            "SELECT account, person, array(SELECT client_id FROM access.key k WHERE k.account = a.account"
            " AND revoked_at IS NULL ORDER BY 1) AS client_ids FROM access.account a ORDER BY 1"
        )
        return [Account(**row, roles=await self.roles(row["account"])) for row in rows]

    async def withdrawals(self, seconds: int) -> dict[str, float]:
        """Accounts from which something was taken in the last seconds → when (Unix time)."""
        rows = await self.log.pool.fetch(
            "SELECT account, extract(epoch FROM withdrawn_at)::float8 FROM access.withdrawal"
            " WHERE withdrawn_at > now() - make_interval(secs => $1)",
            seconds,
        )
        return {row[0]: row[1] for row in rows}

    @asynccontextmanager
    async def _change(self, account: str) -> AsyncIterator[Connection]:
        """One transaction, one change of an account at a time; the sequencer is woken after it."""
        async with self.log.pool.acquire() as conn, conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", account)
            yield conn
        self.log.appended.ring()

    async def _require(self, conn: Connection, account: str) -> None:
        if not await conn.fetchval("SELECT true FROM access.account WHERE account = $1", account):
            raise NoSuchAccount(f"There is no account {account}.")

    async def _withdraw(self, conn: Connection, account: str) -> None:
        await conn.execute(
            "INSERT INTO access.withdrawal VALUES ($1, $2)"
            " ON CONFLICT (account) DO UPDATE SET withdrawn_at = excluded.withdrawn_at",
            account,
            clock.now(),
        )

    async def _record(self, conn: Connection, organisation: str, account: str, fact: Fact, by: By) -> None:
        stream = f"account/{account}"
        version = (await self.log.versions(organisation, [stream], conn)).get(stream, 0) + 1
        draft = Draft(stream=stream, version=version, fact=fact, happened_at=clock.now())
        await self.log.record(organisation, [draft], actor=by.actor, cause=by.cause, conn=conn)
        logger.info("account_changed", fact=fact.schema_name, organisation=organisation)


def _check_account(account: str, person: str | None) -> None:
    if ACCOUNT.fullmatch(account) is None or person == "":
        raise AccountNotNamedSo(f"{account!r} is no account's name.")
    if account.startswith("person/") is (person is None):
        raise AccountNotNamedSo(f"{account}: a person's account names the person, a machine's does not.")


def _check_role(organisation: str, role: str) -> None:
    if ORGANISATION.fullmatch(organisation) is None:
        raise OrganisationNotNamedSo(f"{organisation!r} is no organisation's identifier.")
    if role not in ROLES or (role in ONLY_FOR_PLATFORM and organisation != PLATFORM):
        raise NoSuchRole(f"There is no role {role!r} for {organisation}.")
