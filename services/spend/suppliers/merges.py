"""Which suppliers of the register stand for one another now? A supplier is merged in one step or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eventlog.store import Connection


@dataclass(frozen=True, slots=True)
class Merges:
    """What stands merged within an organisation."""

    into: Mapping[str, str]
    """By the supplier that was merged, the one that it is now."""

    def now(self, supplier_id: str) -> str:
        """The supplier that this one is now: itself, unless it was merged."""
        return self.into.get(supplier_id, supplier_id)

    def group(self, supplier_id: str) -> Sequence[str]:
        """This supplier, and those that were merged into it."""
        return [supplier_id, *(one for one, other in self.into.items() if other == supplier_id)]


async def merges(conn: Connection, organisation: str) -> Merges:
    """All that stands; persons decide each, so they are few."""
    rows = await conn.fetch(
        "SELECT supplier_id, merged_into FROM spend.merged_supplier"
        " WHERE organisation = $1 AND merged_into IS NOT NULL ORDER BY supplier_id",
        organisation,
    )
    return Merges({row[0]: row[1] for row in rows})
