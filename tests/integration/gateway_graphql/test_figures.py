"""What the read models answer, to the penny."""

from typing import Any

from gateway.policy import ANYONE
from tests.integration.gateway_graphql.conftest import SALFORDS, Ask
from tests.integration.gateway_graphql.story import ACME, APRIL, BETA, MONDAY, REGISTER, TUESDAY

SUMMARY = """query ($at: DateTime) { organisation(organisation: "GB-LAE-SLF", asKnownAt: $at) { name incomplete summary {
  total { count netPence } byScope { value count netPence } byAnswer { value count netPence }
  bySme { value count netPence } byLocal { value count netPence } byPeriod { value count netPence } } } }"""


def figures(parts: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(part["value"], part["count"], part["netPence"]) for part in parts]


async def test_the_officer_sees_every_payment_in_the_summary(ask: Ask) -> None:
    told = (await ask(SUMMARY, SALFORDS))["organisation"]
    assert (told["name"], told["incomplete"]) == ("Salford City Council", False)
    summary = told["summary"]
    assert summary["total"] == {"count": 6, "netPence": 4_300_000}
    assert figures(summary["byScope"]) == [
        ("contract_spend", 4, 4_060_000), ("withheld", 1, 140_000), ("grant", 1, 100_000),
    ]  # fmt: skip
    assert figures(summary["byAnswer"]) == [
        ("on_contract", 1, 4_000_000), ("no_contract", 1, 90_000), ("ambiguous", 1, 30_000), ("expired", 1, -60_000),
    ]  # fmt: skip
    assert figures(summary["bySme"]) == [("yes", 3, 3_970_000), ("unknown", 1, 90_000)]
    assert figures(summary["byLocal"]) == [("yes", 3, 3_970_000), ("unknown", 1, 90_000)]
    assert figures(summary["byPeriod"]) == [("2021-04", 6, 4_300_000)]


async def test_anyone_sees_payments_over_500_pounds_and_credits_below_minus_500(ask: Ask) -> None:
    summary = (await ask(SUMMARY))["organisation"]["summary"]
    assert summary["total"] == {"count": 5, "netPence": 4_270_000}
    assert figures(summary["byAnswer"]) == [
        ("on_contract", 1, 4_000_000), ("no_contract", 1, 90_000), ("expired", 1, -60_000),
    ]  # fmt: skip


async def test_as_known_before_the_payee_was_matched(ask: Ask) -> None:
    summary = (await ask(SUMMARY, SALFORDS, at=MONDAY.isoformat()))["organisation"]["summary"]
    assert summary["total"] == {"count": 6, "netPence": 4_300_000}
    assert figures(summary["byAnswer"]) == [("no_contract", 4, 4_060_000)]
    assert figures(summary["bySme"]) == [("unknown", 4, 4_060_000)]


async def test_before_anything_was_known_there_is_nothing(ask: Ask) -> None:
    told = await ask(SUMMARY, SALFORDS, at="2022-07-04T08:59:59.999999Z")
    assert told["organisation"] is None


async def test_a_restated_contract_keeps_its_earlier_value_in_the_past(ask: Ask) -> None:
    query = """query ($at: DateTime) { contracts(orderBy: VALUE_DESC, asKnownAt: $at) {
        totals { count netPence } nodes { contractId valuePence knownFrom } } }"""
    then, now = await ask(query, at=TUESDAY.isoformat()), await ask(query)
    assert then["contracts"]["totals"] == {"count": 2, "netPence": 10_000_000}
    assert now["contracts"]["totals"] == {"count": 2, "netPence": 12_000_000}
    assert now["contracts"]["nodes"] == [
        {"contractId": "C1", "valuePence": 12_000_000, "knownFrom": "2022-07-06T09:00:00.000000Z"},
        {"contractId": "C2", "valuePence": None, "knownFrom": "2022-07-04T09:00:00.000000Z"},
    ]
    assert then["contracts"]["nodes"][0]["valuePence"] == 10_000_000


async def test_every_figure_is_the_sum_of_the_list_behind_it(ask: Ask) -> None:
    summary = (await ask(SUMMARY, SALFORDS))["organisation"]["summary"]
    query = (
        """query ($where: PaymentFilter) { payments(where: $where) { totals { count netPence } nodes { netPence } } }"""
    )
    for part, field, only in (
        ("byScope", "scope", {}),
        ("byAnswer", "answer", {}),
        ("bySme", "sme", {"scope": "CONTRACT_SPEND"}),
        ("byLocal", "local", {"scope": "CONTRACT_SPEND"}),
        ("byPeriod", "period", {}),
    ):
        for value, count, pence in figures(summary[part]):
            chosen = value if field == "period" else value.upper()
            where = {"organisation": "GB-LAE-SLF", field: chosen, **only}
            found = (await ask(query, SALFORDS, where=where))["payments"]
            assert found["totals"] == {"count": count, "netPence": pence}, (field, value)
            assert sum(node["netPence"] for node in found["nodes"]) == pence


