"""Which values may filters and orders have? The allow-lists, in words."""

from enum import Enum
from typing import Any

import strawberry
from strawberry import enum_value

from gateway import reads


def meant(choice: Enum) -> Any:
    """What a choice stands for in the reads."""
    return choice.value


@strawberry.enum(description="What kind of payment it is, before anyone asks whether it was on contract.")
class Scope(Enum):
    CONTRACT_SPEND = enum_value("contract_spend", description="Goods, works or services: should be on a contract.")
    PUBLIC_BODY = enum_value("public_body", description="A transfer to another public body.")
    GRANT = enum_value("grant", description="A grant.")
    RENT = enum_value("rent", description="Rent.")
    RATES = enum_value("rates", description="Rates and taxes.")
    REFUND = enum_value("refund", description="Money given back.")
    LEVY = enum_value("levy", description="Levies, precepts and charges that the law sets.")
    CARD = enum_value("card", description="Bought with a purchasing card.")
    WITHHELD = enum_value("withheld", description="The publisher withheld whom it paid, so nobody can tell.")
    UNKNOWN = enum_value("unknown", description="No rule says what it was for.")


@strawberry.enum(
    description=(
        "Was a payment for goods, works or services on a contract in force on its day?"
        " A published register is not the whole register: no answer accuses anyone."
    )
)
class Answer(Enum):
    ON_CONTRACT = enum_value(
        "on_contract", description="One contract of its supplier was in force, or one of several by its evidence."
    )
    AMBIGUOUS = enum_value("ambiguous", description="The supplier is on the register, but no one contract is certain.")
    EARLY = enum_value("early", description="Before every contract of the supplier began.")
    EXPIRED = enum_value("expired", description="After every contract of the supplier had ended.")
    NO_CONTRACT = enum_value("no_contract", description="No contract was found in the published register.")


@strawberry.enum(description="How a payment was withdrawn; it counts in no figure.")
class Withdrawn(Enum):
    VOIDED = enum_value("voided", description="After it had been issued.")
    CANCELLED = enum_value("cancelled", description="Before it was issued.")


@strawberry.enum(description="What a payment says of an earlier one.")
class LinkKind(Enum):
    CREDIT = enum_value("credit", description="It gives back of it.")
    REISSUE = enum_value("reissue", description="It is paid anew, the earlier one having been withdrawn.")
    RECHARGE = enum_value("recharge", description="It passes it on to another budget or body.")


@strawberry.enum(description="An answer that may honestly be missing.")
class Known(Enum):
    YES = enum_value("yes", description="Yes.")
    NO = enum_value("no", description="No.")
    UNKNOWN = enum_value("unknown", description="The record does not say.")


@strawberry.enum(description="What kind of file it was.")
class FileKind(Enum):
    REGISTER = enum_value("register", description="A contract register.")
    SPEND = enum_value("spend", description="Payments of one period.")


@strawberry.enum(description="What a total may be broken down by.")
class Dimension(Enum):
    SCOPE = enum_value(reads.Dimension.SCOPE, description="What kind of payment it is.")
    ANSWER = enum_value(reads.Dimension.ANSWER, description="Whether it was on a contract.")
    SME = enum_value(reads.Dimension.SME, description="Whether the supplier is a small or medium-sized enterprise.")
    LOCAL = enum_value(reads.Dimension.LOCAL, description="Whether the supplier is local to the organisation.")
    PERIOD = enum_value(reads.Dimension.PERIOD, description="The published period.")
    DEPARTMENT = enum_value(reads.Dimension.DEPARTMENT, description="The department that paid.")
    CATEGORY = enum_value(reads.Dimension.CATEGORY, description="What was bought, on ProClass's first level.")


@strawberry.enum(description="How payments may be ordered.")
class PaymentOrder(Enum):
    PAID_ON_DESC = enum_value(reads.PaymentOrder.PAID_ON_DESC, description="Latest first.")
    PAID_ON_ASC = enum_value(reads.PaymentOrder.PAID_ON_ASC, description="Earliest first.")
    NET_PENCE_DESC = enum_value(reads.PaymentOrder.NET_PENCE_DESC, description="Largest first.")
    NET_PENCE_ASC = enum_value(reads.PaymentOrder.NET_PENCE_ASC, description="Smallest first, credits before all.")


@strawberry.enum(description="How contracts may be ordered.")
class ContractOrder(Enum):
    VALUE_DESC = enum_value(reads.ContractOrder.VALUE_DESC, description="Largest value first; without a value last.")
    VALUE_ASC = enum_value(reads.ContractOrder.VALUE_ASC, description="Smallest value first; without a value before.")
    ENDS_ON_ASC = enum_value(reads.ContractOrder.ENDS_ON_ASC, description="Ending soonest first; without an end last.")
    ENDS_ON_DESC = enum_value(reads.ContractOrder.ENDS_ON_DESC, description="Ending last first; without an end before.")
    STARTS_ON_DESC = enum_value(reads.ContractOrder.STARTS_ON_DESC, description="Latest start first.")
    TITLE_ASC = enum_value(reads.ContractOrder.TITLE_ASC, description="By title.")


@strawberry.enum(description="How suppliers may be ordered.")
class SupplierOrder(Enum):
    PAID_DESC = enum_value(reads.SupplierOrder.PAID_DESC, description="Most money first.")
    NAME_ASC = enum_value(reads.SupplierOrder.NAME_ASC, description="By name.")


@strawberry.enum(description="How commitments may be ordered.")
class OutcomeOrder(Enum):
    DUE_ON_ASC = enum_value(reads.OutcomeOrder.DUE_ON_ASC, description="Due soonest first.")
    DUE_ON_DESC = enum_value(reads.OutcomeOrder.DUE_ON_DESC, description="Due last first.")
