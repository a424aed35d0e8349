"""A quarter, drawn up for its own people and served to everybody: the bytes that were approved, and no others."""

import csv
import io
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg

from gateway.policy import ANYONE, Viewer
from gateway.publishing import CORRECTIONS, OVER_500, PROMPT, RULES_DATED, Draft, draft
from gateway.reads.publications import content, corrected, editions, paid_in
from schemas.legal_days import Quarter
from schemas.spend import PayeeWithholdingDecided, PaymentVoided, PublicationPart, QuarterPublished
from tests.integration.gateway_decisions.conftest import Pages
from tests.integration.gateway_graphql.conftest import Ask
from tests.integration.gateway_graphql.ledger import Ledger
from tests.integration.gateway_graphql.story import MONDAY, TUESDAY, WEDNESDAY, paid, scoped

COUNCIL = "GB-LAE-BNE"
OWN = Viewer(account="person/officer", organisation=COUNCIL, roles=frozenset({"reader"}))
Q2 = Quarter(2021, 2)
HOME = f"/organisations/{COUNCIL}/publications"
QUERY = """query ($at: DateTime) { organisation(organisation: "GB-LAE-BNE", asKnownAt: $at) { publications { count
  nodes { publicationId edition reason approvedOn dueOn controlPayments controlPence
    publishedFiles { name sha256 rows netPence path } leftOut { reason payments netPence } } } } }"""


async def pay(ledger: Ledger, payment: str, pence: int, *, at: datetime, **more: Any) -> None:
    fact = paid(payment, pence, payee_id=f"E-{payment}", **({"paid_on": date(2021, 5, 3)} | more))
    await ledger.record(COUNCIL, "spend", f"payment/{payment}", fact, scoped(payment), at=at)


async def drawn(reads: asyncpg.Pool, at: datetime, quarter: Quarter = Q2) -> Draft:
    payments = await paid_in(reads, OWN, COUNCIL, quarter, at)
    return draft(quarter, COUNCIL, "Barnet", payments, await corrected(reads, OWN, COUNCIL, quarter, at))


async def approve(ledger: Ledger, made: Draft, edition: int, known_at: datetime, *, at: datetime) -> None:
    """As the spend service says it: in parts of a few rows."""
    publication = f"2021-Q2/{edition}"
    said: list[Any] = []
    for file in made.files:
        lines = file.content.splitlines(keepends=True)
        for number, first in enumerate(range(0, len(lines), 2)):
            content = "".join(lines[first : first + 2])
            said.append(PublicationPart(publication_id=publication, file_name=file.name, part=number, content=content))
    said.append(
        QuarterPublished(
            publication_id=publication, quarter="2021-Q2", edition=edition, reason="Late" if edition > 1 else None,
            known_at=known_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), rules_dated=RULES_DATED,
            file_names=tuple(f.name for f in made.files), file_digests=tuple(f.digest for f in made.files),
            file_rows=tuple(f.rows for f in made.files), file_pence=tuple(f.net_pence for f in made.files),
            left_out=tuple(made.left_out), left_out_payments=tuple(p.payments for p in made.left_out.values()),
            left_out_pence=tuple(p.net_pence for p in made.left_out.values()),
            control_payments=made.control.payments, control_pence=made.control.net_pence,
        )
    )  # fmt: skip
    await ledger.record(COUNCIL, "spend", f"publication/{publication}", *said, at=at)


async def tell(ledger: Ledger, reads: asyncpg.Pool) -> None:
    """Two payments on Monday and their publication; on Tuesday one is voided and two come in late, then once more."""
    await pay(ledger, "Q1", 100_000, at=MONDAY, supplier_name="Elm Ltd")
    await pay(ledger, "Q2", 200_000, at=MONDAY, supplier_name="Mrs J Example")
    await pay(ledger, "Q3", 300, at=MONDAY)
    await approve(ledger, await drawn(reads, MONDAY), 1, MONDAY, at=TUESDAY)
    voided = PaymentVoided(payment_id="Q1", voided_on=date(2021, 7, 2), reason="Stopped")
    await ledger.record(COUNCIL, "spend", "payment/Q1", voided, at=TUESDAY)
    await pay(ledger, "Q4", 400_000, at=TUESDAY, supplier_name="Ash Ltd")
    await pay(ledger, "Q5", 500_000, at=TUESDAY, supplier_name="Oak Ltd", paid_on=date(2021, 7, 1))


