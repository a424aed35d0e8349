"""What does each place hold of every file? Log, Kafka, read model and gateway, counted one by one."""

from collections.abc import Callable, Sequence

from localpound.asking import AWARDED, PAID, ask, read_files
from localpound.client import Client, DoorError
from localpound.reconciliation import Amount, Counted
from localpound.verify.feed import feed_source

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


def count_kafka(client: Client, organisations: Sequence[str]) -> dict[str, Amount] | None:
    """From the topics, as reporting counts them record by record; null where the broker cannot be read."""
    found: dict[str, Amount] = {}
    try:
        for service in FILE_SERVICES:
            for organisation in organisations:
                told = client.get("reporting", f"/topics/{service}.events/files", organisation=organisation).json()
                for file in told["files"]:
                    found[file["file_id"]] = Amount(file["rows"], file["pence"], file["unreadable_rows"])
    except DoorError as error:
        if error.away:
            return None
        raise
    return found


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
