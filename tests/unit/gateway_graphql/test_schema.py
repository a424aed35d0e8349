"""The schema is described to its last argument, committed, and as the limits believe it to be."""

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
)

from gateway.limits import INTROSPECTION_LISTS, LISTS, PAGED, QUESTIONS
from gateway.schema import FILE, main, printed, schema

OWN = {
    name: type_
    for name, type_ in schema._schema.type_map.items()
    if not name.startswith("__") and name not in {"String", "Int", "Boolean", "ID", "Float"}
}
RECORDS = ("Organisation", "Contract", "Supplier", "Payment", "Outcome", "Claim", "SourceFile", "RejectedRow")


def undescribed(type_: GraphQLNamedType) -> list[str]:
    """What nobody explained, as Payment.contract(first)."""
    if not type_.description:
        return [type_.name]
    missing: list[str] = []
    if isinstance(type_, GraphQLEnumType):
        missing += [f"{type_.name}.{name}" for name, value in type_.values.items() if not value.description]
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in type_.fields.items():
            if not field.description:
                missing.append(f"{type_.name}.{name}")
            arguments = getattr(field, "args", {})
            missing += [f"{type_.name}.{name}({a})" for a, given in arguments.items() if not given.description]
    return missing


def test_every_type_field_argument_and_value_is_described() -> None:
    assert [name for type_ in OWN.values() for name in undescribed(type_)] == []


def test_descriptions_are_sentences_in_plain_english() -> None:
    for type_ in OWN.values():
        told = [type_.description, *(f.description for f in getattr(type_, "fields", {}).values())]
        for text in told:
            assert text, type_.name
            assert text[0].isupper() or text.split(" ")[0] == "full", text
            assert text.rstrip().endswith((".", "?", "unknown.")), text


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    assert FILE.read_text() == printed(), "run: python -m gateway.schema"
    assert main(["--check"]) is None
    assert set(build_schema(FILE.read_text()).type_map) == set(schema._schema.type_map)


def test_every_page_is_known_to_the_limits_and_nothing_else() -> None:
    fields = {
        name
        for type_ in OWN.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if "first" in field.args
    }
    assert fields == PAGED


def test_every_other_list_is_known_to_the_limits() -> None:
    lists = {
        name
        for type_ in OWN.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if "[" in str(field.type) and str(field.type).strip("[]!") != "String"
    }
    assert lists - {"edges", "nodes"} == set(LISTS)
    assert set(PAGED) <= set(QUESTIONS)
    assert set(INTROSPECTION_LISTS) >= {"types", "fields", "args", "inputFields", "enumValues", "possibleTypes"}


def test_every_record_has_evidence_and_an_id() -> None:
    for name in RECORDS:
        type_ = OWN[name]
        assert isinstance(type_, GraphQLObjectType)
        assert str(type_.fields["evidence"].type) == "EventConnection!"
        assert [i.name for i in type_.interfaces] == ["Node"]


def test_every_list_takes_first_after_and_an_instant_and_tells_totals() -> None:
    query = OWN["Query"]
    assert isinstance(query, GraphQLObjectType)
    for name in PAGED - {"evidence", "rejected", "findings", "publications", "duplicates"}:
        field = query.fields[name]
        assert {"first", "after", "asKnownAt"} <= set(field.args), name
        connection = OWN[str(field.type).rstrip("!")]
        assert isinstance(connection, GraphQLObjectType)
        assert {"edges", "nodes", "pageInfo", "totals", "incomplete"} == set(connection.fields), name


def test_no_money_is_an_int_or_a_float() -> None:
    for type_ in OWN.values():
        if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
            continue
        for name, field in getattr(type_, "fields", {}).items():
            assert "Float" not in str(field.type)
            if name.endswith("Pence"):
                assert str(field.type).rstrip("!") == "Pence", f"{type_.name}.{name}"


def test_a_schema_that_is_not_current_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.schema.printed", lambda: "type Query { other: Int }")
    assert main(["--check"]) == "schema.graphql is not what is served: run python -m gateway.schema"
