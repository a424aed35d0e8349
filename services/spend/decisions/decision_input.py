"""What may a person decide, and what must be said with it? Bodies of the doors for decisions."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from doors.bodies import Body, Text
from schemas.allocating import AT_ONCE
from schemas.spend import FindingAnswer, FindingCause, RecoveryForm, Scope
from services.spend.feeds.payment_input import Day, Pounds


class LinkInput(Body):
    """What a person decided: whether a name that was paid is a supplier of the register."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "supplier_id": "GB-COH-01234567",
                    "decision": "accepted",
                    "reason": "The invoice names the company and its number",
                }
            ]
        },
    )

    supplier_id: Text
    """As the register's list of suppliers gives it."""
    decision: Literal["accepted", "rejected", "withdrawn"]
    """withdrawn: as if it had never been decided."""
    reason: Text


class WithholdingInput(Body):
    """What a person decided: that nobody outside the organisation is to know a payee."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [{"decision": "withheld", "reason": "A foster carer, paid under her own name"}]},
    )

    decision: Literal["withheld", "withdrawn"]
    """withdrawn: as if it had never been decided."""
    reason: Text


class MergeInput(Body):
    """What a person decided: that a supplier of the register is another of its suppliers."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [{"into": "GB-COH-01234567", "reason": "The same company, entered without its number"}]
        },
    )

    into: Text
    """The supplier that both are from now on, as the register's list of suppliers gives it."""
    reason: Text


class SplitInput(Body):
    """What a person decided: that a supplier that had been merged into another is none of it after all."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"examples": [{"reason": "Two companies at one address"}]}
    )

    reason: Text


class ScopeInput(Body):
    """What a person decided a payment is, against the rules."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [{"scope": "grant", "reason": "A grant agreement, no contract"}]},
    )

    scope: Scope | None
    """Null takes back what was decided: the rules say again."""
    reason: Text


class CategoryInput(Body):
    """What a person decided was bought."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [{"category_code": "270000", "reason": "Licences, as on the invoice"}]},
    )

    category_code: Text | None
    """A code of ProClass 17; null takes back what was decided."""
    reason: Text


class CauseInput(Body):
    """Which finding is meant: the rule, and what it asks about."""

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    """The rule, as after_end."""
    cause: FindingCause
    cause_id: Text
    """As the list of findings gives it."""


Causes = Annotated[list[CauseInput], Field(min_length=1, max_length=1_000)]
ASKED: dict[str, JsonValue] = {"code": "after_end", "cause": "supplier", "cause_id": "GB-COH-01234567"}


class AnswersInput(Body):
    """What a person says of findings: one answer for all of them."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"findings": [ASKED], "answer": "explained", "reason": "Extended to March; the register follows",
                 "until": "2023-03-31"}
            ]
        },
    )  # fmt: skip

    findings: Causes
    answer: FindingAnswer
    """explained by one person; accepted or dismissed by another; withdrawn: as if it had never been answered."""
    reason: Text
    until: Day | None = None
    """The last day on which the answer stands."""


class AssignmentsInput(Body):
    """Who is to explain findings, and by when."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [{"findings": [ASKED], "owner": "Head of Highways", "due_on": "2022-09-30"}]},
    )

    findings: Causes
    owner: Text | None
    """Null gives it to nobody."""
    due_on: Day | None = None


class RecoveryInput(Body):
    """What has come back of payments that were one."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "finding": {"code": "same_invoice", "cause": "payment", "cause_id": "aac7f68f8ba003bde1eb5fb7"},
                    "payment_ids": ["aac7f68f8ba003bde1eb5fb7", "f3b1c5d7e9a2b4c6d8e0f1a3"], "recovered": "950.00",
                    "recovered_on": "2022-09-30", "how": "credit_note", "reference": "CN-118",
                    "reason": "The supplier agrees that it was paid twice",
                }
            ]
        },
    )  # fmt: skip

    finding: CauseInput
    payment_ids: Annotated[list[Text], Field(min_length=2, max_length=100)]
    """The payments of which one was due."""
    recovered: Pounds
    """Pounds that came back in all so far; 0.00 takes back what was said before."""
    recovered_on: Day
    how: RecoveryForm
    reference: Text | None = None
    reason: Text


class ShareInput(Body):
    """What a contract bears of a payment."""

    contract_id: Text
    """As the register's list of contracts gives it."""
    net: Pounds | None = None
    """Pounds of the net amount; not needed where one contract bears all."""


Shares = Annotated[list[ShareInput], Field(min_length=1, max_length=20)]


class AllocationInput(Body):
    """On which contracts a payment was made."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "shares": [{"contract_id": "93c3dfd6a1d1a0b6bd07", "net": "600.00"},
                               {"contract_id": "5f6a0d2be1c84a3c9b77", "net": "350.00"}],
                    "reason": "The invoice names both orders",
                }
            ]
        },
    )  # fmt: skip

    shares: Shares | None
    """Together the payment's net amount; null takes back what was decided: the judgement stands again."""
    reason: Text


class PaymentShares(Body):
    """On which contracts one of many payments was made."""

    payment_id: Text
    shares: Shares
    """Together the payment's net amount."""


class AllocationsInput(Body):
    """On which contracts many payments were made: of all or none."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "payments": [{"payment_id": "66dcd3a4b6efbb8a7d63e1f2",
                                  "shares": [{"contract_id": "93c3dfd6a1d1a0b6bd07"}]}],
                    "reason": "Day to day repairs, all under the framework",
                }
            ]
        },
    )  # fmt: skip

    payments: Annotated[list[PaymentShares], Field(min_length=1, max_length=AT_ONCE)]
    reason: Text
