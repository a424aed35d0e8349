"""What persons decide and registers say, by the command line through a whole stack, until it is seen."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests.integration.cli.command_line import ROOT, CommandLine
from tests.integration.spend.test_references import COMPANY, table

SALFORD, DEVON = "GB-LAE-SLF", "GB-LAE-DEV"
REGISTER = ROOT / "samples" / "salford" / "contracts-register-2022-07.csv"
MONTH = ROOT / "samples" / "salford" / "spend-2021-04.csv"
ONE = """query { payments(where: {organisation: "GB-LAE-SLF", scope: CONTRACT_SPEND}, orderBy: NET_PENCE_DESC, first: 1) {
  nodes { paymentId netPence category { firstLevel source } } } }"""
WHO = """query { organisation(organisation: "GB-LAE-SLF") { who { shares { key ofContractSpend { yes no unknown } } } } }"""
SUPPLIERS = """query { suppliers(where: {organisation: "GB-LAE-SLF", registered: true}, first: 100) {
  nodes { supplierId companyNumber netPence mergedInto } } }"""


@pytest.fixture(scope="module")
def localpound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    command_line = CommandLine(tmp_path_factory.mktemp("home"))
    command_line("up", "--detach")
    command_line.told("import", "register", str(REGISTER), "-o", SALFORD)
    command_line.told("import", "spend", str(MONTH), "-o", SALFORD)
    yield command_line
    command_line("down")


class Asked:
    """Queries, by files."""

    def __init__(self, localpound: CommandLine, folder: Path) -> None:
        self._localpound, self._folder = localpound, folder

    def __call__(self, query: str) -> Any:
        path = self._folder / "query.graphql"
        path.write_text(query)
        return json.loads(self._localpound("query", str(path), "-o", SALFORD))["data"]

    def until(self, query: str, wanted: Any) -> Any:
        """Ask until the answer is so, for a minute."""
        end = monotonic() + 60
        while not wanted(found := self(query)):
            assert monotonic() < end, found
            sleep(0.2)
        return found


@pytest.fixture
def asked(localpound: CommandLine, tmp_path: Path) -> Asked:
    return Asked(localpound, tmp_path)


def test_a_scope_and_a_category_are_decided_and_taken_back(localpound: CommandLine, asked: Asked) -> None:
    largest = asked(ONE)["payments"]["nodes"][0]
    payment = largest["paymentId"]
    told = localpound.told("scope", payment, "grant", "--reason", "An agreement", "-o", SALFORD)
    assert told["new"] == 1
    asked.until(ONE, lambda found: found["payments"]["nodes"][0]["paymentId"] != payment)
    localpound.told("scope", payment, "--withdraw", "--reason", "None after all", "-o", SALFORD)
    asked.until(ONE, lambda found: found["payments"]["nodes"][0] == largest)
    localpound.told("category", payment, "391400", "--reason", "Roads", "-o", SALFORD)
    decided = {"firstLevel": "390000", "source": "person"}
    asked.until(ONE, lambda found: found["payments"]["nodes"][0]["category"] == decided)
    localpound.told("category", payment, "--withdraw", "--reason", "None after all", "-o", SALFORD)
    asked.until(ONE, lambda found: found["payments"]["nodes"][0] == largest)
    localpound("scope", payment, "--reason", "neither", "-o", SALFORD, expect=2)


def test_two_suppliers_are_merged_and_split(localpound: CommandLine, asked: Asked) -> None:
    before = asked(SUPPLIERS)["suppliers"]["nodes"]
    unnumbered = next(each for each in before if each["companyNumber"] is None and int(each["netPence"]) > 0)
    other = next(each for each in before if each["companyNumber"] is not None)
    merged = (unnumbered["supplierId"], other["supplierId"])
    assert localpound.told("merge", *merged, "--reason", "One company", "-o", SALFORD)["new"] == 1

    def together(found: Any) -> bool:
        paid = {each["supplierId"]: int(each["netPence"]) for each in found["suppliers"]["nodes"]}
        return paid.get(merged[1]) == int(unnumbered["netPence"]) + int(other["netPence"])

    asked.until(SUPPLIERS, together)
    assert localpound.told("split", merged[0], "--reason", "Two", "-o", SALFORD)["supplier_ids"] == [merged[0]]
    asked.until(SUPPLIERS, lambda found: found["suppliers"]["nodes"] == before)


def test_what_companies_house_says_is_seen_among_who_is_paid(
    localpound: CommandLine, asked: Asked, tmp_path: Path
) -> None:
    def small(found: Any) -> int:
        shares = {each["key"]: each["ofContractSpend"] for each in found["organisation"]["who"]["shares"]}
        return int(shares["sme_accounts"]["yes"])

    assert small(asked(WHO)) == 0
    supplier = next(each for each in asked(SUPPLIERS)["suppliers"]["nodes"] if each["companyNumber"])
    file = tmp_path / "BasicCompanyDataAsOneFile-2026-11-01.csv"
    file.write_bytes(table("companies", {**COMPANY, "CompanyNumber": supplier["companyNumber"]}))
    (report,) = localpound.told("import", "reference", str(file), "-o", SALFORD)["reports"]
    assert (report["kind"], report["stated_on"], report["rows"]["new"]) == ("companies", "2026-11-01", 1)
    asked.until(WHO, lambda found: small(found) > 0)
    sheet = tmp_path / "who.csv"
    localpound.told("export", "who", "--csv", str(sheet), "-o", SALFORD)
    with sheet.open(encoding="utf-8-sig", newline="") as rows:
        assert {row["Denominator"] for row in csv.DictReader(rows)} == {"all", "contract_spend"}
    refused = localpound.told("import", "reference", str(MONTH), "-o", SALFORD, expect=1)["refused"]
    assert refused[0]["code"] == "no-reference-file"


def test_pay_runs_are_compared_from_a_file(localpound: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "pay-runs.csv"
    file.write_text("pay_run,payments,net\n2022-W26,0,0.00\n")
    told = localpound.told("pay-runs", str(file), "-o", SALFORD)
    assert [(each["pay_run"], each["agrees"]) for each in told["pay_runs"]] == [("2022-W26", True)]
    file.write_text("pay_run,payments,net\n2022-W26,0,0.00\n2022-W27,2,10.50\n")
    told = localpound.told("pay-runs", str(file), "-o", SALFORD, expect=2)
    assert told["pay_runs"][1]["difference"] == {"payments": -2, "net": "-10.50"}
    file.write_text("pay_run,payments,net\n2022-W27,two,10.50\n")
    localpound("pay-runs", str(file), "-o", SALFORD, expect=1)


def test_what_is_to_be_explained_is_explained_by_one_and_not_settled_by_the_same(localpound: CommandLine) -> None:
    listed = localpound.told("findings", "-o", SALFORD, "--first", "3")
    first, second, _ = listed["nodes"]
    for earlier in (("--as-of", "2020-01-01"), ("--as-known-at", "2020-01-01T00:00:00Z")):
        assert localpound.told("findings", "-o", SALFORD, *earlier)["nodes"] == []
    ids = (first["findingId"], second["findingId"])
    localpound.told("assign", *ids, "--owner", "Head of Highways", "--due", "2022-09-30", "-o", SALFORD)
    assert localpound.told("answer", "explained", *ids, "--reason", "A framework", "-o", SALFORD)["new"] == 2
    localpound("answer", "accepted", ids[0], "--reason", "Seen", "-o", SALFORD, expect=1)
    end = monotonic() + 60
    while len(found := localpound.told("findings", "--state", "explained", "-o", SALFORD)["nodes"]) < 2:
        assert monotonic() < end
        sleep(0.2)
    assert {(each["findingId"], each["reason"], each["owner"]) for each in found} == {
        (finding, "A framework", "Head of Highways") for finding in ids
    }
    localpound("answer", "explained", "0123456789abcdef", "--reason", "None", "-o", SALFORD, expect=1)


FIGURES = """query ($at: DateTime) { organisation(organisation: "GB-LAE-SLF", asKnownAt: $at) { summary {
  total { count netPence } byScope { value count netPence } byAnswer { value count netPence } } } }"""


def test_a_second_program_comes_to_the_same_figures_now_and_as_they_were_known(
    localpound: CommandLine, asked: Asked, tmp_path: Path
) -> None:
    def shown(at: str) -> dict[str, Any]:
        summary: dict[str, Any] = asked(FIGURES.replace("($at: DateTime)", "").replace("$at", f'"{at}"'))
        return summary["organisation"]["summary"]  # type: ignore[no-any-return]

    before = datetime.now(UTC).isoformat()
    (payment,) = asked(ONE)["payments"]["nodes"]
    localpound.told("scope", payment["paymentId"], "grant", "--reason", "An award letter", "-o", SALFORD)
    asked.until(ONE, lambda found: found["payments"]["nodes"][0]["paymentId"] != payment["paymentId"])
    after = datetime.now(UTC).isoformat()
    folder = tmp_path / "logs"
    localpound.told("export", str(folder), "-o", SALFORD)
    told = {}
    for at in (before, after):
        total = str(shown(at)["total"]["netPence"])
        program = [sys.executable, "-m", "auditor", str(folder), SALFORD]
        ran = subprocess.run(
            [*program, "--known-at", at, "--control-total", total], capture_output=True, text=True, check=True, cwd=ROOT
        )
        told[at] = json.loads(ran.stdout)
        for ours, theirs in (("by_scope", "byScope"), ("by_answer", "byAnswer")):
            assert {name: (part["count"], part["pence"]) for name, part in told[at][ours].items()} == {
                part["value"]: (part["count"], int(part["netPence"])) for part in shown(at)[theirs]
            }
    moved = told[before]["contract_spend_pence"] - told[after]["contract_spend_pence"]
    assert moved == int(payment["netPence"])
    assert told[after]["decided"][-1]["said"]["reason"] == "An award letter"


def test_a_quarter_is_drawn_up_approved_served_to_anybody_and_recomputed(
    localpound: CommandLine, tmp_path: Path
) -> None:
    quarter = ("publish", "payments", "--quarter", "2021-Q2", "-o", SALFORD)
    drawn = localpound.told(*quarter, "--to", str(tmp_path / "draft"))
    assert drawn["receipt"] is None
    published = localpound.told(*quarter, "--approve")
    assert published["receipt"]["publication_ids"] == ["2021-Q2/1"]
    assert published["files"] == drawn["files"]
    rows = sum(f["rows"] for f in drawn["files"] if f["payments"]) + sum(p["payments"] for p in drawn["left_out"])
    assert rows == drawn["control"]["payments"] > 3_000
    addresses = json.loads((localpound.home / "run" / "addresses.json").read_text())
    path = f"/organisations/{SALFORD}/publications/2021-Q2/payments-over-500.csv"
    end = monotonic() + 60
    while (served := httpx.get(addresses["gateway"] + path)).status_code != 200:
        assert monotonic() < end, served.text
        sleep(0.2)
    assert served.content == (tmp_path / "draft" / "payments-over-500.csv").read_bytes()
    localpound(*quarter, "--approve", expect=1)  # the same again
    folder = tmp_path / "logs"
    localpound.told("export", str(folder), "-o", SALFORD)
    program = [sys.executable, "-m", "auditor", str(folder), SALFORD]
    ran = json.loads(subprocess.run(program, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
    (edition,) = ran["published"]
    assert edition["files"] == {file["name"]: file["sha256"] for file in drawn["files"]}
    assert edition["pence"] == sum(file["net_pence"] for file in drawn["files"] if file["payments"])


def test_what_may_have_been_paid_twice_is_explained_and_recovered(localpound: CommandLine) -> None:
    localpound.told("import", "spend", str(ROOT / "samples" / "devon" / "DCCSpendingOver500_201307.csv"), "-o", DEVON)

    def asked() -> dict[str, Any]:
        return localpound.told("duplicates", "-o", DEVON)

    end = monotonic() + 60
    while not (found := asked())["nodes"]:
        assert monotonic() < end
        sleep(0.2)
    assert localpound.told("duplicates", "-o", DEVON, "--as-of", "2013-06-30")["nodes"] == []
    (twice,) = (each for each in found["nodes"] if each["code"] == "same_invoice")
    assert [one["invoiceNumber"] for one in twice["alike"]] == ["R01228", "R 01228"]
    assert {each["code"] for each in found["nodes"]} == {"same_invoice", "suffixed_invoice", "other_payee"}
    assert localpound.told("duplicates", "--all", "-o", DEVON)["count"] > found["count"]
    finding = twice["findingId"]
    localpound.told("answer", "explained", finding, "--reason", "Entered twice", "-o", DEVON)
    back = ("--on", "2013-09-30", "--how", "credit_note", "--reason", "They agree", "-o", DEVON)
    localpound("recover", finding, "--pounds", "4387.51", *back, expect=1)  # a penny more than was paid over
    localpound("recover", "0123456789abcdef", "--pounds", "1.00", *back, expect=1)
    assert localpound.told("recover", finding, "--pounds", "4387.50", *back)["new"] == 1
    while int((now := asked())["recoveredPence"]) != 438_750:
        assert monotonic() < end
        sleep(0.2)
    (twice,) = (each for each in now["nodes"] if each["findingId"] == finding)
    assert (twice["state"], twice["reason"], int(twice["recoveredPence"])) == ("EXPLAINED", "Entered twice", 438_750)


NO_CONTRACT = """query { payments(where: {organisation: "GB-LAE-SLF", answer: NO_CONTRACT}, orderBy: NET_PENCE_DESC, first: 1) {
  nodes { paymentId netPence contractId } } contracts(where: {organisation: "GB-LAE-SLF"}, first: 2) { nodes { contractId } } }"""


def test_a_payment_is_put_on_two_contracts_and_taken_off(localpound: CommandLine, asked: Asked) -> None:
    found = asked(NO_CONTRACT)
    (payment,), contracts = found["payments"]["nodes"], [each["contractId"] for each in found["contracts"]["nodes"]]
    net = int(payment["netPence"])
    parts = [f"{contracts[0]}={(net - 100) / 100:.2f}", f"{contracts[1]}=1.00"]
    why = ("--reason", "The invoice names both", "-o", SALFORD)
    localpound("allocate", payment["paymentId"], parts[0], *why, expect=1)  # not the whole
    localpound("allocate", payment["paymentId"], *why, expect=2)
    assert localpound.told("allocate", payment["paymentId"], *parts, *why)["new"] == 1
    one = f"""query {{ payment(organisation: "GB-LAE-SLF", paymentId: "{payment["paymentId"]}") {{
      answer contractId judgedAnswer allocations {{ contractId sharePence }} }} }}"""
    told = asked.until(one, lambda told: told["payment"]["answer"] == "ON_CONTRACT")["payment"]
    assert (told["contractId"], told["judgedAnswer"]) == (contracts[0], "NO_CONTRACT")
    assert [(each["contractId"], int(each["sharePence"])) for each in told["allocations"]] == [
        (contracts[0], net - 100), (contracts[1], 100),
    ]  # fmt: skip
    localpound.told("allocate", payment["paymentId"], "--withdraw", *why)
    asked.until(one, lambda told: told["payment"]["answer"] == "NO_CONTRACT")


def test_a_sheet_of_what_may_be_on_several_contracts_comes_back_filled_in(
    localpound: CommandLine, asked: Asked, tmp_path: Path
) -> None:
    sheet, filled = tmp_path / "sheet.csv", tmp_path / "filled.csv"
    localpound("export", "to-allocate", "--csv", str(sheet), "-o", SALFORD)
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    first = next(row for row in rows if row["Likely2"])
    assert first["Because1"]
    assert {(row["ContractId"], row["ShareOfAmount"]) for row in rows} == {("", "")}, "nobody has decided yet"
    first["ContractId"] = first["Likely1"]
    with filled.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    why = ("--reason", "Named by the contract managers", "-o", SALFORD)
    assert localpound.told("allocate-each", str(filled), *why) == {
        "decided": 1, "already_so": 0, "left_empty": len(rows) - 1,
    }  # fmt: skip
    assert localpound.told("allocate-each", str(filled), *why)["already_so"] == 1
    one = f"""query {{ payment(organisation: "GB-LAE-SLF", paymentId: "{first["PaymentId"]}") {{
      answer contractId judgedAnswer }} }}"""
    told = asked.until(one, lambda told: told["payment"]["answer"] == "ON_CONTRACT")["payment"]
    assert (told["contractId"], told["judgedAnswer"]) == (first["Likely1"], "AMBIGUOUS")
    localpound("export", "to-allocate", "--csv", str(sheet), "-o", SALFORD)
    assert first["PaymentId"] not in sheet.read_text()
    refused = localpound.told("allocate-each", str(sheet), *why, expect=1)["error"]
    assert (refused["code"], refused["remedy"]) == ("sheet-unreadable", "Fill in on which contract a payment is.")
