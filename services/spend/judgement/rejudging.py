"""Which payments are judged otherwise now that something they rest on has changed?"""

from collections.abc import Collection, Mapping, Sequence

from eventlog.clock import now
from eventlog.store import Connection, Draft
from services.spend import known
from services.spend.domain import KnownSupplier, judge_supplied
from services.spend.judgement.ordered import judge_by_order
from services.spend.judgement.orders import orders
from services.spend.suppliers import identities
from services.spend.suppliers.stated_numbers import PayeeName


async def identified_again(conn: Connection, organisation: str, payees: Sequence[PayeeName]) -> list[Draft]:
    """Say anew who is behind these names, and judge their payments again."""
    registered = await identities.suppliers(conn, organisation, payees)
    ids = [payee.payee_id for payee in payees]
    return [
        *await identities.identify(conn, organisation, ids, registered),
        *await rejudge(conn, organisation, registered, ids, []),
    ]


async def rejudge(
    conn: Connection,
    organisation: str,
    registered: Mapping[str, KnownSupplier],
    payees: Collection[str],
    purchase_orders: Collection[str],
) -> list[Draft]:
    """Judge again the payments of these payees and orders; remember what changed and draft its facts.

    `registered` says whom on the register these payees fit; of the orders' other payees it is looked up.
    """
    standing = await known.standing(conn, organisation, list(payees), list(purchase_orders))
    others = {payment.payee_id for payment in standing} - set(payees)
    more = await known.payees(conn, organisation, others) if others else {}
    fitting = {
        **registered,
        **await identities.suppliers(conn, organisation, [PayeeName(p.payee_id, p.supplier_name, p.numbers) for p in more.values()]),
    }  # fmt: skip
    ordered = await orders(conn, organisation, [payment.purchase_order for payment in standing])
    drafts, changed = [], []
    for payment in standing:
        supplier = fitting.get(payment.payee_id)
        order = ordered.get(payment.purchase_order or "")
        again = judge_by_order(payment.paid.payment_id, payment.paid.paid_on, supplier, order) or judge_supplied(
            payment.paid, supplier
        )
        if (known.verdict(again), again.purchase_order) != (payment.verdict, payment.judged_by_order):
            changed.append(again)
            drafts.append(
                Draft(
                    stream=f"payment/{payment.paid.payment_id}",
                    version=payment.version + 1,
                    fact=again,
                    happened_at=now(),
                )
            )
    await known.restate(conn, organisation, changed)
    return drafts
