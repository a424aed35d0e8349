import pytest

from eventlog.decider import Decider
from eventlog.errors import Refused
from eventlog.testing import Specification


class Full(Refused):
    code = "full"


def decide(command: int, state: int) -> list[int]:
    if state + command > 10:
        raise Full("no more than ten")
    return [command] if command else []


numbers = Specification(Decider(decide, lambda state, fact: state + fact, 0))


def test_facts_are_folded_before_a_command_is_decided() -> None:
    numbers.given(3, 4).when(2).then(2)
    numbers.given(3, 4).when(4).then_refused(Full)
    numbers.when(0).then()


def test_a_specification_objects_to_another_answer() -> None:
    with pytest.raises(AssertionError):
        numbers.given(3).when(2).then(3)
    with pytest.raises(AssertionError, match="expected Full"):
        numbers.given(3).when(2).then_refused(Full)
