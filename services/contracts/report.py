"""What is told to whoever sent a register: its rows and pence, and each row that was not taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived, RegisterRowRejected

FATES = ("read", "new", "known", "corrected", "rejected")


@dataclass(frozen=True, slots=True)
class Count:
    """Rows, the pence of those whose value is known, and how many state none."""

    rows: int
    pence: int
    unknown: int

    @classmethod
    def of(cls, contracts: Iterable[ContractAwarded | ContractRestated]) -> "Count":
        """The rows of these contracts."""
        values = [contract.value_pence for contract in contracts]
        return cls(len(values), sum(value or 0 for value in values), values.count(None))

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.rows - other.rows, self.pence - other.pence, self.unknown - other.unknown)


def report(
    received: RegisterReceived,
    rejected: Sequence[RegisterRowRejected],
    positions: tuple[str, str] | None,
    *,
    already_received: bool,
) -> dict[str, object]:
    """Rows and pence by what became of them; each fate's numbers add up to `read`."""
    return {
        "file_id": received.file_id,
        "file_name": received.file_name,
        "kind": "register",
        "stated_on": received.stated_on.isoformat(),
        "encoding": received.encoding,
        "rows": {fate: getattr(received, f"{fate}_rows") for fate in FATES},
        "pence": {fate: getattr(received, f"{fate}_pence") for fate in FATES},
        "unreadable_rows": received.unreadable_rows,
        "rejects": [
            {
                "line": row.line,
                "field": row.field,
                "value": row.value,
                "code": row.code,
                "reason": row.reason,
                "remedy": row.remedy,
                "pence": row.net_pence,
            }
            for row in rejected
        ],
        "positions": {"first": positions[0], "last": positions[1]} if positions else None,
        "already_received": already_received,
    }
