"""How far behind is a read model? Only what the broker said lately can tell."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from eventlog.kafka import Topic, Topics

KNOWN_FOR = 6.0  # seconds for which the broker's answer holds; whoever keeps read models asks every two


class Look:
    """What the broker last said of its topics, and how long ago it was asked."""

    def __init__(self, topics: Topics, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._topics = topics
        self._monotonic = monotonic
        self._asked: float | None = None
        self.seen: Mapping[str, Topic] = {}

    async def again(self, names: Iterable[str]) -> None:
        """Ask the broker. Raises KafkaException when it does not answer, and keeps what it said before."""
        asked = self._monotonic()
        self.seen = await self._topics.describe(names)
        self._asked = asked

    def lag(self, topics: Sequence[str], offsets: Mapping[str, int]) -> dict[str, int] | None:
        """Per partition the records not applied yet; None when the broker's answer is too old to say."""
        if self._asked is None or self._monotonic() - self._asked > KNOWN_FOR:
            return None
        if any(topic not in self.seen for topic in topics):
            return None
        ends = {f"{topic}/{p}": end for topic in topics for p, end in self.seen[topic].ends.items()}
        return {place: max(0, end - offsets.get(place, 0)) for place, end in ends.items()}
