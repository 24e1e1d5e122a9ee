"""A meeting's pack: who reads it, what is unread, private questions, one document, withdrawals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.packed import pdf, texts
from builders.queries import counted
from builders.sitting import book, sit
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from core.store.database import db, writing
from core.store.tables import (
    AuditRow,
    Booking,
    Child,
    Meeting,
    Message,
    MinutesIssue,
    PanelCase,
    Question,
    Withdrawal,
)
from core.web.pack import _address_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HELD = date(2026, 12, 3)
WHEN = datetime(2026, 11, 23, 12, 0)
SOUGHT = "Whether to begin special guardianship"
READERS = ("panel.member", "panel.chair", "panel.administrator")


def add(house: House, address: str, title: str, content: bytes) -> str:
    """A paper added by the social worker, or by the administrator to a meeting; its public id."""
    client = house.client("panel.administrator")
    sent = {"files": [(BytesIO(content), f"{title}.pdf")], "title": title}
    assert client.post(address, data=sent, content_type="multipart/form-data").status_code == 303
    page = client.get(address).text
    found = re.search(rf'/papers/(\w+)"[^>]*>{title}<', page)
    assert found, page
    return found[1]


@pytest.fixture
def panel(house: House) -> SimpleNamespace:
    """A circulated meeting with two cases; of the first there are a form and two papers."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    meeting_id, meeting = house.meeting(HELD, circulated=True)
    orlin_id, orlin = house.child()
    other_id, other = house.child("0102", "Ysolde", "Marrowbeck", born=date(2015, 6, 1))
    item, case_id = book(house, meeting_id, (orlin_id,), answers={"sought": SOUGHT})
    second, _ = book(house, meeting_id, (other_id,), position=2)
    case = db.session.execute(
        sa.select(PanelCase.public_id).where(PanelCase.id == case_id)
    ).scalar_one()
    db.session.rollback()
    return SimpleNamespace(
        house=house,
        meeting_id=meeting_id,
        address=f"/meetings/{meeting}/pack",
        meeting=f"/meetings/{meeting}",
        item=item,
        second=second,
        case=case,
        orlin=orlin,
        report=add(house, f"/cases/{case}/papers", "Court report", pdf("Court report")),
        letter=add(house, f"/children/{orlin}/papers", "School letter", pdf("School letter")),
        note=add(house, f"/meetings/{meeting}/papers", "Joining note", pdf("Joining note")),
    )


def mark(panel: SimpleNamespace, client: FlaskClient, **sent: str) -> TestResponse:
    return client.post(f"{panel.address}/read", data=sent)


def change(panel: SimpleNamespace, **values: object) -> None:
    with writing():
        where = Meeting.id == panel.meeting_id
        db.session.execute(sa.update(Meeting).where(where).values(**values))


def audited(did: str) -> list[AuditRow]:
    found = list(db.session.scalars(sa.select(AuditRow).where(AuditRow.did == did)))
    db.session.expunge_all()
    db.session.rollback()
    return found


def ask(panel: SimpleNamespace, client: FlaskClient, text: str, **sent: str) -> TestResponse:
    key = sent.get("question", panel.item)
    data = {"item": panel.item, f"text-{key}": text, **sent}
    return client.post(f"{panel.address}/questions", data=data)


def out_of(panel: SimpleNamespace, role: str) -> None:
    """Have somebody withdraw from the first item."""
    booking = sa.select(Booking.id).where(Booking.public_id == panel.item).scalar_subquery()
    with writing():
        db.session.execute(
            sa.insert(Withdrawal).values(
                authority_id=panel.house.authority_id,
                booking_id=booking,
                account_id=panel.house.accounts[role],
                name=role,
                withdrew_at=WHEN,
            )
        )


