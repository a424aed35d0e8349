"""How does a promise, claim or verification get on the record? Load, decide, append; again if it moved."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from eventlog.codec import Codec, facts_in
from eventlog.decider import Command, Decider, State
from eventlog.envelope import Actor, Cause, Envelope
from eventlog.errors import ConcurrentWriteError
from eventlog.log_protocol import Log
from eventlog.store import Draft
from schemas import social_value as published
from schemas.fact import Fact
from schemas.social_value import CommitmentMade, OutcomeClaimed, OutcomeVerified
from services.social_value.domain import Attested, Party

ATTEMPTS = 5

Said = TypeVar("Said")

codec = Codec(*facts_in(published))


def commitment_in(envelope: Envelope) -> CommitmentMade:
    """The fact of a commitment's stream."""
    fact = codec.decode(envelope)
    assert isinstance(fact, CommitmentMade), "a commitment's stream holds commitments"
    return fact


def attested_in(envelope: Envelope) -> Attested:
    """A fact of a claim's stream, with who stands behind it."""
    fact = codec.decode(envelope)
    assert isinstance(fact, OutcomeClaimed | OutcomeVerified), "a claim's stream holds claims"
    return Attested(fact=fact, by=Party(envelope.actorperson, envelope.actororganisation))


async def record(
    log: Log,
    decider: Decider[Command, State, Said],
    command: Command,
    *,
    organisation: str,
    stream: str,
    read: Callable[[Envelope], Said],
    fact_of: Callable[[Said], Fact],
    actor: Actor,
    cause: Cause,
    happened_at: datetime,
) -> tuple[Sequence[Said], int | None]:
    """All that is on the stream afterwards, and the append (the first one's, when repeated).

    Raises Refused, and ConcurrentWriteError when the stream moved on five times.
    """
    for attempt in range(ATTEMPTS):
        envelopes = await log.load(organisation, stream)
        before = [read(envelope) for envelope in envelopes]
        decided = decider.decide(command, decider.fold(before))
        if not decided:
            return before, await log.recorded_by(organisation, stream, cause.command_id)
        drafts = [
            Draft(stream=stream, version=version, fact=fact_of(said), happened_at=happened_at)
            for version, said in enumerate(decided, start=len(before) + 1)
        ]
        try:
            append = await log.record(organisation, drafts, actor=actor, cause=cause)
        except ConcurrentWriteError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return [*before, *decided], append
    raise AssertionError("the last attempt answers or raises")
