"""How does a decision reach its door, and what is said of it? Once for every command that decides something."""

import secrets
from collections.abc import Mapping
from typing import Any

from localpound.client import Client
from localpound.screen import out, plain_failures, print_document


def decide(path: str, sent: Mapping[str, Any], organisation: str, account: str, *, as_json: bool, said: str) -> None:
    """Send a decision to spend's door under a key of its own, and say what became of it."""
    with plain_failures(as_json=as_json), Client.local(account) as client:
        told = send(client, path, sent, organisation)
    if as_json:
        print_document(told)
    else:
        out.print(said if told["new"] else "That was decided before; nothing has changed.")


def send(client: Client, path: str, sent: Mapping[str, Any], organisation: str) -> dict[str, Any]:
    """Send a decision to spend's door under a key of its own; answers with the receipt. Raises DoorError."""
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    told: dict[str, Any] = client.send(
        "POST", "spend", path, organisation=organisation, json=dict(sent), headers=headers
    ).json()
    return told
