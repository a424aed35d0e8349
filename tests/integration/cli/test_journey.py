"""A council's files through a whole stack: imported, reconciled, verified, lost, and brought back."""

import csv
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest

from tests.integration.cli.command_line import ROOT, CommandLine

SAMPLES = ROOT / "samples"
REGISTER = SAMPLES / "salford" / "contracts-register-2022-07.csv"
MONTH = SAMPLES / "salford" / "spend-2021-04.csv"


@pytest.fixture(scope="module")
def localpound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    command_line = CommandLine(tmp_path_factory.mktemp("home"))
    command_line("up", "--detach")
    yield command_line
    command_line("down")


@pytest.fixture(scope="module")
def imported(localpound: CommandLine) -> CommandLine:
    """Salford's register and its first month."""
    told = localpound.told("import", "register", str(REGISTER), "-o", "GB-LAE-SLF")
    assert told["reports"][0]["rows"] == {"read": 360, "new": 355, "known": 0, "corrected": 0, "rejected": 5}
    told = localpound.told("import", "spend", str(MONTH), "-o", "GB-LAE-SLF")
    assert told["visible"] is True
    assert told["reports"][0]["rows"] == {"read": 3_086, "new": 3_086, "known": 0, "corrected": 0, "rejected": 0}
    return localpound


def test_every_penny_is_found_everywhere(imported: CommandLine) -> None:
    told = imported.told("reconcile", "-o", "GB-LAE-SLF")
    register, month = told["files"]
    assert (register["file_name"], month["file_name"]) == (REGISTER.name, MONTH.name)
    for place in ("log", "kafka", "read_model", "gateway"):
        assert (month[place]["rows"], month[place]["pence"]) == (3_086, 4_526_094_381)
        assert (register[place]["rows"], register[place]["pence"]) == (355, 159_684_201_994)
    assert told["differences"] == 0
    assert register["not_counted"] == month["not_counted"] == []


def test_a_file_that_is_sent_again_changes_nothing(imported: CommandLine) -> None:
    (told,) = imported.told("import", "spend", str(MONTH), "-o", "GB-LAE-SLF")["reports"]
    assert told["already_received"] is True
    assert told["rows"] == {"read": 3_086, "new": 0, "known": 3_086, "corrected": 0, "rejected": 0}


def test_a_file_under_a_false_flag_is_refused(imported: CommandLine) -> None:
    told = imported.told("import", "spend", str(REGISTER), "-o", "GB-LAE-SLF", expect=1)
    assert told["reports"] == []
    assert told["refused"][0]["message"] == "This is a contract register, not a spend file."


def test_a_dry_run_shows_the_columns_and_records_nothing(imported: CommandLine) -> None:
    june = str(SAMPLES / "salford" / "spend-2021-06.csv")
    (told,) = imported.told("import", "spend", june, "--dry-run", "-o", "GB-LAE-SLF")["previews"]
    assert (told["accepted"], told["rejected"]) == ({"rows": 1_548, "pence": 3_352_995_762}, [])
    said = imported("import", "spend", june, "--dry-run", "-o", "GB-LAE-SLF")
    assert "It would accept 1,548 rows, £33,529,957.62." in said
    assert "Nothing was recorded." in said
    assert len(imported.told("reconcile", "-o", "GB-LAE-SLF")["files"]) == 2


def names(imported: CommandLine, state: str) -> dict[str, dict[str, Any]]:
    """Names that stand like this, by name."""
    told = imported.told("links", "--state", state, "-o", "GB-LAE-SLF")
    return {each["name"]: each for each in told["names"]}


def seen(imported: CommandLine, name: str, state: str) -> dict[str, Any]:
    """A name, once the read models show that it stands like this."""
    for _ in range(100):
        if found := names(imported, state).get(name):
            return found
        sleep(0.1)
    raise AssertionError(name)


def test_a_proposed_link_is_accepted_and_taken_back(imported: CommandLine) -> None:
    evidence = {name: each["evidenceInName"] for name, each in names(imported, "linked").items() if each["score"]}
    assert evidence == {
        "Capita Property & Infrastructure Lt": "the same name, its legal form left out",
        "Electoral Reform Services": "the beginning of the name, cut off",
        "Electricity Northwest": "the same name and legal form",
        "Salford Community & Voluntary Servi": "the beginning of the name, cut off",
    }
    name, before = next(iter(names(imported, "proposed").items()))
    (candidate,) = before["candidates"]
    decided = (before["payeeId"], candidate["supplierId"])
    imported("link", *decided, "accept", "--reason", "As on the invoice", "-o", "GB-LAE-SLF")
    linked = seen(imported, name, "linked")
    assert (linked["supplierId"], linked["basis"], linked["decided"]) == (decided[1], "person", "accepted")
    again = imported.told("link", *decided, "accept", "--reason", "As on the invoice", "-o", "GB-LAE-SLF")
    assert again["new"] == 0
    imported("link", *decided, "withdraw", "--reason", "Another company", "-o", "GB-LAE-SLF")
    after = seen(imported, name, "proposed")
    assert after == before | {"decided": "withdrawn"}
    assert imported.told("reconcile", "-o", "GB-LAE-SLF")["differences"] == 0