def rows(made: Draft, name: str) -> list[dict[str, str]]:
    (file,) = (each for each in made.files if each.name == name)
    return list(csv.DictReader(io.StringIO(file.content, newline="")))


async def test_the_same_instant_gives_the_same_bytes_and_a_later_one_the_corrections(
    reads: asyncpg.Pool, ledger: Ledger
) -> None:
    await tell(ledger, reads)
    monday, again, tuesday = [await drawn(reads, at) for at in (MONDAY, MONDAY, TUESDAY)]
    assert [file.digest for file in monday.files] == [file.digest for file in again.files]
    assert [(row["BeneficiaryName"], row["Amount"]) for row in rows(monday, OVER_500)] == [
        ("Elm Ltd", "1000.00"), ("REDACTED PERSONAL DATA", "2000.00"),
    ]  # fmt: skip
    assert (monday.control.payments, monday.control.net_pence) == (3, 300_300)
    assert rows(monday, CORRECTIONS) == []
    found = [(row["Quarter"], row["Change"], row["AmountPublished"], row["AmountNow"])
             for row in rows(tuesday, CORRECTIONS)]  # fmt: skip
    assert found == [("2021-Q2", "added", "", "4000.00"), ("2021-Q2", "withdrawn", "1000.00", "")]
    later = await drawn(reads, WEDNESDAY, Quarter(2021, 3))
    assert [row["BeneficiaryName"] for row in rows(later, OVER_500)] == ["Oak Ltd"]
    assert len(rows(later, CORRECTIONS)) == 2
    assert rows(await drawn(reads, WEDNESDAY, Quarter(2021, 1)), CORRECTIONS) == []


async def test_anybody_gets_the_bytes_that_were_approved_with_their_history(
    pages: Pages, ledger: Ledger, reads: asyncpg.Pool
) -> None:
    published = await drawn(reads, MONDAY)
    await approve(ledger, await drawn(reads, TUESDAY), 2, TUESDAY, at=WEDNESDAY)
    for file in published.files:
        answer = await pages.get(f"{HOME}/2021-Q2/{file.name}?edition=1")
        assert answer.content == file.content.encode()
        assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'
    told = (await pages.get(f"{HOME}/2021-Q2/payments-over-500.json?edition=1")).json()
    assert (told["edition"], told["sha256"]) == (1, published.files[0].digest)
    assert [(row["BeneficiaryName"], row["Amount"]) for row in told["rows"]] == [
        ("Elm Ltd", "1000.00"), ("REDACTED PERSONAL DATA", "2000.00"),
    ]  # fmt: skip
    newest = await pages.get(f"{HOME}/2021-Q2/payments-over-500.csv")
    assert b"Ash Ltd" in newest.content
    listed = (await pages.get(HOME)).text
    assert "2021-Q2, edition 2" in listed
    page = (await pages.get(f"{HOME}/2021-Q2")).text
    assert "not over £500" in page
    assert published.files[0].digest not in page
    before = await pages.get(f"{HOME}?as_known_at={TUESDAY.strftime('%Y-%m-%dT%H:%M')}")
    assert "edition 2" not in before.text
    for path in ("2021-Q1", "2021-Q2?edition=9", "2021-Q2/nothing.csv", "2021-Q2/corrections.xlsx"):
        assert (await pages.get(f"{HOME}/{path}")).status_code == 404
    assert (await pages.get(f"{HOME}/2021-Q9")).status_code == 400


async def test_graphql_says_what_was_published_to_anybody_as_known_on_any_day(ask: Ask) -> None:
    found = (await ask(QUERY, ANYONE))["organisation"]["publications"]
    assert (found["count"], [node["publicationId"] for node in found["nodes"]]) == (2, ["2021-Q2/2", "2021-Q2/1"])
    first = found["nodes"][1]
    assert (first["controlPayments"], first["controlPence"], first["dueOn"], first["approvedOn"]) == (
        3, 300_300, "2021-07-31", "2022-07-05",
    )  # fmt: skip
    assert first["leftOut"] == [{"reason": "not over £500", "payments": 1, "netPence": 300}]
    assert first["publishedFiles"][0]["path"] == f"{HOME}/2021-Q2/payments-over-500.csv?edition=1"
    tuesday = (await ask(QUERY, ANYONE, at=TUESDAY.isoformat()))["organisation"]["publications"]
    assert [node["edition"] for node in tuesday["nodes"]] == [1]


