"""Which contracts do purchase orders name? What is on record of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from eventlog.store import Connection
from services.spend.judgement.contract import KnownContract
from services.spend.judgement.ordered import KnownOrder


async def orders(conn: Connection, organisation: str, numbers: Iterable[str | None]) -> dict[str, KnownOrder]:
    """Of these purchase orders, those that name a contract on the register."""
    wanted = sorted({number for number in numbers if number})
    if not wanted:
        return {}
    rows = await conn.fetch(
        "SELECT o.code, c.contract_id, c.reference, c.starts_on, c.ends_on, c.extends, c.supplier_id"
        " FROM spend.master_record o JOIN spend.known_contract c"
        " ON c.organisation = o.organisation AND c.reference = o.contract_reference"
        " WHERE o.organisation = $1 AND o.kind = 'purchase_orders' AND o.code = ANY($2) ORDER BY c.contract_id",
        organisation,
        wanted,
    )
    contracts: defaultdict[str, list[KnownContract]] = defaultdict(list)
    suppliers: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for number, contract_id, reference, starts_on, ends_on, extends, supplier in rows:
        contracts[number].append(
            KnownContract(
                contract_id=contract_id, reference=reference, starts_on=starts_on, ends_on=ends_on, extends=extends
            )
        )
        if supplier is not None:
            suppliers[number][contract_id] = supplier
    return {
        number: KnownOrder(purchase_order=number, contracts=tuple(found), suppliers=suppliers[number])
        for number, found in contracts.items()
    }


async def orders_naming(conn: Connection, organisation: str, references: Sequence[str]) -> list[str]:
    """The purchase orders that name one of these contract references."""
    rows = await conn.fetch(
        "SELECT code FROM spend.master_record WHERE organisation = $1 AND kind = 'purchase_orders'"
        " AND contract_reference = ANY($2) ORDER BY code",
        organisation,
        references,
    )
    return [row[0] for row in rows]
