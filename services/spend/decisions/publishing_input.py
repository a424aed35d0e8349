"""What is sent to have a quarter published: its files as they were drawn up, and what is in none of them."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from doors.bodies import Body, Text
from services.spend.feeds.payment_input import Day, Pounds

LARGEST_PUBLICATION = 32 * 1_048_576
"""Bytes of a body."""
_EXAMPLE = "PaymentDate,Amount\r\n2021-04-01,950.00\r\n"


class PublishedFileInput(Body):
    """A file, whole."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}\.csv$")]
    text: Annotated[str, Field(max_length=LARGEST_PUBLICATION)]
    """CSV in UTF-8."""
    payments: bool
    """Whether each of its rows is a payment, with PaymentDate and Amount; else it is another list."""


class LeftOutInput(Body):
    """Payments of the quarter that are in no file."""

    reason: Text
    payments: Annotated[int, Field(ge=1)]
    net: Pounds


class PublicationInput(Body):
    """A quarter's payments, for a person to approve."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "quarter": "2021-Q2", "known_at": "2021-07-20T09:00:00.000000Z", "rules_dated": "2021-07-01",
                    "files": [{"name": "payments-over-500.csv", "text": _EXAMPLE, "payments": True}],
                    "left_out": [{"reason": "not over £500", "payments": 12, "net": "2400.00"}], "reason": None,
                }
            ]
        },
    )  # fmt: skip

    quarter: Annotated[str, Field(pattern=r"^20\d{2}-Q[1-4]$")]
    """Of the calendar year: 2021-Q2 is April to June 2021."""
    known_at: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
    """What was known then is what was drawn up."""
    rules_dated: Day
    files: Annotated[list[PublishedFileInput], Field(min_length=1, max_length=10)]
    left_out: Annotated[list[LeftOutInput], Field(max_length=100)]
    reason: Text | None = None
    """Why it is published again; not asked for the first time."""

    @model_validator(mode="after")
    def each_file_once(self) -> Self:
        """Two files of one name cannot be told apart."""
        if len({file.name for file in self.files}) != len(self.files):
            raise ValueError("two files have one name")
        return self
