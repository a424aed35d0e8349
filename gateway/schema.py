"""What does the gateway's GraphQL offer? `python -m gateway.schema` writes it to `schema.graphql`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig

from gateway.connections import Node, TotalledConnection
from gateway.limits import MOST_TOKENS, Limits
from gateway.queries import ledger, lookup
from gateway.queries.contracts import Contract
from gateway.queries.contracts import contracts as list_contracts
from gateway.queries.evidence import Event
from gateway.queries.files import RejectedRow, SourceFile
from gateway.queries.files import rejected_rows as list_rejected_rows
from gateway.queries.files import source_files as list_source_files
from gateway.queries.ledger import PayRun, PurchaseOrder, StatedSupplier
from gateway.queries.names import PaidName
from gateway.queries.names import paid_names as list_paid_names
from gateway.queries.organisations import Figure, Organisation
from gateway.queries.organisations import figures as list_figures
from gateway.queries.organisations import organisations as list_organisations
from gateway.queries.outcomes import Outcome
from gateway.queries.outcomes import outcomes as list_outcomes
from gateway.queries.payments import Payment
from gateway.queries.payments import payments as list_payments
from gateway.queries.suppliers import Supplier
from gateway.queries.suppliers import suppliers as list_suppliers
from gateway.scalars import SCALARS

FILE = Path(__file__).parent / "schema.graphql"


def _field(resolver: Any, description: str) -> Any:
    return strawberry.field(resolver=resolver, description=description)


@strawberry.type(
    description=(
        "Where public money goes: what organisations have bought, from whom, what they paid, and the events that each"
        " answer stands on. Contract registers and payments over £500 need no key; all else needs a key of the"
        " organisation whose it is."
    )
)
class Query:
    node: Node | None = _field(lookup.node, "Whatever an id identifies; null when there is nothing that you may see.")
    organisations: TotalledConnection[Organisation] = _field(
        list_organisations, "The organisations with records here, by identifier."
    )
    organisation: Organisation | None = _field(
        lookup.organisation, "One organisation; null when nothing of it may be seen."
    )
    contracts: TotalledConnection[Contract] = _field(list_contracts, "Contracts on published registers.")
    contract: Contract | None = _field(lookup.contract, "One contract; null when there is none.")
    suppliers: TotalledConnection[Supplier] = _field(
        list_suppliers, "Suppliers on registers, and the other names that were paid."
    )
    supplier: Supplier | None = _field(lookup.supplier, "One supplier or payee; null when nothing of it may be seen.")
    payments: TotalledConnection[Payment] = _field(
        list_payments, "Payments that you may see: those over £500, and all of the organisation whose key you have."
    )
    payment: Payment | None = _field(lookup.payment, "One payment; null when there is none that you may see.")
    figures: list[Figure] = _field(list_figures, "What payments add up to, broken down; the largest part first.")
    outcomes: TotalledConnection[Outcome] | None = _field(
        list_outcomes, "Social value promised on contracts; needs a key of the organisation."
    )
    outcome: Outcome | None = _field(lookup.outcome, "One commitment; null when there is none that you may see.")
    paid_names: TotalledConnection[PaidName] | None = _field(
        list_paid_names,
        "Names that were paid, the supplier of the register that each is or may be, and why; needs a key of the organisation.",
    )
    purchase_orders: TotalledConnection[PurchaseOrder] | None = _field(
        ledger.purchase_orders,
        "Purchase orders as the ledger stated them, the latest first; needs a key of the organisation.",
    )
    pay_runs: TotalledConnection[PayRun] | None = _field(
        ledger.pay_runs, "Pay runs, and whether they agree with what is on record; needs a key of the organisation."
    )
    stated_suppliers: TotalledConnection[StatedSupplier] | None = _field(
        ledger.stated_suppliers, "The ledger's supplier master, by name; needs a key of the organisation."
    )
    source_files: TotalledConnection[SourceFile] | None = _field(
        list_source_files,
        "The files that were read, the newest period first, with what became of their rows; needs a key of the organisation.",
    )
    source_file: SourceFile | None = _field(
        lookup.source_file, "One source file; null when there is none that you may see."
    )
    rejected_rows: TotalledConnection[RejectedRow] | None = _field(
        list_rejected_rows, "Rows that could not be put on the record, and why; needs a key of the organisation."
    )
    event: Event | None = _field(
        lookup.event, "One event with its stored bytes; null when there is none that you may read."
    )


class Schema(strawberry.Schema):
    """Errors are logged where they are masked, in `errors`, and nowhere else."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Leave them to the door."""


schema = Schema(
    query=Query,
    types=[Organisation, Contract, Supplier, Payment, Outcome, SourceFile, RejectedRow, Event],
    extensions=[lambda: MaxTokensLimiter(MOST_TOKENS), ParserCache, Limits, ValidationCache],
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)


def printed() -> str:
    """The schema in GraphQL's own language."""
    return print_schema(schema) + "\n"


def main(arguments: Sequence[str]) -> str | None:
    """Write the file, or with `--check` say what is wrong with it."""
    if "--check" not in arguments:
        FILE.write_text(printed())
    elif FILE.read_text() != printed():
        return f"{FILE.name} is not what is served: run python -m gateway.schema"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
