"""The accounts that a new installation begins with: a few people and machines."""

import json
from collections.abc import Callable, Mapping
from typing import Any

OFFICER = [
    "register-editor", "payments-recorder", "commitments-recorder", "reader", "operator", "auditor",
]  # fmt: skip
SALFORD, DEVON, PLATFORM = "GB-LAE-SLF", "GB-LAE-DEV", "localpound"
PROVIDER, ASSESSOR = "GB-COH-00000001", "GB-COH-00000002"

DECLARED: tuple[tuple[str, str | None, Mapping[str, list[str]]], ...] = (
    ("person/officer", "officer", {SALFORD: OFFICER, DEVON: OFFICER}),
    ("machine/ledger", None, {SALFORD: ["payments-recorder"]}),
    ("person/provider", "provider", {PROVIDER: ["claimant", "reader"]}),
    ("person/assessor", "assessor", {ASSESSOR: ["verifier", "reader"]}),
    ("person/admin", "admin", {PLATFORM: ["administrator", "operator", "feed-reader"]}),
    ("machine/spend", None, {PLATFORM: ["feed-reader"]}),
    ("machine/reporting", None, {PLATFORM: ["feed-reader"]}),
)
"""Account, the person behind it, and its roles for each organisation."""


def keyed(secret: Callable[[str], str]) -> list[dict[str, Any]]:
    """Each account with its client id and key, as `gateway.bootstrap` reads them."""
    return [
        {
            "account": account,
            "person": person,
            "roles": dict(granted),
            "client_id": (name := account.partition("/")[2]),
            "client_secret": secret(f"account-{name}"),
        }
        for account, person, granted in DECLARED
    ]


def document(secret: Callable[[str], str]) -> str:
    """The accounts file."""
    return json.dumps({"accounts": keyed(secret)}, sort_keys=True)
