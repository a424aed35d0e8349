"""What counts as local? Postcode districts of each council's area, as a dated list of our own.

Dated 2026-11-23. Basis: outward codes of which a substantial part lies in the council's area, set
down by hand from general knowledge of Royal Mail's districts; districts cross borders (M3 is shared
with Manchester), so this is an approximation and no official boundary. It is to be replaced by the
ONS Postcode Directory once that can be loaded. A supplier's postcode is the one its contract
register gives: often a registered or billing office, not where the work is done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

DATED = date(2026, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A council, and the postcode districts that are taken to be its area."""

    name: str
    districts: tuple[str, ...]


def _districts(area: str, numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"{area}{number}" for number in numbers)


PLACES = {
    "GB-LAE-SLF": Place(
        name="Salford City Council",
        districts=_districts("M", (3, 5, 6, 7, 27, 28, 30, 38, 44, 50)),
    ),
    "GB-LAE-DEV": Place(
        name="Devon County Council",
        districts=(
            *_districts("EX", (*range(1, 23), *range(31, 40))),
            *_districts("TQ", range(6, 14)),
            *_districts("PL", (7, 8, 16, 19, 20, 21)),
        ),
    ),
}


def name_of(organisation: str) -> str:
    """An organisation's name; its identifier where none is known here."""
    place = PLACES.get(organisation)
    return organisation if place is None else place.name


def local_districts() -> list[str]:
    """Every local district behind its organisation, as `GB-LAE-SLF M5`."""
    return [f"{key} {district}" for key, place in PLACES.items() for district in place.districts]
