"""On a phone each row of a main list is a block: every cell says its heading and keeps its role."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
MAIN = (
    "actions/list.html", "admin/people.html", "care/_rows.html", "children/_list.html",
    "children/_panel.html", "imports/_changes.html", "imports/_files.html",
    "imports/_problems.html", "imports/list.html", "merges/compare.html", "merges/likely.html",
    "papers/list.html",
)  # fmt: skip
TABLE = re.compile(r"\{% call table\((?:[^%]|%(?!\}))*stacked=true.*?\{% endcall %\}", re.S)


@pytest.mark.parametrize("name", MAIN)
def test_no_column_of_a_main_list_hides_behind_the_edge_of_a_phone(name: str) -> None:
    tables = TABLE.findall((TEMPLATES / name).read_text())
    assert tables, name
    for table in tables:
        body = table.partition("<tbody")[2]
        for tag in re.findall(r"<(?:tr|td|th) [^>]*>", body):
            assert ' role="' in tag, tag
        cells = re.findall(r"<td [^>]*>", body)
        unnamed = [cell for cell in cells if "data-label=" not in cell]
        assert len(unnamed) <= ("<th " not in body), unnamed


def test_a_long_name_breaks_wherever_it_stands_on_a_page() -> None:
    css = (TEMPLATES.parent / "core/web/static/permanence.css").read_text()
    rule = re.search(r"\.govuk-main-wrapper \{([^}]*)\}", css)
    assert rule is not None and "overflow-wrap: break-word" in rule[1]
    assert "govuk-main-wrapper" in (TEMPLATES / "base.html").read_text()
