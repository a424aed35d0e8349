"""Two councils: what they bought, paid, were promised, and could not read."""

from datetime import UTC, date, datetime
from typing import Any

from schemas.contracts import ContractAwarded, ContractRestated, RegisterReceived, RegisterRowRejected, SupplierStated
from schemas.fact import Fact
from schemas.social_value import CommitmentMade, OutcomeClaimed, OutcomeVerified
from schemas.spend import (
    PaymentMatched,
    PaymentRecorded,
    PaymentScoped,
    PaymentUnmatched,
    RowRejected,
    SpendFileReceived,
    SupplierLinkProposed,
    SupplierMatched,
)
from tests.builders import DEVON, SALFORD, actor, payment_recorded
from tests.integration.gateway_graphql.ledger import Ledger

MONDAY = datetime(2022, 7, 4, 9, tzinfo=UTC)
TUESDAY = datetime(2022, 7, 5, 9, tzinfo=UTC)
WEDNESDAY = datetime(2022, 7, 6, 9, tzinfo=UTC)

REGISTER, APRIL, MAY, DEVON_FILE = "a" * 64, "b" * 64, "c" * 64, "d" * 64
ACME, BETA = "GB-COH-00000010", "GB-COH-00000020"
RULES = date(2022, 1, 1)


def _counts(rows: int, pence: int, rejected: int = 0, rejected_pence: int = 0, unreadable: int = 0) -> dict[str, int]:
    return {
        "read_rows": rows + rejected,
        "new_rows": rows,
        "known_rows": 0,
        "corrected_rows": 0,
        "rejected_rows": rejected,
        "read_pence": pence + rejected_pence,
        "new_pence": pence,
        "known_pence": 0,
        "corrected_pence": 0,
        "rejected_pence": rejected_pence,
        "unreadable_rows": unreadable,
    }


def contract(kind: type[Fact] = ContractAwarded, **changes: Any) -> Any:
    """A contract with Acme."""
    valid: dict[str, Any] = {
        "contract_id": "C1",
        "reference": "S1",
        "title": "Grounds maintenance",
        "description": "Parks",
        "supplier_id": ACME,
        "supplier_name": "Acme Limited",
        "directorate": "Place",
        "procedure": "ITT",
        "starts_on": date(2021, 1, 1),
        "ends_on": date(2022, 12, 31),
        "value_pence": 10_000_000,
        "annual_pence": 5_000_000,
        "category_code": "290000",
        "category_label": "Leisure",
        "extends_contract_id": None,
        "file_id": REGISTER,
        "line": 2,
        "stated_on": date(2022, 7, 1),
    }
    return kind(**(valid | changes))


def supplier(supplier_id: str, name: str, postcode: str | None, sme: bool | None, line: int) -> SupplierStated:
    """A supplier as a line of the register states it."""
    return SupplierStated(
        supplier_id=supplier_id, name=name, normalised_name=name.upper(), company_number=supplier_id[-8:],
        postcode=postcode, sme=sme, file_id=REGISTER, line=line, stated_on=date(2022, 7, 1),
    )  # fmt: skip


def paid(payment_id: str, pence: int, **changes: Any) -> PaymentRecorded:
    """A payment of April to Acme."""
    return payment_recorded(
        **{
            "payment_id": payment_id, "payee_id": "E-ACME", "supplier_name": "Acme Limited", "file_id": APRIL,
            "net_pence": pence, "vat_pence": None, "gross_pence": None, **changes,
        }
    )  # fmt: skip


def scoped(payment_id: str, scope: Any = "contract_spend") -> PaymentScoped:
    return PaymentScoped(payment_id=payment_id, scope=scope, rule="by department", rules_dated=RULES)


def unmatched(payment_id: str, answer: Any = "no_contract", supplier: str | None = None) -> PaymentUnmatched:
    return PaymentUnmatched(payment_id=payment_id, answer=answer, supplier_id=supplier, candidates=())


async def tell(ledger: Ledger) -> None:
    """Put all of it on the record, over three days."""
    await _register(ledger)
    await _payments(ledger)
    await _outcomes(ledger)
    await _devon(ledger)


async def _register(ledger: Ledger) -> None:
    async def say(stream: str, *facts: Fact, at: datetime = MONDAY) -> None:
        await ledger.record(SALFORD, "contracts", stream, *facts, at=at)

    received = RegisterReceived(
        file_id=REGISTER, file_name="register.csv", byte_count=900, stated_on=date(2022, 7, 1), encoding="utf-8",
        **_counts(2, 10_000_000, rejected=1, unreadable=1),
    )  # fmt: skip
    rejected = RegisterRowRejected(
        file_id=REGISTER, line=4, field="Total Contract Value", value="about a million", code="not-an-amount",
        reason="This is no amount.", remedy="Write 1000000.00.", net_pence=None,
    )  # fmt: skip
    await say(f"register/{REGISTER}", received, rejected)
    await say(f"supplier/{ACME}", supplier(ACME, "Acme Limited", "M5 4AB", True, 2))
    await say(f"supplier/{BETA}", supplier(BETA, "Beta plc", "EC1A 1BB", None, 3))
    await say("contract/C1", contract())
    await say("contract/C2", contract(contract_id="C2", title="Advice", supplier_id=BETA, value_pence=None, line=3))
    await say("contract/C1", contract(ContractRestated, value_pence=12_000_000), at=WEDNESDAY)


