"""The published document is OpenAPI 3.1, is what the door serves, and says of each door what is true of it."""

import json
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from deploy.generate_openapi import FOLDER, documents
from doors.bodies import read_json
from services.spend.feeds.payment_input import PaymentInput

SERVICES = sorted(path.stem for path in FOLDER.glob("*.json"))


def read(service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{service}.json").read_bytes())
    return found


def doors(service: str) -> dict[str, dict[str, Any]]:
    paths = read(service)["paths"]
    return {f"{method} {path}": door for path, of in paths.items() for method, door in of.items()}


def media(found: object) -> list[dict[str, Any]]:
    """Every media type of a document: what stands under `content`."""
    if isinstance(found, list):
        return [each for part in found for each in media(part)]
    if not isinstance(found, dict):
        return []
    own = list(found["content"].values()) if isinstance(found.get("content"), dict) else []
    return own + [each for part in found.values() for each in media(part)]


@pytest.mark.parametrize("service", SERVICES)
def test_it_is_valid_openapi_3_1(service: str) -> None:
    document = read(service)
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_a_document_that_is_not_valid_is_told() -> None:
    document = read("spend")
    del document["paths"]["/payments"]["post"]["responses"]["200"]["description"]
    assert not OpenAPIV31SpecValidator(document).is_valid()


async def test_it_is_made_from_the_doors() -> None:
    assert SERVICES == ["contracts", "reporting", "social_value", "spend"]
    assert {f"{service}.json": (FOLDER / f"{service}.json").read_bytes() for service in SERVICES} == await documents()


@pytest.mark.parametrize("service", SERVICES)
def test_every_example_is_what_its_schema_says(service: str) -> None:
    document = read(service)
    seen = 0
    for each in media(document):
        for example in each.get("examples", {}).values():
            schema = {**each["schema"], "components": document["components"]}
            jsonschema.Draft202012Validator(schema).validate(example["value"])
            seen += 1
    assert seen == 0 if service != "spend" else seen > 5


def test_the_example_of_a_payment_is_taken_by_the_reader() -> None:
    for example in read("spend")["components"]["schemas"]["PaymentInput"]["examples"]:
        assert read_json(json.dumps(example).encode(), PaymentInput).net == 95_000


def test_money_is_a_decimal_string_wherever_it_is_sent() -> None:
    fields = read("spend")["components"]["schemas"]["PaymentInput"]["properties"]
    for name in ("net", "vat", "gross", "irrecoverable_vat"):
        kinds = fields[name].get("anyOf", [fields[name]])
        assert kinds[0]["type"] == "string"
        assert kinds[0]["pattern"] == r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$"


@pytest.mark.parametrize("service", SERVICES)
def test_every_door_says_no_in_our_own_form(service: str) -> None:
    for name, door in doors(service).items():
        for status, answer in door["responses"].items():
            if status == "default" or int(status) >= 400:
                assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Problem"}, name
    assert "HTTPValidationError" not in json.dumps(read(service))


def test_a_door_that_asks_for_a_role_says_which() -> None:
    told = {name: door.get("description", "") for name, door in doors("spend").items() if door.get("security")}
    assert "Needs the role `payments-recorder`." in told["post /payments"]
    assert "Needs the role `operator`." in told["get /parked"]
    assert "get /log" not in told