def test_a_payee_is_withheld_from_everybody_outside_and_named_again(imported: CommandLine) -> None:
    payee = next(iter(names(imported, "linked").values()))["payeeId"]
    decided = ("withhold", payee, "-o", "GB-LAE-SLF", "--reason", "Not to be named")
    assert imported.told(*decided)["new"] == 1
    assert imported.told(*decided)["new"] == 0
    assert imported.told(*decided, "--decision", "withdraw")["new"] == 1
    imported(*decided, "--decision", "withdraw", expect=1)


def test_a_list_leaves_as_a_workbook_and_as_csv(imported: CommandLine, tmp_path: Path) -> None:
    files = {form: tmp_path / f"payments.{form}" for form in ("csv", "xlsx")}
    arguments = [part for form, path in files.items() for part in (f"--{form}", str(path))]
    told = imported.told("export", "payments", *arguments, "-o", "GB-LAE-SLF")
    assert told["written"] == {str(path): path.stat().st_size for path in files.values()}
    for path in files.values():
        (preview,) = imported.told("import", "spend", str(path), "--dry-run", "-o", "GB-LAE-SLF")["previews"]
        assert preview["accepted"] == {"rows": 3_086, "pence": 4_526_094_381}
    refused = imported.told("export", "pounds", "--csv", str(tmp_path / "x.csv"), "-o", "GB-LAE-SLF", expect=1)
    assert refused["error"]["code"] == "no-such-list"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["payments.csv", "payments.xlsx"]


def test_rejected_rows_are_downloaded_mended_and_sent_again(imported: CommandLine, tmp_path: Path) -> None:
    council = "GB-LAE-DEV"
    faulty, fixed = tmp_path / "faulty.csv", tmp_path / "fixed.csv"
    faulty.write_text(
        "Date,Document No,Supplier Name,Net Amount\n2021-04-01,D1,Acme Ltd,100.00\n"
        "2021-04-02,D2,=Bolt Ltd,fifty\n2021-02-31,D3,Corner Shop,7.70\n"
    )
    (first,) = imported.told("import", "spend", str(faulty), "-o", council)["reports"]
    assert first["rows"] == {"read": 3, "new": 1, "known": 0, "corrected": 0, "rejected": 2}
    arguments = ("export", "to-mend", "--file", first["file_id"], "--csv", str(fixed), "-o", council)
    imported.told(*arguments)
    header, *rows = csv.reader(fixed.read_text(encoding="utf-8-sig").splitlines())
    assert header[:5] == [f"localpound {name}" for name in ("line", "field", "value", "reason", "remedy")]
    assert [(row[0], row[1], row[2], row[5:]) for row in rows] == [
        ("3", "net", "fifty", ["2021-04-02", "D2", "'=Bolt Ltd", "fifty"]),
        ("4", "paid_on", "2021-02-31", ["2021-02-31", "D3", "Corner Shop", "7.70"]),
    ]
    rows[0][-1] = "50.00"
    with fixed.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    (second,) = imported.told("import", "spend", str(fixed), "--resubmits", first["file_id"], "-o", council)["reports"]
    assert second["rows"] == {"read": 2, "new": 1, "known": 0, "corrected": 0, "rejected": 1}
    told = imported.told("reconcile", "-o", council)
    assert told["differences"] == 0
    assert [file["gateway"]["pence"] for file in told["files"]] == [10_000, 5_000]
    imported.told("export", "rejects", "--csv", str(fixed), "--file", first["file_id"], "-o", council)
    mended, again = csv.DictReader(fixed.read_text(encoding="utf-8-sig").splitlines())
    assert {row["ResubmittedIn"] for row in (mended, again)} == {second["file_id"]}
    assert (mended["Line"], mended["ResubmittedLine"], len(mended["PaymentId"])) == ("3", "2", 24)
    assert (again["Line"], again["ResubmittedLine"], again["PaymentId"]) == ("4", "3", "")