async def _payments(ledger: Ledger) -> None:
    async def say(stream: str, *facts: Fact, at: datetime = MONDAY) -> None:
        await ledger.record(SALFORD, "spend", stream, *facts, at=at)

    received = SpendFileReceived(
        file_id=APRIL, file_name="spend-2021-04.csv", byte_count=1_000, period="2021-04", encoding="utf-8",
        **_counts(6, 4_270_000 + 30_000, rejected=1, rejected_pence=7_700),
    )  # fmt: skip
    await say(f"file/{APRIL}", received, _rejected(APRIL, 9, 7_700))
    await say("payment/P1", paid("P1", 4_000_000), scoped("P1"), unmatched("P1"))
    await say("payment/P2", paid("P2", 30_000, line=3), scoped("P2"), unmatched("P2"))
    await say("payment/P3", paid("P3", -60_000, line=4), scoped("P3"), unmatched("P3"))
    unknown = {"payee_id": "E-CORNER", "supplier_name": "Corner 100% Shop_", "line": 5}
    await say("payment/P4", paid("P4", 90_000, **unknown), scoped("P4"), unmatched("P4"))
    hidden = {"payee_id": "E-HIDDEN", "supplier_name": "REDACTED PERSONAL DATA", "withheld": True, "line": 6}
    await say("payment/P5", paid("P5", 140_000, **hidden), scoped("P5", "withheld"))
    grant = {"payee_id": "E-CLUB", "supplier_name": "Scout Group", "purpose": "Grants", "line": 7}
    await say("payment/P6", paid("P6", 100_000, **grant), scoped("P6", "grant"))
    await say("payee/E-ACME", _matched_payee(), at=TUESDAY)
    await say("payment/P1", PaymentMatched(payment_id="P1", supplier_id=ACME, contract_id="C1"), at=TUESDAY)
    await say("payment/P2", unmatched("P2", "ambiguous", ACME), at=TUESDAY)
    await say("payment/P3", unmatched("P3", "expired", ACME), at=TUESDAY)
    await say("payee/E-CORNER", _proposed(), at=TUESDAY)


def _proposed() -> SupplierLinkProposed:
    return SupplierLinkProposed(
        payee_id="E-CORNER", supplier_name="Corner 100% Shop_", candidates=(ACME,),
        evidence=("a letter or two differ",), scores=(917,), rules_dated=date(2026, 11, 23),
    )  # fmt: skip


def _matched_payee() -> SupplierMatched:
    return SupplierMatched(payee_id="E-ACME", supplier_id=ACME, supplier_name="Acme Limited", basis="normalised_name")


def _rejected(file_id: str, line: int, pence: int | None) -> RowRejected:
    return RowRejected(
        file_id=file_id, line=line, field="Date of Payment", value="31/02/2021", code="not-a-day",
        reason="There is no such day.", remedy="Write 2021-02-28.", net_pence=pence,
    )  # fmt: skip


async def _outcomes(ledger: Ledger) -> None:
    async def say(stream: str, fact: Fact, organisation: str = SALFORD) -> None:
        by = actor(organisation=organisation)
        await ledger.record(SALFORD, "social_value", stream, fact, at=TUESDAY, by=by)

    same = {"commitment_id": "K1", "contract_id": "C1"}
    promised = CommitmentMade(**same, measure="NT1 Local jobs", unit="weeks", quantity=5_200, due_on=date(2022, 12, 31))
    await say("commitment/K1", promised)
    claimed = OutcomeClaimed(
        **same, claim_id="L1", quantity=1_300, delivered_on=date(2022, 6, 30), evidence_digest="e" * 64
    )
    await say("claim/L1", claimed, ACME)
    await say("claim/L1", OutcomeVerified(**same, claim_id="L1", quantity=1_200, verdict="partial"), BETA)


async def _devon(ledger: Ledger) -> None:
    received = SpendFileReceived(
        file_id=DEVON_FILE, file_name="DCC.csv", byte_count=50, period="2025-04", encoding="utf-8",
        **_counts(1, 80_000, rejected=1, unreadable=1),
    )  # fmt: skip
    await ledger.record(DEVON, "spend", f"file/{DEVON_FILE}", received, _rejected(DEVON_FILE, 3, None), at=TUESDAY)
    fact = paid("D1", 80_000, file_id=DEVON_FILE, period="2025-04", payee_id="E-DEV", supplier_name="Exe Ltd")
    await ledger.record(DEVON, "spend", "payment/D1", fact, scoped("D1"), unmatched("D1"), at=TUESDAY)
