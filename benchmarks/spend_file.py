"""A spend file of 100,000 rows: checked, durable in the log, and visible in every read model."""

import asyncio
import csv
import io
import time
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Self

import asyncpg
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from benchmarks.append import bare_copy
from benchmarks.rebuild import reporting_kafka
from benchmarks.relay import spend_kafka
from benchmarks.results import ROUNDS, Results, median
from doors.bodies import Spool
from doors.spooled import sheet_of
from eventlog.codec import Codec, facts_in
from eventlog.credentials import Credential
from eventlog.projections import Runtime
from eventlog.relay import Relay
from eventlog.sequencer import Sequencer
from eventlog.store import EventLog
from localpound.stack.testing import Servers
from schemas import access, contracts, social_value, spend
from services.reporting.__main__ import READ_MODELS
from services.spend.published import files, intake
from services.spend.published.intake import WITHHELD
from tests.builders import DEVON

ROWS = 100_000
TAKEN = 50_000
EVERY_ROW = ("compliance", "audit_trail")
"""The read models that have a row of every payment; the others pass most facts by."""
COLUMNS = ("Date", "Document No", "Supplier Name", "Service Area", "GL Description", "Net Amount", "VAT", "Gross")


def file_of(rows: int, tag: str) -> bytes:
    """A month as councils publish it: a thousand suppliers, amounts that seldom repeat."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for number in range(rows):
        net = 50_000 + number * 7_919 % 9_000_000
        amounts = [f"{pence // 100}.{pence % 100:02}" for pence in (net, net // 5, net + net // 5)]
        supplier = f"Supplier & Sons {number % 1_009} Limited"
        writer.writerow(
            [f"{1 + number % 30:02}/04/2021", f"{tag}{number}", supplier, "Place", "Building repairs", *amounts]
        )
    return written.getvalue().encode()


def british(text: str) -> date:
    """A day as councils write it, which pydantic does not read by itself."""
    return datetime.strptime(text.strip(), "%d/%m/%Y").date()


def plain(text: str) -> str:
    """An amount without what councils print around it."""
    return text.strip().replace(",", "").removeprefix("£")


Day = Annotated[date, BeforeValidator(british)]
Pounds = Annotated[Decimal, BeforeValidator(plain), Field(max_digits=13, decimal_places=2)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8_000)]


class Typed(BaseModel):
    """The same row, of which pydantic checks the types alone, days turned round for it."""

    paid_on: date = Field(alias="Date")
    document: str = Field(alias="Document No")
    supplier: str = Field(alias="Supplier Name")
    department: str = Field(alias="Service Area")
    purpose: str = Field(alias="GL Description")
    net: Decimal = Field(alias="Net Amount", max_digits=13, decimal_places=2)
    vat: Decimal = Field(alias="VAT", max_digits=13, decimal_places=2)
    gross: Decimal = Field(alias="Gross", max_digits=13, decimal_places=2)


class Published(BaseModel):
    """The same row and the same checks: British days, printed amounts, net and VAT footed, withheld payees seen."""

    paid_on: Day = Field(alias="Date")
    document: Text = Field(alias="Document No")
    supplier: Text = Field(alias="Supplier Name")
    department: Text = Field(alias="Service Area")
    purpose: Text = Field(alias="GL Description")
    net: Pounds = Field(alias="Net Amount")
    vat: Pounds = Field(alias="VAT")
    gross: Pounds = Field(alias="Gross")

    @model_validator(mode="after")
    def foots(self) -> Self:
        """Refuse a row whose net and VAT do not come to its gross amount."""
        if self.net + self.vat != self.gross:
            raise ValueError("net and VAT do not come to the gross amount")
        return self

    @property
    def withheld(self) -> bool:
        """Whether the publisher withheld the payee's name."""
        return WITHHELD.search(self.supplier) is not None


def by_pydantic(raw: bytes) -> float:
    """Rows a second by `csv` and pydantic with the same checks, and the same totals in the end."""
    began = time.perf_counter()
    pence = withheld = count = 0
    for row in csv.DictReader(io.StringIO(raw.decode())):
        read = Published.model_validate(row)
        pence += int(read.net * 100)
        withheld += read.withheld
        count += 1
    assert (count, withheld) == (ROWS, 0)
    return count / (time.perf_counter() - began)


def by_types(raw: bytes) -> float:
    """Rows a second by `csv` and pydantic's types alone."""
    began = time.perf_counter()
    for row in csv.DictReader(io.StringIO(raw.decode())):
        day, month, year = row["Date"].split("/")
        row["Date"] = f"{year}-{month}-{day}"
        Typed.model_validate(row)
    return ROWS / (time.perf_counter() - began)


def by_us(raw: bytes) -> float:
    """Rows a second, layout and encoding recognised, amounts footed, totals and dates settled."""
    began = time.perf_counter()
    reading = intake.check(sheet_of(io.BytesIO(raw)))
    assert reading.tally.accepted_rows == ROWS
    return ROWS / (time.perf_counter() - began)


