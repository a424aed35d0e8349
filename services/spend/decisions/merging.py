"""Which suppliers of the register are one? What a person decided, merged or split, and what is paid follows at once."""

from collections.abc import Collection, Mapping
from hashlib import sha256
from itertools import combinations
from uuid import UUID

from doors.problems import BadRequest
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Connection, Draft, EventLog
from schemas.identifiers import contradict
from schemas.spend import SupplierMerged, SupplierSplit
from services.spend.decisions.decision_input import MergeInput, SplitInput
from services.spend.feeds.receipts import Entry, under_key
from services.spend.judgement.rejudging import identified_again
from services.spend.suppliers import identities
from services.spend.suppliers.merges import Merges, merges


class TwoCompanies(Refused):
    code = "other-company"
    field = "into"
    remedy = "Two company numbers are two companies; correct the number where it is wrong."


class NotOneStep(Refused):
    code = "merged-already"
    field = "into"
    remedy = "Name the supplier that the others were merged into, or split them first."


class NotMerged(Refused):
    code = "not-merged"
    field = "supplier_id"
    remedy = "Only what was merged can be split."


async def merge(log: EventLog, credential: Credential, key: str, supplier_id: str, wanted: MergeInput) -> UUID:
    """Record under a key that a supplier is another; answers with the receipt's id.

    Payments to either are judged again in the same transaction. Raises BadRequest, KeyUsedOtherwise and Refused; then
    nothing is kept.
    """
    asked = f"merge\n{supplier_id}\n{wanted.into}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        standing = await merges(entry.conn, entry.organisation)
        if standing.into.get(supplier_id) == wanted.into:
            await entry.add([], [supplier_id], [])
            return
        await _check(entry.conn, entry.organisation, standing, supplier_id, wanted.into)
        fact = SupplierMerged(supplier_id=supplier_id, merged_into=wanted.into, reason=wanted.reason)
        await _record(entry, fact, wanted.into, standing)

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide, "merges")


async def split(log: EventLog, credential: Credential, key: str, supplier_id: str, wanted: SplitInput) -> UUID:
    """Record under a key that a supplier is itself again, as if it had never been merged; like `merge`."""
    asked = f"split\n{supplier_id}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        standing = await merges(entry.conn, entry.organisation)
        into = standing.into.get(supplier_id)
        if into is None:
            raise NotMerged(f"{supplier_id} is merged into no other supplier.")
        fact = SupplierSplit(supplier_id=supplier_id, split_from=into, reason=wanted.reason)
        await _record(entry, fact, None, standing)

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide, "merges")


async def _check(conn: Connection, organisation: str, standing: Merges, supplier_id: str, into: str) -> None:
    numbers = await _numbers(conn, organisation, [*standing.group(supplier_id), *standing.group(into)])
    for supplier, field in ((supplier_id, "supplier_id"), (into, "into")):
        if supplier not in numbers:
            raise BadRequest(
                404 if field == "supplier_id" else 422, "no-such-supplier",
                f"There is no supplier {supplier} on the register.",
                field=field, remedy="Name a supplier as the register's list gives it.",
            )  # fmt: skip
    if supplier_id == into:
        raise NotOneStep(f"{into} is that supplier itself.")
    if into in standing.into:
        raise NotOneStep(f"{into} was itself merged into {standing.into[into]}.")
    if len(standing.group(supplier_id)) > 1:
        others = ", ".join(sorted(set(standing.group(supplier_id)) - {supplier_id}))
        raise NotOneStep(f"Into {supplier_id} others were merged: {others}.")
    for one, other in combinations(sorted(numbers), 2):
        if contradict(numbers[one], numbers[other]):
            raise TwoCompanies(f"They have the numbers {', '.join(sorted({*numbers[one], *numbers[other]}))}.")


async def _numbers(conn: Connection, organisation: str, ids: Collection[str]) -> Mapping[str, set[str]]:
    rows = await conn.fetch(
        "SELECT supplier_id, numbers FROM spend.known_supplier WHERE organisation = $1 AND supplier_id = ANY($2)",
        organisation,
        list(ids),
    )
    found: dict[str, set[str]] = {}
    for supplier, own in rows:
        found.setdefault(supplier, set()).update(own)
    return found


async def _record(entry: Entry, fact: SupplierMerged | SupplierSplit, into: str | None, standing: Merges) -> None:
    conn, organisation, supplier_id = entry.conn, entry.organisation, fact.supplier_id
    version = await conn.fetchval(
        "INSERT INTO spend.merged_supplier VALUES ($1, $2, $3, 1) ON CONFLICT (organisation, supplier_id)"
        " DO UPDATE SET merged_into = excluded.merged_into, version = merged_supplier.version + 1 RETURNING version",
        organisation,
        supplier_id,
        into,
    )
    other = fact.merged_into if isinstance(fact, SupplierMerged) else fact.split_from
    concerned = {*standing.group(other), supplier_id}
    payees = await identities.touched_by(conn, organisation, concerned)
    drafts = [
        Draft(stream=f"merge/{supplier_id}", version=version, fact=fact, happened_at=now()),
        *await identified_again(conn, organisation, payees),
    ]
    await entry.add(drafts, [supplier_id], [supplier_id])
