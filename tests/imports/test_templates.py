"""The project's own templates: case lists and trackers as authorities fill them in."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest
from builders.workbooks import workbook

from core.imports import case_list, templates, tracker
from core.imports.reader import Found, read_files
from core.imports.ssda903 import SourceFile
from core.imports.stated import StatedPerson

AS_AT = date(2026, 6, 1)
EPISODES = b"CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"


def text(headings: str, *rows: str) -> bytes:
    return ("\r\n".join([headings, *rows]) + "\r\n").encode()


def read(*contents: bytes) -> Found:
    files = [SourceFile(f"file{n}", content) for n, content in enumerate(contents, 1)]
    return read_files(files, AS_AT)


def said(found: Found) -> dict[tuple[str, ...], str]:
    return {(f.child, f.kind, f.field, f.key): f.value for s in found.stated for f in s.facts}


def people(found: Found) -> list[StatedPerson]:
    return [person for stated in found.stated for person in stated.people]


def rules(found: Found) -> list[tuple[str, int | None, str | None]]:
    return [(p.rule, p.line, p.column) for p in found.problems]


@pytest.mark.parametrize("name", ["case-list", "tracker"])
def test_the_templates_read_back_without_a_problem_and_alike_in_both_formats(name: str) -> None:
    as_csv = read(templates.example(name, "csv"))
    as_xlsx = read(templates.example(name, "xlsx"))
    assert as_csv.problems == as_xlsx.problems == () and as_xlsx.left == ()
    assert said(as_csv) == said(as_xlsx) and list(as_csv.children) == ["00417", "00418"]
    assert as_csv.files["file1"][0] == templates.LAYOUTS[name].title
    actions = [a.what for s in as_xlsx.stated for a in s.actions]
    assert len(actions) == (2 if name == "tracker" else 0)


def test_every_heading_of_a_template_is_told_apart_from_every_other() -> None:
    for layout in templates.LAYOUTS.values():
        names = [name for column in layout.columns for name in column.names()]
        assert len(names) == len(set(names)), layout.code
    (head, *_) = csv.reader(StringIO(templates.example("tracker", "csv").decode("utf-8-sig")))
    assert head[0] == "Local ID" and "Given name" not in head


def test_text_that_starts_with_an_equals_sign_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ({"child": "=1+1", "plan": "=cmd", "plan_on": date(2026, 1, 1)},)
    monkeypatch.setattr(templates, "_EXAMPLES", {tracker.FORMAT: rows})
    found = read(templates.example("tracker", "xlsx"))
    assert list(found.children) == ["=1+1"]


def test_a_case_list_names_people_by_what_the_row_has() -> None:
    found = read(
        text(
            "Mosaic ID,Forename,Surname,DOB,Team name,Social worker,Social worker email,IRO,"
            "IRO staff number,Sibling group,Shoe size",
            "0101,Orlin,Thistlewick,04/05/2014,Quill team,Perrin Oakshade,"
            "P.Oakshade@Authority.example,Idris Vellacombe,S0077,A 7,31",
            "0102,Wren,Thistlewick,,Quill team,p.oakshade@authority.example,,,S0077,a 7,",
        )
    )
    assert rules(found) == [("extra column", 1, "Shoe size")]
    assert [(p.child, p.relation, p.name, p.email, p.staff_number) for p in people(found)] == [
        ("0101", "worker", "Perrin Oakshade", "p.oakshade@authority.example", ""),
        ("0101", "iro", "Idris Vellacombe", "", "S0077"),
        ("0102", "worker", "p.oakshade@authority.example", "p.oakshade@authority.example", ""),
        ("0102", "iro", "S0077", "", "S0077"),
    ]
    groups = {v for (_, _, field, _), v in said(found).items() if field == "sibling_group"}
    assert groups == {case_list.GROUP + "a 7"}
    assert {t.team for s in found.stated for t in s.teams} == {"Quill team"}


@pytest.mark.parametrize(
    ("headings", "row", "title", "expected"),
    [
        ("Local ID,Given name", "0101,Orlin", "Case list", ("identity", "given_name", "Orlin")),
        ("Local ID,Date of birth", "0101,04/05/2014", "Case list",
         ("identity", "born", "2014-05-04")),
        ("Local ID,D.O.B.", "0101,04/05/2014", "Case list", ("identity", "born", "2014-05-04")),
        ("Local ID,Given name,Shoe size", "0101,Orlin,7", "Case list",
         ("identity", "given_name", "Orlin")),
        ("Local ID,Forename,Surname,Shoe size", "0101,Orlin,Wren,7", "Case list",
         ("identity", "given_name", "Orlin")),
        ("Local ID,Plan,Shoe size", "0101,Adoption,7", "Tracker", ("plan", "primary", "adoption")),
        ("Local ID,Sibling group", "0101,a 7", "Case list",
         ("identity", "sibling_group", case_list.GROUP + "a 7")),
        ("Child ID,Forename", "0101,Orlin", "Case list", ("identity", "given_name", "Orlin")),
        ("Local ID,Plan", "0101,Adoption", "Tracker", ("plan", "primary", "adoption")),
        ("Local ID,Given name,Last P.P.M.", "0101,Orlin,01/02/2026", "Tracker",
         ("earlier-meeting", "held_on", "2026-02-01")),
    ],
)  # fmt: skip
def test_the_local_id_and_one_column_more_are_enough(
    headings: str, row: str, title: str, expected: tuple[str, str, str]
) -> None:
    content = text(headings, row)
    book = workbook({"Sheet1": [line.split(",") for line in (headings, row)]})
    for found in (read(content), read(book)):
        assert found.files["file1"][0] == title
        assert [r for r, *_ in rules(found)] == (["extra column"] if "Shoe" in headings else [])
        assert expected in {(kind, name, v) for (_, kind, name, _), v in said(found).items()}


@pytest.mark.parametrize(
    "headings",
    [
        "Local ID,Shoe size",
        "Child ID,Given name,Shoe size",
        "ID,A",
        "Local ID,D.O.B.,Shoe size",
        "Local ID,Date of birth,Missing from,Missing to,Return interview",
        "Local ID,Due date,Reviewed,Notes",
        "Local ID,Issue date,Document",
    ],
)
def test_a_file_that_says_too_little_is_not_taken_for_a_template(headings: str) -> None:
    found = read(text(headings, "0101,7,8"))
    assert rules(found) == [("unknown table", 1, None)] and not found.children


TRACKER = (
    "Child ID,Plan,Plan date,Plan state,Contingency,Last PPM,Last panel,Proceedings issued,"
    "Final hearing,LGM date,LGM determination,Match date,Action,Owner,Owner email,Due"
)


def test_a_tracker_states_plan_meetings_proceedings_and_an_action_a_row() -> None:
    found = read(
        text(
            TRACKER,
            "0101,Adoption,12/03/2026,agreed,SGO; Ask the aunt,01/02/2026,,02/09/2025,01/12/2026,"
            '19/08/2025,Issue proceedings,,"Write to\nthe court",Perrin,,30/06/2026',
            "0101,,,,,,,,,,,,Book the panel,,perrin@authority.example,01/07/2026",
        )
    )
    assert said(found) == {
        ("0101", "plan", "primary", "2026-03-12"): "adoption",
        ("0101", "plan", "identified_on", "2026-03-12"): "2026-03-12",
        ("0101", "plan", "state", "2026-03-12"): "agreed",
        ("0101", "plan", "contingency_words", "2026-03-12"): "SGO; Ask the aunt",
        ("0101", "plan", "contingencies", "2026-03-12"): "sgo",
        ("0101", "earlier-meeting", "meeting", "ppm 2026-02-01"): "ppm",
        ("0101", "earlier-meeting", "held_on", "ppm 2026-02-01"): "2026-02-01",
        ("0101", "proceedings", "issued_on", "2025-09-02"): "2025-09-02",
        ("0101", "proceedings", "final_hearing_on", "2025-09-02"): "2026-12-01",
        ("0101", "gateway", "held_on", "2025-08-19"): "2025-08-19",
        ("0101", "gateway", "determination", "2025-08-19"): "issue",
        ("0101", "gateway", "words", "2025-08-19"): "Issue proceedings",
    }
    (stated,) = found.stated
    assert [(a.what, a.due, a.owner, a.owner_email, a.source.line) for a in stated.actions] == [
        ("Write to\nthe court", date(2026, 6, 30), "Perrin", "", 2),
        ("Book the panel", date(2026, 7, 1), "", "perrin@authority.example", 4),
    ]
    assert rules(found) == [("unrecognised", 2, "Contingency")]


def test_what_a_tracker_lacks_is_said_by_line_and_column_and_the_rest_loads() -> None:
    found = read(
        text(
            TRACKER,
            "0101,,,,,,,,,,,,Write,Perrin,,",
            "0102,,01/01/2026,,,,,,,,,,,,,",
            "0103,Hope,,,,01/01/2027,,,,,Issue,,Ring,,,01/07/2026",
            ",,,,,,,,,,,,Nobody,,,01/07/2026",
            '0104,Adoption,,,,,,,,,,,"never closed,,,01/07/2026',
        )
    )
    assert rules(found) == [
        ("no day", 2, "Due"),
        ("blank", 3, "Plan"),
        ("unrecognised", 4, "Plan"),
        ("impossible date", 4, "Last PPM"),
        ("blank", 4, "LGM date"),
        ("blank", 4, "Owner"),
        ("child", 5, "Child ID"),
        ("quotation marks", 6, None),
    ]
    assert [a.what for s in found.stated for a in s.actions][:1] == ["Ring"]
    assert said(found)["0103", "plan", "primary_words", ""] == "Hope"


def test_a_tracker_may_hold_the_columns_of_a_case_list_too() -> None:
    found = read(text("Child ID,First name,Worker,Plan,Last PPM", "0101,Orlin,Perrin,Adoption,"))
    assert [s.format for s in found.stated] == ["tracker"]
    assert said(found)["0101", "identity", "given_name", ""] == "Orlin"
    assert [p.name for p in people(found)] == ["Perrin"]


def test_several_kinds_in_one_import_are_each_read() -> None:
    found = read(
        EPISODES + b"0101,01/05/2025,S,C1,N1,U6,PR1,,\n",
        text("Child ID,Given name,Team", "0102,Wren,Quill team"),
        workbook({"Tracker": [["Child ID", "Plan", "Plan date"], ["0103", "Adoption", ""]]}),
        b"colour;size\nred;4\n",
    )
    assert list(found.children) == ["0101", "0102", "0103"]
    assert found.returned.year == 2026 and "Episodes" in found.returned.tables
    assert [s.format for s in found.stated] == ["case-list", "tracker"]
    (error,) = [p for p in found.problems if p.severity == "error"]
    assert error.file == "file4" and "semicolons" in error.message
    assert found.rows == 3 and {f: n for f, (_, n) in found.files.items()} == {
        "file1": 1, "file2": 1, "file3": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"Local ID,Given name\n" + b"x" * 70_000,
        b"Local ID,Given name,Team\n0101,\xff\xfe,T\n",
        b"Local ID,Given name,Team\n0101,a\x00b,T\n",
        b"Local ID,Given name,Team\n0101\n0102,a,b,c,d,e\n",
        b"\xef\xbb\xbfLocal ID,Team,Given name\r0101,T,A\r",
        "Local ID,Team,Given name\n0101,T,A\n".encode("utf-16"),
        b'Local ID,Team,Given name\n"0101,T,A\n' + b"x,y,z\n" * 40_000,
        b"Local ID," * 5_000 + b"Team\n1,2\n",
        b"\n\n,,\n",
    ],
)
def test_hostile_text_never_raises(content: bytes) -> None:
    found = read(content, text("Local ID,Given name,Team", "0999,Wren,Quill team"))
    assert "0999" in found.children


def test_a_list_of_annex_a_that_is_not_loaded_is_left_also_as_csv() -> None:
    found = read(
        text("Child Unique ID,Gender,Allocated Team,Allocated Worker,CIN Start Date", "1,M,T,W,")
    )
    assert [left.table for left in found.left] == ["Annex A list 6 (children in need)"]
    assert not found.children and not found.problems


def test_an_unknown_format_of_a_template_is_no_template() -> None:
    calls: list[Any] = [("tracker", "docx", ValueError), ("diary", "csv", KeyError)]
    for name, format_, error in calls:
        with pytest.raises(error):
            templates.example(name, format_)
