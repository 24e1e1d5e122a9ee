"""A few made-up papers: of children, of the next panel's cases and of a meeting, also as links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO

from fpdf import FPDF

from core.documents import word
from core.documents.scanning import scanner_of
from core.domain.paper import Of
from core.registry import Registry
from core.settings import Settings
from core.store import accounts, cases, items, meeting_days, meetings, returns
from core.store.database import db
from core.store.scope import Scope
from core.usecases import filing
from core.usecases.filing import Described, Place
from demo.children import MadeUpChild

SEARCHED = 8
CASE_SYSTEM = "https://case-system.example/papers"


def put(
    settings: Settings,
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    children: Iterable[MadeUpChild],
    today: date,
) -> None:
    """File papers for the first few children who are in care, as their own social workers."""
    place = Place(settings.paper_folder, settings.paper_most_bytes, scanner_of(settings.scanner))
    known = returns.known_children(scope)
    db.session.rollback()
    on = today - timedelta(days=20)
    at = datetime.combine(on, time(14, 30))
    chosen = [child for child in children if child.episodes][:SEARCHED]
    for child in chosen:
        owner = known[child.local_id].public_id
        hand = accounts.scope_of(scope, people[child.social_worker], today)
        db.session.rollback()
        report = [("Social work statement.docx", BytesIO(_statement(child, on, at)))]
        [paper] = filing.add_papers(
            hand, registry, Of.CHILD, owner, Described(dated=on), report, "", place, at
        )
        link = f"{CASE_SYSTEM}/{child.local_id}/genogram"
        filing.add_papers(
            hand, registry, Of.CHILD, owner, Described("Genogram", on), [], link, place, at
        )
        if child is chosen[0]:
            later = at + timedelta(days=6)
            again = [("Social work statement, final.docx", BytesIO(_statement(child, on, later)))]
            filing.add_version(hand, registry, paper, again, "", place, later)
    _of_a_meeting(scope, registry, people, today, place)


def _of_a_meeting(
    scope: Scope, registry: Registry, people: Mapping[str, int], today: date, place: Place
) -> None:
    """A note for those who sit in the next meeting."""
    coming = next(iter(meeting_days.upcoming(scope, 1)), None)
    email = next((e for e in people if e.startswith("panel.administrator@")), None)
    if coming is None or email is None:
        return
    hand = accounts.scope_of(scope, people[email], today)
    db.session.rollback()
    note = b"The room is on the third floor. Sign in at the desk; there is parking behind.\n"
    at = datetime.combine(today - timedelta(days=3), time(9, 15))
    named = [("Joining note.txt", BytesIO(note))]
    filing.add_papers(
        hand, registry, Of.MEETING, coming.public_id, Described(), named, "", place, at
    )
    _of_cases(hand, registry, coming.public_id, today, place)


def _of_cases(
    hand: Scope, registry: Registry, meeting_public_id: str, today: date, place: Place
) -> None:
    """A report and a chronology of each case of the next meeting, as its pack has them."""
    meeting = meetings.find(hand, meeting_public_id)
    booked = items.of_meeting(hand, meeting.id) if meeting is not None else []
    whose = {
        item.case_public_id: ", ".join(c.name for c in cases.children_of(hand, item.case_id))
        for item in booked
    }
    db.session.rollback()
    dated = today - timedelta(days=6)
    at = datetime.combine(today - timedelta(days=1), time(15, 20))
    for case, names in whose.items():
        for title, content in (
            ("Social work report.docx", _report(names, dated, at)),
            ("Chronology.pdf", _chronology(names, dated)),
        ):
            filing.add_papers(
                hand, registry, Of.CASE, case, Described(dated=dated),
                [(title, BytesIO(content))], "", place, at,
            )  # fmt: skip


def _report(names: str, on: date, at: datetime) -> bytes:
    document = word.begin("Social work report", at)
    document.add_heading("Who this is about", 1)
    document.add_paragraph(names)
    document.add_heading("What we are worried about", 1)
    document.add_paragraph(
        "The plan has waited for an assessment. Everybody in this report is made up, and so is "
        "what happened."
    )
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Who", "What they say"
    for who, said in (("The child", "I want to know where I will live."), ("The carer", "Stay.")):
        row = table.add_row()
        row.cells[0].text, row.cells[1].text = who, said
    document.add_paragraph(f"Written on {on:%d/%m/%Y}.")
    return word.done(document)


def _chronology(names: str, on: date) -> bytes:
    """Two pages as another program prints them."""
    made = FPDF()
    made.set_font("helvetica", "", 12)
    for page, said in enumerate(("Before the child came into care", "Since"), 1):
        made.add_page()
        made.multi_cell(0, 8, f"Chronology, page {page} of 2\n{said}\nMade up, on {on:%d/%m/%Y}")
    made.set_title(f"Chronology of {names}")
    return bytes(made.output())


def _statement(child: MadeUpChild, on: date, at: datetime) -> bytes:
    document = word.begin("Social work statement", at)
    document.add_heading("Who this is about", 1)
    document.add_paragraph(f"{child.given_name} {child.family_name} ({child.local_id})")
    document.add_heading("What has happened", 1)
    document.add_paragraph(
        f"Seen at home on {on:%d/%m/%Y}. Everybody in this statement is made up."
    )
    return word.done(document)
