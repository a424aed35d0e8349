"""What is said of files that were sent: to the penny, and row by row where something is wrong."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from localpound.client import Client, DoorError, Key
from localpound.commands.importing import by_reason, reject_table, report_table, send_files, show
from localpound.screen import out

ADDRESSES = {"gateway": "http://gateway", "spend": "http://spend"}


def report(name: str = "spend-2021-04.csv", **changes: Any) -> dict[str, Any]:
    counts = {"read": 3, "new": 1, "known": 1, "corrected": 0, "rejected": 1}
    pence = {"read": 100_050, "new": 100_000, "known": 50, "corrected": 0, "rejected": 0}
    reject = {
        "line": 3_454, "field": "net", "value": "1294.052" * 10, "code": "amount-inexact",
        "reason": "The amount has more than two decimals.", "remedy": "Give it to the penny.",
    }  # fmt: skip
    return {
        "file_name": name, "rows": counts, "pence": pence, "unreadable_rows": 1, "rejects": [reject], **changes,
    }  # fmt: skip


def doors(request: httpx.Request) -> httpx.Response:
    match request.url.path, request.url.params.get("file_name"):
        case "/token", _:
            return httpx.Response(200, json={"access_token": "t"})
        case "/spend-files", "register.csv":
            error = {"code": "not-a-spend-file", "message": "This is a contract register.", "remedy": "Import it so."}
            return httpx.Response(422, json={"error": error})
        case "/spend-files", "broken.csv":
            return httpx.Response(503, json={"error": {"code": "unavailable", "message": "The database is away."}})
        case _, name:
            return httpx.Response(200, json={**report(name), "bytes": len(request.content)})


@pytest.fixture
def client() -> Client:
    return Client(ADDRESSES, Key("officer", "x"), httpx.MockTransport(doors))


def files(tmp_path: Path, *names: str) -> list[Path]:
    for name in names:
        (tmp_path / name).write_bytes(b"\xef\xbb\xbfa,b\r\n")
    return [tmp_path / name for name in names]


def test_a_file_that_is_refused_does_not_hold_up_the_others(client: Client, tmp_path: Path) -> None:
    sent = files(tmp_path, "a.csv", "register.csv", "b.csv")
    reports, refusals = send_files(client, "spend", sent, "GB-LAE-SLF", shown=False)
    assert [(each["file_name"], each["bytes"]) for each in reports] == [("a.csv", 8), ("b.csv", 8)]
    assert refusals == [
        {
            "file_name": "register.csv",
            "code": "not-a-spend-file",
            "message": "This is a contract register.",
            "remedy": "Import it so.",
        }
    ]


def test_a_service_that_is_away_ends_it(client: Client, tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="The database is away"):
        send_files(client, "spend", files(tmp_path, "broken.csv", "a.csv"), "GB-LAE-SLF", shown=False, patience=0.0)


def test_a_service_that_comes_back_has_every_file(tmp_path: Path) -> None:
    answers: list[httpx.Response | Exception | None] = [httpx.Response(503), httpx.ConnectError("x"), None]

    def flaky(request: httpx.Request) -> httpx.Response:
        answer = answers.pop(0) if request.url.path != "/token" else None
        if isinstance(answer, Exception):
            raise answer
        return answer or doors(request)

    client = Client(ADDRESSES, Key("officer", "x"), httpx.MockTransport(flaky))
    reports, refusals = send_files(client, "spend", files(tmp_path, "a.csv"), "GB-LAE-SLF", shown=False)
    assert [each["file_name"] for each in reports] == ["a.csv"]
    assert refusals == []


def printed(*values: object) -> str:
    with out.capture() as captured:
        for value in values:
            out.print(value)
    return captured.get()


def test_the_report_is_to_the_penny() -> None:
    rows = [" ".join(line.split()) for line in printed(report_table([report(already_received=True)])).splitlines()]
    assert "spend-2021-04.csv 3 1 1 0 1 1" in rows
    assert "received before £1,000.50 £1,000.00 £0.50 £0.00 £0.00" in rows


def test_rejected_rows_are_told_by_reason_with_line_field_and_value() -> None:
    other = {**report()["rejects"][0], "line": 7, "reason": "No date.", "remedy": "Give one."}
    grouped = by_reason([("a.csv", report()["rejects"][0]), ("a.csv", other), ("b.csv", report()["rejects"][0])])
    assert {reason: [name for name, _ in rows] for (reason, _), rows in grouped.items()} == {
        "The amount has more than two decimals.": ["a.csv", "b.csv"],
        "No date.": ["a.csv"],
    }
    text = printed(reject_table([("a.csv", report()["rejects"][0])]))
    assert "3,454" in text
    assert "1294.0521294.0521294.0521294.0521294.05…" in text


def test_rows_beyond_those_shown_are_counted() -> None:
    many = report(rows={**report()["rows"], "rejected": 25}, rejects=report()["rejects"] * 25)
    with out.capture() as captured:
        show([many], [])
    assert "… and 5 rejected rows more; --json lists them." in captured.get()


def test_a_report_fits_a_hundred_columns() -> None:
    large = {"read": 52_993_724_079, "new": 52_993_724_079, "known": 0, "corrected": 0, "rejected": 191_649_568}
    text = printed(report_table([report("contracts-register-2022-07.csv", pence=large)]))
    assert max(len(line) for line in text.splitlines()) <= 100
