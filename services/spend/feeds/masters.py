"""Purchase orders and suppliers from a ledger's master data: what was stated last stands, and is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from uuid import UUID

import msgspec
from fastapi import Request

from doors.bodies import body_of, read_json, strictly_json
from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.store import Connection, Draft, EventLog
from schemas.spend import PurchaseOrderRaised, SupplierMasterStated
from services.spend.amounts import midnight
from services.spend.feeds.ledger import LARGEST_BODY
from services.spend.feeds.master_input import ManyOrders, ManySuppliers, OrderInput, SupplierInput
from services.spend.feeds.receipts import Entry, Kind, under_key
from services.spend.feeds.streams import PART, arrived, is_stream, read_lines
from services.spend.judgement.rejudging import identified_again, rejudge
from services.spend.suppliers.stated_numbers import Keys, keys_of, payees_known

Input = OrderInput | SupplierInput
UNKNOWN = (b"", 0)


@dataclass(frozen=True, slots=True)
class Master:
    """One kind of master data: its inputs, and its streams."""

    kind: Kind
    one: type[OrderInput] | type[SupplierInput]
    many: type[ManyOrders] | type[ManySuppliers]
    stream: str


ORDERS = Master("purchase_orders", OrderInput, ManyOrders, "purchase-order")
SUPPLIERS = Master("suppliers", SupplierInput, ManySuppliers, "supplier-master")


def read(body: bytes, master: Master) -> Sequence[Input]:
    """A JSON body, one or many. Raises BadRequest, which names the field."""
    if isinstance(strictly_json(body), list):
        return read_json(body, master.many).root
    return [read_json(body, master.one)]


async def receive(log: EventLog, credential: Credential, key: str, request: Request, master: Master) -> UUID:
    """Record a body's orders or suppliers under a key and answer with the receipt's id.

    Raises BadRequest, which names the field and of a stream the line, and KeyUsedOtherwise; then nothing is kept.
    """
    if not is_stream(request):
        body = await body_of(request, LARGEST_BODY)
        inputs = read(body, master)
        return await under_key(
            log, credential, key, _digest(master, sha256(body).digest()),
            lambda entry: take(entry, master, inputs), master.kind,
        )  # fmt: skip
    async with arrived(request, master.one) as sent:

        async def decide(entry: Entry) -> None:
            rows = (each for _, each in read_lines(sent.file, master.one))
            while part := list(islice(rows, PART)):
                await take(entry, master, part)

        return await under_key(log, credential, key, _digest(master, sent.digest), decide, master.kind)


def _digest(master: Master, body: bytes) -> bytes:
    return sha256(master.kind.encode() + body).digest()


async def take(entry: Entry, master: Master, inputs: Sequence[Input]) -> None:
    """Add what some of a body's orders or suppliers state anew; payments under such orders are judged again."""
    last = {each.identity: each.fact() for each in inputs}
    contents = {code: sha256(msgspec.json.encode(fact)).digest() for code, fact in last.items()}
    before = await _on_record(entry.conn, entry.organisation, master, list(last))
    changed = [code for code in last if before.get(code, UNKNOWN)[0] != contents[code]]
    drafts = [
        Draft(
            stream=f"{master.stream}/{code}",
            version=before.get(code, UNKNOWN)[1] + 1,
            fact=last[code],
            happened_at=midnight(fact.raised_on) if isinstance(fact := last[code], PurchaseOrderRaised) else now(),
        )
        for code in changed
    ]
    names, numbers = await _known_by(entry.conn, entry.organisation, changed) if master is SUPPLIERS else (set(), set())
    await entry.conn.executemany(
        "INSERT INTO spend.master_record (organisation, kind, code, contract_reference, content, version, name_key,"
        " trading_key, numbers, postcode, site_postcode) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10)"
        " ON CONFLICT (organisation, kind, code) DO UPDATE SET contract_reference = $4, content = $5,"
        " version = master_record.version + 1, name_key = $6, trading_key = $7, numbers = $8, postcode = $9,"
        " site_postcode = $10",
        [
            (entry.organisation, master.kind, code, _reference(last[code]), contents[code], *_keys(last[code]))
            for code in changed
        ],
    )
    if master is ORDERS and changed:
        drafts += await rejudge(entry.conn, entry.organisation, {}, [], changed)
    if master is SUPPLIERS and changed:
        after_names, after_numbers = await _known_by(entry.conn, entry.organisation, changed)
        payees = await payees_known(entry.conn, entry.organisation, names | after_names, numbers | after_numbers)
        drafts += await identified_again(entry.conn, entry.organisation, payees)
    await entry.add(drafts, list(last), changed)


async def _known_by(conn: Connection, organisation: str, codes: Sequence[str]) -> tuple[set[str], set[str]]:
    """By which names and numbers these suppliers are known."""
    rows = await conn.fetch(
        "SELECT name_key, trading_key, numbers FROM spend.master_record"
        " WHERE organisation = $1 AND kind = 'suppliers' AND code = ANY($2)",
        organisation,
        codes,
    )
    names = {name for first, trading, _ in rows for name in (first, trading) if name}
    return names, {number for *_, numbers in rows for number in numbers}


async def _on_record(
    conn: Connection, organisation: str, master: Master, codes: Sequence[str]
) -> dict[str, tuple[bytes, int]]:
    rows = await conn.fetch(
        "SELECT code, content, version FROM spend.master_record"
        " WHERE organisation = $1 AND kind = $2 AND code = ANY($3)",
        organisation,
        master.kind,
        codes,
    )
    return {row["code"]: (bytes(row["content"]), row["version"]) for row in rows}


def _keys(fact: PurchaseOrderRaised | SupplierMasterStated) -> Keys:
    return keys_of(fact) if isinstance(fact, SupplierMasterStated) else (None, None, (), None, None)


def _reference(fact: PurchaseOrderRaised | SupplierMasterStated) -> str | None:
    return fact.contract_reference if isinstance(fact, PurchaseOrderRaised) else None
