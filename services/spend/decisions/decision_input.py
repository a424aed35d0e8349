"""What may a person decide, and what must be said with it? Bodies of the doors for decisions."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from doors.bodies import Body, Text
from schemas.spend import FindingAnswer, FindingCause, Scope
from services.spend.feeds.payment_input import Day


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
