"""Which company number does the ledger's supplier master give a name that was paid without one?"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from eventlog.store import Connection
from schemas.spend import SupplierMasterStated
from schemas.supplier_names import normalised_name
from services.spend.suppliers.reference_layouts import postcode_of

PayeeName = tuple[str, str, str | None]
"""A payee's id, name and company number."""


async def with_numbers(
    conn: Connection, organisation: str, payees: Iterable[PayeeName]
) -> tuple[list[PayeeName], frozenset[str]]:
    """The payees, those without a number with the one that the master states of their name; and who they are.

    A name to which the master gives two numbers is two companies': it says nothing.
    """
    wanted = list(payees)
    names = {payee: normalised_name(name) for payee, name, number in wanted if number is None}
    if not names:
        return wanted, frozenset()
    rows = await conn.fetch(
        "SELECT name_key, trading_key, company_number FROM spend.master_record"
        " WHERE organisation = $1 AND kind = 'suppliers' AND company_number IS NOT NULL AND name_key = ANY($2)"
        " UNION SELECT name_key, trading_key, company_number FROM spend.master_record"
        " WHERE organisation = $1 AND kind = 'suppliers' AND company_number IS NOT NULL AND trading_key = ANY($2)",
        organisation,
        list(set(names.values())),
    )
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for name, trading, number in rows:
        numbers[name].add(number)
        numbers[trading].add(number)
    stated = {payee: min(numbers[name]) for payee, name in names.items() if len(numbers.get(name, ())) == 1}
    return [(payee, name, number or stated.get(payee)) for payee, name, number in wanted], frozenset(stated)


Keys = tuple[str | None, str | None, str | None, str | None]
"""A supplier's name and trading name as they are compared, its company number and its postcode."""


def keys_of(fact: SupplierMasterStated) -> Keys:
    """By what a supplier of the master is found, and what it says of whom is found."""
    trading = normalised_name(fact.trading_name) if fact.trading_name else None
    return normalised_name(fact.name), trading, fact.company_number, postcode_of(fact.postcode)


async def payees_named(conn: Connection, organisation: str, names: Collection[str | None]) -> list[PayeeName]:
    """The payees on record that bear one of these normalised names."""
    rows = await conn.fetch(
        "SELECT payee_id, supplier_name, company_number FROM spend.payee"
        " WHERE organisation = $1 AND normalised_name = ANY($2) ORDER BY payee_id",
        organisation,
        [name for name in names if name],
    )
    return [tuple(row) for row in rows]
