"""What does each place hold of every file? Log, Kafka, read model and gateway, counted one by one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError

from localpound.client import Client, DoorError
from localpound.reconciliation import Amount, Counted
from localpound.stack_sources import kafka_access
from localpound.verify.feed import FeedSource
from localpound.verify.kafka import consume

FILE_SERVICES = ("contracts", "spend")
Seen = Callable[[int], None]


def count_log(client: Client, organisations: Sequence[str], seen: Seen) -> Counted:
    """From the services' log feeds, event by event. Raises DoorError."""
    counted = Counted()
    for service in FILE_SERVICES:
        feed = FeedSource(service, client)
        for head in feed.heads():
            if head.organisation in organisations:
                for index, entry in feed.entries(head):
                    counted.see(entry)
                    if index % 1_000 == 0:
                        seen(1_000)
        for finding in feed.findings():
            raise DoorError("feed-unread", f"{finding.where}: {finding.what}")
    return counted


def count_kafka(organisations: Sequence[str], seen: Seen) -> Counted | None:
    """From the topics, record by record, each event once; null where the broker cannot be read."""
    counted = Counted()
    taken: set[tuple[str, str]] = set()

    def take(record: ConsumerRecord) -> None:
        headers = {name: value.decode("ascii", "replace") for name, value in record.headers}
        log, index = headers.get("log", ""), headers.get("index", "")
        if log.partition("/")[0] in organisations and (log, index) not in taken:
            taken.add((log, index))
            counted.see(record.value)
            if len(taken) % 1_000 == 0:
                seen(1_000)

    try:
        access = kafka_access()
        for service in FILE_SERVICES:
            if asyncio.run(consume(service, access, take)):
                return None
    except (DoorError, KafkaError, OSError):
        return None
    return counted


FILES = """
query Files($organisation: ID!, $after: String) {
  sourceFiles(organisation: $organisation, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { fileId kind heldRows heldPence }
  }
}
"""
TOTALS = {
    "spend": """
query Paid($organisation: ID!, $file: ID!) {
  payments(where: {organisation: $organisation, fileId: $file}) { totals { count netPence } }
}
""",
    "register": """
query Awarded($organisation: ID!, $file: ID!) {
  contracts(where: {organisation: $organisation, fileId: $file}) { totals { count netPence } }
}
""",
}


def count_read_model(client: Client, organisations: Sequence[str]) -> tuple[dict[str, Amount], dict[str, str]]:
    """What the read models hold of each file, and of which kind each is. Raises DoorError."""
    held: dict[str, Amount] = {}
    kinds: dict[str, str] = {}
    for organisation in organisations:
        after: str | None = None
        while True:
            page = _data(client, FILES, {"organisation": organisation, "after": after}, organisation)["sourceFiles"]
            for node in page["nodes"]:
                held[node["fileId"]] = Amount(node["heldRows"], int(node["heldPence"]))
                kinds[node["fileId"]] = str(node["kind"]).lower()
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
    return held, kinds


def count_gateway(client: Client, organisation: str, file_id: str, kind: str) -> Amount:
    """What the gateway adds up for a file, as partners ask for it. Raises DoorError."""
    asked = {"organisation": organisation, "file": file_id}
    (answer,) = _data(client, TOTALS[kind], asked, organisation).values()
    return Amount(answer["totals"]["count"], int(answer["totals"]["netPence"]))


def _data(client: Client, document: str, variables: Mapping[str, object], organisation: str) -> dict[str, Any]:
    answer = client.graphql(document, variables, organisation)
    errors = answer.get("errors")
    if isinstance(errors, list) and errors:
        raise DoorError("query-refused", f"The gateway refused a query: {errors[0].get('message')}")
    data = answer.get("data")
    if not isinstance(data, dict):
        raise DoorError("query-refused", "The gateway's answer holds no data.")
    return data
