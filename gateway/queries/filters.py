"""By what may lists be narrowed, as partners write it?"""

from enum import Enum

import strawberry

from gateway import reads
from gateway.queries.choices import Answer, FileKind, Known, Scope
from gateway.scalars import Day, Pence


def value_of(choice: Enum | None) -> str | None:
    """What a chosen value is called in the read models."""
    return None if choice is None else str(choice.value)


@strawberry.input(description="Which payments; what is left out lets all through.")
class PaymentFilter:
    organisation: str | None = strawberry.field(
        default=None, description="Payments of this organisation, as GB-LAE-SLF."
    )
    scope: Scope | None = strawberry.field(default=None, description="Payments of this kind.")
    answer: Answer | None = strawberry.field(
        default=None, description="Payments for goods, works or services with this answer."
    )
    supplier_id: str | None = strawberry.field(
        default=None, description="Payments to this supplier of a register, or to this payee."
    )
    contract_id: str | None = strawberry.field(default=None, description="Payments that are on this contract.")
    file_id: str | None = strawberry.field(default=None, description="Payments that came from this source file.")
    period: str | None = strawberry.field(default=None, description="Payments published for this period, as 2021-04.")
    department: str | None = strawberry.field(default=None, description="Payments of this department, as published.")
    paid_from: Day | None = strawberry.field(default=None, description="Payments made on this day or later.")
    paid_to: Day | None = strawberry.field(default=None, description="Payments made on this day or earlier.")
    least_pence: Pence | None = strawberry.field(default=None, description="Payments of at least this much.")
    most_pence: Pence | None = strawberry.field(default=None, description="Payments of at most this much.")
    sme: Known | None = strawberry.field(
        default=None, description="Payments whose supplier is, or is not, a small or medium-sized enterprise."
    )
    local: Known | None = strawberry.field(
        default=None, description="Payments whose supplier is, or is not, local to the organisation."
    )
    withheld: bool | None = strawberry.field(
        default=None, description="Payments whose payee the publisher withheld, or did not."
    )
    repeats_document: bool | None = strawberry.field(
        default=None, description="Payments whose document number another payment carries, or none does."
    )
    original_payment_id: str | None = strawberry.field(
        default=None, description="Payments that credit, reissue or recharge this one."
    )
    purchase_order: str | None = strawberry.field(default=None, description="Payments under this purchase order.")
    pay_run: str | None = strawberry.field(default=None, description="Payments of this pay run.")
    withdrawn: bool = strawberry.field(
        default=False, description="Payments that were voided or cancelled; left out otherwise, here and in every sum."
    )
    category: str | None = strawberry.field(
        default=None,
        description="Payments for this ProClass category of the first level, as 270000; the empty text for those unknown.",
    )
    search: str | None = strawberry.field(
        default=None, description="Payments with this text in the payee's name or the purpose, in any case."
    )

    def where(self) -> reads.PaymentFilter:
        """The same for the reads."""
        chosen = {"scope": value_of(self.scope), "answer": value_of(self.answer)}
        said = {"sme": value_of(self.sme), "local": value_of(self.local)}
        return reads.PaymentFilter(**{**vars(self), **chosen, **said})


@strawberry.input(description="Which contracts; what is left out lets all through.")
class ContractFilter:
    organisation: str | None = strawberry.field(
        default=None, description="Contracts of this organisation, as GB-LAE-SLF."
    )
    supplier_id: str | None = strawberry.field(default=None, description="Contracts with this supplier.")
    file_id: str | None = strawberry.field(default=None, description="Contracts that this register stated last.")
    directorate: str | None = strawberry.field(default=None, description="Contracts of this directorate.")
    procedure: str | None = strawberry.field(
        default=None, description="Contracts bought this way, in the register's words."
    )
    reference: str | None = strawberry.field(default=None, description="Contracts with this reference.")
    in_force_on: Day | None = strawberry.field(
        default=None, description="Contracts in force on this day; those without dates are left out."
    )
    ends_from: Day | None = strawberry.field(default=None, description="Contracts that end on this day or later.")
    ends_to: Day | None = strawberry.field(default=None, description="Contracts that end on this day or earlier.")
    search: str | None = strawberry.field(
        default=None, description="Contracts with this text in title, description, supplier or reference, in any case."
    )

    def where(self) -> reads.ContractFilter:
        """The same for the reads."""
        return reads.ContractFilter(**vars(self))


@strawberry.input(description="Which suppliers, and which of their payments are added up.")
class SupplierFilter:
    organisation: str | None = strawberry.field(
        default=None, description="Suppliers of this organisation, as GB-LAE-SLF."
    )
    registered: bool | None = strawberry.field(
        default=None, description="Suppliers on the contract register, or payees that are not known to be on it."
    )
    sme: Known | None = strawberry.field(default=None, description="By whether they are small or medium-sized.")
    local: Known | None = strawberry.field(default=None, description="By whether they are local.")
    scope: Scope | None = strawberry.field(
        default=None, description="Add up payments of this kind only, and leave out who had none."
    )
    answer: Answer | None = strawberry.field(
        default=None, description="Add up payments with this answer only, and leave out who had none."
    )
    search: str | None = strawberry.field(default=None, description="Suppliers with this text in their name.")

    def where(self) -> reads.SupplierFilter:
        """The same for the reads."""
        chosen = {"scope": value_of(self.scope), "answer": value_of(self.answer)}
        said = {"sme": value_of(self.sme), "local": value_of(self.local)}
        return reads.SupplierFilter(**{**vars(self), **chosen, **said})


@strawberry.input(description="Which commitments; what is left out lets all through.")
class OutcomeFilter:
    organisation: str | None = strawberry.field(
        default=None, description="Commitments on record with this organisation, as GB-LAE-SLF."
    )
    contract_id: str | None = strawberry.field(default=None, description="Commitments on this contract.")
    measure: str | None = strawberry.field(default=None, description="Commitments to this measure.")

    def where(self) -> reads.OutcomeFilter:
        """The same for the reads."""
        return reads.OutcomeFilter(**vars(self))


@strawberry.input(description="Which source files; what is left out lets all through.")
class FileFilter:
    organisation: str | None = strawberry.field(default=None, description="Files of this organisation, as GB-LAE-SLF.")
    kind: FileKind | None = strawberry.field(default=None, description="Files of this kind.")

    def where(self) -> reads.FileFilter:
        """The same for the reads."""
        return reads.FileFilter(organisation=self.organisation, kind=value_of(self.kind))


@strawberry.input(description="Which rejected rows; what is left out lets all through.")
class RejectFilter:
    organisation: str | None = strawberry.field(default=None, description="Rows of this organisation, as GB-LAE-SLF.")
    file_id: str | None = strawberry.field(default=None, description="Rows of this source file.")
    code: str | None = strawberry.field(default=None, description="Rows that were rejected for this reason's code.")
    mended: bool | None = strawberry.field(
        default=None, description="Rows that came again, mended, and are on the record; or those that did not."
    )

    def where(self) -> reads.RejectFilter:
        """The same for the reads."""
        return reads.RejectFilter(**vars(self))
