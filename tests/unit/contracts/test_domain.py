from datetime import date

from msgspec.structs import asdict

from eventlog.testing import Specification
from schemas.contracts import ContractAwarded, ContractRestated
from services.contracts import domain
from services.contracts.domain import StateContract, StateSupplier
from tests.unit.contracts.registers import awarded, stated

contracts = Specification(domain.contracts)
suppliers = Specification(domain.suppliers)
OCTOBER = date(2022, 10, 31)


def restated(row: ContractAwarded) -> ContractRestated:
    return ContractRestated(**asdict(row))


def test_a_new_row_is_an_award() -> None:
    contracts.when(StateContract(row=awarded())).then(awarded())


def test_a_row_that_says_the_same_elsewhere_and_later_adds_nothing() -> None:
    again = awarded(file_id="a" * 64, line=99, stated_on=OCTOBER)
    contracts.given(awarded()).when(StateContract(row=again)).then()


def test_a_later_row_that_says_otherwise_restates_the_contract() -> None:
    row = awarded(value_pence=1, stated_on=OCTOBER)
    contracts.given(awarded()).when(StateContract(row=row)).then(restated(row))


def test_the_latest_word_is_what_the_next_row_is_compared_with() -> None:
    row = awarded(value_pence=1, stated_on=OCTOBER)
    on_record = contracts.given(awarded(), restated(row))
    on_record.when(StateContract(row=row)).then()
    back = awarded(stated_on=OCTOBER)
    on_record.when(StateContract(row=back)).then(restated(back))


def test_an_older_row_may_repeat_but_not_unsay() -> None:
    on_record = contracts.given(awarded())
    on_record.when(StateContract(row=awarded(stated_on=date(2022, 1, 31)))).then()
    unsaid = awarded(value_pence=1, stated_on=date(2022, 1, 31))
    on_record.when(StateContract(row=unsaid)).then_refused(domain.OlderThanRecord)


def test_every_wording_of_a_supplier_is_recorded_once_and_the_usual_one_stands_last() -> None:
    rare = stated(name="Diving", line=5)
    said = domain.by_supplier([stated(), rare, stated(line=9)])
    assert said == {"GB-COH-02535986": (rare, stated())}
    command = StateSupplier(statements=said["GB-COH-02535986"])
    suppliers.when(command).then(rare, stated())
    suppliers.given(rare, stated()).when(command).then()


def test_a_later_register_that_words_a_supplier_otherwise_is_recorded_whole() -> None:
    later = stated(sme=False, stated_on=OCTOBER)
    on_record = suppliers.given(stated(name="Diving"), stated())
    on_record.when(StateSupplier(statements=(later,))).then(later)
    fewer = stated(stated_on=OCTOBER)
    on_record.when(StateSupplier(statements=(fewer,))).then(fewer)


def test_a_second_file_of_the_same_day_adds_only_new_wordings() -> None:
    new = stated(name="Diving", file_id="a" * 64)
    command = StateSupplier(statements=(stated(file_id="a" * 64), new))
    suppliers.given(stated()).when(command).then(new)


def test_an_older_register_may_not_word_a_supplier_otherwise() -> None:
    older = stated(sme=None, stated_on=date(2021, 1, 1))
    suppliers.given(stated()).when(StateSupplier(statements=(older,))).then_refused(domain.OlderThanRecord)
