"""Three councils on one installation, with the same document numbers and suppliers: none shows anything of another."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from doors.tables import opened
from tests.integration.cli.command_line import ROOT, CommandLine
from tests.integration.pages.reading import links

REAL = {
    "GB-LAE-SLF": "salford/spend-2021-04.csv",
    "GB-LAE-DEV": "devon/DCCSpendingOver500_201307.csv",
    "GB-LAE-OXO": "oxford/expenditure-over-500-apr-jun-2017.csv",
}
TWIN = "Twin Supplies Ltd"
LISTS = ("payments", "suppliers", "contracts", "outcomes", "files", "rejects")
PAGES = 60
PERSON = {"Accept": "text/html"}


def marker(organisation: str) -> str:
    return f"only-of-{organisation[-3:].lower()}"


def pence(organisation: str) -> int:
    """What each twin payment of a council is: below £500, so that only the council itself may see it."""
    return 10_000 + 100 * list(REAL).index(organisation)


def twins(organisation: str) -> str:
    """Ten payments that differ between councils in their purpose and amount alone, and a row that is rejected."""
    pounds = f"{pence(organisation) // 100}.00"
    rows = [f"2021-04-{day:02},D{day},{TWIN},{marker(organisation)},{pounds}" for day in range(1, 11)]
    bad = f"2021-04-11,D11,{TWIN},x,{marker(organisation)}"
    return "\n".join(["Date,Document No,Supplier Name,Purpose,Net Amount", *rows, bad]) + "\n"


@dataclass(frozen=True, slots=True)
class Councils:
    """A stack on which all three have imported."""

    localpound: CommandLine
    addresses: dict[str, str]
    reports: dict[str, list[dict[str, Any]]]

    def client(self, account: str, organisation: str) -> httpx.Client:
        """Somebody who asks the doors."""
        form = {"grant_type": "client_credentials", "organisation": organisation, **self.key(account)}
        answer = httpx.post(f"{self.addresses['gateway']}/token", data=form)
        token = answer.raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.addresses["gateway"], headers=headers, timeout=60)

    def key(self, account: str) -> dict[str, str]:
        found = json.loads((self.localpound.home / "keys" / f"{account}.json").read_text())
        return {name: found[name] for name in ("client_id", "client_secret")}


@pytest.fixture(scope="module")
def councils(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Councils]:
    home = tmp_path_factory.mktemp("home")
    localpound = CommandLine(home)
    localpound("up", "--detach")
    addresses = json.loads((home / "run" / "addresses.json").read_text())
    stack = Councils(localpound, addresses, {})
    with stack.client("admin", "localpound") as admin:
        for role in ("payments-recorder", "reader", "auditor"):
            given = {"organisation": "GB-LAE-OXO", "role": role}
            admin.post("/accounts/person/officer/roles", json=given).raise_for_status()
    for organisation, real in REAL.items():
        same = home / "twins.csv"
        same.write_text(twins(organisation))
        told = localpound.told("import", "spend", str(ROOT / "samples" / real), str(same), "-o", organisation)
        assert (told["refused"], told["visible"]) == ([], True)
        stack.reports[organisation] = told["reports"]
    yield stack
    localpound("down")


def others(organisation: str) -> list[str]:
    return [each for each in REAL if each != organisation]


def of_others(text: str, organisation: str) -> list[str]:
    """What a text tells of the other councils."""
    return [each for other in others(organisation) for each in (marker(other), other) if each in text]


@pytest.mark.parametrize("organisation", REAL)
def test_every_list_is_the_councils_own_to_the_penny(councils: Councils, organisation: str, tmp_path: Path) -> None:
    reports = councils.reports[organisation]
    assert reports[1]["pence"]["new"] == 10 * pence(organisation)
    found: dict[str, list[dict[str, str]]] = {}
    for name in LISTS:
        path = tmp_path / f"{name}.csv"
        councils.localpound("export", name, "--csv", str(path), "-o", organisation)
        assert of_others(path.read_text(), organisation) == []
        header, *rows = [line.cells for line in opened(path.read_bytes()).lines]
        found[name] = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(found["payments"]) == sum(report["rows"]["new"] for report in reports)
    whole = sum(round(float(row["Amount"]) * 100) for row in found["payments"])
    assert whole == sum(report["pence"]["new"] for report in reports)
    (twin,) = [row for row in found["suppliers"] if row["SupplierName"] == TWIN]
    assert (twin["Payments"], twin["Paid"]) == ("10", f"{pence(organisation) // 10}.00")
    assert {row["SourceFile"] for row in found["files"]} == {report["file_id"] for report in reports}
    assert len(found["rejects"]) == sum(report["rows"]["rejected"] for report in reports)


@pytest.mark.parametrize("organisation", REAL)
def test_every_place_counts_the_councils_own(councils: Councils, organisation: str) -> None:
    told = councils.localpound.told("reconcile", "-o", organisation)
    assert told["differences"] == 0
    assert {file["file_id"] for file in told["files"]} == {each["file_id"] for each in councils.reports[organisation]}


@pytest.mark.parametrize("organisation", REAL)
def test_no_page_tells_of_another_council(councils: Councils, organisation: str) -> None:
    home = f"/organisations/{organisation}"
    with httpx.Client(
        base_url=councils.addresses["gateway"], headers=PERSON, timeout=60, follow_redirects=True
    ) as browser:
        browser.post("/sign-in", data=councils.key("officer")).raise_for_status()
        browser.post("/visit", data={"organisation": organisation}).raise_for_status()
        waiting = [f"{home}/search?q={TWIN}", f"{home}/payments?q=only-of", home, *(f"{home}/{part}" for part in LISTS)]
        seen: set[str] = set()
        while waiting and len(seen) < PAGES:
            path = waiting.pop(0).partition("#")[0]
            if path in seen or not path.startswith(("/organisations/", "/events/")):
                continue
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert of_others(answer.text, organisation) == [], path
            waiting += [link.href for link in links(answer.text)] if "html" in answer.headers["content-type"] else []
            seen.add(path)
        assert len(seen) == PAGES
        assert marker(organisation) in browser.get(f"{home}/payments", params={"q": "only-of"}).text
        for other in others(organisation):
            assert browser.get(f"/organisations/{other}/payments", params={"q": "only-of"}).text.count("£1") == 0
            for part in ("files", "rejects", "outcomes", "files.csv", "rejects.xlsx"):
                assert browser.get(f"/organisations/{other}/{part}").status_code == 403


QUERY = """query ($org: String!, $other: String!, $twin: String!) {
  payments(where: {organisation: $org, search: $twin}, first: 100) {
    totals { count netPence } nodes { organisation purpose fileId evidence { nodes { organisation } } }
  }
  suppliers(where: {organisation: $org, search: $twin}) { nodes { organisation netPence paymentCount } }
  sourceFiles(where: {organisation: $org}) { nodes { organisation fileId } }
  rejectedRows(where: {organisation: $org}, first: 100) { nodes { organisation value fileId } }
  organisation(organisation: $org) { organisation }
  theirs: payments(where: {organisation: $other, search: $twin}) { totals { count } nodes { id } }
  everybodys: payments(where: {search: $twin}, first: 100) { nodes { organisation } }
}"""


@pytest.mark.parametrize("organisation", REAL)
def test_no_query_answers_with_another_councils(councils: Councils, organisation: str) -> None:
    mine = {report["file_id"] for report in councils.reports[organisation]}
    with councils.client("officer", organisation) as client:
        for other in others(organisation):
            variables = {"org": organisation, "other": other, "twin": TWIN}
            answer = client.post("/graphql", json={"query": QUERY, "variables": variables}).json()
            assert "errors" not in answer
            found = answer["data"]
            assert of_others(json.dumps(found), organisation) == []
            assert found["payments"]["totals"] == {"count": 10, "netPence": 10 * pence(organisation)}
            assert {node["purpose"] for node in found["payments"]["nodes"]} == {marker(organisation)}
            assert [node["paymentCount"] for node in found["suppliers"]["nodes"]] == [10]
            assert {node["fileId"] for node in found["sourceFiles"]["nodes"]} == mine
            assert {node["fileId"] for node in found["rejectedRows"]["nodes"]} <= mine
            assert found["theirs"] == {"totals": {"count": 0}, "nodes": []}
            assert {node["organisation"] for node in found["everybodys"]["nodes"]} == {organisation}
            for field in ("sourceFiles", "rejectedRows"):
                refused = {"query": f'{{ {field}(where: {{organisation: "{other}"}}) {{ nodes {{ fileId }} }} }}'}
                answer = client.post("/graphql", json=refused).json()
                assert answer["errors"], field
                assert not (answer.get("data") or {}).get(field)
            file_id = councils.reports[other][1]["file_id"]
            one = f'{{ sourceFile(organisation: "{other}", fileId: "{file_id}") {{ fileId }} }}'
            assert client.post("/graphql", json={"query": one}).json()["data"] == {"sourceFile": None}


@pytest.mark.parametrize("organisation", REAL)
def test_a_councils_log_holds_nothing_of_the_others_and_is_read_by_nobody_else(
    councils: Councils, organisation: str
) -> None:
    spend = councils.addresses["spend"]
    with councils.client("officer", organisation) as client:
        heads = {head["organisation"]: head["size"] for head in client.get(f"{spend}/log").json()["logs"]}
        assert set(heads) == set(REAL)
        full, rest = divmod(heads[organisation], 256)
        tiles = [f"{full - 1:03}", f"{full:03}.p/{rest}"]
        shown = b"".join(
            client.get(f"{spend}/log/{organisation}/tile/entries/{tile}").raise_for_status().content for tile in tiles
        ).decode(errors="replace")
        assert marker(organisation) in shown
        assert of_others(shown, organisation) == []
        for other in others(organisation):
            assert client.get(f"{spend}/log/{other}/tile/entries/000").status_code == 403


def test_an_auditor_reads_everything_and_writes_nothing(councils: Councils, tmp_path: Path) -> None:
    organisation = "GB-LAE-OXO"
    with councils.client("admin", "localpound") as admin:
        admin.post("/accounts", json={"account": "person/auditor", "person": "auditor"}).raise_for_status()
        given = {"organisation": organisation, "role": "auditor"}
        admin.post("/accounts/person/auditor/roles", json=given).raise_for_status()
        key = admin.post("/accounts/person/auditor/keys", json={"client_id": "auditor"}).raise_for_status().json()
    (councils.localpound.home / "keys" / "auditor.json").write_text(
        json.dumps({**key, "organisations": [organisation]})
    )
    written = []
    with councils.client("auditor", organisation) as client:
        for service in ("contracts", "spend", "social_value", "reporting"):
            paths = json.loads((ROOT / "schemas" / "openapi" / f"{service}.json").read_text())["paths"]
            for path, methods in paths.items():
                for method in methods.keys() & {"post", "put", "patch", "delete"}:
                    address = councils.addresses[service] + re.sub(r"\{.*?\}", "x", path)
                    answer = client.request(method, address, json={}, headers={"Idempotency-Key": "auditor"})
                    written.append((service, method, path, answer.status_code))
    assert len(written) > 15
    assert [each for each in written if each[3] != 403] == []
    councils.localpound.told("export", str(tmp_path / "logs"), "-o", organisation, "--as", "auditor")
    councils.localpound.told(
        "export", "payments", "--csv", str(tmp_path / "all.csv"), "-o", organisation, "--as", "auditor"
    )
    accepted = sum(report["rows"]["new"] for report in councils.reports[organisation])
    assert len(list(opened((tmp_path / "all.csv").read_bytes()).lines)) == 1 + accepted
    program = [sys.executable, "-m", "auditor", str(tmp_path / "logs"), organisation]
    told = json.loads(subprocess.run(program, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
    assert told["faults"] == []
    assert told["population"]["count"] == accepted
