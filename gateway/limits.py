"""Does a document ask for too much? One pass over it, before it is validated.

The cost of an answer is the number of values it may carry, list sizes multiplied, and a surcharge
for each question to the database. Each fragment is measured once, however often it is used, so that
the measuring itself cannot be made expensive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from gateway.overlaps import TooOften, count_pairs
from gateway.reads.filters import LARGEST_PAGE

MOST_TOKENS = 1_500
DEEPEST = 14
MOST_COST = 20_000
DEEPEST_INTROSPECTION = 20
MOST_INTROSPECTION = 200_000
USUAL_PAGE = 20

PAGED = frozenset(
    [
        "organisations",
        "contracts",
        "purchaseOrders",
        "payRuns",
        "statedSuppliers",
        "suppliers",
        "payments",
        "outcomes",
        "paidNames",
        "evidence",
        "findings",
        "duplicates",
        "publications",
        "sourceFiles",
        "rejectedRows",
        "rejected",
    ]
)
"""Fields that answer with a page; `first` says how long it is."""

QUESTIONS: Mapping[str, int] = {
    **dict.fromkeys(PAGED, 20),
    "suppliers": 200,
    "paidNames": 200,
    "sourceFiles": 200,
    "totals": 500,
    "summary": 600,
    "who": 1_000,
    "findings": 1_000,
    "duties": 1_000,
    "burn": 500,
    "duplicates": 1_000,
    "figures": 500,
    **dict.fromkeys(("envelope", "claims", "file", "allocations", "proposals"), 20),
}
"""What a field costs beside its values, because it asks the database."""

LOOKUPS = frozenset(["node", "organisation", "contract", "supplier", "payment", "outcome", "sourceFile", "event"])
LOOKUP = 100
"""What one of these costs beside its values when it names what to look up."""

LISTS: Mapping[str, int] = {
    "inputs": 4, "publishedFiles": 4, "alike": 3, "allocations": 2, "proposals": 10, "credits": 2, "leftOut": 6, "byRule": 9, "byScope": 11, "byAnswer": 6, "bySme": 3, "byLocal": 3, "byCategory": 35, "shares": 14, "wards": 60, "byPeriod": 24, "figures": 35, "claims": 10,
    "candidates": 10,
}  # fmt: skip
INTROSPECTION_LISTS: Mapping[str, int] = {
    "types": 60, "fields": 12, "args": 4, "inputFields": 10, "enumValues": 5, "possibleTypes": 8,
    "interfaces": 1, "directives": 6, "locations": 4,
}  # fmt: skip


class Size(NamedTuple):
    """How large a part of an answer may become."""

    cost: int
    depth: int
    each: int = 0
    """Cost of what stands in `edges` and `nodes`: once for each item of the page around it."""


NOTHING = Size(0, 0)


def too_much(code: str, message: str) -> GraphQLError:
    """A refusal before anything is asked."""
    return GraphQLError(message, extensions={"code": code})


@dataclass(slots=True)
class Measure:
    """Measures one operation of a document with its variables."""

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    measured: dict[tuple[str, bool], Size | None] = field(default_factory=dict)
    """None while a fragment is being measured."""

    def selections(self, selection_set: SelectionSetNode | None, inside: bool, depth: int) -> Size:
        """The size of a selection; `inside` the schema's own description of itself."""
        if depth > DEEPEST_INTROSPECTION:
            raise too_much("DEPTH_LIMIT", f"Ask no deeper than {DEEPEST} levels.")
        cost = deepest = each = 0
        for selection in selection_set.selections if selection_set else ():
            match selection:
                case FieldNode():
                    part = self.field(selection, inside, depth)
                case FragmentSpreadNode():
                    part = self.fragment(selection.name.value, inside, depth)
                case InlineFragmentNode():
                    part = self.selections(selection.selection_set, inside, depth)
                case _:
                    part = NOTHING
            cost += part.cost
            each += part.each
            deepest = max(deepest, part.depth)
        return Size(cost, deepest, each)

    def field(self, node: FieldNode, inside: bool, depth: int) -> Size:
        """The size of a field with all that is asked of it."""
        name = node.name.value
        enters = name in ("__schema", "__type")
        below = self.selections(node.selection_set, inside or enters, depth + 1)
        if inside or enters:
            size = INTROSPECTION_LISTS.get(name, 1)
            cost, deepest = 1 + size * below.cost, below.depth + 1
            if enters:
                _check(cost, MOST_INTROSPECTION, deepest, DEEPEST_INTROSPECTION)
                cost, deepest = cost * MOST_COST // (2 * MOST_INTROSPECTION), 1
            return Size(cost, deepest)
        items = self.page(node) if name in PAGED else LARGEST_PAGE
        cost = below.cost * LISTS.get(name, 1) + below.each * items
        if name in ("edges", "nodes"):
            return Size(1, below.depth + 1, each=cost)
        question = LOOKUP if name in LOOKUPS and node.arguments else QUESTIONS.get(name, 0)
        return Size(1 + question + cost, below.depth + 1)

    def fragment(self, name: str, inside: bool, depth: int) -> Size:
        """The size of a fragment, measured once. Raises GraphQLError for one within itself."""
        fragment = self.fragments.get(name)
        if fragment is None:
            return NOTHING  # validation says so in its own words
        key = (name, inside)
        if key not in self.measured:
            self.measured[key] = None
            self.measured[key] = self.selections(fragment.selection_set, inside, depth)
        size = self.measured[key]
        if size is None:
            raise too_much("GRAPHQL_VALIDATION_FAILED", "A fragment cannot spread itself.")
        return size

    def page(self, node: FieldNode) -> int:
        """How long a page is asked for. Raises GraphQLError for a length that no page can have."""
        for argument in node.arguments or ():
            if argument.name.value == "first":
                length = _number(argument.value, self.variables)
                if length is None:
                    return LARGEST_PAGE  # null, a default or no number: validation decides
                if not 1 <= length <= LARGEST_PAGE:
                    raise too_much("BAD_USER_INPUT", f"Ask for 1 to {LARGEST_PAGE} items at a time.")
                return length
        return USUAL_PAGE


