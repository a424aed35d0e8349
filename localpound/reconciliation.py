"""Does every row of a file, and every penny, turn up where it should? The arithmetic, without I/O."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived, RegisterRowRejected
from schemas.fact import Fact
from schemas.spend import (
    PaymentCancelled,
    PaymentCorrected,
    PaymentRecorded,
    PaymentVoided,
    RowRejected,
    SpendFileReceived,
)

Place = Literal["log", "kafka", "read_model", "gateway"]
PLACES: tuple[Place, ...] = ("log", "kafka", "read_model", "gateway")
DIFFERENCE, INCOMPLETE = 2, 3
POSTED = "posted/"
NOBODY = "unknown"
"""Whose a file is that the log does not know."""
FATES = ("new", "known", "corrected", "rejected")
WORDS = {"log": "log", "kafka": "Kafka", "read_model": "read model", "gateway": "gateway"}


@dataclass(frozen=True, slots=True)
class Amount:
    """Rows, their net pence, and how many of the rows have pence that could not be read."""

    rows: int = 0
    pence: int = 0
    unreadable: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.rows + other.rows, self.pence + other.pence, self.unreadable + other.unreadable)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.rows - other.rows, self.pence - other.pence, self.unreadable - other.unreadable)


def one(pence: int | None) -> Amount:
    """One row."""
    return Amount(1, 0, 1) if pence is None else Amount(1, pence)


class _Event(msgspec.Struct):
    type: str
    source: str
    subject: str
    data: msgspec.Raw


_open = msgspec.json.Decoder(_Event).decode
_facts: Mapping[str, msgspec.json.Decoder[Fact]] = {
    fact.wire_name: msgspec.json.Decoder(fact)
    for fact in (
        SpendFileReceived, RowRejected, PaymentRecorded, PaymentCorrected, PaymentVoided, PaymentCancelled,
        RegisterReceived, RegisterRowRejected, ContractAwarded, ContractRestated,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """What the service said of a file when it had read it."""

    organisation: str
    file_id: str
    file_name: str
    kind: Literal["register", "spend", "posted", "unknown"]
    """posted: payments that machines posted, in no file; unknown: of a file that the log never received."""
    read: Amount
    fates: Mapping[str, Amount]
    """`new`, `known`, `corrected`, `rejected`; unreadable rows are told for the file as a whole."""
    unreadable: int


@dataclass(slots=True)
class Counted:
    """What one log, or one topic, holds of every file: added up event by event."""

    stated: dict[str, Stated] = field(default_factory=dict)
    recorded: dict[str, Amount] = field(default_factory=dict)
    rejected: dict[str, Amount] = field(default_factory=dict)
    withdrawn: dict[str, Amount] = field(default_factory=dict)
    """Payments that were voided or cancelled, under the file that spoke of them last."""
    latest: dict[str, tuple[str, Amount]] = field(default_factory=dict)
    """Per stream the file that spoke last, and what it said."""
    owners: dict[str, str] = field(default_factory=dict)
    """Whose each file is, also one that was never received."""

    def see(self, envelope: bytes) -> None:
        """Take one event; those that belong to no file are passed by."""
        event = _open(envelope)
        decoder = _facts.get(event.type)
        if decoder is not None:
            self._take(event.source.split("/")[2], event.subject, decoder.decode(event.data))

    def _take(self, organisation: str, stream: str, fact: Fact) -> None:
        match fact:
            case SpendFileReceived() | RegisterReceived():
                self.stated[fact.file_id] = _stated(organisation, fact)
            case RowRejected() | RegisterRowRejected():
                self.rejected[fact.file_id] = self.rejected.get(fact.file_id, Amount()) + one(fact.net_pence)
            case PaymentRecorded(file_id=None):
                self._record(organisation, stream, posted_by(organisation), fact.net_pence)
            case PaymentRecorded(file_id=str(file_id)) | PaymentCorrected(file_id=file_id):
                self._record(organisation, stream, file_id, fact.net_pence)
            case PaymentVoided() | PaymentCancelled():
                self._withdraw(organisation + stream)
            case ContractAwarded() | ContractRestated():
                self._record(organisation, stream, fact.file_id, fact.value_pence)

    def _record(self, organisation: str, stream: str, file_id: str, pence: int | None) -> None:
        self.recorded[file_id] = self.recorded.get(file_id, Amount()) + one(pence)
        self.latest[organisation + stream] = (file_id, one(pence))
        self.owners[file_id] = organisation

    def _withdraw(self, payment: str) -> None:
        last = self.latest.pop(payment, None)
        if last is not None:
            file_id, amount = last
            self.withdrawn[file_id] = self.withdrawn.get(file_id, Amount()) + amount

    def all_stated(self) -> dict[str, Stated]:
        """What every file's reader said; and what nobody said of a file, but the log holds."""
        found = dict(self.stated)
        for file_id in self.recorded.keys() - found.keys():
            said = self.recorded[file_id] if file_id.startswith(POSTED) else Amount()
            found[file_id] = _nobody_s(self.owners[file_id], file_id, said)
        return found

    def held(self) -> dict[str, Amount]:
        """Per file what of it stands now, no later file having said something else."""
        found: dict[str, Amount] = {}
        for file_id, amount in self.latest.values():
            found[file_id] = found.get(file_id, Amount()) + amount
        return found


def posted_by(organisation: str) -> str:
    """Under what an organisation's payments are counted that machines posted, in no file."""
    return POSTED + organisation


