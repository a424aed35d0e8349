"""Who is behind the names that were paid? Looked up among the suppliers that contracts told of, and kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eventlog.clock import now
from eventlog.store import Connection, Draft
from schemas.fact import Fact
from schemas.supplier_names import normalised_name
from services.spend import known
from services.spend.domain import KnownContract, KnownSupplier
from services.spend.suppliers.linking import UNDECIDED, Decided, Fit, Register, fit, identification, proposal, proposed
from services.spend.suppliers.matching import Company, Registry, beginning, beginnings, read_name
from services.spend.suppliers.merges import Merges, merges
from services.spend.suppliers.stated_numbers import PayeeName, with_numbers

TOUCHED = """
    SELECT payee_id, supplier_name, company_number FROM spend.payee p WHERE organisation = $1 AND (
        beginnings IS NULL
        OR EXISTS (SELECT FROM spend.known_supplier s WHERE s.organisation = $1 AND s.supplier_id = ANY($2)
            AND (s.normalised_name = p.normalised_name OR s.company_number = p.company_number
                OR s.beginning = ANY(p.beginnings)))
        OR EXISTS (SELECT FROM spend.known_supplier s JOIN spend.master_record m ON m.organisation = $1
            AND m.kind = 'suppliers' AND m.company_number = s.company_number
            WHERE s.organisation = $1 AND s.supplier_id = ANY($2)
            AND p.normalised_name IN (m.name_key, m.trading_key))
        OR EXISTS (SELECT FROM spend.link_decision d WHERE d.organisation = $1 AND d.payee_id = p.payee_id
            AND d.supplier_id = ANY($2))
    ) ORDER BY payee_id
