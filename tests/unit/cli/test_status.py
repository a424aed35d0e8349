"""What `localpound status` says of how far a process is behind: a number, or that it does not know."""

from typing import Any

from localpound.screen import out
from localpound.stack.commands import _show, total_lag


def test_the_lags_of_all_read_models_are_added_up() -> None:
    assert total_lag([{"lag": {"a/0": 2, "a/1": 1}}, {"lag": {"b/0": 4}}, {"lag": {}}]) == 7


def test_one_that_does_not_know_leaves_the_sum_unknown() -> None:
    assert total_lag([{"lag": {"a/0": 2}}, {"lag": None}]) is None


def test_a_process_without_read_models_is_behind_by_nothing() -> None:
    assert total_lag([]) == 0


def lags_shown(*processes: dict[str, Any]) -> list[str]:
    """The second but last column of the table."""
    with out.capture() as capture:
        _show({"home": "/home", "disk_bytes": 0, "processes": processes})
    return [line.split()[-2] for line in capture.get().splitlines()[1:-1]]


def test_the_table_says_unknown_and_never_nought_for_it() -> None:
    told = {"process": "reporting", "state": "running", "pid": 1, "up_seconds": 1, "events": 5, "backlog": 0}
    assert lags_shown({**told, "lag": 3, "parked": 0}, {**told, "lag": None, "parked": 0}) == ["3", "unknown"]
