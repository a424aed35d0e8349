"""Whom a published name can be: links that are made, links that are only proposed, and strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import matching as evaluation
from services.spend.suppliers.matching import Company, Link, Registry, looks_alike, read_name

COMPANIES = [
    Company("00000001", "KEYS CHILD CARE LIMITED"),
    Company("00000002", "J. HOPKINS (CONTRACTORS) LIMITED"),
    Company("00000003", "THE TOGETHER TRUST"),
    Company("00000004", "CAPITA PROPERTY AND INFRASTRUCTURE LIMITED"),
    Company("00000005", "ACME SERVICES LIMITED"),
    Company("00000006", "ACME SERVICES LIMITED"),
    Company("00000007", "BOLT GROUP PLC"),
    Company("00000008", "JOHN TURNER CONSTRUCTION GROUP LIMITED"),
    Company("00000009", "NORTHERN CARE HOMES (BURY) LIMITED"),
    Company("00000010", "NORTHERN CARE HOMES (BOLTON) LIMITED"),
    Company("00000011", "OLD VICARAGE LIMITED(THE)"),
]
REGISTRY = Registry(COMPANIES)


def found(name: str) -> list[tuple[str, str]]:
    return [(link.company.number, link.strength) for link in REGISTRY.links(name)]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Keys Childcare Ltd", "00000001"),
        ("KEYS CHILD CARE", "00000001"),
        ("J Hopkins Contractors Limited", "00000002"),
        ("Together Trust", "00000003"),
        ("Capita Property & Infrastructure Lt", "00000004"),
        ("CAPITA PROPERTY AND INF", "00000004"),
        ("KEYS CHILDCARE LTD#MAYDAY", "00000001"),
        ("Keys Child Care Ltd T/A The Willows", "00000001"),
        ("The Willows T/A Keys Child Care Ltd", "00000001"),
        ("Keys Child Care Ltd - The Willows", "00000001"),
        ("The Old Vicarage Ltd", "00000011"),
        ("Kéys Child Care Ltd.", "00000001"),
    ],
)
def test_another_writing_of_one_company_s_name_makes_a_link(name: str, number: str) -> None:
    assert found(name) == [(number, "made")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Services Ltd", [("00000005", "proposed"), ("00000006", "proposed")]),
        ("Bolt Group Limited", [("00000007", "proposed")]),
        ("John Turner Contruction Group Ltd", [("00000008", "proposed")]),
        ("Northern Care Homes (B", [("00000009", "proposed"), ("00000010", "proposed")]),
        ("Acme Services Group", [("00000005", "proposed"), ("00000006", "proposed")]),
        ("Keys", [("00000001", "proposed")]),
        ("Bolt Group Finance Ltd", [("00000007", "proposed")]),
        ("Key", []),
        ("Bolton Group Finance Ltd", []),
        ("Acme Serviced Offices Ltd", []),
        ("The Willows - Keys Child Care", []),
        ("", []),
        ("Limited", []),
        ("REDACTED - Personal Data", []),
    ],
)
def test_what_is_not_certain_is_proposed_and_strangers_are_nobody(name: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(name)) == expected


def test_how_much_of_the_longer_name_the_shorter_is_says_how_likely_it_is() -> None:
    (link,) = REGISTRY.links("Keys Child Care Homes")
    assert (link.evidence, link.score) == ("all of one name begins the other", 1_000 * 13 // 18)


def test_letters_of_another_alphabet_are_flagged_and_never_matched() -> None:
    cyrillic = "Kеys Child Care Ltd"
    assert cyrillic != "Keys Child Care Ltd"
    assert looks_alike(cyrillic)
    assert found(cyrillic) == []
    assert not looks_alike("Kéys & Söhne 24")


@given(st.text(max_size=80))
def test_any_text_has_links_that_say_why(text: str) -> None:
    links: list[Link] = REGISTRY.links(text)
    assert sum(link.strength == "made" for link in links) in {0, len(links), 1}
    assert all(link.evidence and 0 < link.score <= 1_000 for link in links)
    assert len([link for link in links if link.strength == "made"]) <= 1


@given(st.sampled_from(COMPANIES[:4]), st.sampled_from(["", " ", "  "]), st.booleans())
def test_spaces_and_case_say_nothing(company: Company, space: str, lower: bool) -> None:
    name = space + (company.name.lower() if lower else company.name).replace(" ", " " + space) + space
    assert found(name) == [(company.number, "made")]
    assert read_name(name) == read_name(company.name)


def test_links_made_are_precise_and_find_what_the_key_is_sure_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluation.main([]) == 0
    said = capsys.readouterr().out
    assert "4,486 published names, 2,191 companies" in said
    assert "recall 93.6 % of 1,360" in " ".join(said.split())


def test_a_key_that_contradicts_the_links_is_a_miss(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "key.csv"
    rows = "\n".join(f"Firm {n} Ltd,FIRM {n} LIMITED,{10_000_000 + n},1" for n in range(200))
    wrong = "\n".join(f"Firm {n} Limited,FIRM {n + 1} LIMITED,{10_000_000 + n + 1},1" for n in range(0, 190, 4))
    path.write_text(f"beneficiary_name,company_name,company_number,match_method\n{rows}\n{wrong}\n")
    assert evaluation.main([str(path)]) == 1
    assert "links made against the key" in capsys.readouterr().out
