"""A command's way: load the stream, fold it, decide, append; decide again when the stream moved."""

from datetime import datetime

from eventlog.codec import Codec
from eventlog.decider import Command, Decider, State
from eventlog.envelope import Actor, Cause
from eventlog.errors import ConcurrentWriteError
from eventlog.log_protocol import Log
from eventlog.store import Draft
from schemas.fact import Fact

ATTEMPTS = 5


async def handle(
    log: Log,
    codec: Codec,
    decider: Decider[Command, State, Fact],
    command: Command,
    *,
    organisation: str,
    stream: str,
    actor: Actor,
    cause: Cause,
    happened_at: datetime,
) -> int | None:
    """The append's id; None when it was already so; the first append's when the command is repeated.

    Raises Refused, and ConcurrentWriteError when the stream moved on five times.
    """
    for attempt in range(ATTEMPTS):
        envelopes = await log.load(organisation, stream)
        if any(envelope.commandid == str(cause.command_id) for envelope in envelopes):
            return await log.recorded_by(organisation, stream, cause.command_id)
        state = decider.fold(codec.decode(envelope) for envelope in envelopes)
        drafts = [
            Draft(stream=stream, version=len(envelopes) + i, fact=fact, happened_at=happened_at)
            for i, fact in enumerate(decider.decide(command, state), start=1)
        ]
        if not drafts:
            return None
        try:
            return await log.record(organisation, drafts, actor=actor, cause=cause)
        except ConcurrentWriteError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt answers or raises")
