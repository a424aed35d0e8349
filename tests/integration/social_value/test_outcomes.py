"""A promise, a claim, and a verification by another person of another organisation."""

import asyncio
from typing import Any

import httpx
import pytest

from eventlog.envelope import Envelope, open_envelope
from eventlog.store import EventLog
from tests.builders import SALFORD
from tests.callers import bearer

COMMITMENT = {
    "contract_id": "GB-LAE-SLF-0123456789abcdef0123",
    "measure": "NT1 Local people employed",
    "unit": "FTE-years",
    "quantity": 1_000,
    "due_on": "2027-03-31",
}


async def send(doors: httpx.AsyncClient, path: str, who: str, body: Any, key: str | None = "key-1") -> httpx.Response:
    headers = bearer(who) | ({} if key is None else {"Idempotency-Key": key})
    if isinstance(body, bytes):
        return await doors.post(path, headers=headers, content=body)
    return await doors.post(path, headers=headers, json=body)


async def committed(doors: httpx.AsyncClient) -> str:
    answer = await send(doors, "/commitments", "officer", COMMITMENT)
    assert answer.status_code == 201
    return str(answer.json()["commitment_id"])


def claim_of(commitment_id: str, **changes: object) -> dict[str, object]:
    valid = {
        "organisation": SALFORD,
        "commitment_id": commitment_id,
        "quantity": 400,
        "delivered_on": "2022-05-01",
        "evidence_digest": "ab" * 32,
    }
    return valid | changes


async def claimed(doors: httpx.AsyncClient, who: str = "provider") -> str:
    answer = await send(doors, "/claims", who, claim_of(await committed(doors)))
    assert answer.status_code == 201
    return str(answer.json()["claim_id"])


async def verify(
    doors: httpx.AsyncClient, claim_id: str, who: str = "assessor", quantity: int = 400, key: str = "key-v"
) -> httpx.Response:
    body = {"organisation": SALFORD, "quantity": quantity}
    return await send(doors, f"/claims/{claim_id}/verification", who, body, key)


async def envelopes(log: EventLog) -> list[Envelope]:
    return [open_envelope(entry) for _, entry in await log.read(SALFORD, 0, 100)]


async def test_promise_claim_and_verification_stand_in_the_councils_log(
    doors: httpx.AsyncClient, log: EventLog
) -> None:
    answer = await verify(doors, await claimed(doors), quantity=300)
    assert answer.status_code == 201
    assert answer.json()["verdict"] == "partial"
    assert answer.json()["positions"] == ["GB-LAE-SLF/social_value/2"]
    assert [
        (e.type.split(".")[2], e.organisation, e.actororganisation, e.actorperson, e.actorrole)
        for e in await envelopes(log)
    ] == [
        ("CommitmentMade", SALFORD, SALFORD, "officer", "commitments-recorder"),
        ("OutcomeClaimed", SALFORD, "GB-COH-00000001", "provider", "claimant"),
        ("OutcomeVerified", SALFORD, "GB-COH-00000002", "assessor", "verifier"),
    ]


async def test_a_claim_found_true_in_full_says_so(doors: httpx.AsyncClient, log: EventLog) -> None:
    assert (await verify(doors, await claimed(doors))).json()["verdict"] == "full"


@pytest.mark.parametrize(
    ("claimant", "verifier", "code"),
    [
        ("provider", "provider", "verifier-is-the-claimant"),
        ("provider", "provider-elsewhere", "verifier-is-the-claimant"),
        ("provider", "colleague", "verifier-of-the-same-organisation"),
        ("delivery-machine", "provider", "verifier-of-the-same-organisation"),
        ("provider", "machine", "verifier-is-a-machine"),
    ],
)
async def test_nobody_is_both_claimant_and_verifier(
    doors: httpx.AsyncClient, log: EventLog, claimant: str, verifier: str, code: str
) -> None:
    answer = await verify(doors, await claimed(doors, claimant), verifier)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert await log.size(SALFORD) == 2


async def test_no_more_is_verified_than_was_claimed(doors: httpx.AsyncClient, log: EventLog) -> None:
    error = (await verify(doors, await claimed(doors), quantity=401)).json()["error"]
    assert (error["code"], error["field"]) == ("more-than-claimed", "quantity")
    assert await log.size(SALFORD) == 2


async def test_a_claim_is_verified_once(doors: httpx.AsyncClient, log: EventLog) -> None:
    claim_id = await claimed(doors)
    first = await verify(doors, claim_id)
    again = await verify(doors, claim_id)
    assert (again.status_code, again.json()) == (201, first.json())
    other = await verify(doors, claim_id, "assessor-2", key="another")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "already-verified")
    assert await log.size(SALFORD) == 3


