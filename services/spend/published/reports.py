"""What is said of a spend file to whoever sent it: counted to the penny, its layout explained, its rejects listed."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from schemas.spend import SpendFileReceived
from services.spend.published.columns import Layout
from services.spend.published.intake import Reading
from services.spend.published.rows import Reject

SHOWN = 1_000
SAMPLED = 5

Report = dict[str, Any]


def preview_report(organisation: str, file_name: str, reading: Reading) -> Report:
    """How a file would be read: its columns and why, what would be accepted and rejected, and its first rows."""
    tally = reading.tally
    return {
        "file_name": file_name,
        "kind": "spend",
        "organisation": organisation,
        "dry_run": True,
        "period": reading.period,
        "encoding": reading.sheet.encoding,
        "layout": layout_report(reading.layout),
        "accepted": {"rows": tally.accepted_rows, "pence": tally.accepted_pence},
        "rejected": [
            {"code": code, "rows": rows, "pence": tally.reasons_pence[code]}
            for code, rows in tally.reasons.most_common()
            if rows
        ],
        "unreadable_rows": tally.unreadable_rows,
        "blank_rows": tally.blank_rows,
        "late_rows": tally.late_rows,
        "held": _held(reading),
        "sample": [
            {
                "line": row.line, "paid_on": row.paid_on.isoformat(), "supplier": row.supplier_name,
                "net_pence": row.net_pence, "document": row.document_number, "department": row.department,
                "purpose": row.purpose,
            }
            for row in islice(reading.rows(), SAMPLED)
        ],
        "rejects": [
            reject_report(reject)
            for reject in islice(reading.rejects(), SHOWN)
        ] if tally.rejected_rows else [],
    }  # fmt: skip


def file_report(organisation: str, received: SpendFileReceived, reading: Reading, rejects: Sequence[Reject]) -> Report:
    """What became of each row of a file; `rejects` are the first of those that were rejected."""
    parts = ("read", "new", "known", "corrected", "rejected")
    return {
        "file_id": received.file_id,
        "file_name": received.file_name,
        "kind": "spend",
        "organisation": organisation,
        "period": received.period,
        "encoding": received.encoding,
        "rows": {part: getattr(received, f"{part}_rows") for part in parts},
        "pence": {part: getattr(received, f"{part}_pence") for part in parts},
        "unreadable_rows": received.unreadable_rows,
        "blank_rows": reading.tally.blank_rows,
        "late_rows": reading.tally.late_rows,
        "held": _held(reading),
        "controls": [
            {"line": c.line, "stated_pence": c.stated_pence, "found_pence": c.found_pence, "agrees": c.agrees}
            for c in reading.tally.controls[:SHOWN]
        ],
        "layout": layout_report(reading.layout),
        "rejects": [reject_report(reject) for reject in rejects],
    }


def layout_report(layout: Layout) -> Report:
    """Which column is taken for what, and why."""
    return {
        "columns": [
            {"field": meaning, "column": column.name or None, "place": column.place + 1, "reason": column.reason}
            for meaning, column in layout.columns.items()
        ],
        "unused": layout.unused,
        "preamble_lines": layout.preamble,
        "dates": layout.dates,
    }


def reject_report(reject: Reject) -> Report:
    """Which row it is, what stands there and how to mend it."""
    return {
        "line": reject.line,
        "field": reject.field,
        "value": reject.value[:200],
        "code": reject.fault.code,
        "reason": reject.fault.reason,
        "remedy": reject.fault.remedy,
    }


def _held(reading: Reading) -> Report | None:
    return None if reading.held is None else {"reason": reading.held.reason, "remedy": reading.held.remedy}
