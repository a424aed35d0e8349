"""A quarter is published only as it is on record: by a person, once over, with no file held, every penny accounted for."""

import csv
import io
from datetime import date
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
import pytest

from eventlog.store import EventLog
from schemas.spend import PublicationPart, QuarterPublished
from services.spend.decisions.publishing import LARGEST_PART, parts
from services.spend.published import files
from tests.callers import bearer
from tests.integration.spend.test_doors import PAYMENT, error, post
from tests.integration.spend.test_files import HELD, officer
from tests.integration.spend.test_masters import said
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
LATER = "2021-05-07"


def file(*payments: tuple[str, str], name: str = "payments-over-500.csv") -> dict[str, Any]:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [("PaymentDate", "BeneficiaryName", "Amount"), *((d, "Acme Ltd", a) for d, a in payments)]
    )
    return {"name": name, "text": text.getvalue(), "payments": True}


def quarter(*published: tuple[str, str], **changes: Any) -> dict[str, Any]:
    sent = {
        "quarter": "2021-Q2", "known_at": "2026-11-24T09:00:00.000000Z", "rules_dated": "2026-11-24",
        "files": [file(*published)], "left_out": [], "reason": None,
    }  # fmt: skip
    return sent | changes


async def publish(doors: httpx.AsyncClient, sent: dict[str, Any], who: str = "asha") -> httpx.Response:
    key = sha256(f"{sent} {who}".encode()).hexdigest()
    return await doors.post("/publications", json=sent, headers=bearer(who) | {"Idempotency-Key": key})


async def pay(doors: httpx.AsyncClient, *payments: tuple[str, str]) -> None:
    sent = [PAYMENT | {"paid_on": day, "net": net} for day, net in payments]
    key = sha256(f"{payments}".encode()).hexdigest()
    assert (await post(doors, sent, key=key)).status_code == 200


BOTH = ("2021-04-01", "950.00"), (LATER, "-1200.50")


async def test_a_quarter_is_kept_whole_in_the_log(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    await pay(doors, *BOTH, (LATER, "20.00"), ("2021-07-01", "5000.00"))
    left_out = {"reason": "not over £500", "payments": 1, "net": "20.00"}
    answer = await publish(doors, quarter(*BOTH, left_out=[left_out]))
    assert (answer.status_code, answer.json()["publication_ids"]) == (200, ["2021-Q2/1"])
    part, approved = await said(spend_pool, "publication/2021-Q2/1")
    content = file(*BOTH)["text"]
    assert part == PublicationPart(
        publication_id="2021-Q2/1", file_name="payments-over-500.csv", part=0, content=content
    )
    assert approved == QuarterPublished(
        publication_id="2021-Q2/1", quarter="2021-Q2", edition=1, reason=None, known_at="2026-11-24T09:00:00.000000Z",
        rules_dated=date(2026, 11, 24), file_names=("payments-over-500.csv",),
        file_digests=(sha256(content.encode()).hexdigest(),), file_rows=(2,), file_pence=(-25_050,),
        left_out=("not over £500",), left_out_payments=(1,), left_out_pence=(2_000,), control_payments=3,
        control_pence=-23_050,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (quarter(BOTH[0]), "totals-differ"),
        (quarter(*BOTH, left_out=[{"reason": "small", "payments": 1, "net": "0.01"}]), "totals-differ"),
        (quarter(BOTH[0], (LATER, "-1200.51")), "rows-not-on-record"),
        (quarter(BOTH[0], ("2021-05-08", "-1200.50")), "rows-not-on-record"),
        (quarter(*BOTH, BOTH[0]), "rows-not-on-record"),
        (quarter(BOTH[0], (LATER, "lots")), "rows-not-on-record"),
        (quarter(BOTH[0], ("soon", "-1200.50")), "rows-not-on-record"),
        (quarter(quarter="2026-Q4", files=[file()]), "quarter-not-over"),
        (quarter(quarter="2021-Q7"), "not-valid"),
        (quarter(files=[file(), file()]), "not-valid"),
        (quarter(files=[file(name="../up.csv")]), "not-valid"),
        (quarter(*BOTH, known_at="yesterday"), "not-valid"),
    ],
)
async def test_what_is_not_on_record_is_not_published(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, sent: dict[str, Any], code: str
) -> None:
    await pay(doors, *BOTH)
    refused = await publish(doors, sent)
    assert (refused.status_code, error(refused)["code"]) == (422, code)
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.publication") == 0


