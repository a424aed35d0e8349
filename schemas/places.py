"""Where does a local authority lie? Districts, counties, combined authorities and regions of the United Kingdom.

Source and licence are in `reference/README.md`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from schemas.proclass import REFERENCE

Area = Literal["borough", "city_region", "region"]
DATED = "2026-11-23"


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority."""

    code: str
    """As in its org-id, `SLF` of GB-LAE-SLF."""
    name: str
    gss: str
    region: str
    combined_authority: str
    """Its code; empty where there is none."""
    county: str
    """The code of the county council over a district; empty where there is none."""


@cache
def _authorities() -> Mapping[str, Authority]:
    with (REFERENCE / "local-authorities.csv").open(encoding="utf-8", newline="") as file:
        return {row["gss"]: Authority(**row) for row in csv.DictReader(file)}


@cache
def _by_code() -> Mapping[str, Authority]:
    return {authority.code: authority for authority in _authorities().values()}


def authority_of(organisation: str) -> Authority | None:
    """The local authority that an organisation is, by its org-id; None where it is none."""
    scheme, _, code = organisation.rpartition("-")
    return _by_code().get(code) if scheme == "GB-LAE" else None


def defined(organisation: str, area: Area) -> bool:
    """Whether an organisation has an area of this kind: not every council is in a combined authority."""
    own = authority_of(organisation)
    return own is not None and (area != "city_region" or bool(own.combined_authority))


def within(organisation: str, area: Area, district: str) -> bool | None:
    """Whether a district, by its GSS code, lies in an organisation's area; None for a district that is not known.

    A county's own area is its districts.
    """
    own, other = authority_of(organisation), _authorities().get(district)
    if own is None or other is None:
        return None
    match area:
        case "borough":
            return other.gss == own.gss or other.county == own.code
        case "city_region":
            return other.combined_authority == own.combined_authority != ""
        case "region":
            return other.region == own.region
