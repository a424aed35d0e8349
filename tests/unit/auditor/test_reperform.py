"""The auditor's program on small logs: right to the penny, and told apart from everything that was tampered with."""

import ast
import base64
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import auditor
from eventlog.envelope import seal
from eventlog.tlog.tree import Tree, leaf_hash
from schemas.fact import Fact
from schemas.spend import (
    PaymentAllocated,
    PaymentCorrected,
    PaymentScoped,
    PaymentScopeDecided,
    PaymentUnmatched,
    PaymentVoided,
    SpendFileReceived,
)
from tests.builders import SALFORD, actor, cause, payment_matched, payment_recorded

PROGRAM = Path(auditor.__file__).parent
FILE, AGAIN = "f" * 64, "a" * 64
MONDAY, TUESDAY = "2022-07-04T09:00:00.000000Z", "2022-07-05T09:00:00.000000Z"
Told = tuple[str, Fact, str]
"""Stream, fact, and when it was recorded."""


def scoped(payment: str, scope: Any = "contract_spend") -> PaymentScoped:
    return PaymentScoped(payment_id=payment, scope=scope, rule="by account", rules_dated=date(2022, 1, 1))


def received(rows: int, pence: int) -> SpendFileReceived:
    return SpendFileReceived(
        file_id=FILE, file_name="spend-2021-04.csv", byte_count=1, period="2021-04", encoding="utf-8", read_rows=rows,
        new_rows=rows, known_rows=0, corrected_rows=0, rejected_rows=0, read_pence=pence, new_pence=pence, known_pence=0,
        corrected_pence=0, rejected_pence=0, unreadable_rows=0,
    )  # fmt: skip


def paid(number: int, pence: int, *judged: Fact, on: date = date(2021, 4, 1), at: str = MONDAY) -> list[Told]:
    name = f"P{number}"
    facts = [payment_recorded(payment_id=name, net_pence=pence, paid_on=on, line=number + 1), scoped(name), *judged]
    return [(f"payment/{name}", fact, at) for fact in facts]


def story() -> list[Told]:
    """£1,000 on a contract, £400 with none, £50 voided later; a grant decided on Tuesday."""
    decided = PaymentScopeDecided(payment_id="P2", scope="grant", decision="decided", reason="An award letter")
    return [
        (f"file/{FILE}", received(3, 145_000), MONDAY),
        *paid(1, 100_000, payment_matched(payment_id="P1")),
        *paid(2, 40_000, PaymentUnmatched(payment_id="P2", answer="no_contract", supplier_id=None, candidates=())),
        *paid(3, 5_000, PaymentUnmatched(payment_id="P3", answer="expired", supplier_id=None, candidates=())),
        ("payment/P3", PaymentVoided(payment_id="P3", voided_on=date(2021, 5, 1), reason="Stopped"), MONDAY),
        ("payment/P2", decided, TUESDAY),
        ("payment/P2", scoped("P2", "grant"), TUESDAY),
    ]


def sealed(told: list[Told]) -> list[bytes]:
    versions: dict[str, int] = {}
    found = []
    for stream, fact, at in told:
        versions[stream] = versions.get(stream, 0) + 1
        found.append(
            seal(
                fact, service="spend", organisation=SALFORD, stream=stream, version=versions[stream], ordinal=0,
                actor=actor(), cause=cause(), happened_at=at, recorded_at=at,
            )
        )  # fmt: skip
    return found