async def test_a_person_approves_and_no_machine(doors: httpx.AsyncClient) -> None:
    await pay(doors, *BOTH)
    assert error(await publish(doors, quarter(*BOTH), "ledger"))["code"] == "person-needed"
    assert (await publish(doors, quarter(*BOTH), "reader")).status_code == 403


async def test_a_draft_from_before_a_payee_was_withheld_is_refused(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    await pay(doors, *BOTH)
    who, name = await spend_pool.fetchrow("SELECT payee_id, supplier_name FROM spend.payee")
    named = file(*BOTH)
    named["text"] = named["text"].replace("Acme Ltd", name)
    headers = bearer("ledger") | {"Idempotency-Key": "withhold"}
    sent = {"decision": "withheld", "reason": "A person"}
    assert (await doors.post(f"/payees/{who}/withholding", json=sent, headers=headers)).status_code == 200
    refused = await publish(doors, quarter(files=[named]))
    assert (refused.status_code, error(refused)["code"]) == (422, "name-withheld")
    assert name not in refused.text
    redacted = named | {"text": named["text"].replace(name, "REDACTED PERSONAL DATA")}
    assert (await publish(doors, quarter(files=[redacted]))).status_code == 200


async def test_an_edition_stands_and_another_says_why(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    await pay(doors, *BOTH)
    assert (await publish(doors, quarter(*BOTH))).status_code == 200
    assert error(await publish(doors, quarter(*BOTH, known_at="2026-11-24T10:00:00.000000Z")))["code"] == (
        "published-already"
    )
    late = ("2021-06-30", "700.00")
    await pay(doors, late)
    assert (
        error(await publish(doors, quarter(*BOTH, known_at="2026-11-24T11:00:00.000000Z")))["code"] == "totals-differ"
    )
    assert error(await publish(doors, quarter(*BOTH, late)))["code"] == "reason-needed"
    again = await publish(doors, quarter(*BOTH, late, reason="A payment came in late"))
    assert again.json()["publication_ids"] == ["2021-Q2/2"]
    *_, approved = await said(spend_pool, "publication/2021-Q2/2")
    assert isinstance(approved, QuarterPublished)
    assert (approved.edition, approved.reason, approved.control_payments) == (2, "A payment came in late", 3)
    assert len(await said(spend_pool, "publication/2021-Q2/1")) == 2


async def test_nothing_is_published_while_a_file_is_held(doors: httpx.AsyncClient, spend_log: EventLog) -> None:
    await pay(doors, *BOTH)
    assert (await files.receive(spend_log, officer(), "april.csv", HELD.encode()))["held"]
    refused = await publish(doors, quarter(*BOTH))
    assert (refused.status_code, error(refused)["code"]) == (422, "file-held")
    assert "april.csv" in error(refused)["message"]
    mended = await files.receive(spend_log, officer(), "april.csv", HELD.replace(".01", ".00").encode())
    assert mended["held"] is None
    rows = quarter(*BOTH, ("2021-04-01", "100.00"), ("2021-04-02", "50.00"))
    assert (await publish(doors, rows)).status_code == 200


async def test_a_voided_payment_is_no_part_of_it(doors: httpx.AsyncClient) -> None:
    answer = await post(doors, PAYMENT | {"paid_on": "2021-04-01"})
    (payment,) = answer.json()["payment_ids"]
    voided = {"on": "2021-04-02", "reason": "A stopped cheque"}
    headers = bearer("ledger") | {"Idempotency-Key": "void"}
    assert (await doors.post(f"/payments/{payment}/void", json=voided, headers=headers)).status_code == 200
    assert error(await publish(doors, quarter(("2021-04-01", "950.00"))))["code"] == "rows-not-on-record"
    assert (await publish(doors, quarter())).status_code == 200


@pytest.mark.parametrize("text", ["", "a\r\n", "£" * 30_000 + "\r\n" + '"' * 30_000 + "\r\n", "x,y\r\n" * 40_000])
def test_parts_have_room_in_an_event_and_are_the_whole(text: str) -> None:
    found = list(parts(text))
    assert "".join(found) == text
    assert all(len(part.encode()) <= max(LARGEST_PART, 60_002) for part in found)
