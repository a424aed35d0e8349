"""Published logs as files: `SERVICE/ORGANISATION/checkpoint` and `…/tile/…`, for whoever verifies offline."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from localpound.verify.log_check import Head
from localpound.verify.run import SourceUnreadableError
from localpound.verify.tiled import Published, TiledSource
from localpound.verify.tiles import bundle_paths, tile_paths

CHECKPOINT = "checkpoint"


class Folder:
    """One service's logs as files."""

    def __init__(self, service: str, folder: Path) -> None:
        self.name = f"{folder}, {service}"
        self._service = service
        self._folder = folder / service

    def heads(self) -> Sequence[Head]:
        """Size and root of every log that lies here. Raises SourceUnreadableError."""
        return [self._head(path) for path in sorted(self._folder.glob(f"*/{CHECKPOINT}"))]

    def _head(self, path: Path) -> Head:
        try:
            _, size, root, *_ = path.read_text().splitlines()
            return Head(path.parent.name, self._service, int(size), b64decode(root, validate=True))
        except ValueError as error:
            raise SourceUnreadableError(f"{path} is no checkpoint") from error

    def get(self, head: Head, path: str) -> bytes | None:
        """A tile or bundle; null when the file is not there."""
        file = self._folder / head.organisation / "tile" / path
        return file.read_bytes() if file.exists() else None


def folder_source(service: str, folder: Path) -> TiledSource:
    """A service's logs, from files."""
    return TiledSource(Folder(service, folder))


def write(published: Published, head: Head, folder: Path, written: Callable[[], None]) -> None:
    """Write one log into a folder, as it is published; the checkpoint last. Raises SourceUnreadableError."""
    target = folder / head.service / head.organisation
    paths = chain((path for _, path in bundle_paths(head.size or 0)), (path for *_, path in tile_paths(head.size or 0)))
    for path in paths:
        content = published.get(head, path)
        if content is None:
            raise SourceUnreadableError(f"{head.name} lacks {path}")
        file = target / "tile" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        written()
    target.mkdir(parents=True, exist_ok=True)
    root = b64encode(head.root or b"").decode()
    (target / CHECKPOINT).write_text(f"localpound/{head.organisation}/{head.service}\n{head.size}\n{root}\n")
