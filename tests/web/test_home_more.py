"""What needs me: one's own is found behind what is another's, and counted where it is cut."""

from __future__ import annotations

import html as markup
import re
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from builders.agenda import AT, book, case, decide
from builders.house import BODY, SINCE, House
from builders.queries import counted

from core.store import paging, waiting
from core.store.database import db, writing
from core.store.tables import (
    Account,
    Action,
    Attendance,
    ImportRun,
    Meeting,
    Paper,
    PaperVersion,
    PostHolder,
)
from core.usecases.authority import hold_post

OTHER = "other.chair"
FIRST = date(2026, 6, 1)
GONE = date(2026, 11, 19)


def page(house: House, role: str, address: str = "/") -> str:
    answer = house.client(role).get(address)
    assert answer.status_code == 200, address
    return " ".join(markup.unescape(answer.text).split())


def lines(html: str) -> list[str]:
    found = re.findall(r'<h\d class="app-need__what">(.*?)</h\d>', html, re.S)
    return [" ".join(words.split()) for words in found]


def kinds(html: str) -> dict[str, str]:
    """The kinds that the page offers, each with the number beside it."""
    found = re.findall(r'>([A-Z][\w -]+) <span class="app-kinds__count">([^<]+)</span></a>', html)
    return dict(found)


def others_meetings(house: House, count: int, **values: object) -> list[int]:
    """Meetings of a panel with the same codes under another procedure, the earliest there are."""
    each = [
        {
            "authority_id": house.authority_id,
            "procedure_code": "TOY",
            "procedure_edition": "",
            "body_code": BODY,
            "held_on": FIRST + timedelta(days=number),
            "starts_at": time(10, 0),
            **values,
        }
        for number in range(count)
    ]
    with writing():
        made = db.session.scalars(sa.insert(Meeting).returning(Meeting.id), each)
        return list(made)


def actions(house: House, decision_id: int, case_id: int, count: int, **values: object) -> None:
    """So many actions, each due a day after the one before."""
    with writing():
        db.session.execute(
            sa.insert(Action),
            [
                {
                    "authority_id": house.authority_id,
                    "decision_id": decision_id,
                    "case_id": case_id,
                    "kind": "asked",
                    "what": f"Ring the aunt {number}",
                    "owner_id": house.accounts["adoption"],
                    "owner_name": "Adoption",
                    "done_means": "She was rung",
                    "due": GONE + timedelta(days=number),
                    "first_due": GONE + timedelta(days=number),
                    **values,
                }
                for number in range(count)
            ],
        )


def decided(house: House, meeting_id: int, child_id: int) -> tuple[int, int]:
    """A case heard at a meeting: the ids of its decision and of the case."""
    case_id, _ = case(house, child_id, meeting_id, "heard")
    booking_id, _ = book(house, meeting_id, case_id, state="heard")
    return decide(house, meeting_id, case_id, booking_id, GONE), case_id


@pytest.fixture
def house(house: House) -> House:
    """Beside the panel's chair, one of another procedure's panel: with the same codes."""
    account = house.account("panel.chair", f"{OTHER}@bexley.example")
    hold_post(house.whole, account, "TOY", BODY, "chair", AT, since=SINCE)
    return house


def test_a_chair_has_their_minutes_behind_fifty_meetings_of_another_body(house: House) -> None:
    others_meetings(house, 60, state="closed")
    house.meeting(GONE, "closed")
    own = "Ratify the minutes of the Permanence Panel of 19 November 2026"
    assert own in lines(page(house, "panel.chair"))
    html = page(house, OTHER)
    assert own not in lines(html) and len(lines(html)) == 50
    assert "60 things need you. 50 are shown" in html
    assert "10 more meetings have minutes to ratify" in html and 'href="/meetings"' in html


def test_a_chair_has_the_meeting_to_close_behind_fifty_of_another_body(house: House) -> None:
    others_meetings(house, 51, state="planned")
    house.meeting(GONE, "open")
    assert "Close the Permanence Panel of 19 November 2026" in lines(page(house, "panel.chair"))
    assert "1 more meeting is to be closed" in page(house, OTHER)
    assert "2 more meetings are to be closed" in page(house, "panel.administrator")


