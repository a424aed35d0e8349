"""`localpound publish payments --quarter 2021-Q2`: draw a quarter up, look at it, approve it."""

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from localpound.asking import ask
from localpound.client import Client, DoorError
from localpound.screen import (
    OFFICER,
    Account,
    AsJson,
    Organisation,
    decimal,
    numbers,
    out,
    plain_failures,
    pounds,
    print_document,
    table,
)

publish = typer.Typer(help="Publish what the law asks for.", no_args_is_help=True)
app = typer.Typer()
app.add_typer(publish, name="publish")
APPROVED = ("quarter", "known_at", "rules_dated")


@publish.callback()
def about() -> None:
    """Publish what the law asks for."""


@publish.command("payments")
def payments(
    organisation: Organisation,
    quarter: Annotated[str, typer.Option(metavar="QUARTER", help="As 2021-Q2, which is April to June 2021.")],
    approve: Annotated[bool, typer.Option("--approve", help="Publish it; without, it is only drawn up.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why it is published again.")] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Write the files here to look at.")] = None,
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Draw up a quarter's payments over £500 and card transactions; with --approve, publish them for good.

    Names of persons are withheld by rule, and every payment is in a file or left out for a reason: together they are
    the record's own total, to the penny. It is refused while a file is held whose total failed.

    Example: localpound publish payments --quarter 2021-Q2 -o GB-LAE-SLF --approve
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        drawn = client.get(
            "gateway", f"/organisations/{organisation}/publications/{quarter}/draft", organisation=organisation
        ).json()
        if to is not None:
            _write(to, drawn)
        receipt = _approve(client, organisation, drawn, reason) if approve else None
    if as_json:
        files = [{name: value for name, value in file.items() if name != "content"} for file in drawn["files"]]
        print_document(drawn | {"files": files, "receipt": receipt})
    else:
        _show(drawn, receipt)


DUTIES = """
query Duties($organisation: String!, $quarter: String!) {
  organisation(organisation: $organisation) { duties(quarter: $quarter) {
    over30000 { dueOn outside { payments netPence } notKnown { payments netPence } noContract { payments netPence }
      withoutVat { payments netPence } }
    promptPayment { first last dueOn known { payments netPence } missing { payments netPence } meanDays within30
      within60 later payablePence unpaidPence } } }
}
"""


@publish.command("duties")
def duties(
    organisation: Organisation,
    quarter: Annotated[str, typer.Option(metavar="QUARTER", help="As 2026-Q2, which is April to June 2026.")],
    account: Account = OFFICER,
    as_json: AsJson = False,
) -> None:
    """Say what the Procurement Act 2023 asks of a quarter's payments (section 70, regulation 38), and what is missing.

    Example: localpound publish duties --quarter 2022-Q2 -o GB-LAE-SLF
    """
    with plain_failures(as_json=as_json), Client.local(account) as client:
        told = ask(client, DUTIES, organisation, quarter=quarter)["organisation"]
        if told is None:
            raise DoorError("no-such-organisation", f"There is nothing of {organisation} on record here.")
    found = told["duties"]
    if as_json:
        print_document(found)
        return
    large, prompt = found["over30000"], found["promptPayment"]
    shown = numbers(table(f"Payments over £30,000, {quarter}, due by {large['dueOn']}", ""), "payments", "pounds")
    for name, words in (
        ("outside", "not asked for: the contract began before 1 April 2026"),
        ("notKnown", "may be asked for: nothing says when the procurement commenced"),
        ("noContract", "on no one contract for certain"),
        ("withoutVat", "among these, no VAT stated"),
    ):
        shown.add_row(words, f"{large[name]['payments']:,}", pounds(int(large[name]["netPence"])))
    out.print(shown)
    out.print(f"Payment of invoices, {prompt['first']} to {prompt['last']}, due by {prompt['dueOn']}:")
    if prompt["meanDays"] is None:
        out.print("missing: no payment says when its invoice was received.")
        return
    known, missing = prompt["known"]["payments"], prompt["missing"]["payments"]
    out.print(
        f"{prompt['meanDays']} days in the mean; {prompt['within30']:,} of {known:,} within 30 days,"
        f" {prompt['within60']:,} within 60, {prompt['later']:,} later; {missing:,} payments do not say, and are left out."
    )
    late, payable = int(prompt["unpaidPence"]), int(prompt["payablePence"])
    out.print(f"{pounds(payable)} became payable; of that {pounds(late)} was paid after the six months.")


def _approve(client: Client, organisation: str, drawn: dict[str, Any], reason: str | None) -> dict[str, Any]:
    if drawn["incomplete"]:
        raise DoorError(
            "incomplete", "Events wait that could not be read: what was drawn up may lack something.",
            detail={"remedy": "See which: localpound parked"},
        )  # fmt: skip
    left_out = [
        {"reason": each["reason"], "payments": each["payments"], "net": decimal(each["net_pence"])}
        for each in drawn["left_out"]
    ]
    files = [{"name": f["name"], "text": f["content"], "payments": f["payments"]} for f in drawn["files"]]
    sent = {name: drawn[name] for name in APPROVED} | {"files": files, "left_out": left_out, "reason": reason}
    receipt: dict[str, Any] = client.send(
        "POST", "spend", "/publications", organisation=organisation, json=sent,
        headers={"Idempotency-Key": secrets.token_hex(16)},
    ).json()  # fmt: skip
    return receipt


def _write(folder: Path, drawn: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in drawn["files"]:
        (folder / file["name"]).write_bytes(file["content"].encode())


def _show(drawn: dict[str, Any], receipt: dict[str, Any] | None) -> None:
    shown = numbers(table(f"{drawn['quarter']}, due by {drawn['due_on']}", ""), "rows", "pounds")
    for file in drawn["files"]:
        amount = pounds(file["net_pence"]) if file["payments"] else "–"
        shown.add_row(f"{file['title']}\n[dim]{file['name']}[/dim]", f"{file['rows']:,}", amount)
    for each in drawn["left_out"]:
        shown.add_row(f"left out: {each['reason']}", f"{each['payments']:,}", pounds(each["net_pence"]))
    control = drawn["control"]
    shown.add_section()
    shown.add_row("everything that was paid", f"{control['payments']:,}", pounds(control["net_pence"]))
    out.print(shown)
    for note in drawn["notes"]:
        out.print(f"Note: of {note['rows']:,} rows, {note['note']}.")
    if receipt is None:
        out.print("Nothing is published yet: look at it, then add --approve.")
    else:
        out.print(f"Published as {receipt['publication_ids'][0]}, at {receipt['positions'][-1]}.")
