"""Which contract is a register's row? Pure.

A contract is known by reference, supplier and title, in the forms in which they are compared. Where
several rows agree in all three (lots, renewals under the same name), each is matched with the
contract on record that it resembles most; what is left over is new and takes the next count. The
order of a file's rows plays no part.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from msgspec.structs import replace

from eventlog.errors import Refused
from schemas.contracts import ContractAwarded
from schemas.supplier_names import normalised_name
from services.contracts.domain import said_of

ALIKE = 500


class TooManyAlike(Refused):
    """Rows that cannot be told apart by reference, supplier and title are no register."""

    code = "too-many-alike"
    remedy = "Check that the columns for reference, supplier and title hold what their names say."


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """Reference, supplier and title, as they are compared."""

    reference: str
    supplier: str
    title: str


def identity_of(row: ContractAwarded) -> Identity:
    """How a row is recognised in another register: case and punctuation of names do not count."""
    return Identity((row.reference or "").upper(), normalised_name(row.supplier_name), row.title.casefold())


def contract_id(organisation: str, identity: Identity, count: int) -> str:
    """Organisation, then a digest of identity and, from the second on, the count among its like."""
    parts: list[str | int] = [identity.reference, identity.supplier, identity.title]
    text = json.dumps(parts if count == 1 else [*parts, count], separators=(",", ":"))
    return f"{organisation}-{sha256(text.encode()).hexdigest()[:20]}"


Key = Callable[[ContractAwarded], object]

_CLOSER: tuple[Key, ...] = (
    lambda row: said_of(replace(row, extends_contract_id=None)),
    lambda row: (row.starts_on, row.description),
    lambda row: row.description,
    lambda row: row.starts_on,
    lambda _row: None,
)


def _settled(row: ContractAwarded) -> tuple[str, ...]:
    """An order of rows that does not depend on the file's."""
    return (str(row.starts_on or date.max), *map(str, said_of(replace(row, extends_contract_id=None))))


def placed(
    organisation: str,
    rows: Iterable[ContractAwarded],
    held: Mapping[Identity, Sequence[ContractAwarded]],
) -> list[ContractAwarded]:
    """The rows with their contract ids; `held` lists, per identity, what is on record by count.

    Raises TooManyAlike.
    """
    groups: defaultdict[Identity, list[ContractAwarded]] = defaultdict(list)
    for row in rows:
        groups[identity_of(row)].append(row)
    if groups and max(map(len, groups.values())) > ALIKE:
        raise TooManyAlike(f"More than {ALIKE} rows have the same reference, supplier and title.")
    return [
        row
        for identity, group in groups.items()
        for row in _placed(organisation, identity, sorted(group, key=_settled), held.get(identity, ()))
    ]


def _placed(
    organisation: str,
    identity: Identity,
    rows: list[ContractAwarded],
    held: Sequence[ContractAwarded],
) -> list[ContractAwarded]:
    free = list(held)
    found: list[ContractAwarded] = []
    for key in _CLOSER:
        left = []
        for row in rows:
            match = next((contract for contract in free if key(contract) == key(row)), None)
            if match is None:
                left.append(row)
            else:
                free.remove(match)
                found.append(replace(row, contract_id=match.contract_id))
        rows = left
    return found + [
        replace(row, contract_id=contract_id(organisation, identity, count))
        for count, row in enumerate(rows, start=len(held) + 1)
    ]


def linked(rows: Iterable[ContractAwarded], held: Mapping[str, ContractAwarded]) -> list[ContractAwarded]:
    """Each row with the contract that it extends: the first under its reference and supplier.

    The first is the one that starts first, then the larger. A row that stands alone in this
    register keeps the link it has on record (`held`, by contract id).
    """
    groups: defaultdict[tuple[str, ...], list[ContractAwarded]] = defaultdict(list)
    for row in rows:
        groups[_agreement(row)].append(row)
    return [row for group in groups.values() for row in _linked(group, held)]


def _agreement(row: ContractAwarded) -> tuple[str, ...]:
    if row.reference is None or row.supplier_id is None:
        return (row.contract_id,)
    return (row.reference.upper(), row.supplier_id)


def _linked(group: list[ContractAwarded], held: Mapping[str, ContractAwarded]) -> list[ContractAwarded]:
    if len(group) == 1:
        known = held.get(group[0].contract_id)
        return [replace(group[0], extends_contract_id=known.extends_contract_id)] if known else group
    first = min(group, key=lambda row: (row.starts_on or date.max, -(row.value_pence or 0), row.contract_id))
    return [row if row is first else replace(row, extends_contract_id=first.contract_id) for row in group]
