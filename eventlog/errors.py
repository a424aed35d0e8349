"""What can go wrong in the event log, as one tree.

EventLogError
├── ConcurrentWriteError   the stream has moved on: load, decide and append again
├── UnreadableFactError    bytes or type that cannot become a fact: park, never skip
├── OversizeFactError      an envelope over 65,535 bytes: nothing was written
└── LossDetectedError      a record, number or topic that should be there is not

Refused is no failure: it is a decider's third answer, and carries a stable code.
"""

from typing import ClassVar


class EventLogError(Exception):
    """Something technical went wrong in the event log."""


class ConcurrentWriteError(EventLogError):
    """Another append reached the stream first."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"stream {stream} has moved on")
        self.stream = stream


class UnreadableFactError(EventLogError):
    """Bytes, type or schema from which no fact can be read."""


class OversizeFactError(EventLogError):
    """An envelope is larger than a log entry may be."""


class LossDetectedError(EventLogError):
    """Something that was recorded cannot be found where it belongs."""


class Refused(Exception):
    """A command that a rule does not allow; nothing was written."""

    code: ClassVar[str] = "refused"
    remedy: ClassVar[str] = ""
