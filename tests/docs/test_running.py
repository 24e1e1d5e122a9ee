"""docs/running.md: its commands have the forms that they take, its settings and parts are real."""

from __future__ import annotations

import re
import shlex

import pytest
from builders.written import DOCS

from core.cli import command
from core.web import health

PAGE = (DOCS / "running.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)
LINES = [
    line[line.index(".venv/bin/permanence") :]
    for kind, block in BLOCKS
    for line in block.splitlines()
    if ".venv/bin/permanence" in line
]


@pytest.mark.parametrize("line", LINES)
def test_every_command_has_the_form_that_it_takes(line: str, tmp_path: object) -> None:
    words = shlex.split(line.replace("$(date +\\%F)", "today"))[1:]
    found = command.commands[words[0]]
    for option in (word for word in words if word.startswith("--")):
        assert any(option in parameter.opts for parameter in found.params), line
    if words[0] not in ("create-admin", "restore"):  # these want a password, and a file
        assert found.make_context(words[0], words[1:]).args == []


def test_the_commands_of_running_it_are_all_there() -> None:
    named = {shlex.split(line)[1] for line in LINES}
    assert {"migrate", "serve", "backup", "restore", "verify-audit", "create-admin"} <= named


def test_every_setting_that_it_names_is_one() -> None:
    settings = (DOCS / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"PERMANENCE_[A-Z]+(?:_[A-Z]+)*", PAGE))
    assert named
    assert {name for name in named if f"| `{name}` |" not in settings} == set()


def test_each_part_of_the_health_page_is_explained_with_its_limit() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == ["database", "migrations", "worker", "disk"]
    said = dict(rows)
    assert health.WORKER_SECONDS == 600
    assert "ten minutes" in said["worker"]
    assert f"{health.FREE_BYTES // 1024**2} MiB" in said["disk"]