@pytest.mark.clause("BEX-1.7")
def test_a_member_reads_the_agenda_and_its_papers_in_order_and_what_is_unread(
    panel: SimpleNamespace,
) -> None:
    client = panel.house.client("panel.member")
    page = client.get(panel.address).text
    assert "0 of 5 read" in page and "BEX-1.7" in page
    order = ["Statement of conduct", "Case 1: Orlin Thistlewick", SOUGHT, "Court report"]
    order += ["School letter", "Case 2: Ysolde Marrowbeck", "Next date", "Joining note"]
    at = [page.rindex(words) for words in order]
    assert at == sorted(at), list(zip(order, at, strict=True))
    found = re.search(r'href="(/paper-versions/\w+)">Court report', page)
    assert found
    assert client.get(found[1]).data.startswith(b"%PDF")  # taking it marks it as read
    assert "1 of 5 read" in client.get(panel.address).text
    assert client.get(f"/cases/{panel.case}").status_code == 200  # and so does opening the form
    assert "2 of 5 read" in client.get(panel.address).text
    assert mark(panel, client, paper=panel.letter).location.endswith(f"#paper-{panel.letter}")
    assert "3 of 5 read" in client.get(panel.address).text
    mark(panel, client, paper=panel.report, read="no")
    mark(panel, client, item=panel.item, read="no")
    assert "1 of 5 read" in client.get(panel.address).text
    assert "0 of 5 read" in panel.house.client("panel.chair").get(panel.address).text
    mark(panel, client, every="yes")
    page = client.get(panel.address).text
    assert "5 of 5 read" in page and "Mark all as read" not in page
    assert "Read the pack" not in client.get("/").text
    new = {"files": [(BytesIO(pdf("Again")), "Again.pdf")]}
    panel.house.client("panel.administrator").post(
        f"/papers/{panel.report}/versions", data=new, content_type="multipart/form-data"
    )
    page = client.get(panel.address).text
    assert "4 of 5 read" in page and "New version since you read it" in page
    home = client.get("/").text
    assert "Read the pack for the Permanence Panel of 3 December 2026" in home
    assert "1 paper unread, 1 of them changed since you read it" in home
    listed = [row for row in audited("look") if "pack" in str((row.after or {}).get("list"))]
    assert listed and panel.orlin in str(listed[0].after)
    assert mark(panel, client, paper="no-such-paper").status_code == 422


def test_what_is_unread_ends_with_a_full_stop_before_its_clauses(panel: SimpleNamespace) -> None:
    home = " ".join(panel.house.client("panel.member").get("/").text.split())
    assert '0 of 5 read. <span class="app-why">Why?' in home


def test_the_minutes_of_the_meeting_before_are_read_or_unread_too(panel: SimpleNamespace) -> None:
    house = panel.house
    before_id, before = house.meeting(date(2026, 11, 5), state="closed", circulated=True)
    client, runs = house.client("panel.member"), house.client("panel.administrator")
    page = client.get(panel.address).text
    assert "0 of 6 read" in page and 'id="minutes"' in page
    assert mark(panel, client, minutes="yes").location.endswith("#minutes")
    assert "1 of 6 read" in client.get(panel.address).text
    mark(panel, client, minutes="yes", read="no")
    assert "0 of 6 read" in client.get(panel.address).text
    assert client.get(f"/meetings/{before}/minutes").status_code == 200  # taking them marks them
    assert "1 of 6 read" in client.get(panel.address).text
    mark(panel, client, every="yes")
    assert "6 of 6 read" in client.get(panel.address).text
    assert "0 of 6 read" in runs.get(panel.address).text
    mark(panel, runs, minutes="yes")
    with writing():
        ratified = {"ratified_at": WHEN, "ratified_by": house.accounts["panel.chair"]}
        db.session.execute(sa.update(Meeting).where(Meeting.id == before_id).values(**ratified))
        issue = {"authority_id": house.authority_id, "meeting_id": before_id, "number": 2}
        at = WHEN + timedelta(days=1)
        db.session.execute(sa.insert(MinutesIssue).values(**issue, issued_at=at))
    page = runs.get(panel.address).text
    assert "0 of 6 read" in page and "New version since you read it" in page
    page = client.get(panel.address).text  # once ratified they are not a member's to read
    assert "5 of 5 read" in page and "not yours to read any more" in page
    assert mark(panel, client, minutes="yes").status_code == 422


def test_the_pack_is_for_who_sits_once_circulated_and_for_who_runs_it(
    panel: SimpleNamespace,
) -> None:
    def seen() -> set[str]:
        roles = ("panel.member", "fostering", "panel.chair", "panel.administrator", "inspector")
        roles += ("social.worker", "deputy.director", "kinship", "authority.administrator")
        return {r for r in roles if panel.house.client(r).get(panel.address).status_code == 200}

    assert seen() == {*READERS}
    change(panel, circulated_at=None)
    assert seen() == {"panel.chair", "panel.administrator"}
    assert panel.house.client("panel.member").get(f"{panel.address}/document").status_code == 404
    change(panel, circulated_at=WHEN, state="closed", ratified_at=WHEN)
    assert seen() == {"panel.chair", "panel.administrator"}


def test_an_item_from_which_one_withdrew_and_a_closed_child_are_not_in_it(
    panel: SimpleNamespace,
) -> None:
    out_of(panel, "panel.member")
    client = panel.house.client("panel.member")
    page = client.get(panel.address).text
    assert "Orlin" not in page and "Court report" not in page and "Ysolde" in page
    assert "Joining note" not in page  # a paper of the whole meeting can leave no item out
    assert ask(panel, client, "May I?").status_code == 422
    with writing():
        values = {"closed_to": "sealed"}
        db.session.execute(sa.update(Child).where(Child.local_id == "0102").values(**values))
    assert "Ysolde" not in client.get(panel.address).text


