"""A small register for tests: rows with valid defaults, as the file that a council would publish."""

import csv
import io
from datetime import date
from typing import Any

from schemas.contracts import ContractAwarded, SupplierStated
from services.contracts.intake import Register, read_register

STATED = date(2022, 7, 31)
ROW = {
    "Directorate Name": "Place",
    "Process Used": "RFQ",
    "Contract Reference": "S1417",
    "Contract Title": "Dive Surveys",
    "Contract Description": "Surveys under water",
    "Supplier Company Name": "Underwater Diving Services Ltd",
    "Supplier Postcode": "LA14 2TB",
    "Annual Value": "5015.20",
    "Total Contract Value (including extensions)": "10030.40",
    "Start Date": "2022-03-07",
    "End Date": "2023-03-06",
    "Current Expiry Date": "2024-03-06",
    "Contract Duration (months)": "",
    "SME Supplier?": "Yes",
    "ProClass Classification": "231810",
    "ProClass Description": "Surveys",
    "Company Number": "2535986",
}
TITLE, SUPPLIER, REFERENCE = "Contract Title", "Supplier Company Name", "Contract Reference"
VALUE, START, EXPIRY = "Total Contract Value (including extensions)", "Start Date", "Current Expiry Date"


def file_of(*rows: dict[str, str]) -> bytes:
    """Rows, each as what differs from the default, as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(ROW))
    writer.writeheader()
    writer.writerows(ROW | row for row in rows)
    return text.getvalue().encode()


def read(raw: bytes, stated_on: date = STATED) -> Register:
    """A file as read."""
    return read_register(raw, file_id="f" * 64, stated_on=stated_on)


def awarded(**changes: Any) -> ContractAwarded:
    """A contract on the record."""
    valid: dict[str, Any] = {
        "contract_id": "C1",
        "reference": "S1417",
        "title": "Dive Surveys",
        "description": "Surveys under water",
        "supplier_id": "GB-COH-02535986",
        "supplier_name": "Underwater Diving Services Ltd",
        "directorate": "Place",
        "procedure": "RFQ",
        "starts_on": date(2022, 3, 7),
        "ends_on": date(2024, 3, 6),
        "value_pence": 1_003_040,
        "annual_pence": 501_520,
        "category_code": "231810",
        "category_label": "Surveys",
        "extends_contract_id": None,
        "file_id": "f" * 64,
        "line": 2,
        "stated_on": STATED,
    }
    return ContractAwarded(**(valid | changes))


def stated(**changes: Any) -> SupplierStated:
    """What a row says of a supplier."""
    valid: dict[str, Any] = {
        "supplier_id": "GB-COH-02535986",
        "name": "Underwater Diving Services Ltd",
        "normalised_name": "UNDERWATER DIVING SERVICES",
        "company_number": "02535986",
        "postcode": "LA14 2TB",
        "sme": True,
        "file_id": "f" * 64,
        "line": 2,
        "stated_on": STATED,
    }
    return SupplierStated(**(valid | changes))
