"""What spend has in its own tables: who is registered, under which contracts, what was paid."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from eventlog.store import Connection
from schemas.spend import PaymentMatched, PaymentUnmatched
from services.spend.domain import Judged, KnownSupplier, Numbers
from services.spend.judgement.contract import Paid
from services.spend.judgement.correcting import OnRecord, Restated

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('spend/' || $1, 0))"
"""Importing and judging again take turns within an organisation, so that neither misses the other's rows."""


@dataclass(frozen=True, slots=True)
class Payee:
    """A name on the record, and who it is known to be."""

    payee_id: str
    supplier_name: str
    numbers: Numbers
    supplier_id: str | None
    proposed: Sequence[str]
    """Suppliers that are proposed to a person."""
    version: int

    def now_at(self, version: int) -> "Payee":
        """The same, so many facts later."""
        return replace(self, version=version)

    def now(self, found: KnownSupplier | None, facts: int) -> "Payee":
        """The payee after so many facts said who it is, or may be."""
        return replace(
            self,
            supplier_id=found.supplier_id if found else None,
            proposed=[each.supplier_id for each in found.proposals] if found else [],
            version=self.version + facts,
        )


async def on_record(conn: Connection, organisation: str, content_ids: Sequence[str]) -> dict[str, str]:
    """Which of these rows are on the record, as which payment: as first stated, or as corrected since."""
    rows = await conn.fetch(
        "SELECT payment_id, payment_id FROM spend.payment WHERE organisation = $1 AND payment_id = ANY($2)"
        " UNION ALL"
        " SELECT content_id, payment_id FROM spend.corrected_content"
        " WHERE organisation = $1 AND content_id = ANY($2)",
        organisation,
        list(content_ids),
    )
    return {row[0]: row[1] for row in rows}


async def stated(conn: Connection, organisation: str, payment_ids: Sequence[str]) -> list[OnRecord]:
    """Payments as a file stated them last."""
    rows = await conn.fetch(
        "SELECT payment_id, payee_id, document_number, file_id, line, net_pence, paid_on, version, scope_decided"
        " FROM spend.payment"
        " WHERE organisation = $1 AND payment_id = ANY($2)",
        organisation,
        payment_ids,
    )
    return [OnRecord(**row) for row in rows]


async def keep_corrections(conn: Connection, organisation: str, restated: Sequence[tuple[str, Restated]]) -> None:
    """Remember payments as they are stated now (content id, what was decided)."""
    await conn.executemany(
        "INSERT INTO spend.corrected_content VALUES ($1, $2, $3)",
        [(organisation, content, each.corrected.payment_id) for content, each in restated],
    )
    await conn.executemany(
        "UPDATE spend.payment SET file_id = $3, line = $4, paid_on = $5, contract_reference = $6, net_pence = $7,"
        " scope = $8, answer = $9, contract_id = $10, supplier_id = $11, candidates = $12, version = $13,"
        " purpose = $14"
        " WHERE organisation = $1 AND payment_id = $2",
        [
            (
                organisation, each.corrected.payment_id, each.corrected.file_id, each.corrected.line,
                each.corrected.paid_on, each.corrected.contract_reference, each.corrected.net_pence,
                each.scoped.scope, *verdict(each.judgement), each.version + len(each.facts),
                each.corrected.purpose,
            )
            for _, each in restated
        ],
    )  # fmt: skip


async def documents_elsewhere(conn: Connection, organisation: str, period: str, numbers: Iterable[str]) -> set[str]:
    """Which document numbers are on the record in another period."""
    rows = await conn.fetch(
        "SELECT DISTINCT document_number FROM spend.payment"
        " WHERE organisation = $1 AND document_number = ANY($2) AND period <> $3",
        organisation,
        list(set(numbers)),
        period,
    )
    return {row[0] for row in rows}


async def payees(conn: Connection, organisation: str, ids: Iterable[str]) -> dict[str, Payee]:
    """What is on the record of these payees."""
    rows = await conn.fetch(
        "SELECT payee_id, supplier_name, numbers, supplier_id, proposed, version FROM spend.payee"
        " WHERE organisation = $1 AND payee_id = ANY($2)",
        organisation,
        list(set(ids)),
    )
    return {payee: Payee(payee, name, tuple(own), *rest) for payee, name, own, *rest in rows}


