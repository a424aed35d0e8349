"""How a rule is written: pure functions that turn a command and a state into facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

Command = TypeVar("Command")
State = TypeVar("State")
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, Fact]):
    """`decide` answers with facts, with none when it is already so, or raises Refused."""

    decide: Callable[[Command, State], list[Fact]]
    evolve: Callable[[State, Fact], State]
    initial: State

    def fold(self, facts: Iterable[Fact]) -> State:
        """The state after these facts."""
        return reduce(self.evolve, facts, self.initial)