@pytest.mark.clause("BEX-1.7")
def test_questions_are_ones_own_until_the_meeting_opens(panel: SimpleNamespace) -> None:
    member = panel.house.client("panel.member")
    chair, admin = (panel.house.client(r) for r in ("panel.chair", "panel.administrator"))
    assert ask(panel, member, "").status_code == 422
    assert ask(panel, member, "Who minds the cat?").status_code == 303
    assert ask(panel, member, "Only for me", **{f"private-{panel.item}": "yes"}).status_code == 303
    page = member.get(panel.address).text
    assert "Who minds the cat?" in page and "Only for me" in page
    inspector = panel.house.client("inspector")
    for client in (chair, admin, inspector):
        for address in (panel.address, f"/items/{panel.item}", "/audit"):
            assert "the cat" not in client.get(address).text
    assert all("cat" not in str(row.after) for row in audited("note question"))
    first = re.findall(r'name="question" value="(\w+)"', page)[0]
    sent = {"question": first, "version": "1"}
    assert ask(panel, member, "Who minds the dog?", **sent).status_code == 303
    moved = ask(panel, member, "Who minds the goat?", **sent)  # of another window, still at 1
    assert moved.status_code == 422
    assert "the dog?" in moved.text and "the goat?" in moved.text
    assert ask(panel, chair, "Mine", **sent).status_code == 422  # nobody changes another's
    assert "the dog?" in member.get(panel.address).text
    change(panel, state="open")
    refused = ask(panel, member, "Too late?")
    assert refused.status_code == 422 and "Too late?" in refused.text
    refused = ask(panel, member, "Who minds the hare?", **sent)
    assert refused.status_code == 422 and "Who minds the hare?" in refused.text
    for client in (chair, admin, panel.house.client("panel.member")):
        page = client.get(f"/items/{panel.item}").text
        assert "Who minds the dog?" in page and "Only for me" not in page
    assert "the dog" not in panel.house.client("social.worker").get(f"/items/{panel.item}").text
    out_of(panel, "panel.member")
    assert "the dog" not in chair.get(f"/items/{panel.item}").text


def test_a_question_pressed_twice_is_noted_once(panel: SimpleNamespace) -> None:
    member = panel.house.client("panel.member")
    for text in ("Who minds the cat?", "Who minds the cat?", "Who minds the dog?"):
        ask(panel, member, text)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 2


def test_a_question_is_deleted_by_who_noted_it_until_the_meeting(panel: SimpleNamespace) -> None:
    member = panel.house.client("panel.member")
    ask(panel, member, "Who minds the cat?")
    found = re.search(r'name="question" value="(\w+)"', member.get(panel.address).text)
    assert found
    sent = {"item": panel.item, "question": found[1], "version": "1"}
    address = f"{panel.address}/questions/delete"
    assert panel.house.client("panel.chair").post(address, data=sent).status_code == 422
    change(panel, state="open")
    assert member.post(address, data=sent).status_code == 422
    change(panel, state="planned")
    ask(panel, member, "Who minds the dog?", question=found[1], version="1")
    moved = member.post(address, data=sent)  # of another window, where it is still the cat
    assert moved.status_code == 422
    assert "changed in another window" in moved.text and "the dog?" in moved.text
    sent["version"] = "2"
    assert member.post(address, data=sent).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0
    gone = ask(panel, member, "Who minds the goat?", question=found[1], version="1")
    assert gone.status_code == 422 and "Who minds the goat?" in gone.text


def test_one_document_with_the_readers_name_and_what_they_may_see(panel: SimpleNamespace) -> None:
    client = panel.house.client("panel.member")
    answer = client.get(f"{panel.address}/document")
    assert answer.status_code == 200, answer.text
    assert "pack-2026-12-03.pdf" in answer.headers["Content-Disposition"]
    said = texts(answer.data)
    whole = "\n".join(said)
    for words in ("Orlin Thistlewick", SOUGHT, "Court report 1", "Joining note 1", "Ysolde"):
        assert words in whole
    assert all("Panel Member Of Bexley" in page for page in said)
    [first] = [page for page in said[2:] if "Case 1: Orlin Thistlewick" in page]
    assert "Case presentations" in first and "Permanence Panel Referral" in first
    assert "Ysolde" not in first and "Purpose of panel" not in first
    outline: Any = PdfReader(BytesIO(answer.data)).outline
    [under] = [one for one in outline if isinstance(one, list) and "Case 1" in one[0].title]
    assert [one.title for one in under if not isinstance(one, list)] == [
        "Case 1: Orlin Thistlewick",
        "Case 2: Ysolde Marrowbeck",
    ]
    assert "Court report" in [one.title for one in under[1]]
    [row] = audited("take pack")
    assert set((row.after or {})["papers"]) == {panel.report, panel.letter, panel.note}
    assert "0 of 5 read" in client.get(panel.address).text
    out_of(panel, "panel.member")
    whole = "\n".join(texts(client.get(f"{panel.address}/document").data))
    assert "Orlin" not in whole and "Court report" not in whole and "Ysolde" in whole


