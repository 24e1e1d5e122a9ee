"""The arrows between the layers, as import-linter's contracts hold them; and who asks for now."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter import cli

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
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = cli.lint_imports(str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == cli.EXIT_STATUS_SUCCESS, said.getvalue()


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
