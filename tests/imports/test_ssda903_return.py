"""A return as a whole: its year, its children's assertions, and the rules across rows."""

from __future__ import annotations

from datetime import date

from core.domain.care import care_on
from core.imports.ssda903 import Return903, SourceFile, read_return

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
UASC = "CHILD,SEX,DOB,DUC"
ADOPTION = "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED"
A_CHILD = "0012,1,01/02/2010,WBRI,UN1,,"
AN_EPISODE = "0012,01/05/2017,S,C2,N1,U6,PR1,,,,,,"


def read(year: int | None = None, **tables: list[str]) -> Return903:
    files = [
        SourceFile(f"{name}.csv", ("\n".join(lines) + "\n").encode())
        for name, lines in tables.items()
    ]
    return read_return(files, year=year)


def told(result: Return903) -> set[tuple[str, int | None, str | None, str]]:
    return {(p.file, p.line, p.column, p.rule) for p in result.problems}


def test_the_year_is_inferred_from_the_latest_start_or_given() -> None:
    result = read(e=[EPISODES, AN_EPISODE, AN_EPISODE.replace("2017", "2016")])
    assert (result.year, result.year_inferred, result.as_at) == (2018, True, date(2018, 3, 31))
    given = read(2020, e=[EPISODES, AN_EPISODE])
    assert (given.year, given.year_inferred) == (2020, False)
    assert given.episodes[0].fact.year == 2020
    assert read(h=[HEADER, A_CHILD]).year is None


def test_rows_outside_the_year_are_kept() -> None:
    result = read(2018, e=[EPISODES, AN_EPISODE.replace("2017", "2021")])
    assert result.counts.episodes == 1


def test_every_row_has_its_file_and_line() -> None:
    result = read(
        h=[HEADER, A_CHILD],
        e=[EPISODES, AN_EPISODE],
        r=[REVIEWS, "0012,01/02/2010,01/06/2017,PN1"],
        u=[UASC, "0012,1,01/02/2010,01/02/2028"],
        a=[ADOPTION, "0012,01/02/2010,01/07/2017,,"],
    )
    rows = (*result.episodes, *result.reviews, *result.uasc, *result.adoption_decisions)
    assert [(r.child, r.file, r.line) for r in rows] == [
        ("0012", "e.csv", 2), ("0012", "r.csv", 2), ("0012", "u.csv", 2), ("0012", "a.csv", 2),
    ]  # fmt: skip
    assert result.problems == ()
    (facts,) = result.child_facts()
    care = care_on(facts, date(2018, 3, 31), {2018})
    assert (care.status, care.asylum_seeking) == ("looked after", True)
    assert care.adoption_decision_live and care.reviews == (date(2017, 6, 1),)


def test_three_birth_dates_are_all_kept_and_the_first_header_row_is_used() -> None:
    result = read(
        r=[REVIEWS, "0012,03/02/2010,01/06/2017,PN1"],
        h=[HEADER, A_CHILD, A_CHILD.replace("01/02/2010", "02/02/2010")],
    )
    child = result.children["0012"]
    assert child.births == (date(2010, 2, 1), date(2010, 2, 2), date(2010, 2, 3))
    (problem,) = [p for p in result.problems if p.rule == "birth dates differ"]
    for place in ("h.csv line 2", "h.csv line 3", "r.csv line 2"):
        assert place in problem.message
    assert ("h.csv", 3, "CHILD", "disagree") in told(result)
    (facts,) = result.child_facts()
    assert facts.born == date(2010, 2, 1)


def test_a_child_without_a_header_row_is_still_a_child() -> None:
    result = read(h=[HEADER, A_CHILD], e=[EPISODES, AN_EPISODE.replace("0012", "0013")])
    assert list(result.children) == ["0012", "0013"]
    assert ("e.csv", 2, "CHILD", "no header row") in told(result)
    assert result.counts.without_episodes == 1


def test_a_return_without_a_header_table_says_so_once() -> None:
    result = read(e=[EPISODES, AN_EPISODE, AN_EPISODE.replace("0012", "0013")])
    assert told(result) == {("", None, None, "no header table")}


def test_two_tables_that_disagree_are_both_kept_with_a_finding() -> None:
    result = read(
        h=[HEADER, A_CHILD],
        e1=[EPISODES, AN_EPISODE],
        e2=[EPISODES, AN_EPISODE.replace("C2", "C1")],
    )
    assert ("e2.csv", 2, "CHILD", "disagree") in told(result)
    assert [row.fact.ls for row in result.episodes] == ["C2", "C1"]


