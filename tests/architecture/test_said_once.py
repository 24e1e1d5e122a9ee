"""Words that stand in many places are typed in one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from core.domain.clauses import SET_HERE
from core.domain.entry_days import PPM

ROOT = Path(__file__).parents[2]
SAID = ("set here, not by the procedure", "set here, not by a procedure")


def typed(path: Path) -> Iterator[str]:
    """The words that a module says; not its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    apart = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart:
            yield node.value


def test_that_something_is_set_here_is_typed_once_and_handed_to_the_templates() -> None:
    modules = (ROOT / "core").rglob("*.py")
    by_code = [path.name for path in modules for words in typed(path) if _says(words)]
    by_page = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if _says(path.read_text(encoding="utf-8"))
    ]
    assert SAID[0] == SET_HERE
    assert (by_code, by_page) == (["clauses.py"], [])


def test_the_body_of_a_planning_meeting_and_its_title_are_typed_once() -> None:
    modules = tuple((ROOT / "core").rglob("*.py"))
    of_body = [path.name for path in modules if PPM in typed(path)]
    titled = [path.name for path in modules if "Planning meeting" in typed(path)]
    # The list of all codes of the vocabulary says what each of them is.
    assert sorted(of_body) == ["entry_days.py", "vocabulary.py"]
    assert titled == ["planning_booking.py"]


def _says(words: str) -> bool:
    return any(said in words for said in SAID)
