"""One person explains a finding, another settles it, either takes it back; many at once, all of them or none."""

from datetime import date
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
import pytest

from schemas.findings import finding_id
from schemas.spend import FindingAnswered, FindingAssigned
from services.spend.decisions.answering import NotAnswered, NotExplained, PersonNeeded, SamePerson, Standing, check
from services.spend.decisions.decision_input import AnswersInput
from tests.callers import bearer
from tests.integration.spend.test_doors import error
from tests.integration.spend.test_masters import said
from tests.integration.spend.test_streams import doors

__all__ = ["doors"]
ENDED = {"code": "after_end", "cause": "supplier", "cause_id": "GB-COH-01234567"}
OVER = {"code": "over_value", "cause": "contract", "cause_id": "GB-LAE-SLF/C1"}
ENDED_ID, OVER_ID = (finding_id(*each.values()) for each in (ENDED, OVER))


async def answer(
    doors: httpx.AsyncClient, what: str, who: str, *findings: dict[str, str], **more: Any
) -> httpx.Response:
    sent = {"findings": findings or (ENDED,), "answer": what, "reason": f"{who} says so", **more}
    key = sha256(f"{what} {who} {findings} {more}".encode()).hexdigest()
    return await doors.post("/findings/answers", json=sent, headers=bearer(who) | {"Idempotency-Key": key})


async def test_one_explains_and_another_accepts(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    assert error(await answer(doors, "accepted", "ben"))["code"] == "not-explained"
    told = (await answer(doors, "explained", "asha", until="2023-03-31")).json()
    assert (told["finding_ids"], told["new"]) == ([ENDED_ID], 1)
    same = await answer(doors, "accepted", "asha")
    assert (same.status_code, error(same)["code"]) == (422, "same-person")
    assert (await answer(doors, "accepted", "ben")).status_code == 200
    explained, accepted = await said(spend_pool, f"finding/{ENDED_ID}")
    assert explained == FindingAnswered(
        finding_id=ENDED_ID, **ENDED, answer="explained", reason="asha says so", until=date(2023, 3, 31)
    )  # type: ignore[arg-type]  # fmt: skip
    assert isinstance(accepted, FindingAnswered)
    assert (accepted.answer, accepted.until) == ("accepted", None)


async def test_what_is_taken_back_is_to_be_explained_again(doors: httpx.AsyncClient) -> None:
    assert error(await answer(doors, "withdrawn", "ben"))["code"] == "not-answered"
    for what, who in (("explained", "asha"), ("dismissed", "ben"), ("withdrawn", "asha")):
        assert (await answer(doors, what, who)).status_code == 200
    assert error(await answer(doors, "accepted", "ben"))["code"] == "not-explained"
    assert (await answer(doors, "explained", "ben", until="2024-01-01")).status_code == 200
    assert error(await answer(doors, "accepted", "ben"))["code"] == "same-person"
    assert (await answer(doors, "accepted", "asha")).status_code == 200


async def test_many_are_answered_all_or_none(doors: httpx.AsyncClient, spend_pool: asyncpg.Pool) -> None:
    assert (await answer(doors, "explained", "asha", ENDED)).status_code == 200
    refused = await answer(doors, "accepted", "ben", ENDED, OVER)
    assert error(refused)["code"] == "not-explained"
    assert len(await said(spend_pool, f"finding/{ENDED_ID}")) == 1
    assert (await answer(doors, "explained", "asha", ENDED, OVER)).status_code == 200
    both = (await answer(doors, "accepted", "ben", ENDED, OVER)).json()
    assert (both["findings"], sorted(both["finding_ids"])) == (2, sorted([ENDED_ID, OVER_ID]))


async def test_a_machine_explains_nothing_but_may_give_findings_to_somebody(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool
) -> None:
    assert error(await answer(doors, "explained", "ledger"))["code"] == "person-needed"
    sent = {"findings": [ENDED, OVER], "owner": "Head of Highways", "due_on": "2022-09-30"}
    headers = bearer("ledger") | {"Idempotency-Key": "given"}
    assert (await doors.post("/findings/assignments", json=sent, headers=headers)).status_code == 200
    assert await said(spend_pool, f"finding/{OVER_ID}") == [
        FindingAssigned(finding_id=OVER_ID, **OVER, owner="Head of Highways", due_on=date(2022, 9, 30))  # type: ignore[arg-type]
    ]
    assert (await answer(doors, "explained", "asha", OVER)).status_code == 200
    assert error(await answer(doors, "dismissed", "asha", OVER))["code"] == "same-person"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer": "forgiven"}, "answer"),
        ({"findings": []}, "findings"),
        ({"findings": [ENDED | {"cause": "council"}]}, "findings"),
        ({"reason": ""}, "reason"),
        ({"until": "soon"}, "until"),
        ({"breach": True}, "breach"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_name(
    doors: httpx.AsyncClient, spend_pool: asyncpg.Pool, changes: dict[str, Any], field: str
) -> None:
    sent = {"findings": [ENDED], "answer": "explained", "reason": "An extension"} | changes
    refused = await doors.post("/findings/answers", json=sent, headers=bearer("asha") | {"Idempotency-Key": "k"})
    assert refused.status_code in {400, 422}
    assert field in error(refused)["field"]
    assert await spend_pool.fetchval("SELECT count(*) FROM spend.finding") == 0


@pytest.mark.parametrize(
    ("what", "person", "before", "refused"),
    [
        ("explained", "asha", Standing(), None),
        ("explained", "asha", Standing("accepted", "ben", 2), None),
        ("explained", None, Standing(), PersonNeeded),
        ("accepted", "ben", Standing("explained", "asha", 1), None),
        ("accepted", "asha", Standing("explained", "asha", 1), SamePerson),
        ("dismissed", "asha", Standing("explained", "asha", 1), SamePerson),
        ("accepted", "ben", Standing("accepted", "asha", 2), NotExplained),
        ("dismissed", "ben", Standing(), NotExplained),
        ("withdrawn", "asha", Standing("accepted", "asha", 2), None),
        ("withdrawn", "asha", Standing(None, None, 3), NotAnswered),
    ],
)
def test_who_may_say_what(what: Any, person: str | None, before: Standing, refused: type[Exception] | None) -> None:
    wanted = AnswersInput(findings=[ENDED], answer=what, reason="Because")  # type: ignore[list-item]
    if refused is None:
        check(wanted, person, "f", before)
    else:
        with pytest.raises(refused):
            check(wanted, person, "f", before)
