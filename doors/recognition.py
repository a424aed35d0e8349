"""What kind of published file is this? Told by its column names, never by its file name."""

from collections.abc import Sequence
from typing import Literal

from doors.rows import name_of

Kind = Literal["register", "spend", "other"]

_TITLE = {"contracttitle", "title", "titleofagreement", "agreementtitle", "contractname"}
_TERM = {
    "startdate", "enddate", "contractstartdate", "contractenddate", "currentexpirydate",
    "expirydate", "contractdurationmonths", "reviewdate",
}  # fmt: skip
_SUPPLIER = ("supplier", "vendor", "beneficiary", "payee", "provider", "contractor")
_PAID = (
    "dateofpayment", "paymentdate", "datepaid", "paiddate", "transactiondate", "invoicepaymentdate",
    "paydate", "date", "period",
)  # fmt: skip
_DOCUMENT = ("document", "transaction", "trans", "invoice", "voucher", "internalref")


def kind_of(header: Sequence[str]) -> Kind:
    """A contract register states titles and terms; a spend file, amounts paid and when."""
    names = {name_of(cell) for cell in header} - {""}
    supplier = any(word in name for name in names for word in _SUPPLIER)
    if supplier and names & _TITLE and names & _TERM:
        return "register"
    amount = any("amount" in name or name in {"net", "gross", "netvalue"} or "linevalue" in name for name in names)
    told = any(name in _PAID for name in names) or any(name.startswith(_DOCUMENT) for name in names)
    return "spend" if amount and told and not names & _TITLE else "other"
