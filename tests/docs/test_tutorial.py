"""The tutorial's plugin, packaged as the tutorial says, is found by the command and used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import toyshire
from builders.written import DOCS, ROOT

PAGE = (DOCS / "adding-an-authority.md").read_text(encoding="utf-8")


@pytest.fixture
def packaged(tmp_path: Path) -> dict[str, str]:
    """An environment with Toyshire as an installed package, by the tutorial's pyproject.toml."""
    (text,) = re.findall(r"```toml\n(\[build-system\].+?)```", PAGE, re.S)
    project = tomllib.loads(text)
    name, version = project["project"]["name"], project["project"]["version"]
    site = tmp_path / "site"
    shutil.copytree(Path(toyshire.__file__).parent, site / "toyshire")
    about = site / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    points = "\n".join(
        f"[{group}]\n" + "\n".join(f"{key} = {value}" for key, value in points.items())
        for group, points in project["project"]["entry-points"].items()
    )
    (about / "entry_points.txt").write_text(points + "\n")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PERMANENCE_")}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]),
        "PERMANENCE_DATA_FOLDER": str(tmp_path / "data"),
    }


def permanence(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_of_the_tutorial_do_what_it_says(packaged: dict[str, str]) -> None:
    said = re.findall(r"^    permanence (.+)$", PAGE, re.M)
    assert said == ["plugins", "clauses --json", "migrate", "create-authority TOY"]
    answers = {command: permanence(packaged, *command.split()) for command in said}
    assert "toyshire: TOY\n" in answers["plugins"]
    clauses = {row["id"]: row for row in json.loads(answers["clauses --json"])}
    assert clauses["TOY-4"]["carried_by"] == ["toy-carry-on"]
    assert answers["create-authority TOY"] == "TOY is there, with TOY.\n"


def test_a_fault_in_it_stops_the_command_with_one_line(packaged: dict[str, str]) -> None:
    site = Path(packaged["PYTHONPATH"].split(os.pathsep)[0])
    clauses = site / "toyshire" / "clauses.toml"
    clauses.write_text(clauses.read_text(encoding="utf-8").replace("TOY-4", "TOY-99"))
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "plugins"],
        env=packaged,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Plugin toyshire: the rule toy-carry-on cites the clause TOY-4" in done.stderr
