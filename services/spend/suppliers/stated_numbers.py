"""By which numbers is a payee known? Its own, those that the supplier master gives its name, a charity's company number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eventlog.store import Connection
from schemas.identifiers import (
    charity_identifier,
    company_identifier,
    contradict,
    identifiers_in,
    names_one,
    scheme_of,
    vat_identifier,
)
from schemas.spend import SupplierMasterStated
from schemas.supplier_names import normalised_name
from services.spend.domain import Basis, Numbers
from services.spend.suppliers.reference_layouts import postcode_of


class PayeeName(NamedTuple):
    """A payee as it was paid."""

    payee_id: str
    name: str
    numbers: Numbers
    """Those on the payment, of every register."""


MASTERS = """
    SELECT name_key, trading_key, numbers FROM spend.master_record WHERE organisation = $1 AND name_key = ANY($2)
    UNION SELECT name_key, trading_key, numbers FROM spend.master_record WHERE organisation = $1 AND trading_key = ANY($2)
    UNION SELECT name_key, trading_key, numbers FROM spend.master_record WHERE organisation = $1 AND numbers && $3
"""


def numbers_of(company_number: str | None, others: Iterable[str]) -> Numbers:
    """All numbers of a payee or supplier, the company number first."""
    return (*([company_identifier(company_number)] if company_number else []), *others)


@dataclass(frozen=True, slots=True)
class KnownBy:
    """By which numbers a payee is known."""

    certain: Mapping[str, Basis]
    """Those that are one organisation's alone, each on whose word, the strongest first."""
    shared: Collection[str]
    """A VAT number, and those of everybody whom the supplier master knows under it."""


async def known_numbers(conn: Connection, organisation: str, payees: Sequence[PayeeName]) -> Mapping[str, KnownBy]:
    """By which numbers each payee is known."""
    names = {normalised_name(payee.name) for payee in payees}
    by_master = await _by_master(conn, organisation, names, {number for payee in payees for number in payee.numbers})
    found = {payee.payee_id: _with_master(payee, by_master) for payee in payees}
    by_charities = await _by_charities(conn, organisation, {number for each in found.values() for number in each})
    return {
        payee.payee_id: KnownBy(_with_charity(found[payee.payee_id], by_charities), _shared(payee, by_master))
        for payee in payees
    }


def on_own_word(numbers: Numbers) -> dict[str, Basis]:
    """The numbers that a payment itself states and that are one organisation's, each with that as its basis."""
    return {
        number: "company_number" if scheme_of(number) == "GB-COH" else "identifier"
        for number in numbers
        if names_one(number)
    }


def _with_master(payee: PayeeName, by_master: Mapping[str, Sequence[Numbers]]) -> Mapping[str, Basis]:
    own = on_own_word(payee.numbers)
    stated = [each for key in (normalised_name(payee.name), *own) for each in by_master.get(key, ())]
    return own | _without_doubt("supplier_master", stated, own)


def _with_charity(known: Mapping[str, Basis], by_charities: Mapping[str, Sequence[Numbers]]) -> Mapping[str, Basis]:
    stated = [each for number in known for each in by_charities.get(number, ())]
    return {**known, **_without_doubt("charity_register", stated, known)}


def _shared(payee: PayeeName, by_master: Mapping[str, Sequence[Numbers]]) -> Collection[str]:
    vat = [number for number in payee.numbers if not names_one(number)]
    return {*vat, *(each for number in vat for numbers in by_master.get(number, ()) for each in numbers)}


def _without_doubt(basis: Basis, stated: Iterable[Numbers], already: Collection[str]) -> dict[str, Basis]:
    """The numbers of those stated who may be the same, but not two of one register, nor of one that told already."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number in {number for numbers in stated if not contradict(already, numbers) for number in numbers}:
        found[scheme_of(number)].add(number)
    known_already = {scheme_of(number) for number in already}
    return {
        min(numbers): basis
        for scheme, numbers in sorted(found.items())
        if len(numbers) == 1 and scheme not in known_already and names_one(min(numbers))
    }


async def _by_master(
    conn: Connection, organisation: str, names: Collection[str], numbers: Collection[str]
) -> Mapping[str, list[Numbers]]:
    """By normalised name and by number, the numbers of each whom the supplier master knows so."""
    found: defaultdict[str, list[Numbers]] = defaultdict(list)
    for name, trading, stated in await conn.fetch(MASTERS, organisation, list(names), list(numbers)):
        for key in (name, trading, *stated):
            found[key].append(tuple(stated))
    return found


async def _by_charities(conn: Connection, organisation: str, numbers: Collection[str]) -> Mapping[str, list[Numbers]]:
    """By number, those of the charity that has it: its own and its company's."""
    found: defaultdict[str, list[Numbers]] = defaultdict(list)
    rows = await conn.fetch(
        "SELECT numbers FROM spend.reference WHERE organisation = $1 AND numbers && $2", organisation, list(numbers)
    )
    for (stated,) in rows:
        for number in stated:
            found[number].append(tuple(stated))
    return found


Keys = tuple[str | None, str | None, Numbers, str | None, str | None]
"""A supplier's name and trading name as they are compared, its numbers, and the postcodes of its address and site."""


def keys_of(fact: SupplierMasterStated) -> Keys:
    """By what a supplier of the master is found, and what it says of whom is found."""
    trading = normalised_name(fact.trading_name) if fact.trading_name else None
    others = identifiers_in((charity_identifier, fact.charity_number), (vat_identifier, fact.vat_number))
    numbers = numbers_of(fact.company_number, others)
    return normalised_name(fact.name), trading, numbers, postcode_of(fact.postcode), postcode_of(fact.site_postcode)


async def payees_known(
    conn: Connection, organisation: str, names: Collection[str], numbers: Collection[str]
) -> list[PayeeName]:
    """The payees on record that bear one of these normalised names or numbers."""
    rows = await conn.fetch(
        "SELECT payee_id, supplier_name, numbers FROM spend.payee"
        " WHERE organisation = $1 AND (normalised_name = ANY($2) OR numbers && $3) ORDER BY payee_id",
        organisation,
        list(names),
        list(numbers),
    )
    return [PayeeName(payee, name, tuple(own)) for payee, name, own in rows]
