"""How does a contract's page say how far it is used up?"""

from gateway import money
from gateway.burn import per_cent
from gateway.pages import words
from gateway.pages.asked import Asked
from gateway.pages.rendering import Cell
from gateway.reads import Contract
from gateway.reads.burns import burn_of


async def burnt(asked: Asked, contract: Contract) -> list[tuple[str, Cell]]:
    """What it bore, what is left of its value, and how much of its term has run; nothing where nothing was paid."""
    found = await burn_of(asked.db, asked.viewer, contract, times=asked.times)
    if not found.payments:
        return []
    used, run = per_cent(found.paid_tenths), per_cent(found.elapsed_tenths)
    before = (
        f"It began before the first payment on record, of {words.day(found.recorded_from)}: what was paid before is not"
        " seen."
        if found.began_before_record
        else None
    )
    paid = [("Paid so far", Cell(money.pounds(found.paid_pence), note=used and f"{used} % of its stated value"))]
    if found.remaining_pence is not None:
        paid.append(("Left of its stated value", Cell(money.pounds(found.remaining_pence), note=before)))
    if run is not None:
        paid.append(
            ("Term that has run", Cell(f"{run} %", note=f"As of {words.day(found.as_of)}, the last payment day"))
        )
    return paid
