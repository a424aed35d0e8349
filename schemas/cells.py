"""How does text leave for a spreadsheet, so that no cell of it is run as a formula, and how does it come back?

A text that a spreadsheet would run gets one apostrophe before it, and so does one that already has apostrophes there:
then one apostrophe less is always the text that it was (OWASP, CSV Injection; the rule is reversible where theirs is
not). Files and doors that read cells take that apostrophe off again.
"""

import re

_RUN = re.compile(r"[' ]*[=+\-@\t\r\n\0＝＋－＠−]")
"""What a spreadsheet takes for a formula, after apostrophes and spaces."""


def defused(text: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{text}" if _RUN.match(text) else text


def restored(cell: str) -> str:
    """The text that was `defused`; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _RUN.match(cell) else cell
