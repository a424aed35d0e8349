"""What a document may cost: measured once, exactly."""

import pytest
from graphql import GraphQLError, parse

from gateway.limits import Size, measure
from gateway.overlaps import count_pairs


@pytest.mark.parametrize(
    ("query", "cost", "depth"),
    [
        ("{ __typename }", 1, 1),
        # 1 for the list, 20 for its question, 20 items of 1 + 1 for `nodes`
        ("{ contracts { nodes { id } } }", 1 + 20 + 1 + 20, 3),
        ("{ contracts(first: 3) { nodes { id title } } }", 1 + 20 + 1 + 3 * 2, 3),
        ("{ contracts(first: 3) { edges { cursor node { id } } pageInfo { endCursor } } }", 21 + 1 + 3 * 3 + 2, 4),
        ('{ node(id: "x") { id } }', 1 + 100 + 1, 2),
        # totals are asked once a list, not once an item
        ("{ contracts(first: 100) { totals { count netPence } } }", 21 + 501 + 2, 3),
        ("{ contracts(first: 2) { nodes { payments(first: 5) { nodes { id } } } } }", 21 + 1 + 2 * (21 + 1 + 5), 5),
        ("query ($n: Int) { contracts(first: $n) { nodes { id } } }", 21 + 1 + 7, 3),
        ("{ ...F } fragment F on Query { contracts(first: 3) { nodes { id title } } }", 1 + 20 + 1 + 3 * 2, 3),
        ("{ contracts(first: 3) { ...F } } fragment F on ContractConnection { nodes { id title } }", 28, 3),
        ("query A { __typename } query B { contracts(first: 3) { nodes { id title } } }", 28, 3),
    ],
)
def test_cost_multiplies_list_sizes_and_counts_questions(query: str, cost: int, depth: int) -> None:
    assert measure(parse(query), {"n": 7}) == Size(cost, depth)


def test_a_fragment_is_measured_once_however_often_it_is_spread() -> None:
    levels = 60  # 2^60 spreads when expanded
    text = "{ ...F0 } " + "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(levels))
    with pytest.raises(GraphQLError) as refused:
        measure(parse(text + f"fragment F{levels} on Query {{ __typename }}"), {})
    assert refused.value.extensions == {"code": "COST_LIMIT"}


@pytest.mark.parametrize("first", ["0", "101", "-1", "99999999999999999999999"])
def test_a_page_is_1_to_100(first: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        measure(parse(f"{{ payments(first: {first}) {{ nodes {{ id }} }} }}"), {})
    assert refused.value.extensions == {"code": "BAD_USER_INPUT"}


def test_pairs_are_counted_where_fields_would_be_merged() -> None:
    assert count_pairs(parse("{ a: contracts { nodes { id } } b: contracts { nodes { id } } }")) == 0
    assert count_pairs(parse("{ contracts { nodes { id } } contracts { nodes { id } } }")) == 3
    assert count_pairs(parse("{ x x x x }")) == 6
    assert count_pairs(parse("{ ...F ...F } fragment F on Query { x }")) == 1
