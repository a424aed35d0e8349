"""What is not for a caller is as if it were not there, whoever asks and by whichever way."""

import json

import asyncpg
import pytest

from eventlog.store import Connection
from gateway.asking import write_id
from gateway.policy import ANYONE, Viewer, sees_payment
from gateway.reads import PaymentFilter, payments
from gateway.reads.sql import write_cursor
from localpound.stack.testing import Servers
from tests.builders import DEVON, SALFORD
from tests.integration.gateway_graphql.conftest import DEVONS, SALFORDS, Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import APRIL

NOBODY = "GB-LAE-XXX"
OTHERS = (
    ANYONE,
    DEVONS,
    Viewer(account="person/x", organisation=SALFORD, roles=frozenset()),
    Viewer(account="person/x", organisation="GB-COH-00000010", roles=frozenset({"claimant", "reader"})),
)


@pytest.mark.parametrize("viewer", OTHERS)
async def test_one_of_salfords_own_things_is_null_like_one_that_does_not_exist(viewer: Viewer, refused: Ask) -> None:
    for query in (
        'sourceFile(organisation: "{o}", fileId: "{file}") {{ fileName }}',
        'outcome(organisation: "{o}", commitmentId: "K1") {{ measure }}',
        'payment(organisation: "{o}", paymentId: "P2") {{ netPence }}',
    ):
        for organisation in (SALFORD, NOBODY):
            asked = "{ it: " + query.format(o=organisation, file=APRIL) + " }"
            assert await refused(asked, viewer) == (200, {"it": None}, [])


@pytest.mark.parametrize("viewer", OTHERS)
async def test_lists_of_salfords_own_things_are_refused_like_those_of_nobody(viewer: Viewer, refused: Ask) -> None:
    code = "UNAUTHENTICATED" if not viewer.whole else "FORBIDDEN"
    for name, what in {"rejectedRows": "id", "sourceFiles": "id", "outcomes": "id", "paidNames": "payeeId"}.items():
        for organisation in (SALFORD, NOBODY):
            where = f'where: {{organisation: "{organisation}"}}'
            query = f"{{ {name}({where}) {{ totals {{ count }} nodes {{ {what} }} }} }}"
            assert await refused(query, viewer) == (200, {name: None}, [code])


async def test_without_naming_an_organisation_devon_sees_its_own_only(ask: Ask) -> None:
    query = "{ rejectedRows { totals { count } nodes { organisation value } } sourceFiles { nodes { organisation } } }"
    told = await ask(query, DEVONS)
    assert told["rejectedRows"]["totals"] == {"count": 1}
    assert told["rejectedRows"]["nodes"] == [{"organisation": DEVON, "value": "31/02/2021"}]
    assert told["sourceFiles"]["nodes"] == [{"organisation": DEVON}]


async def test_ids_and_cursors_of_others_open_nothing(ask: Ask, refused: Ask) -> None:
    event = (await ask("{ rejectedRows { nodes { id evidence { nodes { id eventId } } } } }", SALFORDS))["rejectedRows"]
    own = event["nodes"][0]["evidence"]["nodes"][0]
    ids = [
        write_id("SourceFile", SALFORD, APRIL),
        write_id("Outcome", SALFORD, "K1"),
        write_id("Payment", SALFORD, "P2"),
    ]
    for forged in (*ids, own["id"]):
        assert await refused("query ($id: ID!) { node(id: $id) { id } }", DEVONS, id=forged) == (
            200,
            {"node": None},
            [],
        )
    assert await refused("query ($id: ID!) { event(id: $id) { type } }", DEVONS, id=own["eventId"]) == (
        200, {"event": None}, [],
    )  # fmt: skip
    forged = write_cursor("by_line", f"{APRIL}:000000000", SALFORD, f"{APRIL}:0")
    told = await ask("query ($c: String) { rejectedRows(after: $c) { nodes { organisation } } }", DEVONS, c=forged)
    assert all(node["organisation"] == DEVON for node in told["rejectedRows"]["nodes"])


