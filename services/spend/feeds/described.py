"""What do partners read of the spend service's doors?"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from doors.openapi import KEY, problem, problem_example, ref
from services.spend.decisions.decision_input import (
    AnswersInput,
    AssignmentsInput,
    CategoryInput,
    LinkInput,
    MergeInput,
    RecoveryInput,
    ScopeInput,
    SplitInput,
)
from services.spend.decisions.publishing_input import PublicationInput
from services.spend.feeds.ledger import LARGEST_BODY
from services.spend.feeds.master_input import ORDER, SUPPLIER, OrderInput, SupplierInput
from services.spend.feeds.pay_runs import PayRunInput
from services.spend.feeds.payment_input import (
    EXAMPLE,
    MOST_PAYMENTS,
    PaymentInput,
    WithdrawalInput,
)
from services.spend.feeds.streams import LARGEST_STREAM, LONGEST_LINE, MOST_STREAMED

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


class Run(BaseModel):
    """Neighbouring positions of a log."""

    first: str = Field(examples=["GB-LAE-SLF/spend/0"])
    last: str = Field(examples=["GB-LAE-SLF/spend/1"])


class _Told(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    receipt_id: str = Field(examples=["0198f6c2-5a7e-7d30-b3c4-b7d5a7f0c001"])
    organisation: str = Field(examples=["GB-LAE-SLF"])
    new: int = Field(examples=[1])
    known: int = Field(examples=[0])
    """Of what was sent, what was on record already in all that it says."""
    known_ids: list[str] = Field(examples=[[]])
    """Which these are."""
    positions: list[str] | None = Field(examples=[["GB-LAE-SLF/spend/0", "GB-LAE-SLF/spend/1"]])
    """Where the facts stand in the organisation's log, of a long stream the first 50,000; null while that is not
    settled, empty where none was added."""
    runs: list[Run] | None
    """The same in short, and whole."""


class Receipt(_Told):
    """What became of payments that were sent."""

    payments: int = Field(examples=[1])
    payment_ids: list[str] = Field(examples=[["aac7f68f8ba003bde1eb5fb7"]])
    """One for each payment, in the order in which they were sent; of a long stream the first 50,000."""


class OrderReceipt(_Told):
    """What became of purchase orders that were sent."""

    purchase_orders: int = Field(examples=[1])
    purchase_order_numbers: list[str] = Field(examples=[["PO-4500"]])
    """Each once, in the order in which they were sent."""


class SupplierReceipt(_Told):
    """What became of suppliers that were sent."""

    suppliers: int = Field(examples=[1])
    supplier_codes: list[str] = Field(examples=[["10042"]])
    """Each once, in the order in which they were sent."""


class PayRunReceipt(_Told):
    """That a pay run was compared with what is on record."""

    pay_runs: int = Field(examples=[1])
    pay_run_names: list[str] = Field(examples=[["2022-W26"]])


class PayeeReceipt(_Told):
    """What became of a decision on a payee."""

    payees: int = Field(examples=[1])
    payee_ids: list[str] = Field(examples=[["93c3dfd6a1d1a0b6bd07"]])


class MergeReceipt(_Told):
    """What became of a decision that two suppliers are one, or two."""

    merges: int = Field(examples=[1])
    supplier_ids: list[str] = Field(examples=[["NAME-93c3dfd6a1d1a0b6bd07"]])
    """The supplier that was merged or split."""


class FindingReceipt(_Told):
    """What became of answers, of giving findings to somebody, or of a recovery."""

    findings: int = Field(examples=[1])
    finding_ids: list[str] = Field(examples=[["5a1d3f6f0c2b4e7d"]])


class PublicationReceipt(_Told):
    """What became of a quarter's approval."""

    publications: int = Field(examples=[1])
    publication_ids: list[str] = Field(examples=[["2021-Q2/1"]])


BODIES: tuple[type[BaseModel], ...] = (
    PaymentInput, WithdrawalInput, LinkInput, MergeInput, SplitInput, ScopeInput, CategoryInput, AnswersInput, AssignmentsInput, OrderInput,
    SupplierInput, PayRunInput, PublicationInput, RecoveryInput,
)  # fmt: skip

