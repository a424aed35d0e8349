"""What each process of the platform is told: its addresses, passwords and keys."""

import json
import sys
from collections.abc import Mapping

from localpound.stack import provision
from localpound.stack.children import Child
from localpound.stack.home import Home, write_private

SERVICES = ("contracts", "spend", "social_value", "reporting")
DATABASES = {**{service: service for service in SERVICES}, "gateway": "access"}
PROCESSES = ("gateway", *SERVICES)
FEEDS = {"spend": ("contracts",), "reporting": ("contracts", "spend", "social_value", "access")}


def url(home: Home, process: str) -> str:
    """A process's doors; the log `access` is the gateway's."""
    return f"http://127.0.0.1:{home.port('gateway' if process == 'access' else process)}"


def environment(home: Home, process: str) -> Mapping[str, str]:
    """One process's settings, as environment variables with its own prefix."""
    kafka = provision.kafka_user(home, process)
    own = {
        "DATABASE_URL": provision.role_url(home, process, DATABASES[process]),
        "KAFKA_SERVERS": provision.servers(home),
        "KAFKA_USERNAME": kafka["username"],
        "KAFKA_PASSWORD": kafka["password"],
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(home.port(process)),
        "TOKEN_KEYS_URL": f"{url(home, 'gateway')}/.well-known/jwks.json",
        "TOKEN_URL": f"{url(home, 'gateway')}/token",
    }
    if process in FEEDS:
        own["FEEDS"] = json.dumps({feed: url(home, feed) for feed in FEEDS[process]})
        own["CLIENT_ID"] = process
        own["CLIENT_SECRET"] = home.secret(f"account-{process}")
    if process == "gateway":
        own["REPORTING_URL"] = provision.role_url(home, "gateway_reader", "reporting")
        own["DOORS"] = json.dumps({service: url(home, service) for service in SERVICES})
        own["SIGNING_KEY_FILE"] = _signing_key(home)
        own["PUBLIC_URL"] = url(home, "gateway")
    return {f"{process.upper()}_{name}": value for name, value in own.items()}


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
    servers = {"kafka": provision.servers(home), "postgres": f"127.0.0.1:{home.port('postgres')}"}
    return {**{process: url(home, process) for process in PROCESSES}, **servers}
