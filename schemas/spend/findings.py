"""What persons say of findings: questions about contract spend that rules ask."""

from datetime import date
from typing import Literal

from schemas.fact import Fact

FindingCause = Literal["contract", "supplier", "payment", "category"]
RecoveryForm = Literal["credit_note", "refund", "offset"]
"""How money comes back: a credit note, a payment from the payee, or less paid of another invoice."""
FindingAnswer = Literal["explained", "accepted", "dismissed", "withdrawn"]


class FindingAnswered(Fact, personal=("reason",)):
    """A person answered what was to be explained, settled another person's explanation, or took an answer back."""

    finding_id: str
    """A digest of rule, cause and its id."""
    code: str
    """The rule, as `after_end`."""
    cause: FindingCause
    cause_id: str
    """A contract's id, a supplier's or payee's, or that of the first of payments that may be one."""
    answer: FindingAnswer
    """explained: by one person. accepted: another finds it enough. dismissed: another finds that nothing was to be
    explained. withdrawn: as if it had never been answered."""
    reason: str
    until: date | None
    """The last day on which the answer stands; null for as long as nobody takes it back."""


class FindingAssigned(Fact, personal=("owner",)):
    """Somebody is to explain a finding, by a day; what was said last stands."""

    finding_id: str
    code: str
    cause: FindingCause
    cause_id: str
    owner: str | None
    """Whoever it is given to, in the council's own words; null for nobody."""
    due_on: date | None


class DuplicateRecovered(Fact, personal=("reason", "reference")):
    """Of payments that were one, so much has come back in all; what was said last stands, and 0 takes it back."""

    finding_id: str
    code: str
    cause: FindingCause
    cause_id: str
    payment_ids: tuple[str, ...]
    """The payments of which one was due."""
    recovered_pence: int
    """In all, so far; 0 where what was said before was wrong."""
    recovered_on: date
    """The day on which the last of it came back."""
    how: RecoveryForm
    reference: str | None
    """As the ledger names the credit or the receipt."""
    reason: str
