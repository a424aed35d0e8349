"""The page that a head of procurement reads first, on a terminal."""

from dataclasses import replace
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from rich.console import Console

from localpound import asking
from localpound.screen import millions, pounds, share
from localpound.summary import File, Part, Rejection, Summary, show

SALFORD = Summary(
    organisation="GB-LAE-SLF",
    name="Salford City Council",
    files=[
        File(kind="register", file_name="r.csv", period=None, read=360, accepted=360, known=0, rejected=0),
        File(kind="spend", file_name="a.csv", period="2021-04", read=1_900, accepted=1_898, known=0, rejected=2),
        File(kind="spend", file_name="b.csv", period="2022-06", read=1_800, accepted=1_800, known=0, rejected=0),
    ],
    rejections=[Rejection(rows=2, reason="The amount is no number.", reasons=1)],
    total=Part(value="", count=28_535, pence=52_990_000_000),
    scopes=[
        Part(value="contract_spend", count=20_000, pence=30_000_000_000),
        Part(value="public_body", count=8_535, pence=22_990_000_000),
    ],
    answers=[
        Part(value="no_contract", count=15_000, pence=20_000_000_000),
        Part(value="on_contract", count=5_000, pence=10_000_000_000),
    ],
    sme=[Part(value="yes", count=1, pence=3_000_000_000), Part(value="unknown", count=1, pence=27_000_000_000)],
    local=[Part(value="no", count=1, pence=30_000_000_000)],
    local_dated="2026-11-01",
    unfound=[Part(value="A Very Long Name Of A Supplier That Provides Everything Limited", count=9, pence=1_234_567)],
)


def shown(summary: Summary) -> str:
    console = Console(width=100, record=True, file=open("/dev/null", "w"), highlight=False)  # noqa: SIM115
    show(console, summary)
    return console.export_text()


def test_the_page_says_what_was_spent_on_what_and_on_which_footing() -> None:
    page = shown(SALFORD)
    for line in (
        "Salford City Council (GB-LAE-SLF)",
        "3 files, 28,535 payments, £529.9m paid.",
        "Rejected, 2 rows: The amount is no number.",
    ):
        assert line in page
    rows = [" ".join(line.split()) for line in page.splitlines()]
    for row in (
        "contract register 1 360 360 0 0",
        "spend 2021-04 to 2022-06 2 3,700 3,698 0 2",
        "Contract spend 20,000 £300,000,000.00 56.6 %",
        "Transfers to public bodies 8,535 £229,900,000.00 43.4 %",
        "On a named contract, in its term 5,000 £100,000,000.00 33.3 %",
        "No contract found on the published register 15,000 £200,000,000.00 66.7 %",
        "Small and medium-sized enterprises 10.0 % 0.0 % 90.0 %",
        "Local suppliers (districts as of 2026-11-01) 0.0 % 100.0 % 0.0 %",
    ):
        assert row in rows


def test_the_page_fits_a_hundred_columns_and_accuses_nobody() -> None:
    page = shown(SALFORD)
    assert max(len(line) for line in page.splitlines()) <= 100
    assert "accuses nobody" in page
    for word in ("off-contract", "maverick", "breach", "illegal", "non-compliant"):
        assert word not in page.lower()


def test_a_page_without_payments_stops_after_the_files() -> None:
    nothing = Part(value="", count=0, pence=0)
    page = shown(replace(SALFORD, total=nothing, scopes=(), answers=(), unfound=()))
    assert "What the money was for" not in page


def test_without_a_register_nothing_is_said_of_contracts() -> None:
    page = shown(replace(SALFORD, files=SALFORD.files[1:]))
    assert "No contract register of theirs is on record" in page
    assert "No contract found" not in page


def test_rejections_of_one_kind_are_told_by_their_first() -> None:
    kind = Rejection(rows=4, reason="The contract ends on 2022-05-06, before it starts.", reasons=4)
    page = shown(replace(SALFORD, rejections=[kind]))
    assert "Rejected, 4 rows: The contract ends on 2022-05-06, before it starts. (and 3 alike)" in page


@pytest.mark.parametrize(
    ("pence", "text"), [(0, "£0.00"), (-1, "-£0.01"), (123_456_789, "£1,234,567.89"), (-100_000, "-£1,000.00")]
)
def test_money_is_shown_to_the_penny(pence: int, text: str) -> None:
    assert pounds(pence) == text


def test_millions_and_shares_are_rounded_half_up() -> None:
    assert [millions(p) for p in (52_985_000_000, 99_999_949, -15_000_000_000)] == ["£529.9m", "£999,999", "-£150.0m"]
    assert [share(1, 3), share(1, 2_000), share(-1, 4), share(1, 0)] == ["33.3 %", "0.1 %", "-25.0 %", "–"]


GATEWAY = Path(__file__).parents[3] / "gateway" / "schema.graphql"


@pytest.mark.parametrize(
    "document",
    [asking.document(0), asking.document(1), asking.document(2), asking.FILES, asking.REJECTED, asking.PAID, asking.AWARDED],
)  # fmt: skip
def test_every_question_is_one_that_the_gateway_answers(document: str) -> None:
    assert validate(build_schema(GATEWAY.read_text()), parse(document)) == []
