"""Where does a name or word occur?"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from gateway import money, reads
from gateway.pages import words
from gateway.pages.asked import Asked, asked
from gateway.pages.contracts import contracts_table
from gateway.pages.lists import incomplete, known_organisation
from gateway.pages.payments import payments_table
from gateway.pages.rendering import Crumb, page
from gateway.pages.sections import Section
from gateway.pages.suppliers import suppliers_table
from gateway.places import name_of
from gateway.reads import ContractFilter, Page, PaymentFilter, SupplierFilter, models

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 10


@router.get("/organisations/{organisation}/search")
async def search(organisation: str, asked: Ask) -> Response:
    """Suppliers, contracts and payments with a text."""
    await known_organisation(asked, organisation)
    text = asked.text("q")
    return await page(
        asked,
        "search.html",
        f"Search for “{text}”" if text else "Search",
        organisation=organisation,
        here="search",
        crumbs=[
            Crumb("Organisations", asked.to.home()),
            Crumb(name_of(organisation), asked.to.organisation(organisation)),
        ],
        q=text or "",
        is_incomplete=await incomplete(asked, models.SUPPLIERS, organisation),
        results=[] if text is None else await _found(asked, organisation, text),
    )


async def _found(asked: Asked, organisation: str, text: str) -> list[Section]:
    db, viewer, times = asked.db, asked.viewer, asked.times
    few = Page(first=SHOWN)
    whom = SupplierFilter(organisation=organisation, search=text)
    what = ContractFilter(organisation=organisation, search=text)
    paid = PaymentFilter(organisation=organisation, search=text)
    suppliers = await reads.suppliers(db, viewer, whom, page=few, times=times)
    contracts = await reads.contracts(db, viewer, what, page=few, times=times)
    payments = await reads.payments(db, viewer, paid, page=few, times=times)
    some = await reads.supplier_totals(db, viewer, whom, times=times)
    listed = await reads.contract_totals(db, viewer, what, times=times)
    total = await reads.payment_totals(db, viewer, paid, times=times)
    return [
        Section(
            words.plural(some.count, "supplier"),
            suppliers_table(asked, suppliers.items),
            more=asked.to.under(organisation, "suppliers", q=text),
            more_text=f"All {some.count:,} as a list",
        ),
        Section(
            words.plural(listed.count, "contract"),
            contracts_table(asked, contracts.items),
            more=asked.to.under(organisation, "contracts", q=text),
            more_text=f"All {listed.count:,} as a list",
        ),
        Section(
            f"{words.plural(total.count, 'payment')}, {money.pounds(total.net_pence)}",
            payments_table(asked, payments.items),
            more=asked.to.under(organisation, "payments", q=text),
            more_text=f"All {total.count:,} as a list",
        ),
    ]
