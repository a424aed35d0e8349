"""What does a register's supplier tell of size and place, as SQL?"""

from gateway.places import PLACES, local_districts
from gateway.reads.sql import Question

POSTCODE = "'^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$'"

SME = "CASE s.sme WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END"


def local(question: Question) -> str:
    """yes, no or unknown: is supplier `s` in its organisation's area, as far as a postcode says?"""
    organisations = question.value(list(PLACES))
    districts = question.value(local_districts())
    return (
        f"CASE WHEN s.postcode IS NULL OR s.postcode !~ {POSTCODE}"
        f" OR s.organisation <> ALL({organisations}) THEN 'unknown'"
        " WHEN s.organisation || ' ' || left(upper(replace(s.postcode, ' ', '')), -3)"
        f" = ANY({districts}) THEN 'yes' ELSE 'no' END"
    )
