"""How a tree is laid out as tiles of 256 hashes (C2SP tlog-tiles), and how tiles are named."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from eventlog.tlog.tree import fold_full

WIDTH = 256
HASH = 32


def tile_path(number: int) -> str:
    """`x001/x234/067` for 1,234,067: groups of three digits, all but the last with an x."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    return "/".join(reversed(groups))


def parse_tile_path(path: str) -> tuple[int, int | None]:
    """The number and, for `….p/W`, the width. Raises ValueError for any other form."""
    head, partial, width = path.partition(".p/")
    number = int("".join(group.removeprefix("x") for group in head.split("/")))
    if tile_path(number) != head or (partial and not 0 < int(width) < WIDTH):
        raise ValueError(f"no tile is named {path}")
    return number, int(width) if partial else None


def hashes_in(tile: bytes) -> list[bytes]:
    """The hashes of a tile, left to right."""
    return [tile[i : i + HASH] for i in range(0, len(tile), HASH)]


def extend(size: int, leaves: Sequence[bytes], partial: Mapping[int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    """The tiles that change when leaf hashes are appended: (level, number, bytes).

    `size` is the tree's size before; `partial` holds, per level, the incomplete tile at its right
    end. Every complete tile adds one hash to the level above.
    """
    added: Sequence[bytes] = leaves
    for level in count():
        if not added:
            return
        width = WIDTH**level
        first = size // width
        row = hashes_in(partial.get(level, b"")) if first % WIDTH else []
        row += added
        number = first // WIDTH
        above = []
        for start in range(0, len(row), WIDTH):
            tile = row[start : start + WIDTH]
            yield level, number + start // WIDTH, b"".join(tile)
            if len(tile) == WIDTH:
                above.append(fold_full(tile))
        added = above
