"""What did a person fill in on the sheet of payments that may be on one of several contracts?"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localpound.client import DoorError
from schemas.allocating import CONTRACT, PAYMENT, SHARE


class SheetUnreadableError(DoorError):
    """The sheet is not one, or a row of it cannot be meant; the message names line and column."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__("sheet-unreadable", message, detail={"remedy": remedy})


@dataclass(frozen=True, slots=True)
class Filled:
    """Payments with the contracts that were filled in, as spend's door takes them."""

    payments: Sequence[dict[str, Any]]
    left_empty: int
    """Rows without a contract."""


def filled_in(path: Path) -> Filled:
    """Read a sheet; several rows of one payment are its shares. Raises SheetUnreadableError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(path, csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SheetUnreadableError(f"{path} cannot be read: {error}", "Save the sheet as CSV, in UTF-8.") from error


def _read(path: Path, rows: "csv.DictReader[str]") -> Filled:
    if missing := {PAYMENT, CONTRACT} - set(rows.fieldnames or ()):
        raise SheetUnreadableError(f"{path} has no column {min(missing)}.", "Get one by localpound export to-allocate.")
    shares: dict[str, list[dict[str, str]]] = {}
    left_empty = 0
    for row in rows:
        payment, contract, share = ((row.get(name) or "").strip() for name in (PAYMENT, CONTRACT, SHARE))
        if not contract:
            left_empty += 1
            continue
        if not payment:
            raise SheetUnreadableError(f"{path}, line {rows.line_num}: {PAYMENT} is empty.", "Keep the sheet's ids.")
        shares.setdefault(payment, []).append({"contract_id": contract} | ({"net": share} if share else {}))
    if not shares:
        raise SheetUnreadableError(f"{path}: no {CONTRACT} is filled in.", "Fill in on which contract a payment is.")
    return Filled([{"payment_id": payment, "shares": each} for payment, each in shares.items()], left_empty)
