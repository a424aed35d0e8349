"""What was bought, by accounts, is measured on contracts that the rules have not seen; and this is what it came to."""

from evaluation.category import hidden, shares


def test_of_salfords_payments_on_a_contract_for_certain() -> None:
    found, spent, placed = hidden()
    assert (len(found), spent) == (1_418, 24_053_384_525)
    assert 1_000 * placed // spent == 621
    assert shares([each for each in found if not each.reported]) == (224, 658)
    assert shares([each for each in found if each.reported]) == (176, 628)
