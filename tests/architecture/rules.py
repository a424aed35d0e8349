"""Rules of our own that no tool knows; each answers with what breaks it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROCUREMENT = re.compile(
    r"\b(payments?|contracts?|suppliers?|procurement|spend|invoices?|councils?|awards?|payees?)\b", re.IGNORECASE
)
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|processors?|dto)($|_)")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
OWN = ("schemas", "eventlog", "doors", "services", "gateway", "localpound", "deploy")


def modules(root: Path) -> Iterator[Path]:
    """Every Python file of the project's own packages."""
    for package in OWN:
        yield from sorted((root / package).rglob("*.py"))


def kernel_words(root: Path) -> list[str]:
    """The kernel names nothing of procurement: neither in code nor in its SQL."""
    files = [*(root / "eventlog").rglob("*.py"), *(root / "eventlog").rglob("*.sql")]
    return [
        f"{path.relative_to(root)}:{number} says {found[0]!r}"
        for path in sorted(files)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := PROCUREMENT.search(line))
    ]


def banned_names(root: Path) -> list[str]:
    """No drawer for everything."""
    return [str(p.relative_to(root)) for p in modules(root) if BANNED_NAMES.search(p.stem)]


def long_modules(root: Path) -> list[str]:
    """A module is read in one sitting."""
    sizes = {p: len(p.read_text().splitlines()) for p in modules(root)}
    return [f"{p.relative_to(root)}: {n} lines" for p, n in sizes.items() if n > LONGEST_MODULE]


def long_functions(root: Path) -> list[str]:
    """A function is seen at once, with what it is given and says of itself."""
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name}: {length} lines"
        for path in modules(root)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def undocumented_modules(root: Path) -> list[str]:
    """A module says in one line which question it answers."""
    return [
        str(path.relative_to(root))
        for path in modules(root)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]


def broken_links(root: Path) -> list[str]:
    """Every relative link of the README leads to a file."""
    readme = (root / "README.md").read_text()
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", readme)
    return [target for target in targets if not (root / target).exists()]


def addresses(root: Path) -> list[str]:
    """No file names a package registry's host or a path of somebody's machine."""
    hosts = re.compile(r"pypi\.org|pythonhosted|repo1?\.maven|maven\.org|registry\.npmjs|(?<![\w.])/(work|root|farm)/")
    texts = [*modules(root), *root.glob("*.txt"), *root.glob("*.toml"), *root.glob("*.yml"), *root.glob("*.md")]
    return [
        f"{path.relative_to(root)}:{number}"
        for path in texts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if hosts.search(line)
    ]
