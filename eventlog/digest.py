"""Are two builds of a read model the same? SHA-256 over its rows, in an order of their own."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

import msgspec

from eventlog.store import Connection


async def digest(conn: Connection, relation: str, *, without: Collection[str] = (), where: str = "true") -> str:
    """A digest of a table or view, in hexadecimal: business columns and history, as canonical JSON.

    Rows are ordered by all their columns, read as a stream; nothing is kept. `relation` and `where`
    are SQL of our own, never input. Instants are read in UTC, infinity as the last of them.
    """
    probe = await conn.prepare(f"SELECT * FROM {relation} LIMIT 0")  # noqa: S608
    names = sorted(a.name for a in probe.get_attributes() if a.name not in without)
    listed = ", ".join(f'"{name}"' for name in names)
    order = ", ".join(_ordered(a) for a in _leading(probe.get_attributes(), names))
    hashed = sha256(msgspec.json.encode(names))
    encode = msgspec.json.Encoder().encode
    async with conn.transaction():
        query = f"SELECT {listed} FROM {relation} WHERE {where} ORDER BY {order}"  # noqa: S608
        async for row in conn.cursor(query, prefetch=2_000):
            hashed.update(encode(tuple(row)))
            hashed.update(b"\n")
    return hashed.hexdigest()


def _leading(attributes: Any, names: list[str]) -> list[Any]:
    kept = [attribute for attribute in attributes if attribute.name in names]
    known = [a for a in kept if a.name == "known_from"]
    return kept if not known else [*(a for a in kept if a.name != "known_from"), *known]


def _ordered(attribute: Any) -> str:
    name = f'"{attribute.name}"'
    return f'{name} COLLATE "C"' if attribute.type.name == "text" else name
