"""`localpound sandbox`: an organisation to try an integration on, with a machine's key."""

import json
import secrets
from typing import Annotated

import typer

from localpound.client import PLATFORM, Client
from localpound.screen import Account, AsJson, out, plain_failures, print_document
from localpound.stack.home import find_home, write_private

app = typer.Typer()
ADMIN = "admin"
ROLES = ("payments-recorder", "reader", "auditor")
EXAMPLE = '{"paid_on": "2022-07-01", "supplier_name": "Acme Limited", "net": "950.00"}'


@app.command()
def sandbox(
    account: Account = ADMIN,
    as_json: AsJson = False,
    show_key: Annotated[bool, typer.Option("--show-key", help="Print the key itself, not only where it lies.")] = False,
) -> None:
    """Make an organisation to try an integration on, and a machine's key that may record its payments.

    Facts are never deleted: each time is a new organisation, XX-SBX-…, apart from every other. The key is kept with
    this stack's keys, so that other commands take it by --as.

    Example: localpound sandbox
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        made = make(client, secrets.token_hex(5))
        keys = find_home().made().keys
        write_private(keys / f"{made['client_id']}.json", json.dumps(made, indent=2))
        told = {
            "organisation": made["organisation"],
            "client_id": made["client_id"],
            "key_file": str(keys / f"{made['client_id']}.json"),
            **({"client_secret": made["client_secret"]} if show_key else {}),
            "curl": curl(client, str(made["organisation"]), str(made["client_id"]), str(keys)),
        }
    if as_json:
        print_document(told)
        return
    out.print(f"[bold]{told['organisation']}[/bold] is there, and empty. Its key: {told['key_file']}", soft_wrap=True)
    if show_key:
        out.print(f"client_id {told['client_id']}, client_secret {told['client_secret']}", soft_wrap=True)
    out.print("Record a payment:")
    out.print(str(told["curl"]), soft_wrap=True, markup=False)


def make(client: Client, drawn: str) -> dict[str, object]:
    """An account with a key, and roles for an organisation that nobody has. Raises DoorError."""
    organisation, name = f"XX-SBX-{drawn}", f"sandbox-{drawn}"
    client.post("gateway", "/accounts", organisation=PLATFORM, document={"account": f"machine/{name}"})
    at = f"/accounts/machine/{name}"
    for role in ROLES:
        client.post(
            "gateway", f"{at}/roles", organisation=PLATFORM, document={"organisation": organisation, "role": role}
        )
    key = client.post("gateway", f"{at}/keys", organisation=PLATFORM, document={"client_id": name}).json()
    return {
        "organisation": organisation,
        "organisations": [organisation],
        "client_id": key["client_id"],
        "client_secret": key["client_secret"],
    }


def curl(client: Client, organisation: str, client_id: str, keys: str) -> str:
    """A line for a shell that fetches a token and records a payment."""
    secret = f'$(python3 -c \'import json; print(json.load(open("{keys}/{client_id}.json"))["client_secret"])\')'
    token = (
        f"curl -s {client.url('gateway', '/token')} -d grant_type=client_credentials -d client_id={client_id}"
        f' -d organisation={organisation} --data-urlencode "client_secret={secret}"'
        " | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"access_token\"])'"
    )
    return (
        f'TOKEN=$({token}); curl -s {client.url("spend", "/payments")} -H "Authorization: Bearer $TOKEN"'
        f" -H \"Idempotency-Key: $(date +%s)\" -H 'Content-Type: application/json' -d '{EXAMPLE}'"
    )
