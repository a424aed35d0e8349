"""`localpound parked`: what could not be taken in is listed, tried again, and gone once its cause is mended."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer

from eventlog.kafka import Kafka
from localpound.stack import postgres, provision
from localpound.stack.home import Home
from tests.integration.cli.command_line import CommandLine

SPEND = """Authority Name,Date of Payment,DocumentNo,Gross,VAT,Net,Vendor Name,Service Area,GL Description
Salford City Council,2021-04-01,601,700,0,700,Sound Limited,Parks,Grants
Salford City Council,2021-04-01,602,800,0,800,Spoilt Limited,Parks,Grants
Salford City Council,2021-04-02,603,900,0,900,Sound Limited,Parks,Grants
"""
TOTAL = '{ organisation(organisation: "GB-LAE-SLF") { summary { total { count netPence } } } }'
SPOIL = "ALTER TABLE compliance_1.payment ADD CONSTRAINT poison CHECK (document_number IS DISTINCT FROM '602')"
MEND = "ALTER TABLE compliance_1.payment DROP CONSTRAINT poison"


@pytest.fixture(scope="module")
def localpound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    command_line = CommandLine(tmp_path_factory.mktemp("home"))
    command_line("up", "--detach")
    yield command_line
    command_line("down")


def change(localpound: CommandLine, statement: str) -> None:
    """Change the read models' database behind everybody's back."""

    async def do() -> None:
        conn = await asyncpg.connect(postgres.superuser_url(Home(localpound.home), "reporting"))
        await conn.execute(statement)
        await conn.close()

    asyncio.run(do())


def send(localpound: CommandLine, stream: str, value: bytes) -> None:
    """Write a record that no relay has sent."""

    async def do() -> None:
        home = Home(localpound.home)
        admin = Kafka(servers=provision.servers(home), username="admin", password=home.secret("kafka-admin"))
        async with AIOKafkaProducer(**admin.client()) as producer:
            await producer.send_and_wait("spend.events", value, key=stream.encode(), partition=0)

    asyncio.run(do())


def parked(localpound: CommandLine, *arguments: str, expect: int) -> list[dict[str, Any]]:
    return list(localpound.told("parked", *arguments, expect=expect)["parked"])


def until_all_parked(localpound: CommandLine) -> int:
    """Wait until every read model of spend's facts has set something aside; how many read models those are."""
    url = json.loads((localpound.home / "run" / "addresses.json").read_text())["reporting"]
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        told = httpx.get(f"{url}/status", trust_env=False).json()["projections"].values()
        models = [each for each in told if isinstance(each, dict) and _reads_spend(each)]
        if all(each["parked"] for each in models):
            return len(models)
        time.sleep(0.1)
    raise AssertionError("nothing was parked in time")


def _reads_spend(read_model: dict[str, Any]) -> bool:
    return any(place.startswith("spend.events/") for place in read_model["positions"])


def total(localpound: CommandLine, folder: Path) -> dict[str, int]:
    (folder / "total.graphql").write_text(TOTAL)
    answer = json.loads(localpound("query", str(folder / "total.graphql"), "-o", "GB-LAE-SLF"))
    return dict(answer["data"]["organisation"]["summary"]["total"])


def test_what_cannot_be_applied_is_listed_until_it_was_mended_and_tried_again(
    localpound: CommandLine, tmp_path: Path
) -> None:
    assert parked(localpound, expect=0) == []
    assert localpound("parked") == "Nothing is parked.\n"
    change(localpound, SPOIL)
    (tmp_path / "spend-2021-04.csv").write_text(SPEND)
    localpound.told("import", "spend", str(tmp_path / "spend-2021-04.csv"), "-o", "GB-LAE-SLF")
    assert total(localpound, tmp_path) == {"count": 2, "netPence": 160_000}

    first, *behind = parked(localpound, expect=3)
    assert (first["process"], first["name"], first["organisation"]) == ("reporting", "compliance", "GB-LAE-SLF")
    assert first["type"] == "localpound.spend.PaymentRecorded.v1"
    assert first["reason"].startswith("CheckViolationError in ")
    assert first["attempts"] == 1
    assert behind
    assert {(each["stream"], each["reason"]) for each in behind} == {
        (first["stream"], "an earlier record of this stream is parked")
    }
    shown = localpound("parked", expect=3)
    assert f"GB-LAE-SLF/spend/{first['log_index']}" in shown
    assert shown.endswith("Mend the cause, then: localpound parked --retry\n")

    again = parked(localpound, "--retry", expect=3)
    assert [(each["stream"], each["attempts"]) for each in again] == [
        (first["stream"], 2),
        *((first["stream"], 1) for _ in behind),
    ]
    change(localpound, MEND)
    assert localpound("parked", "--retry") == "Nothing is parked.\n"
    assert parked(localpound, expect=0) == []
    assert total(localpound, tmp_path) == {"count": 3, "netPence": 240_000}


def test_a_record_that_is_of_no_log_is_gone_after_the_next_try(localpound: CommandLine) -> None:
    send(localpound, "payment/foreign", b"not an event")
    models = until_all_parked(localpound)
    found = parked(localpound, expect=3)
    assert len(found) == models
    assert {(each["stream"], each["log_index"]) for each in found} == {("payment/foreign", None)}
    assert parked(localpound, "--retry", expect=0) == []


def test_who_does_not_operate_is_refused(localpound: CommandLine) -> None:
    for arguments in (("parked",), ("parked", "--retry")):
        assert localpound.told(*arguments, "--as", "ledger", expect=1)["error"]["code"] == "forbidden"


def test_without_a_platform_it_says_how_to_start_one(tmp_path: Path) -> None:
    told = CommandLine(tmp_path).told("parked", expect=1)
    assert told["error"] == {
        "code": "not-running",
        "message": "No localpound is running here.",
        "remedy": "Start it: localpound up",
    }
