"""Which payments may be on one of several contracts, the likeliest first, as a sheet in which a person fills in which?

What is filled in comes back by `localpound allocate-each`. For the organisation's own people only.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from gateway import money, reads
from gateway.candidates import Candidate, ranked
from gateway.pages import spreadsheets
from gateway.pages.asked import Asked, asked
from gateway.pages.lists import every, known_organisation
from gateway.policy import require_whole
from gateway.reads import Contract, Payment, PaymentFilter, PaymentOrder
from gateway.reads.filters import ContractFilter
from schemas.allocating import CONTRACT, PAYMENT, SHARE

router = APIRouter()
Ask = Annotated[Asked, Depends(asked)]
SHOWN = 3
COLUMNS = (
    PAYMENT, CONTRACT, SHARE, "PaymentDate", "BeneficiaryName", "OrganisationalUnit", "Purpose", "TransactionNumber",
    "Amount", *(f"{what}{place}" for place in range(1, SHOWN + 1) for what in ("Likely", "LikelyTitle", "Because")),
)  # fmt: skip


@router.get("/organisations/{organisation}/to-allocate.csv")
@router.get("/organisations/{organisation}/to-allocate.xlsx")
async def to_allocate(organisation: str, asked: Ask) -> Response:
    """Payments of which nobody has decided yet on which of several contracts they are, the largest first."""
    require_whole(asked.viewer, organisation)
    await known_organisation(asked, organisation)
    return await spreadsheets.answer(
        asked.download or "csv", f"{organisation}-to-allocate", COLUMNS, _rows(asked, organisation)
    )


async def _rows(asked: Asked, organisation: str) -> AsyncIterator[spreadsheets.Row]:
    listed = every(
        lambda part: reads.contracts(
            asked.db, asked.viewer, ContractFilter(organisation=organisation), page=part, times=asked.times
        )
    )
    contracts = {each.contract_id: each async for each in listed}
    where = PaymentFilter(organisation=organisation, answer="ambiguous")
    order = PaymentOrder.NET_PENCE_DESC
    found = every(lambda part: reads.payments(asked.db, asked.viewer, where, order=order, page=part, times=asked.times))
    async for payment in found:
        yield _row(payment, contracts)


def _row(payment: Payment, contracts: Mapping[str, Contract]) -> spreadsheets.Row:
    likely = ranked(payment, (contracts[each] for each in payment.candidates if each in contracts))[:SHOWN]
    told = [cell for each in likely for cell in _told(each)]
    return (
        payment.payment_id, None, None, payment.paid_on.isoformat(), payment.supplier_name, payment.department,
        payment.purpose, payment.document_number, spreadsheets.Number(money.decimal(payment.net_pence)),
        *told, *[None] * (3 * (SHOWN - len(likely))),
    )  # fmt: skip


def _told(candidate: Candidate) -> Sequence[str | None]:
    contract = candidate.contract
    return contract.contract_id, contract.title, "; ".join(candidate.evidence)