def test_the_same_table_twice_is_read_once() -> None:
    result = read(h=[HEADER, A_CHILD], e1=[EPISODES, AN_EPISODE], e2=[EPISODES, AN_EPISODE])
    assert result.counts.episodes == 1
    assert told(result) == {("e2.csv", None, None, "repeated")}


def test_header_codes_are_checked_by_year() -> None:
    sound = {"h": [HEADER, A_CHILD], "e": [EPISODES, AN_EPISODE]}
    assert told(read(2018, **sound)) == set()
    assert ("h.csv", 2, "SEX", "101") in told(read(2025, **sound))
    bad = read(2018, h=[HEADER, "0012,F,,XXXX,I123,2,"])
    assert told(bad) == {
        ("h.csv", 2, "SEX", "101"), ("h.csv", 2, "DOB", "102"), ("h.csv", 2, "ETHNIC", "103"),
        ("h.csv", 2, "UPN", "168"), ("h.csv", 2, "MOTHER", "mother"),
    }  # fmt: skip
    assert bad.counts.children == 1


def test_a_doubled_upn_is_444_from_2025_26() -> None:
    rows = [HEADER, "1,M,01/02/2010,WBRI,A123456789012,,", "2,M,01/02/2010,WBRI,A123456789012,,"]
    assert ("h.csv", 3, "UPN", "444") in told(read(2026, h=rows))
    assert told(read(2025, h=rows)) == set()


def test_old_codes_load_and_are_flagged_by_the_year_of_their_end() -> None:
    ended = "0012,01/05/2017,S,C2,N1,{place},,{dec},{rec},,,,"
    lines = [
        ended.format(place="H5", dec="01/06/2025", rec="E8"),
        ended.format(place="H5", dec="01/06/2024", rec="E8"),
        ended.format(place="F1", dec="01/06/2017", rec="E43"),
    ]
    result = read(2026, h=[HEADER, A_CHILD.replace(",1,", ",M,")], e=[EPISODES, *lines])
    assert result.counts.episodes == 3 and result.counts.errors == 0
    flagged = {(line, rule) for _, line, _, rule in told(result) if rule in ("146", "149")}
    assert flagged == {(2, "146"), (4, "146")}


def test_an_open_episode_with_a_reason_loads_and_is_148() -> None:
    row = AN_EPISODE.replace(",,,,,,", ",,E8,,,,")
    result = read(h=[HEADER, A_CHILD], e=[EPISODES, row])
    assert told(result) == {("e.csv", 2, "REC", "148")}
    assert result.episodes[0].fact.dec is None


def test_overlapping_episodes_load_and_name_each_other() -> None:
    rows = [
        "0012,01/05/2017,S,C2,N1,U6,PR1,01/07/2017,E4A,,,,",
        "0012,01/06/2017,S,C2,N1,U6,PR1,,,,,,",
    ]
    result = read(h=[HEADER, A_CHILD], e=[EPISODES, *rows])
    (problem,) = result.problems
    assert (problem.rule, problem.line, problem.column) == ("501", 3, "DECOM")
    assert problem.message.endswith("See also e.csv line 2.")


def test_a_table_of_decisions_that_is_not_there_raises_no_551() -> None:
    row = "0012,01/05/2017,S,E1,N1,A6,PR1,,,,,,"
    without = read(h=[HEADER, A_CHILD], e=[EPISODES, row])
    assert told(without) == set()
    other = read(h=[HEADER, A_CHILD], e=[EPISODES, row], a=[ADOPTION])
    assert {rule for *_, rule in told(other)} == {"551", "553", "no rows"}


def test_a_reversal_reason_outside_the_list_is_120() -> None:
    result = read(h=[HEADER, A_CHILD], a=[ADOPTION, "0012,,01/07/2017,01/08/2017,XXX"])
    assert told(result) == {("a.csv", 2, "REASON_PLACED_CEASED", "120")}


def test_messages_hold_no_cell() -> None:
    result = read(
        h=[HEADER, "Zed Plainlyinvented,Zed,Zed,Zed,Zed,Zed,Zed"],
        x=["Zed Plainlyinvented,1"],
    )
    assert result.problems
    assert not any("Zed" in problem.message for problem in result.problems)
