"""Where does a stack keep what it has? Everything lies under LOCALPOUND_HOME."""

import json
import os
import secrets
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
_changing = threading.RLock()


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one stack; two homes are two stacks side by side."""

    root: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's and Kafka's files."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.root / "logs"

    @property
    def keys(self) -> Path:
        """Accounts' keys for the command line."""
        return self.root / "keys"

    def made(self) -> "Home":
        """The same home, with its folders there; secrets and keys are for the owner only."""
        for folder in (self.data, self.logs, self.root / "run"):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.root / "secrets", self.keys):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def secret(self, name: str) -> str:
        """A password that is drawn once and kept."""
        path = self.root / "secrets" / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text()

    def port(self, name: str) -> int:
        """A free port, chosen once and kept for as long as nobody else takes it."""
        with _changing:
            ports: dict[str, int] = self.read("ports.json")
            if name not in ports:
                ports[name] = _free_port(set(ports.values()))
                self.write("ports.json", ports)
        return ports[name]

    def read(self, name: str) -> dict[str, Any]:
        """What a run file says; nothing when there is none."""
        path = self.root / "run" / name
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def write(self, name: str, content: dict[str, Any]) -> None:
        """Replace a run file as a whole."""
        path = self.root / "run" / name
        path.with_suffix(".new").write_text(json.dumps(content, indent=2, sort_keys=True))
        path.with_suffix(".new").replace(path)

    def update(self, name: str, **changes: Any) -> None:
        """Change some entries of a run file."""
        with _changing:
            self.write(name, {**self.read(name), **changes})


def find_home() -> Home:
    """LOCALPOUND_HOME, or `.localpound` beside the project."""
    given = os.environ.get("LOCALPOUND_HOME")
    return Home(Path(given).resolve() if given else REPOSITORY / ".localpound")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _free_port(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port
