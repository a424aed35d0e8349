"""Whether everything that is on record can be asked for yet."""

from collections.abc import Mapping
from time import monotonic, sleep
from typing import Any

from localpound.client import Client, DoorError
from localpound.screen import progress

ORDER = ("contracts", "spend", "social_value", "gateway", "reporting")
"""Facts flow this way: who comes later reads from who comes earlier."""
PATIENCE = 120.0
PAUSE = 0.2


def behind(status: Mapping[str, Any]) -> int:
    """How many events a process has still to place, to send or to take in."""
    waiting = int((status.get("log") or {}).get("backlog") or 0)
    waiting += int((status.get("relay") or {}).get("backlog") or 0)
    for told in (status.get("projections") or {}).values():
        if isinstance(told, Mapping):
            lag = told.get("lag")
            waiting += sum(lag.values()) if isinstance(lag, Mapping) else int(lag or 0)
    return waiting


def waiting_events(client: Client) -> int:
    """The sum over all processes. Raises DoorError."""
    return sum(behind(client.get(process, "/status").json()) for process in ORDER if process in client.addresses)


def wait_until_settled(client: Client, *, shown: bool, patience: float = PATIENCE) -> bool:
    """Wait until nothing is on its way in two looks; False when that takes longer than `patience` seconds.

    Two, because an event that one process has just sent may not have reached the next one's count.
    """
    until, quiet = monotonic() + patience, 0
    with progress(shown=shown) as bar:
        task = bar.add_task("Filling the read models", total=1)
        while monotonic() < until:
            try:
                waiting = waiting_events(client)
            except DoorError as error:
                if not error.away:
                    raise
                waiting = 1
            most = max(waiting, int(bar.tasks[0].total or 1))
            bar.update(task, total=most, completed=most - waiting)
            quiet = 0 if waiting else quiet + 1
            if quiet > 1:
                return True
            sleep(PAUSE)
    return False
