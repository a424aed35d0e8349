"""Words of accounts, titles and payees that several rules read alike."""

SAYS_NOTHING = frozenset({
    "agencies", "capital", "consultant", "consultants", "contract", "contractor", "contractors", "directorate", "exes",
    "expenditure", "expenses", "fees", "framework", "general", "group", "management", "miscellaneous", "other", "payts",
    "people", "prof", "professional", "provision", "purchase", "service", "services", "supply", "work", "works",
})  # fmt: skip
"""They stand in accounts and titles of every kind, and tell nobody what was bought."""
PENSION_FUND = r"Pension Fund|Superann\w*|Teachers'? Pensions?"
"""How the pension funds of public employees are named among payees."""
