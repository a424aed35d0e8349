"""Does a document ask for the same field so often that validating it would take long?

Validation compares every two fields that would be merged into one, which grows with the square of
their number. This counts those pairs, expanding fragments, and stops as soon as there are too many.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_PAIRS = 4_000
MOST_STEPS = 20_000


class TooOften(Exception):
    """The same field is asked for too often."""


@dataclass(slots=True)
class Pairs:
    """Counts pairs in one document; raises TooOften beyond what validation may take."""

    fragments: Mapping[str, FragmentDefinitionNode]
    pairs: int = 0
    steps: int = 0

    def count(self, merged: Iterable[SelectionSetNode]) -> None:
        """Count within selections that would be merged, and in what stands below them."""
        groups: dict[str, tuple[int, list[SelectionSetNode]]] = {}
        for selection_set in merged:
            for field in self._fields(selection_set):
                name = (field.alias or field.name).value
                number, below = groups.get(name, (0, []))
                if field.selection_set is not None:
                    below.append(field.selection_set)
                groups[name] = (number + 1, below)
        for number, below in groups.values():
            self.pairs += number * (number - 1) // 2
            if self.pairs > MOST_PAIRS:
                raise TooOften
            if below:
                self.count(below)

    def _fields(self, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
        for selection in selection_set.selections:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise TooOften
            match selection:
                case FieldNode():
                    yield selection
                case InlineFragmentNode():
                    yield from self._fields(selection.selection_set)
                case FragmentSpreadNode():
                    fragment = self.fragments.get(selection.name.value)
                    if fragment is not None:
                        yield from self._fields(fragment.selection_set)
                case _:
                    pass


def count_pairs(document: DocumentNode) -> int:
    """How many pairs validation would compare. Raises TooOften; fragments must not be circular."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    pairs = Pairs(fragments)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            pairs.count([node.selection_set])
    return pairs.pairs
