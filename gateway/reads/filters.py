"""What may lists be filtered and ordered by? Nothing that is not named here."""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from gateway.reads.shapes import Known

LARGEST_PAGE = 100
"""Items, of a page that anybody looks at or asks for."""
LARGEST_PART = 1_000
"""Items, of a part of a download: each part is a question to the database."""


class BadInput(Exception):
    """An argument that no caller can mean; `field` says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The next `first` items after a cursor that an earlier page gave."""

    first: int = 20
    after: str | None = None
    most: int = LARGEST_PAGE
    """How many there may be of them."""


FIRST_PAGE = Page()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Which payments; None lets all through."""

    organisation: str | None = None
    scope: str | None = None
    """A scope; the empty text means none yet."""
    answer: str | None = None
    """`on_contract`, `ambiguous`, `early`, `expired`, `no_contract`; within contract spend."""
    supplier_id: str | None = None
    """A register supplier's id or a payee's."""
    contract_id: str | None = None
    file_id: str | None = None
    period: str | None = None
    department: str | None = None
    paid_from: date | None = None
    paid_to: date | None = None
    """Inclusive."""
    least_pence: int | None = None
    most_pence: int | None = None
    sme: Known | None = None
    local: Known | None = None
    withheld: bool | None = None
    repeats_document: bool | None = None
    original_payment_id: str | None = None
    """Payments that credit, reissue or recharge this one."""
    purchase_order: str | None = None
    pay_run: str | None = None
    withdrawn: bool | None = False
    """Payments that were voided or cancelled; None for both, which add up to no figure."""
    category: str | None = None
    """A ProClass category of the first level, as `270000`; the empty text means unknown."""
    search: str | None = None
    """Part of the payee's name or the purpose, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFilter:
    """Which contracts; None lets all through."""

    organisation: str | None = None
    supplier_id: str | None = None
    file_id: str | None = None
    directorate: str | None = None
    procedure: str | None = None
    reference: str | None = None
    in_force_on: date | None = None
    ends_from: date | None = None
    ends_to: date | None = None
    search: str | None = None
    """Part of title, description, supplier or reference, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierFilter:
    """Which suppliers, and which of their payments are added up; None lets all through."""

    organisation: str | None = None
    registered: bool | None = None
    sme: Known | None = None
    local: Known | None = None
    scope: str | None = None
    answer: str | None = None
    search: str | None = None
    """Part of the name, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFilter:
    """Which commitments; None lets all through."""

    organisation: str | None = None
    contract_id: str | None = None
    measure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """Which source files; None lets all through."""

    organisation: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectFilter:
    """Which rejected rows; None lets all through."""

    organisation: str | None = None
    file_id: str | None = None
    code: str | None = None
    mended: bool | None = None
    """Whether they came again and are on the record."""


class PaymentOrder(Enum):
    """How payments may be ordered."""

    PAID_ON_DESC = "paid_on_desc"
    PAID_ON_ASC = "paid_on_asc"
    NET_PENCE_DESC = "net_pence_desc"
    NET_PENCE_ASC = "net_pence_asc"


class ContractOrder(Enum):
    """How contracts may be ordered."""

    VALUE_DESC = "value_desc"
    VALUE_ASC = "value_asc"
    ENDS_ON_ASC = "ends_on_asc"
    ENDS_ON_DESC = "ends_on_desc"
    STARTS_ON_DESC = "starts_on_desc"
    TITLE_ASC = "title_asc"


class SupplierOrder(Enum):
    """How suppliers may be ordered."""

    PAID_DESC = "paid_desc"
    NAME_ASC = "name_asc"


class OutcomeOrder(Enum):
    """How commitments may be ordered."""

    DUE_ON_ASC = "due_on_asc"
    DUE_ON_DESC = "due_on_desc"


class Dimension(Enum):
    """What a total may be broken down by."""

    SCOPE = "scope"
    ANSWER = "answer"
    SME = "sme"
    LOCAL = "local"
    PERIOD = "period"
    DEPARTMENT = "department"
    CATEGORY = "category"


def narrowed(where: PaymentFilter, by: Dimension, value: str) -> PaymentFilter:
    """The filter that lets through the payments of one part of a total."""
    part: dict[str, Any] = {by.value: value}
    return replace(where, **part)