"""
"""Payees whom any of these suppliers may be; those whose names were kept before names were compared are looked at again."""


async def suppliers(conn: Connection, organisation: str, payees: Iterable[PayeeName]) -> dict[str, KnownSupplier]:
    """For each payee that fits anybody on the register, or is like somebody, whom."""
    wanted, by_master = await with_numbers(conn, organisation, payees)
    standing = await merges(conn, organisation)
    register = await _register(conn, organisation, wanted, standing)
    decided = await _decided(conn, organisation, [payee for payee, _, _ in wanted], standing)
    fits = {
        payee: _on_whose_word(found, payee in by_master)
        for payee, name, number in wanted
        if (found := fit(name, number, register, decided.get(payee, UNDECIDED))) is not None
    }
    ids = {supplier for found in fits.values() for supplier in found.suppliers}
    contracts = await _contracts(conn, organisation, sorted(ids), standing)
    return {payee: _known(found, contracts) for payee, found in fits.items()}


def _on_whose_word(found: Fit, by_master: bool) -> Fit:
    return replace(found, basis="supplier_master") if by_master and found.basis == "company_number" else found


def _known(found: Fit, contracts: Mapping[str, Sequence[KnownContract]]) -> KnownSupplier:
    return KnownSupplier(
        supplier_id=found.suppliers[0] if found.certain else None,  # GB-COH- sorts before NAME-
        basis=found.basis,
        contracts=tuple(contract for supplier in found.suppliers for contract in contracts.get(supplier, ())),
        because=proposal(found.because) if found.because else None,
        proposals=tuple(map(proposal, found.proposals)),
    )


async def _register(conn: Connection, organisation: str, payees: Sequence[PayeeName], standing: Merges) -> Register:
    """Suppliers that were merged bear all their names together, and the number that one of them has."""
    rows = await conn.fetch(
        "SELECT supplier_id, name, normalised_name, company_number FROM spend.known_supplier"
        " WHERE organisation = $1 AND (normalised_name = ANY($2) OR company_number = ANY($3) OR beginning = ANY($4)"
        " OR beginning IS NULL) ORDER BY supplier_id, normalised_name",
        organisation,
        list({normalised_name(name) for _, name, _ in payees}),
        list({number for _, _, number in payees if number}),
        list({each for _, name, _ in payees for each in beginnings(name)}),
    )
    exact: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    numbers = {standing.now(row["supplier_id"]): row["company_number"] for row in rows}
    numbers |= await _numbers_of_merged(conn, organisation, standing)
    for supplier, _, normalised, _ in rows:
        now_known_as = standing.now(supplier)
        number = numbers[now_known_as]
        exact[normalised].append((now_known_as, number))
        if number is not None:
            exact[f"GB-COH-{number}"].append((now_known_as, number))
    return Register(
        exact=exact,
        alike=Registry(
            Company(standing.now(row["supplier_id"]), row["name"] or row["normalised_name"]) for row in rows
        ),
        numbers=numbers,
    )


async def _numbers_of_merged(conn: Connection, organisation: str, standing: Merges) -> dict[str, str | None]:
    """The company number of each supplier into which others were merged, whichever of them has it."""
    if not standing.into:
        return {}
    rows = await conn.fetch(
        "SELECT supplier_id, company_number FROM spend.known_supplier"
        " WHERE organisation = $1 AND company_number IS NOT NULL AND supplier_id = ANY($2)",
        organisation,
        list({*standing.into, *standing.into.values()}),
    )
    return dict.fromkeys(standing.into.values()) | {standing.now(row[0]): row[1] for row in rows}


async def _decided(conn: Connection, organisation: str, payees: Sequence[str], standing: Merges) -> dict[str, Decided]:
    rows = await conn.fetch(
        "SELECT payee_id, max(supplier_id) FILTER (WHERE accepted),"
        " array_agg(supplier_id) FILTER (WHERE NOT accepted) FROM spend.link_decision"
        " WHERE organisation = $1 AND payee_id = ANY($2) GROUP BY payee_id",
        organisation,
        payees,
    )
    return {
        payee: Decided(
            accepted=standing.now(accepted) if accepted else None, rejected=frozenset(map(standing.now, rejected or ()))
        )
        for payee, accepted, rejected in rows
    }


async def _contracts(
    conn: Connection, organisation: str, ids: list[str], standing: Merges
) -> Mapping[str, list[KnownContract]]:
    rows = await conn.fetch(
        "SELECT supplier_id, contract_id, reference, starts_on, ends_on, extends FROM spend.known_contract"
        " WHERE organisation = $1 AND supplier_id = ANY($2) ORDER BY contract_id",
        organisation,
        [each for supplier in ids for each in standing.group(supplier)],
    )
    found: defaultdict[str, list[KnownContract]] = defaultdict(list)
    for supplier, contract_id, reference, starts_on, ends_on, extends in rows:
        found[standing.now(supplier)].append(
            KnownContract(
                contract_id=contract_id, reference=reference, starts_on=starts_on, ends_on=ends_on, extends=extends
            )
        )
    return found


async def keep_supplier(
    conn: Connection,
    organisation: str,
    supplier: str,
    name: str,
    normalised: str,
    number: str | None,
    postcode: str | None,
) -> None:
    """Remember a name of a supplier on the register."""
    await conn.execute(
        "INSERT INTO spend.known_supplier"
        " (organisation, supplier_id, normalised_name, company_number, name, beginning, postcode)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (organisation, supplier_id, normalised_name) DO UPDATE SET name = excluded.name,"
        " beginning = excluded.beginning, postcode = excluded.postcode"
        " WHERE known_supplier.name IS NULL OR known_supplier.postcode IS DISTINCT FROM excluded.postcode",
        organisation, supplier, normalised, number, name, beginning(read_name(name).core), postcode,
    )  # fmt: skip


async def keep_payees(conn: Connection, organisation: str, rows: Iterable[PayeeName]) -> None:
    """Remember payees that are new."""
    unique = {payee: (name, number) for payee, name, number in rows}
    await conn.execute(
        "INSERT INTO spend.payee (organisation, payee_id, supplier_name, normalised_name, company_number, beginnings)"
        " SELECT $1, payee, name, normalised, number, string_to_array(parts, chr(10))"
        " FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) n(payee, name, normalised, number, parts)"
        " ON CONFLICT (organisation, payee_id) DO UPDATE SET beginnings = excluded.beginnings"
        " WHERE payee.beginnings IS NULL",
        organisation,
        list(unique),
        [name for name, _ in unique.values()],
        [normalised_name(name) for name, _ in unique.values()],
        [number for _, number in unique.values()],
        ["\n".join(beginnings(name)) for name, _ in unique.values()],
    )


async def touched_by(conn: Connection, organisation: str, supplier_ids: Iterable[str]) -> list[PayeeName]:
    """The payees on record whom these suppliers may be."""
    return [tuple(row) for row in await conn.fetch(TOUCHED, organisation, sorted(supplier_ids))]


async def identify(
    conn: Connection, organisation: str, payees: Iterable[str], registered: Mapping[str, KnownSupplier]
) -> list[Draft]:
    """Facts for payees who are now known, or not, to be otherwise than before, and for what is proposed of them."""
    on_record = await known.payees(conn, organisation, payees)
    drafts: list[Draft] = []
    changed: list[known.Payee] = []
    for payee, was in on_record.items():
        found = registered.get(payee)
        facts = _said_anew(was, found)
        if facts:
            drafts += [
                Draft(stream=f"payee/{payee}", version=version, fact=fact, happened_at=now())
                for version, fact in enumerate(facts, was.version + 1)
            ]
            changed.append(was.now(found, len(facts)))
    await known.name_payees(conn, organisation, changed)
    return drafts


def _said_anew(was: known.Payee, found: KnownSupplier | None) -> list[Fact]:
    supplier_id = found.supplier_id if found else None
    proposals = found.proposals if found else ()
    facts: list[Fact] = []
    if supplier_id != was.supplier_id:
        facts.append(identification(was.payee_id, was.supplier_name, found))
    if [each.supplier_id for each in proposals] != list(was.proposed):
        facts.append(proposed(was.payee_id, was.supplier_name, proposals))
    return facts
