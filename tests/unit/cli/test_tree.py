"""Two trees, written apart, that must agree: the kernel's and the verifier's."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventlog.tlog import tiles as kernel_tiles
from eventlog.tlog.tree import Tree, leaf_hash
from localpound.verify import tiles
from localpound.verify.tree import EMPTY, leaf, root

# RFC 6962's reference entries and roots, from the Certificate Transparency project's test data
ENTRIES = [bytes.fromhex(entry) for entry in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_published_vectors(size: int) -> None:
    assert root(b"".join(map(leaf, ENTRIES[:size]))).hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_hash_of_nothing() -> None:
    assert root(b"") == EMPTY == sha256(b"").digest()


def test_half_a_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        root(b"x" * 33)


@given(st.lists(st.binary(max_size=4), max_size=600))
def test_both_trees_agree_at_every_size(entries: list[bytes]) -> None:
    assert root(b"".join(map(leaf, entries))) == Tree().grown(map(leaf_hash, entries)).root()


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_535, 65_536, 65_537, 66_000])
def test_both_lay_out_the_same_tiles(size: int) -> None:
    leaves = [leaf(index.to_bytes(4, "big")) for index in range(size)]
    written = {(level, number): tile for level, number, tile in kernel_tiles.extend(0, leaves, {})}
    assert {(level, number): tile for level, number, tile in tiles.tiles_of(b"".join(leaves))} == written


@pytest.mark.parametrize("number", [0, 7, 999, 1_000, 67_123, 1_234_067, 999_999_999])
def test_both_name_tiles_alike(number: int) -> None:
    assert tiles.number_path(number) == kernel_tiles.tile_path(number)


def test_the_bundles_of_a_log_end_with_the_incomplete_one() -> None:
    assert list(tiles.bundle_paths(513)) == [(0, "entries/000"), (256, "entries/001"), (512, "entries/002.p/1")]
    assert list(tiles.bundle_paths(256)) == [(0, "entries/000")]
    assert list(tiles.bundle_paths(0)) == []


def test_the_tiles_of_a_log_are_named_level_by_level() -> None:
    assert list(tiles.tile_paths(513)) == [(0, 0, "0/000"), (0, 1, "0/001"), (0, 2, "0/002.p/1"), (1, 0, "1/000.p/2")]
    assert list(tiles.tile_paths(0)) == []


def test_a_bundle_gives_its_entries_back() -> None:
    assert list(tiles.entries_in(b"\0\3abc\0\0\0\1d")) == [b"abc", b"", b"d"]


@pytest.mark.parametrize("bundle", [b"\0\3ab", b"\0"])
def test_a_bundle_that_is_cut_short_is_refused(bundle: bytes) -> None:
    with pytest.raises(ValueError, match="ends inside"):
        list(tiles.entries_in(bundle))
