"""SSDA903 files as they come: good, dirty and hostile."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.ssda903 import Problem, Return903, SourceFile, read_return, source_files

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
A_CHILD = "0012,1,01/02/2010,WBRI,UN1,,"
AN_EPISODE = "0012,01/05/2017,S,C2,N1,U6,PR1,,,,,,"


def table(*lines: str, end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


def read(*contents: bytes, **more: object) -> Return903:
    files = [SourceFile(f"file{n}.csv", content) for n, content in enumerate(contents, 1)]
    return read_return(files, **more)


def found(result: Return903, rule: str) -> Problem:
    (problem,) = [p for p in result.problems if p.rule == rule]
    return problem


def rules(result: Return903) -> set[str]:
    return {p.rule for p in result.problems}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"\n\n ,,\n", "empty"),
        (b"x", "unknown table"),
        (b"\xff", "unknown table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "unknown table"),
        (b"\x00\x01\x02\x03", "not text"),
        (b"PK\x03\x04\x14\x00", "not text"),
        ("CHILD,SEX".encode("utf-16"), "encoding"),
        (b"<EXPSSDA903><CHILD></CHILD></EXPSSDA903>", "child"),
        (b"A" * 200_000, "long line"),
    ],
)
def test_what_is_no_table_is_one_error_and_the_other_file_loads(content: bytes, rule: str) -> None:
    result = read(content, table(HEADER, A_CHILD))
    errors = [p for p in result.problems if p.severity == "error"]
    assert [(p.file, p.rule) for p in errors] == [("file1.csv", rule)]
    assert list(result.children) == ["0012"]


def test_an_unknown_table_names_what_was_expected() -> None:
    message = found(read(b"NAME,AGE\nA,1\n"), "unknown table").message
    assert "Header (CHILD, SEX, DOB, ETHNIC, UPN, MOTHER, MC_DOB)" in message
    assert "PlacedAdoption" in message
    assert "NAME" not in message


def test_semicolons_are_said() -> None:
    content = table(HEADER.replace(",", ";"), A_CHILD.replace(",", ";"))
    assert "semicolons" in found(read(content), "unknown table").message


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "episodes.csv"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    problem = found(read_return(source_files([large])), "too large")
    assert "200.0 MB" in problem.message and problem.file == "episodes.csv"
    assert problem.severity == "error"
    small = read(table(HEADER, A_CHILD), limit_bytes=20)
    assert "at most 20 bytes" in found(small, "too large").message


def test_a_missing_file_and_a_folder_are_answered(tmp_path: Path) -> None:
    files = [SourceFile("a.csv", tmp_path / "a.csv"), SourceFile("b", tmp_path)]
    assert rules(read_return(files)) == {"not readable", "not a file"}


def test_a_folder_means_every_file_in_it(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(table(HEADER, A_CHILD))
    (tmp_path / "a.csv").write_bytes(table(EPISODES, AN_EPISODE))
    files = source_files([tmp_path])
    assert [f.name for f in files] == ["a.csv", "b.csv"]
    assert read_return(files).counts.children == 1


def test_a_byte_order_mark_and_crlf_change_nothing() -> None:
    plain = read(table(HEADER, A_CHILD))
    marked = read(b"\xef\xbb\xbf" + table(HEADER, A_CHILD, end="\r\n"))
    assert marked == plain
    assert read(table(HEADER, A_CHILD, end="\r")) == plain


def test_a_stream_is_read_from_its_start() -> None:
    stream = io.BytesIO(table(HEADER, A_CHILD))
    stream.read()
    assert read_return([SourceFile("h.csv", stream)]).counts.header == 1


def test_windows_1252_is_read_with_one_warning() -> None:
    post = "0012,01/05/2017,S,C2,N1,U6,PR1,,,,AB1 \u00e9,,"
    content = "\n".join([EPISODES, AN_EPISODE, post, post]).encode("cp1252")
    result = read(content)
    problem = found(result, "encoding")
    assert (problem.line, problem.severity) == (3, "warning")
    assert result.episodes[1].fact.home_post == "AB1 \u00c9"


def test_columns_in_any_order_and_case_and_quoted_cells_are_read() -> None:
    content = table("upn, Dob,child,ETHNIC,SEX,MC_DOB,MOTHER", ' UN1 ,"01/02/2010", 0012 ,WBRI,1,,')
    result = read(content)
    assert result.problems == ()
    child = result.children["0012"]
    assert child.births == (date(2010, 2, 1),)
    assert [child.first(c).value for c in ("SEX", "ETHNIC", "UPN")] == ["1", "WBRI", "UN1"]


def test_a_missing_required_column_is_named_and_nothing_of_the_file_loads() -> None:
    content = table(EPISODES.replace(",LS", "").replace(",DEC,", ","), "0012")
    result = read(content)
    problem = found(result, "missing column")
    assert "LS, DEC" in problem.message and problem.severity == "error"
    assert result.episodes == ()


def test_a_missing_optional_column_is_a_warning_and_the_rows_load() -> None:
    result = read(table(EPISODES.removesuffix(",URN"), AN_EPISODE.removesuffix(",")))
    problem = found(result, "missing column")
    assert (problem.column, problem.severity) == ("URN", "warning")
    assert result.counts.episodes == 1


def test_an_extra_column_is_a_warning_and_the_rows_load() -> None:
    result = read(table(HEADER + ",TEAM", A_CHILD + ",x"))
    problem = found(result, "extra column")
    assert (problem.column, problem.line, problem.severity) == ("TEAM", 1, "warning")
    assert result.counts.header == 1


def test_a_column_that_stands_twice_refuses_the_file() -> None:
    assert "DOB" in found(read(table(HEADER + ",DOB", A_CHILD + ",")), "column twice").message


def test_a_table_with_a_heading_row_only_is_known_and_said() -> None:
    result = read(table(HEADER), table(EPISODES, AN_EPISODE))
    assert found(result, "no rows").file == "file1.csv"
    assert result.counts.episodes == 1


def test_blank_lines_are_passed_over_and_lines_still_count() -> None:
    result = read(table("", HEADER, "", ",,,,,,", A_CHILD))
    assert result.headers[0].line == 5


def test_faulty_lines_are_errors_and_good_rows_load() -> None:
    result = read(
        table(
            HEADER,
            A_CHILD,
            '0013,1,"01/02/2010,WBRI,UN1,,',
            "0014,1,01/02/2010\x00,WBRI,UN1,,",
            "0015,1,01/02/2010,WBRI",
            "0016,1,01/02/2010,WBRI,UN1,,,,",
            "0017,1,01/02/2010,WBRI,UN1,,,x",
        )
    )
    assert list(result.children) == ["0012", "0016"]
    assert [(p.line, p.rule) for p in result.problems if p.severity == "error"] == [
        (3, "quotation marks"),
        (4, "not text"),
        (5, "cells"),
        (7, "cells"),
    ]


@pytest.mark.parametrize(
    "text", ["2017-05-01", "01/05/17", "1/5/2017", "31/02/2017", "01.05.2017", "01/05/0017", "x"]
)
def test_a_date_in_another_form_is_an_error_with_line_and_column(text: str) -> None:
    result = read(table(EPISODES, AN_EPISODE, AN_EPISODE.replace("01/05/2017", text)))
    problem = found(result, "141")
    assert (problem.line, problem.column, problem.severity) == (3, "DECOM", "error")
    assert result.counts.episodes == 1


def test_the_form_expected_of_a_date_is_said() -> None:
    result = read(table(EPISODES, AN_EPISODE.replace("01/05/2017", "01/05/17")))
    assert "dd/mm/yyyy" in found(result, "141").message


def test_every_fault_of_a_row_is_reported() -> None:
    result = read(table(EPISODES, ",2017-05-01,S,C2,N1,U6,PR1,32/01/2018,,,,,"))
    errors = {(p.rule, p.column) for p in result.problems if p.severity == "error"}
    assert errors == {("child", "CHILD"), ("141", "DECOM"), ("147", "DEC")}
    assert result.counts.errors == 3


@pytest.mark.parametrize("text", ["*DUMMY*", "DUMMY", "*dummy*"])
def test_a_placeholder_is_a_finding_in_any_field(text: str) -> None:
    in_date = read(table(EPISODES, AN_EPISODE.replace("01/05/2017", text)))
    assert found(in_date, "dummy").column == "DECOM" and in_date.counts.episodes == 0
    in_code = read(table(HEADER, A_CHILD.replace("WBRI", text)))
    problem = found(in_code, "dummy")
    assert (problem.column, problem.line, problem.severity) == ("ETHNIC", 2, "warning")
    assert in_code.counts.header == 1 and "103" in rules(in_code)


def test_a_cell_that_is_too_long_is_an_error() -> None:
    assert found(read(table(HEADER, A_CHILD.replace("WBRI", "W" * 65))), "too long").column == (
        "ETHNIC"
    )


def test_leading_zeros_survive() -> None:
    assert list(read(table(HEADER, A_CHILD)).children) == ["0012"]


def test_tables_that_are_not_loaded_are_acknowledged() -> None:
    result = read(table("CHILD,DOB,DOLO_START,DOLO_END", "1,01/01/2010,,"))
    assert [(left.file, left.table) for left in result.left] == [("file1.csv", "DoLo")]
    assert result.problems == () and result.children == {}


def test_progress_is_told() -> None:
    told: list[int] = []
    read(table(REVIEWS, *["0012,,01/05/2017,PN1"] * 2500), progress=told.append)
    assert told == [1000, 2000, 2500]


def test_problems_beyond_the_limit_are_counted() -> None:
    result = read(table(REVIEWS, *["0012,,x,PN1"] * 9), keep_problems=4)
    shown = [p for p in result.problems if p.rule == "166"]
    assert len(shown) == 5 and shown[-1].message == "5 more are not shown."
    assert result.counts.errors == 9


def test_a_file_without_any_good_row_is_given_up() -> None:
    result = read(table(HEADER, *["x"] * 6000), table(HEADER, A_CHILD))
    assert found(result, "no good rows").line == 5001
    assert result.counts.rows == 5001


@given(st.binary(max_size=300), st.sampled_from([HEADER, EPISODES, REVIEWS, ""]))
def test_reading_never_raises_on_any_bytes(junk: bytes, heading: str) -> None:
    result = read(heading.encode() + b"\n" + junk, junk)
    assert {p.severity for p in result.problems} <= {"error", "warning"}


cell = st.sampled_from(
    ["", "0012", "S", "P", "C2", "E1", "V3", "X1", "E11", "PN0", "01/05/2017", "02/05/2017",
     "31/12/2100", "01/01/1900", "01/05/17", "*DUMMY*", "\u00e9", '"']
)  # fmt: skip


@given(st.lists(st.lists(cell, min_size=13, max_size=13), max_size=6))
def test_reading_never_raises_on_any_cells(rows: list[list[str]]) -> None:
    lines = [",".join(row) for row in rows]
    narrow = [",".join(row[:4]) for row in rows]
    result = read(table(EPISODES, *lines), table(REVIEWS, *narrow))
    assert result.counts.episodes <= len(rows)


def test_a_line_that_is_far_too_long_is_left_out_and_the_next_ones_load() -> None:
    long = "0102,F,04/05/2019,WBRI," + "X" * 200_000 + ",,"
    got = read(table(HEADER, A_CHILD, long, A_CHILD.replace("0012", "0103")))
    problem = found(got, "long line")
    assert (problem.line, problem.severity) == (3, "error")
    assert len(got.children) == 2


def test_a_birth_after_the_collection_year_is_found_at_its_line() -> None:
    got = read(table(HEADER, A_CHILD, "0013,1,01/04/2018,WBRI,UN1,,"), year=2018)
    problem = found(got, "born later")
    assert (problem.line, problem.column, problem.severity) == (3, "DOB", "warning")
