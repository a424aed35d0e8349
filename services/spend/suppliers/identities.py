"""Who is behind the names that were paid? Looked up among the suppliers that contracts told of, and kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from eventlog.clock import now
from eventlog.store import Connection, Draft
from schemas.fact import Fact
from schemas.supplier_names import normalised_name
from services.spend import known
from services.spend.domain import KnownSupplier, Numbers
from services.spend.judgement.contract import KnownContract
from services.spend.suppliers.linking import UNDECIDED, Decided, Fit, Register, fit, identification, proposal, proposed
from services.spend.suppliers.matching import Company, Registry, beginning, beginnings, read_name
from services.spend.suppliers.merges import Merges, merges
from services.spend.suppliers.stated_numbers import KnownBy, PayeeName, known_numbers

TOUCHED = """
    WITH touched AS MATERIALIZED (
        SELECT normalised_name, beginning, numbers FROM spend.known_supplier
        WHERE organisation = $1 AND supplier_id = ANY($2)
    ), known AS MATERIALIZED (
        SELECT unnest(numbers) AS number FROM touched
        UNION
        SELECT unnest(numbers) FROM spend.reference WHERE organisation = $1
            AND numbers && (SELECT array_agg(number) FROM touched, unnest(numbers) number)
    ), stated AS MATERIALIZED (
        SELECT name_key, trading_key, numbers FROM spend.master_record WHERE organisation = $1
            AND numbers && (SELECT array_agg(number) FROM known)
    ), names AS (
        SELECT normalised_name AS name FROM touched UNION SELECT name_key FROM stated
        UNION SELECT trading_key FROM stated WHERE trading_key IS NOT NULL
    ), numbers AS (
        SELECT number FROM known UNION SELECT unnest(numbers) FROM stated
    )
    SELECT payee_id, supplier_name, numbers FROM spend.payee WHERE organisation = $1 AND (
        beginnings IS NULL
        OR normalised_name IN (SELECT name FROM names)
        OR numbers && (SELECT array_agg(number) FROM numbers)
        OR beginnings && (SELECT array_agg(beginning) FROM touched)
        OR payee_id IN (SELECT payee_id FROM spend.link_decision WHERE organisation = $1 AND supplier_id = ANY($2))
    ) ORDER BY payee_id
