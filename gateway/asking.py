"""Who asks, and of which database? What every resolver is given, fresh for each request."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader

from gateway import reads
from gateway.policy import ANYONE, Viewer
from gateway.reads.times import Times

Key = tuple[str, str, Times]
"""Organisation, id, and the times asked about."""
LONGEST_ID = 500


def loader(asking: "Asking", read: Callable[..., Awaitable[Mapping[tuple[str, str], Any]]]) -> DataLoader[Key, Any]:
    """Collects the ids that resolvers want at the same time into one question."""

    async def load(keys: list[Key]) -> list[Any]:
        found: dict[Key, Any] = {}
        for times in {key[2] for key in keys}:
            wanted = [key[:2] for key in keys if key[2] == times]
            rows = await read(asking.db, asking.viewer, wanted, times=times)
            found |= {(*key, times): row for key, row in rows.items()}
        return [found.get(key) for key in keys]

    return DataLoader(load_fn=load)


@dataclass(slots=True)
class Asking:
    """One request: the read models, the caller, and what was looked up already."""

    db: reads.Database
    viewer: Viewer = ANYONE
    contracts: DataLoader[Key, reads.Contract | None] = field(init=False)
    suppliers: DataLoader[Key, reads.Supplier | None] = field(init=False)
    files: DataLoader[Key, reads.SourceFile | None] = field(init=False)

    def __post_init__(self) -> None:
        self.contracts = loader(self, reads.contracts_by_id)
        self.suppliers = loader(self, reads.suppliers_by_id)
        self.files = loader(self, reads.source_files_by_id)

    async def incomplete(self, models: Sequence[str], organisation: str | None) -> bool:
        """Whether events wait that these read models could not read."""
        return await reads.parked(self.db, models, organisation) > 0


Info = strawberry.Info[Asking, None]


def write_id(kind: str, organisation: str, key: str = "") -> strawberry.ID:
    """An id that says nothing to anyone but `read_id`."""
    return strawberry.ID(base64.urlsafe_b64encode(f"{kind}:{organisation}/{key}".encode()).decode().rstrip("="))


def read_id(value: str) -> tuple[str, str, str]:
    """Kind, organisation and key of an id. Raises BadInput for anything that is none."""
    try:
        return _parts(value)
    except (ValueError, binascii.Error):
        raise reads.BadInput("id", "This is no id of anything here.") from None


def _parts(value: str) -> tuple[str, str, str]:
    if len(value) > LONGEST_ID or not value.isascii():
        raise ValueError
    text = base64.b64decode(value + "=" * (-len(value) % 4), b"-_", validate=True).decode()
    kind, colon, rest = text.partition(":")
    organisation, slash, key = rest.partition("/")
    if not (colon and slash) or "\0" in text:
        raise ValueError
    return kind, organisation, key
