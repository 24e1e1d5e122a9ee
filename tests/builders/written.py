"""Pages of docs/ with a part made from the code: compared with it, or written anew when asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.domain.sight import ROLES
from core.web.access import Access

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
AGAIN = 'PERMANENCE_WRITE_DOCS=yes make test WORKERS=0 ARGS="tests/docs tests/web/test_routes.py"'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text: str) -> str:
    return f"`{text}`"


def who(access: Access) -> str:
    """The roles of a line of the access table, said as shortly as they can be."""
    if access.open:
        return "anyone, signed in or not"
    without = [role for role in ROLES if role not in access.roles]
    if not without:
        return "every role"
    if len(without) <= 3:
        return "every role but " + ", ".join(map(code, without))
    return ", ".join(code(role) for role in ROLES if role in access.roles)


def same_as_written(page: str, part: str, made: str) -> None:
    """Compare a part of a page, between its two marks, with what the code says now."""
    path = DOCS / page
    begin, end = f"<!-- made from the code: {part} -->\n", "<!-- to here -->\n"
    before, mark, rest = path.read_text(encoding="utf-8").partition(begin)
    assert mark, f"docs/{page} has no part {part!r}: put the line {begin.strip()} where it goes"
    written, closing, after = rest.partition(end)
    assert closing, f"the part {part!r} of docs/{page} has no end: put the line {end.strip()}"
    made = f"\n{made.strip()}\n\n"
    if os.environ.get("PERMANENCE_WRITE_DOCS") == "yes":
        path.write_text(before + mark + made + end + after, encoding="utf-8")
        return
    assert written == made, f"docs/{page} is not what the code says. Write it again: {AGAIN}"
