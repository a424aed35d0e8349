"""Writes schemas/openapi from the doors: `python -m deploy.generate_openapi` (`--check` only compares)."""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
from fastapi import FastAPI

from eventlog.service import open_doors
from services.contracts import __main__ as contracts
from services.contracts.settings import ContractsSettings
from services.reporting import __main__ as reporting
from services.reporting.settings import ReportingSettings
from services.social_value import __main__ as social_value
from services.social_value.settings import SocialValueSettings
from services.spend import __main__ as spend
from services.spend.settings import SpendSettings

FOLDER = Path(__file__).parents[1] / "schemas" / "openapi"
NOWHERE = "postgresql://nowhere/nothing"


GIVEN: Mapping[str, Any] = {
    "database_url": NOWHERE, "kafka_servers": "nowhere:1", "http_host": "127.0.0.1", "http_port": 1,
    "token_keys_url": "http://nowhere",
}  # fmt: skip
"""Settings of which nothing is used before a service starts."""

SERVICES: Mapping[str, Callable[[], FastAPI]] = {
    "contracts": lambda: contracts.make_app(ContractsSettings(**GIVEN)),
    "reporting": lambda: reporting.make_app(ReportingSettings(**GIVEN, feeds={})),
    "social_value": lambda: social_value.make_app(SocialValueSettings(**GIVEN)),
    "spend": lambda: spend.make_app(SpendSettings(**GIVEN)),
}


async def documents() -> dict[str, bytes]:
    """By file name what each service serves at /openapi.json, in a form that is read and compared."""
    found = {}
    for service, make in SERVICES.items():
        app = make()
        await open_doors(app, asyncpg.create_pool(NOWHERE, min_size=0))  # which is never connected
        found[f"{service}.json"] = json.dumps(app.openapi(), indent=2, ensure_ascii=False).encode() + b"\n"
    return found


def main() -> int:
    """Write the files, or with --check name those that are not current."""
    FOLDER.mkdir(exist_ok=True)
    wanted = asyncio.run(documents())
    present = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}
    if "--check" in sys.argv:
        stale = sorted(name for name in wanted | present if wanted.get(name) != present.get(name))
        sys.stdout.writelines(f"not current: schemas/openapi/{name}\n" for name in stale)
        return 1 if stale else 0
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
