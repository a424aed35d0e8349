"""What time is it? The only place that asks."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC, to the microsecond."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock
