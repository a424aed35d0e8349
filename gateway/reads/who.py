"""What was each supplier paid, and what do registers claim of it? For shares by size, kind and place."""

from gateway.policy import Viewer
from gateway.reads.filters import PaymentFilter
from gateway.reads.payments import source
from gateway.reads.sql import Database, Question
from gateway.reads.suppliers_sql import local
from gateway.reads.times import NOW, Times
from gateway.who import Paid


def _of_the_ledger(question: Question, organisation: str, postcode: str) -> str:
    """The one district in which all addresses of a kind lie that the ledger gives of a company."""
    return (
        "(SELECT min(l.local_authority) FROM live.supplier_master m"
        f" JOIN live.place l ON l.organisation = m.organisation AND {question.known('l')}"
        f" AND replace(l.postcode, ' ', '') = upper(replace(m.{postcode}, ' ', ''))"
        f" WHERE m.organisation = {question.value(organisation)} AND {question.known('m')}"
        " AND m.company_number = coalesce(s.company_number, paid.company_number)"
        " HAVING count(DISTINCT l.local_authority) = 1)"
    )


def _claimants(question: Question, organisation: str) -> str:
    """Who claims something of a supplier `paid`: register `s`, Companies House `c`, places `w` and `v`, charities `h`."""
    return f"""
        LEFT JOIN LATERAL (SELECT s.*, regexp_replace(upper(replace(s.postcode, ' ', '')), '^(.*)(...)$', '\\1 \\2')
                AS plain_postcode FROM live.supplier s WHERE s.organisation = {question.value(organisation)}
                AND s.supplier_id = paid.supplier_id AND {question.known("s")}) s ON true
        LEFT JOIN live.company c ON c.organisation = {question.value(organisation)}
            AND c.company_number = coalesce(s.company_number, paid.company_number) AND {question.known("c")}
        LEFT JOIN live.place w ON w.organisation = {question.value(organisation)} AND w.postcode = c.postcode
            AND {question.known("w")}
        LEFT JOIN live.place v ON v.organisation = {question.value(organisation)} AND v.postcode = s.plain_postcode
            AND {question.known("v")}
        LEFT JOIN live.charity h ON h.organisation = {question.value(organisation)}
            AND h.company_number = coalesce(s.company_number, paid.company_number) AND h.status = 'Registered'
            AND {question.known("h")}"""


async def paid_by_supplier(db: Database, viewer: Viewer, organisation: str, *, times: Times = NOW) -> list[Paid]:
    """One for each supplier or payee of an organisation, as far as the viewer may see its payments.

    Payments whose payee is withheld stand together as one of whom nothing is known.
    """
    question = Question(times)
    from_ = source(question, viewer, PaymentFilter(organisation=organisation))
    rows = await db.fetch(
        f"""WITH paid AS (
            SELECT CASE WHEN NOT p.withheld THEN coalesce(y.supplier_id, p.supplier_id, p.payee_id) END AS supplier_id,
                   max(p.company_number) FILTER (WHERE NOT p.withheld) AS company_number,
                   sum(p.net_pence)::bigint AS net_pence,
                   coalesce(sum(p.net_pence) FILTER (WHERE p.scope = 'contract_spend'), 0)::bigint AS contract_pence
            {from_} LEFT JOIN live.payee y ON y.organisation = p.organisation AND y.payee_id = p.payee_id
                AND {question.known("y")}
            WHERE {question.filter} GROUP BY 1)
        SELECT paid.net_pence, paid.contract_pence, s.sme, c.company_number,
               c.category AS company_category, c.accounts_category, h.charity_number,
               w.local_authority AS office_district, v.local_authority AS register_district,
               {_of_the_ledger(question, organisation, "postcode")} AS invoice_district,
               {_of_the_ledger(question, organisation, "site_postcode")} AS site_district,
               coalesce(s.additional_identifiers, '{{}}') AS additional_identifiers,
               CASE WHEN s.supplier_id IS NULL THEN 'unknown' ELSE {local(question)} END AS near,
               coalesce(w.ward, v.ward) AS ward, coalesce(w.local_authority, v.local_authority) AS ward_district
        FROM paid
        {_claimants(question, organisation)}""",
        *question.values,
    )
    return [Paid(**row) for row in rows]
