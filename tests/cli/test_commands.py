"""The `permanence` command as its users run it: a process, its output and its exit status."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parents[2]
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n0101,F,04/05/2019,WBRI,UN1,,\n"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    "0101,23/03/2026,S,V2,N1,U6,PR1,,,,,,\n"
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command on a database of its own; ``today`` is 23 November 2026."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PERMANENCE_")},
        "PERMANENCE_DATA_FOLDER": str(tmp_path / "data"),
        "PERMANENCE_TODAY": "2026-11-23",
    }

    def command(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "core.cli", *words],
            capture_output=True,
            text=True,
            env=environment | more,
            cwd=ROOT,
            timeout=120,
            check=False,
        )

    return command


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "return"
    folder.mkdir()
    (folder / "header.csv").write_text(HEADER)
    (folder / "episodes.csv").write_text(EPISODES)
    return folder


def refused(done: subprocess.CompletedProcess[str], status: int, words: str) -> None:
    """One line on standard error, the status, and never a traceback."""
    assert done.returncode == status, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_authority_from_nothing_to_its_facts(run: Run, files: Path, tmp_path: Path) -> None:
    assert run("migrate").returncode == 0
    assert "BEX is there" in run("create-authority", "BEX").stdout
    made = run(
        "create-admin", "a@bexley.example", "--authority", "BEX",
        "--name", "Ada\u202e Quill\x1bfeather", "--password", "long enough for this",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    with closing(sqlite3.connect(tmp_path / "data" / "permanence.sqlite3")) as database:
        assert database.execute("SELECT name FROM account").fetchall() == [("Ada Quillfeather",)]
    again = ("create-admin", "b@bexley.example", "--authority", "BEX", "--name", "Una", "--invite")
    assert "/welcome/" in run(*again).stdout
    refused(run(*again), 1, "already")
    refused(run(*again, "--password", "long enough for this"), 2, "not both")
    done = run("import", str(files), "--authority", "BEX", "--json")
    assert done.returncode == 0, done.stderr
    (child,) = json.loads(run("facts", "--authority", "BEX", "--json").stdout)
    assert child["child"] == "0101"
    assert child["became_looked_after"] == "2026-03-23"
    assert child["became_looked_after_known"] is True
    assert child["legal_status"] == "V2"
    assert child["in_proceedings"] is None
    before = json.loads(
        run("facts", "--authority", "BEX", "--as-at", "2026-01-01", "--json").stdout
    )
    assert before[0]["status"] == "no episodes"
    due = json.loads(run("deadlines", "--authority", "BEX", "--json").stdout)
    cited = {clause.partition("-")[0] for row in due for clause in row["clauses"]}
    assert cited  # statutory clocks, always on; the procedures are followed from today only
    assert cited.isdisjoint({"BEX", "PPM10"})


def test_clauses_say_what_carries_them_and_what_is_pending(run: Run) -> None:
    rows = {row["id"]: row for row in json.loads(run("clauses", "--json").stdout)}
    assert set(rows["BEX-1.6"]) == {
        "id", "rule", "shows", "carried_by", "elsewhere", "tests", "pending",
    }  # fmt: skip
    assert "referral-received" in rows["BEX-1.6"]["carried_by"]
    assert any("test_a_referral_is_due" in test for test in rows["BEX-1.6"]["tests"])
    assert rows["BEX-1.26"]["pending"]


def test_plugins_are_listed(run: Run) -> None:
    rows = json.loads(run("plugins", "--json").stdout)
    assert {"plugin": "bexley", "procedures": ["BEX"], "note": ""} in rows


def test_an_authority_follows_its_procedures_since_a_day(run: Run, tmp_path: Path) -> None:
    run("migrate")
    made = run("create-authority", "BEX", "--since", "2024-04-01")
    assert "BEX is there, with BEX, PPM10" in made.stdout
    assert "TOY is there" in run("create-authority", "TOY", "--name", "Toyshire").stdout
    with closing(sqlite3.connect(tmp_path / "data" / "permanence.sqlite3")) as database:
        since = database.execute("SELECT DISTINCT since FROM enabled_procedure").fetchall()
    assert since == [("2024-04-01",)]
    refused(run("create-authority", "SOM", "--since", "0001-01-01"), 2, "between 1990")
    refused(run("create-authority", "SOM", "--since", "April"), 2, "April")


def test_wrong_use_is_status_2_in_one_line(run: Run) -> None:
    refused(run("facts", "--json"), 2, "--authority")
    refused(run("nonsense"), 2, "nonsense")
    refused(run("migrate", PERMANENCE_PORT="many"), 2, "PERMANENCE_PORT")
    refused(run("migrate", PERMANENCE_DATABASE_URL="mysql://x"), 2, "PERMANENCE_DATABASE_URL")
    refused(run("facts", "--authority", "BEX", "--as-at", "yesterday", "--json"), 2, "yesterday")


def test_a_refusal_is_status_1_in_one_line(run: Run, files: Path, tmp_path: Path) -> None:
    refused(run("facts", "--authority", "BEX", "--json"), 1, "permanence migrate")
    run("migrate")
    refused(run("facts", "--authority", "BEX", "--json"), 1, "create-authority")
    refused(run("create-authority", "ZZZ"), 1, "--name")
    run("create-authority", "BEX")
    refused(run("create-authority", "BEX"), 1, "already")
    refused(run("import", str(tmp_path / "nowhere"), "--authority", "BEX"), 1, "nowhere")
    refused(
        run(
            "create-admin", "a@bexley.example", "--authority", "BEX", "--name", "Ada",
            "--password", "short",
        ),
        1,
        "12 characters",
    )  # fmt: skip


def test_the_demo_refuses_a_database_that_holds_anything_else(run: Run) -> None:
    run("migrate")
    run("create-authority", "BEX")
    refused(run("demo", "--load-only"), 1, "not made up")


def test_the_demo_fills_an_empty_database_once(run: Run) -> None:
    first = run("demo", "--load-only", "--children", "40")
    assert first.returncode == 0, first.stderr
    assert "social.worker@bexley.example" in first.stdout
    facts = run("facts", "--authority", "BEX", "--json").stdout
    assert run("demo", "--load-only", "--children", "40").returncode == 0
    assert run("facts", "--authority", "BEX", "--json").stdout == facts
    assert len(json.loads(facts)) >= 40


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_without_the_newest_tables_nothing_starts(run: Run, command: str) -> None:
    refused(run(command), 1, "run permanence migrate")
