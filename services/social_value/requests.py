"""What may be sent to the doors? Fields are named as in the facts; quantities are whole hundredths."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from doors.bodies import Body, OrganisationId, Text

Quantity = Annotated[int, Field(ge=1, le=10**12, description="In hundredths of the unit, above zero.")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]


class CommitmentBody(Body):
    """A supplier's promise, as the council records it on a contract."""

    contract_id: Identifier
    measure: Text
    unit: Annotated[Text, Field(max_length=50)]
    quantity: Quantity
    due_on: Day


class ClaimBody(Body):
    """What was delivered of a commitment on a council's record."""

    organisation: OrganisationId
    commitment_id: Identifier
    quantity: Quantity
    delivered_on: Day
    evidence_digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class VerificationBody(Body):
    """How much of a claim was found to be true."""

    organisation: OrganisationId
    quantity: Quantity
