"""What came back of payments that were one: said by a person, of payments on record, never more than was paid over."""

from datetime import date
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
import pytest

from schemas.findings import finding_id
from schemas.spend import DuplicateRecovered, FindingAnswered
from tests.callers import bearer
from tests.integration.spend.test_answering import answer
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_masters import said
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]


async def twice(doors: httpx.AsyncClient) -> list[str]:
    """Two payments of £950 for one invoice."""
    sent = [PAYMENT | {"invoice_number": number} for number in ("A1", "A 1")]
    ids: list[str] = (await post(doors, sent)).json()["payment_ids"]
    return ids


async def recover(doors: httpx.AsyncClient, ids: list[str], who: str = "asha", **changes: Any) -> httpx.Response:
    sent = {
        "finding": {"code": "same_invoice", "cause": "payment", "cause_id": ids[0]}, "payment_ids": ids,
        "recovered": "950.00", "recovered_on": "2022-09-30", "how": "credit_note", "reference": "CN-118",
        "reason": "They agree",
    } | changes  # fmt: skip
    key = sha256(f"{sent} {who}".encode()).hexdigest()
    return await doors.post("/findings/recoveries", json=sent, headers=bearer(who) | {"Idempotency-Key": key})


async def test_what_is_said_last_stands_beside_the_answer(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    ids = await twice(doors)
    about = {"code": "same_invoice", "cause": "payment", "cause_id": ids[0]}
    finding = finding_id(*about.values())
    assert (await recover(doors, ids, recovered="100.00")).json()["finding_ids"] == [finding]
    assert (await answer(doors, "explained", "asha", about)).status_code == 200
    assert (await recover(doors, ids)).status_code == 200
    assert (await recover(doors, ids, recovered="0.00")).status_code == 200
    assert (await answer(doors, "accepted", "ben", about)).status_code == 200
    first, explained, second, none, accepted = await said(spend_pool, f"finding/{finding}")
    assert second == DuplicateRecovered(
        finding_id=finding, **about, payment_ids=tuple(ids), recovered_pence=95_000,
        recovered_on=date(2022, 9, 30), how="credit_note", reference="CN-118", reason="They agree",
    )  # type: ignore[arg-type]  # fmt: skip
    assert isinstance(first, DuplicateRecovered)
    assert isinstance(none, DuplicateRecovered)
    assert (first.recovered_pence, none.recovered_pence) == (10_000, 0)
    assert isinstance(explained, FindingAnswered)
    assert isinstance(accepted, FindingAnswered)
    assert (explained.answer, accepted.answer) == ("explained", "accepted")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recovered": "950.01"}, "more-than-paid"),
        ({"recovered": "-1.00"}, "more-than-paid"),
        ({"recovered_on": "2999-01-01"}, "not-yet"),
        ({"payment_ids": ["nothing", "else"]}, "no-such-payments"),
        ({"payment_ids": ["one"]}, "not-valid"),
        ({"how": "luck"}, "not-valid"),
        ({"recovered": 950}, "not-valid"),
    ],
)
async def test_what_cannot_have_come_back_is_refused(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, changes: dict[str, Any], code: str
) -> None:
    ids = await twice(doors)
    refused = await recover(doors, ids, **changes)
    assert (refused.status_code, error(refused)["code"]) == (422, code)
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.finding") == 0


async def test_a_payment_named_twice_is_no_duplicate_of_itself(doors: httpx.AsyncClient) -> None:
    ids = await twice(doors)
    assert error(await recover(doors, [ids[0], ids[0]]))["code"] == "no-such-payments"


async def test_a_machine_records_none_and_a_reader_may_not(doors: httpx.AsyncClient) -> None:
    ids = await twice(doors)
    assert error(await recover(doors, ids, "ledger"))["code"] == "person-needed"
    assert (await recover(doors, ids, "reader")).status_code == 403


async def test_payments_that_cannot_be_one_are_refused(doors: httpx.AsyncClient) -> None:
    ids = await twice(doors)
    other = (await post(doors, PAYMENT | {"net": "40.00"}, key="other")).json()["payment_ids"]
    assert error(await recover(doors, [ids[0], *other], recovered="40.00"))["code"] == "not-one-payment"
    about = {"code": "same_invoice", "cause": "payment", "cause_id": other[0]}
    assert error(await recover(doors, ids, finding=about))["code"] == "not-one-payment"
    headers = bearer("ledger") | {"Idempotency-Key": "void"}
    voided = {"on": "2022-07-02", "reason": "Stopped"}
    assert (await doors.post(f"/payments/{ids[1]}/void", json=voided, headers=headers)).status_code == 200
    assert error(await recover(doors, ids))["code"] == "no-such-payments"