def _nobody_s(organisation: str, file_id: str, said: Amount) -> Stated:
    posted = file_id.startswith(POSTED)
    return Stated(
        organisation=file_id.removeprefix(POSTED) if posted else organisation,
        file_id=file_id,
        file_name="posted by machines" if posted else f"a file that the log never received: {file_id[:16]}",
        kind="posted" if posted else "unknown",
        read=said,
        fates={fate: said if fate == "new" else Amount() for fate in FATES},
        unreadable=said.unreadable,
    )


def _stated(organisation: str, fact: SpendFileReceived | RegisterReceived) -> Stated:
    return Stated(
        organisation=organisation,
        file_id=fact.file_id,
        file_name=fact.file_name,
        kind="spend" if isinstance(fact, SpendFileReceived) else "register",
        read=Amount(fact.read_rows, fact.read_pence),
        fates={
            "new": Amount(fact.new_rows, fact.new_pence),
            "known": Amount(fact.known_rows, fact.known_pence),
            "corrected": Amount(fact.corrected_rows, fact.corrected_pence),
            "rejected": Amount(fact.rejected_rows, fact.rejected_pence),
        },
        unreadable=fact.unreadable_rows,
    )


@dataclass(frozen=True, slots=True)
class FileAccount:
    """One file, from its rows to what partners are told."""

    stated: Stated
    rejected: Amount
    """The rejected rows that are in the log, one by one."""
    superseded: Amount
    """Rows that a later file states anew: in the log for ever, in the read model no longer."""
    withdrawn: Amount
    """Payments that were voided or cancelled: in the log for ever, and in no figure."""
    counted: Mapping[Place, Amount | None]
    """Null where nobody could count."""

    @property
    def kept(self) -> Amount:
        """New and corrected: what must be found everywhere."""
        return self.stated.fates["new"] + self.stated.fates["corrected"]

    def expected(self, place: Place) -> Amount:
        """What a place must hold of this file."""
        return self.kept if place in {"log", "kafka"} else self.kept - self.superseded - self.withdrawn

    @property
    def differences(self) -> tuple[str, ...]:
        """What does not agree, in plain words; none when all does, to the penny."""
        return tuple(_differences(self))

    @property
    def uncounted(self) -> tuple[Place, ...]:
        """Where nobody could count."""
        return tuple(place for place in PLACES if self.counted.get(place) is None)


def exit_code(found: Iterable[FileAccount]) -> int:
    """2 on any difference; 3 when nothing differs but a place could not be counted; 0 when all agree everywhere."""
    accounted = list(found)
    if any(each.differences for each in accounted):
        return DIFFERENCE
    return INCOMPLETE if any(each.uncounted for each in accounted) else 0


def same(left: Amount, right: Amount) -> bool:
    """Rows and pence; unreadable rows are compared on their own."""
    return (left.rows, left.pence) == (right.rows, right.pence)


def _differences(account: FileAccount) -> Iterator[str]:
    fates = sum((account.stated.fates[fate] for fate in FATES), Amount())
    if not same(account.stated.read, fates):
        yield _sentence("read", account.stated.read, "new, known, corrected and rejected", fates)
    if not same(account.stated.fates["rejected"], account.rejected):
        yield _sentence("rejected", account.stated.fates["rejected"], "rejections in the log", account.rejected)
    for place in PLACES:
        counted = account.counted.get(place)
        if counted is not None and not same(account.expected(place), counted):
            yield _sentence("new and corrected", account.expected(place), WORDS[place], counted)


def _sentence(one_name: str, one_amount: Amount, other_name: str, other: Amount) -> str:
    return (
        f"{one_name}: {one_amount.rows:,} rows, {one_amount.pence:,} pence;"
        f" {other_name}: {other.rows:,} rows, {other.pence:,} pence"
    )


def accounts(
    log: Counted,
    kafka: Mapping[str, Amount] | None,
    read_model: Mapping[str, Amount] | None,
    gateway: Mapping[str, Amount] | None,
) -> list[FileAccount]:
    """Every file that the log knows, by organisation, kind and name; then what only another place has."""
    held = log.held()
    stated = log.all_stated()
    elsewhere = {file_id for place in (kafka, read_model, gateway) for file_id in _with_rows(place)} - stated.keys()
    stated |= {file_id: _nobody_s(NOBODY, file_id, Amount()) for file_id in elsewhere}
    return [
        FileAccount(
            stated=said,
            rejected=log.rejected.get(file_id, Amount()),
            superseded=log.recorded.get(file_id, Amount()) - held.get(file_id, Amount()) - _in(log.withdrawn, file_id),
            withdrawn=_in(log.withdrawn, file_id),
            counted={
                "log": log.recorded.get(file_id, Amount()),
                "kafka": _of(kafka, file_id),
                "read_model": _of(read_model, file_id),
                "gateway": _of(gateway, file_id),
            },
        )
        for file_id, said in sorted(
            stated.items(), key=lambda item: (item[1].organisation, item[1].kind, item[1].file_name)
        )
    ]


def _in(amounts: Mapping[str, Amount], file_id: str) -> Amount:
    return amounts.get(file_id, Amount())


def _with_rows(amounts: Mapping[str, Amount] | None) -> list[str]:
    return [file_id for file_id, amount in (amounts or {}).items() if amount.rows or amount.pence]


def _of(amounts: Mapping[str, Amount] | None, file_id: str) -> Amount | None:
    return None if amounts is None else _in(amounts, file_id)


def total(amounts: Iterable[Amount]) -> Amount:
    """All of them together."""
    return sum(amounts, Amount())
