"""A pay run's control total agrees with what stands on record, or the difference is told; either is a fact."""

import asyncpg
import httpx
import pytest

from eventlog.codec import Codec
from eventlog.store import EventLog
from schemas.spend import PayRunReconciled
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_streams import doors
from tests.integration.spend.test_withdrawals import withdraw

__all__ = ["doors"]
RUN = [PAYMENT | {"pay_run": "2022/W26"}, PAYMENT | {"pay_run": "2022/W26", "net": "50.01"}]


async def ask(
    doors: httpx.AsyncClient,
    payments: object,
    net: object,
    key: str = "r1",
    run: str = "2022%2FW26",
    who: str = "ledger",
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": key}
    sent = {"payments": payments, "net": net}
    return await doors.post(f"/pay-runs/{run}/reconciliation", json=sent, headers=headers)


async def test_a_pay_run_agrees_or_the_difference_is_told(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    sent = await post(doors, [*RUN, PAYMENT | {"pay_run": "2022/W27"}], key="p1")
    agreed = (await ask(doors, 2, "1000.01")).json()
    assert agreed["agrees"] is True
    assert agreed["found"] == agreed["stated"] == {"payments": 2, "net": "1000.01"}
    assert agreed["difference"] == {"payments": 0, "net": "0.00"}
    other = (await ask(doors, 3, "1000.00", key="r2")).json()
    assert (other["agrees"], other["difference"]) == (False, {"payments": -1, "net": "0.01"})
    await withdraw(doors, sent.json()["payment_ids"][0])
    left = (await ask(doors, 1, "50.01", key="r3")).json()
    assert (left["agrees"], left["pay_run"]) == (True, "2022/W26")
    assert (await ask(doors, 2, "1000.01")).json() == agreed  # the same key: what was answered then
    events = await EventLog("spend", spend_pool).load(SALFORD, "pay-run/2022/W26")
    facts = [Codec(PayRunReconciled).decode(event) for event in events]
    assert [getattr(fact, "agrees") for fact in facts] == [True, False, True]  # noqa: B009


async def test_a_penny_or_a_payment_is_a_difference(doors: httpx.AsyncClient) -> None:
    await post(doors, RUN, key="p1")
    for place, (payments, net) in enumerate(((2, "1000.00"), (1, "1000.01"), (0, "0"))):
        assert (await ask(doors, payments, net, key=f"r{place}")).json()["agrees"] is False
    assert (await ask(doors, 0, "0", key="none", run="unknown")).json()["agrees"] is True


@pytest.mark.parametrize(("payments", "net", "field"), [(-1, "0", "payments"), (1, 5, "net"), ("1", "5", "payments")])
async def test_what_cannot_be_is_refused(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, payments: object, net: object, field: str
) -> None:
    answer = await ask(doors, payments, net)
    assert (answer.status_code, error(answer)["field"]) == (422, field)
    assert await spend_pool.fetchval("SELECT count(*) FROM eventlog.event") == 0
    assert (await ask(doors, 1, "1.00", who="devon")).json()["found"] == {"payments": 0, "net": "0.00"}
    assert (await ask(doors, 1, "1.00", who="reader")).status_code == 403
