"""Each change of an account is a fact and a row, or neither."""

import json

import asyncpg
import pytest

from gateway.accounts import By
from gateway.bootstrap import INSTALLER, Made, make
from localpound.stack.testing import Servers
from tests.builders import DEVON, SALFORD, cause
from tests.gateway import SECRETS, Gateway, accounts_file, form


async def facts(door: Gateway, organisation: str, account: str) -> list[str]:
    found = await door.accounts.log.load(organisation, f"account/{account}")
    return [envelope.type.split(".")[2] for envelope in found]


async def test_an_accounts_file_becomes_facts_once(door: Gateway) -> None:
    assert await make(door.accounts, accounts_file()) == Made(accounts=0, keys=0, roles=0)
    assert await facts(door, "localpound", "person/officer") == ["AccountRegistered", "KeyIssued"]
    assert await facts(door, SALFORD, "person/officer") == ["RoleGranted"] * 5
    assert await facts(door, DEVON, "person/officer") == ["RoleGranted"] * 5
    assert await facts(door, SALFORD, "machine/ledger") == ["RoleGranted"]
    assert await facts(door, "localpound", "person/admin") == ["AccountRegistered", "KeyIssued", "RoleGranted"]


async def test_a_role_added_to_the_file_is_granted(door: Gateway) -> None:
    document = accounts_file().model_dump()
    document["accounts"][1]["roles"][SALFORD].append("reader")
    changed = type(accounts_file()).model_validate(document)
    assert await make(door.accounts, changed) == Made(accounts=0, keys=0, roles=1)


async def test_no_key_is_kept_or_told(door: Gateway, running: Servers) -> None:
    conn = await asyncpg.connect(running.superuser_url("access"))
    rows = await conn.fetch("SELECT key::text AS row FROM access.key")
    envelopes = await conn.fetch("SELECT envelope FROM eventlog.event")
    await conn.close()
    everything = json.dumps([row["row"] for row in rows]) + "".join(e["envelope"].decode() for e in envelopes)
    assert len(rows) == 4
    assert [secret for secret in SECRETS.values() if secret in everything] == []


async def test_an_administrator_registers_grants_revokes_and_the_facts_name_him(door: Gateway) -> None:
    admin = await door.headers("admin")
    new = {"account": "person/ann", "person": "ann"}
    assert (await door.http.post("/accounts", json=new, headers=admin)).json() == {
        "account": "person/ann",
        "changed": True,
    }
    key = await door.http.post("/accounts/person/ann/keys", json={"client_id": "ann"}, headers=admin)
    assert key.status_code == 201
    role = {"organisation": SALFORD, "role": "reader"}
    for changed in (True, False):
        answer = await door.http.post("/accounts/person/ann/roles", json=role, headers=admin)
        assert answer.json() == {**role, "changed": changed}
    token = await door.http.post("/token", data=form("ann", None, key.json()["client_secret"]))
    assert (token.status_code, token.json()["scope"]) == (200, "reader")
    gone = await door.http.delete(f"/accounts/person/ann/roles/{SALFORD}/reader", headers=admin)
    assert gone.json() == {**role, "changed": True}
    found = await door.accounts.log.load(SALFORD, "account/person/ann")
    assert [(e.type.split(".")[2], e.actor, e.actorrole, e.actororganisation) for e in found] == [
        ("RoleGranted", "person/admin", "administrator", "localpound"),
        ("RoleRevoked", "person/admin", "administrator", "localpound"),
    ]


async def test_an_organisations_administrator_gives_roles_there_and_nowhere_else(door: Gateway) -> None:
    steward = await door.headers("steward")
    path = "/accounts/machine/ledger/roles"
    statuses = [
        (await door.http.post(path, json={"organisation": organisation, "role": role}, headers=steward)).status_code
        for organisation, role in ((DEVON, "reader"), (SALFORD, "reader"), (DEVON, "administrator"))
    ]
    assert statuses == [200, 403, 403]
    assert (await door.http.get("/accounts", headers=steward)).status_code == 403
    assert (await door.http.post("/accounts", json={"account": "machine/x"}, headers=steward)).status_code == 403
    assert await door.accounts.roles("machine/ledger") == {SALFORD: ["payments-recorder"], DEVON: ["reader"]}


async def test_whoever_is_no_administrator_changes_nothing(door: Gateway) -> None:
    officer = await door.headers("officer", SALFORD)
    role = {"organisation": SALFORD, "role": "verifier"}
    for headers, status in ((officer, 403), ({}, 401)):
        answer = await door.http.post("/accounts/person/officer/roles", json=role, headers=headers)
        assert answer.status_code == status
    assert await facts(door, SALFORD, "person/officer") == ["RoleGranted"] * 5


@pytest.mark.parametrize(
    ("path", "body", "code", "field"),
    [
        ("/accounts", {"account": "Person/Ann", "person": "ann"}, "account-not-named-so", None),
        ("/accounts", {"account": "person/ann"}, "account-not-named-so", None),
        ("/accounts", {"account": "machine/x", "person": "ann"}, "account-not-named-so", None),
        ("/accounts", {"account": "person/officer", "person": "another"}, "account-is-another", None),
        ("/accounts", {"account": "machine/x", "admin": True}, "unknown-field", "admin"),
        ("/accounts/machine/none/keys", {"client_id": "none"}, "no-such-account", None),
        ("/accounts/machine/ledger/keys", {"client_id": "officer"}, "client-id-taken", None),
        ("/accounts/machine/ledger/keys", {"client_id": "A B"}, "client-id-taken", None),
        ("/accounts/machine/ledger/roles", {"organisation": SALFORD, "role": "king"}, "no-such-role", None),
        ("/accounts/machine/ledger/roles", {"organisation": SALFORD, "role": "feed-reader"}, "no-such-role", None),
        ("/accounts/machine/ledger/roles", {"organisation": "x", "role": "reader"}, "not-valid", "organisation"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_written(
    door: Gateway, path: str, body: dict[str, object], code: str, field: str | None
) -> None:
    admin = await door.headers("admin")
    before = await door.accounts.log.pool.fetchval("SELECT count(*) FROM eventlog.event")
    answer = await door.http.post(path, json=body, headers=admin)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("field")) == (422, code, field)
    assert await door.accounts.log.pool.fetchval("SELECT count(*) FROM eventlog.event") == before


async def test_the_gateways_own_role_cannot_rewrite_facts_or_keys(door: Gateway) -> None:
    pool = door.accounts.log.pool
    for statement in (
        "UPDATE eventlog.event SET version = 9",
        "DELETE FROM eventlog.event",
        "TRUNCATE eventlog.event",
        "UPDATE access.key SET secret_hash = ''",
        "DELETE FROM access.account",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_row_and_fact_are_written_together_or_not_at_all(door: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_more: object) -> int:
        raise ConnectionError

    monkeypatch.setattr(door.accounts.log, "record", broken)
    with pytest.raises(ConnectionError):
        await door.accounts.grant("machine/ledger", DEVON, "reader", By(INSTALLER, cause()))
    assert await door.accounts.roles("machine/ledger") == {SALFORD: ["payments-recorder"]}
