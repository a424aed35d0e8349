"""What do persons say of what is to be explained? One explains, another settles; each of many findings at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from eventlog.clock import now
from eventlog.credentials import Credential
from eventlog.errors import Refused
from eventlog.store import Draft, EventLog
from schemas.fact import Fact
from schemas.findings import finding_id
from schemas.spend import FindingAnswered, FindingAssigned
from services.spend.decisions.decision_input import AnswersInput, AssignmentsInput, CauseInput
from services.spend.feeds.receipts import Entry, under_key


class PersonNeeded(Refused):
    code = "person-needed"
    field = "answer"
    remedy = "Answer with the key of a person: a machine explains nothing."


class NotExplained(Refused):
    code = "not-explained"
    field = "answer"
    remedy = "Have one person explain it first; another accepts or dismisses."


class SamePerson(Refused):
    code = "same-person"
    field = "answer"
    remedy = "Have another person settle what this one explained."


class NotAnswered(Refused):
    code = "not-answered"
    field = "answer"
    remedy = "Only what was answered can be taken back."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a finding stands."""

    answer: str | None = None
    explained_by: str | None = None
    """The person who explained it."""
    version: int = 0


def check(wanted: AnswersInput, person: str | None, finding: str, before: Standing) -> None:
    """Whether an answer may be given. Pure. Raises PersonNeeded, NotExplained, SamePerson, NotAnswered."""
    if person is None:
        raise PersonNeeded("A machine answered.")
    if wanted.answer in ("accepted", "dismissed"):
        if before.answer != "explained":
            raise NotExplained(f"Finding {finding} is not explained now.")
        if before.explained_by == person:
            raise SamePerson(f"Finding {finding} was explained by the person who settles it.")
    if wanted.answer == "withdrawn" and before.answer is None:
        raise NotAnswered(f"Finding {finding} has no answer.")


async def answer(log: EventLog, credential: Credential, key: str, wanted: AnswersInput) -> UUID:
    """Record under a key what a person says of findings, of all or none; answers with the receipt's id.

    Raises BadRequest, KeyUsedOtherwise and Refused; then nothing is kept.
    """

    async def one(entry: Entry, cause: CauseInput, finding: str, before: Standing) -> Fact:
        check(wanted, entry.actor.person, finding, before)
        fact = FindingAnswered(
            finding_id=finding, code=cause.code, cause=cause.cause, cause_id=cause.cause_id, answer=wanted.answer,
            reason=wanted.reason, until=wanted.until,
        )  # fmt: skip
        now_is = None if wanted.answer == "withdrawn" else wanted.answer
        explained_by = entry.actor.person if now_is == "explained" else before.explained_by if now_is else None
        await _keep(entry, finding, Standing(now_is, explained_by, before.version + 1))
        return fact

    return await _each(log, credential, key, "answer" + wanted.model_dump_json(), wanted.findings, one)


async def assign(log: EventLog, credential: Credential, key: str, wanted: AssignmentsInput) -> UUID:
    """Record under a key who is to explain findings, and by when; like `answer`."""

    async def one(entry: Entry, cause: CauseInput, finding: str, before: Standing) -> Fact:
        await _keep(entry, finding, Standing(before.answer, before.explained_by, before.version + 1))
        return FindingAssigned(
            finding_id=finding, code=cause.code, cause=cause.cause, cause_id=cause.cause_id, owner=wanted.owner,
            due_on=wanted.due_on,
        )  # fmt: skip

    return await _each(log, credential, key, "assign" + wanted.model_dump_json(), wanted.findings, one)


One = Callable[[Entry, CauseInput, str, Standing], Awaitable[Fact]]


async def _each(
    log: EventLog, credential: Credential, key: str, asked: str, causes: list[CauseInput], one: One
) -> UUID:
    wanted = {finding_id(each.code, each.cause, each.cause_id): each for each in causes}

    async def decide(entry: Entry) -> None:
        rows = await entry.conn.fetch(
            "SELECT finding_id, answer, explained_by, version FROM spend.finding"
            " WHERE organisation = $1 AND finding_id = ANY($2)",
            entry.organisation,
            list(wanted),
        )
        before = {finding: Standing(*standing) for finding, *standing in rows}
        drafts = []
        for finding, cause in wanted.items():
            standing = before.get(finding, Standing())
            fact = await one(entry, cause, finding, standing)
            stream, version = f"finding/{finding}", standing.version + 1
            drafts.append(Draft(stream=stream, version=version, fact=fact, happened_at=now()))
        await entry.add(drafts, list(wanted), list(wanted))

    return await under_key(log, credential, key, sha256(asked.encode()).digest(), decide, "findings")


async def _keep(entry: Entry, finding: str, standing: Standing) -> None:
    await entry.conn.execute(
        "INSERT INTO spend.finding VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, finding_id) DO UPDATE SET"
        " answer = excluded.answer, explained_by = excluded.explained_by, version = excluded.version",
        entry.organisation, finding, standing.answer, standing.explained_by, standing.version,
    )  # fmt: skip


async def next_version(entry: Entry, finding: str) -> int:
    """The version of the fact that is said next of a finding, beside how it is answered."""
    version: int = await entry.conn.fetchval(
        "INSERT INTO spend.finding (organisation, finding_id, version) VALUES ($1, $2, 1)"
        " ON CONFLICT (organisation, finding_id) DO UPDATE SET version = spend.finding.version + 1 RETURNING version",
        entry.organisation,
        finding,
    )
    return version
