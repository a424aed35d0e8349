"""Every list leaves as CSV and as a workbook, and what is read back from either is what GraphQL answers."""

import httpx
import pytest

from doors.tables import opened
from gateway import money
from gateway.pages.spreadsheets import XLSX
from services.spend.amounts import pence
from tests.builders import SALFORD
from tests.gateway import Gateway

HOME = f"/organisations/{SALFORD}"
AMOUNTS = {
    "Amount", "VAT", "Paid", "ContractValue", "AnnualValue", "ReadPounds", "NewPounds", "KnownPounds",
    "CorrectedPounds", "RejectedPounds", "HeldPounds", "Promised", "Claimed", "FoundTrue",
}  # fmt: skip
FILE_COUNTS = ("Read", "New", "Known", "Corrected", "Rejected")
LISTS: dict[str, dict[str, str]] = {
    "payments": {
        "OrganisationURI": "organisation", "OrganisationalUnit": "department", "BeneficiaryName": "supplierName",
        "CompaniesHouseRegistrationNumber": "companyNumber", "PaymentDate": "paidOn",
        "TransactionNumber": "documentNumber", "Amount": "netPence", "Purpose": "purpose",
        "ContractRef": "contractReference", "VAT": "vatPence", "Period": "period", "ScopeRule": "scopeRule",
        "ContractId": "contractId", "SourceFile": "fileId", "SourceLine": "line", "PaymentId": "paymentId",
    },
    "suppliers": {
        "OrganisationURI": "organisation", "SupplierName": "name", "CompaniesHouseRegistrationNumber": "companyNumber",
        "Postcode": "postcode", "Payments": "paymentCount", "Paid": "netPence", "SupplierId": "supplierId",
    },
    "contracts": {
        "OrganisationURI": "organisation", "ContractReference": "reference", "ContractTitle": "title",
        "OrganisationalUnit": "directorate", "Description": "description", "StartDate": "startsOn",
        "EndDate": "endsOn", "ContractValue": "valuePence", "SupplierName": "supplierName",
        "ProcessType": "procedure", "AnnualValue": "annualPence", "CategoryCode": "categoryCode",
        "CategoryLabel": "categoryLabel", "SupplierId": "supplierId", "ExtendsContractId": "extendsContractId",
        "StatedOn": "statedOn", "SourceFile": "fileId", "SourceLine": "line", "ContractId": "contractId",
    },
    "outcomes": {
        "OrganisationURI": "organisation", "Measure": "measure", "Unit": "unit", "Promised": "quantity",
        "Claimed": "claimedQuantity", "FoundTrue": "verifiedQuantity", "DueOn": "dueOn", "ContractId": "contractId",
        "CommitmentId": "commitmentId",
    },
    "files": {
        "FileName": "fileName", "Period": "period", "StatedOn": "statedOn", "UnreadableRows": "unreadableRows",
        "HeldRows": "heldRows", "HeldPounds": "heldPence", "SourceFile": "fileId",
        **{f"{fate}Rows": f"{fate.lower()}Rows" for fate in FILE_COUNTS},
        **{f"{fate}Pounds": f"{fate.lower()}Pence" for fate in FILE_COUNTS},
    },
    "rejects": {
        "SourceFile": "fileId", "Line": "line", "Field": "field", "Value": "value", "Code": "code",
        "Reason": "reason", "Remedy": "remedy", "Amount": "netPence",
    },
}  # fmt: skip
ASKED_AS = {"files": "sourceFiles", "rejects": "rejectedRows"}

Found = list[dict[str, str]]


def read(raw: bytes) -> Found:
    """A list as our own reader of published files reads it."""
    header, *rows = [line.cells for line in opened(raw).lines]
    return [dict(zip(header, row, strict=True)) for row in rows]


async def answered(site: Gateway, name: str) -> Found:
    """The same list from GraphQL, each value as text."""
    field = ASKED_AS.get(name, name)
    query = f'{{ {field}(where: {{organisation: "{SALFORD}"}}, first: 100) {{ nodes {{ {" ".join(LISTS[name].values())} }} }} }}'
    asked = await site.http.post("/graphql", json={"query": query}, headers=await site.headers("officer", SALFORD))
    return [
        {column: text_of(column, node[asked_as]) for column, asked_as in LISTS[name].items()}
        for node in asked.json()["data"][field]["nodes"]
    ]


def text_of(column: str, value: object) -> str:
    if value is None:
        return ""
    return money.decimal(int(str(value))) if column in AMOUNTS else str(value)


def comparable(rows: Found, columns: dict[str, str]) -> Found:
    """Only what GraphQL was asked, amounts as 1234.50 however a spreadsheet writes them."""
    return sorted(
        (
            {
                column: money.decimal(int(str(pence(row[column]))))
                if column in AMOUNTS and row[column]
                else row[column]
                for column in columns
            }
            for row in rows
        ),
        key=lambda row: sorted(row.items()),
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
async def test_an_exported_list_reads_back_as_what_graphql_answers(
    name: str, form: str, site: Gateway, officer: httpx.AsyncClient
) -> None:
    answer = await officer.get(f"{HOME}/{name}.{form}")
    assert answer.status_code == 200
    assert f'filename="{SALFORD}-' in answer.headers["content-disposition"]
    exported, asked = read(answer.content), await answered(site, name)
    assert len(exported) == len(asked) > 0
    assert comparable(exported, LISTS[name]) == comparable(asked, LISTS[name])


async def test_both_forms_hold_the_same_cells(officer: httpx.AsyncClient) -> None:
    for name in LISTS:
        as_csv, as_xlsx = [read((await officer.get(f"{HOME}/{name}.{form}")).content) for form in ("csv", "xlsx")]
        amounts = {column: column for column in as_csv[0]}
        assert comparable(as_csv, amounts) == comparable(as_xlsx, amounts), name


async def test_a_workbook_says_what_it_is_and_is_linked_beside_the_csv(officer: httpx.AsyncClient) -> None:
    answer = await officer.get(f"{HOME}/payments.xlsx", params={"answer": "expired"})
    assert answer.headers["content-type"] == XLSX
    assert [row["Amount"] for row in read(answer.content)] == ["-600"]
    for name in LISTS:
        shown = (await officer.get(f"{HOME}/{name}")).text
        assert f'href="{HOME}/{name}.csv"' in shown
        assert f'href="{HOME}/{name}.xlsx"' in shown


async def test_rejected_rows_are_their_councils_own(anyone: httpx.AsyncClient) -> None:
    for path in ("rejects", "rejects.csv", "rejects.xlsx"):
        assert (await anyone.get(f"{HOME}/{path}")).status_code == 401
