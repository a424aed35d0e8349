"""Kafka's jars: fetched once, each held to its SHA-256, kept in a cache that all stacks share."""

import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

LISTED = Path(__file__).parent / "kafka-jars.sha256"


class WrongDigestError(Exception):
    """A jar is not the one that the project lists."""


def cache() -> Path:
    """The download cache: LOCALPOUND_CACHE, or the user's cache folder."""
    given = os.environ.get("LOCALPOUND_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) if given else Path(base) / "localpound"


def kafka_jars() -> Path:
    """The folder that holds every listed jar. Raises WrongDigestError, httpx.HTTPError."""
    folder = cache() / f"kafka-{sha256(LISTED.read_bytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [line.split() for line in LISTED.read_text().splitlines()]
    missing = [(name, digest) for name, digest in wanted if not (folder / _file(name)).exists()]
    if missing:
        with httpx.Client(timeout=60, follow_redirects=True) as client, ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda jar: _fetch(client, folder, *jar), missing))
    return folder


def _file(name: str) -> str:
    _, artifact, version = name.split(":")
    return f"{artifact}-{version}.jar"


@retry(
    retry=retry_if_exception_type(httpx.HTTPError),
    stop=stop_after_attempt(4),
    wait=wait_exponential(max=5),
    reraise=True,
)
def _fetch(client: httpx.Client, folder: Path, name: str, digest: str) -> None:
    group, artifact, version = name.split(":")
    path = f"{group.replace('.', '/')}/{artifact}/{version}/{_file(name)}"
    from jgo.constants import MAVEN_CENTRAL_URL

    content = client.get(f"{MAVEN_CENTRAL_URL.rstrip('/')}/{path}").raise_for_status().content
    if sha256(content).hexdigest() != digest:
        raise WrongDigestError(f"{name} is not the jar that {LISTED.name} lists")
    partial = folder / f"{_file(name)}.{os.getpid()}"
    partial.write_bytes(content)
    partial.replace(folder / _file(name))
