"""What does each place hold of every file? Log, Kafka, read model and gateway, counted one by one."""

import asyncio
from collections.abc import Callable, Sequence

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError

from localpound.asking import AWARDED, PAID, ask, read_files
from localpound.client import Client, DoorError
from localpound.reconciliation import Amount, Counted
from localpound.stack_sources import kafka_access
from localpound.verify.feed import feed_source
from localpound.verify.kafka import consume

FILE_SERVICES = ("contracts", "spend")
Seen = Callable[[int], None]


def count_log(client: Client, organisations: Sequence[str], seen: Seen) -> Counted:
    """From the services' log feeds, event by event. Raises DoorError."""
    counted = Counted()
    for service in FILE_SERVICES:
        feed = feed_source(service, client)
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


def count_read_model(client: Client, organisations: Sequence[str]) -> dict[str, Amount]:
    """What the read models hold of each file. Raises DoorError."""
    return {
        file["fileId"]: Amount(file["heldRows"], int(file["heldPence"]))
        for organisation in organisations
        for file in read_files(client, organisation)
    }


def count_gateway(client: Client, organisation: str, file_id: str, kind: str) -> Amount:
    """What the gateway adds up for a file, as partners ask for it. Raises DoorError."""
    field, question = ("payments", PAID) if kind == "spend" else ("contracts", AWARDED)
    totals = ask(client, question, organisation, file=file_id)[field]["totals"]
    return Amount(totals["count"], int(totals["netPence"]))
