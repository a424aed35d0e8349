"""What an account's description says was bought, and what the reference data say of codes."""

import pytest

from schemas import proclass
from services.spend.judgement.category import RULES, category_of


@pytest.mark.parametrize(
    ("purpose", "code", "confidence"),
    [
        ("IT  Licence Fee", "270000", "high"),
        ("Purch of Comp Equip", "270000", "high"),
        ("Cmputer Eqt purchase", "270000", "high"),
        ("Computer Software (no annual fee)", "270000", "high"),
        ("Telephones & Fax Machines", "270000", "high"),
        ("Print & Photocopying", "271400", "medium"),
        ("UV Lift Maint", "191411", "high"),
        ("UV Tank Clean", "180000", "medium"),
        ("XXXXX SECURITY SYS R", "192200", "high"),
        ("Fire Equipment", "192200", "medium"),
        ("Electricity", "370000", "high"),
        ("Gas", "370000", "high"),
        ("Pment to Pub Utils", "370000", "high"),
        ("Resid Care Home", "321000", "high"),
        ("Rsd Care Home ext f", "321000", "high"),
        ("Pmnts Privt Provider", "410000", "medium"),
        ("Payts to Agencies", "410000", "low"),
        ("Non-Maint Spec Schls", "170000", "high"),
        ("Agency Fees", "260000", "high"),
        ("T U Supply Cover", "260000", "high"),
        ("Training of Staff", "261500", "high"),
        ("Furniture", "210000", "high"),
        ("Purch of Veh/Plant", "380000", "high"),
        ("Client Travel Expenses", "360000", "medium"),
        ("Food and refreshments", "110000", "high"),
        ("Legal Fees", "280000", "high"),
        ("Premises Insurance", "200000", "high"),
        ("Works & Building", "390000", "high"),
        ("nonuv Build Rp&Maint", "390000", "high"),
        ("Principal Road Maint", "390000", "high"),
        ("Other Works", "390000", "medium"),
        ("Contractors", "390000", "medium"),
        ("Horticultural/GMaint", "240000", "high"),
        ("Pay to Ctrs-Landscap", "240000", "high"),
        ("Cleaning Materials", "130000", "high"),
        ("Clothing & Uniforms", "140000", "high"),
        ("Stationery", "340000", "high"),
        ("Refuse Disposal", "180000", "high"),
        ("Leisure Activity", "290000", "medium"),
        ("Consultants", "150000", "medium"),
        ("Marketing/Publicity", "190000", "medium"),
        ("Postage", "300000", "high"),
    ],
)
def test_an_account_that_names_what_was_bought(purpose: str, code: str, confidence: str) -> None:
    rule = category_of(purpose)
    assert rule is not None
    assert (rule.code, rule.confidence) == (code, confidence)


@pytest.mark.parametrize(
    "purpose", ["Unitary Charge", "Ext Fees-Other", "Miscellaneous Exes", "", "Management Fee", "Gasworks Lane"]
)
def test_an_account_that_several_categories_use_says_nothing(purpose: str) -> None:
    assert category_of(purpose) is None


def test_every_rules_code_is_one_of_proclass_17() -> None:
    assert [rule.code for rule in RULES if not proclass.known(rule.code)] == []


@pytest.mark.parametrize(
    ("standard", "code", "category"),
    [
        ("CPV 2008", "45233140", "390000"),
        ("CPV 2008", "79100000", "280000"),
        ("CPV 2008", "79999999", "150000"),
        ("CPV 2008", "99000000", None),
        ("SIC 2007", "81210", "130000"),
        ("SIC 2007", "81100", "190000"),
        ("SIC 2007", "88910", "321100"),
        ("SIC 2007", "46900", None),
    ],
)
def test_the_longest_prefix_of_another_classification_counts(
    standard: proclass.Standard, code: str, category: str | None
) -> None:
    assert proclass.crosswalked(standard, code) == category


def test_every_line_of_the_crosswalk_leads_to_a_category() -> None:
    assert [code for code in proclass._crosswalk().values() if not proclass.known(code)] == []


def test_a_code_is_known_by_its_levels() -> None:
    assert proclass.category_name("191411") == "Facilities & Management Services / Lifts / Repair & Maintenance"
    assert [proclass.first_level(code) for code in ("191411", "320000", "321100", "401408")] == [
        "190000", "410000", "410000", "410000",
    ]  # fmt: skip
    assert not proclass.known("999999")
