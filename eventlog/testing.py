"""given / when / then for deciders."""

from dataclasses import dataclass, replace
from typing import Generic

from eventlog.decider import Command, Decider, Fact, State
from eventlog.errors import Refused


@dataclass(frozen=True)
class Specification(Generic[Command, State, Fact]):
    """A sentence about a decider, read from left to right."""

    decider: Decider[Command, State, Fact]
    facts: tuple[Fact, ...] = ()
    command: Command | None = None

    def given(self, *facts: Fact) -> "Specification[Command, State, Fact]":
        """What has happened before."""
        return replace(self, facts=facts)

    def when(self, command: Command) -> "Specification[Command, State, Fact]":
        """What is asked for."""
        return replace(self, command=command)

    def then(self, *expected: Fact) -> None:
        """Exactly these facts follow; none means that it is already so."""
        assert self._decide() == list(expected)

    def then_refused(self, refusal: type[Refused]) -> None:
        """The command is refused by this rule."""
        try:
            facts = self._decide()
        except refusal:
            return
        raise AssertionError(f"expected {refusal.__name__}, got {facts}")

    def _decide(self) -> list[Fact]:
        assert self.command is not None, "when() names the command"
        return self.decider.decide(self.command, self.decider.fold(self.facts))
