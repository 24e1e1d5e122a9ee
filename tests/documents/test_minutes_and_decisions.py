"""Minutes and decision documents: reopened, and read in order."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

import plugins.bexley
from core.documents.decision_record import DecisionRecord, OutcomeFact, decision_record
from core.documents.minutes import (
    ActionFact,
    CarriedFact,
    CaseFact,
    DecisionFact,
    MinutesFacts,
    minutes,
)

BEXLEY = plugins.bexley.PROCEDURE
AT = datetime(2026, 11, 24, 13, 0)
HELD = date(2026, 11, 24)
HOSTILE = "R&D <b>bold</b> 😀\nnew line \x00\x0b\x1f\ufffe\ud800end\n\nمرحبا بكم"
SAFE = "R&D <b>bold</b> 😀\nnew line end"

RECORD = DecisionRecord(
    child="Orlin Thistlewick",
    worker="Wilf Quill",
    team="Quill team",
    outcomes=(
        OutcomeFact(
            "Refer to the adoption team to begin family finding",
            "decision",
            "Drift and delay",
            ("BEX-1.23.c",),
            "box-adoption",
        ),
        OutcomeFact(
            "More work with the family",
            "recommendation",
            "",
            ("BEX-1.23.g",),
            "",
            ("Action: Work with the family. Owner: Ivo Reed, by 8 December 2026",),
        ),
    ),
    agreed=("First further point", "Second & last point"),
    return_by=date(2026, 12, 10),
    returns_on=date(2026, 12, 3),
    rationale=HOSTILE,
    chair="Hester Chair",
    decided_on=HELD,
)

DECIDED = DecisionFact(
    HELD,
    RECORD.outcomes,
    RECORD.agreed,
    HOSTILE,
    "All of them spoke",
    (ActionFact("Hold the review", "Ivo Reed", date(2026, 12, 8)),),
    ("A referral was made.",),
    date(2026, 12, 10),
    date(2026, 12, 3),
)

MINUTES = MinutesFacts(
    body="Permanence Panel",
    held_on=HELD,
    place="Room 2",
    agenda=BEXLEY.bodies[0].agenda,
    chair="Hester Chair",
    leave="",
    present=(
        "Hester Chair, Head of Service",
        "Ivo Reed, Manager, adoption, substitute for Ann Fen",
    ),
    apologies=("Ann Fen, Manager, adoption",),
    statement=("The panel will proceed in a respectful manner.",),
    statement_read="The statement was read at 10:02.",
    previous=(
        CaseFact(
            ("Pim Thistlewick, aged 9",),
            why="Returns by 1 December 2026",
            settled="Nothing was recommended or decided of this case.",
        ),
    ),
    cases=(
        CaseFact(
            ("Orlin Thistlewick, aged 6",),
            sought=(("What is sought?", "Agree the plan"),),
            declarations=("Ivo Reed: I taught her brother",),
            decision=DECIDED,
        ),
    ),
    other_business="Biscuits",
    next_date="3 December 2026.",
    carried=(CarriedFact(("Una Thistlewick",), DECIDED),),
)


def part_b() -> bytes:
    return decision_record(BEXLEY.papers[0], BEXLEY.boxes, RECORD, AT)


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def said(content: bytes) -> list[str]:
    """Every text in the order of the document, the cells of tables among them."""
    body = opened(content).element.body
    return [
        docx.text.paragraph.Paragraph(p, None).text  # type: ignore[arg-type]
        for p in body.iter(qn("w:p"))
    ]


def in_order(texts: list[str], *wanted: str) -> bool:
    rest = iter(texts)
    return all(any(want in text for text in rest) for want in wanted)


@pytest.mark.clause("BEX-A.B")
def test_part_b_has_the_procedures_headings_boxes_and_every_answer_in_order() -> None:
    texts = said(part_b())
    assert in_order(
        texts,
        "Part B – To be completed by panel chair",
        "Permanence Panel Recommendations and Decisions",
        "Name of Child/ren: Orlin Thistlewick",
        "Name of Worker: Wilf Quill",
        "Team: Quill team",
        "The panel agreed that:",
        "Recommendation: More work with the family (BEX-1.23.g)",
        "First further point",
        "Second & last point",
        "☐ Care plan review meeting",
        "☒ Refer to ADM and adoption",
        "Decision, on the ground of drift and delay: Refer to the adoption team",
        "☐ Refer to LPM",
        "☐ Refer to Pause",
        "Return to panel by: 10 December 2026 (on the agenda of 3 December 2026)",
        "What is the rationale for the recommendations and decisions made:",
        SAFE,
        "مرحبا بكم",
        "Name of Chair",
        "Signature",
        "Hester Chair",
        "24 November 2026",
    )


@pytest.mark.clause("BEX-A.B.1")
def test_each_box_is_ticked_only_by_the_outcomes_that_bear_it() -> None:
    ticks = [t[2:] for t in said(part_b()) if t.startswith("☒")]
    empty = [t[2:] for t in said(part_b()) if t.startswith("☐")]
    assert ticks == ["Refer to ADM and adoption"]
    assert [*ticks, *empty] != [b.title for b in BEXLEY.boxes]
    assert {*ticks, *empty} == {b.title for b in BEXLEY.boxes}


@pytest.mark.clause("BEX-1.13")
@pytest.mark.clause("BEX-1.16")
@pytest.mark.clause("BEX-1.3")
def test_the_minutes_follow_the_eight_items_of_the_agenda() -> None:
    document = opened(minutes(MINUTES, AT))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [f"{n}. {item.title}" for n, item in enumerate(MINUTES.agenda, 1)]
    assert in_order(
        said(minutes(MINUTES, AT)),
        "Permanence Panel: minutes of 24 November 2026",
        "Chair: Hester Chair",
        "substitute for Ann Fen",
        "Ann Fen, Manager, adoption",
        "The panel will proceed in a respectful manner.",
        "The statement was read at 10:02.",
        "Una Thistlewick: decided on 24 November 2026",
        "Pim Thistlewick, aged 9",
        "Nothing was recommended or decided of this case.",
        "Orlin Thistlewick, aged 6",
        "What is sought? Agree the plan",
        "Declarations: Ivo Reed: I taught her brother",
        "All of them spoke",
        "Decision, on the ground of drift and delay",
        "First further point",
        SAFE,
        "Hold the review",
        "Onward: A referral was made.",
        "Returns: by 10 December 2026",
        "Biscuits",
        "3 December 2026.",
    )


@pytest.mark.parametrize("content", [part_b(), minutes(MINUTES, AT)], ids=["part-b", "minutes"])
def test_headings_begin_with_one_title_and_skip_no_level(content: bytes) -> None:
    levels = [
        0 if p.style.name == "Title" else int(p.style.name.rsplit(" ", 1)[1])
        for p in opened(content).paragraphs
        if p.style.name == "Title" or p.style.name.startswith("Heading ")
    ]
    assert levels.count(0) == 1
    assert levels[0] == 0
    assert all(after <= before + 1 for before, after in zip(levels[1:], levels[2:], strict=False))


@pytest.mark.parametrize("content", [part_b(), minutes(MINUTES, AT)], ids=["part-b", "minutes"])
def test_every_table_has_a_marked_head_and_the_language_is_british_english(content: bytes) -> None:
    document = opened(content)
    assert document.tables
    for table in document.tables:
        marked = table.rows[0]._tr.trPr.find(qn("w:tblHeader"))
        assert marked is not None and marked.get(qn("w:val")) == "true"
    languages = {found.get(qn("w:val")) for found in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    assert document.core_properties.language == "en-GB"
    assert document.core_properties.title


def test_lists_start_again_at_one_in_each_case() -> None:
    document = opened(minutes(MINUTES, AT))
    numbers = [
        p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"
    ]
    assert len(set(numbers)) == 2


def test_every_part_is_well_formed_whatever_was_typed() -> None:
    with zipfile.ZipFile(BytesIO(part_b())) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))


def test_a_decision_with_no_extras_says_so() -> None:
    bare = DecisionRecord("A B", "", "", (), (), None, None, "Because", "C D", HELD)
    texts = said(decision_record(BEXLEY.papers[0], BEXLEY.boxes, bare, AT))
    assert in_order(texts, "The panel agreed that:", "☐ Refer to Pause", "no date set", "Because")


@pytest.mark.parametrize(
    ("name", "content"), [("part-b", part_b()), ("minutes", minutes(MINUTES, AT))]
)
def test_libreoffice_converts_the_document(tmp_path: Path, name: str, content: bytes) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: the conversion is not tried")
    (tmp_path / f"{name}.docx").write_bytes(content)
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / f"{name}.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / f"{name}.pdf").read_bytes()[:4] == b"%PDF"
