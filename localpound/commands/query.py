"""`localpound query FILE`: ask the gateway."""

import json
from pathlib import Path
from typing import Annotated

import typer

from localpound.client import Client
from localpound.screen import OFFICER, REFUSED, Account, err, plain_failures, print_document

app = typer.Typer()
MayBeOrganisation = Annotated[
    str | None,
    typer.Option(
        "--organisation", "-o", metavar="ORG-ID", envvar="LOCALPOUND_ORGANISATION",
        help="Ask as this organisation; without, as anyone, and see what the law publishes.",
    ),
]  # fmt: skip


@app.command()
def query(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A GraphQL document.")],
    variables: Annotated[str, typer.Option(help="A JSON object with the document's variables.")] = "{}",
    organisation: MayBeOrganisation = None,
    account: Account = OFFICER,
) -> None:
    """Send a GraphQL document to the gateway and print its answer as JSON.

    A variable named organisation is filled in from --organisation.

    Example: localpound query samples/queries/summary.graphql --organisation GB-LAE-SLF
    """
    with plain_failures(as_json=True), Client.local(account if organisation else None) as client:
        document = file.read_text()
        given = read_variables(variables)
        if organisation and "$organisation" in document:
            given = {"organisation": organisation, **given}
        answer = client.graphql(document, given, organisation)
    print_document(answer)
    if answer.get("errors"):
        raise typer.Exit(REFUSED)


def read_variables(text: str) -> dict[str, object]:
    """Variables as typed. Raises typer.BadParameter."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"no JSON: {error}") from error
    if not isinstance(found, dict):
        err.print("Variables are a JSON object.")
        raise typer.BadParameter('variables are a JSON object, as {"organisation": "GB-LAE-SLF"}')
    return found
