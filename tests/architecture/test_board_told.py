"""Whoever writes an action, or that it rolled, has the board's rows of its children follow."""

from __future__ import annotations

import re
from pathlib import Path

CORE = Path(__file__).parents[2] / "core"
WRITES = re.compile(
    r"sa\.(?:insert|update|delete)\(\s*(?:Action|ActionRoll)\s*\)"
    r"|(?:insert|_insert)\((?:scope, )?(?:Action|ActionRoll)\b|table = Action(?:Roll)?\.__table__"
)
#: Two records made one: everything of both children is worked out anew there.
MERGED = {"merging.py"}


def test_whoever_writes_an_action_tells_the_board() -> None:
    found = {
        path.name: "board_marks.acted(" in path.read_text()
        for path in sorted((CORE / "store").rglob("*.py"))
        if WRITES.search(path.read_text()) and path.name not in MERGED
    }
    assert len(found) >= 5
    silent = [name for name, told in found.items() if not told]
    assert not silent, f"these write actions and do not call board_marks.acted: {silent}"