"""
"""Payees whom any of these suppliers may be; those whose names were kept before names were compared are looked at again."""


TOLD = (
    "contract_id", "reference", "starts_on", "ends_on", "extends", "value_pence", "annual_pence", "supplier_name", "title",
)  # fmt: skip
"""What is kept of a contract, beside whose it is."""


async def suppliers(conn: Connection, organisation: str, payees: Iterable[PayeeName]) -> dict[str, KnownSupplier]:
    """For each payee that fits anybody on the register, or is like somebody, whom."""
    wanted = list(payees)
    numbers = await known_numbers(conn, organisation, wanted)
    standing = await merges(conn, organisation)
    register = await _register(conn, organisation, wanted, numbers, standing)
    decided = await _decided(conn, organisation, list(numbers), standing)
    fits = {
        payee: found
        for payee, name, _ in wanted
        for by in [numbers[payee]]
        if (found := fit(name, by.certain, register, decided.get(payee, UNDECIDED), by.shared)) is not None
    }
    ids = {supplier for found in fits.values() for supplier in found.suppliers}
    contracts = await _contracts(conn, organisation, sorted(ids), standing)
    return {payee: _known(found, contracts) for payee, found in fits.items()}


def _known(found: Fit, contracts: Mapping[str, Sequence[KnownContract]]) -> KnownSupplier:
    return KnownSupplier(
        supplier_id=found.suppliers[0] if found.certain else None,  # GB-COH- sorts before NAME-
        basis=found.basis,
        contracts=tuple(contract for supplier in found.suppliers for contract in contracts.get(supplier, ())),
        because=proposal(found.because) if found.because else None,
        proposals=tuple(map(proposal, found.proposals)),
    )


async def _register(
    conn: Connection,
    organisation: str,
    payees: Sequence[PayeeName],
    known_by: Mapping[str, KnownBy],
    standing: Merges,
) -> Register:
    """Suppliers that were merged bear all their names and numbers together."""
    rows = await conn.fetch(
        "SELECT supplier_id, name, normalised_name, numbers FROM spend.known_supplier"
        " WHERE organisation = $1 AND (normalised_name = ANY($2) OR numbers && $3 OR beginning = ANY($4)"
        " OR beginning IS NULL) ORDER BY supplier_id, normalised_name",
        organisation,
        list({normalised_name(payee.name) for payee in payees}),
        list({number for each in known_by.values() for number in (*each.certain, *each.shared)}),
        list({each for payee in payees for each in beginnings(payee.name)}),
    )
    numbers = await _numbers(conn, organisation, {row["supplier_id"] for row in rows}, standing)
    exact: defaultdict[str, list[tuple[str, Numbers]]] = defaultdict(list)
    for supplier, _, normalised, own in rows:
        now_known_as = standing.now(supplier)
        for key in (normalised, *own):
            exact[key].append((now_known_as, numbers[now_known_as]))
    return Register(
        exact=exact,
        alike=Registry(
            Company(standing.now(row["supplier_id"]), row["name"] or row["normalised_name"]) for row in rows
        ),
        numbers=numbers,
    )


async def _numbers(
    conn: Connection, organisation: str, ids: Collection[str], standing: Merges
) -> Mapping[str, Numbers]:
    """All numbers of these suppliers as they stand merged, whichever name of whichever of them has it."""
    rows = await conn.fetch(
        "SELECT supplier_id, numbers FROM spend.known_supplier WHERE organisation = $1 AND supplier_id = ANY($2)",
        organisation,
        sorted({one for each in ids for one in standing.group(standing.now(each))}),
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for supplier, own in rows:
        found[standing.now(supplier)] |= set(own)
    return {supplier: tuple(sorted(each)) for supplier, each in found.items()}


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
        "SELECT supplier_id, contract_id, reference, starts_on, ends_on, extends, value_pence, annual_pence, supplier_name,"
        " title FROM spend.known_contract"
        " WHERE organisation = $1 AND supplier_id = ANY($2) ORDER BY contract_id",
        organisation,
        [each for supplier in ids for each in standing.group(supplier)],
    )
    found: defaultdict[str, list[KnownContract]] = defaultdict(list)
    for supplier, *told in rows:
        found[standing.now(supplier)].append(KnownContract(**dict(zip(TOLD, told, strict=True))))
    return found


async def keep_supplier(
    conn: Connection,
    organisation: str,
    supplier: str,
    name: str,
    normalised: str,
    numbers: Numbers,
    postcode: str | None,
) -> None:
    """Remember a name of a supplier on the register."""
    await conn.execute(
        "INSERT INTO spend.known_supplier"
        " (organisation, supplier_id, normalised_name, numbers, name, beginning, postcode)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (organisation, supplier_id, normalised_name) DO UPDATE SET name = excluded.name,"
        " beginning = excluded.beginning, postcode = excluded.postcode,"
        " numbers = ARRAY(SELECT DISTINCT unnest(known_supplier.numbers || excluded.numbers) ORDER BY 1)"
        " WHERE known_supplier.name IS NULL OR known_supplier.postcode IS DISTINCT FROM excluded.postcode"
        " OR NOT known_supplier.numbers @> excluded.numbers",
        organisation, supplier, normalised, list(numbers), name, beginning(read_name(name).core), postcode,
    )  # fmt: skip


async def keep_payees(conn: Connection, organisation: str, rows: Iterable[PayeeName]) -> dict[str, PayeeName]:
    """Remember payees and numbers that are new; all of these payees, with all their numbers."""
    unique = _with_all_numbers(rows)
    await conn.execute(
        "INSERT INTO spend.payee (organisation, payee_id, supplier_name, normalised_name, numbers, beginnings)"
        " SELECT $1, payee, name, normalised, string_to_array(numbers, chr(10)), string_to_array(parts, chr(10))"
        " FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) n(payee, name, normalised, numbers, parts)"
        " ON CONFLICT (organisation, payee_id) DO UPDATE SET beginnings = excluded.beginnings,"
        " numbers = ARRAY(SELECT DISTINCT unnest(payee.numbers || excluded.numbers) ORDER BY 1)"
        " WHERE payee.beginnings IS NULL OR NOT payee.numbers @> excluded.numbers",
        organisation,
        [payee.payee_id for payee in unique],
        [payee.name for payee in unique],
        [normalised_name(payee.name) for payee in unique],
        ["\n".join(payee.numbers) for payee in unique],
        ["\n".join(beginnings(payee.name)) for payee in unique],
    )
    kept = await conn.fetch(
        "SELECT payee_id, supplier_name, numbers FROM spend.payee WHERE organisation = $1 AND payee_id = ANY($2)",
        organisation,
        [payee.payee_id for payee in unique],
    )
    return {payee: PayeeName(payee, name, tuple(numbers)) for payee, name, numbers in kept}


def _with_all_numbers(rows: Iterable[PayeeName]) -> list[PayeeName]:
    found: dict[str, PayeeName] = {}
    for payee in rows:
        before = found.get(payee.payee_id, payee)
        found[payee.payee_id] = payee._replace(numbers=tuple(sorted({*before.numbers, *payee.numbers})))
    return list(found.values())


async def touched_by(conn: Connection, organisation: str, supplier_ids: Iterable[str]) -> list[PayeeName]:
    """The payees on record whom these suppliers may be."""
    rows = await conn.fetch(TOUCHED, organisation, sorted(supplier_ids))
    return [PayeeName(payee, name, tuple(own)) for payee, name, own in rows]


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
