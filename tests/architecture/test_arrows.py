"""The arrows between the layers, as import-linter's contracts hold them; and who asks for now."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BELOW_THE_CLOCK = ("core/domain", "core/usecases", "core/store", "core/imports", "core/documents")
ASKS_FOR_NOW = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


def test_every_contract_of_the_import_linter_is_kept() -> None:
    """In a process of its own: the linter turns off the loggers of the one that it runs in."""
    linter = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
    ran = subprocess.run([sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def moments(source: str) -> Iterator[tuple[int, str]]:
    """The places in a source that ask what time or day it is: line and what they ask."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if (name, node.func.attr) in ASKS_FOR_NOW:
            yield node.lineno, f"{name}.{node.func.attr}"
        if name == "func" and node.func.attr in {"now", "current_date", "current_timestamp"}:
            yield node.lineno, f"func.{node.func.attr}"


@pytest.mark.parametrize("folder", [*BELOW_THE_CLOCK, "plugins"])
def test_time_is_an_argument_below_web_commands_and_worker(folder: str) -> None:
    asked = [
        f"{path.relative_to(ROOT)}:{line} {what}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, what in moments(path.read_text(encoding="utf-8"))
    ]
    assert asked == []


def test_the_scan_sees_what_it_looks_for() -> None:
    source = "date.today()\ndatetime.datetime.now(UTC)\ntime.time()\nsa.func.now()\nclock.today()\n"
    assert [what for _, what in moments(source)] == [
        "date.today",
        "datetime.now",
        "time.time",
        "func.now",
    ]
