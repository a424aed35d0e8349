"""Which words do the pages use for what the facts say? None of them accuses anybody."""

from datetime import date, datetime

from gateway import money
from schemas import proclass

SCOPES = {
    "contract_spend": "Contract spend",
    "public_body": "Transfers to public bodies",
    "grant": "Grants",
    "rent": "Rents",
    "rates": "Rates",
    "refund": "Refunds",
    "levy": "Levies and precepts",
    "card": "Purchasing cards",
    "withheld": "Payee withheld by the publisher",
    "unknown": "Not known",
    "": "Not placed yet",
}

ANSWERS = {
    "on_contract": "On a named contract, in its term",
    "ambiguous": "Registered supplier, but no one contract certain",
    "expired": "After the end of the supplier’s contract",
    "early": "Before the start of the supplier’s contract",
    "no_contract": "No contract found in the published register",
    "": "Not judged yet",
}

ANSWER_HELP = {
    "on_contract": "One contract of the supplier was in force on the day of payment, or one of several by the amount, the name or its value.",
    "ambiguous": "The supplier is on the register; more than one of its contracts could be meant, none has dates, or what was paid is more than it is worth.",
    "expired": "The supplier is on the register; no contract listed for it was in force on the day of payment, and one at least had ended.",
    "early": "The supplier is on the register; every contract listed for it began after the day of payment.",
    "no_contract": "No contract of a supplier of this name or company number is listed. There may well be one:"
    " smaller contracts, framework call-offs and others’ contracts need not be listed.",
}

WITHDRAWN = {"voided": "Voided after it was issued", "cancelled": "Cancelled before it was issued"}

LINKS = {"credit": "Gives back of", "reissue": "Paid anew in place of", "recharge": "Passes on"}
"""What a payment says of an earlier one."""

LINKED = {"credit": "Given back by", "reissue": "Paid anew as", "recharge": "Passed on by"}
"""What is said of a payment by a later one."""

KNOWN = {"yes": "Yes", "no": "No", "unknown": "Not known"}

FACTS = {
    "RegisterReceived": "A contract register was read",
    "RegisterRowRejected": "A row of a register could not be used",
    "SupplierStated": "A register stated a supplier",
    "ContractAwarded": "A register listed a contract",
    "ContractRestated": "A later register restated a contract",
    "SpendFileReceived": "A spend file was read",
    "SpendLayoutAgreed": "A person said what a publisher's columns mean",
    "RowRejected": "A row of a spend file could not be used",
    "RejectedRowKept": "The row was kept as it was published",
    "RowResubmitted": "The row came again in another file",
    "PaymentRecorded": "A payment was recorded",
    "PaymentCorrected": "The publisher stated a payment otherwise",
    "PaymentVoided": "A payment was voided",
    "PaymentCancelled": "A payment was cancelled",
    "PaymentLinked": "A payment named an earlier one",
    "PaymentScoped": "A payment was placed in a scope",
    "PaymentScopeDecided": "A person decided what kind of payment it is",
    "PaymentCategoryDecided": "A person decided what was bought",
    "SupplierMatched": "A payee was found on the register",
    "SupplierLinkProposed": "A payee may be a supplier of the register: a person is asked",
    "SupplierLinkDecided": "A person decided whether a payee is a supplier of the register",
    "FindingAnswered": "A person answered what was to be explained",
    "DuplicateRecovered": "A person recorded what came back of a payment made twice",
    "PaymentAllocated": "A person decided which contract bears it",
    "PublicationPart": "A part of a published file",
    "QuarterPublished": "A person approved a quarter for publication",
    "FindingAssigned": "What is to be explained was given to somebody",
    "PayeeWithholdingDecided": "A person decided whether a payee is named outside",
    "SupplierMerged": "A person decided that two suppliers of the register are one",
    "SupplierSplit": "A person decided that two merged suppliers are two after all",
    "SupplierUnmatched": "A payee is no longer certain to be on the register",
    "PaymentMatched": "A payment was found to be on a contract",
    "PaymentUnmatched": "A payment was judged: no one contract is certain",
    "CompanyDescribed": "Companies House described a company",
    "CharityDescribed": "The Charity Commission described a charity",
    "PostcodePlaced": "A postcode was placed in its district",
    "PurchaseOrderRaised": "A purchase order was stated",
    "PayRunReconciled": "A pay run was compared with what is on record",
    "SupplierMasterStated": "The ledger stated a supplier",
    "CommitmentMade": "Social value was promised",
    "OutcomeClaimed": "An outcome was claimed",
    "OutcomeVerified": "An outcome was verified",
    "AccountRegistered": "An account was registered",
    "KeyIssued": "A key was issued",
    "KeyRevoked": "A key was revoked",
    "RoleGranted": "A role was granted",
    "RoleRevoked": "A role was revoked",
}

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day(value: date | None) -> str:
    """`1 April 2021`; a dash where no date is known."""
    return "–" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """`1 April 2021, 09:30:05 UTC`."""
    return f"{day(value.date())}, {value:%H:%M:%S} UTC"


def period(value: str) -> str:
    """`April 2021` for `2021-04`; anything else as it is."""
    year, _, month = value.partition("-")
    if len(year) == 4 and month.isdecimal() and 1 <= int(month) <= 12:
        return f"{MONTHS[int(month) - 1]} {year}"
    return value


def fact(type_: str) -> str:
    """A fact's name in a sentence, for `localpound.spend.PaymentRecorded.v1`."""
    parts = type_.split(".")
    name = parts[2] if len(parts) > 2 else type_
    return FACTS.get(name, name)


def category(first_level: str) -> str:
    """A ProClass category of the first level in words."""
    return proclass.category_name(first_level) if first_level else "Not known"


def quantity(hundredths: int, unit: str) -> str:
    """`52 weeks`, `12.5 hours`, `£1,300.00`, of hundredths of a unit; pence are said in pounds."""
    whole, rest = divmod(hundredths, 100)
    if unit == "pence" and rest == 0:
        return money.pounds(whole)
    fraction = f".{rest:02}".rstrip("0") if rest else ""
    return f"{whole:,}{fraction} {unit}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 payment`, `1,234 payments`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
