"""What does each place hold of every file? Log, Kafka, read model and gateway, counted one by one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from localpound.asking import ALL_PAID, AWARDED, PAID, SUMMED, ask, read_files
from localpound.client import Client, DoorError
from localpound.reconciliation import Amount, Counted, Stated, posted_by, total
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
                    file_id = file["file_id"] or posted_by(organisation)
                    found[file_id] = Amount(file["rows"], file["pence"], file["unreadable_rows"])
    except DoorError as error:
        if error.away:
            return None
        raise
    return found


def count_read_model(client: Client, organisations: Sequence[str]) -> dict[str, Amount]:
    """What the read models hold of each file, and of no file. Raises DoorError."""
    found: dict[str, Amount] = {}
    for organisation in organisations:
        files = read_files(client, organisation)
        held = {file["fileId"]: Amount(file["heldRows"], int(file["heldPence"])) for file in files}
        paid = total(held[file["fileId"]] for file in files if file["kind"] == "SPEND")
        told = ask(client, SUMMED, organisation)["organisation"]
        summed = _amount(told["summary"]["total"]) if told else Amount()
        found |= {**held, posted_by(organisation): summed - paid}
    return found


def count_gateway(client: Client, files: Mapping[str, Stated]) -> dict[str, Amount]:
    """What the gateway adds up for each file, as partners ask for it, and for what is in none. Raises DoorError."""
    found: dict[str, Amount] = {}
    for file_id, stated in files.items():
        if stated.kind != "posted":
            field, question = ("contracts", AWARDED) if stated.kind == "register" else ("payments", PAID)
            found[file_id] = _amount(ask(client, question, stated.organisation, file=file_id)[field]["totals"])
    for file_id, stated in files.items():
        if stated.kind == "posted":
            organisation = stated.organisation
            all_paid = _amount(ask(client, ALL_PAID, organisation)["payments"]["totals"])
            in_files = (s.kind == "spend" and s.organisation == organisation for s in files.values())
            found[file_id] = all_paid - total(found[each] for each, of in zip(files, in_files, strict=True) if of)
    return found


def _amount(told: Mapping[str, Any]) -> Amount:
    return Amount(told["count"], int(told["netPence"]))