def test_a_mapping_names_columns_that_are_not_recognised(imported: CommandLine, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("Updated,Supplier ID(T),Amount\n2022-08-28,Barclaycard,120.00\n")
    refused = imported.told("import", "spend", str(odd), "--dry-run", "-o", "GB-LAE-SLF", expect=1)["refused"][0]
    assert "perhaps paid_on=Updated" in refused["remedy"]
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"paid_on": "Updated", "supplier": "Supplier ID(T)"}')
    arguments = ("import", "spend", str(odd), "--dry-run", "--mapping", str(mapping), "-o", "GB-LAE-SLF")
    (told,) = imported.told(*arguments)["previews"]
    assert told["accepted"] == {"rows": 1, "pence": 12_000}


def test_what_a_machine_posted_is_accounted_for_beside_the_files(imported: CommandLine) -> None:
    address = json.loads((imported.home / "run" / "addresses.json").read_text())["spend"]
    key = json.loads((imported.home / "keys" / "ledger.json").read_text())
    gateway = json.loads((imported.home / "run" / "addresses.json").read_text())["gateway"]
    form = {
        "grant_type": "client_credentials", "client_id": key["client_id"], "client_secret": key["client_secret"],
        "organisation": "GB-LAE-SLF",
    }  # fmt: skip
    token = httpx.post(f"{gateway}/token", data=form, trust_env=False).raise_for_status().json()["access_token"]
    body = {"paid_on": "2021-04-30", "supplier_name": "Acme Ltd", "net": "950.00"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "journey-1"}
    httpx.post(f"{address}/payments", json=body, headers=headers, trust_env=False).raise_for_status()
    imported.told("import", "spend", str(MONTH), "-o", "GB-LAE-SLF")  # waits until all is visible
    register, posted, month = sorted(
        imported.told("reconcile", "-o", "GB-LAE-SLF")["files"], key=lambda each: each["file_name"]
    )
    assert (register["kind"], month["kind"], posted["file_name"]) == ("register", "spend", "posted by machines")
    for place in ("log", "kafka", "read_model", "gateway"):
        assert (posted[place]["rows"], posted[place]["pence"]) == (1, 95_000)


def test_a_machine_for_payments_may_not_import_a_register(imported: CommandLine) -> None:
    told = imported.told("import", "register", str(REGISTER), "-o", "GB-LAE-SLF", "--as", "ledger", expect=1)
    assert told["error"]["code"] == "forbidden"


def test_the_sample_queries_have_answers(imported: CommandLine) -> None:
    for query in sorted((SAMPLES / "queries").glob("*.graphql")):
        answer = json.loads(imported("query", str(query), "-o", "GB-LAE-SLF"))
        assert "errors" not in answer
    summary = json.loads(imported("query", str(SAMPLES / "queries" / "summary.graphql"), "-o", "GB-LAE-SLF"))
    assert summary["data"]["organisation"]["summary"]["total"] == {"count": 3_087, "netPence": 4_526_189_381}


