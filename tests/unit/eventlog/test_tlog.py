from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog.tlog.tiles import extend, hashes_in, parse_tile_path, tile_path
from eventlog.tlog.tree import EMPTY_ROOT, Tree, leaf_hash, node_hash


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(root_by_definition(leaves[:split]), root_by_definition(leaves[split:]))


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(i).encode()) for i in range(count)]


@given(st.lists(st.integers(0, 40), max_size=12))
def test_a_tree_grown_in_any_steps_has_the_root_of_the_definition(steps: list[int]) -> None:
    everything, tree, done = leaves(sum(steps)), Tree(), 0
    for step in steps:
        tree = tree.grown(everything[done : done + step])
        done += step
    assert tree.root() == root_by_definition(everything)
    assert tree.size == done


def test_the_first_published_roots_of_rfc_6962_test_vectors() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == ("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_tiles_grown_in_any_steps_are_those_grown_at_once(steps: list[int]) -> None:
    everything = leaves(sum(steps))
    assert grow(everything, steps) == grow(everything, [len(everything)])


def grow(everything: list[bytes], steps: list[int]) -> dict[tuple[int, int], bytes]:
    tiles: dict[tuple[int, int], bytes] = {}
    done = 0
    for step in steps:
        newest = {level: max(n for at, n in tiles if at == level) for level, _ in tiles}
        partial = {level: tiles[level, number] for level, number in newest.items()}
        for level, number, hashes in extend(done, everything[done : done + step], partial):
            tiles[level, number] = hashes
        done += step
    return tiles


def test_a_level_holds_the_roots_of_256_below() -> None:
    everything = leaves(600)
    tiles = grow(everything, [600])
    assert [len(hashes_in(tiles[0, n])) for n in range(3)] == [256, 256, 88]
    assert hashes_in(tiles[1, 0]) == [
        root_by_definition(everything[:256]),
        root_by_definition(everything[256:512]),
    ]


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000"), (67, "067"), (1_234, "x001/234"), (1_234_067, "x001/x234/067")]
)
def test_tiles_are_named_in_groups_of_three_digits(number: int, path: str) -> None:
    assert tile_path(number) == path
    assert parse_tile_path(path) == (number, None)
    assert parse_tile_path(f"{path}.p/5") == (number, 5)


@pytest.mark.parametrize("path", ["", "1", "0000", "x000/000", "001.p/0", "001.p/256", "../1", "a"])
def test_other_names_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_tile_path(path)
