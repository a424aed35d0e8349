"""Which supplier of the register is a payee known to be?"""

from gateway.reads.sql import Database, Question
from gateway.reads.times import NOW, Times


async def supplier_of_payee(db: Database, organisation: str, payee_id: str, *, times: Times = NOW) -> str | None:
    """The supplier's id; None where the payee is not known to be on the register."""
    question = Question(times)
    question.where(question.known("y"))
    question.equal(y__organisation=organisation, y__payee_id=payee_id)
    found: str | None = await db.fetchval(
        f"SELECT y.supplier_id FROM live.payee y WHERE {question.filter}",
        *question.values,
    )
    return found
