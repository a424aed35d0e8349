"""How are lists answered? As Relay connections, page by page, with totals over all of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from gateway import reads
from gateway.scalars import Day, Instant, Pence

T = TypeVar("T")

First = Annotated[
    int, strawberry.argument(description="How many items at most: 1 to 100, 20 unless you say otherwise.")
]
After = Annotated[
    str | None,
    strawberry.argument(description="Only items behind this cursor, which an earlier page of the same list gave."),
]
KnownAt = Annotated[
    Instant | None,
    strawberry.argument(
        description="Answer as it was known at this instant; corrections and later facts are left out. Now, when absent."
    ),
]

AsOf = Annotated[
    Day | None,
    strawberry.argument(
        description="Payments made after this day count in no figure, as at the end of a year. All count, when absent."
    ),
]


@strawberry.interface(description="Anything that can be fetched again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Identifies it among everything here; opaque, and for good.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more items follow.")
    has_previous_page: bool = strawberry.field(description="Whether items come before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null when there is none.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last item, to be given as `after` for the next page; null when there is none."
    )


@strawberry.type(description="What everything in a list adds up to, not only this page.")
class Totals:
    count: int = strawberry.field(description="How many items there are.")
    net_pence: Pence = strawberry.field(
        description="What they add up to: net payments, or stated contract values; 0 where nothing can be added up."
    )


@strawberry.type(description="An item in a page.")
class Edge(Generic[T]):
    node: T = strawberry.field(description="The item.")
    cursor: str = strawberry.field(description="Its place in the list.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items of this page, each with its cursor.")
    nodes: list[T] = strawberry.field(description="The items of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in the list.")


@strawberry.type(name="Connection", description="One page of a list, with what the whole list adds up to.")
class TotalledConnection(Connection[T], Generic[T]):
    ask_totals: strawberry.Private[Callable[[], Awaitable[reads.Totals]]]
    ask_incomplete: strawberry.Private[Callable[[], Awaitable[bool]]]

    @strawberry.field(description="What the whole list adds up to, over the same filter.")
    async def totals(self) -> Totals:
        found = await self.ask_totals()
        return Totals(count=found.count, net_pence=Pence(found.net_pence))

    @strawberry.field(
        description="True when some events that may belong here could not be read yet: the list may change once they are."
    )
    async def incomplete(self) -> bool:
        return await self.ask_incomplete()


def page(first: int, after: str | None) -> reads.Page:
    """What the two arguments of every list ask for."""
    return reads.Page(first=first, after=after)


def page_info(found: reads.PageOf[Any], after: str | None) -> PageInfo:
    """Where a page stands."""
    cursors = found.cursors
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def parts(found: reads.PageOf[Any], nodes: Sequence[T], after: str | None) -> dict[str, Any]:
    """The three fields that every connection has."""
    return {
        "edges": [Edge(node=node, cursor=cursor) for node, cursor in zip(nodes, found.cursors, strict=True)],
        "nodes": list(nodes),
        "page_info": page_info(found, after),
    }


_shared: dict[tuple[type, type], tuple[str, ...]] = {}


def _names(kind: Any, row: Any) -> tuple[str, ...]:
    """The fields that both have, looked up once."""
    names = _shared.get((kind, row))
    if names is None:
        held = {field.name for field in fields(row)}
        names = tuple(field.name for field in fields(kind) if field.init and field.name in held)
        _shared[kind, row] = names
    return names


def from_row(kind: type[T], row: Any, /, **more: object) -> T:
    """A GraphQL object from a record, by the fields that both have."""
    return kind(**{name: getattr(row, name) for name in _names(kind, type(row))}, **more)
