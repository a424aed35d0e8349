"""Suppliers that a person decided are one: seen as one from then on, and as two by whoever asks about before."""

from schemas.spend import SupplierMerged, SupplierSplit
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, WEDNESDAY, contract, supplier

COUNCIL = "GB-LAE-TES"
OLD, NEW = "NAME-00000001", "GB-COH-00000031"
QUERY = """query ($at: DateTime) {
  suppliers(where: {organisation: "GB-LAE-TES"}, orderBy: NAME_ASC, asKnownAt: $at) {
    nodes { supplierId mergedInto merged contracts { nodes { contractId } } } } }"""


async def test_a_merge_is_seen_from_its_day_until_it_is_split(ask: Ask, ledger: Ledger) -> None:
    for number, (one, name) in enumerate([(OLD, "Alder and Sons"), (NEW, "Beech Limited")]):
        said = supplier(one, name, None, None, number)
        await ledger.record(COUNCIL, "contracts", f"supplier/{one}", said, at=MONDAY)
    awarded = contract(contract_id="T1", supplier_id=OLD, supplier_name="Alder and Sons")
    await ledger.record(COUNCIL, "contracts", "contract/T1", awarded, at=MONDAY)
    merged = SupplierMerged(supplier_id=OLD, merged_into=NEW, reason="One company")
    await ledger.record(COUNCIL, "spend", f"merge/{OLD}", merged, at=TUESDAY)
    as_two = [
        {"supplierId": OLD, "mergedInto": None, "merged": [], "contracts": {"nodes": [{"contractId": "T1"}]}},
        {"supplierId": NEW, "mergedInto": None, "merged": [], "contracts": {"nodes": []}},
    ]
    as_one = [
        {"supplierId": OLD, "mergedInto": NEW, "merged": [], "contracts": {"nodes": [{"contractId": "T1"}]}},
        {"supplierId": NEW, "mergedInto": None, "merged": [OLD], "contracts": {"nodes": [{"contractId": "T1"}]}},
    ]
    assert (await ask(QUERY, at=MONDAY.isoformat()))["suppliers"]["nodes"] == as_two
    assert (await ask(QUERY))["suppliers"]["nodes"] == as_one
    split = SupplierSplit(supplier_id=OLD, split_from=NEW, reason="Two after all")
    await ledger.record(COUNCIL, "spend", f"merge/{OLD}", split, at=WEDNESDAY)
    assert (await ask(QUERY))["suppliers"]["nodes"] == as_two
    assert (await ask(QUERY, at=TUESDAY.isoformat()))["suppliers"]["nodes"] == as_one
