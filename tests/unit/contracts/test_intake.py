from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from doors.problems import BadRequest
from doors.tables import opened
from tests.unit.contracts.registers import EXPIRY, REFERENCE, START, SUPPLIER, TITLE, VALUE, file_of, read

RAW = (Path(__file__).parents[3] / "samples/salford/contracts-register-2022-07.csv").read_bytes()


def test_salfords_register_row_by_row() -> None:
    register = read(RAW)
    assert (len(register.contracts), len(register.rejected), len(register.suppliers)) == (355, 5, 334)
    assert [(row.line, row.field, row.value, row.code, row.net_pence) for row in register.rejected] == [
        (48, "Current Expiry Date", "2022-05-06", "ends-before-start", 55_226_968),
        (118, "Current Expiry Date", "2022-09-31", "no-such-day", 120_000_000),
        (289, "Current Expiry Date", "2021-05-31", "ends-before-start", 9_050_600),
        (327, "Current Expiry Date", "2022-03-29", "ends-before-start", 6_700_000),
        (359, "Current Expiry Date", "2022-04-07", "ends-before-start", 672_000),
    ]
    assert sum(row.value_pence is None for row in register.contracts) == 10
    assert sum(row.starts_on is None for row in register.contracts) == 4
    assert sum(row.ends_on is None for row in register.contracts) == 1
    assert Counter(fact.sme for fact in register.suppliers) == {False: 167, True: 165, None: 2}
    assert sum(fact.company_number is None for fact in register.suppliers) == 43


def test_salfords_references_as_published() -> None:
    """As published: 272 references and 28 rows without one; 31 repeated, 19 of several suppliers."""
    header, *rows = (line.cells for line in opened(RAW).lines if line.cells)
    at = {name: header.index(name) for name in (REFERENCE, SUPPLIER)}
    suppliers: dict[str, list[str]] = {}
    for cells in rows:
        suppliers.setdefault(cells[at[REFERENCE]], []).append(cells[at[SUPPLIER]].strip())
    without = suppliers.pop("")
    assert (len(rows), len(suppliers), len(without)) == (360, 272, 28)
    assert sum(len(names) > 1 for names in suppliers.values()) == 31
    assert sum(len(set(names)) > 1 for names in suppliers.values()) == 19


def test_a_row_becomes_a_contract_with_its_supplier() -> None:
    register = read(file_of({}))
    (contract,), (supplier,) = register.contracts, register.suppliers
    assert (contract.value_pence, contract.annual_pence) == (1_003_040, 501_520)
    assert (contract.starts_on, contract.ends_on) == (date(2022, 3, 7), date(2024, 3, 6))
    assert (contract.supplier_id, contract.line) == ("GB-COH-02535986", 2)
    assert (supplier.normalised_name, supplier.company_number) == ("UNDERWATER DIVING SERVICES", "02535986")
    assert (supplier.postcode, supplier.sme, supplier.line) == ("LA14 2TB", True, 2)


def test_the_end_date_serves_where_no_expiry_is_given() -> None:
    (contract,) = read(file_of({EXPIRY: "Rolling"})).contracts
    assert contract.ends_on == date(2023, 3, 6)
    (contract,) = read(file_of({EXPIRY: "", "End Date": "TBC"})).contracts
    assert contract.ends_on is None


def test_where_no_end_is_given_start_and_duration_say_it() -> None:
    months = "Contract Duration (months)"
    (contract,) = read(file_of({EXPIRY: "", "End Date": "", months: "360"})).contracts
    assert contract.ends_on == date(2052, 3, 6)
    (rolling,) = read(file_of({EXPIRY: "Rolling", "End Date": "", months: "360"})).contracts
    assert rolling.ends_on is None
    (given,) = read(file_of({months: "360"})).contracts
    assert given.ends_on == date(2024, 3, 6)


@pytest.mark.parametrize(
    ("changes", "field", "code", "pence"),
    [
        ({TITLE: " "}, TITLE, "no-title", 1_003_040),
        ({SUPPLIER: ""}, SUPPLIER, "no-supplier", 1_003_040),
        ({START: "31/02/2022"}, START, "no-such-day", 1_003_040),
        ({START: "next year"}, START, "no-such-day", 1_003_040),
        ({EXPIRY: "2021-01-01"}, EXPIRY, "ends-before-start", 1_003_040),
        ({EXPIRY: "", "End Date": "2021-01-01"}, "End Date", "ends-before-start", 1_003_040),
        ({VALUE: "1e6"}, VALUE, "no-amount", None),
        ({VALUE: "NaN"}, VALUE, "no-amount", None),
        ({VALUE: "12.345"}, VALUE, "no-amount", None),
        ({VALUE: "-5"}, VALUE, "below-zero", None),
        ({"Annual Value": "about 5"}, "Annual Value", "no-amount", 1_003_040),
        ({"Contract Description": "x" * 4_001}, "Contract Description", "too-long", 1_003_040),
    ],
)
def test_a_row_that_cannot_be_taken_says_where_and_why(
    changes: dict[str, str], field: str, code: str, pence: int | None
) -> None:
    register = read(file_of({}, changes))
    assert len(register.contracts) == 1
    (rejected,) = register.rejected
    assert (rejected.line, rejected.field, rejected.code, rejected.net_pence) == (3, field, code, pence)
    assert rejected.reason
    assert rejected.remedy


