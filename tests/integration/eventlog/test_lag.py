"""A read model whose broker is silent says that it does not know how far behind it is, and never that it is level."""

import math
import os
import signal
import time

from eventlog import metrics
from eventlog.looking import KNOWN_FOR
from eventlog.service import _measure
from localpound.stack.testing import Servers
from tests.integration.eventlog.spine import Running, payments, until


async def test_while_the_broker_is_paused_the_lag_becomes_unknown_and_known_again(
    spine: Running, running: Servers
) -> None:
    runtime = spine.runtime(payments(spine.topic))
    spine.relay()
    spine.start(runtime.run())
    await spine.record(20)

    async def lag() -> int | None:
        told = (await runtime.status())["payments"]["lag"]
        return None if told is None else sum(told.values())

    async def applied() -> bool:
        status = (await runtime.status()).get("payments") or {}
        return sum(status.get("positions", {}).values()) == 40 and await lag() == 0

    async def unknown() -> bool:
        return await lag() is None

    await until(applied)
    assert running.kafka.process is not None
    os.kill(running.kafka.process.pid, signal.SIGSTOP)
    try:
        paused = time.monotonic()
        await spine.record(1, first=20)
        await until(unknown)
        assert time.monotonic() - paused <= KNOWN_FOR + 1
        _measure("projections", await runtime.status())
        sample = metrics.registry.get_sample_value("localpound_projection_lag_records", {"projection": "payments"})
        assert sample is not None
        assert math.isnan(sample)
    finally:
        os.kill(running.kafka.process.pid, signal.SIGCONT)

    async def level_again() -> bool:
        status = (await runtime.status())["payments"]
        return sum(status["positions"].values()) == 42 and await lag() == 0

    await until(level_again, 60)
