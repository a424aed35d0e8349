"""Each dead process is started again in its own time, and a process waits for a database that starts later."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from eventlog import service
from localpound.stack.children import Child
from localpound.stack.home import Home
from localpound.stack.supervisor import LONGEST_PAUSE, Stack
from localpound.stack.testing import Servers


def in_time(what: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while not what() and time.monotonic() < ends:
        time.sleep(0.02)
    return what()


def test_one_that_keeps_dying_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    said: list[str] = []
    stack = Stack(Home(tmp_path).made(), said.append)
    broken, sound = Child("broken", ["false"], {}), Child("sound", ["sleep", "600"], {})

    def keep() -> None:
        for child in (broken, sound):
            stack._start(child)
        stack.keep_up()

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        assert in_time(lambda: broken.pause >= 1.0, 10)
        assert sound.process is not None
        first = sound.process.pid
        psutil.Process(first).kill()
        assert in_time(lambda: sound.process is not None and sound.process.pid != first and sound.alive(), 1.5)
        assert sound.restarts == 1
        assert broken.restarts >= 3
        assert broken.pause <= LONGEST_PAUSE
        assert "sound stopped (exit -9); starting it again" in said
    finally:
        stack.down()
        keeper.join()


async def test_a_process_waits_for_a_database_that_starts_later(running: Servers) -> None:
    url = urlsplit(running.url("reporting", "reporting"))

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(url.hostname, url.port)

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while part := await source.read(65_536):
                    target.write(part)
            target.close()

        await asyncio.gather(copy(reader, back), copy(there, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    later = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{port}").geturl()
    connecting = asyncio.create_task(service._connected(later, 2))
    await asyncio.sleep(0.5)
    assert not connecting.done()
    server = await asyncio.start_server(forward, "127.0.0.1", port)
    pool = await asyncio.wait_for(connecting, 10)
    assert await pool.fetchval("SELECT 1") == 1
    await pool.close()
    server.close()


async def test_a_database_that_refuses_is_not_waited_for(running: Servers) -> None:
    url = urlsplit(running.url("reporting", "reporting"))
    wrong = url._replace(netloc=f"{url.username}:wrong@{url.hostname}:{url.port}").geturl()
    began = time.monotonic()
    with pytest.raises(Exception, match="password authentication failed"):
        await service._connected(wrong, 2)
    assert time.monotonic() - began < service.DATABASE_PATIENCE / 2