def test_a_row_with_more_cells_than_columns_is_not_guessed_at() -> None:
    raw = b"Contract Title,Supplier,Start Date,,\nA,B,2022-01-01,,\nA, with a comma,B,2022-01-01,\n"
    register = read(raw)
    assert [row.line for row in register.contracts] == [2]
    assert [(row.line, row.code, row.field) for row in register.rejected] == [(3, "too-many-cells", "row")]


@pytest.mark.parametrize(
    "changes",
    [
        {SUPPLIER: "Various"},
        {SUPPLIER: "Various Providers"},
        {SUPPLIER: "A, B and C", "Supplier Postcode": "Various"},
        {SUPPLIER: "AIG, HSB and QBE", "Company Number": "AIG 10737370\\nQBE 02641728"},
        {SUPPLIER: "???"},
    ],
)
def test_several_suppliers_are_no_supplier(changes: dict[str, str]) -> None:
    register = read(file_of(changes))
    assert register.contracts[0].supplier_id is None
    assert register.suppliers == ()


@pytest.mark.parametrize(("cell", "sme"), [("Yes", True), ("NO", False), ("Various", None), ("", None), ("Noo", None)])
def test_a_claim_to_be_small_is_yes_no_or_unknown(cell: str, sme: bool | None) -> None:
    assert read(file_of({"SME Supplier?": cell})).suppliers[0].sme is sme


def test_text_encoded_twice_is_read_as_it_was_meant() -> None:
    register = read(RAW)
    titles = {row.line: row.title for row in register.contracts}
    assert titles[27] == "Bramall Court – affordable general needs and temporary accommodation"
    texts = [text for row in register.contracts for text in (row.title, row.description, row.supplier_name)]
    assert not [text for text in texts if "\\n" in text or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text)]


def test_blank_rows_titles_above_and_line_breaks_in_cells_do_not_move_the_lines() -> None:
    raw = (
        b'Contracts over 5000,,\r\n,,\r\nContract Title,Supplier Name,End Date\r\n"A\r\nB",C,31/03/2023\r\n'
        b",,\r\nD,E,31-Mar-23\r\n"
    )
    register = read(raw)
    assert [(row.line, row.title, row.ends_on) for row in register.contracts] == [
        (4, "A B", date(2023, 3, 31)),
        (7, "D", date(2023, 3, 31)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_same_register_in_another_encoding_says_the_same(encoding: str) -> None:
    text = file_of({SUPPLIER: "Café Ltd", REFERENCE: ""}).decode()
    (contract,) = read(text.encode(encoding)).contracts
    assert (contract.supplier_name, contract.reference) == ("Café Ltd", None)


SPEND_HEADERS = [
    b"Authority Name,Date of Payment,DocumentNo,Gross,VAT,Net,Vendor Name,Service Area,GL Description",
    b"Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no",
    b"Body Name,Organisational Unit,Expenditure Category,Paid Date,Trans No,Amount,Type,Supplier Name",
    b",,Directotate,Service,Supplier,Transaction Number,Transaction Date,Invoice Line Value (net of VAT)",
    b"Nstrg(T),Cipfsubj(T),Cipfsubs(T),TransNo,Seq no,Period,Supplier ID(T),Amount,Updated",
    b"OrganisationLabel,EffectiveDate,BeneficiaryName,PaymentDate,Amount,IrrecoverableVATAmount,Purpose",
]


@pytest.mark.parametrize("header", SPEND_HEADERS)
def test_a_spend_file_is_told_by_its_columns(header: bytes) -> None:
    with pytest.raises(BadRequest, match="This is a file of payments"):
        read(header + b"\n1,2,3\n")


@pytest.mark.parametrize("header", [b"la-name,local-authority-code", b"Identifier,Title,Amount Awarded,Award Date"])
def test_any_other_table_is_no_register(header: bytes) -> None:
    with pytest.raises(BadRequest, match="This is not a contract register"):
        read(header + b"\n1,2,3\n")


def test_the_lga_schema_is_read_too() -> None:
    raw = (
        b"ContractReference,ContractTitle,OrganisationalUnit,Description,StartDate,EndDate,ContractValue,"
        b"SupplierName,CompaniesHouseRegistrationNumber,SMESupplier,ProcessType,ProclassCode\n"
        b'R1,T,Unit,D,01/04/2022,31/03/2023,"\xc2\xa31,000",S Ltd,SC12345,No,Invitation to quote,231810\n'
    )
    (contract,) = read(raw).contracts
    assert (contract.value_pence, contract.supplier_id, contract.procedure) == (
        100_000,
        "GB-COH-SC012345",
        "Invitation to quote",
    )
