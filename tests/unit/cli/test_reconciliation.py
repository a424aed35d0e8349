"""Every row and every penny of a file, from the log to what partners are told."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from eventlog.envelope import Cause, instant, seal
from localpound.reconciliation import Amount, Counted, accounts, exit_code, posted_by
from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived
from schemas.fact import Fact
from schemas.spend import PaymentCancelled, PaymentCorrected, PaymentVoided, RowRejected, SpendFileReceived
from tests.builders import NOON, SALFORD, actor, payment_recorded

COMMAND = UUID("0198f6c2-0000-7000-8000-000000000002")
FILE = "a" * 64
RECEIVED = SpendFileReceived(
    file_id=FILE, file_name="spend-2021-04.csv", byte_count=1_000, period="2021-04", encoding="utf-8",
    read_rows=5, new_rows=2, known_rows=1, corrected_rows=0, rejected_rows=2,
    read_pence=111_000, new_pence=100_000, known_pence=10_000, corrected_pence=0, rejected_pence=1_000,
    unreadable_rows=1,
)  # fmt: skip


def counted(*facts: tuple[str, Fact]) -> Counted:
    found = Counted()
    for ordinal, (stream, fact) in enumerate(facts):
        found.see(
            seal(
                fact,
                service="spend",
                organisation=SALFORD,
                stream=stream,
                version=1,
                ordinal=ordinal,
                actor=actor(),
                cause=Cause(command_id=COMMAND, correlation_id=COMMAND),
                happened_at=instant(NOON),
                recorded_at=instant(NOON),
            )
        )
    return found


def rejected(line: int, net_pence: int | None) -> tuple[str, Fact]:
    fact = RowRejected(
        file_id=FILE, line=line, field="Net", value="x", code="amount-unreadable", reason="r", remedy="m",
        net_pence=net_pence,
    )  # fmt: skip
    return f"file/{FILE}", fact


def paid(payment_id: str, net_pence: int) -> tuple[str, Fact]:
    fact = payment_recorded(payment_id=payment_id, file_id=FILE, net_pence=net_pence)
    return f"payment/{payment_id}", fact


WHOLE = (
    (f"file/{FILE}", RECEIVED),
    rejected(3, 1_000),
    rejected(4, None),
    paid("P1", 70_000),
    paid("P2", 30_000),
)
HELD = {FILE: Amount(2, 100_000)}


def test_a_file_that_agrees_everywhere_has_no_differences() -> None:
    (account,) = accounts(counted(*WHOLE), HELD, HELD, HELD)
    assert account.differences == ()
    assert account.uncounted == ()
    assert account.kept == Amount(2, 100_000)
    assert account.rejected == Amount(2, 1_000, 1)


def test_a_penny_is_a_difference() -> None:
    other = {FILE: Amount(2, 99_999)}
    (account,) = accounts(counted(*WHOLE), None, other, HELD)
    assert account.differences == ("new and corrected: 2 rows, 100,000 pence; read model: 2 rows, 99,999 pence",)
    assert account.uncounted == ("kafka",)


def test_a_payment_that_is_not_on_the_topic_is_a_difference() -> None:
    (account,) = accounts(counted(*WHOLE), counted(*WHOLE[:-1]).recorded, HELD, HELD)
    assert account.differences == ("new and corrected: 2 rows, 100,000 pence; Kafka: 1 rows, 70,000 pence",)


VOIDED = ("payment/P2", PaymentVoided(payment_id="P2", voided_on=date(2022, 7, 5), reason="r"))


def test_a_payment_that_was_voided_stays_in_the_log_and_is_left_out_of_figures() -> None:
    standing = {FILE: Amount(1, 70_000)}
    (account,) = accounts(counted(*WHOLE, VOIDED), HELD, standing, standing)
    assert account.differences == ()
    assert (account.withdrawn, account.superseded) == (Amount(1, 30_000), Amount())
    (account,) = accounts(counted(*WHOLE, VOIDED), HELD, HELD, standing)
    assert account.differences == ("new and corrected: 1 rows, 70,000 pence; read model: 2 rows, 100,000 pence",)


def test_a_posted_payment_that_was_cancelled_is_accounted_for_too() -> None:
    posted = ("payment/P7", payment_recorded(payment_id="P7", file_id=None, net_pence=500))
    gone = ("payment/P7", PaymentCancelled(payment_id="P7", cancelled_on=date(2022, 7, 5), reason="r"))
    kafka, none = {posted_by(SALFORD): Amount(1, 500)}, {posted_by(SALFORD): Amount()}
    (account,) = accounts(counted(posted, gone), kafka, none, none)
    assert account.differences == ()
    assert account.withdrawn == Amount(1, 500)


def test_rows_that_were_read_and_became_nothing_are_a_difference() -> None:
    received = (f"file/{FILE}", replace(RECEIVED, read_rows=6))
    (account,) = accounts(counted(received, *WHOLE[1:]), None, HELD, HELD)
    assert account.differences == (
        "read: 6 rows, 111,000 pence; new, known, corrected and rejected: 5 rows, 111,000 pence",
    )


def test_a_rejection_that_was_not_kept_is_a_difference() -> None:
    (account,) = accounts(counted(WHOLE[0], *WHOLE[2:]), None, HELD, HELD)
    assert account.differences == ("rejected: 2 rows, 1,000 pence; rejections in the log: 1 rows, 0 pence",)


def contract(fact: type[ContractAwarded | ContractRestated], file_id: str, pence: int | None) -> Fact:
    return fact(
        contract_id="C1", reference="S1", title="T", description="", supplier_id=None, supplier_name="X",
        directorate="Place", procedure="RFQ", starts_on=None, ends_on=None, value_pence=pence,
        annual_pence=None, category_code=None, category_label="", extends_contract_id=None,
        file_id=file_id, line=2, stated_on=date(2022, 7, 1),
    )  # fmt: skip


def register(file_id: str, name: str, new: Amount, corrected: Amount) -> Fact:
    return RegisterReceived(
        file_id=file_id, file_name=name, byte_count=1, stated_on=date(2022, 7, 1), encoding="utf-8",
        read_rows=1, new_rows=new.rows, known_rows=0, corrected_rows=corrected.rows, rejected_rows=0,
        read_pence=new.pence + corrected.pence, new_pence=new.pence, known_pence=0,
        corrected_pence=corrected.pence, rejected_pence=0, unreadable_rows=new.unreadable,
    )  # fmt: skip


def test_a_row_that_a_later_register_restates_is_held_for_the_later_one() -> None:
    log = counted(
        ("register/1", register("1", "old.csv", Amount(1, 500), Amount())),
        ("contract/C1", contract(ContractAwarded, "1", 500)),
        ("register/2", register("2", "other.csv", Amount(), Amount(1, 700))),
        ("contract/C1", contract(ContractRestated, "2", 700)),
    )
    held = {"2": Amount(1, 700)}
    old, other = accounts(log, log.recorded, held, held)
    assert (old.differences, other.differences) == ((), ())
    assert old.superseded == Amount(1, 500)
    assert old.expected("log") == Amount(1, 500)
    assert old.expected("gateway") == Amount()


def test_a_contract_without_a_value_counts_as_a_row_with_pence_unknown() -> None:
    log = counted(
        ("register/1", register("1", "old.csv", Amount(1, 0, 1), Amount())),
        ("contract/C1", contract(ContractAwarded, "1", None)),
    )
    (account,) = accounts(log, None, {"1": Amount(1, 0)}, {"1": Amount(1, 0)})
    assert account.differences == ()
    assert account.counted["log"] == Amount(1, 0, 1)


def posted(payment_id: str, net_pence: int) -> tuple[str, Fact]:
    return f"payment/{payment_id}", payment_recorded(payment_id=payment_id, file_id=None, net_pence=net_pence)


def test_what_machines_posted_has_a_line_of_its_own() -> None:
    log = counted(*WHOLE, posted("P3", 5_000), posted("P4", -200))
    found = {**HELD, posted_by(SALFORD): Amount(2, 4_800)}
    file, machines = sorted(accounts(log, found, found, found), key=lambda each: each.stated.kind, reverse=True)
    assert (file.differences, machines.differences) == ((), ())
    assert (machines.stated.kind, machines.stated.file_name, machines.kept) == (
        "posted", "posted by machines", Amount(2, 4_800),
    )  # fmt: skip
    missing = accounts(log, HELD, found, found)
    assert [each.differences for each in missing if each.stated.kind == "posted"] == [
        ("new and corrected: 2 rows, 4,800 pence; Kafka: 0 rows, 0 pence",)
    ]


def test_a_payment_of_a_file_that_was_never_received_is_a_difference() -> None:
    stray = f"{'b' * 64}"
    log = counted(*WHOLE, ("payment/P9", payment_recorded(payment_id="P9", file_id=stray, net_pence=100)))
    (account,) = [each for each in accounts(log, HELD, HELD, HELD) if each.stated.kind == "unknown"]
    assert account.stated.file_name == f"a file that the log never received: {'b' * 16}"
    assert account.stated.organisation == SALFORD
    assert account.differences[0] == "new and corrected: 0 rows, 0 pence; log: 1 rows, 100 pence"


def test_a_payment_that_a_later_file_states_otherwise_leaves_its_first_file_in_the_read_model() -> None:
    later = "c" * 64
    received = replace(
        RECEIVED, file_id=later, file_name="again.csv", read_rows=2, new_rows=0, known_rows=1, corrected_rows=1,
        rejected_rows=0, read_pence=75_000, new_pence=0, known_pence=30_000, corrected_pence=45_000, rejected_pence=0,
        unreadable_rows=0,
    )  # fmt: skip
    corrected = PaymentCorrected(
        payment_id="P1", file_id=later, line=2, corrects_file_id=FILE, corrects_line=2, corrects_net_pence=70_000,
        paid_on=date(2021, 4, 1), contract_reference=None, department="", purpose="", net_pence=45_000, vat_pence=None,
        gross_pence=None,
    )  # fmt: skip
    log = counted(*WHOLE, (f"file/{later}", received), ("payment/P1", corrected))
    stand = {FILE: Amount(1, 30_000), later: Amount(1, 45_000)}
    topic = {FILE: Amount(2, 100_000), later: Amount(1, 45_000)}
    again, first = accounts(log, topic, stand, stand)
    assert (again.differences, first.differences) == ((), ())
    assert (again.superseded, first.superseded) == (Amount(), Amount(1, 70_000))


def test_what_only_another_place_has_is_a_difference() -> None:
    stray = {**HELD, "d" * 64: Amount(1, 100), posted_by(SALFORD): Amount(1, 5)}
    found = {account.stated.kind: account for account in accounts(counted(*WHOLE), stray, HELD, HELD)}
    assert found["unknown"].differences == ("new and corrected: 0 rows, 0 pence; Kafka: 1 rows, 100 pence",)
    assert found["posted"].differences == ("new and corrected: 0 rows, 0 pence; Kafka: 1 rows, 5 pence",)
    assert found["posted"].stated.organisation == SALFORD
    assert found["spend"].differences == ()


def test_the_exit_code_tells_a_difference_from_a_place_that_nobody_could_count() -> None:
    log = counted(*WHOLE)
    assert exit_code(accounts(log, HELD, HELD, HELD)) == 0
    assert exit_code(accounts(log, None, HELD, HELD)) == 3
    assert exit_code(accounts(log, None, {FILE: Amount(1, 1)}, HELD)) == 2
    assert exit_code([]) == 0
