"""`permanence deadlines`: the fields of the interface, and what the store says on any day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.app import create_app
from core.domain.due import State
from core.settings import Settings
from core.store import authorities, deadlines
from core.store.database import db
from core.store.scope import Scope

ROOT = Path(__file__).parents[2]
FIELDS = [
    "child", "code", "clauses", "title", "anchor", "anchor_date", "due", "state", "why", "missing",
]  # fmt: skip
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
FILES = {
    "header.csv": [HEADER, *(f"010{n},F,04/05/2012,WBRI,UN1,," for n in range(1, 5))],
    "episodes.csv": [
        EPISODES,
        "0101,23/03/2026,S,V2,N1,U6,PR1,,,",
        "0102,01/04/2025,L,C2,N1,U4,PR1,,,",
        "0103,05/01/2026,S,C1,N1,K2,PR1,10/02/2026,P,",
        "0103,10/02/2026,P,C1,N1,A3,PR1,01/03/2026,E4A,",
        "0104,05/05/2025,S,C2,N1,U6,PR1,,,",
    ],
    "reviews.csv": [
        REVIEWS,
        "0104,04/05/2012,01/06/2025,PN1",
        "0104,04/05/2012,01/09/2025,PN1",
        "0103,04/05/2012,30/01/2026,PN1",
    ],
}
DAYS = ["2025-06-10", "2026-01-20", "2026-03-31", "2026-11-23", "2027-11-01"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deadlines")


@pytest.fixture(scope="module")
def run(data: Path) -> Run:
    """Run a command on a database with one import; today is 23 November 2026."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PERMANENCE_")},
        "PERMANENCE_DATA_FOLDER": str(data),
        "PERMANENCE_TODAY": "2026-11-23",
    }

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "core.cli", *words],
            capture_output=True, text=True, env=environment, cwd=ROOT, timeout=120, check=False,
        )  # fmt: skip

    folder = data / "return"
    folder.mkdir()
    for name, lines in FILES.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    for words in (
        ["migrate"],
        ["create-authority", "BEX", "--since", "2020-01-01"],
        ["import", str(folder), "--authority", "BEX", "--year", "2026"],
    ):
        done = command(*words)
        assert done.returncode == 0, done.stderr
    return command


def told(run: Run, *more: str) -> list[dict[str, Any]]:
    done = run("deadlines", "--authority", "BEX", "--json", *more)
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def in_store(data: Path, on: date, child: str | None = None) -> list[dict[str, Any]]:
    """What is kept, as at a day, read without the command."""
    url = f"sqlite:///{data / 'permanence.sqlite3'}"
    app = create_app(Settings(url, "only for tests", data, today=date(2026, 11, 23)))
    with app.app_context():
        row = authorities.by_code("BEX")
        assert row is not None
        found = deadlines.as_at(
            Scope.of_authority(row.id, on), app.extensions["permanence"].registry, child
        )
        db.session.remove()
        db.engine.dispose()
    return found


def one(rows: list[dict[str, Any]], child: str, code: str, clause: str) -> dict[str, Any]:
    (found,) = [
        r for r in rows if (r["child"], r["code"]) == (child, code) and clause in r["clauses"]
    ]
    return found


def test_its_fields_are_those_of_the_interface_and_no_others(run: Run) -> None:
    rows = told(run)
    assert rows and all(list(row) == FIELDS for row in rows)
    for row in rows:
        assert row["state"] in set(State)
        assert row["clauses"] and all(isinstance(clause, str) for clause in row["clauses"])
        assert all(
            isinstance(row[name], str) for name in ("child", "code", "title", "anchor", "why")
        )
        for name in ("anchor_date", "due"):
            assert row[name] is None or date.fromisoformat(row[name])
        assert (row["missing"] is not None) is (row["state"] == "unknown")
        assert row["due"] is not None or row["state"] in ("unknown", "stopped", "not applicable")


@pytest.mark.parametrize("on", DAYS)
def test_it_says_what_the_store_says_on_any_day(run: Run, data: Path, on: str) -> None:
    assert told(run, "--as-at", on) == in_store(data, date.fromisoformat(on))


def test_without_a_day_it_is_today(run: Run, data: Path) -> None:
    assert told(run) == in_store(data, date(2026, 11, 23))


def test_of_one_child_it_says_the_same_as_of_all(run: Run) -> None:
    assert told(run, "--child", "0104") == [r for r in told(run) if r["child"] == "0104"]
    nobody = run("deadlines", "--authority", "BEX", "--child", "nobody", "--json")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert nobody.stderr == "permanence: there is no child nobody in BEX\n"
    mangled = run("deadlines", "--authority", "BEX", "--child", "\udcff", "--json")
    assert (mangled.returncode, mangled.stdout) == (2, "")
    assert len(mangled.stderr.splitlines()) == 1


@pytest.mark.clause("CPPCR-33-1")
def test_a_date_with_its_reason_and_one_that_is_not_known_with_what_is_missing(run: Run) -> None:
    rows = told(run, "--as-at", "2026-03-31")
    assert one(rows, "0101", "review-1", "CPPCR-33-1") == {
        "child": "0101",
        "code": "review-1",
        "clauses": ["CPPCR-33-1"],
        "title": "First review",
        "anchor": "became-looked-after",
        "anchor_date": "2026-03-23",
        "due": "2026-04-22",
        "state": "running",
        "why": "by 22 April 2026: 20 working days from becoming looked after on 23 March 2026 "
        "(CPPCR-33-1)",
        "missing": None,
    }
    unknown = one(rows, "0102", "review-1", "CPPCR-33-1")
    missing = (
        "the day on which the child became looked after: the earliest day in hand is 1 April 2025"
    )
    assert (unknown["due"], unknown["state"], unknown["missing"]) == (None, "unknown", missing)
    assert unknown["why"] == f"{missing} (CPPCR-33-1)"


def test_the_states_follow_each_other_as_the_days_go_by(run: Run) -> None:
    states = []
    for on in ("2025-06-01", "2025-08-18", "2025-09-01", "2026-02-14", "2026-02-15", "2026-03-02"):
        rows = told(run, "--as-at", on, "--child", "0104")
        states.append({row["code"]: row["state"] for row in rows if "CPPCR" in row["clauses"][0]})
    assert [one.get("review-1") for one in states] == ["met"] * 6
    assert [one.get("review-2") for one in states] == [
        "running",
        "soon",
        *["met"] * 4,
    ]
    assert [one.get("review-n") for one in states] == [
        None,
        None,
        "running",
        "running",
        "soon",
        "late",
    ]


def test_a_child_who_left_care_has_what_was_met_and_nothing_that_runs(run: Run) -> None:
    rows = told(run, "--child", "0103")
    assert {row["state"] for row in rows} == {"met", "stopped"}
    assert one(rows, "0103", "review-1", "CPPCR-33-1")["state"] == "met"
    on = date(2026, 3, 1) - timedelta(days=1)
    before = told(run, "--child", "0103", "--as-at", on.isoformat())
    assert "running" in {row["state"] for row in before}


def test_wrong_use_and_refusals_are_one_line(run: Run) -> None:
    for words, status in (
        (["--as-at", "yesterday", "--json"], 2),
        ([], 2),
    ):
        done = run("deadlines", "--authority", "BEX", *words)
        assert (done.returncode, done.stderr.count("\n"), done.stdout) == (status, 1, "")
    done = run("deadlines", "--authority", "ZZZ", "--json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