PAYMENTS_ABOUT = f"""\
One payment, several, or a stream.

**JSON**: an object, or an array of at most {MOST_PAYMENTS:,}; at most {LARGEST_BODY // 2**20} MiB.

**A stream** (`Content-Type: application/x-ndjson`): one JSON object a line, at most {MOST_STREAMED:,} lines of
{LONGEST_LINE // 1024} KiB and {LARGEST_STREAM // 2**20} MiB in all; empty lines are passed by. It is recorded all or
nothing under its one key as well; an error names `line`, from 1, and `field`.
"""


def _taking(one: type[BaseModel], *examples: JsonValue) -> dict[str, Any]:
    """A door that takes one, many, or a stream."""
    many = {"type": "array", "items": ref(one), "minItems": 1, "maxItems": MOST_PAYMENTS}
    stream = "".join(json.dumps(each) + "\n" for each in examples)
    content = {
        "application/json": {
            "schema": {"oneOf": [ref(one), many]},
            "examples": {"one": {"value": examples[0]}, "many": {"value": list(examples)}},
        },
        "application/x-ndjson": {
            "schema": {"type": "string", "description": f"One JSON object a line, each as {one.__name__}."},
            "examples": {"stream": {"value": stream}},
        },
    }
    return {"parameters": [KEY], "requestBody": {"required": True, "content": content}}


PAYMENTS = _taking(PaymentInput, EXAMPLE, EXAMPLE | {"document_line": "002"})
ORDERS = _taking(OrderInput, ORDER)
SUPPLIERS = _taking(SupplierInput, SUPPLIER)
ORDERS_ABOUT = """\
An order that names a contract reference of the register is the strongest evidence of a contract: payments that carry
its number are judged by it, whichever comes first. Limits are those of `POST /payments`.
"""

REFUSED = problem(
    "What was sent cannot be taken; nothing was recorded, and the key stays free.",
    {
        "money": problem_example(
            "not-valid", 'net: money is a decimal string in pounds, as "950.00".', field="net"
        ),
        "one of a stream": problem_example(
            "missing-field", "Line 17: “supplier_name” is missing.", line=17, field="supplier_name"
        ),
        "one of many": problem_example("missing-field", "“1.supplier_name” is missing.", field="1.supplier_name"),
        "a link": problem_example(
            "original-stands",
            "The payment aac7f68f8ba003bde1eb5fb7 still stands.",
            field="original",
            remedy="Void or cancel the original first: both would count.",
        ),
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


def _answers(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"model": model, "description": "Recorded, and settled in the log."},
        202: {"model": model, "description": "Recorded; its positions are not settled yet. `Location` tells later."},
        400: UNREAD,
        413: problem("The body, or one of its lines, is too large."),
        422: REFUSED,
    }


ANSWERS, ORDERS_ANSWERS, SUPPLIERS_ANSWERS = _answers(Receipt), _answers(OrderReceipt), _answers(SupplierReceipt)

VOID_ABOUT = """\
The payment counts in no figure from now on; it stays on record with its history, and figures as they were known
before still count it. Said again in the same words, it is known and nothing is added; otherwise what was said first
stands (`already-withdrawn`). To pay anew, send a payment with `kind: reissue` and this one as `original`.
"""
WITHDRAWAL: dict[str, Any] = {
    "parameters": [KEY],
    "requestBody": {"required": True, "content": {"application/json": {"schema": ref(WithdrawalInput)}}},
}
WITHDRAWAL_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: ANSWERS[200],
    202: ANSWERS[202],
    400: UNREAD,
    404: problem("There is no such payment on this organisation's record."),
    422: problem(
        "It cannot be; nothing was recorded.",
        {
            "twice": problem_example(
                "already-withdrawn", "The payment was voided on 2022-07-08.",
                remedy="What was said first stands; to pay it anew, send a payment that reissues it.",
            )
        },
    ),
}  # fmt: skip
_ANY_RECEIPT = (
    Receipt
    | OrderReceipt
    | SupplierReceipt
    | PayeeReceipt
    | PayRunReceipt
    | MergeReceipt
    | FindingReceipt
    | PublicationReceipt
)
RECEIPT_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": _ANY_RECEIPT, "description": "Settled."},
    202: {"model": _ANY_RECEIPT, "description": "Not settled yet."},
    404: problem("There is no such receipt of this organisation."),
}
RECEIPT_PAYMENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Whether each was new, in the order in which they were sent.",
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "examples": {"one": {"value": '{"payment_id":"aac7f68f8ba003bde1eb5fb7","new":true}\n'}},
            }
        },
    },
    404: problem("There is no such receipt of this organisation."),
}
