"""Which payments does an address ask for, and in which order?"""

from datetime import date

from gateway import reads
from gateway.pages import words
from gateway.pages.asked import Asked
from gateway.reads import BadInput, PaymentFilter, PaymentOrder
from schemas import proclass

ORDERS = {
    "": "Newest first",
    PaymentOrder.PAID_ON_ASC.value: "Oldest first",
    PaymentOrder.NET_PENCE_DESC.value: "Largest first",
    PaymentOrder.NET_PENCE_ASC.value: "Smallest first",
}
YES_NO = {"yes": True, "no": False}


def filter_of(asked: Asked, organisation: str) -> PaymentFilter:
    """The filter that the address spells out. Raises BadInput."""
    given = asked.request.query_params
    return PaymentFilter(
        organisation=organisation,
        scope=_one_of(asked, "scope", words.SCOPES),
        answer=_one_of(asked, "answer", words.ANSWERS),
        supplier_id=asked.text("supplier"),
        contract_id=asked.text("contract"),
        file_id=asked.text("file"),
        period=asked.text("period"),
        department=asked.text("department"),
        paid_from=_day(asked, "paid_from"),
        paid_to=_day(asked, "paid_to"),
        sme=_known(asked, "sme"),
        local=_known(asked, "local"),
        withheld=YES_NO.get(given.get("withheld", "")),
        repeats_document=YES_NO.get(given.get("repeats_document", "")),
        original_payment_id=asked.text("original"),
        purchase_order=asked.text("purchase_order"),
        pay_run=asked.text("pay_run"),
        withdrawn=YES_NO.get(given.get("withdrawn", ""), False),
        category=_category(asked),
        search=asked.text("q"),
    )


def _one_of(asked: Asked, name: str, allowed: dict[str, str]) -> str | None:
    """A value of a list; empty is a value where the address spells `scope=none`, and nothing otherwise."""
    value = asked.text(name)
    if value == "none":
        return ""
    if value is not None and value not in allowed:
        raise BadInput(name, f"Use one of: {', '.join(key for key in allowed if key)}, none.")
    return value


def _category(asked: Asked) -> str | None:
    value = asked.text("category")
    if value is not None and value != "none" and proclass.first_level(value) != value:
        raise BadInput("category", "Give a ProClass category of the first level, as 270000, or none.")
    return "" if value == "none" else value


def _known(asked: Asked, name: str) -> reads.shapes.Known | None:
    match asked.text(name):
        case None:
            return None
        case "yes":
            return "yes"
        case "no":
            return "no"
        case "unknown":
            return "unknown"
        case _:
            raise BadInput(name, "Use yes, no or unknown.")


def _day(asked: Asked, name: str) -> date | None:
    text = asked.text(name)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadInput(name, "Give a day, as 2026-03-31.") from None


def order_of(asked: Asked) -> PaymentOrder:
    text = asked.text("order")
    if text is None:
        return PaymentOrder.PAID_ON_DESC
    try:
        return PaymentOrder(text)
    except ValueError:
        raise BadInput("order", f"Use one of: {', '.join(order for order in ORDERS if order)}.") from None
