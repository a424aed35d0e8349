"""How one task tells others of its process that there is something to look at."""

import asyncio
import contextlib


class Signal:
    """A bell that may be rung before anyone listens: waiting compares a count, so none is missed."""

    def __init__(self) -> None:
        self.count = 0
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everyone who waits."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seen: int, timeout: float) -> float:
        """Return once the count has passed `seen`, or after `timeout` seconds; the seconds waited."""
        if self.count > seen:
            return 0.0
        loop = asyncio.get_running_loop()
        began = loop.time()
        with contextlib.suppress(TimeoutError):
            # not wait_for: before Python 3.12 it swallows a cancellation that comes with the bell
            async with asyncio.timeout(timeout):
                await self._event.wait()
        return loop.time() - began