def test_a_meeting_on_hold_is_found_behind_others_with_apologies(house: House) -> None:
    for number in range(7):
        meeting_id, _ = house.meeting(house.today + timedelta(days=number))
        away(house, meeting_id, "legal")
        away(house, meeting_id, "chair")
    last = house.today + timedelta(days=9)
    meeting_id, _ = house.meeting(last)
    away(house, meeting_id, "chair")
    away(house, meeting_id, "vice-chair")
    for role in ("deputy.director", "adoption"):
        held_up = [line for line in lines(page(house, role)) if "on hold" in line]
        assert held_up == ["The Permanence Panel of 2 December 2026 is on hold"], role
    client = house.client("deputy.director")
    assert counted(lambda: client.get("/")) <= 30


def test_meetings_that_only_may_be_on_hold_are_said_and_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST", 4)
    for number in range(7):
        meeting_id, _ = house.meeting(house.today + timedelta(days=number))
        away(house, meeting_id, "chair")
        if number == 0:
            away(house, meeting_id, "vice-chair")
    html = page(house, "deputy.director")
    assert [line for line in lines(html) if "on hold" in line] == [
        "The Permanence Panel of 23 November 2026 is on hold"
    ]
    assert "3 more meetings may be on hold" in html
    assert kinds(html).get("Meetings", "1") == "1" and "1 thing needs you" in html


def away(house: House, meeting_id: int, post: str) -> None:
    held_by = sa.select(PostHolder.account_id).where(
        PostHolder.authority_id == house.authority_id,
        PostHolder.procedure_code == house.code,
        PostHolder.post_code == post,
    )
    with writing():
        db.session.execute(
            sa.insert(Attendance).values(
                authority_id=house.authority_id,
                meeting_id=meeting_id,
                post_code=post,
                account_id=db.session.scalar(held_by),
                name="Somebody",
                state="apologies",
            )
        )


def test_who_may_not_sit_in_the_chair_keeps_no_meeting_from_being_on_hold(house: House) -> None:
    """The vice-chair's grade does not let them chair: they are expected, and it is on hold."""
    meeting_id, _ = house.meeting()
    away(house, meeting_id, "chair")
    line = "The Permanence Panel of 3 December 2026 is on hold"
    assert line not in lines(page(house, "deputy.director"))
    with writing():
        vice = sa.update(PostHolder).where(PostHolder.post_code == "vice-chair")
        db.session.execute(vice.values(grade="practitioner"))
        holder = Account.id == house.accounts["head.of.service"]
        db.session.execute(sa.update(Account).where(holder).values(grade="practitioner"))
    assert line in lines(page(house, "deputy.director"))


def test_what_is_over_and_to_be_accepted_by_others_hides_nothing_of_ones_own(house: House) -> None:
    far, _ = house.child("0901", "Sable", worker=None, iro=None, team="Far team")
    near, _ = house.child("0902", "Perrin")
    (other,) = others_meetings(house, 1, state="closed", ratified_at=AT)
    own, _ = house.meeting(GONE, "closed")
    with writing():
        db.session.execute(sa.update(Meeting).values(ratified_at=AT))
    waits = {"done_on": GONE, "said_by": house.accounts["adoption"], "done_words": "Rung"}
    actions(house, *decided(house, other, far), 55, **waits)
    last = {**waits, "done_on": GONE + timedelta(days=1), "what": "Ask the school"}
    actions(house, *decided(house, own, near), 1, **last)
    line = "Accept or send back: Ask the school: Perrin Thistlewick"
    assert lines(page(house, "panel.chair")) == [line]
    assert lines(page(house, "team.manager")) == [line]
    html = page(house, "panel.administrator", "/?kind=actions")
    assert len(lines(html)) == 50 and "6 more actions wait to be accepted" in html
    assert 'href="/actions?whose=all&show=said"' in html
    with writing():
        said = sa.update(Action).where(Action.what == "Ask the school")
        db.session.execute(said.values(said_by=house.accounts["team.manager"]))
    assert lines(page(house, "team.manager")) == []


