"""Is a payee's name a person's? Said only where the name says so itself, by a title, and names no business beside it.

Publication withholds such names from everybody but the organisation: the Local Government Transparency Code 2015 asks
for payments to be published, and data protection law for no more of a person than that needs. A name without a title
may still be a person's; nobody guesses that here.
"""

import re

TITLES = r"(mr|mrs|ms|miss|mx|dr|rev|revd|reverend|prof|professor)"
BUSINESS = (
    r"(ltd|limited|plc|llp|cic|cio|trust|society|schools?|college|surgery|practice|partners(hip)?|associates|services|"
    r"company|group|foundation|clinic|dental|solicitors|and co|t/as?|trading as|inn|hall)"
)
_TITLED = re.compile(rf"^\s*{TITLES}\b\.?\s+\S", re.IGNORECASE | re.ASCII)
_BUSINESS = re.compile(rf"(?<![a-z0-9_]){BUSINESS}(?![a-z0-9_])", re.IGNORECASE | re.ASCII)
AS_SQL = rf"({{name}} ~* '^\s*{TITLES}\M\.?\s+\S' AND {{name}} !~* '(^|[^a-z0-9_]){BUSINESS}($|[^a-z0-9_])')"
"""The same question of a column, for PostgreSQL; a test holds the two to each other."""


def is_individual(name: str) -> bool:
    """Whether a name says by itself that it is a person's."""
    return bool(_TITLED.search(name)) and not _BUSINESS.search(name)
