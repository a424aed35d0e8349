"""What the spend service publishes of companies, charities and postcodes: claims of registers, each with its day."""

from datetime import date

from schemas.fact import Fact


class CompanyDescribed(Fact, personal=("name", "postcode")):
    """Companies House states a company that the organisation knows a supplier or payee to be."""

    company_number: str
    """Eight characters."""
    name: str
    category: str
    """What kind of company, in the register's own words, as `Private Limited Company`."""
    status: str
    accounts_category: str | None
    """Which accounts it filed last, in the register's own words, as `MICRO ENTITY`."""
    postcode: str | None
    """Of its registered office."""
    sic_codes: tuple[str, ...]
    """SIC 2007, five digits."""
    incorporated_on: date | None
    file_id: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    stated_on: date
    """The day of the file's edition."""


class CharityDescribed(Fact, personal=("name", "postcode")):
    """The Charity Commission states a charity whose company number the organisation knows."""

    charity_number: str
    company_number: str
    name: str
    status: str
    """In the register's own words, as `Registered`."""
    postcode: str | None
    file_id: str
    stated_on: date


class PostcodePlaced(Fact, personal=("postcode",)):
    """The Office for National Statistics places a postcode of a supplier that the organisation knows."""

    postcode: str
    """As `M5 4WU`."""
    local_authority: str
    """GSS code of the district, as E08000006."""
    ward: str
    """GSS code."""
    terminated: bool
    """The Royal Mail uses it no more; it lay there."""
    file_id: str
    stated_on: date
