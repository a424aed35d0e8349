"""The accounts of a local stack: a few people and machines, their keys drawn once and kept."""

import json
from pathlib import Path

from localpound.stack.home import Home, write_private

OFFICER = [
    "register-editor", "payments-recorder", "commitments-recorder", "reader", "operator", "auditor",
]  # fmt: skip
SALFORD, DEVON, PLATFORM = "GB-LAE-SLF", "GB-LAE-DEV", "localpound"
PROVIDER, ASSESSOR = "GB-COH-00000001", "GB-COH-00000002"

DECLARED = (
    ("person/officer", "officer", {SALFORD: OFFICER, DEVON: OFFICER}),
    ("machine/ledger", None, {SALFORD: ["payments-recorder"]}),
    ("person/provider", "provider", {PROVIDER: ["claimant", "reader"]}),
    ("person/assessor", "assessor", {ASSESSOR: ["verifier", "reader"]}),
    ("person/admin", "admin", {PLATFORM: ["administrator", "operator"]}),
    ("machine/spend", None, {PLATFORM: ["feed-reader"]}),
    ("machine/reporting", None, {PLATFORM: ["feed-reader"]}),
)
"""Account, the person behind it, and its roles for each organisation."""


def write(home: Home) -> Path:
    """Write the accounts file that `gateway.bootstrap` reads, and a key file for each account."""
    accounts = []
    for account, person, granted in DECLARED:
        name = account.partition("/")[2]
        key = {"client_id": name, "client_secret": home.secret(f"account-{name}")}
        accounts.append({"account": account, "person": person, "roles": granted, **key})
        write_private(home.keys / f"{name}.json", json.dumps({**key, "organisations": sorted(granted)}))
    path = home.root / "secrets" / "accounts.json"
    write_private(path, json.dumps({"accounts": accounts}, sort_keys=True))
    return path
