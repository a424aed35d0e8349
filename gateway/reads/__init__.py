"""What do the read models say? Every question that GraphQL and the pages may ask of them.

All are asynchronous, take a connection or pool on database `reporting` and the viewer, and answer
with the records of `shapes`. `times` asks what was known at an instant, of payments up to a day; NOW asks all.

    organisations(db, viewer, *, times=NOW) -> list[Organisation]          by identifier
    organisation(db, viewer, organisation, *, times=NOW) -> Organisation | None
    summary(db, viewer, organisation, *, paid_from=None, paid_to=None, times=NOW) -> Summary
    figures(db, viewer, where: PaymentFilter, by: Dimension, *, times=NOW) -> list[Figure]
    narrowed(where, by, figure.value) -> PaymentFilter                         the payments behind one figure

    payments(db, viewer, where, *, order=PaymentOrder.PAID_ON_DESC, page=Page(), times=NOW) -> PageOf[Payment]
    payment_totals(db, viewer, where, *, times=NOW) -> Totals
    payment(db, viewer, organisation, payment_id, *, times=NOW) -> Payment | None
    contracts(db, viewer, where, *, order=ContractOrder.VALUE_DESC, page=Page(), times=NOW) -> PageOf[Contract]
    contract_totals(…) -> Totals      value pence where a value is stated
    contract(db, viewer, organisation, contract_id, *, times=NOW) -> Contract | None
    suppliers(db, viewer, where, *, order=SupplierOrder.PAID_DESC, page=Page(), times=NOW) -> PageOf[Supplier]
    supplier_totals(…) -> Totals      net pence paid
    supplier(db, viewer, organisation, supplier_id, *, times=NOW) -> Supplier | None

Only with a key of the organisation (KeyNeeded or NotSeen are raised, or None answered, otherwise):

    outcomes(db, viewer, where, *, order=OutcomeOrder.DUE_ON_ASC, page=Page(), times=NOW) -> PageOf[Commitment]
    outcome_totals(…) -> Totals       net pence always 0: quantities of different units do not add up
    outcome(db, viewer, organisation, commitment_id, *, times=NOW) -> Commitment | None
    claims(db, viewer, organisation, commitment_ids, *, times=NOW) -> list[Claim]
    source_files(db, viewer, where: FileFilter, *, page=Page(), times=NOW) -> PageOf[SourceFile]   newest period first
    source_file(db, viewer, organisation, file_id, *, times=NOW) -> SourceFile | None
    file_totals(…) -> Totals          files, and the pence their readers read
    rejected_rows(db, viewer, where: RejectFilter, *, page=Page(), times=NOW) -> PageOf[RejectedRow]   by file and line
    reject_totals(…) -> Totals        rows, and pence of those whose amount could be read

    names(db, viewer, where: NameFilter, *, order=NameOrder.PAID_DESC, page=Page(), times=NOW) -> PageOf[PaidName]
    name_totals(…) -> Totals          names that were paid, and what was paid to them

Evidence (positions, ids and types are told of whatever record the viewer may see; content needs the key):

    evidence(db, organisation, streams: Sequence[tuple[service, stream]], *, page=Page(), times=NOW) -> PageOf[Event]
    evidence_of_payment / _contract / _supplier / _outcome / _source_file(record) -> list[tuple[service, stream]]
    organisation_evidence(db, viewer, organisation, *, page=Page(), times=NOW) -> PageOf[Event]
    event(db, viewer, event_id) -> StoredEvent | None

`contracts_by_id`, `suppliers_by_id` and `source_files_by_id(db, viewer, keys, *, times=NOW)` answer many
`(organisation, id)` at once; `parked(db, models, organisation) -> int` counts what answers do not show yet.
`BadInput(field, message)` is raised for a page, cursor or text that no caller can mean.
"""

from gateway.reads.contracts import contract, contract_totals, contracts, contracts_by_id
from gateway.reads.event_shapes import Event, StoredEvent
from gateway.reads.events import (
    event,
    evidence,
    evidence_of_contract,
    evidence_of_outcome,
    evidence_of_payment,
    evidence_of_source_file,
    evidence_of_supplier,
    organisation_evidence,
)
from gateway.reads.files import (
    file_totals,
    reject_totals,
    rejected_rows,
    source_file,
    source_files,
    source_files_by_id,
)
from gateway.reads.filters import (
    BadInput,
    ContractFilter,
    ContractOrder,
    Dimension,
    FileFilter,
    OutcomeFilter,
    OutcomeOrder,
    Page,
    PaymentFilter,
    PaymentOrder,
    RejectFilter,
    SupplierFilter,
    SupplierOrder,
    narrowed,
)
from gateway.reads.names import Candidate, LinkState, NameFilter, NameOrder, PaidName, name_totals, names
from gateway.reads.organisations import (
    organisation,
    organisation_page,
    organisation_totals,
    organisations,
    summary,
)
from gateway.reads.outcomes import claims, outcome, outcome_totals, outcomes
from gateway.reads.payments import figures, payment, payment_totals, payments
from gateway.reads.shapes import (
    Claim,
    Commitment,
    Contract,
    Figure,
    Organisation,
    PageOf,
    Payment,
    RejectedRow,
    SourceFile,
    Summary,
    Supplier,
    Totals,
)
from gateway.reads.sql import Database, parked
from gateway.reads.suppliers import supplier, supplier_totals, suppliers, suppliers_by_id

__all__ = [
    "BadInput",
    "Candidate",
    "Claim",
    "Commitment",
    "Contract",
    "ContractFilter",
    "ContractOrder",
    "Database",
    "Dimension",
    "Event",
    "Figure",
    "FileFilter",
    "LinkState",
    "NameFilter",
    "NameOrder",
    "Organisation",
    "OutcomeFilter",
    "OutcomeOrder",
    "Page",
    "PageOf",
    "PaidName",
    "Payment",
    "PaymentFilter",
    "PaymentOrder",
    "RejectFilter",
    "RejectedRow",
    "SourceFile",
    "StoredEvent",
    "Summary",
    "Supplier",
    "SupplierFilter",
    "SupplierOrder",
    "Totals",
    "claims",
    "contract",
    "contract_totals",
    "contracts",
    "contracts_by_id",
    "event",
    "evidence",
    "evidence_of_contract",
    "evidence_of_outcome",
    "evidence_of_payment",
    "evidence_of_source_file",
    "evidence_of_supplier",
    "figures",
    "file_totals",
    "name_totals",
    "names",
    "narrowed",
    "organisation",
    "organisation_evidence",
    "organisation_page",
    "organisation_totals",
    "organisations",
    "outcome",
    "outcome_totals",
    "outcomes",
    "parked",
    "payment",
    "payment_totals",
    "payments",
    "reject_totals",
    "rejected_rows",
    "source_file",
    "source_files",
    "source_files_by_id",
    "summary",
    "supplier",
    "supplier_totals",
    "suppliers",
    "suppliers_by_id",
]
