"""How is money written for people? Exactly, with the short form only where the exact one stands beside it."""

MILLION = 100_000_000  # pence
MINUS = "\N{MINUS SIGN}"


def pounds(pence: int) -> str:
    """`£1,234.56`; `−£12.00` for a credit."""
    whole, rest = divmod(abs(pence), 100)
    return f"{MINUS if pence < 0 else ''}£{whole:,}.{rest:02}"


def short(pence: int) -> str:
    """`£1.2m` from a million on, rounded half away from zero; exact below."""
    if abs(pence) < MILLION:
        return pounds(pence)
    tenths = (abs(pence) * 10 + MILLION // 2) // MILLION
    return f"{MINUS if pence < 0 else ''}£{tenths // 10:,}.{tenths % 10}m"


def decimal(pence: int | None) -> str:
    """`1234.56`, for spreadsheets; empty where nothing is known."""
    if pence is None:
        return ""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02}"


def share(part: int, whole: int) -> str:
    """`12.3 %` of a whole; a dash where there is no whole to be a part of."""
    if whole <= 0:
        return "–"
    thousandths = (abs(part) * 2000 + whole) // (2 * whole)
    return f"{MINUS if part < 0 else ''}{thousandths // 10}.{thousandths % 10} %"


def width(part: int, largest: int) -> str:
    """A bar's length, as a percentage with one decimal."""
    if largest <= 0 or part <= 0:
        return "0"
    tenths = part * 1000 // largest
    return f"{tenths // 10}.{tenths % 10}"