def test_a_chair_has_what_keeps_their_minutes_behind_fifty_meetings_of_another(
    house: House,
) -> None:
    child_id, _ = house.child()
    for other in others_meetings(house, 51, state="closed"):
        actions(house, *decided(house, other, child_id), 1, done_means="")
    own, _ = house.meeting(GONE, "closed")
    actions(house, *decided(house, own, child_id), 2, done_means=" \n")
    line = "Complete 2 actions of the Permanence Panel of 19 November 2026"
    own_lines = lines(page(house, "panel.chair", "/?kind=actions"))
    assert [one for one in own_lines if one.startswith("Complete")] == [line]
    assert "1 more meeting has actions to complete" in page(house, OTHER, "/?kind=actions")
    html = page(house, "panel.administrator", "/?kind=actions")
    assert "2 more meetings have actions to complete" in html


def test_own_actions_beyond_the_first_are_counted_and_all_of_them_are_one_link_away(
    house: House,
) -> None:
    meeting_id, _ = house.meeting(GONE, "closed")
    child_id, _ = house.child()
    actions(house, *decided(house, meeting_id, child_id), 53)
    html = page(house, "adoption")
    assert len(lines(html)) == 50 and "53 things need you. 50 are shown" in html
    assert "3 more actions are still to do" in html and 'href="/actions"' in html
    assert "53 actions" in page(house, "adoption", "/actions")


def test_the_number_beside_a_kind_is_how_many_there_are(house: House) -> None:
    with writing():
        ready = {"authority_id": house.authority_id, "state": "ready", "counts": {}}
        each = [{**ready, "asked_at": AT, "changed_at": AT, "year": 2026} for _ in range(52)]
        db.session.execute(sa.insert(ImportRun), each)
    house.meeting(GONE, "open")
    html = page(house, "panel.administrator")
    assert kinds(html) == {"Meetings": "1", "Imports": "52"}
    assert "2 more imports wait" in html and 'href="/imports"' in html
    assert "53 things need you. 51 are shown" in html
    assert "52 things need you: imports" in page(house, "panel.administrator", "/?kind=imports")


def test_all_that_is_not_in_for_a_meeting_is_counted_and_the_first_are_named(house: House) -> None:
    first, _ = house.meeting(date(2026, 12, 3))
    second, _ = house.meeting(date(2026, 12, 17))
    for number in range(53):
        child_id, _ = house.child(f"05{number:02}", f"Ada{number}", "Quillfeather")
        case(house, child_id, first, "draft")
    child_id, _ = house.child("0601", "Bryn", "Quillfeather")
    case(house, child_id, second, "returned")
    case(house, child_id, second, "submitted")
    html = page(house, "panel.administrator")
    assert "Referrals: 0 with the chair, 53 not in yet" in html
    assert "Ada0 Quillfeather from" in html and "; 50 more" in html and "Ada3" not in html
    assert "Referrals: 1 with the chair, 1 not in yet" in html
    assert "To chase: Bryn Quillfeather from" in html


def test_referrals_beyond_the_first_are_counted_for_the_chair(house: House) -> None:
    meeting_id, _ = house.meeting(date(2026, 12, 3))
    for number in range(52):
        child_id, _ = house.child(f"05{number:02}", f"Ada{number}", "Quillfeather")
        case(house, child_id, meeting_id, "submitted")
    client = house.client("panel.chair")
    html = page(house, "panel.chair")
    assert len(lines(html)) == 50 and "2 more referrals wait for a chair" in html
    assert "52 with the chair, 0 not in yet" in page(house, "panel.administrator")
    assert counted(lambda: client.get("/")) <= 35
    assert not lines(page(house, OTHER))


def unsigned(house: House, case_id: int, title: str) -> None:
    own = {"authority_id": house.authority_id}
    answers = house.accounts["social.worker"]
    with writing():
        paper_id = db.session.execute(
            sa.insert(Paper)
            .values(**own, case_id=case_id, kind="decision", title=title, answers_id=answers)
            .returning(Paper.id)
        ).scalar_one()
        version = {"paper_id": paper_id, "number": 1, "name": "paper.docx", "added_at": AT}
        db.session.execute(sa.insert(PaperVersion).values(**own, **version))


