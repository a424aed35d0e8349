"""What was bought, as far as a publisher's description of the account says? In ProClass 17; pure.

Rules are dated and in order; the first that applies decides. An account that several categories use alike has no rule:
what it bought is unknown here, and the contract may say. How well they do: `make eval-category`.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from schemas import proclass
from schemas.spend import Confidence, Scope

RULES_DATED = date(2026, 11, 23)
BOUGHT: frozenset[Scope] = frozenset({"contract_spend", "card", "unknown"})
"""Scopes in which something may have been bought; a grant or a precept has no category."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A ProClass code for accounts whose description the pattern finds."""

    code: str
    confidence: Confidence
    """high: the account names the thing; medium: it names a kind of thing; low: mostly this is bought on it."""
    words: str
    account: re.Pattern[str]


def _rule(code: str, confidence: Confidence, words: str, *patterns: str) -> Rule:
    return Rule(code, confidence, words, re.compile(rf"\b({'|'.join(patterns)})", re.IGNORECASE))


RULES = (
    _rule("191411", "high", "account is the maintenance of lifts", r".*Lift Maint"),
    _rule("180000", "medium", "account is the cleaning and sampling of water tanks, or sampling", ".*Tank Clean",
          r"Sampling\b"),
    _rule("192200", "high", "account is security", ".*Security", "Cash in Transit"),
    _rule("192200", "medium", "account is fire protection", "Fire Equip", ".*Light/Fire"),
    _rule("270000", "high", "account is computers, software or telephones",
          "Comp(uter|utor)?s? .*(Equip|Eqt|Soft|Maint|Consum|Hard)", "Cmputer", "Purch(ase)? of Comp", "IT +Licen",
          "Computer", "Software", "Lease line", "Telephone", "Mobile Phone", "Broadband", "ICT"),
    _rule("271400", "medium", "account is printing and photocopying", "Print(ing)? (&|and) Photocop", "Photocop"),
    _rule("300000", "high", "account is postage or couriers", "Postage", "Courier", "Delivery Charge"),
    _rule("370000", "high", "account is electricity, gas, water or fuel for heating", "Electricity", r"Gas\b",
          r"Water\b", "Fuel Oil", "Sewerage", ".*Pub(lic)? Utils?", "Utilit", "Energy Conserv"),
    _rule("321000", "high", "account is residential, nursing, day or home care", "Re?si?d(ential)? Care", "Nursing Home",
          "Day Care", "Home ?care", "Domiciliary", "Supported Tenanc"),
    _rule("410000", "medium", "account is assistance to clients, pupils in care, or payments to private providers",
          "Pupil Assist", "Pmnts? Privt Prov", "Payments? to Private Prov", r"Client ?(Subsist|Medical)", "CRC-Commun",
          "Foster", "Direct Payment", "Respite"),
    _rule("410000", "low", "account is payments to agencies", "Payts? to Agenc", "Pyts? Agenc"),
    _rule("170000", "high", "account is schools' places, class supplies or exams", "Non-Maint Spec Sch", "Class Suppl",
          "Exam fees", "School", "Tuition", "Books"),
    _rule("261500", "high", "account is training or conferences", "Training", "Conference"),
    _rule("260000", "high", "account is agency staff, supply cover or recruitment", "Agency (Fees|Staff)", "Recruit",
          ".*Supply Cover", "Maternity Supply", "Temp(orary)? Staff"),
    _rule("260000", "high", "account is interpreting or translation", "Interpret", "Translation"),
    _rule("210000", "high", "account is furniture", "Furniture", ".*Furn/Equip", "Carpet"),
    _rule("380000", "high", "account is vehicles or plant", "Purch of Veh", "Veh(i?cle)", ".*Vehicle Hire",
          "Plant Hire", "Contract Hire", "VMS", "Tyres", "Diesel", "Petrol"),
    _rule("360000", "medium", "account is travel or transport", ".*Travel", "Taxi", "Transport"),
    _rule("110000", "high", "account is food and catering", "Food", "Catering", "Refreshment", "Provisions? .*Food"),
    _rule("280000", "high", "account is legal services", "Legal", "Mediation", "Counsel'?s? Fee"),
    _rule("200000", "high", "account is insurance, audit, banking or debt collection", ".*Insurance", "District Audit",
          "Audit", "Bank ", "Debt (Coll|Mgmt)", "Subscriptions"),
    _rule("390000", "high", "account is building, roads or their repair", "Works (&|and) Build", ".*Build(ing)? R(e)?p",
          ".*Road Maint", "Prog(rammed)? Maint", "Demolition", ".*Architect", "General Repairs", ".*Building Repair",
          r"UV (Heat|Air|Dec|Prog|Vandal|Day)"),
    _rule("390000", "medium", "account is works or contractors", "Other Works", "Gen(eral)? Contractor", "Pmnt to Ctrs",
          "Contractors"),
    _rule("240000", "high", "account is horticulture or grounds", "Horticult", ".*Landscap", ".*GMaint", "Grounds"),
    _rule("130000", "high", "account is cleaning or laundry", "Cleaning", "Laundry", "Janitor"),
    _rule("140000", "high", "account is clothing or uniforms", "Clothing", "Uniform", "Protective"),
    _rule("340000", "high", "account is stationery", "Stationery", r"Oth(er)? Office"),
    _rule("180000", "high", "account is refuse, waste or chemicals", "Refuse", "Waste", "Chemicals", "Pest"),
    _rule("290000", "medium", "account is leisure", "Leisure", "Museum", "Sport"),
    _rule("150000", "medium", "account is consultants or professional fees", "Consult", r"Oth(er)? Prof", "Professional"),
    _rule("190000", "medium", "account is advertising, marketing or publicity", "Advert", "Marketing", "Publicity"),
)  # fmt: skip


class Bought(NamedTuple):
    """What was bought, and why that is said."""

    code: str
    """ProClass 17."""
    confidence: Confidence
    words: str


@lru_cache(maxsize=65_536)
def category_of(purpose: str, proclass_code: str | None = None, cpv_code: str | None = None) -> Bought | None:
    """As the payer classed it, else as its account's description says; None where nobody can say."""
    if proclass_code is not None:
        return Bought(proclass_code, "high", "the payer's own ProClass code")
    crosswalked = cpv_code and proclass.crosswalked("CPV 2008", cpv_code)
    if crosswalked:
        return Bought(crosswalked, "medium", f"the payer's own CPV code {cpv_code}")
    rule = next((rule for rule in RULES if rule.account.match(purpose.strip())), None)
    return None if rule is None else Bought(rule.code, rule.confidence, rule.words)
