"""A finance system's feed through a whole stack: streamed, voided, credited, and reconciled to the penny."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka import Consumer, TopicPartition

from eventlog.kafka import Kafka
from services.spend.feeds.kafka_intake import GROUP, TOPIC
from tests.integration.cli.command_line import ROOT, CommandLine

MONTH = ROOT / "samples" / "salford" / "spend-2021-08.csv"
SALFORD = "GB-LAE-SLF"
LARGEST = """
query ($organisation: String!) {
  payments(where: {organisation: $organisation}, orderBy: NET_PENCE_DESC, first: 1) { nodes { paymentId netPence } }
}
"""
PLACES = ("log", "kafka", "read_model", "gateway")


@pytest.fixture(scope="module")
def localpound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    command_line = CommandLine(tmp_path_factory.mktemp("home"))
    command_line("up", "--detach")
    yield command_line
    command_line("down")


class Ledger:
    """A finance system with the machine's key."""

    def __init__(self, localpound: CommandLine) -> None:
        addresses = json.loads((localpound.home / "run" / "addresses.json").read_text())
        key = json.loads((localpound.home / "keys" / "ledger.json").read_text())
        form = {
            "grant_type": "client_credentials", "client_id": key["client_id"],
            "client_secret": key["client_secret"], "organisation": SALFORD,
        }  # fmt: skip
        self.http = httpx.Client(trust_env=False, timeout=60, base_url=addresses["spend"])
        self.token = (
            self.http.post(f"{addresses['gateway']}/token", data=form).raise_for_status().json()["access_token"]
        )
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def send(self, path: str, key: str, sent: object) -> dict[str, Any]:
        stream = isinstance(sent, bytes)
        headers = {"Idempotency-Key": key, "Content-Type": "application/x-ndjson" if stream else "application/json"}
        content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        answer = self.http.post(path, content=content, headers=headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


def settled(localpound: CommandLine) -> dict[str, dict[str, Any]]:
    """The accounts by file name, once everything is visible."""
    localpound("import", "spend", str(MONTH), "-o", SALFORD)  # waits until all is visible
    told = localpound.told("reconcile", "-o", SALFORD)
    assert told["differences"] == 0
    return {each["file_name"]: each for each in told["files"]}


def held(account: dict[str, Any]) -> list[tuple[int, int]]:
    return [(account[place]["rows"], account[place]["pence"]) for place in PLACES]


def test_a_feed_reconciles_in_five_places_before_and_after_withdrawals(localpound: CommandLine, tmp_path: Path) -> None:
    localpound("import", "spend", str(MONTH), "-o", SALFORD)
    ledger = Ledger(localpound)
    payments = [
        {"paid_on": "2021-08-31", "supplier_name": "Acme Ltd", "net": f"{number}.00", "pay_run": "2021-W35"}
        for number in range(1, 101)
    ]
    streamed = ledger.send("/payments", "s1", b"".join(json.dumps(each).encode() + b"\n" for each in payments))
    assert (streamed["new"], streamed["payments"]) == (100, 100)
    before = settled(localpound)
    assert held(before["posted by machines"]) == [(100, 505_000)] * 4
    assert held(before[MONTH.name]) == [(1_233, 4_034_346_795)] * 4

    first = streamed["payment_ids"][0]
    ledger.send(f"/payments/{first}/void", "v1", {"on": "2021-09-02", "reason": "Transfer returned"})
    ledger.send(f"/payments/{streamed['payment_ids'][1]}/cancel", "v2", {"on": "2021-08-30", "reason": "Stopped"})
    ledger.send("/payments", "r1", payments[0] | {"kind": "reissue", "original": first})
    asked = tmp_path / "largest.graphql"
    asked.write_text(LARGEST)
    largest = json.loads(localpound("query", str(asked), "-o", SALFORD))["data"]["payments"]["nodes"][0]
    ledger.send(f"/payments/{largest['paymentId']}/void", "v3", {"on": "2021-09-30", "reason": "Paid twice"})
    after = settled(localpound)
    posted, month = after["posted by machines"], after[MONTH.name]
    assert held(posted) == [(101, 505_100), (101, 505_100), (99, 504_800), (99, 504_800)]
    assert posted["withdrawn"] == {"rows": 2, "pence": 300, "unreadable": 0}
    left = 4_034_346_795 - int(largest["netPence"])
    assert held(month) == [(1_233, 4_034_346_795)] * 2 + [(1_232, left)] * 2
    assert month["superseded"]["rows"] == 0
    said = localpound("reconcile", "-o", SALFORD)
    assert "less 1 withdrawn" in said
    verified = localpound.told("verify", "--from", "feed", "--from", "postgresql", "--from", "kafka")
    assert verified["verdict"] == "intact"


def test_a_sandbox_is_an_organisation_apart_with_a_key_of_its_own(localpound: CommandLine) -> None:
    first, second = localpound.told("sandbox"), localpound.told("sandbox")
    assert first["organisation"] != second["organisation"]
    assert re.fullmatch(r"XX-SBX-[0-9a-f]{10}", first["organisation"])
    assert "client_secret" not in first
    assert Path(first["key_file"]).stat().st_mode & 0o077 == 0
    done = subprocess.run(["bash", "-c", first["curl"]], capture_output=True, text=True, check=True, timeout=60)
    told = json.loads(done.stdout)
    assert (told["organisation"], told["new"]) == (first["organisation"], 1)
    assert told["positions"][0] == f"{first['organisation']}/spend/0"
    other = first["curl"].replace(f"organisation={first['organisation']}", f"organisation={SALFORD}")
    refused = subprocess.run(["bash", "-c", other], capture_output=True, text=True, check=False, timeout=60)
    assert "positions" not in refused.stdout
    said = localpound("sandbox")
    assert "is there, and empty" in said


NOTHING = {place: {"rows": 0, "pence": 0} for place in PLACES}


def kafka_as(localpound: CommandLine, user: str) -> Kafka:
    port = json.loads((localpound.home / "run" / "ports.json").read_text())["kafka"]
    secret = (localpound.home / "secrets" / f"kafka-{user}").read_text()
    return Kafka(servers=f"127.0.0.1:{port}", username=user, password=secret)


def lag(localpound: CommandLine) -> int:
    """Records that the service has not said it has read."""
    settings = {"group.id": GROUP, "enable.auto.commit": False}
    reader = Consumer({**kafka_as(localpound, "spend").administration(), **settings})
    places = [TopicPartition(TOPIC, partition) for partition in range(12)]
    read = {place.partition: max(place.offset, 0) for place in reader.committed(places, timeout=10)}
    ends = {place.partition: reader.get_watermark_offsets(place, timeout=10)[1] for place in places}
    reader.close()
    return sum(ends[partition] - read[partition] for partition in ends)


async def publish(localpound: CommandLine, token: str, numbers: range) -> None:
    """As an integration, under its own name and password."""
    async with AIOKafkaProducer(**kafka_as(localpound, "integration").client()) as producer:
        for number in numbers:
            headers = [("idempotency-key", f"kafka-{number}".encode()), ("authorization", f"Bearer {token}".encode())]
            sent = {"paid_on": "2021-10-01", "supplier_name": "Kafka Ltd", "net": f"{number}.00"}
            await producer.send(TOPIC, json.dumps(sent).encode(), key=SALFORD.encode(), headers=headers)
        await producer.flush()


def in_time(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError, KeyError):
            if done():
                return
        time.sleep(0.2)
    raise AssertionError("not in time")


def test_payments_over_kafka_survive_kills_and_are_recorded_once(localpound: CommandLine) -> None:
    ledger = Ledger(localpound)
    rows, pence = held(settled(localpound).get("posted by machines", NOTHING))[0]
    for kill in range(3):
        asyncio.run(publish(localpound, ledger.token, range(1 + 100 * kill, 101 + 100 * kill)))
        in_time(lambda: ledger.http.get("/status").json()["intake"]["taken"] > 0)
        process = json.loads((localpound.home / "run" / "pids.json").read_text())["spend"]["pid"]
        os.kill(process, signal.SIGKILL)
    in_time(lambda: lag(localpound) == 0)
    asyncio.run(publish(localpound, "wrong", range(1, 3)))
    asyncio.run(publish(localpound, ledger.token, range(1, 301)))  # every one of them again
    in_time(lambda: lag(localpound) == 0)
    after = held(settled(localpound)["posted by machines"])
    assert after[0] == after[1] == (rows + 300, pence + 4_515_000)
    assert ledger.http.get("/intake/rejects").json()["rejects"] == []  # a token of nobody is nobody's
    assert ledger.http.get("/status").json()["intake"]["refused"] == 2
