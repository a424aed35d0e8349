"""What does a person decide against the rules: what kind of payment it is, and what was bought?"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from eventlog.clock import now
from eventlog.codec import Codec
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Connection, Draft, EventLog
from schemas import proclass
from schemas.fact import Fact
from schemas.spend import (
    PaymentCategoryDecided,
    PaymentCorrected,
    PaymentRecorded,
    PaymentScoped,
    PaymentScopeDecided,
    Scope,
)
from services.spend import known
from services.spend.decisions.decision_input import CategoryInput, ScopeInput
from services.spend.domain import judge_supplied
from services.spend.feeds.ledger import NoSuchPayment
from services.spend.feeds.receipts import Entry, under_key
from services.spend.judgement.contract import Judgement, Paid
from services.spend.judgement.ordered import judge_by_order
from services.spend.judgement.orders import orders
from services.spend.judgement.scoping import scoped
from services.spend.suppliers import identities
from services.spend.suppliers.stated_numbers import PayeeName, numbers_of

STATING = Codec(PaymentRecorded, PaymentCorrected)


class NothingDecided(Refused):
    code = "nothing-decided"
    remedy = "Only what was decided can be taken back."


class NoSuchCategory(Refused):
    code = "no-such-category"
    field = "category_code"
    remedy = "Give a code of ProClass 17, as 270000."


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What is on record of a payment, for placing it anew."""

    payment_id: str
    payee_id: str
    paid_on: date
    contract_reference: str | None
    purchase_order: str | None
    version: int
    scope_decided: Scope | None
    category_decided: str | None
    net_pence: int


async def decide_scope(log: EventLog, credential: Credential, key: str, payment_id: str, wanted: ScopeInput) -> UUID:
    """Record under a key what kind of payment it is, or take that back; answers with the receipt's id.

    The payment is placed and judged again in the same transaction, and stays so whatever rules or files say later.
    Raises NoSuchPayment, KeyUsedOtherwise and Refused; then nothing is kept.
    """
    asked = f"scope\n{payment_id}\n{wanted.scope}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        payment = await _on_record(entry.conn, entry.organisation, payment_id)
        if payment.scope_decided == wanted.scope and wanted.scope is not None:
            await entry.add([], [payment_id], [])
            return
        standing = wanted.scope or payment.scope_decided
        if standing is None:
            raise NothingDecided("Nobody decided what kind of payment this is.")
        fact = PaymentScopeDecided(
            payment_id=payment_id,
            decision="withdrawn" if wanted.scope is None else "decided",
            scope=standing,
            reason=wanted.reason,
        )
        placed, judgement = await _place(log, entry, payment, wanted.scope)
        facts: list[Fact] = [fact, placed, *([judgement] if judgement else [])]
        await _keep_scope(entry, payment, wanted.scope, placed, judgement, len(facts))
        await entry.add(_drafts(payment, facts), [payment_id], [payment_id])

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide)


async def decide_category(
    log: EventLog, credential: Credential, key: str, payment_id: str, wanted: CategoryInput
) -> UUID:
    """Record under a key what was bought, or take that back; like `decide_scope`."""
    if wanted.category_code is not None and not proclass.known(wanted.category_code):
        raise NoSuchCategory(f"ProClass 17 has no code {wanted.category_code}.")
    asked = f"category\n{payment_id}\n{wanted.category_code}\n{wanted.reason}"

    async def decide(entry: Entry) -> None:
        payment = await _on_record(entry.conn, entry.organisation, payment_id)
        if payment.category_decided == wanted.category_code and wanted.category_code is not None:
            await entry.add([], [payment_id], [])
            return
        standing = wanted.category_code or payment.category_decided
        if standing is None:
            raise NothingDecided("Nobody decided what was bought.")
        fact = PaymentCategoryDecided(
            payment_id=payment_id,
            decision="withdrawn" if wanted.category_code is None else "decided",
            category_code=standing,
            reason=wanted.reason,
        )
        await entry.conn.execute(
            "UPDATE spend.payment SET category_decided = $3, version = version + 1"
            " WHERE organisation = $1 AND payment_id = $2",
            entry.organisation,
            payment_id,
            wanted.category_code,
        )
        await entry.add(_drafts(payment, [fact]), [payment_id], [payment_id])

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide)


async def _on_record(conn: Connection, organisation: str, payment_id: str) -> Placed:
    row = await conn.fetchrow(
        "SELECT payment_id, payee_id, paid_on, contract_reference, purchase_order, version, scope_decided,"
        " category_decided, net_pence FROM spend.payment WHERE organisation = $1 AND payment_id = $2",
        organisation,
        payment_id,
    )
    if row is None:
        raise NoSuchPayment(payment_id)
    return Placed(**row)


async def _place(
    log: EventLog, entry: Entry, payment: Placed, decided: Scope | None
) -> tuple[PaymentScoped, Judgement | None]:
    """Place and judge a payment as it is stated now."""
    conn, organisation = entry.conn, entry.organisation
    stream = await log.load(organisation, f"payment/{payment.payment_id}", conn)
    stated = [STATING.decode(event) for event in stream if STATING.knows(event.type)]
    recorded = stated[0]
    assert isinstance(recorded, PaymentRecorded)
    purpose = next((fact.purpose for fact in reversed(stated) if isinstance(fact, PaymentCorrected)), recorded.purpose)
    placed = scoped(
        payment.payment_id, recorded.supplier_name, purpose, withheld=recorded.withheld, decided=decided,
        proclass_code=recorded.proclass_code, cpv_code=recorded.cpv_code,
    )  # fmt: skip
    if placed.scope != "contract_spend":
        return placed, None
    numbers = numbers_of(recorded.company_number, recorded.additional_identifiers)
    payee = PayeeName(payment.payee_id, recorded.supplier_name, numbers)
    behind = {} if recorded.withheld else await identities.suppliers(conn, organisation, [payee])
    supplier = behind.get(payment.payee_id)
    order = (await orders(conn, organisation, [payment.purchase_order])).get(payment.purchase_order or "")
    by_order = judge_by_order(payment.payment_id, payment.paid_on, supplier, order)
    paid = Paid(
        payment_id=payment.payment_id, paid_on=payment.paid_on, net_pence=payment.net_pence,
        contract_reference=payment.contract_reference, supplier_name=recorded.supplier_name, purpose=purpose,
    )  # fmt: skip
    return placed, by_order or judge_supplied(paid, supplier)


async def _keep_scope(
    entry: Entry, payment: Placed, decided: Scope | None, placed: PaymentScoped, judgement: Judgement | None, facts: int
) -> None:
    await entry.conn.execute(
        "UPDATE spend.payment SET scope_decided = $3, scope = $4, answer = $5, contract_id = $6, supplier_id = $7,"
        " candidates = $8, judged_by_order = $9, version = version + $10 WHERE organisation = $1 AND payment_id = $2",
        entry.organisation, payment.payment_id, decided, placed.scope, *known.verdict(judgement),
        judgement and judgement.purchase_order, facts,
    )  # fmt: skip


def _drafts(payment: Placed, facts: list[Fact]) -> list[Draft]:
    stream, at = f"payment/{payment.payment_id}", now()
    return [
        Draft(stream=stream, version=version, fact=fact, happened_at=at)
        for version, fact in enumerate(facts, payment.version + 1)
    ]
