"""Follow a payment: the README's five links are files, in which that payment can be followed."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

WORDS = {
    "services/spend/published/intake.py": "net_pence",
    "services/spend/domain.py": "PaymentRecorded(",
    "schemas/spend/__init__.py": "class PaymentRecorded",
    "services/reporting/read_models/compliance.py": "case PaymentRecorded",
    "gateway/queries/payments.py": "net_pence",
}


def test_the_readmes_five_links_follow_a_payment() -> None:
    section = (ROOT / "README.md").read_text().split("## Follow a payment")[1].split("\nBetween")[0]
    links = re.findall(r"\]\(([^)]+)\)", section)
    assert links == list(WORDS)
    for link in links:
        assert WORDS[link] in (ROOT / link).read_text(), link
