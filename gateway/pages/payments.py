"""Which payments does a figure sum, and what is known of each?"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from gateway import money, reads
from gateway.candidates import Candidate, ranked
from gateway.pages import payment_links, payment_list, words
from gateway.pages.asked import Asked, asked
from gateway.pages.facts import facts_behind
from gateway.pages.lists import Field, incomplete, known_organisation, narrowed, options, paging
from gateway.pages.payment_filters import ORDERS, filter_of, order_of
from gateway.pages.rendering import Cell, Column, Crumb, Table, page, pounds_cell
from gateway.places import name_of
from gateway.reads import Payment, models
from gateway.reads.allocations import Share, shares
from gateway.reads.categories import category_of

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]


@router.get("/organisations/{organisation}/payments")
@router.get("/organisations/{organisation}/payments.csv")
@router.get("/organisations/{organisation}/payments.xlsx")
async def listed(organisation: str, asked: Ask) -> Response:
    """Payments, and what they add up to."""
    await known_organisation(asked, organisation)
    where, order = filter_of(asked, organisation), order_of(asked)
    if (form := asked.download) is not None:
        return await payment_list.answer(form, asked, organisation, where, order)
    total = await reads.payment_totals(asked.db, asked.viewer, where, times=asked.times)
    found = await reads.payments(asked.db, asked.viewer, where, order=order, page=asked.page(), times=asked.times)
    return await page(
        asked,
        "list.html",
        "Payments",
        organisation=organisation,
        here="payments",
        crumbs=_crumbs(asked, organisation)[:2],
        total=f"{words.plural(total.count, 'payment')}, {money.pounds(total.net_pence)} in all, without VAT",
        narrowed=await _narrowed(asked, organisation),
        fields=_fields(asked),
        kept=[(n, v) for n, v in asked.request.query_params.items() if n in _KEPT],
        shown=payments_table(asked, found.items),
        is_incomplete=await incomplete(asked, models.PAYMENTS, organisation),
        csv=True,
        pages=paging(asked, found),
    )


_KEPT = (
    "supplier",
    "contract",
    "file",
    "period",
    "department",
    "sme",
    "local",
    "category",
    "withheld",
    "repeats_document",
    "original",
    "purchase_order",
    "pay_run",
)


def _fields(asked: Asked) -> list[Field]:
    given = asked.request.query_params
    return [
        Field("q", "Payee or purpose", given.get("q", "")),
        Field("scope", "Scope", given.get("scope", ""), options(words.SCOPES, "All scopes")),
        Field("answer", "Against the register", given.get("answer", ""), options(words.ANSWERS, "All")),
        Field(
            "withdrawn",
            "Voided or cancelled",
            given.get("withdrawn", ""),
            [{"value": "", "text": "Left out"}, {"value": "yes", "text": "Only these"}],
        ),
        Field(
            "order",
            "Order",
            given.get("order", ""),
            [{"value": value, "text": text} for value, text in ORDERS.items()],
        ),
    ]


async def _narrowed(asked: Asked, organisation: str) -> list[tuple[str, str, str]]:
    given = asked.request.query_params
    supplier = given.get("supplier", "")
    if supplier:
        known = await reads.supplier(asked.db, asked.viewer, organisation, supplier, times=asked.times)
        supplier = supplier if known is None else known.name
    return narrowed(
        asked,
        {
            "scope": ("scope", words.SCOPES.get(given.get("scope", ""), "Not placed yet")),
            "answer": ("against the register", words.ANSWERS.get(given.get("answer", ""), "Not judged yet")),
            "supplier": ("supplier", supplier),
            "contract": ("contract", given.get("contract", "")),
            "file": ("source file", given.get("file", "")[:12]),
            "period": ("published for", words.period(given.get("period", ""))),
            "department": ("department", given.get("department", "")),
            "sme": ("small or medium-sized supplier", words.KNOWN.get(given.get("sme", ""), "")),
            "local": ("local supplier", words.KNOWN.get(given.get("local", ""), "")),
            "purchase_order": ("purchase order", given.get("purchase_order", "")),
            "pay_run": ("pay run", given.get("pay_run", "")),
            "category": ("bought", words.category(given.get("category", "none").removeprefix("none"))),
            "q": ("with", given.get("q", "")),
        },
    )


_COLUMNS = (
    Column("Paid on", classes="lp-nowrap"),
    Column("Payee"),
    Column("Purpose"),
    Column("What it was"),
    Column("Amount", numeric=True, classes="lp-nowrap"),
)


def payments_table(asked: Asked, payments: Sequence[Payment]) -> Table:
    """Payments as a table; each opens into its own page."""
    return Table("Payments", _COLUMNS, [_row(asked, payment) for payment in payments])


def _row(asked: Asked, payment: Payment) -> list[Cell]:
    one = asked.to.one(payment.organisation, "payments", payment.payment_id)
    return [
        Cell(words.day(payment.paid_on), one),
        payee_cell(asked, payment),
        Cell(payment.purpose, note=payment.department),
        Cell(words.WITHDRAWN.get(payment.withdrawn or "", words.SCOPES[payment.scope or ""]), note=answer_of(payment)),
        pounds_cell(payment.net_pence, one),
    ]


def payee_cell(asked: Asked, payment: Payment) -> Cell:
    """Whom it was paid to, as far as the viewer may know."""
    if payment.supplier_name is None:
        return Cell("Withheld by the publisher" if payment.withheld else "Withheld by the organisation")
    payee = payment.supplier_id or payment.payee_id
    href = None if payee is None or payment.withheld else asked.to.one(payment.organisation, "suppliers", payee)
    return Cell(payment.supplier_name or "No name given", href)


def answer_of(payment: Payment) -> str | None:
    """What the register shows of it, where that was asked."""
    if payment.answer is not None:
        return words.ANSWERS[payment.answer]
    return words.ANSWERS[""] if payment.scope == "contract_spend" else None


@router.get("/organisations/{organisation}/payments/{payment_id}")
async def one(organisation: str, payment_id: str, asked: Ask) -> Response:
    """One payment, down to its facts."""
    found = await reads.payment(asked.db, asked.viewer, organisation, payment_id, times=asked.times)
    if found is None:
        raise HTTPException(404, "There is no such payment on record that you may see.")
    return await page(
        asked,
        "record.html",
        f"{money.pounds(found.net_pence)} to {payee_cell(asked, found).text}",
        organisation=organisation,
        here="payments",
        crumbs=_crumbs(asked, organisation),
        kind=f"Payment of {words.day(found.paid_on)}",
        rows=await _stated(asked, found),
        note=words.ANSWER_HELP.get(found.answer or ""),
        tables=[],
        is_incomplete=found.incomplete,
        behind=await facts_behind(asked, organisation, reads.evidence_of_payment(found)),
    )


async def _stated(asked: Asked, payment: Payment) -> list[tuple[str, Cell]]:
    organisation = payment.organisation
    file = None if payment.file_id is None else asked.to.one(organisation, "files", payment.file_id)
    period = asked.to.under(organisation, "payments", period=payment.period)
    return [
        ("Amount, without VAT", pounds_cell(payment.net_pence)),
        *await payment_links.said(asked, payment),
        ("VAT", Cell("Not stated") if payment.vat_pence is None else pounds_cell(payment.vat_pence)),
        ("Paid on", Cell(words.day(payment.paid_on))),
        ("Payee, as published", payee_cell(asked, payment)),
        ("Purpose", Cell(payment.purpose or "Not stated")),
        ("Department", Cell(payment.department or "Not stated")),
        ("Document number", Cell(payment.document_number or "Not stated", note=_repeats(payment))),
        *_booked(payment),
        ("Scope", Cell(words.SCOPES[payment.scope or ""], note=_rule(payment))),
        ("What was bought", _bought(asked, payment)),
        *await _judged(asked, payment),
        ("Published for", Cell(words.period(payment.period), period)),
        ("Source", Cell("Posted by a machine") if file is None else Cell(f"Line {payment.line} of a spend file", file)),
        ("Payment", Cell(payment.payment_id, mono=True)),
    ]


def _booked(payment: Payment) -> list[tuple[str, Cell]]:
    """What the ledger says of its booking, where it says anything."""
    said = {
        "Document line": payment.document_line,
        "Invoice number": payment.invoice_number,
        "Invoice dated": payment.invoice_date and words.day(payment.invoice_date),
        "Invoice received": payment.received_date and words.day(payment.received_date),
        "Purchase order": payment.purchase_order,
        "Cost centre": payment.cost_centre,
        "Account": payment.account,
        "VAT that cannot be reclaimed": None
        if payment.irrecoverable_vat_pence is None
        else money.pounds(payment.irrecoverable_vat_pence),
        "Pay run": payment.pay_run,
        "Status in the ledger": payment.status,
    }
    return [(name, Cell(text)) for name, text in said.items() if text]


async def _judged(asked: Asked, payment: Payment) -> list[tuple[str, Cell]]:
    answer = answer_of(payment)
    by_order = payment.judged_by_order and f"By purchase order {payment.judged_by_order}"
    borne = await shares_of(asked, payment)
    if borne:
        was = words.ANSWERS[payment.judged_answer or ""]
        by_order = f"As a person decided{f': {borne[0].reason}' if borne[0].reason else ''}. Judged before: {was}."
    rows = [] if answer is None else [("Against the register", Cell(answer, note=by_order))]
    ids = [each.contract_id for each in borne] or (
        [payment.contract_id] if payment.contract_id else list(payment.candidates)
    )
    found = await reads.contracts_by_id(
        asked.db, asked.viewer, [(payment.organisation, each) for each in ids], times=asked.times
    )
    parts = {each.contract_id: money.pounds(each.share_pence) for each in borne} if len(borne) > 1 else {}
    label = "Contract" if payment.contract_id else "Contract considered"
    return rows + [
        (label, _contract(asked, each, parts.get(each.contract.contract_id), considered=not payment.contract_id))
        for each in ranked(payment, found.values())
    ]


def _contract(asked: Asked, candidate: Candidate, bears: str | None, *, considered: bool) -> Cell:
    contract = candidate.contract
    said = [f"{words.day(contract.starts_on)} to {words.day(contract.ends_on)}"]
    if bears is not None:
        said.append(f"bears {bears}")
    if considered and candidate.evidence:
        said.append(f"for it: {', '.join(candidate.evidence)}")
    return Cell(
        contract.title, asked.to.one(contract.organisation, "contracts", contract.contract_id), note="; ".join(said)
    )


async def shares_of(asked: Asked, payment: Payment) -> list[Share]:
    """Which contracts bear it, where a person decided."""
    if payment.allocated_contract_id is None or payment.answer is None:
        return []
    return await shares(asked.db, asked.viewer, payment.organisation, payment.payment_id, times=asked.times)


def _bought(asked: Asked, payment: Payment) -> Cell:
    found = category_of(payment)
    if found is None:
        return Cell("Not known")
    like = asked.to.under(payment.organisation, "payments", category=found.first_level)
    return Cell(found.name, like, note=f"{found.because} (confidence: {found.confidence})")


def _rule(payment: Payment) -> str | None:
    if payment.scope_rule is None or payment.rules_dated is None:
        return None
    return f"{payment.scope_rule} (rules of {words.day(payment.rules_dated)})"


def _repeats(payment: Payment) -> str | None:
    return "Another payment on record carries the same document number." if payment.repeats_document else None


def _crumbs(asked: Asked, organisation: str) -> list[Crumb]:
    return [
        Crumb("Organisations", asked.to.home()),
        Crumb(name_of(organisation), asked.to.organisation(organisation)),
        Crumb("Payments", asked.to.under(organisation, "payments")),
    ]
