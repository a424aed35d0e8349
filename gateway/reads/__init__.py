"""What do the read models say? Every question that GraphQL and the pages may ask of them.

All are asynchronous, take a connection or pool on database `reporting` and the viewer, and answer
with the records of `shapes`. `known_at` asks what was known at an instant; None asks the present.

    organisations(db, viewer, *, known_at=None) -> list[Organisation]          by identifier
    organisation(db, viewer, organisation, *, known_at=None) -> Organisation | None
    summary(db, viewer, organisation, *, known_at=None) -> Summary
    figures(db, viewer, where: PaymentFilter, by: Dimension, *, known_at=None) -> list[Figure]

    payments(db, viewer, where, *, order=PaymentOrder.PAID_ON_DESC, page=Page(), known_at=None) -> PageOf[Payment]
    payment_totals(db, viewer, where, *, known_at=None) -> Totals
    payment(db, viewer, organisation, payment_id, *, known_at=None) -> Payment | None
    contracts(db, viewer, where, *, order=ContractOrder.VALUE_DESC, page=Page(), known_at=None) -> PageOf[Contract]
    contract_totals(…) -> Totals      value pence where a value is stated
    contract(db, viewer, organisation, contract_id, *, known_at=None) -> Contract | None
    suppliers(db, viewer, where, *, order=SupplierOrder.PAID_DESC, page=Page(), known_at=None) -> PageOf[Supplier]
    supplier_totals(…) -> Totals      net pence paid
    supplier(db, viewer, organisation, supplier_id, *, known_at=None) -> Supplier | None

Only with a key of the organisation (KeyNeeded or NotSeen are raised, or None answered, otherwise):

    outcomes(db, viewer, where, *, order=OutcomeOrder.DUE_ON_ASC, page=Page(), known_at=None) -> PageOf[Commitment]
    outcome_totals(…) -> Totals       net pence always 0: quantities of different units do not add up
    outcome(db, viewer, organisation, commitment_id, *, known_at=None) -> Commitment | None
    claims(db, viewer, organisation, commitment_ids, *, known_at=None) -> list[Claim]
    source_files(db, viewer, where: FileFilter, *, page=Page(), known_at=None) -> PageOf[SourceFile]   newest period first
    source_file(db, viewer, organisation, file_id, *, known_at=None) -> SourceFile | None
    rejected_rows(db, viewer, where: RejectFilter, *, page=Page(), known_at=None) -> PageOf[RejectedRow]   by file and line
    reject_totals(…) -> Totals        rows, and pence of those whose amount could be read

Evidence (positions, ids and types are told of whatever record the viewer may see; content needs the key):

    evidence(db, organisation, streams: Sequence[tuple[service, stream]], *, page=Page(), known_at=None) -> PageOf[Event]
    evidence_of_payment / _contract / _supplier / _outcome / _source_file(record) -> list[tuple[service, stream]]
    event(db, viewer, event_id) -> StoredEvent | None
"""
