"""When are two written names the same supplier's? Exact keys only; likeness is never enough."""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

_SUFFIX = re.compile(r"\b(LIMITED|LTD|PLC|LLP|LLC|LP|CIC|INC|CO|COMPANY|UK|THE)\b")
_NOT_WORD = re.compile(r"[\W_]+")
_QUOTES = str.maketrans("", "", "'’‘`.")
_UNSEEN = frozenset({"Mn", "Cc"})  # accents, and what a wrong encoding leaves behind
_DIGITS = re.compile(r"[0-9]{1,8}")
_PREFIXED = re.compile(
    r"(AC|CE|CS|FC|FE|GE|GN|GS|IC|LP|NC|NF|NI|NL|NO|NP|NR|NZ|OC|OE|PC|RC|RS|SA|SC|SE|SF|SG|SI|SL|SO|SP|SR|SZ|ZC)"
    r"([0-9]{1,6})"
)


@lru_cache(maxsize=65_536)
def normalised_name(name: str) -> str:
    """Upper case, accents and punctuation gone, `&` as AND, company suffixes removed.

    Letters of other alphabets stay what they are, however alike they look. A name that consists of
    suffixes alone keeps them, so that no two strangers meet in nothing.
    """
    apart = unicodedata.normalize("NFD", name.upper())
    plain = apart if apart.isascii() else "".join(c for c in apart if unicodedata.category(c) not in _UNSEEN)
    plain = plain.translate(_QUOTES).replace("&", " AND ")
    words = _NOT_WORD.sub(" ", plain).strip()
    return " ".join(_SUFFIX.sub(" ", words).split()) or words


def company_number(text: str) -> str | None:
    """A Companies House number of eight characters, zero-padded; None when the text is none.

    Charities (`CHA1049226`), societies (`IP29627R`) and VAT numbers (`GBML4119704`) are not companies.
    """
    compact = re.sub(r"[\s.-]", "", text).upper()
    if _DIGITS.fullmatch(compact) and int(compact) > 0:
        return compact.zfill(8)
    prefixed = _PREFIXED.fullmatch(compact)
    return prefixed[1] + prefixed[2].zfill(6) if prefixed else None


def supplier_id(number: str | None, name: str) -> str:
    """`GB-COH-` and the company number where it is known, else `NAME-` and a digest of the name."""
    if number is not None:
        return f"GB-COH-{number}"
    return f"NAME-{sha256(normalised_name(name).encode()).hexdigest()[:16]}"
