"""What deadlines follow from has a name, which is another as soon as any of it is."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.registry import Registered, Registry
from core.usecases import reckoning
from plugins.statutory import PROCEDURE as LAW

ROOT = Path(__file__).parents[2]
CONDITION = """
from outside_rules.numbers import WEEKS

def not_for(course, on):
    return "too long ago" if WEEKS > 3 else ""
"""


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A plugin from outside, with a condition that uses a figure of a module beside it."""
    folder = tmp_path / "outside_rules"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "numbers.py").write_text("WEEKS = 3\n")
    (folder / "conditions.py").write_text(CONDITION)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.startswith("outside_rules")]:
        del sys.modules[name]


def named(registry: Registry) -> str:
    reckoning._code.cache_clear()
    return reckoning.fingerprint(registry)


def test_a_figure_beside_a_condition_of_a_plugin_is_of_it(outside: Path) -> None:
    conditions: Any = importlib.import_module("outside_rules.conditions")
    rule = replace(LAW.deadlines[0], not_for=conditions.not_for)
    registry = Registry([Registered("outside", replace(LAW, deadlines=(rule,)))])
    before = named(registry)
    assert named(registry) == before
    (outside / "numbers.py").write_text("WEEKS = 4\n")
    assert named(registry) != before


@pytest.mark.parametrize(
    "path",
    [
        "core/domain/spells.py",
        "core/store/care.py",
        "core/store/courses.py",
        "core/store/deadlines_kept.py",
        "core/usecases/editions.py",
        "core/usecases/reckoning.py",
    ],
)
def test_the_code_that_reads_what_is_dated_is_of_it(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry([Registered("law", LAW)])
    before, real = named(registry), Path.read_bytes
    changed = ROOT / path

    def read_bytes(self: Path) -> bytes:
        return real(self) + (b"# changed" if self.samefile(changed) else b"")

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert named(registry) != before
    monkeypatch.undo()
    assert named(registry) == before
