"""Payments, as partners see them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway import reads
from gateway.asking import Info, write_id
from gateway.candidates import ranked
from gateway.connections import After, AsOf, Connection, First, KnownAt, Node, TotalledConnection, from_row, page, parts
from gateway.queries.choices import Answer, LinkKind, PaymentOrder, Scope, Withdrawn, meant
from gateway.queries.evidence import EVIDENCE, Event, evidence
from gateway.queries.filters import PaymentFilter
from gateway.reads import models
from gateway.reads.allocations import shares
from gateway.reads.categories import category_of
from gateway.reads.times import Times
from gateway.scalars import Day, Instant, Pence

if TYPE_CHECKING:
    from gateway.queries.contracts import Contract
    from gateway.queries.files import SourceFile
    from gateway.queries.suppliers import Supplier


@strawberry.type(description="What was bought, on whose word.")
class Category:
    code: str = strawberry.field(description="ProClass 17, on the level that the source gives.")
    name: str = strawberry.field(description="The same in words.")
    first_level: str = strawberry.field(description="The category of the first level, by which payments are added up.")
    source: str = strawberry.field(
        description="Person, contract, order, account or supplier: the first of these that says anything."
    )
    confidence: str = strawberry.field(
        description="How sure: high, the thing is named; medium, a kind of thing; low, what is mostly meant."
    )
    because: str = strawberry.field(description="Why, in plain words.")
    rules_dated: Day | None = strawberry.field(description="The date of the rules for accounts, where they decided.")


@strawberry.type(description="A contract that a payment may be on: proposed, never asserted.")
class Proposal:
    contract_id: str = strawberry.field(description="The contract.")
    score: int = strawberry.field(description="How much speaks for it; the likeliest has the most.")
    because: list[str] = strawberry.field(description="What speaks for it, in words.")


@strawberry.type(description="What a contract bears of a payment, as a person decided.")
class Allocation:
    contract_id: str = strawberry.field(description="The contract.")
    share_pence: Pence = strawberry.field(description="Its share of the net amount.")
    reason: str | None = strawberry.field(description="Why; null unless your key is of the organisation that paid.")


@strawberry.type(description="Money that an organisation paid out, what it was for, and whether it was on contract.")
class Payment(Node):
    organisation: str = strawberry.field(description="Who paid, as GB-LAE-SLF.")
    payment_id: str = strawberry.field(description="The payment within its organisation.")
    payee_id: str | None = strawberry.field(
        description="The name that was paid, before anyone asks whose it is; null when it is withheld from you."
    )
    supplier_name: str | None = strawberry.field(
        description="Whom the publisher names, as published; empty when it names nobody, null when it is withheld from you."
    )
    file_id: str | None = strawberry.field(description="The source file; null for a payment that a machine posted.")
    line: int | None = strawberry.field(description="The line of that file.")
    period: str = strawberry.field(description="The period for which it was published, as 2021-04.")
    paid_on: Day = strawberry.field(description="The day of payment.")
    document_number: str | None = strawberry.field(description="The publisher's own number; it may return.")
    company_number: str | None = strawberry.field(description="The payee's company number, when the row gives one.")
    additional_identifiers: list[str] | None = strawberry.field(
        description="The payee’s numbers in other registers, as org-id.guide writes them: GB-CHC-1049226. Null when they are withheld from you."
    )
    contract_reference: str | None = strawberry.field(description="The contract that the row names, when it names one.")
    department: str = strawberry.field(description="The department that paid, as published.")
    purpose: str = strawberry.field(description="What it was for, as published.")
    net_pence: Pence = strawberry.field(description="Without VAT; below zero for a credit note.")
    vat_pence: Pence | None = strawberry.field(description="VAT; null when the publisher does not say.")
    gross_pence: Pence | None = strawberry.field(description="With VAT; null when the publisher does not say.")
    withheld: bool = strawberry.field(description="Whether the publisher withheld the payee's name.")
    repeats_document: bool = strawberry.field(description="Whether another payment carries the same document number.")
    document_line: str | None = strawberry.field(
        description="The line of the publisher's document. Null when it is not stated."
    )
    invoice_number: str | None = strawberry.field(
        description="The supplier's own number of the invoice. Null when it is not stated."
    )
    invoice_date: Day | None = strawberry.field(
        description="The day that the invoice bears. Null when it is not stated."
    )
    received_date: Day | None = strawberry.field(
        description="The day on which the invoice was received. Null when it is not stated."
    )
    purchase_order: str | None = strawberry.field(
        description="The number of the purchase order. Null when it is not stated."
    )
    cost_centre: str | None = strawberry.field(
        description="The cost centre to which it was booked. Null when it is not stated."
    )
    account: str | None = strawberry.field(
        description="The account to which it was booked, by code or name. Null when it is not stated."
    )
    irrecoverable_vat_pence: Pence | None = strawberry.field(
        description="VAT that the payer cannot reclaim. Null when it is not stated."
    )
    pay_run: str | None = strawberry.field(
        description="The payment run in which it was paid. Null when it is not stated."
    )
    status: str | None = strawberry.field(
        description="What the ledger says of it, in its own word. Null when it is not stated."
    )
    withdrawn: Withdrawn | None = strawberry.field(
        description="How it was withdrawn: it counts in no figure; null for a payment that stands."
    )
    withdrawn_on: Day | None = strawberry.field(description="Since when it is withdrawn.")
    withdrawn_reason: str | None = strawberry.field(
        description="Why; null unless your key is of the organisation that paid."
    )
    link_kind: LinkKind | None = strawberry.field(description="What it says of an earlier payment.")
    original_payment_id: str | None = strawberry.field(description="That earlier payment.")
    judged_by_order: str | None = strawberry.field(
        description="The purchase order that names the contract, or those considered; null when none does."
    )
    scope: Scope | None = strawberry.field(description="What kind of payment it is; null until a rule has said so.")
    scope_rule: str | None = strawberry.field(description="The rule that said so, in plain words.")
    rules_dated: Day | None = strawberry.field(description="The date of the rules that were used.")
    answer: Answer | None = strawberry.field(
        description="Whether it was on a contract; null when it is not contract spend, or not judged yet."
    )
    contract_id: str | None = strawberry.field(description="The contract it is on; null when no one is certain.")
    judged_answer: Answer | None = strawberry.field(
        description="What was judged, where a person's word goes before it; null where none does."
    )
    judged_contract_id: str | None = strawberry.field(description="The contract that was judged, likewise.")
    supplier_id: str | None = strawberry.field(
        description="The register's supplier; null when the payee is not known to be on it, or the payment is not contract spend."
    )
    candidates: list[str] = strawberry.field(description="Contracts that were considered, at most ten.")
    known_from: Instant = strawberry.field(description="Since when it has been known like this.")
    incomplete: bool = strawberry.field(description="Whether an event about it could not be read yet.")
    times: strawberry.Private[Times]
    row: strawberry.Private[reads.Payment]

    @strawberry.field(description="What was bought; null where nobody can say.")
    def category(self) -> Category | None:
        found = category_of(self.row)
        return None if found is None else from_row(Category, found)

    @strawberry.field(description="The contracts that were considered where no one is certain, the likeliest first.")
    async def proposals(self, info: Info) -> list[Proposal]:
        if self.contract_id is not None or not self.candidates:
            return []
        asking = info.context
        keys = [(self.organisation, each) for each in self.candidates]
        found = await reads.contracts_by_id(asking.db, asking.viewer, keys, times=self.times)
        return [
            Proposal(contract_id=each.contract.contract_id, score=each.score, because=list(each.evidence))
            for each in ranked(self.row, found.values())
        ]

    @strawberry.field(
        description="The contracts that bear it, as a person decided, the largest share first; else none."
    )
    async def allocations(self, info: Info) -> list[Allocation]:
        if self.row.allocated_contract_id is None:
            return []
        asking = info.context
        found = await shares(asking.db, asking.viewer, self.organisation, self.payment_id, times=self.times)
        return [
            Allocation(contract_id=each.contract_id, share_pence=Pence(each.share_pence), reason=each.reason)
            for each in found
        ]

    @strawberry.field(description="The contract it is on; null when no one contract is certain.")
    async def contract(self, info: Info) -> Annotated["Contract", strawberry.lazy("gateway.queries.contracts")] | None:
        from gateway.queries.contracts import contract_of

        if self.contract_id is None:
            return None
        row = await info.context.contracts.load((self.organisation, self.contract_id, self.times))
        return None if row is None else contract_of(row, self.times)

    @strawberry.field(description="Who was paid: the register's supplier, else the payee; null when it is withheld.")
    async def supplier(self, info: Info) -> Annotated["Supplier", strawberry.lazy("gateway.queries.suppliers")] | None:
        from gateway.queries.suppliers import supplier_of

        wanted = self.supplier_id or self.payee_id
        if wanted is None or self.withheld:
            return None
        row = await info.context.suppliers.load((self.organisation, wanted, self.times))
        return None if row is None else supplier_of(row, self.times)

    @strawberry.field(description="The file it came from; null unless your key is of the organisation that paid.")
    async def file(self, info: Info) -> Annotated["SourceFile", strawberry.lazy("gateway.queries.files")] | None:
        from gateway.queries.files import file_of

        if self.file_id is None:
            return None
        row = await info.context.files.load((self.organisation, self.file_id, self.times))
        return None if row is None else file_of(row, self.times)

    @strawberry.field(description=EVIDENCE)
    async def evidence(self, info: Info, first: First = 20, after: After = None) -> Connection[Event]:
        streams = reads.evidence_of_payment(self.row)
        return await evidence(info, self.organisation, streams, first, after, self.times)


PaymentConnection = TotalledConnection[Payment]


def payment_of(row: reads.Payment, times: Times) -> Payment:
    """A payment for partners."""
    payment = from_row(Payment, row, id=write_id("Payment", row.organisation, row.payment_id), times=times, row=row)
    payment.scope = None if row.scope is None else Scope(row.scope)
    payment.answer = None if row.answer is None else Answer(row.answer)
    payment.judged_answer = None if row.judged_answer is None else Answer(row.judged_answer)
    payment.withdrawn = None if row.withdrawn is None else Withdrawn(row.withdrawn)
    payment.link_kind = None if row.link_kind is None else LinkKind(row.link_kind)
    return payment


async def payment_connection(
    info: Info,
    where: reads.PaymentFilter,
    order: PaymentOrder,
    first: int,
    after: str | None,
    times: Times,
) -> TotalledConnection[Payment]:
    """The payments that a filter lets through, as a connection."""
    asking = info.context
    found = await reads.payments(
        asking.db, asking.viewer, where, order=meant(order), page=page(first, after), times=times
    )
    return PaymentConnection(
        **parts(found, [payment_of(row, times) for row in found.items], after),
        ask_totals=lambda: reads.payment_totals(asking.db, asking.viewer, where, times=times),
        ask_incomplete=lambda: asking.incomplete(models.PAYMENTS, where.organisation),
    )


async def payments(
    info: Info,
    where: Annotated[PaymentFilter | None, strawberry.argument(description="Which payments; all, when absent.")] = None,
    order_by: Annotated[PaymentOrder, strawberry.argument(description="In which order.")] = PaymentOrder.PAID_ON_DESC,
    first: First = 20,
    after: After = None,
    as_known_at: KnownAt = None,
    as_of: AsOf = None,
) -> TotalledConnection[Payment]:
    """Resolve `payments`."""
    narrowed = (where or PaymentFilter()).where()
    return await payment_connection(info, narrowed, order_by, first, after, Times(as_known_at, as_of))
