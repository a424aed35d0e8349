"""Is each read model what its facts say? It is rebuilt beside the live one, and the digests compared."""

from rich.progress import Progress

from localpound.client import Client, DoorError
from localpound.verify.findings import contradiction, unread
from localpound.verify.report import ReadModelResult


def compare_read_models(client: Client, bar: Progress) -> list[ReadModelResult]:
    """Every read model of reporting; one that cannot be rebuilt now is a finding, no failure."""
    whose = client.acting_for()
    try:
        told = client.get("reporting", "/read-models", organisation=whose).json()
    except DoorError as error:
        return [ReadModelResult("read models", "", "", None, (unread("reporting", f"cannot be asked: {error}"),))]
    names = [each["name"] for each in told["read_models"]]
    task = bar.add_task("Rebuilding read models", total=len(names))
    found = []
    for name in names:
        bar.update(task, description=f"Rebuilding {name}")
        found.append(_compare(client, whose, name))
        bar.advance(task)
    return found


def _compare(client: Client, whose: str, name: str) -> ReadModelResult:
    try:
        told = client.post("reporting", f"/read-models/{name}/rebuild", organisation=whose).json()
    except DoorError as error:
        return ReadModelResult(name, "", "", None, (unread(name, f"cannot be rebuilt now: {error}"),))
    live, rebuilt = str(told["digest"]), str(told["rebuilt_digest"])
    differs = (contradiction(name, "its rows are not what its events say"),)
    return ReadModelResult(name, live, rebuilt, told.get("rows"), () if live == rebuilt else differs)