async def test_a_figure_opens_into_its_payments(ask: Ask) -> None:
    query = (
        """{ figures(by: ANSWER) { value count netPence payments { totals { count netPence } nodes { answer } } } }"""
    )
    found = (await ask(query, SALFORDS))["figures"]
    assert [part["value"] for part in found] == ["on_contract", "", "no_contract", "ambiguous", "expired"]
    for part in found:
        assert part["payments"]["totals"] == {"count": part["count"], "netPence": part["netPence"]}
        answer = part["value"].upper() or None
        assert {node["answer"] for node in part["payments"]["nodes"]} == {answer}


async def test_a_payment_names_contract_supplier_and_evidence(ask: Ask) -> None:
    query = """{ payment(organisation: "GB-LAE-SLF", paymentId: "P1") { netPence scope answer supplierName period
        contract { title valuePence } supplier { name registered sme local paymentCount netPence }
        evidence { nodes { position type stream version } pageInfo { hasNextPage } } } }"""
    payment = (await ask(query))["payment"]
    assert payment["contract"] == {"title": "Grounds maintenance", "valuePence": 12_000_000}
    assert payment["supplier"] == {
        "name": "Acme Limited", "registered": True, "sme": "YES", "local": "YES", "paymentCount": 2, "netPence": 3_940_000,
    }  # fmt: skip
    assert [(e["position"], e["type"].split(".")[2], e["version"]) for e in payment["evidence"]["nodes"]] == [
        ("GB-LAE-SLF/contracts/4", "ContractAwarded", 1),
        ("GB-LAE-SLF/contracts/6", "ContractRestated", 2),
        ("GB-LAE-SLF/spend/2", "PaymentRecorded", 1),
        ("GB-LAE-SLF/spend/3", "PaymentScoped", 2),
        ("GB-LAE-SLF/spend/4", "PaymentUnmatched", 3),
        ("GB-LAE-SLF/spend/18", "SupplierMatched", 1),
        ("GB-LAE-SLF/spend/19", "PaymentMatched", 4),
    ]


async def test_suppliers_are_those_on_the_register_and_the_other_names_that_were_paid(ask: Ask) -> None:
    query = """{ suppliers(where: {organisation: "GB-LAE-SLF"}) { totals { count netPence }
        nodes { supplierId name registered netPence paymentCount } } }"""
    found = (await ask(query, SALFORDS))["suppliers"]
    assert [(n["supplierId"], n["registered"], n["paymentCount"], n["netPence"]) for n in found["nodes"]] == [
        (ACME, True, 3, 3_970_000),
        ("E-CLUB", False, 1, 100_000),
        ("E-CORNER", False, 1, 90_000),
        (BETA, True, 0, 0),
    ]
    assert found["totals"] == {"count": 4, "netPence": 4_160_000}


async def test_the_largest_suppliers_where_no_contract_was_found(ask: Ask) -> None:
    query = """{ suppliers(where: {organisation: "GB-LAE-SLF", answer: NO_CONTRACT}) { nodes { name netPence } } }"""
    assert (await ask(query))["suppliers"]["nodes"] == [{"name": "Corner 100% Shop_", "netPence": 90_000}]


async def test_what_is_searched_for_is_taken_to_the_letter(ask: Ask) -> None:
    query = """query ($text: String) { payments(where: {search: $text}) { nodes { paymentId } } }"""
    for text, found in (("100% shop_", ["P4"]), ("%", ["P4"]), ("_", ["P4"]), ("' OR 1=1 --", []), ("\\", [])):
        nodes = (await ask(query, SALFORDS, text=text))["payments"]["nodes"]
        assert [node["paymentId"] for node in nodes] == found, text


