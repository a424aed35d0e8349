"""The processes of a local stack, each with what it is told."""

import json
import sys
from collections.abc import Mapping

from deploy.processes import PROCESSES, SERVICES, Platform
from deploy.processes import environment as environment_of
from localpound.stack import given, postgres, provision
from localpound.stack.children import Child
from localpound.stack.home import Home, write_private

__all__ = ["PROCESSES", "SERVICES", "addresses", "children", "environment", "url"]


def url(home: Home, process: str) -> str:
    """A process's doors."""
    return f"http://127.0.0.1:{home.port(process)}"


def environment(home: Home, process: str) -> Mapping[str, str]:
    """One process's settings."""
    there = given.broker()
    platform = Platform(
        postgres=postgres.server(home),
        kafka=provision.servers(home),
        kafka_passwords=there is None or bool(there.username),
        url=lambda name: url(home, name),
        listen=lambda name: ("127.0.0.1", home.port(name)),
        secret=home.secret,
        signing_key_file=_signing_key(home),
    )
    return environment_of(platform, process)


def _signing_key(home: Home) -> str:
    """The file of the gateway's Ed25519 key, as a private JWK; drawn once."""
    path = home.root / "secrets" / "signing-key.json"
    if not path.exists():
        from joserfc.jwk import OKPKey

        write_private(path, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    return str(path)


def children(home: Home) -> list[Child]:
    """Every process of the platform, ready to be started."""
    modules = {p: "gateway" if p == "gateway" else f"services.{p}" for p in PROCESSES}
    return [Child(p, [sys.executable, "-m", modules[p]], environment(home, p)) for p in PROCESSES]


def addresses(home: Home) -> dict[str, str]:
    """What run/addresses.json says."""
    servers = {"kafka": provision.servers(home), "postgres": postgres.server(home)}
    return {**{process: url(home, process) for process in PROCESSES}, **servers}
