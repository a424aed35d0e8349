"""A month judged, and all findings of 300,000 payments recomputed from the log, each beside one pass over its rows."""

import csv
import io
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from benchmarks.results import ROUNDS, Results, median
from eventlog.clock import now
from gateway.findings import findings
from gateway.policy import Viewer
from gateway.reads.findings import seen
from localpound.stack import provision
from localpound.stack.testing import Servers
from schemas.legal_days import legal_day
from services.spend.judgement.rejudging import identified_again
from services.spend.suppliers.stated_numbers import PayeeName
from tests.builders import SALFORD
from tests.chaos.platform import ROOT, Platform, platform

REGISTER = ROOT / "samples" / "salford" / "contracts-register-2022-07.csv"
PAYMENTS = 300_000
MONTHS = 15
MONTH = 3_000
READ = ("compliance", "contract_register", "supplier_spend", "ledger")
"""The read models that findings are computed from."""
COLUMNS = ("Date", "Document No", "Supplier Name", "Service Area", "GL Description", "Net Amount")


def suppliers() -> Sequence[str]:
    """Every second one is on the register, the others are not."""
    with REGISTER.open(encoding="utf-8-sig") as file:
        registered = sorted({row["Supplier Company Name"].strip() for row in csv.DictReader(file)} - {""})
    return [name for number, own in enumerate(registered) for name in (own, f"Sundry Works {number} Limited")]


def month_of(months: int, rows: int) -> bytes:
    """So many payments in the month that is so many months after March 2021, of £500 to £90,500."""
    year, month = 2021 + (months + 2) // 12, (months + 2) % 12 + 1
    names = suppliers()
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for number in range(rows):
        pence = 50_000 + (number + months) * 7_919 % 9_000_000
        day = f"{1 + number % 28:02}/{month:02}/{year}"
        name = names[(number + months) % len(names)]
        amount = f"{pence // 100}.{pence % 100:02}"
        writer.writerow([day, f"M{months}-{number}", name, "Place", "Building repairs", amount])
    return written.getvalue().encode()


def send_month(running: Platform, months: int, rows: int) -> float:
    """Rows a second, until each is judged and durable: the door answers then."""
    content = month_of(months, rows)
    began = time.perf_counter()
    running.send("spend", f"/spend-files?file_name=month-{months}.csv", content)
    return rows / (time.perf_counter() - began)


async def judging(running: Platform, results: Results) -> None:
    """A month's file through the door, and the same payments judged anew; nothing else is on the record yet."""
    sent = send_month(running, MONTHS + 1, MONTH)
    passed, judged = [], []
    conn = await asyncpg.connect(provision.role_url(running.home, "spend", "spend"))
    for _ in range(ROUNDS):
        passed.append(await one_pass(conn, "SELECT p.* FROM spend.payment p WHERE organisation = $1", MONTH))
        judged.append(await judged_anew(conn))
    await conn.close()
    against = ("one pass over the same rows", median(passed))
    results.compare(f"a month of {MONTH:,} sent, judged, durable", sent, "payments/s", against=against, at_least=None)
    results.compare(
        f"a month of {MONTH:,} payments judged anew", median(judged), "payments/s", against=against, at_least=None
    )  # fmt: skip


async def judged_anew(conn: asyncpg.Connection) -> float:
    """Payments a second, their payees identified again too; every judgement is new and none is kept."""
    turn = conn.transaction()
    await turn.start()
    forgotten = await conn.execute(
        "UPDATE spend.payment SET answer = NULL WHERE organisation = $1 AND scope = 'contract_spend'", SALFORD
    )
    began = time.perf_counter()
    rows = await conn.fetch("SELECT payee_id, supplier_name, numbers FROM spend.payee WHERE organisation = $1", SALFORD)
    drafts = await identified_again(conn, SALFORD, [PayeeName(payee, name, tuple(own)) for payee, name, own in rows])
    seconds = time.perf_counter() - began
    assert len(drafts) == int(forgotten.split()[-1]), "all contract spend is judged, and payees are known as before"
    await turn.rollback()
    return MONTH / seconds


async def one_pass(conn: asyncpg.Connection, select: str, rows: int) -> float:
    """Rows a second, of reading all that a table says of each."""
    began = time.perf_counter()
    counted = await conn.fetchval(
        f"SELECT count(*) FROM ({select}) each_row WHERE length(each_row::text) > 0", SALFORD
    )  # fmt: skip
    assert counted == rows
    return rows / (time.perf_counter() - began)


async def recomputing(running: Platform, results: Results) -> None:
    """The read models that findings rest on built anew from the log, and every rule asked of them."""
    for months in range(1, MONTHS + 1):
        send_month(running, months, (PAYMENTS - MONTH) // MONTHS)
        running.settle()
    viewer = Viewer(account="person/officer", organisation=SALFORD, roles=frozenset({"reader"}))
    recomputed, asked, passed = [], [], []
    async with asyncpg.create_pool(provision.role_url(running.home, "gateway_reader", "reporting")) as pool:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for name in READ:
                told = running.command("rebuild", name)
                assert told.returncode == 0, told.stderr
            built = time.perf_counter()
            found = findings(await seen(pool, viewer, SALFORD), legal_day(now()))
            asked.append(PAYMENTS / (time.perf_counter() - built))
            recomputed.append(PAYMENTS / (time.perf_counter() - began))
            passed.append(
                await one_pass(
                    pool, "SELECT p.* FROM live.payment p WHERE organisation = $1 AND known_to = 'infinity'", PAYMENTS
                )
            )
    against = ("one pass over the same rows", median(passed))
    results.compare(
        f"{len(found):,} findings of {PAYMENTS:,} payments, from the log", median(recomputed), "payments/s",
        against=against, at_least=None,
    )  # fmt: skip
    results.compare(
        "the same, from the read models", median(asked), "payments/s", against=against, at_least=None
    )  # fmt: skip


async def run(servers: Servers, results: Results) -> None:
    """On a whole stack; the other servers stand idle meanwhile."""
    del servers
    with tempfile.TemporaryDirectory(prefix="localpound-bench-") as folder:
        Path(folder).chmod(0o755)
        with platform(Path(folder) / "stack") as running:
            running.send(
                "contracts", f"/registers?file_name={REGISTER.name}&stated_on=2022-07-01", REGISTER.read_bytes()
            )
            running.settle()
            await judging(running, results)
            await recomputing(running, results)
