"""Whether each read model is what its facts say: it is built anew beside the live one, and compared."""

from collections.abc import Mapping
from typing import Any

from rich.progress import Progress

from localpound.client import Client, DoorError
from localpound.verify.findings import Finding, contradiction, unread
from localpound.verify.report import ReadModelResult


def compare_read_models(client: Client, bar: Progress) -> list[ReadModelResult]:
    """Every read model of reporting; one that cannot be rebuilt now is a finding, no failure."""
    whose = client.acting_for()
    try:
        told = client.get("reporting", "/read-models", organisation=whose).json()
    except DoorError as error:
        return [ReadModelResult("read models", {}, {}, (unread("reporting", f"cannot be asked: {error}"),))]
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
        return ReadModelResult(name, {}, {}, (unread(name, f"cannot be rebuilt now: {error}"),))
    return ReadModelResult(name, told["replaced_digests"], told["digests"], tuple(findings_of(name, told)))


def findings_of(name: str, told: Mapping[str, Any]) -> list[Finding]:
    """What a rebuild shows: tables whose rows are not what their events say."""
    if not told["comparable"]:
        return [unread(name, "the rows in use were made by an older version and could not be compared")]
    before, after = told["replaced_digests"], told["digests"]
    return [
        contradiction(f"{name}.{each}", "its rows were not what its events say")
        for each in sorted(before.keys() | after.keys())
        if before.get(each) != after.get(each)
    ]
