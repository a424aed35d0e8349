"""One line a figure: value, baseline, ratio, target; printed and written to build/bench.json."""

import json
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).parents[1] / "build" / "bench.json"
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A figure beside its baseline; `ratio` is value ÷ baseline, or the value where there is none."""

    name: str
    value: float
    unit: str
    baseline: str
    baseline_value: float | None
    ratio: float | None
    target: str
    met: bool | None


class Results:
    """What has been measured in this run."""

    def __init__(self) -> None:
        self.found: list[Result] = []

    def compare(
        self, name: str, value: float, unit: str, *, against: tuple[str, float], at_least: float | None, aim: str = ""
    ) -> None:
        """Note a rate beside a baseline's rate of the same run."""
        baseline, rate = against
        ratio = value / rate
        target = f"≥ {at_least}{aim}" if at_least is not None else "printed"
        met = None if at_least is None else ratio >= at_least
        self._add(
            Result(
                name=name, value=round(value, 1), unit=unit, baseline=baseline, baseline_value=round(rate, 1),
                ratio=round(ratio, 3), target=target, met=met,
            )
        )  # fmt: skip

    def at_most(self, name: str, value: float, unit: str, limit: float | None) -> None:
        """Note a figure that stands for itself."""
        met = None if limit is None else value <= limit
        target = "printed" if limit is None else f"≤ {limit}"
        self._add(
            Result(
                name=name, value=round(value, 2), unit=unit, baseline="", baseline_value=None, ratio=None,
                target=target, met=met,
            )
        )  # fmt: skip

    def _add(self, result: Result) -> None:
        self.found.append(result)
        ratio = (
            "" if result.ratio is None else f"{result.ratio:8.3f} of {result.baseline} ({result.baseline_value:,.0f})"
        )
        mark = {True: "met", False: "MISSED", None: ""}[result.met]
        print(
            f"{result.name:52} {result.value:14,.1f} {result.unit:10} {ratio:60} {result.target:>12} {mark}", flush=True
        )

    def write(self) -> None:
        """Keep the run's figures for machines."""
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(json.dumps([asdict(result) for result in self.found], indent=2, ensure_ascii=False))


async def rate(count: int, work: Callable[[], Awaitable[object]]) -> float:
    """Things a second, of one run of `work` that does `count` of them."""
    began = time.perf_counter()
    await work()
    return count / (time.perf_counter() - began)


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)
