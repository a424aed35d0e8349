"""`python -m eventlog.placing`: what a sequencer does, until nothing waits; for a database that runs without one."""

import asyncio
import os

import asyncpg

from eventlog.sequencer import sequence_batch

ADDRESS = "EVENTLOG_DATABASE_URL"
"""The environment variable that says where: a password has no place on a command line."""


async def place_all(url: str) -> None:
    """Give every append that waits its place."""
    conn = await asyncpg.connect(url)
    try:
        while await sequence_batch(conn):
            pass
    finally:
        await conn.close()


if __name__ == "__main__":
    asyncio.run(place_all(os.environ[ADDRESS]))
