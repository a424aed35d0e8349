"""What do registers of companies, charities and postcodes claim, with their day?"""

from datetime import date

from msgspec import Struct

from eventlog.history import HistoryProjection, Table
from eventlog.projector import Recorded
from schemas import proclass
from schemas.spend import CharityDescribed, CompanyDescribed, PostcodePlaced


class CompanyRow(Struct, frozen=True, kw_only=True, gc=False):
    """A company as Companies House stated it last."""

    company_number: str
    name: str
    category: str
    status: str
    accounts_category: str | None
    postcode: str | None
    sic_codes: tuple[str, ...]
    proclass_code: str | None
    """What a company of its first SIC code mostly sells: ProClass 17, first level."""
    incorporated_on: date | None
    file_id: str
    stated_on: date


class CharityRow(Struct, frozen=True, kw_only=True, gc=False):
    """A charity, by its company's number, as the Charity Commission stated it last."""

    company_number: str
    charity_number: str
    name: str
    status: str
    postcode: str | None
    file_id: str
    stated_on: date


class PlaceRow(Struct, frozen=True, kw_only=True, gc=False):
    """A postcode as the Office for National Statistics placed it last."""

    postcode: str
    local_authority: str
    ward: str
    terminated: bool
    file_id: str
    stated_on: date


def company(_row: CompanyRow | None, fact: CompanyDescribed, _recorded: Recorded) -> CompanyRow:
    """What was stated last stands."""
    return CompanyRow(
        company_number=fact.company_number,
        name=fact.name,
        category=fact.category,
        status=fact.status,
        accounts_category=fact.accounts_category,
        postcode=fact.postcode,
        sic_codes=fact.sic_codes,
        proclass_code=proclass.crosswalked("SIC 2007", fact.sic_codes[0]) if fact.sic_codes else None,
        incorporated_on=fact.incorporated_on,
        file_id=fact.file_id,
        stated_on=fact.stated_on,
    )


def charity(_row: CharityRow | None, fact: CharityDescribed, _recorded: Recorded) -> CharityRow:
    """What was stated last stands."""
    return CharityRow(
        company_number=fact.company_number,
        charity_number=fact.charity_number,
        name=fact.name,
        status=fact.status,
        postcode=fact.postcode,
        file_id=fact.file_id,
        stated_on=fact.stated_on,
    )


def place(_row: PlaceRow | None, fact: PostcodePlaced, _recorded: Recorded) -> PlaceRow:
    """What was stated last stands."""
    return PlaceRow(
        postcode=fact.postcode,
        local_authority=fact.local_authority,
        ward=fact.ward,
        terminated=fact.terminated,
        file_id=fact.file_id,
        stated_on=fact.stated_on,
    )


suppliers_described = HistoryProjection(
    name="suppliers_described",
    version=2,
    topics=("spend.events",),
    tables=(
        Table(
            name="company",
            row=CompanyRow,
            key="company_number",
            facts=(CompanyDescribed,),
            key_of=lambda fact: fact.company_number,
            project=company,
            own_stream=True,
        ),
        Table(
            name="charity",
            row=CharityRow,
            key="company_number",
            facts=(CharityDescribed,),
            key_of=lambda fact: fact.company_number,
            project=charity,
            own_stream=True,
        ),
        Table(
            name="place",
            row=PlaceRow,
            key="postcode",
            facts=(PostcodePlaced,),
            key_of=lambda fact: fact.postcode,
            project=place,
            own_stream=True,
        ),
    ),
)