async def test_a_withheld_name_stays_withheld_for_all_but_its_organisation(ask: Ask) -> None:
    query = (
        '{ payment(organisation: "GB-LAE-SLF", paymentId: "P5") { supplierName payeeId supplier { name } netPence } }'
    )
    for viewer in (ANYONE, DEVONS):
        assert (await ask(query, viewer))["payment"] == {
            "supplierName": None, "payeeId": None, "supplier": None, "netPence": 140_000,
        }  # fmt: skip
        for where in ('search: "redacted"', 'supplierId: "E-HIDDEN"'):
            told = await ask(f"{{ payments(where: {{{where}}}) {{ totals {{ count }} nodes {{ id }} }} }}", viewer)
            assert told["payments"] == {"totals": {"count": 0}, "nodes": []}
    own = (await ask(query, SALFORDS))["payment"]
    assert (own["supplierName"], own["payeeId"]) == ("REDACTED PERSONAL DATA", "E-HIDDEN")


async def test_envelopes_name_officers_and_are_for_their_organisation(ask: Ask) -> None:
    query = '{ payment(organisation: "GB-LAE-SLF", paymentId: "P1") { evidence(first: 1) { nodes { position eventId envelope { actor } } } } }'
    for viewer in (ANYONE, DEVONS):
        (event,) = (await ask(query, viewer))["payment"]["evidence"]["nodes"]
        assert (event["position"], event["envelope"]) == ("GB-LAE-SLF/contracts/4", None)
        assert (await ask("query ($id: ID!) { event(id: $id) { type } }", viewer, id=event["eventId"]))["event"] is None
    (event,) = (await ask(query, SALFORDS))["payment"]["evidence"]["nodes"]
    assert event["envelope"] == {"actor": "person/officer"}


async def test_sql_and_policy_agree_on_every_payment(reads: asyncpg.Pool, ledger: Ledger) -> None:
    rows = await ledger.conn.fetch(
        "SELECT organisation, payment_id, net_pence FROM live.payment WHERE known_to = 'infinity'"
    )
    assert len(rows) == 7
    for viewer in (ANYONE, SALFORDS, DEVONS, *OTHERS):
        page = await payments(reads, viewer, PaymentFilter())
        seen = {(payment.organisation, payment.payment_id) for payment in page.items}
        allowed = {(r[0], r[1]) for r in rows if sees_payment(viewer, r[0], r[2])}
        assert seen == allowed


async def test_the_gateways_role_reads_live_views_and_nothing_else(running: Servers, ledger: Ledger) -> None:
    conn: Connection = await asyncpg.connect(running.url("gateway_reader", "reporting"))
    for statement in (
        "DELETE FROM live.payment",
        "UPDATE live.event SET envelope = ''",
        "INSERT INTO projection.position VALUES ('a', 1, 't', 0, 'x', 1, 1)",
        "SELECT * FROM compliance_1.payment",
        "SELECT value FROM projection.parked",
        "CREATE SCHEMA mine",
        "CREATE TABLE live.mine (a int)",
        "DROP VIEW live.payment",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute(statement)
    assert await conn.fetchval("SELECT count(*) FROM projection.generation WHERE state = 'live'") == 8
    await conn.close()


async def test_reads_the_columns_that_the_views_have(ledger: Ledger) -> None:
    rows = await ledger.conn.fetch(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) AS columns"
        " FROM information_schema.columns WHERE table_schema = 'live' GROUP BY 1 ORDER BY 1"
    )
    tables = {row["table_name"]: row["columns"] for row in rows}
    assert list(tables) == [
        "allocation", "charity", "claim", "commitment", "company", "contract", "event", "finding", "merged_supplier", "pay_run", "payee", "payment",
        "place", "publication", "publication_part", "purchase_order", "rejected_row", "source_file", "supplier", "supplier_master",
        "withheld_payee",
    ]  # fmt: skip
    assert json.dumps(tables["event"]) == json.dumps(
        ["organisation", "service", "log_index", "event_id", "stream", "version", "type", "happened_at", "recorded_at",
         "actor", "envelope"]
    )  # fmt: skip
    for name in tables.keys() - {"event"}:
        assert tables[name][0] == "organisation"
        assert tables[name][-3:] == ["stream", "known_from", "known_to"]
