"""What root do these leaves have? RFC 6962, level by level.

Written apart from the services' own tree, which grows by its right edge: two ways that must agree.
"""

from hashlib import sha256

HASH = 32
EMPTY = sha256(b"").digest()


def leaf(entry: bytes) -> bytes:
    """The hash of one entry (RFC 6962, 2.1)."""
    return sha256(b"\0" + entry).digest()


def root(leaves: bytes | bytearray) -> bytes:
    """The Merkle tree hash of leaf hashes that lie end to end; of none, SHA-256 of nothing.

    Pairs are hashed level by level and a hash without a partner moves up as it is: the same tree
    as RFC 6962's split at the largest power of two.
    """
    if len(leaves) % HASH:
        raise ValueError("leaf hashes have 32 bytes each")
    row = bytes(leaves)
    while len(row) > HASH:
        row = _level_above(row)
    return row or EMPTY


def _level_above(row: bytes) -> bytes:
    paired = len(row) // (2 * HASH) * 2 * HASH
    above = [sha256(b"\1" + row[i : i + 2 * HASH]).digest() for i in range(0, paired, 2 * HASH)]
    return b"".join(above) + row[paired:]
