"""The made-up return: five files with the rows a real one would hold, and a dirty one."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from demo.lives import make_children
from demo.returns import write_dirty_example, write_return
from demo.tables import COLUMNS

TODAY = date(2026, 11, 22)


def as_day(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_full_history_holds_every_row_and_each_file_its_own_columns(tmp_path: Path) -> None:
    demo = make_children(903, TODAY, 240)
    counts = write_return(demo, tmp_path, 2027, full_history=True)
    for table, columns in COLUMNS.items():
        rows = read(tmp_path / f"{table}.csv")
        assert tuple(rows[0]) == columns and len(rows) == counts[table]
    born = [one for one in demo if one.episodes]
    assert counts["header"] == len(born) < len(demo)
    assert counts["episodes"] == sum(len(one.episodes) for one in born)
    assert counts["reviews"] == sum(len(one.reviews) for one in born)
    assert counts["placed_for_adoption"] == sum(len(one.adoption_decisions) for one in born) > 0
    assert counts["uasc"] == sum(one.uasc is not None for one in born) > 0


def test_a_one_year_return_leaves_out_what_ended_before_and_what_came_after(
    tmp_path: Path,
) -> None:
    write_return(make_children(903, TODAY, 240), tmp_path, 2026)
    first, last = date(2025, 4, 1), date(2026, 3, 31)
    rows = read(tmp_path / "episodes.csv")
    starts = [as_day(row["DECOM"]) for row in rows]
    assert max(starts) <= last and min(starts) < first
    assert all(not row["DEC"] or first <= as_day(row["DEC"]) <= last for row in rows)
    assert all(bool(row["DEC"]) == bool(row["REC"]) for row in rows)
    assert all(first <= as_day(row["REVIEW"]) <= last for row in read(tmp_path / "reviews.csv"))
    assert any(row["RNE"] != "S" and as_day(row["DECOM"]) < first for row in rows)
    headers = {row["CHILD"] for row in read(tmp_path / "header.csv")}
    assert headers == {row["CHILD"] for row in rows}
    assert any(one.startswith("0") for one in headers)


def test_the_period_of_one_child_began_in_an_earlier_file(
    tmp_path: Path,
) -> None:
    sides = {
        one.story.removeprefix("Period start: "): one
        for one in make_children(903, TODAY, 240)
        if one.story.startswith("Period start: ")
    }
    write_return(sides.values(), tmp_path, 2027, as_at=TODAY)
    first_rows = {row["CHILD"]: row["RNE"] for row in reversed(read(tmp_path / "episodes.csv"))}
    assert first_rows[sides["in an earlier file"].local_id] != "S"
    assert first_rows[sides["in this file"].local_id] == "S"


def test_sex_is_written_as_the_year_writes_it(tmp_path: Path) -> None:
    demo = make_children(903, TODAY, 240)
    for year, codes in ((2024, {"1", "2"}), (2025, {"M", "F"})):
        write_return(demo, tmp_path / str(year), year)
        assert {row["SEX"] for row in read(tmp_path / str(year) / "header.csv")} == codes


def test_the_dirty_example_has_each_fault_where_it_says(tmp_path: Path) -> None:
    faults = write_dirty_example(tmp_path)
    for fault in faults:
        rows = read(tmp_path / fault.file)
        assert None not in rows[fault.line - 2] and fault.column in rows[fault.line - 2]
    header, episodes = read(tmp_path / "header.csv"), read(tmp_path / "episodes.csv")
    assert header[1]["DOB"] == "*DUMMY*" and len(header) == 7
    assert (episodes[4]["PLACE"], episodes[4]["LS"]) == ("P1", "V2")
    births = {
        row["DOB"] for row in header + read(tmp_path / "reviews.csv") if row["CHILD"] == "00703"
    }
    assert len(births) == 3
