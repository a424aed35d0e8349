import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors.amounts import LARGEST, exact_pence, published_pence


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1,234.50", 123_450),
        ("£1234.5", 123_450),
        ("(12.00)", -1_200),
        ("-£3", -300),
        ("£-3", -300),
        (" 12 ", 1_200),
        ("12.3400", 1_234),
        ("0", 0),
        ("−1.01", -101),
    ],
)
def test_an_amount_as_councils_print_it(text: str, pence: int) -> None:
    assert published_pence(text) == pence


@pytest.mark.parametrize(
    "text",
    ["", "-", "1,23", "12,34.00", "12.345", "1e3", "NaN", "Infinity", "-(3)", "--3", "6.8E-13", "١٢", "1 000", "£", ".5",
     "9" * 16, "£1.00 CR", "(1", "1)", "+1"],
)  # fmt: skip
def test_no_other_form_is_an_amount(text: str) -> None:
    assert published_pence(text) is None
    if text != "+1":
        assert exact_pence(text) is None


@given(st.integers(-LARGEST, LARGEST))
def test_pence_printed_are_the_pence_read(pence: int) -> None:
    sign, amount = ("-" if pence < 0 else ""), abs(pence)
    assert exact_pence(f"{sign}{amount // 100}.{amount % 100:02}") == pence
    assert published_pence(f"{sign}£{amount // 100:,}.{amount % 100:02}") == pence


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    assert published_pence(text) is None or any(c.isdigit() for c in text)
    assert exact_pence(text) is None or text.isascii()
