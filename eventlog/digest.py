"""Are two builds of a read model the same? SHA-256 over its rows, in an order of their own."""

from collections.abc import Collection
from hashlib import sha256

import msgspec

from eventlog.bulk_append import Connection

UNIQUE = """
    SELECT array_agg(attname ORDER BY attname COLLATE "C") FROM (
        SELECT indkey FROM pg_index WHERE indrelid = to_regclass($1) AND indisunique AND indexprs IS NULL
        ORDER BY indisprimary DESC, indexrelid LIMIT 1) found
    JOIN pg_attribute ON attrelid = to_regclass($1) AND attnum = ANY (indkey)
"""
"""The columns by which a table's rows, or its current rows, are told apart."""


async def digest(conn: Connection, relation: str, *, without: Collection[str] = ()) -> str:
    """A digest of a table or view, in hexadecimal: business columns and history.

    SHA-256 over the names of the columns and then the SHA-256 of each row, written as a JSON array of
    its columns in the order of their names, instants in UTC. Rows are ordered by their key and
    known_from (those of a view by all columns) and read as a stream; nothing is kept. `relation` is a
    name of our own, never input.
    """
    probe = await conn.prepare(f"SELECT * FROM {relation} LIMIT 0")  # noqa: S608
    types = {a.name: a.type.name for a in probe.get_attributes() if a.name not in without}
    names = sorted(types)
    keys = await conn.fetchval(UNIQUE, relation) or [name for name in names if name != "known_from"]
    keys += [name for name in ("known_from",) if name in types and name not in keys]
    order = ", ".join(f'"{key}" COLLATE "C"' if types[key] == "text" else f'"{key}"' for key in keys)
    listed = ", ".join(f'"{name}"' for name in names)
    row_digest = f"sha256(convert_to(json_build_array({listed})::text, 'UTF8'))"
    query = f"SELECT {row_digest} FROM {relation} ORDER BY {order}"  # noqa: S608
    hashed = sha256(msgspec.json.encode(names))
    async with conn.transaction():
        await conn.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL work_mem = '64MB'")
        async for row in conn.cursor(query, prefetch=5_000):
            hashed.update(row[0])
    return hashed.hexdigest()
