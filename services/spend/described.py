"""What do partners read of the spend service's doors?"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from doors.openapi import KEY, problem, problem_example, ref
from services.spend.payment_input import EXAMPLE, MOST_PAYMENTS, PaymentInput

ABOUT = f"""\
Money that a council has paid out: files and ledgers in, facts out.

**Money** is a decimal string in pounds, as `"950.00"`; numbers with a fraction are refused. **Days** are written
`"2022-07-01"`. Unknown fields, fields given twice and values of another type are refused.

**All or nothing**: one bad payment of {MOST_PAYMENTS:,} and none is recorded; the error names it, as
`17.supplier_name`. **Never twice**: a body under its Idempotency-Key is recorded once, however often it is sent; and
a payment that is on record in all that it says, from a file or from another body, is known, and nothing is added.

**Receipts** name the positions of the facts in the organisation's log, as `GB-LAE-SLF/spend/123`; until they are
settled the answer is 202, and the receipt's own door tells later.

What may change here and what never does: docs/compatibility.md.
"""


class Receipt(BaseModel):
    """What became of payments that were sent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    receipt_id: str = Field(examples=["0198f6c2-5a7e-7d30-b3c4-b7d5a7f0c001"])
    organisation: str = Field(examples=["GB-LAE-SLF"])
    payment_ids: list[str] = Field(examples=[["aac7f68f8ba003bde1eb5fb7"]])
    """One for each payment, in the order in which they were sent."""
    new: int = Field(examples=[1])
    known: int = Field(examples=[0])
    """Payments that were on record already in all that they say."""
    known_ids: list[str] = Field(examples=[[]])
    positions: list[str] | None = Field(examples=[["GB-LAE-SLF/spend/0", "GB-LAE-SLF/spend/1"]])
    """Where the facts stand in the organisation's log; null while that is not settled, empty where none was added."""


BODIES: tuple[type[BaseModel], ...] = (PaymentInput,)

PAYMENTS: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        ref(PaymentInput),
                        {"type": "array", "items": ref(PaymentInput), "minItems": 1, "maxItems": MOST_PAYMENTS},
                    ]
                },
                "examples": {"one": {"value": EXAMPLE}, "many": {"value": [EXAMPLE, EXAMPLE | {"document_line": "002"}]}},
            }
        },
    },
}  # fmt: skip

REFUSED = problem(
    "What was sent cannot be taken; nothing was recorded, and the key stays free.",
    {
        "money": problem_example(
            "not-valid", 'net: money is a decimal string in pounds, as "950.00".', field="net"
        ),
        "one of many": problem_example("missing-field", "“1.supplier_name” is missing.", field="1.supplier_name"),
        "the key": problem_example(
            "idempotency-key-used",
            "This key was used with another body.",
            remedy="Send a new Idempotency-Key with a new body.",
        ),
    },
)  # fmt: skip
UNREAD = problem(
    "The body is no JSON, or says a thing twice; or the Idempotency-Key is missing.",
    {"a number": problem_example("not-a-whole-number", "950.5 is not a whole number.")},
)
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "Recorded, and settled in the log."},
    202: {"model": Receipt, "description": "Recorded; its positions are not settled yet. `Location` tells later."},
    400: UNREAD,
    413: problem("The body is too large."),
    422: REFUSED,
}
RECEIPT_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Receipt, "description": "Settled."},
    202: {"model": Receipt, "description": "Not settled yet."},
    404: problem("There is no such receipt of this organisation."),
}
