"""Whether everything that is on record can be asked for yet."""

from collections import Counter
from collections.abc import Mapping
from math import inf
from time import monotonic, sleep
from typing import Any

from localpound.client import Client, DoorError
from localpound.screen import progress

LOGS = {"contracts": "contracts", "spend": "spend", "social_value": "social_value", "gateway": "access"}
"""Process and the name of its log; facts flow in this order, and from all of them to reporting."""
PATIENCE = 120.0
PAUSE = 0.2

Status = Mapping[str, Any]


def waiting_events(statuses: Mapping[str, Status]) -> int:
    """How many events are still to be placed in a log, or to be taken in by a read model.

    A projection's numbers in a topic add up to how many of its events it has taken in; that is
    compared with the log itself, because what a process last heard of the broker may be old.
    """
    sizes = {
        f"{name}.events": sum(statuses[process]["log"]["sizes"].values())
        for process, name in LOGS.items()
        if process in statuses
    }
    waiting = sum(int(statuses[process]["log"]["backlog"]) for process in LOGS if process in statuses)
    for status in statuses.values():
        for told in (status.get("projections") or {}).values():
            if isinstance(told, Mapping):
                waiting += sum(max(0, sizes.get(topic, 0) - taken) for topic, taken in taken_in(told).items())
    return waiting


def taken_in(projection: Status) -> Counter[str]:
    """Per topic how many events a projection has taken in."""
    taken: Counter[str] = Counter()
    for place, number in (projection.get("positions") or {}).items():
        taken[place.rpartition("/")[0]] += number
    return taken


def wait_until_settled(client: Client, *, shown: bool, patience: float = PATIENCE) -> bool:
    """Wait until nothing is on its way in two looks; False when for `patience` seconds fewer were not seen to wait.

    Two, because what one process takes in may let it decide something new.
    """
    known = [process for process in (*LOGS, "reporting") if process in client.addresses]
    until, quiet, most, least = monotonic() + patience, 0, 1, inf
    with progress(shown=shown) as bar:
        task = bar.add_task("Filling the read models", total=most)
        while monotonic() < until:
            try:
                statuses = {process: client.get(process, "/status").json() for process in known}
                waiting = waiting_events(statuses)
            except DoorError as error:
                if not error.away:
                    raise
                waiting = most
            if waiting < least:
                until, least = monotonic() + patience, waiting
            most = max(waiting, most)
            bar.update(task, total=most, completed=most - waiting)
            quiet = 0 if waiting else quiet + 1
            if quiet > 1:
                return True
            sleep(PAUSE)
    return False
