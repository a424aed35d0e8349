"""Published files against the log: right as they are, told apart once anything in them was tampered with."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.fact import Fact
from schemas.spend import PayeeWithholdingDecided, PaymentVoided, PublicationPart, QuarterPublished
from tests.builders import payment_recorded
from tests.unit.auditor.test_reperform import TUESDAY, Told, paid, sealed, told, written

NAME = "payments-over-500.csv"
PAYEE = payment_recorded()
LINES = ("PaymentDate,Amount,Purpose\r\n", "2021-04-01,1000.00,Materials\r\n", "2021-06-30,-600.01,Credit\r\n")
Edition = tuple[list[PublicationPart], QuarterPublished]


def edition(*lines: str) -> Edition:
    """A quarter of £1,000.00 and a credit of £600.01 that are published, and £400.00 that is left out."""
    content = "".join(lines)
    parts = [
        PublicationPart(publication_id="2021-Q2/1", file_name=NAME, part=number, content=line)
        for number, line in enumerate(lines)
    ]
    return parts, QuarterPublished(
        publication_id="2021-Q2/1", quarter="2021-Q2", edition=1, reason=None, known_at=TUESDAY,
        rules_dated=date(2022, 1, 1), file_names=(NAME,), file_digests=(sha256(content.encode()).hexdigest(),),
        file_rows=(2,), file_pence=(39_999,), left_out=("not over £500",), left_out_payments=(1,),
        left_out_pence=(40_000,), control_payments=3, control_pence=79_999,
    )  # fmt: skip


def log(*said: Fact) -> list[bytes]:
    payments: list[Told] = [
        *paid(1, 100_000), *paid(2, -60_001, on=date(2021, 6, 30)), *paid(3, 40_000),
        *paid(4, 999_999, on=date(2021, 7, 1)), *paid(5, 70_000),
        ("payment/P5", PaymentVoided(payment_id="P5", voided_on=date(2021, 5, 1), reason="Stopped"), TUESDAY),
    ]  # fmt: skip
    return sealed([*payments, *(("publication/2021-Q2/1", fact, TUESDAY) for fact in said)])


def test_a_quarter_is_recomputed_to_the_penny(tmp_path: Path) -> None:
    parts, approved = edition(*LINES)
    code, found = told(written(tmp_path, log(*parts, approved)))
    assert (code, found["faults"]) == (0, [])
    assert found["published"] == [
        {"publication": "2021-Q2/1", "approved_at": TUESDAY, "by": "person/officer", "rows": 2, "pence": 39_999,
         "left_out": {"not over £500": 1},
         "files": {NAME: sha256("".join(LINES).encode()).hexdigest()}}
    ]  # fmt: skip


def approving(**changes: Any) -> Callable[[Edition], list[Fact]]:
    return lambda told: [*told[0], replace(told[1], **changes)]


def without_a_part(told: Edition) -> list[Fact]:
    return [*told[0][:1], *told[0][2:], told[1]]


def another_amount(told: Edition) -> list[Fact]:
    parts, approved = edition(LINES[0], LINES[1].replace("1000.00", "1000.01"), LINES[2])
    return [*parts, replace(approved, file_pence=(40_000,), left_out_pence=(39_999,))]


def another_byte(told: Edition) -> list[Fact]:
    changed = replace(told[0][1], content=told[0][1].content.replace("Materials", "Elephants"))
    return [told[0][0], changed, told[0][2], told[1]]


def a_row_less(told: Edition) -> list[Fact]:
    parts, approved = edition(*LINES[:2])
    return [*parts, replace(approved, file_rows=(1,), file_pence=(100_000,), left_out_payments=(2,),
                            left_out_pence=(-20_001,))]  # fmt: skip


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        (without_a_part, "out of turn"),
        (another_byte, "has not the digest that was approved"),
        (another_amount, "1 rows are no payments in the log"),
        (a_row_less, "2 are left out as not over £500; the log held 1 such"),
        (approving(file_rows=(3,)), "states 3 rows and 39999 pence; it has 2 and 39999"),
        (approving(file_pence=(39_998,)), "states 2 rows and 39998 pence"),
        (approving(control_pence=80_000), "the log held 3 and 79999"),
        (approving(left_out_pence=(40_001,)), "come to 3 payments and 80000 pence"),
    ],
)
def test_what_was_tampered_with_contradicts_the_log(
    tmp_path: Path, tampered: Callable[[Edition], list[Fact]], said: str
) -> None:
    code, found = told(written(tmp_path, log(*tampered(edition(*LINES)))))
    assert code == 2
    assert any(said in fault for fault in found["faults"]), found["faults"]


def test_a_payee_who_was_withheld_is_named_in_no_file(tmp_path: Path) -> None:
    _, first, second = LINES
    named = (
        "PaymentDate,Amount,Purpose,BeneficiaryName\r\n",
        f"{first.rstrip()},{PAYEE.supplier_name}\r\n",
        f"{second.rstrip()},\r\n",
    )
    parts, approved = edition(*named)
    withheld = PayeeWithholdingDecided(payee_id=PAYEE.payee_id, decision="withheld", reason="A person")
    withdrawn = PayeeWithholdingDecided(payee_id=PAYEE.payee_id, decision="withdrawn", reason="A firm")
    told_of = {
        (): [],
        (withheld,): ["2021-Q2/1: 1 rows of payments-over-500.csv name a payee who was withheld"],
        (withheld, withdrawn): [],
    }
    for place, (decided, faults) in enumerate(told_of.items()):
        _, found = told(written(tmp_path / str(place), log(*decided, *parts, approved)))
        assert found["faults"] == faults
