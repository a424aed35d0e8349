"""What a topic holds of each source file, added up record by record."""

from datetime import date

from eventlog.envelope import instant, seal
from schemas.contracts import ContractAwarded
from schemas.fact import Fact
from services.reporting.topic_counts import Tally
from tests.builders import DEVON, NOON, SALFORD, actor, cause, payment_recorded

FILE = "f" * 64


def sealed(fact: Fact, organisation: str = SALFORD, service: str = "spend") -> bytes:
    return seal(
        fact, service=service, organisation=organisation, stream="s", version=1, ordinal=0,
        actor=actor(), cause=cause(), happened_at=instant(NOON), recorded_at=instant(NOON),
    )  # fmt: skip


def contract(value_pence: int | None) -> ContractAwarded:
    return ContractAwarded(
        contract_id="C1", reference="S1", title="T", description="", supplier_id=None, supplier_name="X",
        directorate="Place", procedure="RFQ", starts_on=None, ends_on=None, value_pence=value_pence,
        annual_pence=None, category_code=None, category_label="", extends_contract_id=None,
        file_id="r", line=2, stated_on=date(2022, 7, 1),
    )  # fmt: skip


def test_rows_and_pence_are_added_up_file_by_file() -> None:
    tally = Tally()
    tally.take("GB-LAE-SLF/spend", 0, sealed(payment_recorded(net_pence=70_000)))
    tally.take("GB-LAE-SLF/spend", 1, sealed(payment_recorded(payment_id="P2", net_pence=-1)))
    tally.take("GB-LAE-DEV/spend", 0, sealed(payment_recorded(net_pence=5), DEVON))
    assert tally.told(SALFORD)["files"] == [
        {"organisation": SALFORD, "file_id": FILE, "rows": 2, "pence": 69_999, "unreadable_rows": 0}
    ]
    assert [each["organisation"] for each in tally.told(None)["files"]] == [DEVON, SALFORD]


def test_an_event_that_was_delivered_twice_counts_once() -> None:
    tally = Tally()
    for _ in range(2):
        tally.take("GB-LAE-SLF/spend", 0, sealed(payment_recorded()))
    assert (tally.records, tally.files[SALFORD, FILE].rows) == (2, 1)


def test_a_contract_without_a_value_is_a_row_with_pence_unknown() -> None:
    tally = Tally()
    tally.take("GB-LAE-SLF/contracts", 0, sealed(contract(None), service="contracts"))
    tally.take("GB-LAE-SLF/contracts", 1, sealed(contract(500), service="contracts"))
    (file,) = tally.told(SALFORD)["files"]
    assert (file["rows"], file["pence"], file["unreadable_rows"]) == (2, 500, 1)


def test_payments_of_no_file_have_a_sum_of_their_own_and_bytes_of_no_event_are_in_none() -> None:
    tally = Tally()
    tally.take("GB-LAE-SLF/spend", 0, sealed(payment_recorded(file_id=None)))
    tally.take("GB-LAE-SLF/spend", 1, b"\xff")
    posted = {"organisation": "GB-LAE-SLF", "file_id": "", "rows": 1, "pence": 70_000, "unreadable_rows": 0}
    assert tally.told(None) == {"records": 2, "unreadable_records": 1, "files": [posted]}