async def keep_payments(conn: Connection, organisation: str, judged: Sequence[Judged]) -> None:
    """Remember new payments in short."""
    await conn.copy_records_to_table(
        "payment",
        schema_name="spend",
        columns=[
            "organisation", "payment_id", "payee_id", "period", "paid_on", "document_number", "contract_reference",
            "net_pence", "scope", "answer", "contract_id", "supplier_id", "candidates", "version", "file_id", "line",
            "purchase_order", "pay_run", "judged_by_order", "purpose",
        ],
        records=[
            (
                organisation, p.recorded.payment_id, p.recorded.payee_id, p.recorded.period, p.recorded.paid_on,
                p.recorded.document_number, p.recorded.contract_reference, p.recorded.net_pence, p.scoped.scope,
                *verdict(p.judgement), len(p.facts), p.recorded.file_id, p.recorded.line,
                p.recorded.purchase_order, p.recorded.pay_run, p.judgement and p.judgement.purchase_order,
                p.recorded.purpose,
            )
            for p in judged
        ],
    )  # fmt: skip


Verdict = tuple[str | None, str | None, str | None, list[str]]
"""Answer, contract, supplier and candidates of a judgement, as the working row keeps them."""


def verdict(judgement: PaymentMatched | PaymentUnmatched | None) -> Verdict:
    """All that a judgement says; it is given again only when any of that changes."""
    match judgement:
        case None:
            return None, None, None, []
        case PaymentMatched():
            return "on_contract", judgement.contract_id, judgement.supplier_id, []
        case PaymentUnmatched():
            return judgement.answer, None, judgement.supplier_id, list(judgement.candidates)


async def name_payees(conn: Connection, organisation: str, payees: Sequence[Payee]) -> None:
    """Remember who payees are now, and whom they may be."""
    await conn.executemany(
        "UPDATE spend.payee SET supplier_id = $3, proposed = $4, version = $5"
        " WHERE organisation = $1 AND payee_id = $2",
        [(organisation, p.payee_id, p.supplier_id, list(p.proposed), p.version) for p in payees],
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment that was judged, as it stands."""

    paid: Paid
    payee_id: str
    verdict: Verdict
    version: int
    purchase_order: str | None
    judged_by_order: str | None


async def standing(
    conn: Connection, organisation: str, payee_ids: Sequence[str], purchase_orders: Sequence[str] = ()
) -> list[Standing]:
    """The contract spend of these payees and under these orders, as it was last judged."""
    rows = await conn.fetch(
        "SELECT p.payment_id, p.paid_on, p.net_pence, p.contract_reference, e.supplier_name, p.purpose, p.payee_id,"
        " p.answer, p.contract_id, p.supplier_id, p.candidates, p.version, p.purchase_order, p.judged_by_order"
        " FROM spend.payment p JOIN spend.payee e USING (organisation, payee_id) WHERE p.organisation = $1"
        " AND (p.payee_id = ANY($2) OR p.purchase_order = ANY($3)) AND p.scope = 'contract_spend'"
        " ORDER BY p.payment_id",
        organisation,
        list(payee_ids),
        list(purchase_orders),
    )
    return [
        Standing(
            Paid(
                payment_id=payment, paid_on=on, net_pence=net, contract_reference=reference, supplier_name=name,
                purpose=purpose,
            ),
            payee, (answer, contract, supplier, candidates), version, order, by_order,
        )
        for payment, on, net, reference, name, purpose, payee, answer, contract, supplier, candidates, version, order,
            by_order in rows
    ]  # fmt: skip


async def restate(conn: Connection, organisation: str, judged: Sequence[PaymentMatched | PaymentUnmatched]) -> None:
    """Remember payments that were judged again, each one version further."""
    verdicts = [verdict(judgement) for judgement in judged]
    await conn.execute(
        "UPDATE spend.payment p SET answer = j.answer, contract_id = j.contract_id, supplier_id = j.supplier_id,"
        " candidates = ARRAY(SELECT json_array_elements_text(j.candidates)), version = p.version + 1,"
        " judged_by_order = j.by_order"
        " FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::json[], $7::text[])"
        " j(payment_id, answer, contract_id, supplier_id, candidates, by_order)"
        " WHERE p.organisation = $1 AND p.payment_id = j.payment_id",
        organisation,
        [judgement.payment_id for judgement in judged],
        [answer for answer, _, _, _ in verdicts],
        [contract for _, contract, _, _ in verdicts],
        [supplier for _, _, supplier, _ in verdicts],
        [json.dumps(candidates) for *_, candidates in verdicts],
        [judgement.purchase_order for judgement in judged],
    )