def checking(results: Results) -> None:
    """Both in turn."""
    raw = file_of(ROWS, "C")
    ours, theirs, types = [], [], []
    for _ in range(ROUNDS):
        ours.append(by_us(raw))
        theirs.append(by_pydantic(raw))
        types.append(by_types(raw))
    results.compare(
        "checking a spend file of 100,000 rows", median(ours), "rows/s",
        against=("csv and pydantic, the same checks", median(theirs)), at_least=2.0,
    )  # fmt: skip
    results.compare(
        "the same, beside types alone", median(ours), "rows/s",
        against=("csv and pydantic, types alone", median(types)), at_least=None,
    )  # fmt: skip


async def taken(log: EventLog, round_: int) -> tuple[int, float, float]:
    """How many events a file came to, and seconds until they are committed, and until they are sequenced too."""
    officer = Credential("person/officer", "officer", DEVON, frozenset([files.ROLE]))
    raw = file_of(TAKEN, f"T{round_}-")
    sent = Spool(io.BytesIO(raw), sha256(raw).hexdigest(), len(raw))
    before, progress = await log.size(DEVON), files.Progress()
    began = time.perf_counter()
    taking = asyncio.create_task(files.take(log, officer, "bench.csv", sent, None, progress))
    while progress.state != "recorded":
        await asyncio.sleep(0.002)
    durable = time.perf_counter() - began
    while await log.pool.fetchval("SELECT count(*) FROM eventlog.pending"):
        await asyncio.sleep(0.005)
    sequenced = time.perf_counter() - began
    assert (await taking)["rows"]["new"] == TAKEN
    return await log.size(DEVON) - before, durable, sequenced


async def recording(log: EventLog, url: str, results: Results) -> None:
    """A file's way into the log, beside raw COPY of the envelopes that it comes to."""
    conn = await asyncpg.connect(url)
    ours, settled_too, copies = [], [], []
    for round_ in range(ROUNDS):
        size = await log.size(DEVON)
        events, durable, sequenced = await taken(log, round_)
        ours.append(events / durable)
        settled_too.append(events / sequenced)
        rows = [("payment/x", 1, envelope) for _, envelope in await log.read(DEVON, size, events)]
        copies.append(await bare_copy(conn, rows))
    await conn.close()
    against = ("raw COPY of its envelopes into a bare table", median(copies))
    results.compare(
        "spend file to durable in the log", median(ours), "events/s", against=against, at_least=0.1,
    )  # fmt: skip
    results.compare(
        "the same, and sequenced and hashed", median(settled_too), "events/s", against=against, at_least=None,
    )  # fmt: skip


async def showing(servers: Servers, results: Results) -> None:
    """All read models that payments touch, built at once, beside the best of them built alone."""
    names = [model.name for model in READ_MODELS if "spend.events" in model.topics]
    codec = Codec(*facts_in(contracts, spend, social_value, access))
    async with asyncpg.create_pool(servers.url("reporting", "reporting"), min_size=4, max_size=16) as pool:
        runtime = Runtime(pool, reporting_kafka(servers), READ_MODELS, codec, "reporting", reader="gateway_reader")
        task = asyncio.create_task(runtime.run())
        while not await settled(runtime, names):
            await asyncio.sleep(0.1)
        alone = {}
        for name in names:
            began = time.perf_counter()
            assert (await runtime.rebuild(name)).equal
            alone[name] = time.perf_counter() - began
        began = time.perf_counter()
        built = await asyncio.gather(*(runtime.rebuild(name) for name in names))
        together = time.perf_counter() - began
        assert all(each.equal for each in built)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    rows = TAKEN * ROUNDS
    best = min(EVERY_ROW, key=lambda name: alone[name])
    results.compare(
        f"spend files to visible in all {len(names)} read models", rows / together, "rows/s",
        against=(f"the best alone that has every row, {best}", rows / alone[best]), at_least=0.25,
    )  # fmt: skip
    for name, seconds in alone.items():
        results.at_most(f"the same rows in {name} alone", seconds, "s", None)


async def settled(runtime: Runtime, names: list[str]) -> bool:
    """Whether every read model is live and lags behind nothing."""
    told = await runtime.status()
    return all(
        (one := told.get(name) or {}).get("state") == "live" and one.get("lag") and sum(one["lag"].values()) == 0
        for name in names
    )


async def run(servers: Servers, results: Results) -> None:
    """Every figure of a spend file."""
    checking(results)
    async with asyncpg.create_pool(servers.url("spend", "spend"), min_size=4, max_size=8) as pool:
        log = EventLog("spend", pool)
        relay = Relay(log, spend_kafka(servers), "spend.events")
        tasks = [asyncio.create_task(part) for part in (Sequencer(log).run(),)]
        await recording(log, servers.superuser_url("spend"), results)
        tasks.append(asyncio.create_task(relay.run()))
        size = await log.size(DEVON)
        while (await relay.status())["sent"] < size:
            await asyncio.sleep(0.1)
        await showing(servers, results)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
