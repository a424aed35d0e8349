"""What kind of payment is it? Asked before anyone asks whether it was on contract.

The rules are few, in order, and dated; the first that applies decides and is named in the fact.
They read the payee's published name and the publisher's description of the account, nothing else,
so they cannot be right for every payment: what they cannot tell is `unknown`. Not every council is a
council: a youth council or a council for voluntary service is a charity.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from schemas.account_words import PENSION_FUND
from schemas.spend import Scope

RULES_DATED = date(2026, 11, 28)


@dataclass(frozen=True, slots=True)
class Rule:
    """A scope for payments whose payee or purpose the pattern finds."""

    scope: Scope
    words: str
    payee: re.Pattern[str] | None = None
    purpose: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    """An account for which it does not hold, whoever is paid."""

    def applies(self, payee: str, purpose: str) -> bool:
        """Whether either pattern is found."""
        if self.unless and self.unless.search(purpose):
            return False
        return bool((self.payee and self.payee.search(payee)) or (self.purpose and self.purpose.search(purpose)))


def _pattern(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)


RULES = (
    Rule("card", "bought with a purchasing card: a card reader's name, or the account says so",
         payee=re.compile(r"^(IZ|SQ|SP|SUMUP|ZETTLE|PAYPAL) ?\*|\bstored cards?\b", re.IGNORECASE),
         purpose=_pattern("(Purchas(e|ing)|Procurement|Corporate|Credit) Cards?")),
    Rule("levy", "account is a levy, a precept or a charge of lead districts",
         purpose=_pattern("Precepts?", "Levy", "Levies", "Payts? to Lead Dists")),
    Rule(
        "public_body", "payee or account is a public body: NHS, council, police, fire, combined authority, government",
        payee=_pattern(
            "NHS", "CCG", "NHS Trust", "Foundation Trust", "Integrated Care Board", "HMRC", "HM Revenue.*",
            r"(City|County|Borough|Metropolitan|Parish|Town) Council", r"Borough of", "MBC", r"M\.B\.C",
            r"(?<!Youth )(?<!Scout )(?<!Representative )(?<!Voluntary )(?<!Community )(?<!Arts )Council$", "Police",
            "Fire (and|&) Rescue", "Combined Authority", "Greater Manchester Combined",
            "Department (for|of)", "DWP", "Environment Agency", "Home Office", "Ministry of", "Gmca",
            "County Court", "HM Courts.*", "Transport for Greater Manchester", "Police (and|&) Crime.*",
            "Offender Management.*", "Prison Service",
        ),
        purpose=_pattern(
            "Payments? to (Health Authority|HA|H A)", "Paymnets to H A", "Payts to Other LA'?s?",
            "Other Local Authorit.*",
        ),
    ),
    Rule("grant", "account is a grant or a payment to voluntary bodies",
         purpose=_pattern("Grants?", "Donations?", ".*Vol Orgs.*", ".*Voluntary Org.*", ".*Chartble.*", "Sponsorship")),
    Rule("grant", "payee is a nursery or a playgroup: places that the state funds and parents choose (Childcare Act 2006, s. 7)",
         payee=_pattern("Nurser(y|ies)", "Pre-? ?Schools?", "Playgroups?"),
         unless=_pattern("Horticult.*", "Grounds?.*", "Materials", "Plants?", "Trees?", ".*Fees", "Training.*")),
    Rule("public_body", "payee is an academy, a public authority",
         payee=_pattern(r"(?<!Cycling )(?<!Sports )(?<!Fitness )(?<!Dance )(?<!Training )Academy(?=$| \()", "Academy Trust")),
    Rule("public_body", "payee is a school of the state",
         payee=_pattern(r"(Primary|Infants?'?|Junior)( School)?$", r"(Primary|Infants?'?|Junior) School(?= \()")),
    Rule("public_body", "payee is a pension fund of public employees",
         payee=_pattern(PENSION_FUND)),
    Rule("rent", "account is rent, or the charge of a tenancy",
         purpose=_pattern("Rents?", "Rent .*", "Hire of Premises", "Service Tenanc(y|ies)")),
    Rule("rates", "account is rates or council tax", purpose=_pattern("Rates", "NNDR", "Business Rates", "Council Tax")),
    Rule("refund", "account is a refund, repayment or compensation", purpose=_pattern(
        "Refunds?", "Repayments?", "Repaymt(?!-Insur).*", "Compensation", "Liability Insurance", "Deposits?", "Bonds?")),
    Rule("unknown", "account is a balance or says nothing of a purchase", purpose=_pattern(
        "Release of Provision", "Contingency", "Suspense", "Provisions?", "Control( Account)?",
        "Holding Account", "Balance Sheet.*", "Default")),
)  # fmt: skip


@lru_cache(maxsize=65_536)
def scope_of(payee: str, purpose: str, *, withheld: bool) -> tuple[Scope, str]:
    """The scope and, in plain words, the rule that decided."""
    if withheld:
        return "withheld", "the publisher withheld the payee's name"
    for rule in RULES:
        if rule.applies(payee, purpose):
            return rule.scope, rule.words
    if not payee or not purpose:
        return "unknown", "payee or account is not named"
    return "contract_spend", "nothing else applies"
