"""The gateway, asked for what the command line shows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from localpound.client import Client, DoorError
from localpound.stack.home import REPOSITORY
from localpound.summary import File, Part, Rejection, Summary

QUERIES = (
    ("samples/queries/summary.graphql", "what was spent, on what, and how much of it on a named contract"),
    ("samples/queries/no-contract-found.graphql", "which suppliers to ask about first"),
    ("samples/queries/evidence.graphql", "three payments, down to the events they stand on"),
)
FINDINGS = "samples/queries/findings.graphql"
DUPLICATES = "samples/queries/duplicates.graphql"
MOST_REASONS = 2_000  # rejected rows that are read to say why

FILES = """
query Files($organisation: String!, $after: String) {
  sourceFiles(where: {organisation: $organisation}, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { fileId kind fileName period readRows newRows knownRows correctedRows rejectedRows heldRows heldPence }
  }
}
"""
REJECTED = """
query Rejected($organisation: String!, $after: String) {
  rejectedRows(where: {organisation: $organisation}, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { code reason }
  }
}
"""
PAID = """
query Paid($organisation: String!, $file: String!) {
  payments(where: {organisation: $organisation, fileId: $file}, first: 1) { totals { count netPence } }
}
"""
ALL_PAID = """
query AllPaid($organisation: String!) {
  payments(where: {organisation: $organisation}, first: 1) { totals { count netPence } }
}
"""
SUMMED = """
query Summed($organisation: String!) {
  organisation(organisation: $organisation) { summary { total { count netPence } } }
}
"""
AWARDED = """
query Awarded($organisation: String!, $file: String!) {
  contracts(where: {organisation: $organisation, fileId: $file}, first: 1) { totals { count netPence } }
}
"""


def ask(client: Client, document: str, organisation: str, **variables: object) -> dict[str, Any]:
    """An answer's data, asked for as the organisation itself. Raises DoorError for an answer with errors."""
    answer = client.graphql(document, {"organisation": organisation, **variables}, organisation)
    errors = answer.get("errors")
    if isinstance(errors, list) and errors:
        raise DoorError("query-refused", f"The gateway refused a query: {errors[0].get('message')}")
    data = answer.get("data")
    if not isinstance(data, dict):
        raise DoorError("query-refused", "The gateway's answer holds no data.")
    return data


def every(client: Client, document: str, field: str, organisation: str) -> Iterator[Mapping[str, Any]]:
    """The items of all pages of a list."""
    after: str | None = None
    while True:
        page = ask(client, document, organisation, after=after)[field]
        if page is None:
            return
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def read_files(client: Client, organisation: str) -> list[Mapping[str, Any]]:
    """Every source file of an organisation."""
    return list(every(client, FILES, "sourceFiles", organisation))


def read_summary(client: Client, organisation: str) -> Summary:
    """Everything that the summary says of an organisation. Raises DoorError."""
    files = read_files(client, organisation)
    told = ask(client, document(0), organisation)["organisation"]
    paid = ask(client, document(1), organisation)["suppliers"]["nodes"]
    summary = told["summary"] if told else {}
    asked = ask(client, sample(FINDINGS), organisation, first=1)["organisation"]["findings"]["byRule"] if told else []
    twice = ask(client, sample(DUPLICATES), organisation, first=1)["organisation"]["duplicates"] if told else None
    return Summary(
        organisation=organisation,
        name=told["name"] if told else organisation,
        files=[file_of(file) for file in files],
        rejections=read_rejections(client, organisation) if any(f["rejectedRows"] for f in files) else [],
        total=part("", summary.get("total") or {"count": 0, "netPence": 0}),
        scopes=parts(summary, "byScope"),
        answers=parts(summary, "byAnswer"),
        sme=parts(summary, "bySme"),
        local=parts(summary, "byLocal"),
        local_dated=summary.get("localListDated"),
        unfound=[Part(value=s["name"], count=s["paymentCount"], pence=int(s["netPence"])) for s in paid],
        findings=[Part(value=r["title"], count=r["count"], pence=int(r["atStakePence"])) for r in asked],
        duplicates=Part(value="", count=twice["count"], pence=int(twice["atStakePence"])) if twice else None,
        recovered_pence=int(twice["recoveredPence"]) if twice else 0,
        incomplete=bool(summary.get("incomplete")),
    )


def read_rejections(client: Client, organisation: str) -> list[Rejection]:
    """Why rows were rejected, the commonest kind of reason first."""
    reasons: dict[str, Counter[str]] = {}
    for row in islice(every(client, REJECTED, "rejectedRows", organisation), MOST_REASONS):
        reasons.setdefault(row["code"], Counter())[row["reason"]] += 1
    found = [Rejection(rows=found.total(), reason=next(iter(found)), reasons=len(found)) for found in reasons.values()]
    return sorted(found, key=lambda each: -each.rows)


def document(number: int) -> str:
    """One of the queries to try: what they say is what the summary shows."""
    return sample(QUERIES[number][0])


def sample(path: str) -> str:
    """One of the sample queries."""
    return Path(REPOSITORY / path).read_text()


def file_of(node: Mapping[str, Any]) -> File:
    """A source file as the summary counts it."""
    return File(
        kind=str(node["kind"]).lower(),
        file_name=node["fileName"],
        period=node["period"],
        read=node["readRows"],
        accepted=node["newRows"] + node["correctedRows"],
        known=node["knownRows"],
        rejected=node["rejectedRows"],
    )


def part(value: str, node: Mapping[str, Any]) -> Part:
    """A total, or a part of one."""
    return Part(value=value, count=node["count"], pence=int(node["netPence"]))


def parts(summary: Mapping[str, Any], field: str) -> list[Part]:
    """A total's parts."""
    return [part(node["value"], node) for node in summary.get(field, ())]
