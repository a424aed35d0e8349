"""Where does an entry lie in a published log? The C2SP tlog-tiles layout, as a reader needs it."""

from collections.abc import Iterator

from localpound.verify.tree import HASH, root

WIDTH = 256


def number_path(number: int) -> str:
    """`x001/x234/067` for 1,234,067."""
    text = str(number)
    text = text.zfill(-(-len(text) // 3) * 3)
    groups = [text[i : i + 3] for i in range(0, len(text), 3)]
    return "/".join([*("x" + group for group in groups[:-1]), groups[-1]])


def bundle_paths(size: int) -> Iterator[tuple[int, str]]:
    """The entry bundles of a log of this size: first index and path under `tile/`."""
    for number, path in _paths(size):
        yield number * WIDTH, f"entries/{path}"


def tile_paths(size: int) -> Iterator[tuple[int, int, str]]:
    """The hash tiles of a log of this size: level, number and path under `tile/`."""
    level, hashes = 0, size
    while hashes:
        for number, path in _paths(hashes):
            yield level, number, f"{level}/{path}"
        level, hashes = level + 1, hashes // WIDTH


def _paths(items: int) -> Iterator[tuple[int, str]]:
    whole, rest = divmod(items, WIDTH)
    for number in range(whole):
        yield number, number_path(number)
    if rest:
        yield whole, f"{number_path(whole)}.p/{rest}"


def tiles_of(leaves: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every tile over these leaf hashes, the incomplete ones at the end too: level, number, hashes.

    A complete tile stands in the level above by the root of its 256 hashes.
    """
    level, row = 0, leaves
    while row:
        above = b""
        for number, at in enumerate(range(0, len(row), WIDTH * HASH)):
            tile = row[at : at + WIDTH * HASH]
            yield level, number, tile
            if len(tile) == WIDTH * HASH:
                above += root(tile)
        level, row = level + 1, above


def entries_in(bundle: bytes) -> Iterator[bytes]:
    """The entries of a bundle: each has its length before it, in two bytes, big-endian.

    Raises ValueError where the bundle ends inside an entry.
    """
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise ValueError("the bundle ends inside an entry")
        yield bundle[at + 2 : end]
        at = end
