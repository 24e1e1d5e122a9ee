"""The record of planning meetings and the report to the panel: opened again and read in order."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml.document import CT_Body
from docx.oxml.ns import qn
from docx.oxml.styles import CT_Styles

from core.documents.panel_report import (
    ChildReport,
    NextDue,
    PanelReport,
    as_document,
    as_sheets,
)
from core.documents.planning_record import (
    ActionFact,
    CarriedFact,
    ConnectedFact,
    OptionFact,
    OutsideFact,
    PlanningFacts,
    StepFact,
    Whose,
    meeting_record,
    running_record,
)
from core.documents.spreadsheet import as_file

AT = datetime(2026, 11, 24, 13, 0)
HELD = date(2026, 11, 24)
WHOSE = Whose("Orlin Thistlewick", "0101", "4 May 2019")
HOSTILE = "R&D <b>bold</b> \x00\x0b\ud800end\n\nمرحبا بكم"
CARRIED = CarriedFact(
    "Ask the aunt", "Wilf Quill", date(2026, 10, 1), date(2026, 11, 1), 2, "late", "Rang twice"
)
FACTS = PlanningFacts(
    title="Permanence planning meeting (PPM)",
    procedure="PPM10: Permanence planning, edition June 2024 v3",
    held_on=HELD,
    starts_at=time(10, 30),
    place="Room 4",
    state="held",
    clauses=("PPM10-4",),
    aged="7",
    chair="Hester Chair",
    came=("Hester Chair, Team manager (in person)",),
    apologies=("Iro Reed",),
    not_invited=("Foster carers: they adopt another child that day",),
    advice=("Lex Law, The authority’s solicitor: by phone",),
    parents=(
        "Merrin (mother): sent apologies; views gained before, on 20 November 2026; "
        "told after, on 25 November 2026",
    ),
    papers=(("Care plan", "3 November 2026"), ("Court statements", "none")),
    views=("Merrin (mother): gained on 20 November 2026",),
    sections=(("Before the meeting", (("Progress", "The aunt was rung"),)),),
    carried=(CARRIED,),
    reunification="considered. The father moved away",
    options=(
        OptionFact("Adoption", "7 to 10 (PPM10-A.7to10.no)", "Ruled out", "He has an aunt"),
        OptionFact("SGO", "7 to 10 (PPM10-A.7to10.no)", "Supported", HOSTILE),
    ),
    words=("PPM10-A.7to10.no: the options of a child of 7 to 10",),
    connected=(ConnectedFact("Ada Reed", "aunt", HELD, date(2026, 11, 25), "She withdrew"),),
    primary="SGO",
    contingencies=("Long-term fostering",),
    steps=(
        StepFact("The primary plan", "Viability", "Wilf Quill", date(2026, 12, 8)),
        StepFact("The contingency plan", "Search", "", None),
    ),
    decisions=("The aunt is assessed", "Adoption is not pursued"),
    discussion=HOSTILE,
    rationale="He knows her",
    actions=(ActionFact("Hold the meeting", "Ivo Reed", date(2026, 12, 8), "open"),),
    next_meeting="2 February 2027 at 10:00",
    filed="since 25 November 2026, ticked by Wilf Quill",
    copies=("Iro Reed, The reviewing officer (IRO): in the app, 25 November 2026",),
)
OUTSIDE = OutsideFact(date(2026, 5, 2), "Planning meeting", "To be placed with his aunt")


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def said(document: Document) -> str:
    """Everything in it, in order, with the cells of its tables."""
    found = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            found.append(block.text)
    return "\n".join(found)


@pytest.mark.clause("PPM10-9")
def test_the_record_of_a_meeting_says_everything_in_order() -> None:
    document = opened(meeting_record(WHOSE, FACTS, AT))
    text = said(document)
    order = (
        "Orlin Thistlewick", "PPM10: Permanence planning, edition June 2024 v3 (PPM10-4)",
        "24 November 2026 at 10:30", "Room 4", "Chaired by: Hester Chair", "Sent apologies",
        "Not invited, and why", "Advice, and by which mode", "Parents", "told after, on 25",
        "Care plan: 3 November 2026", "Court statements: none", "Views",
        "Ask the aunt | Wilf Quill | 1 October 2026 | 1 November 2026 | 2 times | Late. Rang twice",
        "The aunt was rung", "Return to the parents: considered. The father moved away",
        "PPM10-A.7to10.no: the options", "Adoption | 7 to 10 (PPM10-A.7to10.no) | Ruled out",
        "Ada Reed | aunt | 24 November 2026 | 25 November 2026: She withdrew",
        "Primary plan: SGO", "Contingency: Long-term fostering",
        "The primary plan | Viability | Wilf Quill | 8 December 2026",
        "The contingency plan | Search | Not recorded | No day", "Discussion", "Analysis",
        "Decisions", "The aunt is assessed", "Hold the meeting | Ivo Reed | 8 December 2026 | Open",
        "Next meeting: 2 February 2027 at 10:00", "On the child’s file: since 25 November 2026",
        "Copy: Iro Reed",
    )  # fmt: skip
    at = 0
    for part in order:
        assert part in text[at:], part
        at = text.index(part, at)
    foot = document.sections[0].footer.paragraphs[0]
    assert "0101" in foot.text and "Orlin" not in foot.text
    fields = foot._p.findall(f".//{docx.oxml.ns.qn('w:fldSimple')}")
    assert [one.get(docx.oxml.ns.qn("w:instr")) for one in fields] == ["PAGE", "NUMPAGES"]


def test_what_is_not_recorded_is_said_to_be_so() -> None:
    bare = PlanningFacts("PPM", "PPM10", HELD, time(9, 0), "", "booked, not held yet")
    text = said(opened(meeting_record(WHOSE, bare, AT)))
    assert "Nobody is recorded as having come" in text and "None was open." in text
    assert "Primary plan: Not recorded" in text and "No option is recorded." in text
    unweighed = said(opened(meeting_record(WHOSE, replace(bare, weighs=False), AT)))
    assert "Options considered" not in unweighed and "Primary plan" not in unweighed


@pytest.mark.clause("PPM10-1")
def test_the_running_record_has_every_meeting_by_date_and_the_way_of_the_options() -> None:
    later = replace(FACTS, held_on=date(2027, 2, 2), primary="Adoption", options=(
        OptionFact("Adoption", "7 to 10", "Supported", "The aunt withdrew"),
    ))  # fmt: skip
    content = running_record(WHOSE, (OUTSIDE, FACTS, later), AT, as_at=date(2027, 2, 3))
    document = opened(content)
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads == [
        "The plan and the options, meeting by meeting",
        "Planning meeting of 2 May 2026",
        "Permanence planning meeting (PPM) of 24 November 2026",
        "Permanence planning meeting (PPM) of 2 February 2027",
    ]
    journey = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert journey[1] == ["24 November 2026", "Adoption", "Ruled out", "He has an aunt"]
    assert journey[3] == ["2 February 2027", "Adoption", "Supported", "The aunt withdrew"]
    text = said(document)
    assert "24 November 2026: primary plan: SGO; contingency: Long-term fostering" in text
    assert "Held outside this system." in text and "To be placed with his aunt" in text
    aunt = OptionFact("SGO", "", "Still considered", "The aunt is asked")
    told = opened(running_record(WHOSE, (replace(OUTSIDE, outcome="", options=(aunt,)),), AT,
                                 as_at=HELD))  # fmt: skip
    assert "What came of it: Not recorded" not in said(told)
    came = ["2 May 2026", "SGO", "Still considered", "The aunt is asked"]
    assert [cell.text for cell in told.tables[0].rows[1].cells] == came
    empty = said(opened(running_record(WHOSE, (), AT, as_at=HELD)))
    assert "No planning meeting is recorded yet." in empty


DUE = NextDue("Next PPM", date(2026, 11, 20), "10 weeks from the last", ("PPM10-3",), late=True)
REPORT = PanelReport(
    "Quill team",
    HELD,
    "Hester Chair",
    (
        ChildReport(
            "Orlin Thistlewick", "0101", "7", "Wilf Quill", "SGO", "Long-term fostering", "Agreed",
            options=("Adoption: ruled out. =cmd()",),
            last_on=date(2026, 9, 1), last="1 September 2026", decided=("The aunt is assessed",),
            booked_on=date(2026, 12, 3), next_meeting=DUE, actions=(CARRIED,),
            steps_late=("Viability (Wilf Quill), by 1 November 2026",),
            asked=("Permanence Panel of 3 December 2026 (booked): That the plan is agreed",),
        ),
        ChildReport("Wren Quillfeather", "0102", "not known", "", "", "", ""),
    ),
)  # fmt: skip


@pytest.mark.clause("PPM10-8")
def test_the_report_to_the_panel_as_document_and_spreadsheet() -> None:
    text = said(opened(as_document(REPORT, AT)))
    assert "Report to the tracking panel: Quill team" in text
    assert "LATE: Next PPM, by 20 November 2026: 10 weeks from the last (PPM10-3)" in text
    assert "booked for 3 December 2026" in text
    assert "Ask the aunt | Wilf Quill | 1 October 2026 | 1 November 2026 | 2 times" in text
    assert "Steps of plans late: 1" in text and "Outstanding actions past their day: 1" in text
    first, *more = as_sheets(REPORT)
    with as_file(first, "xlsx", more) as file:
        book = openpyxl.load_workbook(BytesIO(file.read()))
    assert book.sheetnames == ["Children", "Actions"]
    rows = list(book["Children"].iter_rows(values_only=True))
    assert rows[0][0] == "Report to the tracking panel: Quill team, as at 24 November 2026"
    heads, orlin = rows[2], dict(zip(rows[2], rows[3], strict=True))
    assert heads[0] == "Local id" and orlin["Local id"] == "0101"
    assert orlin["Next planning meeting due"].date() == date(2026, 11, 20)
    assert orlin["Late"] == "yes" and orlin["Most rolled"] == 2
    assert len(rows) == 5
    actions = list(book["Actions"].iter_rows(values_only=True))
    assert actions[3][:4] == ("0101", "Orlin Thistlewick", "Ask the aunt", "Wilf Quill")
    assert actions[3][6] == 2 and actions[3][8] == "Rang twice"


def test_how_often_the_library_looks_through_all_does_not_grow_with_the_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []

    def watch(of: type, name: str) -> None:
        whole = getattr(of, name)

        def noted(*given: object, **more: object) -> object:
            looked.append(name)
            return whole(*given, **more)

        monkeypatch.setattr(of, name, noted)

    watch(CT_Styles, "default_for")
    watch(CT_Styles, "get_by_name")
    watch(CT_Body, "_insert_p")
    as_document(REPORT, AT)
    few = len(looked)
    as_document(replace(REPORT, children=REPORT.children * 20), AT)
    assert few and len(looked) == 2 * few, looked


def test_every_style_of_a_document_is_one_that_it_has() -> None:
    document = opened(as_document(REPORT, AT))
    ids = {style.style_id for style in document.styles}
    used = {one.get(qn("w:val")) for tag in ("w:pStyle", "w:tblStyle")
            for one in document.element.iter(qn(tag))}  # fmt: skip
    assert {"Title", "Heading2", "ListBullet", "TableGrid"} <= used <= ids, used - ids
    assert document.element.body[-1].tag == qn("w:sectPr")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="there is no LibreOffice here")
def test_another_program_opens_them(tmp_path: Path) -> None:
    made = {
        "one.docx": meeting_record(WHOSE, FACTS, AT),
        "all.docx": running_record(WHOSE, (OUTSIDE, FACTS), AT, as_at=HELD),
        "report.docx": as_document(REPORT, AT),
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
         "--convert-to", "txt:Text", "--outdir", str(tmp_path), *made],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for name in made:
        text = (tmp_path / name).with_suffix(".txt").read_text(encoding="utf-8", errors="replace")
        assert "Orlin Thistlewick" in text and "Ask the aunt" in text, name
