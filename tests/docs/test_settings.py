"""docs/settings.md names every setting, with the form and the usual value that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders.written import ROOT

from core.settings import SettingWrong, from_environment

NAME = re.compile(r"PERMANENCE_[A-Z]+(?:_[A-Z]+)*")
READS = ("core", "demo", "benchmarks", "tests", "Makefile", ".ci")
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("`"): cells
    for line in PAGE.splitlines()
    if line.startswith("| `PERMANENCE_")
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


def named() -> set[str]:
    """The settings that the code reads, tests and commands among it."""
    found: set[str] = set()
    for top in READS:
        path = ROOT / top
        files = [path] if path.is_file() else path.rglob("*")
        for file in files:
            if file.is_file() and file.suffix in {".py", "", ".toml"} and file != Path(__file__):
                found |= set(NAME.findall(file.read_text(encoding="utf-8", errors="replace")))
    return found


def usual(name: str) -> str:
    return ROWS[name][2].strip("`")


def test_every_setting_is_listed_and_nothing_else() -> None:
    assert set(ROWS) == named()


def test_the_usual_values_are_those_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = from_environment({})
    words = {True: "yes", False: "no"}
    assert usual("PERMANENCE_DATA_FOLDER") == settings.data_folder.name
    assert usual("PERMANENCE_DATABASE_URL") == "sqlite:///<data folder>/permanence.sqlite3"
    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'permanence.sqlite3'}"
    assert usual("PERMANENCE_HOST") == settings.host
    assert usual("PERMANENCE_PORT") == str(settings.port)
    assert usual("PERMANENCE_SESSION_MINUTES") == str(settings.session_minutes)
    assert usual("PERMANENCE_IMPORT_MOST_MEBIBYTES") == str(settings.import_most_mebibytes)
    assert usual("PERMANENCE_PROXIES") == str(settings.proxies)
    assert usual("PERMANENCE_SECURE_COOKIES") == words[settings.secure_cookies]
    assert settings.today is None


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("PERMANENCE_DATABASE_URL", "mysql://somewhere"),
        ("PERMANENCE_PORT", "70000"),
        ("PERMANENCE_PORT", "-1"),
        ("PERMANENCE_SESSION_MINUTES", "0"),
        ("PERMANENCE_IMPORT_MOST_MEBIBYTES", "1.5"),
        ("PERMANENCE_SECURE_COOKIES", "true"),
        ("PERMANENCE_TODAY", "23/11/2026"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, wrong: str) -> None:
    with pytest.raises(SettingWrong, match=f"^{name} should "):
        from_environment({"PERMANENCE_DATA_FOLDER": str(tmp_path), name: wrong})


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    environment = {"PERMANENCE_DATA_FOLDER": str(tmp_path)}
    first = from_environment(environment).secret_key
    assert len(first) > 40
    assert from_environment(environment).secret_key == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