def test_a_watched_folder_answers_each_file_beside_it(imported: CommandLine, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    shutil.copy(SAMPLES / "devon" / "DCCSpendingOver500_201307.csv", outbox / "july.csv")
    shutil.copy(REGISTER, outbox / "register.csv")
    (outbox / ".hidden").write_text("not yet")
    imported("watch", str(outbox), "-o", "GB-LAE-DEV", "--once", "--settled", "0.1")
    assert sorted(str(path.relative_to(outbox)) for path in outbox.rglob("*") if path.is_file()) == [
        ".hidden", "refused/register.csv", "refused/register.csv.receipt.json", "taken/july.csv",
        "taken/july.csv.receipt.json", "taken/july.csv.rejects.csv",
    ]  # fmt: skip
    receipt = json.loads((outbox / "taken" / "july.csv.receipt.json").read_text())
    assert receipt["rows"] == {"read": 9_062, "new": 9_056, "known": 0, "corrected": 0, "rejected": 6}
    refused = json.loads((outbox / "refused" / "register.csv.receipt.json").read_text())
    assert refused["message"] == "This is a contract register, not a spend file."
    with (outbox / "taken" / "july.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(row["line"], row["value"]) for row in rejects][:4] == [
        ("3454", "1294.052"), ("4667", "1891.045"), ("5020", "641.305"), ("5112", "'-6.82121E-13"),
    ]  # fmt: skip

    shutil.copy(SAMPLES / "devon" / "DCCSpendingOver500_201307.csv", outbox / "july.csv")
    said = imported("watch", str(outbox), "-o", "GB-LAE-DEV", "--once", "--settled", "0.1")
    assert "july.csv: 0 new rows, £0.00; 9,056 known" in said
    assert (outbox / "taken" / "july-2.csv.receipt.json").exists()


def test_a_month_that_is_published_again_corrects_what_it_states_otherwise(
    imported: CommandLine, tmp_path: Path
) -> None:
    header, row, *rest = MONTH.read_text().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    amended = ",".join({**cells, "Net": "1234.56", "VAT": "0", "Gross": "1234.56"}.values())
    again = tmp_path / "spend-2021-04-again.csv"
    again.write_text("\n".join([header, amended, *rest]))
    (told,) = imported.told("import", "spend", str(again), "-o", "GB-LAE-SLF")["reports"]
    assert told["rows"] == {"read": 3_086, "new": 0, "known": 3_085, "corrected": 1, "rejected": 0}
    accounts = {each["file_name"]: each for each in imported.told("reconcile", "-o", "GB-LAE-SLF")["files"]}
    corrected, month = accounts[again.name], accounts[MONTH.name]
    for place in ("log", "kafka", "read_model", "gateway"):
        assert (corrected[place]["rows"], corrected[place]["pence"]) == (1, 123_456)
        assert month[place]["rows"] == (3_086 if place in {"log", "kafka"} else 3_085)
    assert month["superseded"]["rows"] == 1


def test_no_log_line_says_who_was_paid(imported: CommandLine, tmp_path: Path) -> None:
    person = "Mr Aloysius Quillfeather"
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(
        f"Date,Document No,Supplier Name,Net Amount\n2021-04-01,D1,{person},7.00\n2021-04-01,D2,{person},x\n"
    )
    (report,) = imported.told("import", "spend", str(faulty), "-o", "GB-LAE-SLF")["reports"]
    assert (report["rows"]["new"], report["rows"]["rejected"]) == (1, 1)
    doors = json.loads((imported.home / "run" / "addresses.json").read_text())
    asked = {"query": f'{{ payments(where: {{search: "{person}"}}) {{ nodes {{ paymentId }} }} nobody }}'}
    answers = [
        httpx.post(f"{doors['spend']}/payments", content=f'{{"supplier_name": "{person}"'),
        httpx.post(f"{doors['gateway']}/graphql", json=asked),
        httpx.get(f"{doors['gateway']}/organisations/GB-LAE-SLF/payments", params={"q": person, "least": person}),
        httpx.get(f"{doors['gateway']}/organisations/{person}/suppliers/{person}"),
    ]
    assert all(person not in answer.text for answer in answers if answer.status_code >= 400)
    with MONTH.open(encoding="utf-8-sig", newline="") as file:
        named = {row["Vendor Name"] for row in csv.DictReader(file)} | {person, person.replace(" ", "%20")}
    logs = {path.name: path.read_text(errors="replace") for path in (imported.home / "logs").iterdir()}
    assert {"spend.log", "gateway.log", "reporting.log", "postgres.log", "kafka.log"} <= logs.keys()
    assert naming({"planted": f"read {person}"}, named) == [("planted", person)]
    assert naming(logs, named) == []


def naming(logs: Mapping[str, str], names: Iterable[str]) -> list[tuple[str, str]]:
    """Which logs say which of these names; shorter ones stand in other words."""
    return [(log, name) for log, text in logs.items() for name in names if len(name) > 8 and name in text]


def test_everything_is_lost_and_brought_back(imported: CommandLine, tmp_path: Path) -> None:
    before = imported.told("reconcile", "-o", "GB-LAE-SLF")
    verified = imported.told("verify", "--from", "feed", "--from", "postgresql", "--from", "kafka")
    assert verified["verdict"] == "intact"
    imported("backup", str(tmp_path / "safe"))
    imported("down")
    shutil.rmtree(imported.home / "data")

    assert imported.told("restore", str(tmp_path / "safe"))["verdict"] == "intact"
    imported("up", "--detach")
    again = imported.told("import", "spend", str(MONTH), "-o", "GB-LAE-SLF")["reports"][0]
    assert (again["already_received"], again["rows"]["new"]) == (True, 0)
    restored = imported.told("verify", "--from", "feed", "--from", "postgresql", "--from", "kafka")
    assert restored["verdict"] == "intact"
    assert imported.told("reconcile", "-o", "GB-LAE-SLF") == before
    assert roots(restored, "spend") == roots(verified, "spend")
    assert [model["rebuilt_digests"] for model in restored["read_models"] if model["name"] != "audit_trail"] == [
        model["rebuilt_digests"] for model in verified["read_models"] if model["name"] != "audit_trail"
    ]


def roots(told: dict[str, Any], service: str) -> set[tuple[str, str]]:
    return {
        (log["log"], log["root"])
        for source in told["sources"]
        for log in source["logs"]
        if log["log"].endswith(service)
    }
