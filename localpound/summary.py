"""What did a council's files say? The page that a head of procurement reads first, on a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from localpound.screen import counted, millions, numbers, pounds, share, table

SCOPES = {
    "contract_spend": "Contract spend",
    "public_body": "Transfers to public bodies",
    "grant": "Grants",
    "rent": "Rents",
    "rates": "Rates",
    "refund": "Refunds",
    "levy": "Levies and precepts",
    "card": "Purchasing cards",
    "withheld": "Payee withheld by the publisher",
    "unknown": "Not known",
    "": "Not placed yet",
}
ANSWERS = {
    "on_contract": "On a named contract, in its term",
    "ambiguous": "With a registered supplier, no one contract certain",
    "expired": "After the end of the supplier's contracts",
    "early": "Before the start of the supplier's contracts",
    "no_contract": "No contract found on the published register",
    "": "Not judged yet",
}
NAME_WIDTH = 52  # one width for all tables, so that their figures stand below each other
KNOWN = {"yes": "yes", "no": "no", "unknown": "not known"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a total."""

    value: str
    count: int
    pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A source file, and what became of its rows."""

    kind: str
    file_name: str
    period: str | None
    read: int
    accepted: int
    known: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Rows that were rejected for one kind of reason."""

    rows: int
    reason: str
    """As told of the first of them."""
    reasons: int
    """In how many wordings: a reason names what is wrong with its own row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything that the page says of one organisation."""

    organisation: str
    name: str
    files: Sequence[File]
    rejections: Sequence[Rejection]
    total: Part
    scopes: Sequence[Part]
    answers: Sequence[Part]
    sme: Sequence[Part]
    local: Sequence[Part]
    local_dated: str | None
    """The date of the list of postcode districts that says what is local."""
    unfound: Sequence[Part]
    """The largest suppliers of payments for which no contract was found, by name."""
    findings: Sequence[Part] = ()
    """What is to be explained, by rule: how many questions."""
    duplicates: Part | None = None
    """Payments that may be one payment made twice."""
    recovered_pence: int = 0
    """What came back of such payments."""
    incomplete: bool = False


def show(console: Console, summary: Summary) -> None:
    """Print the page."""
    console.rule(f"[bold]{summary.name}[/bold] ({summary.organisation})", align="left")
    console.print(
        f"{counted(len(summary.files), 'file')}, {counted(summary.total.count, 'payment')},"
        f" {millions(summary.total.pence)} paid."
    )
    console.print(_files(summary.files))
    for rejection in summary.rejections:
        alike = f" (and {rejection.rows - 1:,} alike)" if rejection.reasons > 1 else ""
        console.print(f"  Rejected, {counted(rejection.rows, 'row')}: {rejection.reason}{alike}", soft_wrap=True)
    if summary.total.count == 0:
        return
    console.print(_parts("What the money was for", SCOPES, summary.scopes, summary.total.pence))
    if not any(file.kind == "register" for file in summary.files):
        console.print("  No contract register of theirs is on record, so nothing is said of contracts.")
    elif summary.answers:
        _show_contract_spend(console, summary)
    if summary.duplicates is not None:
        console.print(
            f"  Possible duplicate payments: {counted(summary.duplicates.count, 'question')},"
            f" {pounds(summary.duplicates.pence)} at stake, {pounds(summary.recovered_pence)} recovered. They are told by"
            f"\n  invoice numbers, which not every council publishes."
        )
    if summary.incomplete:
        console.print("[yellow]Some events could not be read yet: localpound parked lists them.[/yellow]")


def _show_contract_spend(console: Console, summary: Summary) -> None:
    whole = sum(part.pence for part in summary.answers)
    console.print(_parts("Contract spend, beside the published register", ANSWERS, summary.answers, whole))
    console.print(
        "  A published register is not the whole register: where no contract was found, there may well\n"
        "  be one. It is a list of questions to ask, and accuses nobody."
    )
    if summary.unfound:
        console.print(_suppliers(summary.unfound, whole))
    console.print(_shares(summary, whole))
    if any(part.count for part in summary.findings):
        console.print(_findings(summary))


def _findings(summary: Summary) -> Table:
    made = numbers(_named("To explain (localpound findings lists them, the most money first)"), "questions", "at stake")
    for part in summary.findings:
        made.add_row(part.value, f"{part.count:,}", pounds(part.pence))
    return made


def _files(files: Sequence[File]) -> Table:
    made = numbers(table("Files", "kind", "period"), "files", "rows read", "on record", "known", "rejected")
    for kind, title in (("register", "contract register"), ("spend", "spend")):
        chosen = [file for file in files if file.kind == kind]
        if chosen:
            periods = sorted(file.period for file in chosen if file.period)
            span = " to ".join(dict.fromkeys((periods[0], periods[-1]))) if periods else ""
            cells = [len(chosen), *(sum(getattr(f, name) for f in chosen) for name in COUNTS)]
            made.add_row(title, span, *(f"{cell:,}" for cell in cells))
    return made


COUNTS = ("read", "accepted", "known", "rejected")


def _parts(title: str, words: Mapping[str, str], parts: Iterable[Part], whole: int) -> Table:
    made = numbers(_named(title), "payments", "net", "share")
    order = list(words)
    for part in sorted(parts, key=lambda each: order.index(each.value) if each.value in words else len(order)):
        name = words.get(part.value, part.value)
        made.add_row(name, f"{part.count:,}", pounds(part.pence), share(part.pence, whole))
    return made


def _named(title: str) -> Table:
    made = table(title)
    made.add_column("", min_width=NAME_WIDTH)
    return made


def _suppliers(parts: Sequence[Part], whole: int) -> Table:
    made = numbers(_named("Largest suppliers for whom no contract was found"), "payments", "net", "share")
    for part in parts:
        made.add_row(part.value, f"{part.count:,}", pounds(part.pence), share(part.pence, whole))
    return made


def _shares(summary: Summary, whole: int) -> Table:
    made = numbers(_named("Of contract spend, by net pounds"), *KNOWN.values())
    for title, parts in (
        ("Small and medium-sized enterprises", summary.sme),
        (f"Local suppliers (districts as of {summary.local_dated})", summary.local),
    ):
        pence = {part.value: part.pence for part in parts}
        made.add_row(title, *(share(pence.get(value, 0), whole) for value in KNOWN))
    return made
