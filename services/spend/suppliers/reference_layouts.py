"""How do Companies House, the Charity Commission and the Office for National Statistics publish? Rows to claims; pure.

Layouts: Companies House free company data product (basic company data, CSV, one file or several in a zip); the Charity
Commission's register extract `publicextract.charity` (tab-separated); ONS Postcode Directory and National Statistics
Postcode Lookup (CSV). They are recognised by their columns.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from doors.problems import BadRequest
from schemas.spend import CharityDescribed, CompanyDescribed, PostcodePlaced
from schemas.supplier_names import company_number

Kind = Literal["companies", "charities", "postcodes"]
POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")


@dataclass(frozen=True, slots=True)
class Edition:
    """A file, and the day of its edition."""

    file_id: str
    stated_on: date


Claim = CompanyDescribed | CharityDescribed | PostcodePlaced
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file as its columns were found: where its rows' key is, and what a row becomes."""

    kind: Kind
    key: Callable[[Row], str | None]
    read: Callable[[Row, Edition], Claim]


def layout_of(header: Sequence[str]) -> Layout:
    """Which file has these columns. Raises BadRequest where it is none that is known."""
    places = {name.strip().lower(): place for place, name in enumerate(header)}
    for recognise in (_companies, _charities, _postcodes):
        found = recognise(places)
        if found is not None:
            return found
    raise BadRequest(
        422, "no-reference-file",
        f"This is no register that is known here: its columns are {', '.join(header[:6])[:200]}.",
        remedy="Give Companies House's basic company data, the Charity Commission's extract of charities, or ONSPD or NSPL.",
    )  # fmt: skip


def postcode_of(text: str | None) -> str | None:
    """A postcode as `M5 4WU`; None for what is none."""
    found = POSTCODE.match(re.sub(r"\s", "", (text or "").upper()))
    return None if found is None else f"{found[1]} {found[2]}"


def wanted_rows(rows: Iterator[Row], layout: Layout, wanted: Collection[str]) -> Iterator[tuple[str, Row]]:
    """The rows whose key is wanted; rows that are too short are passed by."""
    for row in rows:
        try:
            key = layout.key(row)
        except IndexError:
            continue
        if key is not None and key in wanted:
            yield key, row


def _companies(places: Mapping[str, int]) -> Layout | None:
    needed = ("companyname", "companynumber", "companycategory", "companystatus", "accounts.accountcategory",
              "regaddress.postcode", "siccode.sictext_1", "incorporationdate")  # fmt: skip
    if not places.keys() >= set(needed):
        return None
    name, number, category, status, accounts, postcode, _, incorporated = (places[column] for column in needed)
    sics = [places[column] for n in range(1, 5) if (column := f"siccode.sictext_{n}") in places]

    def read(row: Row, edition: Edition) -> CompanyDescribed:
        return CompanyDescribed(
            company_number=company_number(row[number]) or row[number],
            name=row[name],
            category=row[category],
            status=row[status],
            accounts_category=row[accounts] or None,
            postcode=postcode_of(row[postcode]),
            sic_codes=tuple(found[0] for place in sics if (found := re.match(r"[0-9]{4,5}", row[place]))),
            incorporated_on=_british_day(row[incorporated]),
            file_id=edition.file_id,
            stated_on=edition.stated_on,
        )

    return Layout("companies", lambda row: company_number(row[number]), read)


def _charities(places: Mapping[str, int]) -> Layout | None:
    needed = ("registered_charity_number", "charity_name", "charity_registration_status",
              "charity_contact_postcode", "charity_company_registration_number")  # fmt: skip
    if not places.keys() >= set(needed):
        return None
    number, name, status, postcode, company = (places[column] for column in needed)

    def read(row: Row, edition: Edition) -> CharityDescribed:
        return CharityDescribed(
            charity_number=row[number],
            company_number=company_number(row[company]) or row[company],
            name=row[name],
            status=row[status],
            postcode=postcode_of(row[postcode]),
            file_id=edition.file_id,
            stated_on=edition.stated_on,
        )

    return Layout("charities", lambda row: company_number(row[company]), read)


def _postcodes(places: Mapping[str, int]) -> Layout | None:
    """The columns were renamed over the years: `laua` and `ward` by most editions, `oslaua` and `osward` by others."""
    postcode = next((places[name] for name in ("pcds", "pcd", "pcd2") if name in places), None)
    district = next(
        (places[name] for name in ("laua", "oslaua", "lad23cd", "lad24cd", "lad25cd") if name in places), None
    )
    ward = next((places[name] for name in ("ward", "osward", "wd23cd", "wd24cd", "wd25cd") if name in places), None)
    ended = places.get("doterm")
    if postcode is None or district is None or ward is None:
        return None

    def read(row: Row, edition: Edition) -> PostcodePlaced:
        return PostcodePlaced(
            postcode=postcode_of(row[postcode]) or row[postcode],
            local_authority=row[district],
            ward=row[ward],
            terminated=ended is not None and bool(row[ended].strip()),
            file_id=edition.file_id,
            stated_on=edition.stated_on,
        )

    return Layout("postcodes", lambda row: postcode_of(row[postcode]), read)


def _british_day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text.strip())
    return None if found is None else date(int(found[3]), int(found[2]), int(found[1]))
