"""Void, cancel, credit, reissue and recharge at the door: linked to the original, once, and never silently."""

from typing import Any

import asyncpg
import httpx
import pytest

from eventlog.codec import Codec, facts_in
from eventlog.store import EventLog
from schemas import spend
from schemas.fact import Fact
from schemas.spend import PaymentLinked, PaymentVoided
from services.spend.published import files
from tests.builders import SALFORD
from tests.callers import bearer
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_files import APRIL, officer
from tests.integration.spend.test_streams import doors, lines, stream

__all__ = ["doors"]
VOID = {"on": "2022-07-08", "reason": "Transfer returned"}


async def withdraw(
    doors: httpx.AsyncClient, payment: str, sent: Any = VOID, how: str = "void", key: str = "v1", who: str = "ledger"
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": key}
    return await doors.post(f"/payments/{payment}/{how}", json=sent, headers=headers)


async def paid(doors: httpx.AsyncClient, key: str = "p1", **changes: Any) -> str:
    answer = await post(doors, PAYMENT | changes, key=key)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["payment_ids"][0]
    return found


async def facts(pool: asyncpg.Pool, payment: str) -> list[Fact]:
    codec = Codec(*facts_in(spend))
    return [codec.decode(event) for event in await EventLog("spend", pool).load(SALFORD, f"payment/{payment}")]


async def test_a_payment_is_voided_once(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    payment = await paid(doors)
    first = await withdraw(doors, payment)
    assert first.status_code == 200
    assert (first.json()["payment_ids"], first.json()["new"]) == ([payment], 1)
    assert first.json()["positions"] == ["GB-LAE-SLF/spend/3"]
    assert (await withdraw(doors, payment)).json() == first.json()
    again = await withdraw(doors, payment, key="v2")
    assert (again.json()["new"], again.json()["known"], again.json()["positions"]) == (0, 1, [])
    (last,) = [fact for fact in await facts(spend_pool, payment) if isinstance(fact, PaymentVoided)]
    assert (last.payment_id, str(last.voided_on), last.reason) == (payment, "2022-07-08", "Transfer returned")


async def test_a_key_that_voided_one_payment_voids_no_other(doors: httpx.AsyncClient) -> None:
    one, other = await paid(doors), await paid(doors, "p2", net="1.00")
    assert (await withdraw(doors, one)).status_code == 200
    for refused in (await withdraw(doors, other), await withdraw(doors, one, how="cancel")):
        assert (refused.status_code, error(refused)["code"]) == (422, "idempotency-key-used")


@pytest.mark.parametrize(
    ("sent", "how", "status", "code", "field"),
    [
        (VOID | {"on": "2022-06-30"}, "void", 422, "voided-before-paid", "on"),
        (VOID | {"on": "2999-01-01"}, "cancel", 422, "withdrawn-in-the-future", "on"),
        (VOID | {"on": "8/7/2022"}, "void", 422, "not-valid", "on"),
        ({"on": "2022-07-08"}, "void", 422, "missing-field", "reason"),
        (VOID | {"reason": ""}, "void", 422, "not-valid", "reason"),
        (VOID | {"actor": "me"}, "void", 422, "unknown-field", "actor"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, sent: Any, how: str, status: int, code: str, field: str
) -> None:
    payment = await paid(doors)
    answer = await withdraw(doors, payment, sent, how)
    assert (answer.status_code, error(answer)["code"], error(answer)["field"]) == (status, code, field)
    assert len(await facts(spend_pool, payment)) == 3


async def test_only_ones_own_payments_are_withdrawn(doors: httpx.AsyncClient) -> None:
    payment = await paid(doors)
    for answer in (await withdraw(doors, payment, who="devon"), await withdraw(doors, "0" * 24)):
        assert (answer.status_code, error(answer)["code"]) == (404, "no-such-payment")
    assert (await withdraw(doors, payment, who="reader")).status_code == 403


async def test_a_payment_is_credited_voided_and_paid_anew(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    payment = await paid(doors)
    early = await post(doors, PAYMENT | {"kind": "reissue", "original": payment}, key="r0")
    assert (error(early)["code"], error(early)["field"]) == ("original-stands", "original")
    credit = await paid(doors, "c1", net="-50.00", kind="credit", original=payment)
    link = (await facts(spend_pool, credit))[1]
    assert link == PaymentLinked(payment_id=credit, kind="credit", original_payment_id=payment)
    assert (await withdraw(doors, payment)).status_code == 200
    reissued = await paid(doors, "r1", kind="reissue", original=payment)
    assert reissued != payment
    late = await post(doors, [PAYMENT, PAYMENT | {"kind": "recharge", "original": payment}], key="c2")
    assert (error(late)["code"], error(late)["field"]) == ("original-withdrawn", "1.original")
    assert (await post(doors, PAYMENT | {"net": "-50.00", "kind": "credit", "original": payment}, key="c3")).json()[
        "known_ids"
    ] == [credit]


@pytest.mark.parametrize("half", [{"kind": "credit"}, {"original": "0" * 24}])
async def test_a_link_is_given_whole(doors: httpx.AsyncClient, half: dict[str, str]) -> None:
    answer = await post(doors, PAYMENT | half)
    assert (answer.status_code, error(answer)["field"]) == (422, "original")


async def test_a_link_in_a_stream_is_refused_by_its_line(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    answer = await stream(doors, lines(PAYMENT, PAYMENT | {"kind": "recharge", "original": "0" * 24}))
    found = error(answer)
    assert (found["code"], found["line"], found["field"]) == ("no-such-original", 2, "original")
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.payment") == 0


async def test_a_file_that_is_published_again_brings_no_voided_payment_back(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    log = EventLog("spend", spend_pool)
    await files.receive(log, officer(), APRIL.name, APRIL.read_bytes())
    payment = await spend_pool.fetchval("SELECT payment_id FROM spend.payment WHERE line = 2")
    assert (await withdraw(doors, payment, {"on": "2021-05-04", "reason": "Paid twice"})).status_code == 200
    header, *rows = APRIL.read_text().splitlines()
    turned = await files.receive(log, officer(), "turned.csv", "\n".join([header, *reversed(rows)]).encode())
    assert turned["rows"] == {"read": 3_086, "new": 0, "known": 3_086, "corrected": 0, "rejected": 0}
    assert await spend_pool.fetchval("SELECT withdrawn FROM spend.payment WHERE payment_id = $1", payment) == "voided"
