"""What a projection is given of a record, and what is set aside."""

from datetime import date

import pytest

from eventlog.codec import Codec, facts_in
from eventlog.envelope import seal
from eventlog.errors import UnreadableFactError
from eventlog.projector import Projection, Reader
from eventlog.records import Record
from schemas import spend
from schemas.fact import Fact
from schemas.spend import PaymentMatched, PaymentScoped
from tests.builders import SALFORD, actor, cause, payment_matched

AT = "2021-04-01T12:00:00.000000Z"


class Wanting:
    """A read model of matched payments."""

    name = "matched"
    version = 1
    topics = ("spend.events",)
    facts: tuple[type[Fact], ...] = (PaymentMatched,)
    wants_all = False

    async def create(self, conn: object, schema: str) -> None: ...

    async def apply(self, conn: object, schema: str, batch: object) -> None: ...


class WantingAll(Wanting):
    """A read model of every event."""

    facts = ()
    wants_all = True


def record(
    fact: Fact, *, value: bytes | None = None, stream: str = "payment/P1", log: str = "GB-LAE-SLF/spend"
) -> Record:
    sealed = seal(
        fact,
        service="spend",
        organisation=SALFORD,
        stream="payment/P1",
        version=3,
        ordinal=0,
        actor=actor(),
        cause=cause(),
        happened_at=AT,
        recorded_at=AT,
    )
    return Record("spend.events", 0, 5, stream, log, 7, 9, value or sealed)


def reader(projection: Projection) -> Reader:
    return Reader(Codec(*facts_in(spend)), projection)


SCOPED = PaymentScoped(payment_id="P1", scope="grant", rule="r", rules_dated=date(2026, 1, 1))


def test_a_subscribed_fact_comes_with_its_circumstances() -> None:
    read = reader(Wanting()).read(record(payment_matched()))
    assert read is not None
    assert (read.organisation, read.service, read.index, read.stream, read.version) == (
        SALFORD,
        "spend",
        7,
        "payment/P1",
        3,
    )
    assert read.fact == payment_matched()
    assert read.type == "localpound.spend.PaymentMatched.v1"
    assert read.recorded_at.isoformat() == "2021-04-01T12:00:00+00:00"


def test_a_known_fact_that_nobody_asked_for_is_passed_by() -> None:
    assert reader(Wanting()).read(record(SCOPED)) is None


def test_who_wants_all_gets_what_is_not_subscribed_without_a_fact() -> None:
    read = reader(WantingAll()).read(record(SCOPED))
    assert read is not None
    assert read.fact is None
    assert read.type == "localpound.spend.PaymentScoped.v1"


def test_an_unknown_type_is_unreadable_unless_all_is_wanted() -> None:
    unknown = record(SCOPED)
    unknown = record(SCOPED, value=unknown.value.replace(b"PaymentScoped.v1", b"PaymentScoped.v9"))
    with pytest.raises(UnreadableFactError, match="unknown type"):
        reader(Wanting()).read(unknown)
    read = reader(WantingAll()).read(unknown)
    assert read is not None
    assert read.envelope == unknown.value


@pytest.mark.parametrize(
    "bad",
    [
        record(payment_matched(), value=b"{}"),
        record(payment_matched(), value=record(payment_matched()).value.replace(b'"C1"', b"17")),
        record(payment_matched(), stream="payment/P2"),
        record(payment_matched(), log="GB-LAE-DEV/spend"),
        record(payment_matched(), log=""),
    ],
)
def test_what_contradicts_itself_is_unreadable(bad: Record) -> None:
    with pytest.raises(UnreadableFactError):
        reader(Wanting()).read(bad)
