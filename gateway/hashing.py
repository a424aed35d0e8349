"""How is a key kept so that whoever reads the table cannot use it?

With scrypt (RFC 7914), a salt of its own and 16 MiB of memory a guess. Keys that the gateway draws
are 256 random bits, for which a plain hash would do; keys in an accounts file are drawn elsewhere,
and one that a person chose must survive a stolen table as well. It costs about 50 ms, once for each
token; tokens live for ten minutes. The parameters stand beside each hash, so they can be raised.
"""

import asyncio
import hmac
import secrets
from base64 import b64decode, b64encode
from hashlib import scrypt

LOG2_N, R, P = 14, 8, 1
SHORTEST_SECRET = 24
LONGEST_SECRET = 256

_at_once = asyncio.Semaphore(2)  # so that a flood of wrong keys takes neither all cores nor all memory


def draw_secret() -> str:
    """A new key: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """What is kept of a key."""
    salt = secrets.token_bytes(16)
    digest = _derive(secret, salt, LOG2_N, R, P)
    return f"scrypt${LOG2_N}${R}${P}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def matches(secret: str, kept: str) -> bool:
    """Is this the key? Takes the same time wherever the two differ."""
    _, log2_n, r, p, salt, digest = kept.split("$")
    derived = _derive(secret, b64decode(salt), int(log2_n), int(r), int(p))
    return hmac.compare_digest(derived, b64decode(digest))


async def matches_soon(secret: str, kept: str | None) -> bool:
    """`matches` beside other work; without a kept hash it takes as long, and is false."""
    async with _at_once:
        found = await asyncio.to_thread(matches, secret, kept or NOBODY)
    return found and kept is not None


def _derive(secret: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    return scrypt(secret.encode(), salt=salt, n=2**log2_n, r=r, p=p, maxmem=64 * 2**20, dklen=32)


NOBODY = f"scrypt${LOG2_N}${R}${P}${b64encode(bytes(16)).decode()}${b64encode(bytes(32)).decode()}"
"""A hash that no key has, for a client that there is not."""
