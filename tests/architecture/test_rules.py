"""Every rule holds here, and objects to a planted violation: a guard that never failed is no guard."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).parents[2]
IGNORED = shutil.ignore_patterns(
    ".git", ".venv", ".localpound", "__pycache__", "samples", "build", "node_modules", ".*_cache"
)

Rule = Callable[[Path], list[str]]

PLANTED: list[tuple[Rule, str, str]] = [
    (rules.kernel_words, "eventlog/clock.py", "# pays the supplier\n"),
    (rules.banned_names, "services/spend/utils.py", '"""What?"""\n'),
    (rules.long_modules, "services/spend/long.py", '"""What?"""\n' + "x = 1\n" * 301),
    (rules.long_functions, "services/spend/long.py", '"""What?"""\n\n\ndef long() -> None:\n' + "    print()\n" * 40),
    (rules.undocumented_modules, "services/spend/silent.py", "x = 1\n"),
    (rules.broken_links, "README.md", "[nowhere](no/such/file.py)\n"),
    (rules.addresses, "deploy/where.py", '"""What?"""\nX = "' + "/ro" + 'ot/x"\n'),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("project") / "copy"
    shutil.copytree(ROOT, target, ignore=IGNORED)
    return target


@pytest.fixture
def planted(copy: Path) -> "Callable[[str, str], Path]":
    return lambda name, text: plant(copy, name, text)


def plant(copy: Path, name: str, text: str) -> Path:
    path = copy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)
    return path


@pytest.mark.parametrize(("rule", "name", "text"), PLANTED, ids=lambda p: getattr(p, "__name__", ""))
def test_a_rule_of_our_own_holds_and_objects_to_a_violation(copy: Path, rule: Rule, name: str, text: str) -> None:
    assert rule(ROOT) == []
    before = (copy / name).read_text() if (copy / name).exists() else None
    path = plant(copy, name, text)
    assert rule(copy) != []
    path.unlink() if before is None else path.write_text(before)


TOOLS = [
    ("lint-imports", "services/spend/domain.py", "import services.contracts\n"),
    ("lint-imports", "eventlog/clock.py", "import services.spend\n"),
    ("lint-imports", "services/spend/domain.py", "import asyncpg\n"),
    ("lint-imports", "services/reporting/read_models/compliance.py", "import random\n"),
    ("lint-imports", "schemas/spend.py", "import pydantic\n"),
    ("lint-imports", "localpound/commands/query.py", "import eventlog.store\n"),
    ("lint-imports", "localpound/verify/tree.py", "import eventlog.tlog.tree\n"),
    ("lint-imports --contract pages", "gateway/pages/contracts.py", "import services.contracts.domain\n"),
    (
        "lint-imports --contract pages",
        "gateway/reads/contracts.py",
        "import services.reporting.read_models.compliance\n",
    ),
    ("ruff check --quiet", "services/spend/domain.py", "from datetime import date as d\nd.today()\n"),
    ("ruff check --quiet", "services/spend/domain.py", "print(1)\n"),
    ("ruff format --check --quiet", "eventlog/clock.py", "x = {  'a':1}\n"),
    ("python -m deploy.generate_schemas --check", "schemas/json/spend.PaymentMatched.v1.json", " "),
    ("python -m deploy.generate_openapi --check", "schemas/openapi/spend.json", " "),
    ("python -m deploy.fact_compatibility", "schemas/examples/spend.PaymentMatched.v1.json", " "),
]


@pytest.mark.parametrize(("command", "name", "text"), TOOLS)
def test_a_tool_objects_to_a_violation(copy: Path, command: str, name: str, text: str) -> None:
    before = (copy / name).read_text()
    words = command.split()
    tool = (
        [sys.executable, *words[1:]]
        if words[0] == "python"
        else [str(Path(sys.executable).parent / words[0]), *words[1:]]
    )
    assert subprocess.run(tool, cwd=copy, capture_output=True, check=False).returncode == 0
    plant(copy, name, text)
    try:
        assert subprocess.run(tool, cwd=copy, capture_output=True, check=False).returncode != 0
    finally:
        (copy / name).write_text(before)


def test_every_module_is_imported_without_network_and_with_an_empty_environment() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in rules.modules(ROOT)
        if path.name not in {"__main__.py", "__init__.py"}
    ]
    code = (
        "import socket, importlib, sys\n"
        "def no(*a, **k): raise OSError('no network at import')\n"
        "socket.socket.connect = no\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PATH": "/usr/bin"}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-800:]