def written(folder: Path, events: list[bytes]) -> Path:
    """A log as it is exported."""
    tree = Tree().grown(map(leaf_hash, events))
    log = folder / "spend" / SALFORD
    for first in range(0, len(events), 256):
        part, number = events[first : first + 256], f"{first // 256:03}"
        file = log / "tile" / "entries" / (number if len(part) == 256 else f"{number}.p/{len(part)}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(len(event).to_bytes(2, "big") + event for event in part))
    root = base64.b64encode(tree.root()).decode()
    (log / "checkpoint").write_text(f"localpound/{SALFORD}/spend\n{len(events)}\n{root}\n")
    return folder


def told(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The program as an auditor runs it."""
    ran = subprocess.run(
        [sys.executable, "-m", "auditor", str(folder), SALFORD, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROGRAM.parent,
    )
    return ran.returncode, json.loads(ran.stdout) if ran.stdout else {"said": ran.stderr}


def test_it_imports_nothing_but_pythons_own_library() -> None:
    imported = set()
    for module in PROGRAM.glob("*.py"):
        tree = ast.parse(module.read_text())
        imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"auditor"}


def test_figures_by_hand_now_and_as_they_were_known(tmp_path: Path) -> None:
    folder = written(tmp_path, sealed(story()))
    code, now = told(folder, "--control-total", "140000")
    assert (code, now["faults"]) == (0, [])
    assert now["population"] == {"count": 2, "pence": 140_000}
    assert now["by_scope"] == {"contract_spend": {"count": 1, "pence": 100_000}, "grant": {"count": 1, "pence": 40_000}}
    assert (now["on_contract_pence"], now["contract_spend_pence"], now["on_contract_percent"]) == (
        100_000,
        100_000,
        100,
    )
    assert [(d["fact"], d["by"], d["said"]["reason"]) for d in now["decided"]] == [
        ("PaymentScopeDecided", "person/officer", "An award letter")
    ]
    code, monday = told(folder, "--known-at", MONDAY)
    assert (code, monday["on_contract_percent"], monday["decided"]) == (0, 71.43, [])
    assert monday["by_answer"]["no_contract"] == {"count": 1, "pence": 40_000}


def test_a_period_is_cut_off_by_the_day_of_payment(tmp_path: Path) -> None:
    events = [*paid(1, 100, on=date(2021, 3, 31)), *paid(2, 20, on=date(2021, 4, 1)), *paid(3, 3, on=date(2022, 3, 31))]
    folder = written(tmp_path, sealed(events))
    _, year = told(folder, "--paid-from", "2021-04-01", "--paid-to", "2022-03-31")
    assert year["population"] == {"count": 2, "pence": 23}


def test_a_correction_counts_as_it_was_stated_last(tmp_path: Path) -> None:
    corrected = PaymentCorrected(
        payment_id="P1", file_id=AGAIN, line=9, corrects_file_id=FILE, corrects_line=2, corrects_net_pence=100,
        paid_on=date(2021, 4, 2), contract_reference=None, department="", purpose="", net_pence=90, vat_pence=None,
        gross_pence=None,
    )  # fmt: skip
    events = [
        (f"file/{FILE}", received(1, 100), MONDAY), *paid(1, 100),
        (f"file/{AGAIN}", replace(received(0, 0), file_id=AGAIN, corrected_rows=1, corrected_pence=90), TUESDAY),
        ("payment/P1", corrected, TUESDAY),
    ]  # fmt: skip
    code, now = told(written(tmp_path, sealed(events)))
    assert (code, now["population"]["pence"]) == (0, 90)


def out_of_turn(events: list[bytes]) -> list[bytes]:
    return [*events[:1], *events[4:7], *events[1:4], *events[8:], events[7]]


def a_pound_less(events: list[bytes]) -> list[bytes]:
    return [event.replace(b'"net_pence":100000', b'"net_pence":99900') for event in events]


def another_councils(events: list[bytes]) -> list[bytes]:
    return [event.replace(b"GB-LAE-SLF/spend", b"GB-LAE-DEV/spend") for event in events]


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        (a_pound_less, "spend-2021-04.csv states 3 rows and 145000 pence"),
        (out_of_turn, "is version"),
        (another_councils, "is of /organisations/GB-LAE-DEV/spend"),
    ],
)
def test_a_log_that_was_written_again_tree_and_all_contradicts_itself(tmp_path: Path, tampered: Any, said: str) -> None:
    code, found = told(written(tmp_path, tampered(sealed(story()))))
    assert code == 2
    assert any(said in fault for fault in found["faults"]), found["faults"]


@pytest.mark.parametrize("tampered", [a_pound_less, out_of_turn, another_councils])
def test_events_that_were_changed_after_the_checkpoint_do_not_make_its_tree(tmp_path: Path, tampered: Any) -> None:
    events = sealed(story())
    checkpoint = (written(tmp_path, events) / "spend" / SALFORD / "checkpoint").read_text()
    written(tmp_path, tampered(events))
    (tmp_path / "spend" / SALFORD / "checkpoint").write_text(checkpoint)
    code, found = told(tmp_path)
    assert code == 2
    assert "the tree over the events is not that of the checkpoint" in found["faults"]


def test_a_total_from_outside_must_agree(tmp_path: Path) -> None:
    folder = written(tmp_path, sealed(story()))
    code, found = told(folder, "--control-total", "140001")
    assert (code, found["faults"]) == (2, ["the total from outside is 140001 pence, 1 more than the population"])


def test_a_folder_that_lacks_events_cannot_be_read(tmp_path: Path) -> None:
    folder = written(tmp_path, sealed(story()))
    (entries,) = (folder / "spend" / SALFORD / "tile" / "entries").glob("000.p/*")
    entries.write_bytes(entries.read_bytes()[:-1])
    assert told(folder)[0] == 1
    entries.unlink()
    assert told(folder)[0] == 1
    assert told(tmp_path / "nothing")[0] == 1


def test_a_tree_of_several_bundles_is_the_same_as_ours(tmp_path: Path) -> None:
    events = [event for number in range(1, 300) for event in paid(number, number)]
    code, found = told(written(tmp_path, sealed(events)))
    assert (code, found["events"], found["population"]["pence"]) == (0, 598, sum(range(1, 300)))


def test_a_monetary_unit_sample_is_drawn_by_pence_and_can_be_drawn_again(tmp_path: Path) -> None:
    events = [event for number, pence in enumerate((50, 500, -70, 50, 400), 1) for event in paid(number, pence)]
    folder = written(tmp_path, sealed(events))
    drawn = [told(folder, "--sample", "4", "--seed", str(seed))[1]["sample"] for seed in range(30)]
    assert {each["interval_pence"] for each in drawn} == {250}
    for each in drawn:
        names = [payment["payment_id"] for payment in each["drawn"]]
        assert {"P2", "P5"} <= set(names)  # larger than the interval: drawn for certain, and once
        assert len(names) == len(set(names))
        assert "P3" not in names  # a credit has no pence to be drawn by
        first = ("P1", 50), ("P2", 550), ("P4", 600), ("P5", 1_000)
        points = range(each["start_pence"], 1_000, 250)
        assert names == list(dict.fromkeys(next(name for name, end in first if point < end) for point in points))
    assert drawn[7] == told(folder, "--sample", "4", "--seed", "7")[1]["sample"]
    assert len({each["start_pence"] for each in drawn}) > 5


def test_a_persons_word_on_the_contract_goes_before_what_was_judged_until_it_is_taken_back(tmp_path: Path) -> None:
    def share(decision: Any, at: str) -> Told:
        fact = PaymentAllocated(
            payment_id="P2", contract_id="C9", decision=decision, place=1, share_pence=40_000, of_pence=40_000,
            reason="An order",
        )  # fmt: skip
        return "payment/P2", fact, at

    events = [*story()[:-2], share("decided", MONDAY), share("withdrawn", TUESDAY)]
    folder = written(tmp_path, sealed(events))
    assert told(folder)[1]["on_contract_pence"] == 100_000
    code, monday = told(folder, "--known-at", MONDAY)
    assert (code, monday["on_contract_pence"]) == (0, 140_000)
    assert [each["fact"] for each in monday["decided"]] == ["PaymentAllocated"]