@pytest.mark.parametrize("public", ["", "https://service.example/panels"])
def test_a_paper_is_opened_at_the_public_address_where_one_is_set(
    panel: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    app = panel.house.app
    parts = app.extensions["permanence"]
    settings = replace(parts.settings, public_url=public)
    monkeypatch.setitem(app.extensions, "permanence", replace(parts, settings=settings))
    inside = {"base_url": "http://inside:8000", "environ_overrides": {"SCRIPT_NAME": "/panels"}}
    with app.test_request_context("/", **inside):
        address = _address_of("abc")
    assert address == f"{public or 'http://inside:8000/panels'}/paper-versions/abc"


def test_a_paper_withdrawn_after_circulation_is_gone_and_who_had_it_is_told(
    panel: SimpleNamespace,
) -> None:
    member = panel.house.client("panel.member")
    admin = panel.house.client("panel.administrator")
    wrong = add(panel.house, f"/cases/{panel.case}/papers", "Zebedee", pdf("About Zebedee"))
    assert b"%PDF" in member.get(f"{panel.address}/document").data
    sent = {"version": "1", "why": "It is about Zebedee Quick", "told": "wrong-case"}
    answer = admin.post(f"/papers/{wrong}/take-out", data=sent)
    assert answer.status_code == 303
    told = list(db.session.scalars(sa.select(Message)))
    assert [one.account_id for one in told] == [panel.house.accounts["panel.member"]]
    assert "of the meeting of 3 December 2026 was withdrawn: delete your copy" in told[0].subject
    assert f"\n{panel.address}" in told[0].body
    db.session.rollback()
    page = member.get(panel.address).text
    assert "Zebedee" not in page
    on = "A paper was withdrawn on 23 November 2026: it was put on the wrong case"
    assert on in page
    assert "Zebedee" not in "".join(str(one.subject) + one.body for one in told)
    whole = "\n".join(texts(member.get(f"{panel.address}/document").data))
    assert "Zebedee" not in whole and "A paper was withdrawn" in whole
    shown = admin.get(f"/papers/{wrong}").text
    assert "Who had this paper" in shown and "Panel Member Of Bexley" in shown
    assert admin.post(f"/papers/{wrong}/take-out", data={**sent, "told": "x"}).status_code == 422


def test_a_paper_is_of_no_meeting_that_was_over_when_it_came_and_a_closed_pack_has_no_link(
    panel: SimpleNamespace,
) -> None:
    admin, worker = panel.house.client("panel.administrator"), panel.house.client("social.worker")

    def withdrawn(paper: str) -> list[tuple[str, str]]:
        version = re.search(r"/paper-versions/\w+", worker.get(f"/papers/{paper}").text)
        assert version and worker.get(version[0]).status_code == 200
        sent = {"version": "1", "why": "Of somebody else", "told": "wrong-case"}
        assert admin.post(f"/papers/{paper}/take-out", data=sent).status_code == 303
        rows = db.session.execute(sa.select(Message.subject, Message.body)).all()
        db.session.rollback()
        return [(row.subject, row.body) for row in rows]

    change(panel, state="closed", ratified_at=datetime(2026, 11, 20, 9, 0))
    later = add(panel.house, f"/cases/{panel.case}/papers", "Of the next panel", pdf("Later"))
    assert withdrawn(later) == []
    change(panel, ratified_at=datetime(2026, 12, 10, 9, 0))
    [(subject, body)] = withdrawn(panel.report)
    assert "3 December 2026 was withdrawn: delete your copy" in subject
    assert body.endswith("a pack that you downloaded.") and "/meetings/" not in body


def test_the_page_takes_as_many_queries_with_many_papers(panel: SimpleNamespace) -> None:
    client = panel.house.client("panel.member")
    few = counted(lambda: client.get(panel.address))
    for number in range(4):
        child_id, child = panel.house.child(f"02{number}", f"Child{number}")
        book(panel.house, panel.meeting_id, (child_id,), position=3 + number)
        add(panel.house, f"/children/{child}/papers", f"Paper {number}", pdf())
    assert counted(lambda: client.get(panel.address)) == few


def test_a_substitute_reads_the_pack_of_their_one_meeting(panel: SimpleNamespace) -> None:
    client = panel.house.client("kinship")
    assert client.get(panel.address).status_code == 404
    sit(panel.house, panel.meeting_id)
    from core.store.tables import Attendance

    with writing():
        values = {"account_id": panel.house.accounts["kinship"], "substitute": True}
        where = Attendance.post_code == "fostering"
        db.session.execute(sa.update(Attendance).where(where).values(**values))
    assert client.get(panel.address).status_code == 200
