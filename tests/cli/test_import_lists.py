"""The import command on a workbook, a case list and a tracker."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from builders.house import House
from builders.imports import list_8, text
from click.testing import CliRunner

from core import cli, rule_commands
from core.imports import templates

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_command_takes_lists_with_an_as_at_day_and_the_facts_show_what_they_fill(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = house.app.extensions["permanence"].settings
    monkeypatch.setattr(rule_commands, "from_environment", lambda **_: settings)
    monkeypatch.setattr(rule_commands, "create_app", lambda _settings: house.app)
    folder = tmp_path / "files"
    folder.mkdir()
    episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
    (folder / "e.csv").write_bytes(text(episodes, "0101,01/05/2025,L,C1,N1,U6,PR1,,"))
    (folder / "a.xlsx").write_bytes(list_8({"child": "0101", "started_on": date(2024, 9, 1)}))
    (folder / "c.csv").write_bytes(templates.example("case-list", "csv"))
    run = CliRunner()
    said = run.invoke(
        cli.command,
        ["import", str(folder), "--authority", "BEX", "--as-at", "2026-09-30", "--json"],
    )
    assert said.exit_code == 0, said.output
    answer = json.loads(said.output)
    assert answer["lists"] == ["annex-a-8", "case-list"] and answer["lists_as_at"] == "2026-09-30"
    assert answer["year"] == 2026 and answer["counts"]["children"] == 3
    assert answer["counts"]["people"] == 5 and answer["new"] == 3
    facts = run.invoke(
        cli.command, ["facts", "--authority", "BEX", "--as-at", "2026-11-23", "--json"]
    )
    first = json.loads(facts.output)[-1]
    assert first["child"] == "0101" and first["became_looked_after"] == "2024-09-01"
    assert first["became_looked_after_known"] is True