@pytest.mark.clause("BEX-1.6")
def test_papers_are_to_be_signed_for_the_meetings_that_hear_them_and_no_others(
    house: House,
) -> None:
    """Two meetings on one day have each its own; a paper on two agendas is chased for both."""
    on = date(2026, 12, 3)
    first, one = house.meeting(on)
    (second,) = others_meetings(house, 1, state="planned", held_on=on)
    two = db.session.scalar(sa.select(Meeting.public_id).where(Meeting.id == second))
    names = {first: "first", second: "second"}
    for number, (meeting_id, title) in enumerate(names.items()):
        child_id, _ = house.child(f"07{number}", f"Ada{number}", "Quillfeather")
        case_id, _ = case(house, child_id, meeting_id)
        book(house, meeting_id, case_id)
        unsigned(house, case_id, f"The {title} paper")
    both_id, _ = case(house, house.child("0799", "Bryn", "Quillfeather")[0], second)
    book(house, first, both_id, 2)
    book(house, second, both_id, 2)
    unsigned(house, both_id, "The paper of both")
    html = page(house, "panel.administrator")
    by = "by Social Worker Of Bexley"
    found = dict(
        zip(
            re.findall(r'href="/meetings/([^"#]+)#item-cases"', html),
            re.findall(r"To be signed: ([^<]+?)\. <", html),
            strict=True,
        )
    )
    assert found == {
        one: f"The first paper {by}; The paper of both {by}",
        two: f"The second paper {by}; The paper of both {by}",
    }
    worker = lines(page(house, "social.worker"))
    assert sorted(line for line in worker if line.startswith("Sign")) == [
        f"Sign The {title}, or say that it is signed"
        for title in ("first paper", "paper of both", "second paper")
    ]


def test_papers_beyond_the_first_are_counted_and_the_next_to_be_heard_come_first(
    house: House,
) -> None:
    meeting_id, _ = house.meeting()
    other, _ = case(house, house.child("0801")[0], None)
    heard, _ = case(house, house.child("0802")[0], meeting_id)
    book(house, meeting_id, heard)
    for number in range(51):
        unsigned(house, other, f"Paper {number}")
    for number in range(5):
        unsigned(house, heard, f"Heard {number}")
    html = page(house, "social.worker", "/?kind=papers")
    assert len(lines(html)) == 50 and "6 more papers are to be signed" in html
    assert [line for line in lines(html) if "Heard" in line] == lines(html)[:5]
    with writing():
        mine = house.accounts["panel.administrator"]
        db.session.execute(sa.update(Paper).values(answers_id=mine))
    html = page(house, "panel.administrator", "/?kind=papers")
    assert "6 more papers are to be signed" in html and "; 2 more" in html
    assert len([line for line in lines(html) if line.startswith("Sign")]) == 50


def test_a_list_is_counted_only_where_it_is_cut(house: House) -> None:
    others_meetings(house, 5, state="planned")
    query = sa.select(Meeting.id).order_by(Meeting.held_on)
    whole, cut = (counted(lambda most=most: paging.first(query, most)) for most in (5, 4))
    assert cut == whole + 1
    assert (len(paging.first(query, 4)), paging.first(query, 4).more) == (4, 1)
    assert (len(paging.first(query, 5)), paging.first(query, 5).more) == (5, 0)
    db.session.rollback()


@pytest.mark.parametrize(
    ("said_on", "heading", "by"),
    [
        (date(2026, 11, 23), "Today", "30 November 2026"),
        (date(2026, 11, 16), "Today", "23 November 2026"),
        (date(2026, 11, 13), "Late", "20 November 2026"),
    ],
)
def test_what_waits_to_be_accepted_stands_with_what_is_to_be_done(
    house: House, said_on: date, heading: str, by: str
) -> None:
    """It waits from the day on which it was said, and is late after five working days."""
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(GONE, "closed")
    said = {"said_by": house.accounts["adoption"], "done_words": "Rung"}
    actions(house, *decided(house, meeting_id, child_id), 1, done_on=said_on, **said)
    with writing():
        db.session.execute(sa.update(Meeting).values(ratified_at=AT))
        adoption = Account.id == house.accounts["adoption"]
        db.session.execute(sa.update(Account).where(adoption).values(name="Ada Quill"))
    for address in ("/", "/?kind=actions"):
        html = page(house, "team.manager", address)
        headings = re.findall(r'id="when-\d+">([\w ]+) <span', html)
        assert headings == [heading] and f">{by}</time>" in html
        assert (
            f"Ada Quill said that it is done. It waits since {said_on.day} November 2026: "
            "somebody else accepts that within 5 working days (set here, not by the procedure)"
        ) in html