async def test_a_request_made_again_is_answered_again_and_recorded_once(
    doors: httpx.AsyncClient, log: EventLog
) -> None:
    answers = await asyncio.gather(*(send(doors, "/commitments", "officer", COMMITMENT) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert {str(answer.json()) for answer in answers} == {str(answers[0].json())}
    assert await log.size(SALFORD) == 1


async def test_another_body_under_the_same_key_is_refused(doors: httpx.AsyncClient, log: EventLog) -> None:
    commitment_id = await committed(doors)
    other = await send(doors, "/commitments", "officer", COMMITMENT | {"quantity": 2_000})
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency-key-reused")
    await send(doors, "/claims", "provider", claim_of(commitment_id))
    other = await send(doors, "/claims", "provider", claim_of(commitment_id, quantity=1))
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency-key-reused")
    assert await log.size(SALFORD) == 2


async def test_the_same_key_of_another_organisation_is_another_request(doors: httpx.AsyncClient, log: EventLog) -> None:
    first = await committed(doors)
    second = await send(doors, "/commitments", "devon", COMMITMENT)
    assert second.json()["commitment_id"] != first
    assert second.json()["positions"] == ["GB-LAE-DEV/social_value/0"]


async def test_a_commitment_of_one_council_cannot_be_claimed_from_another(
    doors: httpx.AsyncClient, log: EventLog
) -> None:
    commitment_id = await committed(doors)
    answer = await send(doors, "/claims", "provider", claim_of(commitment_id, organisation="GB-LAE-DEV"))
    assert answer.json()["error"]["code"] == "unknown-commitment"
    assert await log.pool.fetchval("SELECT count(*) FROM eventlog.log") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"quantity": "100"}, "quantity"),
        ({"quantity": 10**400}, "quantity"),
        ({"measure": ""}, "measure"),
        ({"measure": "a\x00b"}, "measure"),
        ({"unit": " "}, "unit"),
        ({"due_on": "2027-02-30"}, "due_on"),
        ({"due_on": 20270331}, "due_on"),
        ({"contract_id": "a/b"}, "contract_id"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_field_that_cannot_be_taken_is_named(
    doors: httpx.AsyncClient, log: EventLog, changes: dict[str, object], field: str
) -> None:
    answer = await send(doors, "/commitments", "officer", COMMITMENT | changes)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert await log.size(SALFORD) == 0


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "not-json"),
        (b"[]", 422, "not-valid"),
        (b'{"quantity": 1, "quantity": 2}', 400, "duplicate-field"),
        (b'{"quantity": 1.0}', 400, "not-a-whole-number"),
        (b'{"quantity": 1e2}', 400, "not-a-whole-number"),
        (b'{"quantity": NaN}', 400, "not-a-whole-number"),
        (b'{"quantity": -Infinity}', 400, "not-a-whole-number"),
        (b'{"quantity": ' + b"9" * 10_000 + b"}", 400, "not-json"),
        (b"[" * 100_000, 400, "not-json"),
        (b'{"measure": "\xff"}', 400, "not-json"),
        (b'{"measure": "\\ud800"}', 422, "not-valid"),
        (b'{"a": "' + b"x" * 2**20 + b'"}', 413, "too-large"),
    ],
)
async def test_a_body_that_could_be_misread_is_refused(
    doors: httpx.AsyncClient, log: EventLog, raw: bytes, status: int, code: str
) -> None:
    answer = await send(doors, "/commitments", "officer", raw)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await log.size(SALFORD) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"commitment_id": "commitment-of-nobody"}, "commitment_id"),
        ({"delivered_on": "2190-01-01"}, "delivered_on"),
        ({"evidence_digest": "AB" * 32}, "evidence_digest"),
        ({"organisation": "Salford"}, "organisation"),
        ({"organisation": "GB-LAE-SLF\n"}, "organisation"),
        ({"quantity": 0}, "quantity"),
    ],
)
async def test_a_claim_that_cannot_be_is_refused_by_field(
    doors: httpx.AsyncClient, log: EventLog, changes: dict[str, object], field: str
) -> None:
    commitment_id = await committed(doors)
    answer = await send(doors, "/claims", "provider", claim_of(commitment_id) | changes)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert await log.size(SALFORD) == 1


async def test_each_door_asks_for_its_role_and_key(doors: httpx.AsyncClient, log: EventLog) -> None:
    for path in ("/commitments", "/claims", "/claims/claim-1/verification"):
        assert (await send(doors, path, "reader", {})).status_code == 403
        assert (await send(doors, path, "nobody", {})).status_code == 401
    missing = await send(doors, "/commitments", "officer", COMMITMENT, key=None)
    assert (missing.status_code, missing.json()["error"]["field"]) == (400, "Idempotency-Key")
    assert (await verify(doors, "claim-of-nobody")).json()["error"]["code"] == "unknown-claim"
    assert (await verify(doors, "..%2f..")).status_code in (404, 422)
    assert await log.size(SALFORD) == 0
