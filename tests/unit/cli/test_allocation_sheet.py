"""A sheet on which a person filled in contracts: its shares, what was left empty, and what is no such sheet."""

from pathlib import Path

import pytest

from localpound.allocation_sheet import SheetUnreadableError, filled_in


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "sheet.csv"
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    return path


def test_rows_of_one_payment_are_its_shares_and_rows_without_a_contract_are_left(tmp_path: Path) -> None:
    filled = filled_in(
        sheet(tmp_path, "PaymentId,ContractId,ShareOfAmount,Amount", "p1,c1,,9.00", "p2, c1 ,4.00,9.00", "p3,,,1.00",
              "p2,c2,5.00,9.00")
    )  # fmt: skip
    assert filled.left_empty == 1
    assert filled.payments == [
        {"payment_id": "p1", "shares": [{"contract_id": "c1"}]},
        {"payment_id": "p2", "shares": [{"contract_id": "c1", "net": "4.00"}, {"contract_id": "c2", "net": "5.00"}]},
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["PaymentId,Amount", "p1,1.00"], "has no column ContractId"),
        (["PaymentId,ContractId", ",c1"], "line 2: PaymentId is empty"),
        (["PaymentId,ContractId", "p1,"], "no ContractId is filled in"),
        ([], "has no column"),
    ],
)
def test_what_is_no_such_sheet_is_told_with_its_remedy(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(SheetUnreadableError, match=said):
        filled_in(sheet(tmp_path, *lines))


def test_a_workbook_is_not_read_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(SheetUnreadableError, match="cannot be read"):
        filled_in(path)