async def test_files_are_accounted_for_row_by_row(ask: Ask) -> None:
    query = """{ sourceFiles { totals { count netPence } nodes { fileId kind readRows newRows rejectedRows unreadableRows
        readPence rejectedPence heldRows heldPence rejected { nodes { line field code netPence } } } } }"""
    april, register = sorted(
        (await ask(query, SALFORDS))["sourceFiles"]["nodes"], key=lambda n: n["kind"], reverse=True
    )
    assert april == {
        "fileId": APRIL, "kind": "SPEND", "readRows": 7, "newRows": 6, "rejectedRows": 1, "unreadableRows": 0,
        "readPence": 4_307_700, "rejectedPence": 7_700, "heldRows": 6, "heldPence": 4_300_000,
        "rejected": {"nodes": [{"line": 9, "field": "Date of Payment", "code": "not-a-day", "netPence": 7_700}]},
    }  # fmt: skip
    assert (register["fileId"], register["heldRows"], register["heldPence"]) == (REGISTER, 2, 12_000_000)
    assert register["rejected"]["nodes"] == [
        {"line": 4, "field": "Total Contract Value", "code": "not-an-amount", "netPence": None}
    ]


async def test_a_promise_its_claim_and_what_was_found_true(ask: Ask) -> None:
    query = """{ outcomes { totals { count } nodes { measure unit quantity claimedQuantity verifiedQuantity
        claims { claimedBy verifiedBy verdict quantity verifiedQuantity evidence { nodes { position } } }
        contract { title } evidence { nodes { type } } } } }"""
    (outcome,) = (await ask(query, SALFORDS))["outcomes"]["nodes"]
    assert (outcome["quantity"], outcome["claimedQuantity"], outcome["verifiedQuantity"]) == (5_200, 1_300, 1_200)
    assert outcome["claims"] == [
        {
            "claimedBy": ACME, "verifiedBy": BETA, "verdict": "partial", "quantity": 1_300, "verifiedQuantity": 1_200,
            "evidence": {"nodes": [
                {"position": "GB-LAE-SLF/social_value/1"}, {"position": "GB-LAE-SLF/social_value/2"},
            ]},
        }
    ]  # fmt: skip


async def test_pages_follow_one_another_in_every_order(ask: Ask) -> None:
    for order in ("PAID_ON_DESC", "PAID_ON_ASC", "NET_PENCE_DESC", "NET_PENCE_ASC"):
        whole = (
            await ask(
                f"{{ payments(orderBy: {order}) {{ nodes {{ id netPence }} pageInfo {{ hasNextPage }} }} }}", SALFORDS
            )
        )["payments"]
        assert len(whole["nodes"]) == 7  # six of Salford's and the one of Devon's that anyone sees
        walked, cursor, more = [], None, True
        while more:
            query = f"query ($c: String) {{ payments(first: 2, after: $c, orderBy: {order}) {{ nodes {{ id netPence }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
            part = (await ask(query, SALFORDS, c=cursor))["payments"]
            assert part["pageInfo"]["hasPreviousPage"] is (cursor is not None)
            walked += part["nodes"]
            cursor, more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]
        assert walked == whole["nodes"]


async def test_every_list_can_be_walked_one_by_one(ask: Ask) -> None:
    for name, order in (
        ("contracts", "VALUE_DESC VALUE_ASC ENDS_ON_ASC ENDS_ON_DESC STARTS_ON_DESC TITLE_ASC"),
        ("suppliers", "PAID_DESC NAME_ASC"),
        ("outcomes", "DUE_ON_ASC DUE_ON_DESC"),
        ("sourceFiles", ""), ("rejectedRows", ""), ("organisations", ""),
    ):  # fmt: skip
        for by in order.split() or [""]:
            chosen = f", orderBy: {by}" if by else ""
            whole = (await ask(f"{{ {name}(first: 100{chosen}) {{ nodes {{ id }} }} }}", SALFORDS))[name]["nodes"]
            walked, cursor = [], None
            while True:
                query = f"query ($c: String) {{ {name}(first: 1, after: $c{chosen}) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
                part = (await ask(query, SALFORDS, c=cursor))[name]
                walked += part["nodes"]
                if not part["pageInfo"]["hasNextPage"]:
                    break
                cursor = part["pageInfo"]["endCursor"]
            assert walked == whole, (name, by)


async def test_everything_that_has_an_id_is_found_again_by_it(ask: Ask) -> None:
    lists = ["organisations", "contracts", "suppliers", "payments", "outcomes", "sourceFiles"]
    for name in lists:
        nodes = (await ask(f"{{ {name} {{ nodes {{ __typename id }} }} }}", SALFORDS))[name]["nodes"]
        assert nodes
        for node in nodes:
            again = await ask("query ($id: ID!) { node(id: $id) { __typename id } }", SALFORDS, id=node["id"])
            assert again["node"] == node


