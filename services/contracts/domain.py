"""Which contracts and suppliers does a register put on the record? Pure: no I/O, clock or chance.

A register is stated on a day. A contract it repeats word for word adds nothing; one it words
otherwise is restated; a register older than what is on record may not restate it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from eventlog.decider import Decider
from eventlog.errors import Refused
from schemas.contracts import ContractAwarded, ContractRestated, SupplierStated


class OlderThanRecord(Refused):
    """A later register has already said otherwise."""

    code = "older-than-record"
    remedy = "Import registers oldest first, or give the day on which this one was stated."


@dataclass(frozen=True, slots=True, kw_only=True)
class StateContract:
    """Put one row of a register on the record."""

    row: ContractAwarded


@dataclass(frozen=True, slots=True)
class Contract:
    """All that decide() must remember of one contract: what was last said of it."""

    said: ContractAwarded | None = None


ContractFact = ContractAwarded | ContractRestated

_WHERE = {"contract_id", "file_id", "line", "stated_on"}
_NAMES = ContractAwarded.__struct_fields__
_SAID = tuple(name for name in _NAMES if name not in _WHERE)


def said_of(contract: ContractAwarded) -> tuple[object, ...]:
    """What a register says of a contract, without where it says so."""
    return tuple(getattr(contract, name) for name in _SAID)


def decide_contract(command: StateContract, contract: Contract) -> list[ContractFact]:
    """Award a new contract, restate one that is said otherwise, ignore one that is as it was."""
    row = command.row
    if contract.said is None:
        return [row]
    if said_of(contract.said) == said_of(row):
        return []
    if row.stated_on < contract.said.stated_on:
        raise OlderThanRecord(
            f"Line {row.line} says something else of a contract than the register of"
            f" {contract.said.stated_on}, and is stated on {row.stated_on}."
        )
    return [ContractRestated(**{name: getattr(row, name) for name in _NAMES})]


def evolve_contract(_contract: Contract, fact: ContractFact) -> Contract:
    """The latest word stands."""
    match fact:
        case ContractAwarded():
            return Contract(fact)
        case ContractRestated():
            return Contract(ContractAwarded(**{name: getattr(fact, name) for name in _NAMES}))
        case _:
            assert_never(fact)


contracts: Decider[StateContract, Contract, ContractFact] = Decider(decide_contract, evolve_contract, Contract())


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSupplier:
    """Put on the record all that one register says of one supplier."""

    statements: tuple[SupplierStated, ...]


Wording = tuple[str, str | None, str | None, bool | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Supplier:
    """What the latest register that brought something new says of a supplier."""

    stated_on: date = date.min
    wordings: frozenset[Wording] = frozenset()


def wording_of(fact: SupplierStated) -> Wording:
    """What a row says of a supplier, without where it says so."""
    return fact.name, fact.company_number, fact.postcode, fact.sme, fact.additional_identifiers


def decide_supplier(command: StateSupplier, supplier: Supplier) -> list[SupplierStated]:
    """Every wording of a later register when it differs; of the same day's, the wordings that are new."""
    wanted = {wording_of(fact) for fact in command.statements}
    stated_on = max(fact.stated_on for fact in command.statements)
    if stated_on <= supplier.stated_on:
        wanted -= supplier.wordings
        if wanted and stated_on < supplier.stated_on:
            raise OlderThanRecord(
                f"Line {command.statements[0].line} says something else of a supplier than the"
                f" register of {supplier.stated_on}, and is stated on {stated_on}."
            )
    elif wanted == supplier.wordings:
        return []
    new = []
    for fact in command.statements:
        if wording_of(fact) in wanted:
            wanted.remove(wording_of(fact))
            new.append(fact)
    return new


def evolve_supplier(supplier: Supplier, fact: SupplierStated) -> Supplier:
    """A later register's wordings replace the earlier one's; the same day's stand beside each other."""
    if fact.stated_on > supplier.stated_on:
        return Supplier(fact.stated_on, frozenset({wording_of(fact)}))
    return Supplier(supplier.stated_on, supplier.wordings | {wording_of(fact)})


suppliers: Decider[StateSupplier, Supplier, SupplierStated] = Decider(decide_supplier, evolve_supplier, Supplier())


def usual_last(facts: Iterable[SupplierStated]) -> tuple[SupplierStated, ...]:
    """One statement per wording, the one given by most rows last: it is the one that stands."""
    first: dict[Wording, SupplierStated] = {}
    count: dict[Wording, int] = {}
    for fact in facts:
        first.setdefault(wording_of(fact), fact)
        count[wording_of(fact)] = count.get(wording_of(fact), 0) + 1
    return tuple(first[w] for w in sorted(first, key=lambda wording: (count[wording], repr(wording))))


def by_supplier(facts: Iterable[SupplierStated]) -> Mapping[str, tuple[SupplierStated, ...]]:
    """What one register says of each of its suppliers."""
    found: dict[str, list[SupplierStated]] = {}
    for fact in facts:
        found.setdefault(fact.supplier_id, []).append(fact)
    return {supplier_id: usual_last(said) for supplier_id, said in found.items()}
