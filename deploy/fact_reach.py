"""How many files name each fact, and which modules are long: reported, never blocking."""

import re
import sys
from pathlib import Path

from deploy.generate_schemas import facts

ROOT = Path(__file__).parents[1]
OWN = ("schemas", "eventlog", "services", "gateway", "localpound")


def main() -> None:
    """Print the table."""
    texts = {path: path.read_text() for folder in OWN for path in (ROOT / folder).rglob("*.py")}
    for fact in facts():
        name = re.compile(rf"\b{fact.__name__}\b")
        reach = sum(bool(name.search(text)) for text in texts.values())
        sys.stdout.write(f"fact reach {reach:2}  {fact.schema_name}\n")
    sizes = sorted(((len(text.splitlines()), path) for path, text in texts.items()), reverse=True)
    for lines, path in sizes[:5]:
        sys.stdout.write(f"lines {lines:4}  {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
