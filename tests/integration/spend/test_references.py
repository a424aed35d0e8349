"""Registers of companies, charities and postcodes, in their published layouts: of millions of rows those that concern us."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import asyncpg
import httpx

from eventlog.codec import Codec, facts_in
from eventlog.store import EventLog
from schemas import spend
from schemas.contracts import SupplierStated
from schemas.fact import Fact
from schemas.spend import CharityDescribed, CompanyDescribed, PostcodePlaced
from schemas.supplier_names import normalised_name, supplier_id
from services.spend.judgement.judging import KnownContracts
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import error
from tests.integration.spend.test_judging import recorded
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
NAME, NUMBER = "Northern Playgrounds Limited", "01234567"
HEADERS = Path(__file__).parent / "reference_headers"
"""The first lines of the files as they are published."""


def table(layout: str, *rows: dict[str, str], delimiter: str = ",") -> bytes:
    """A file in a published layout, with columns that nobody names left empty."""
    header = next(csv.reader([(HEADERS / f"{layout}.csv").read_text()], delimiter=delimiter))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    for row in rows:
        assert row.keys() <= {name.strip() for name in header}
        writer.writerow([row.get(name.strip(), "") for name in header])
    return out.getvalue().encode()


COMPANY = {
    "CompanyName": "NORTHERN PLAYGROUNDS LIMITED", "CompanyNumber": "1234567", "RegAddress.PostCode": "m5 4wu",
    "CompanyCategory": "Private Limited Company", "CompanyStatus": "Active", "IncorporationDate": "29/07/2020",
    "Accounts.AccountCategory": "MICRO ENTITY", "SICCode.SicText_1": "43999 - Other specialised construction",
}  # fmt: skip
OTHERS = [{**COMPANY, "CompanyNumber": str(9_000_000 + n), "CompanyName": f"OTHER {n} LTD"} for n in range(500)]
DESCRIBED = {
    "company_number": NUMBER, "name": "NORTHERN PLAYGROUNDS LIMITED", "category": "Private Limited Company",
    "status": "Active", "accounts_category": "MICRO ENTITY", "postcode": "M5 4WU", "sic_codes": ("43999",),
    "incorporated_on": date(2020, 7, 29),
}  # fmt: skip


async def known_suppliers(pool: asyncpg.Pool) -> None:
    log = EventLog("spend", pool)
    await log.log_id(SALFORD)
    said = SupplierStated(
        supplier_id=supplier_id(NUMBER, NAME), name=NAME, normalised_name=normalised_name(NAME),
        company_number=NUMBER, postcode="m27 8ab", sme=True, file_id="f", line=2, stated_on=date(2022, 7, 31),
    )  # fmt: skip
    async with pool.acquire() as conn, conn.transaction():
        await KnownContracts(log).apply(conn, "unused", [recorded(0, said)])


async def send(doors: httpx.AsyncClient, name: str, content: bytes) -> httpx.Response:
    return await doors.post(
        "/reference-files", params={"file_name": name}, content=content, headers=bearer("ledger")
    )  # fmt: skip


async def told(pool: asyncpg.Pool, stream: str) -> list[Fact]:
    codec = Codec(*facts_in(spend))
    return [codec.decode(each) for each in await EventLog("spend", pool).load(SALFORD, stream)]


async def test_a_company_that_is_known_is_described_and_all_others_are_passed_by(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await known_suppliers(spend_pool)
    content = table("companies", *OTHERS[:250], COMPANY, *OTHERS[250:])
    answer = (await send(doors, "BasicCompanyDataAsOneFile-2026-11-01.csv", content)).json()
    assert (answer["kind"], answer["stated_on"]) == ("companies", "2026-11-01")
    assert answer["rows"] == {"read": 501, "wanted": 1, "found": 1, "new": 1}
    (fact,) = await told(spend_pool, f"company/{NUMBER}")
    assert fact == CompanyDescribed(**DESCRIBED, file_id=answer["file_id"], stated_on=date(2026, 11, 1))  # type: ignore[arg-type]


async def test_the_same_again_adds_nothing_and_a_later_edition_only_what_it_says_otherwise(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await known_suppliers(spend_pool)
    content = table("companies", COMPANY)
    await send(doors, "BasicCompanyData-2026-11-01-part1.csv", content)
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "Companies House")
        archive.writestr("BasicCompanyData-2026-12-01.csv", content)
    same = (await send(doors, "BasicCompanyData-2026-12-01.zip", packed.getvalue())).json()
    assert same["rows"] == {"read": 1, "wanted": 1, "found": 1, "new": 0}
    other = table("companies", {**COMPANY, "Accounts.AccountCategory": "SMALL"})
    assert (await send(doors, "BasicCompanyData-2027-01-01.csv", other)).json()["rows"]["new"] == 1
    assert (await send(doors, "BasicCompanyData-2026-12-15.csv", content)).json()["rows"]["new"] == 0  # an older one
    first, second = await told(spend_pool, f"company/{NUMBER}")
    assert isinstance(first, CompanyDescribed)
    assert isinstance(second, CompanyDescribed)
    assert (first.accounts_category, second.accounts_category, second.stated_on) == (
        "MICRO ENTITY", "SMALL", date(2027, 1, 1),
    )  # fmt: skip


async def test_postcodes_of_the_register_and_of_registered_offices_are_placed(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await known_suppliers(spend_pool)
    await send(doors, "companies-2026-11-01.csv", table("companies", COMPANY))
    rows: list[dict[str, str]] = [
        {"pcd": "M5  4WU", "pcds": "M5 4WU", "laua": "E08000006", "ward": "E05013684"},
        {"pcd": "M27 8AB", "pcds": "M27 8AB", "laua": "E08000006", "ward": "E05013690", "doterm": "202001"},
        {"pcd": "L1  1AA", "pcds": "L1 1AA", "laua": "E08000012", "ward": "E05000891"},
    ]
    answer = (await send(doors, "NSPL_AUG_2026_UK.csv", table("postcodes", *rows))).json()
    assert (answer["kind"], answer["rows"]) == ("postcodes", {"read": 3, "wanted": 2, "found": 2, "new": 2})
    (office,) = await told(spend_pool, "postcode/M54WU")
    (registers,) = await told(spend_pool, "postcode/M278AB")
    assert isinstance(office, PostcodePlaced)
    assert isinstance(registers, PostcodePlaced)
    assert (office.local_authority, office.ward, office.terminated) == ("E08000006", "E05013684", False)
    assert (registers.postcode, registers.terminated) == ("M27 8AB", True)


async def test_a_charity_is_known_by_its_companys_number(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    await known_suppliers(spend_pool)
    row: dict[str, Any] = {
        "registered_charity_number": "1049226", "charity_name": "NORTHERN PLAYGROUNDS", "charity_registration_status":
        "Registered", "charity_contact_postcode": "M5 4WU", "charity_company_registration_number": "01234567",
    }  # fmt: skip
    stranger = {**row, "registered_charity_number": "2", "charity_company_registration_number": ""}
    content = table("charities", row, stranger, delimiter="\t")
    answer = (await send(doors, "publicextract.charity-20261101.txt", content)).json()
    assert answer["rows"] == {"read": 2, "wanted": 1, "found": 1, "new": 1}
    assert await told(spend_pool, f"charity/{NUMBER}") == [
        CharityDescribed(
            charity_number="1049226", company_number=NUMBER, name="NORTHERN PLAYGROUNDS", status="Registered",
            postcode="M5 4WU", file_id=answer["file_id"], stated_on=date(2026, 11, 1),
        )
    ]  # fmt: skip


async def test_a_file_that_is_none_of_these_is_refused_with_what_it_is(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    for name, content in (
        ("spend.csv", b"Date,Supplier,Net\n2022-04-01,Acme,1.00\n"),
        ("empty.csv", b""),
        ("broken.zip", b"PK\x03\x04 and nothing more"),
        ("numbers.bin", bytes(range(256)) * 10),
    ):
        answer = await send(doors, name, content)
        assert (answer.status_code, error(answer)["code"]) == (422, "no-reference-file"), answer.text
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.reference") == 0