async def test_a_draft_is_for_its_own_people(pages: Pages, officer: Pages) -> None:
    assert (await pages.get(f"{HOME}/2021-Q2/draft")).status_code == 401
    assert (await officer.get(f"{HOME}/2021-Q2/draft")).status_code == 403
    own = (await officer.get("/organisations/GB-LAE-SLF/publications/2022-Q3/draft")).json()
    files = {file["name"]: file for file in own["files"]}
    rows = sum(file["rows"] for file in own["files"] if file["payments"]) + sum(p["payments"] for p in own["left_out"])
    assert (rows, own["incomplete"]) == (own["control"]["payments"], False)
    assert (files[PROMPT]["rows"], files[PROMPT]["payments"], files[PROMPT]["net_pence"]) == (1, False, 0)
    assert files[PROMPT]["content"].splitlines()[1].startswith("2022-04-01,2022-09-30,")
    second = (await officer.get("/organisations/GB-LAE-SLF/publications/2022-Q2/draft")).json()
    assert PROMPT not in {file["name"] for file in second["files"]}, "the half-year ends with the next"
    listed = (await officer.get("/organisations/GB-LAE-SLF/publications")).text
    assert "Not published yet" in listed
    assert "/publications/2021-Q2/draft" in listed
    assert "Not published yet" not in (await pages.get("/organisations/GB-LAE-SLF/publications")).text
    assert sha256(files[OVER_500]["content"].encode()).hexdigest() == files[OVER_500]["sha256"]


async def test_bytes_that_were_changed_are_not_shown(pages: Pages, ledger: Ledger, reads: asyncpg.Pool) -> None:
    assert len(await editions(reads, COUNCIL)) == 2
    await ledger.conn.execute(
        "UPDATE ledger_1.publication_part SET content = replace(content, '1000.00', '1.00')"
        " WHERE publication_id = '2021-Q2/1'"
    )
    answer = await pages.get(f"{HOME}/2021-Q2/payments-over-500.csv?edition=1")
    assert answer.status_code == 500
    assert "is not what was approved" in answer.text
    assert b"1.00" not in answer.content


async def test_a_file_that_names_a_payee_withheld_since_is_served_no_more(
    pages: Pages, ledger: Ledger, reads: asyncpg.Pool
) -> None:
    paths = [f"{HOME}/2021-Q2/payments-over-500.{form}?edition=2" for form in ("csv", "json")]
    assert [(await pages.get(path)).text.count("Ash Ltd") for path in paths] == [1, 1]
    edition, _first = await editions(reads, COUNCIL)
    later = WEDNESDAY + timedelta(hours=1)
    withheld = PayeeWithholdingDecided(payee_id="E-Q4", decision="withheld", reason="A refuge")
    await ledger.record(COUNCIL, "spend", "payee/E-Q4", withheld, at=later)
    for path in paths:
        answer = await pages.get(path)
        assert (answer.status_code, "Ash Ltd" in answer.text) == (410, False)
        assert "withheld after it was published" in answer.text
        assert (await pages.get(f"{path}&as_known_at={WEDNESDAY.strftime('%Y-%m-%dT%H:%M')}")).status_code == 410
    assert b"Ash Ltd" in await content(reads, OWN, COUNCIL, edition, OVER_500), (
        "its own people have what they published"
    )
    assert (await pages.get(f"{HOME}/2021-Q2/procurement-card.csv?edition=1")).status_code == 200
    await approve(ledger, await drawn(reads, later), 3, later, at=later + timedelta(hours=1))
    newest = await pages.get(f"{HOME}/2021-Q2/payments-over-500.csv")
    assert (newest.status_code, b"Ash Ltd" in newest.content, b"4000.00" in newest.content) == (200, False, True)
    again = PayeeWithholdingDecided(payee_id="E-Q4", decision="withdrawn", reason="Moved away")
    await ledger.record(COUNCIL, "spend", "payee/E-Q4", again, at=later + timedelta(hours=2))
    assert (await pages.get(paths[0])).status_code == 200
