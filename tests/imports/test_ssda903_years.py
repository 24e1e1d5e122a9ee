"""Every collection year's codes: in their own year no problem, outside it a warning, loaded."""

from __future__ import annotations

import pytest

from core.imports.ssda903 import Problem, Return903, SourceFile, read_return

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
YEARS = range(2016, 2028)


def read(year: int, header: str, episode: str) -> Return903:
    files = {"h.csv": f"{HEADER}\n{header}", "e.csv": f"{EPISODES}\n{episode}"}
    return read_return([SourceFile(n, text.encode()) for n, text in files.items()], year=year)


def problems(result: Return903, *rules: str) -> list[Problem]:
    return [p for p in result.problems if p.rule in rules]


def header(year: int) -> str:
    return f"0012,{'1' if year < 2025 else 'M'},01/02/2005,WBRI,UN1,0,"


def open_row(year: int, **codes: str) -> str:
    row = {"place": "U6", "ls": "C2", "rec": "", "dec": "", "why": ""} | codes
    provider = "" if row["place"].startswith("Z") else "PR1"
    return (
        f"0012,01/06/{year - 1},S,{row['ls']},N1,{row['place']},{provider},"
        f"{row['dec']},{row['rec']},{row['why']},,,SC123456"
    )


FIRST, LAST = YEARS[0], YEARS[-1]
SEXES = [("1", FIRST, 2024), ("2", FIRST, 2024), ("M", 2025, LAST), ("F", 2025, LAST),
         ("U", 2025, LAST), ("X", 0, 0)]  # fmt: skip
PLACES = [
    ("H5", FIRST, 2025), ("P2", FIRST, 2025), ("Z1", FIRST, 2025), ("K3", 2025, LAST),
    ("Z11", 2026, LAST), ("Z12", 2026, LAST), ("Z13", 2026, LAST), ("Z14", 2026, LAST),
    ("U1", FIRST, LAST), ("F1", 0, 0), ("XX", 0, 0),
]  # fmt: skip
ENDS = [("E43", FIRST, 2018), ("E44", FIRST, 2018), ("E45", 2019, LAST), ("E46", 2019, LAST),
        ("E47", 2019, LAST), ("E48", 2019, LAST), ("E4A", FIRST, LAST), ("E42", 0, 0),
        ("E99", 0, 0)]  # fmt: skip


@pytest.mark.parametrize(("code", "first", "last"), SEXES)
def test_the_sex_codes_of_each_year(code: str, first: int, last: int) -> None:
    for year in YEARS:
        result = read(year, header(year).replace(",1,", ",M,").replace(",M,", f",{code},"), "")
        found = problems(result, "101")
        assert bool(found) is not (first <= year <= last), year
        assert all(p.severity == "warning" and p.column == "SEX" for p in found)
        assert result.headers[0].fact.sex == code


@pytest.mark.parametrize(("code", "first", "last"), PLACES)
def test_the_placement_codes_of_each_year_for_open_and_ended_rows(
    code: str, first: int, last: int
) -> None:
    for year in YEARS:
        ended = open_row(year, place=code, dec=f"02/06/{year - 1}", rec="E8")
        for row, of in ((open_row(year, place=code), year), (ended, year)):
            result = read(year, header(year), row)
            assert bool(problems(result, "146")) is not (first <= of <= last), (year, row)
            assert result.counts.episodes == 1 and result.counts.errors == 0


@pytest.mark.parametrize(("code", "first", "last"), ENDS)
def test_the_reasons_care_ended_of_each_year(code: str, first: int, last: int) -> None:
    for year in YEARS:
        row = open_row(year, dec=f"31/03/{year}", rec=code)
        assert bool(problems(read(year, header(year), row), "149")) is not (first <= year <= last)


def test_a_row_is_judged_by_the_year_in_which_it_ended_whatever_the_file() -> None:
    ended = open_row(2018, dec="31/03/2018", rec="E43", place="H5")
    assert not problems(read(2027, header(2027), ended), "149", "146")
    late = open_row(2018, dec="01/04/2018", rec="E43")
    assert problems(read(2018, header(2018), late), "149")
    new = open_row(2018, dec="31/03/2018", rec="E45", place="K3")
    assert {p.rule for p in problems(read(2027, header(2027), new), "149", "146")} == {"146", "149"}


def test_custody_as_a_reason_for_a_change_is_from_2018_19() -> None:
    for year in YEARS:
        row = open_row(year, dec=f"31/03/{year}", rec="E9", why="CUSTOD")
        assert bool(problems(read(year, header(year), row), "1009")) is (year < 2019)


@pytest.mark.parametrize(
    ("year", "dec", "said"),
    [
        (2023, "", None), (2024, "28/10/2023", None), (2024, "29/10/2023", "217t"),
        (2024, "", "217t"), (2025, "", "217t"), (2026, "", "146"), (2026, "27/10/2023", None),
    ],
)  # fmt: skip
def test_independent_living_ends_on_28_october_2023(year: int, dec: str, said: str | None) -> None:
    row = open_row(min(year, 2023), place="P2", dec=dec, rec="E8" if dec else "")
    found = {p.rule for p in problems(read(year, header(year), row), "146", "217t")}
    assert found == ({said} if said else set())


def test_a_freeing_order_may_not_start_after_2005_until_that_rule_was_dropped() -> None:
    for year in YEARS:
        result = read(year, header(year), open_row(year, ls="D1"))
        assert bool(problems(result, "445")) is (year < 2025)
        assert not problems(result, "144")
