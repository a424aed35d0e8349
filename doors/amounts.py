"""How many pence? An allow-list of forms; nothing is rounded, and no float comes near."""

import re

LARGEST = 10**15  # pence: ten million million pounds, far inside a bigint

_PUBLISHED = re.compile(
    r"(?P<open>\()?(?P<minus>[-−])?\s?£?\s?(?P<minus_after>[-−])?"
    r"(?P<pounds>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?P<pence>\d{1,2})0*)?(?P<close>\))?",
    re.ASCII,
)
_EXACT = re.compile(r"(?P<minus>-)?(?P<pounds>\d{1,14})(?:\.(?P<pence>\d{1,2}))?", re.ASCII)


def published_pence(text: str) -> int | None:
    """Pence of an amount as councils print it: 1,234.50 £1234.5 (12.00) -£3; None for another form.

    More than two decimals are read only where the rest are zeros.
    """
    found = _PUBLISHED.fullmatch(text.strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [found["open"], found["minus"], found["minus_after"]]
    if sum(map(bool, signs)) > 1:
        return None
    return _bounded(found["pounds"].replace(",", ""), found["pence"], negative=any(signs))


def exact_pence(text: str) -> int | None:
    """Pence of a decimal string in pounds as a machine writes it: -1234.50; None for another form."""
    found = _EXACT.fullmatch(text)
    return None if found is None else _bounded(found["pounds"], found["pence"], negative=bool(found["minus"]))


def _bounded(pounds: str, decimals: str | None, *, negative: bool) -> int | None:
    pence = int(pounds) * 100 + int((decimals or "").ljust(2, "0"))
    if pence > LARGEST:
        return None
    return -pence if negative else pence
