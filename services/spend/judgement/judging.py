"""What contracts say reaches spend, and payments are judged again: the end state knows no order."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid5

from eventlog.envelope import Actor, Cause
from eventlog.projector import Recorded
from eventlog.store import Connection, EventLog
from schemas.contracts import ContractAwarded, ContractRestated, SupplierStated
from services.spend import known, recording
from services.spend.judgement.orders import orders_naming
from services.spend.judgement.rejudging import rejudge
from services.spend.suppliers import identities
from services.spend.suppliers.reference_layouts import postcode_of
from services.spend.suppliers.stated_numbers import numbers_of

SPEND = Actor(account="machine/spend", person=None, role="judge", organisation="localpound")
"""Judging again is the service's own act."""


class KnownContracts:
    """Keeps what spend must know of contracts and suppliers, and judges again whom it touches."""

    name = "known_contracts"
    version = 2
    topics = ("contracts.events",)
    facts = (SupplierStated, ContractAwarded, ContractRestated)
    wants_all = False

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def create(self, conn: Connection, schema: str) -> None:
        """The tables are spend's own, made by its migrations."""

    async def apply(self, conn: Connection, schema: str, batch: Sequence[Recorded]) -> None:  # noqa: ARG002
        """Take in the batch, then judge again every payment of the suppliers that it touches."""
        by_organisation: defaultdict[str, list[Recorded]] = defaultdict(list)
        for recorded in batch:
            by_organisation[recorded.organisation].append(recorded)
        for organisation in sorted(by_organisation):
            recordeds = by_organisation[organisation]
            await conn.execute(known.LOCK, organisation)
            touched, references = await _take_in(conn, organisation, recordeds)
            await self._judge_again(conn, organisation, touched, references, recordeds[-1])

    async def _judge_again(
        self, conn: Connection, organisation: str, touched: set[str], references: set[str], because: Recorded
    ) -> None:
        rows = await identities.touched_by(conn, organisation, touched)
        registered = await identities.suppliers(conn, organisation, rows)
        payees = [payee for payee, _, _ in rows]
        drafts = await identities.identify(conn, organisation, payees, registered)
        naming = await orders_naming(conn, organisation, sorted(references))
        drafts += await rejudge(conn, organisation, registered, payees, naming)
        event = UUID(because.event_id)
        cause = Cause(
            command_id=uuid5(event, f"judge-again/{because.index}/{len(drafts)}"),
            correlation_id=event,
            causation_id=event,
        )
        await recording.append(self._log, conn, organisation, drafts, SPEND, cause)


async def _take_in(conn: Connection, organisation: str, batch: Sequence[Recorded]) -> tuple[set[str], set[str]]:
    """Remember suppliers and contracts; the suppliers and references that are touched, before and after."""
    touched: set[str] = set()
    references: set[str] = set()
    for recorded in batch:
        match recorded.fact:
            case SupplierStated() as supplier:
                touched.add(supplier.supplier_id)
                await identities.keep_supplier(
                    conn, organisation, supplier.supplier_id, supplier.name, supplier.normalised_name,
                    numbers_of(supplier.company_number, supplier.additional_identifiers), postcode_of(supplier.postcode),
                )  # fmt: skip
            case ContractAwarded() | ContractRestated() as contract:
                before = await conn.fetchrow(
                    "SELECT supplier_id, reference FROM spend.known_contract WHERE organisation = $1 AND contract_id = $2",
                    organisation,
                    contract.contract_id,
                )
                was = tuple(before) if before else (None, None)
                touched |= {supplier for supplier in (was[0], contract.supplier_id) if supplier}
                references |= {reference for reference in (was[1], contract.reference) if reference}
                await _keep(conn, organisation, contract, recorded.index)
            case _:
                continue
    return touched, references


async def _keep(
    conn: Connection, organisation: str, contract: ContractAwarded | ContractRestated, log_index: int
) -> None:
    """Remember a contract; the same fact again tells what was not kept of it before."""
    await conn.execute(
        "INSERT INTO spend.known_contract AS k (organisation, contract_id, supplier_id, reference, starts_on, ends_on,"
        " log_index, extends, value_pence, annual_pence, supplier_name, title)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (organisation, contract_id) DO UPDATE SET supplier_id = excluded.supplier_id,"
        " reference = excluded.reference, starts_on = excluded.starts_on, ends_on = excluded.ends_on,"
        " log_index = excluded.log_index, extends = excluded.extends, value_pence = excluded.value_pence,"
        " annual_pence = excluded.annual_pence, supplier_name = excluded.supplier_name, title = excluded.title"
        " WHERE k.log_index <= excluded.log_index",
        organisation, contract.contract_id, contract.supplier_id, contract.reference, contract.starts_on,
        contract.ends_on, log_index, contract.extends_contract_id, contract.value_pence, contract.annual_pence,
        contract.supplier_name, contract.title,
    )  # fmt: skip
