"""`permanence backup` and `restore` as they are run: the same facts after, and plain refusals."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEXLEY = ("--authority", "BEX")
HEADER = (
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
    "0101,F,04/05/2019,WBRI,UN1,,\n0102,M,14/05/2020,WBRI,UN1,,\n"
)
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "0101,23/03/2026,S,V2,N1,U6,PR1,,,,,,\n0102,23/03/2026,S,C2,N1,U6,PR1,,,,,,\n"
)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PERMANENCE_")}

    def command(folder: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "core.cli", *words],
            capture_output=True,
            text=True,
            env={
                **kept,
                "PERMANENCE_DATA_FOLDER": str(tmp_path / folder),
                "PERMANENCE_TODAY": "2026-11-23",
            },
            cwd=ROOT,
            timeout=120,
            check=False,
        )

    return command


def test_the_facts_are_the_same_after_it(run: Run, tmp_path: Path) -> None:
    files = tmp_path / "return"
    files.mkdir()
    (files / "header.csv").write_text(HEADER)
    (files / "episodes.csv").write_text(EPISODES)
    for words in (["migrate"], ["create-authority", "BEX"], ["import", str(files), *BEXLEY]):
        done = run("old", *words)
        assert done.returncode == 0, done.stderr
    papers = tmp_path / "old" / "papers"
    papers.mkdir()
    (papers / "abc").write_bytes(b"a paper")
    path = str(tmp_path / "one.zip")
    made = run("old", "backup", path)
    assert made.returncode == 0, made.stderr
    assert "The secret key is not in it" in made.stdout
    back = run("new", "restore", path)
    assert back.returncode == 0, back.stderr
    assert "The audit is whole" in back.stdout
    asked = ("facts", *BEXLEY, "--json")
    facts = run("old", *asked).stdout
    assert facts.count("2026-03-23") >= 2
    assert run("new", *asked).stdout == facts
    assert (tmp_path / "new" / "papers" / "abc").read_bytes() == b"a paper"
    theirs = tmp_path / "third" / "papers" / "abc"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"another")
    refused = run("third", "restore", path)
    assert (refused.returncode, "is another file" in refused.stderr) == (1, True)
    assert [one.name for one in (tmp_path / "third").iterdir()] == ["papers"]
    again = run("new", "restore", path)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "not empty" in again.stderr
    once_more = run("old", "backup", path)
    assert (once_more.returncode, once_more.stderr.count("\n")) == (1, 1)
    assert "there already" in once_more.stderr


def test_what_cannot_be_done_is_said_in_one_line_and_leaves_nothing(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.zip").write_text("not a backup")
    for words, said in (
        (["backup", str(tmp_path / "one.zip")], "no tables yet: run permanence migrate"),
        (["verify-audit"], "no tables yet: run permanence migrate"),
        (["restore", str(tmp_path / "bad.zip")], "damaged"),
    ):
        done = run("new", *words)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert said in done.stderr
    assert run("new", "restore", str(tmp_path / "missing.zip")).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["bad.zip"]
    assert run("old", "migrate").returncode == 0
    nowhere = run("old", "backup", str(tmp_path / "no" / "folder" / "one.zip"))
    assert nowhere.returncode == 1
    assert f"there is no folder {tmp_path / 'no' / 'folder'}" in nowhere.stderr
