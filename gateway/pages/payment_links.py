"""Does a payment still count, and which other payments does it name, or name it?"""

from gateway import money, reads
from gateway.pages import words
from gateway.pages.asked import Asked
from gateway.pages.rendering import Cell
from gateway.reads import Page, Payment, PaymentFilter

MOST = 20


async def said(asked: Asked, payment: Payment) -> list[tuple[str, Cell]]:
    """Its withdrawal, the payment that it names, and those that name it; nothing for most payments."""
    return [*_withdrawn(payment), *await _names(asked, payment), *await _named_by(asked, payment)]


def _withdrawn(payment: Payment) -> list[tuple[str, Cell]]:
    if payment.withdrawn is None:
        return []
    how = f"{words.WITHDRAWN[payment.withdrawn]}, {words.day(payment.withdrawn_on)}: it counts in no figure"
    return [("Withdrawn", Cell(how, note=payment.withdrawn_reason))]


async def _names(asked: Asked, payment: Payment) -> list[tuple[str, Cell]]:
    if payment.link_kind is None or payment.original_payment_id is None:
        return []
    original = await reads.payment(
        asked.db, asked.viewer, payment.organisation, payment.original_payment_id, times=asked.times
    )
    if original is None:
        return [(words.LINKS[payment.link_kind], Cell(payment.original_payment_id, mono=True))]
    return [(words.LINKS[payment.link_kind], _cell(asked, original))]


async def _named_by(asked: Asked, payment: Payment) -> list[tuple[str, Cell]]:
    where = PaymentFilter(organisation=payment.organisation, original_payment_id=payment.payment_id, withdrawn=None)
    later = await reads.payments(asked.db, asked.viewer, where, page=Page(first=MOST), times=asked.times)
    return [(words.LINKED[each.link_kind], _cell(asked, each)) for each in later.items if each.link_kind]


def _cell(asked: Asked, payment: Payment) -> Cell:
    where = asked.to.one(payment.organisation, "payments", payment.payment_id)
    how = words.WITHDRAWN.get(payment.withdrawn or "")
    return Cell(f"{money.pounds(payment.net_pence)}, {words.day(payment.paid_on)}", where, note=how)