def _number(value: object, variables: Mapping[str, Any]) -> int | None:
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) < 20 else -1
    if isinstance(value, VariableNode):
        given = variables.get(value.name.value)
        return given if isinstance(given, int) and not isinstance(given, bool) else None
    return None


def _check(cost: int, most_cost: int, depth: int, deepest: int) -> None:
    if depth > deepest:
        raise too_much("DEPTH_LIMIT", f"Ask no deeper than {deepest} levels.")
    if cost > most_cost:
        raise too_much("COST_LIMIT", f"This could answer with {cost} values; ask for at most {most_cost} at once.")


def measure(document: DocumentNode, variables: Mapping[str, Any]) -> Size:
    """The largest operation of a document. Raises GraphQLError when it asks for too much."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    measuring = Measure(fragments, variables)
    largest = NOTHING
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            size = measuring.selections(node.selection_set, inside=False, depth=0)
            largest = Size(max(largest.cost, size.cost), max(largest.depth, size.depth))
    for name in fragments:  # those that no operation uses are validated all the same
        measuring.fragment(name, inside=False, depth=0)
    _check(largest.cost, MOST_COST, largest.depth, DEEPEST)
    try:
        count_pairs(document)
    except TooOften:
        raise too_much("COST_LIMIT", "The same field is asked for too often.") from None
    return largest


class Limits(SchemaExtension):
    """Refuses what asks for too much, before it is validated."""

    def on_validate(self) -> Iterator[None]:
        """Measure the parsed document."""
        context = self.execution_context
        document = context.graphql_document
        if document is not None:
            measure(document, context.variables or {})
            # Strawberry takes the first of several operations when none is named; the standard asks to refuse.
            if context._provided_operation_name is None and _operations(document) > 1:
                raise too_much("OPERATION_RESOLUTION_FAILURE", "Which operation is meant is not clear; name one.")
        yield


def _operations(document: DocumentNode) -> int:
    return sum(isinstance(node, OperationDefinitionNode) for node in document.definitions)
