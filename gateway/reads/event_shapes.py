"""What the gateway's reads answer with of facts themselves, as plain records."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of a log, without its content."""

    organisation: str
    service: str
    log_index: int
    event_id: str
    type: str
    stream: str
    version: int
    happened_at: datetime
    recorded_at: datetime

    @property
    def position(self) -> str:
        """Where it stands in its log, as `GB-LAE-SLF/spend/123`."""
        return f"{self.organisation}/{self.service}/{self.log_index}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """One event with its envelope as stored."""

    event: Event
    actor: str
    envelope: bytes
