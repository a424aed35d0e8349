"""How does a register get on the record? Whole or not at all, one at a time per organisation."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from eventlog.codec import Codec, facts_in
from eventlog.decider import Command, Decider, State
from eventlog.envelope import Actor, Cause, Envelope
from eventlog.store import Connection, Draft, EventLog, Position
from schemas import contracts as published
from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived, SupplierStated
from schemas.fact import Fact
from services.contracts import domain
from services.contracts.dates import began
from services.contracts.identity import Identity, contract_id, identity_of, linked, placed
from services.contracts.intake import Register, read_register
from services.contracts.report import Count, report

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('register/' || $1, 0))"
SEQUENCED_WITHIN = 5.0  # seconds
AHEAD = 8  # contracts alike in identity that are looked for at a time

CONTRACT = (ContractAwarded, ContractRestated)
SUPPLIER = (SupplierStated,)

Stated = TypeVar("Stated", bound=Fact)

codec = Codec(*facts_in(published))


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file as sent, with its circumstances."""

    organisation: str
    file_name: str
    raw: bytes
    stated_on: date
    actor: Actor
    received_at: datetime

    @property
    def file_id(self) -> str:
        """A file is its bytes, whatever it is called."""
        return sha256(self.raw).hexdigest()

    @property
    def cause(self) -> Cause:
        """The same bytes for the same organisation are the same command."""
        command = uuid5(NAMESPACE_URL, f"register/{self.organisation}/{self.file_id}")
        return Cause(command_id=command, correlation_id=command)


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a register: facts by stream in the order of writing, and the counts."""

    drafts: list[Draft]
    received: RegisterReceived


async def import_register(log: EventLog, sent: Import) -> dict[str, object]:
    """Put a register on the record; the report. Raises BadRequest and Refused, nothing written."""
    register = await asyncio.to_thread(read_register, sent.raw, file_id=sent.file_id, stated_on=sent.stated_on)
    async with log.pool.acquire() as conn, conn.transaction():
        await conn.execute(LOCK, sent.organisation)
        before = await log.load(sent.organisation, f"register/{sent.file_id}", conn)
        if before:
            return _received_before(before, register)
        decided = await _decide(log, conn, sent, register)
        append_id = await log.record(sent.organisation, decided.drafts, actor=sent.actor, cause=sent.cause, conn=conn)
    log.appended.ring()
    positions = await log.positions(append_id, SEQUENCED_WITHIN)
    return report(decided.received, register.rejected, _ends(positions), already_received=False)


def _received_before(before: Sequence[Envelope], register: Register) -> dict[str, object]:
    """The report of a file whose bytes are on record: all that was taken then is known now."""
    first = codec.decode(before[0])
    assert isinstance(first, RegisterReceived), "a register's stream begins with its receipt"
    known = Count.of(register.contracts)
    again = replace(
        first, new_rows=0, new_pence=0, corrected_rows=0, corrected_pence=0,
        known_rows=known.rows, known_pence=known.pence,
    )  # fmt: skip
    return report(again, register.rejected, None, already_received=True)


def _ends(positions: Sequence[Position] | None) -> tuple[str, str] | None:
    return (str(positions[0]), str(positions[-1])) if positions else None


async def _decide(log: EventLog, conn: Connection, sent: Import, register: Register) -> Decided:
    """Every fact that this register adds to what is on record."""
    held = await _held(log, conn, sent.organisation, register.contracts)
    on_record = {fact.contract_id: fact for facts in held.values() for fact in facts}
    rows = linked(placed(sent.organisation, register.contracts, held), on_record)
    rows.sort(key=lambda row: row.line)
    commands = {f"contract/{row.contract_id}": domain.StateContract(row=row) for row in rows}
    statements = {
        f"supplier/{supplier_id}": domain.StateSupplier(statements=said)
        for supplier_id, said in domain.by_supplier(register.suppliers).items()
    }
    stated_at = began(sent.stated_on)
    supplied = await _drafts(log, conn, sent.organisation, domain.suppliers, SUPPLIER, statements, stated_at)
    contracted = await _drafts(log, conn, sent.organisation, domain.contracts, CONTRACT, commands, stated_at)
    received = _receipt(sent, register, [draft.fact for draft in contracted])
    facts: list[Fact] = [received, *register.rejected]
    file = [
        Draft(
            stream=f"register/{sent.file_id}",
            version=version,
            fact=fact,
            happened_at=sent.received_at,
        )
        for version, fact in enumerate(facts, start=1)
    ]
    return Decided(file + supplied + contracted, received)


async def _held(
    log: EventLog, conn: Connection, organisation: str, rows: Sequence[ContractAwarded]
) -> dict[Identity, list[ContractAwarded]]:
    """Per identity in the register, what was last said of each contract on record, by count."""
    held: dict[Identity, list[ContractAwarded]] = {identity_of(row): [] for row in rows}
    looking = set(held)
    while looking:
        streams = {
            f"contract/{contract_id(organisation, who, len(held[who]) + ahead)}": who
            for who in looking
            for ahead in range(1, AHEAD + 1)
        }
        found = await log.load_many(organisation, list(streams), conn)
        more = Counter(who for stream, who in streams.items() if found[stream])
        for stream, who in streams.items():
            said = domain.contracts.fold(_of(CONTRACT, found[stream])).said
            held[who] += [said] if said is not None else []
        looking = {who for who, count in more.items() if count == AHEAD}
    return held


def _of(kinds: tuple[type[Stated], ...], envelopes: Sequence[Envelope]) -> list[Stated]:
    return [fact for fact in map(codec.decode, envelopes) if isinstance(fact, kinds)]


async def _drafts(
    log: EventLog,
    conn: Connection,
    organisation: str,
    decider: Decider[Command, State, Stated],
    kinds: tuple[type[Stated], ...],
    commands: Mapping[str, Command],
    stated_at: datetime,
) -> list[Draft]:
    """Load, fold and decide many streams at once."""
    found = await log.load_many(organisation, list(commands), conn)
    drafts = []
    for stream, command in commands.items():
        state = decider.fold(_of(kinds, found[stream]))
        for version, fact in enumerate(decider.decide(command, state), start=len(found[stream]) + 1):
            drafts.append(Draft(stream=stream, version=version, fact=fact, happened_at=stated_at))
    return drafts


def _receipt(sent: Import, register: Register, facts: Sequence[Fact]) -> RegisterReceived:
    """The register's own fact: what became of each of its rows."""
    new = Count.of([fact for fact in facts if isinstance(fact, ContractAwarded)])
    corrected = Count.of([fact for fact in facts if isinstance(fact, ContractRestated)])
    taken = Count.of(register.contracts)
    known = taken - new - corrected
    values = [row.net_pence for row in register.rejected]
    rejected = Count(len(values), sum(pence or 0 for pence in values), values.count(None))
    return RegisterReceived(
        file_id=sent.file_id,
        file_name=sent.file_name,
        byte_count=len(sent.raw),
        stated_on=sent.stated_on,
        encoding=register.encoding,
        read_rows=taken.rows + rejected.rows,
        new_rows=new.rows,
        known_rows=known.rows,
        corrected_rows=corrected.rows,
        rejected_rows=rejected.rows,
        read_pence=taken.pence + rejected.pence,
        new_pence=new.pence,
        known_pence=known.pence,
        corrected_pence=corrected.pence,
        rejected_pence=rejected.pence,
        unreadable_rows=taken.unknown + rejected.unknown,
    )
