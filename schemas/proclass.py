"""What is a category code called, and to which does another classification's code belong? ProClass 17.

Its source and licence are in `reference/README.md`.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

REFERENCE = Path(__file__).parent / "reference"
Standard = Literal["CPV 2008", "SIC 2007"]
SOCIAL_CARE = "410000"
_SOCIAL_CARE = frozenset({"32", "40", "41"})
"""Social care for adults, for children and for both have digits of their own; a register says 320000 for any."""


@cache
def _names() -> Mapping[str, str]:
    with (REFERENCE / "proclass-17.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: " / ".join(part for part in (row["level1"], row["level2"], row["level3"]) if part)
            for row in csv.DictReader(file)
        }


def known(code: str) -> bool:
    """Whether ProClass 17 has this code."""
    return code in _names()


def category_name(code: str) -> str:
    """A code in words, its levels with a slash between; the code itself where ProClass 17 has none such."""
    return _names().get(code, code)


def first_level(code: str) -> str:
    """The category of the first level to which a code belongs, by its first two digits, as a code of six digits."""
    return SOCIAL_CARE if code[:2] in _SOCIAL_CARE else f"{code[:2]}0000"


@cache
def _crosswalk() -> Mapping[tuple[str, str], str]:
    with (REFERENCE / "proclass-crosswalk.csv").open(encoding="utf-8", newline="") as file:
        return {(row["standard"], row["prefix"]): row["proclass"] for row in csv.DictReader(file)}


def crosswalked(standard: Standard, code: str) -> str | None:
    """The first-level category into which a code of another classification mostly falls; None where nobody can say."""
    for length in range(len(code), 1, -1):
        found = _crosswalk().get((standard, code[:length]))
        if found is not None:
            return found
    return None
