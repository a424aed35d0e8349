"""The digest of each published schema, which every envelope carries."""

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "json"


@cache
def schema_digest(schema_name: str) -> str:
    """`sha256:` and the digest of the schema file's bytes; the file is canonical JSON.

    Raises FileNotFoundError for a fact whose schema has not been generated.
    """
    return "sha256:" + sha256((FOLDER / f"{schema_name}.json").read_bytes()).hexdigest()
