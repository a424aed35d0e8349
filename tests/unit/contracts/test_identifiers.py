"""Numbers of registers, as publishers write them."""

import pytest

from schemas.identifiers import charity_identifier, contradict, identifier, in_company_column, vat_identifier


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CHA1049226", "GB-CHC-1049226"),  # Salford's register writes these where company numbers stand
        ("IP29627R", "GB-MPR-29627R"),
        ("20014R", "GB-MPR-20014R"),
        ("GBML4119704", None),
        ("RO 34737997", None),
        ("02535986", None),
        ("Registered Charity", None),
        ("gb-chc-1049226", "GB-CHC-1049226"),
        ("", None),
    ],
)
def test_what_stands_where_company_numbers_are_asked_for(text: str, found: str | None) -> None:
    assert in_company_column(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1049226", "GB-CHC-1049226"),
        ("213890", "GB-CHC-213890"),
        ("1049226-1", "GB-CHC-1049226-1"),
        ("SC 012345", "GB-SC-SC012345"),
        ("NIC100012", "GB-NIC-100012"),
        ("0", None),
        ("12345", None),
    ],
)
def test_a_charitys_number_is_of_one_of_three_registers(text: str, found: str | None) -> None:
    assert charity_identifier(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GB 980 7806 84", "GB-VAT-980780684"),
        ("980780684", "GB-VAT-980780684"),
        ("GB980780685", None),
        ("GB123456789", None),
        ("IE6388047V", None),
    ],
)
def test_a_vat_number_has_right_check_digits(text: str, found: str | None) -> None:
    assert vat_identifier(text) == found


@pytest.mark.parametrize("text", ["GB-COH-02535986", "GB-XYZ-1", "GB-CHC-", "GB-CHC-12", "GB-VAT-123456789", "1049226"])
def test_no_other_scheme_and_no_company_is_an_additional_identifier(text: str) -> None:
    assert identifier(text) is None


def test_two_numbers_of_one_register_contradict_each_other_but_those_of_vat() -> None:
    assert contradict(["GB-CHC-1049226"], ["GB-CHC-1050488"])
    assert not contradict(["GB-CHC-1049226"], ["GB-COH-02535986"])
    assert not contradict(["GB-CHC-1049226", "GB-CHC-1050488"], ["GB-CHC-1050488"])
    assert not contradict(["GB-VAT-980780684"], ["GB-VAT-802311782"])
    assert not contradict([], ["GB-CHC-1049226"])