async def test_an_event_is_given_as_it_is_stored(ask: Ask) -> None:
    query = (
        """{ payment(organisation: "GB-LAE-SLF", paymentId: "P1") { evidence(first: 3) { nodes { id eventId } } } }"""
    )
    event = (await ask(query, SALFORDS))["payment"]["evidence"]["nodes"][2]
    query = """query ($id: ID!) { event(id: $id) { position happenedAt envelope { text actor actorrole source subject data } } }"""
    told = (await ask(query, SALFORDS, id=event["eventId"]))["event"]
    assert told["position"] == "GB-LAE-SLF/spend/2"
    envelope = told["envelope"]
    assert (envelope["actor"], envelope["source"], envelope["subject"]) == (
        "person/officer", "/organisations/GB-LAE-SLF/spend", "payment/P1",
    )  # fmt: skip
    assert f'"id":"{event["eventId"]}"' in envelope["text"]
    assert envelope["data"] in envelope["text"]
    again = await ask("query ($id: ID!) { node(id: $id) { ... on Event { position } } }", SALFORDS, id=event["id"])
    assert again["node"] == {"position": "GB-LAE-SLF/spend/2"}


async def test_evidence_of_an_organisation_leads_to_all_that_anyone_may_see(ask: Ask) -> None:
    query = """query ($c: String) { organisation(organisation: "GB-LAE-SLF") { evidence(first: 5, after: $c) {
        nodes { position stream } pageInfo { hasNextPage endCursor } } } }"""
    for viewer, count in ((ANYONE, 5 + 4 + 4 + 3 + 2 + 2), (SALFORDS, 7 + 23 + 3)):
        positions: list[str] = []
        cursor, more = None, True
        while more:
            part = (await ask(query, viewer, c=cursor))["organisation"]["evidence"]
            positions += [node["position"] for node in part["nodes"]]
            assert viewer is SALFORDS or not any(node["stream"] == "payment/P2" for node in part["nodes"])
            cursor, more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]
        assert len(positions) == len(set(positions)) == count


async def test_what_waits_to_be_mended_is_said(ask: Ask, ledger: Any) -> None:
    query = """{ payments(where: {organisation: "GB-LAE-SLF"}) { incomplete nodes { paymentId incomplete } }
        contracts { incomplete } organisations { nodes { organisation incomplete } } }"""
    await ledger.conn.execute(
        "INSERT INTO projection.parked (name, generation, topic, partition, stream, service, organisation, type, reason, value)"
        " VALUES ('compliance', 1, 'spend.events', 0, 'payment/P4', 'spend', 'GB-LAE-SLF', 'x', 'y', '')"
    )
    try:
        told = await ask(query, SALFORDS)
    finally:
        await ledger.conn.execute("DELETE FROM projection.parked")
    assert told["payments"]["incomplete"] is True
    assert [n["paymentId"] for n in told["payments"]["nodes"] if n["incomplete"]] == ["P4"]
    assert told["organisations"]["nodes"] == [
        {"organisation": "GB-LAE-DEV", "incomplete": False}, {"organisation": "GB-LAE-SLF", "incomplete": True},
    ]  # fmt: skip
    assert (await ask(query, SALFORDS))["payments"]["incomplete"] is False


NAMES = """query ($at: DateTime) { paidNames(where: {organisation: "GB-LAE-SLF"}, asKnownAt: $at) {
  nodes { name state supplierId registeredName basis evidenceInName paymentCount netPence
    candidates { supplierId name evidence score } evidence { nodes { type } } } totals { count netPence } } }"""


async def test_names_that_were_paid_with_whom_they_are_or_may_be(ask: Ask) -> None:
    told = (await ask(NAMES, SALFORDS))["paidNames"]
    linked, proposed = told["nodes"]
    assert (linked["name"], linked["state"], linked["supplierId"], linked["basis"], linked["paymentCount"]) == (
        "Acme Limited", "linked", ACME, "normalised_name", 3,
    )  # fmt: skip
    assert linked["netPence"] == 3_970_000
    assert (proposed["name"], proposed["state"], proposed["supplierId"]) == ("Corner 100% Shop_", "proposed", None)
    assert proposed["candidates"] == [
        {"supplierId": ACME, "name": "Acme Limited", "evidence": "a letter or two differ", "score": 917}
    ]
    assert [node["type"] for node in proposed["evidence"]["nodes"]] == ["localpound.spend.SupplierLinkProposed.v1"]
    assert told["totals"] == {"count": 2, "netPence": 4_060_000}


async def test_names_as_known_before_anything_was_said_of_them(ask: Ask) -> None:
    assert (await ask(NAMES, SALFORDS, at=MONDAY.isoformat()))["paidNames"]["totals"] == {"count": 0, "netPence": 0}
