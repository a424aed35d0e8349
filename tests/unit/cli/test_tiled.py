"""Logs as they are published, over HTTP or as files: read, written, and checked like any other."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest

from eventlog.feed import bundle
from eventlog.tlog.tiles import WIDTH, extend, parse_tile_path
from eventlog.tlog.tree import leaf_hash
from localpound.client import Client, Key
from localpound.verify.feed import feed_source
from localpound.verify.findings import Gravity, verdict
from localpound.verify.folder import folder_source, write
from localpound.verify.log_check import Head
from localpound.verify.run import SourceUnreadableError, verify
from tests.unit.cli.logs import envelopes, head_of

VALUES = envelopes(300)  # 600 events: two whole bundles and a part of one
HEAD = head_of(VALUES)
TILES = {(level, number): tile for level, number, tile in extend(0, [leaf_hash(value) for value in VALUES], {})}


class Kernel:
    """What the kernel's feed answers for this log."""

    name = "spend"

    def heads(self) -> Sequence[Head]:
        return [HEAD]

    def get(self, head: Head, path: str) -> bytes | None:
        level, _, rest = path.partition("/")
        number, width = parse_tile_path(rest)
        if level == "entries":
            return bundle(VALUES[number * WIDTH :][: width or WIDTH])
        tile = TILES.get((int(level), number))
        return None if tile is None else tile[: (width or WIDTH) * 32]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    written: list[None] = []
    write(Kernel(), HEAD, tmp_path, lambda: written.append(None))
    assert len(written) == 3 + 3 + 1
    return tmp_path


LOG = Path("spend") / "GB-LAE-SLF"


def found_in(folder: Path) -> tuple[Gravity, list[str]]:
    result = verify(folder_source("spend", folder), {})
    return verdict(result.findings), [finding.what for finding in result.findings]


def test_an_exported_log_is_intact(exported: Path) -> None:
    assert found_in(exported) == (Gravity.INTACT, [])
    assert (exported / LOG / "tile" / "entries" / "002.p" / "88").exists()
    lines = (exported / LOG / "checkpoint").read_text().splitlines()
    assert lines[:2] == ["localpound/GB-LAE-SLF/spend", "600"]


def flip(folder: Path) -> None:
    path = folder / LOG / "tile" / "entries" / "001"
    path.write_bytes(path.read_bytes().replace(b"70000", b"70001", 1))


def lose_a_bundle(folder: Path) -> None:
    (folder / LOG / "tile" / "entries" / "001").unlink()


def cut_a_bundle(folder: Path) -> None:
    path = folder / LOG / "tile" / "entries" / "001"
    path.write_bytes(path.read_bytes()[:-1])


def lose_a_tile(folder: Path) -> None:
    (folder / LOG / "tile" / "0" / "001").unlink()


def shorten(folder: Path) -> None:
    path = folder / LOG / "checkpoint"
    path.write_text(path.read_text().replace("600", "512"))


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (flip, "the tree over the events has another root than the recorded one"),
        (lose_a_bundle, "600 events are recorded, 256 are here"),
        (cut_a_bundle, "the bundle ends inside an entry"),
        (lose_a_tile, "tile 1 of level 0 is missing"),
        (shorten, "the tree over the events has another root than the recorded one"),
    ],
)
def test_whoever_changes_an_exported_log_is_found_out(
    exported: Path, tamper: Callable[[Path], None], said: str
) -> None:
    tamper(exported)
    gravity, what = found_in(exported)
    assert gravity == Gravity.CONTRADICTS
    assert said in what


def test_a_checkpoint_that_is_none_contradicts_nothing(exported: Path) -> None:
    (exported / LOG / "checkpoint").write_text("hello\n")
    assert found_in(exported)[0] == Gravity.UNREAD


def test_a_log_that_lacks_something_is_not_exported_as_if_it_were_whole(tmp_path: Path) -> None:
    class Torn(Kernel):
        def get(self, head: Head, path: str) -> bytes | None:
            return None if path == "0/001" else super().get(head, path)

    with pytest.raises(SourceUnreadableError, match="lacks 0/001"):
        write(Torn(), HEAD, tmp_path, lambda: None)
    assert not (tmp_path / LOG / "checkpoint").exists()


def feed(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path == "/token":
        return httpx.Response(200, json={"access_token": "t"})
    if path == "/log":
        root = b64encode(HEAD.root or b"").decode()
        return httpx.Response(
            200, content=json.dumps({"logs": [{"organisation": "GB-LAE-SLF", "size": 600, "root": root}]})
        )
    assert request.headers["authorization"] == "Bearer t"
    content = Kernel().get(HEAD, path.removeprefix("/log/GB-LAE-SLF/tile/"))
    return httpx.Response(404 if content is None else 200, content=content or b"")


def client(answer: Callable[[httpx.Request], httpx.Response]) -> Client:
    addresses = {"spend": "http://spend", "gateway": "http://gateway"}
    return Client(addresses, Key("officer", "x", ("GB-LAE-SLF",)), httpx.MockTransport(answer))


def test_a_feed_is_read_bundle_by_bundle() -> None:
    found = verify(feed_source("spend", client(feed)), {})
    assert found.findings == ()
    assert [(log.log, log.events) for log in found.logs] == [("GB-LAE-SLF/spend", 600)]


@pytest.mark.parametrize(
    ("path", "status", "gravity"),
    [
        ("/log", 503, Gravity.UNREAD),
        ("/log/GB-LAE-SLF/tile/entries/001", 403, Gravity.UNREAD),
        ("/log/GB-LAE-SLF/tile/entries/001", 404, Gravity.CONTRADICTS),
        ("/log/GB-LAE-SLF/tile/0/001", 500, Gravity.UNREAD),
    ],
)
def test_what_a_feed_refuses_is_unread_and_what_it_lacks_contradicts(path: str, status: int, gravity: Gravity) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status) if request.url.path == path else feed(request)

    assert verdict(verify(feed_source("spend", client(broken)), {}).findings) == gravity
