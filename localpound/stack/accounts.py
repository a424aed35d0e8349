"""The keys of a local stack's accounts: drawn once, kept for the command line and for the gateway's bootstrap."""

import json
from pathlib import Path

from deploy import accounts
from localpound.stack.home import Home, write_private


def write(home: Home) -> Path:
    """Write the accounts file that `gateway.bootstrap` reads, and a key file for each account."""
    for account in accounts.keyed(home.secret):
        key = {name: account[name] for name in ("client_id", "client_secret")}
        key["organisations"] = sorted(account["roles"])
        write_private(home.keys / f"{account['client_id']}.json", json.dumps(key))
    path = home.root / "secrets" / "accounts.json"
    write_private(path, accounts.document(home.secret))
    return path
