"""How a log's Merkle tree grows: RFC 6962 hashes over a compact range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree by its right edge: the roots of its complete subtrees, the largest first."""

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The tree head's hash; of an empty tree, SHA-256 of nothing."""
        if not self.edge:
            return EMPTY_ROOT
        *larger, value = self.edge
        for left in reversed(larger):
            value = node_hash(left, value)
        return value

    def grown(self, leaves: Iterable[bytes]) -> "Tree":
        """This tree with more leaf hashes at its end."""
        size, edge = self.size, list(self.edge)
        for leaf in leaves:
            edge.append(leaf)
            size += 1
            for _ in range((size & -size).bit_length() - 1):
                right = edge.pop()
                edge.append(node_hash(edge.pop(), right))
        return Tree(size, tuple(edge))


def fold_full(hashes: Sequence[bytes]) -> bytes:
    """The root of a complete subtree of 2^k hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]
