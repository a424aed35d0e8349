"""How far behind a read model is: said only while what the broker said is fresh."""

import math
from collections.abc import Iterable

import pytest
from confluent_kafka import KafkaException

from eventlog import metrics
from eventlog.kafka import Kafka, Topic, Topics
from eventlog.looking import KNOWN_FOR, Look
from eventlog.service import _measure

TOPIC = "spend.events"


class Clock:
    """Seconds, as a test moves them."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


class Broker(Topics):
    """A broker that answers with these ends, or not at all."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(Kafka(servers="nowhere:1"))
        self.clock = clock
        self.ends: dict[int, int] | None = {0: 7, 1: 3}
        self.seconds = 0.0

    async def describe(self, names: Iterable[str]) -> dict[str, Topic]:
        self.clock.seconds += self.seconds
        if self.ends is None:
            raise KafkaException("away")
        return {name: Topic(name, "id", self.ends) for name in names}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def broker(clock: Clock) -> Broker:
    return Broker(clock)


@pytest.fixture
def look(broker: Broker, clock: Clock) -> Look:
    return Look(broker, clock)


def lag(look: Look) -> dict[str, int] | None:
    return look.lag((TOPIC,), {f"{TOPIC}/0": 7, f"{TOPIC}/1": 1})


async def test_it_is_what_the_broker_holds_less_what_was_applied(look: Look) -> None:
    await look.again([TOPIC])
    assert lag(look) == {f"{TOPIC}/0": 0, f"{TOPIC}/1": 2}


async def test_it_is_unknown_before_the_broker_was_asked(look: Look) -> None:
    assert lag(look) is None


async def test_it_is_unknown_for_a_topic_that_was_not_asked_about(look: Look) -> None:
    await look.again(["contracts.events"])
    assert lag(look) is None


async def test_it_is_unknown_once_the_answer_is_older_than_the_bound(look: Look, clock: Clock) -> None:
    await look.again([TOPIC])
    clock.seconds += KNOWN_FOR
    assert lag(look) == {f"{TOPIC}/0": 0, f"{TOPIC}/1": 2}
    clock.seconds += 0.001
    assert lag(look) is None
    await look.again([TOPIC])
    assert lag(look) == {f"{TOPIC}/0": 0, f"{TOPIC}/1": 2}


async def test_a_broker_that_is_away_makes_nothing_fresh(look: Look, broker: Broker, clock: Clock) -> None:
    await look.again([TOPIC])
    clock.seconds += KNOWN_FOR - 1
    broker.ends = None
    with pytest.raises(KafkaException):
        await look.again([TOPIC])
    clock.seconds += 1.001
    assert lag(look) is None


async def test_an_answer_is_as_old_as_its_question(look: Look, broker: Broker) -> None:
    broker.seconds = KNOWN_FOR + 1  # the process slept while the answer lay there
    await look.again([TOPIC])
    assert lag(look) is None


def shown(projection: str) -> float | None:
    return metrics.registry.get_sample_value("localpound_projection_lag_records", {"projection": projection})


def test_an_unknown_lag_is_no_number_in_the_metrics() -> None:
    _measure("projections", {"known": {"lag": {"a/0": 2, "a/1": 1}}, "unknown": {"lag": None}, "last_error": None})
    assert shown("known") == 3
    unknown = shown("unknown")
    assert unknown is not None
    assert math.isnan(unknown)
