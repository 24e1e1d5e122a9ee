"""The pages of meetings: the calendar, the one page of a meeting, and who may do what there."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import docx
import pytest
import sqlalchemy as sa
from builders.agenda import book, case, decide
from builders.house import House
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from sqlalchemy import event

from core.store.database import db, writing
from core.store.tables import Account, Action, Attendance, AuditRow, Booking, Meeting

POSTS = ("chair", "adoption", "fostering")


def browser(house: House, role: str) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(role)


@pytest.fixture
def house(house: House) -> House:
    """The authority on the day of its panel."""
    house.turn_to(date(2026, 12, 3))
    return house


def mark(client: FlaskClient, meeting: str, post: str, state: str = "present", **more: str):
    data = {"post": post, "state": state, "seen": "0", **more}
    return client.post(f"/meetings/{meeting}/attendance", data=data)


def fetched(column, *where):
    value = db.session.execute(sa.select(column).where(*where)).scalar()
    db.session.rollback()
    return value


def queries(client: FlaskClient, url: str) -> int:
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)


def titles(html: str) -> list[str]:
    found = re.findall(r'<h3 class="govuk-heading-m">(\d+\. .*?) <span', html, re.S)
    return [" ".join(title.split()) for title in found]


@pytest.mark.clause("BEX-1.13", "BEX-1.18", "BEX-1.1.a", "BEX-1.16")
def test_the_page_has_the_eight_items_in_their_order_with_the_statement(house: House) -> None:
    _, meeting = house.meeting()
    html = browser(house, "panel.administrator").get(f"/meetings/{meeting}").text
    assert titles(html) == [
        "1. Purpose of panel",
        "2. Statement of conduct and confidentiality",
        "3. Introductions",
        "4. Review of previous recommendations and decisions",
        "5. Case presentations",
        "6. Review of panel recommendations and decisions",
        "7. Any other business",
        "8. Next date and adjournment",
    ]
    assert "The panel will proceed in a respectful manner" in html
    assert "/procedures/BEX/statements/principles" in html
    assert "Permanence Panel, Thursday 3 December 2026" in html
    assert re.search(r"Papers due.*?30 November 2026.*?3 working days before the panel", html, re.S)


@pytest.mark.clause("BEX-1.12")
def test_the_seats_are_the_chairs_and_seven_posts_and_an_empty_one_says_so(house: House) -> None:
    _, meeting = house.meeting()
    html = browser(house, "panel.administrator").get(f"/meetings/{meeting}").text
    for title in (
        "Manager, adoption",
        "Manager, fostering",
        "Manager, placements",
        "Manager, independent reviewing service",
        "Manager, looked after children",
        "Signs of Safety champion practitioner",
        "Legal representative",
    ):
        assert title in html
    assert html.count("Nobody holds this post") == 4


@pytest.mark.clause("BEX-1.2", "BEX-1.11")
def test_quorum_shows_as_people_are_marked_and_the_chair_takes_the_chair(house: House) -> None:
    _, meeting = house.meeting()
    client = browser(house, "panel.administrator")
    assert "there is no chair" in client.get(f"/meetings/{meeting}").text
    for post in POSTS:
        assert mark(client, meeting, post).status_code == 303
    html = client.get(f"/meetings/{meeting}").text
    assert "Quorate: 3 members are here" in html
    assert re.search(r"In the chair: <strong>Panel Chair Of Bexley", html)
    assert fetched(Meeting.state, Meeting.public_id == meeting) == "open"
    assert mark(client, meeting, "adoption", "left", seen="1").status_code == 303
    html = client.get(f"/meetings/{meeting}").text
    assert "Not quorate" in html and "1 other member is here" in html


def test_htmx_gets_the_seats_and_what_changes_with_them_only(house: House) -> None:
    _, meeting = house.meeting()
    answer = browser(house, "panel.administrator").post(
        f"/meetings/{meeting}/attendance",
        data={"post": "chair", "state": "present", "seen": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="sitting">')
    assert 'id="introductions" hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text
    assert "Present: Panel Chair Of Bexley" in answer.headers["HX-Trigger"]


def test_a_substitute_is_an_account_or_a_typed_name(house: House) -> None:
    _, meeting = house.meeting()
    client = browser(house, "panel.administrator")
    mark(client, meeting, "placements", **{"who-placements": "Kinship Of Bexley, Kinship"})
    mark(client, meeting, "signs-of-safety", **{"who-signs-of-safety": "Wren Marblethorpe"})
    html = client.get(f"/meetings/{meeting}").text
    assert re.search(r"Kinship Of Bexley\s*<span class=\"app-unknown\">\(substitute\)", html)
    assert "Wren Marblethorpe" in html
    kinship = fetched(Attendance.account_id, Attendance.post_code == "placements")
    assert kinship == house.accounts["kinship"]
    assert fetched(Attendance.account_id, Attendance.post_code == "signs-of-safety") is None


def test_an_empty_post_cannot_be_present_without_a_name(house: House) -> None:
    _, meeting = house.meeting()
    answer = mark(browser(house, "panel.administrator"), meeting, "placements")
    assert answer.status_code == 422
    assert "say who is in the seat" in answer.text
    assert "<title>Error: " in answer.text


def test_two_people_on_one_seat_see_both_and_choose(house: House) -> None:
    _, meeting = house.meeting()
    first, second = browser(house, "panel.administrator"), browser(house, "panel.chair")
    assert mark(first, meeting, "adoption").status_code == 303
    answer = mark(second, meeting, "adoption", "apologies")
    assert answer.status_code == 422
    assert "Panel Administrator Of Bexley changed this while you were typing" in answer.text
    assert "Present: Adoption Of Bexley" in answer.text
    assert "Apologies: Adoption Of Bexley" in answer.text
    state = Attendance.state, Attendance.post_code == "adoption"
    assert fetched(*state) == "present"
    undecided = mark(second, meeting, "adoption", "apologies", seen="1", clash="yes")
    assert undecided.status_code == 422
    keep = {"seat-adoption-keep": "mine"}
    chosen = mark(second, meeting, "adoption", "apologies", seen="1", clash="yes", **keep)
    assert chosen.status_code == 303
    assert fetched(*state) == "apologies"


def test_two_people_on_different_seats_are_both_kept(house: House) -> None:
    _, meeting = house.meeting()
    first, second = browser(house, "panel.administrator"), browser(house, "panel.chair")
    assert mark(first, meeting, "adoption").status_code == 303
    assert mark(second, meeting, "fostering", "apologies").status_code == 303
    assert fetched(Attendance.state, Attendance.post_code == "adoption") == "present"
    assert fetched(Attendance.state, Attendance.post_code == "fostering") == "apologies"


@pytest.mark.clause("BEX-1.11")
def test_with_no_usual_chair_it_is_on_hold_until_the_decision_and_a_named_chair(
    house: House,
) -> None:
    _, meeting = house.meeting()
    third = house.account("head.of.service", email="third.head@bexley.example")
    client = browser(house, "panel.administrator")
    for post in ("adoption", "fostering"):
        mark(client, meeting, post)
    html = client.get(f"/meetings/{meeting}").text
    assert "This meeting is on hold" not in html and "there is no chair yet" in html
    for post in ("chair", "vice-chair"):
        mark(client, meeting, post, "apologies")
    html = client.get(f"/meetings/{meeting}").text
    assert "This meeting is on hold" in html and "Deputy Director’s decision" in html
    leave = {
        "goes-ahead": "yes",
        "decided-by": str(house.accounts["deputy.director"]),
        "asked-by": "Adoption Of Bexley",
        "on-day": "23",
        "on-month": "11",
        "on-year": "2026",
        "reason": "Both chairs are ill and one case cannot wait.",
        "leave-seen": "",
    }
    faulty = client.post(f"/meetings/{meeting}/leave", data={**leave, "on-day": "31", "reason": ""})
    assert faulty.status_code == 422
    assert "must be a real date" in faulty.text and "Give the reason" in faulty.text
    assert 'value="31"' in faulty.text
    assert client.post(f"/meetings/{meeting}/leave", data=leave).status_code == 303
    html = client.get(f"/meetings/{meeting}").text
    assert "Deputy Director Of Bexley decided on" in html and "there is no chair" in html
    who = {"who-vice-chair": "Head Of Service Of Bexley, Head of service"}
    refused = client.post(f"/meetings/{meeting}/chair", data={"chair": house.accounts["adoption"]})
    assert refused.status_code == 422 and "cannot chair" in refused.text
    with writing():
        renamed = sa.update(Account).where(Account.id == third).values(name="Third Head")
        db.session.execute(renamed)
    who = {"who-placements": "Third Head"}
    assert mark(client, meeting, "placements", **who).status_code == 303
    assert client.post(f"/meetings/{meeting}/chair", data={"chair": third}).status_code == 303
    html = client.get(f"/meetings/{meeting}").text
    assert "In the chair: <strong>Third Head" in html and "Quorate: 3 members" in html


def test_the_statement_is_read_once_somebody_is_there(house: House) -> None:
    _, meeting = house.meeting()
    client = browser(house, "panel.administrator")
    assert client.post(f"/meetings/{meeting}/statement").status_code == 422
    mark(client, meeting, "chair")
    assert client.post(f"/meetings/{meeting}/statement").status_code == 303
    html = client.get(f"/meetings/{meeting}").text
    assert re.search(r"Read at\s+<time.*?</time>\s+by Panel Administrator Of Bexley", html)


def test_notes_of_two_people_are_not_lost(house: House) -> None:
    _, meeting = house.meeting()
    client = browser(house, "panel.administrator")
    url = f"/meetings/{meeting}/business"
    assert client.post(url, data={"business": "One", "business-seen": "1"}).status_code == 303
    answer = client.post(url, data={"business": "Two", "business-seen": "1"})
    assert answer.status_code == 422
    assert "One" in answer.text and "Two" in answer.text
    mine = {"business": "Two", "business-seen": "2", "clash": "yes", "business-keep": "mine"}
    assert client.post(url, data=mine).status_code == 303
    assert fetched(Meeting.other_business, Meeting.public_id == meeting) == "Two"


@pytest.mark.clause("BEX-1.14", "BEX-1.19")
def test_cases_are_timed_and_the_chair_orders_them(house: House) -> None:
    meeting_id, meeting = house.meeting()
    booked = []
    for number, name in enumerate(("Ada", "Bryn", "Cato"), 1):
        child_id, _ = house.child(f"010{number}", name, "Quillfeather")
        booked.append(book(house, meeting_id, case(house, child_id, meeting_id)[0], number)[1])
    chair = browser(house, "panel.chair")
    html = chair.get(f"/meetings/{meeting}").text
    assert re.findall(r"(\d\d:\d\d) to (\d\d:\d\d)", html) == [
        ("10:00", "10:25"),
        ("10:25", "10:50"),
        ("10:50", "11:15"),
    ]
    assert html.index("Ada Quillfeather") < html.index("Bryn Quillfeather")
    move = {"booking": booked[1], "move": "up"}
    assert chair.post(f"/meetings/{meeting}/order", data=move).status_code == 303
    html = chair.get(f"/meetings/{meeting}").text
    assert html.index("Bryn Quillfeather") < html.index("Ada Quillfeather")
    assert (
        browser(house, "panel.administrator")
        .post(f"/meetings/{meeting}/order", data=move)
        .status_code
        == 404
    )
    assert "3 of 5 at most" in html


@pytest.mark.clause("BEX-1.24", "BEX-1.13")
def test_item_four_has_the_decision_its_action_and_the_returning_case(house: House) -> None:
    before_id, _ = house.meeting(date(2026, 11, 19), "closed")
    now_id, meeting = house.meeting()
    child_id, public_id = house.child()
    case_id, _ = case(house, child_id, before_id, "heard")
    booking_id, _ = book(house, before_id, case_id, state="heard")
    decide(
        house,
        before_id,
        case_id,
        booking_id,
        date(2026, 11, 19),
        action="Meet the aunt",
        due=date(2026, 11, 20),
    )
    book(house, now_id, case_id, item="previous", why="Returns by 3 December 2026")
    html = browser(house, "panel.administrator").get(f"/meetings/{meeting}").text
    four = html[html.index("4. Review") : html.index("5. Case")]
    for words in (
        "Amend the care plan",
        "Meet the aunt",
        "Late",
        "Returns by 3 December 2026",
        "Orlin Thistlewick",
    ):
        assert words in four
    looks = db.session.scalars(sa.select(AuditRow.after).where(AuditRow.did == "look")).all()
    db.session.rollback()
    assert [public_id in look["children"] for look in looks if "children" in look] == [True]


def test_closing_names_the_cases_that_are_neither_heard_nor_tabled(house: House) -> None:
    meeting_id, meeting = house.meeting()
    child_id, _ = house.child()
    booking_id, booking = book(house, meeting_id, case(house, child_id, meeting_id)[0])
    client = browser(house, "panel.administrator")
    mark(client, meeting, "chair")
    answer = client.post(f"/meetings/{meeting}/close")
    assert answer.status_code == 422
    assert "Orlin Thistlewick: neither heard nor tabled" in answer.text
    assert f'href="#booking-{booking}"' in answer.text
    with writing():
        db.session.execute(sa.update(Booking).where(Booking.id == booking_id).values(state="heard"))
    assert client.post(f"/meetings/{meeting}/close").status_code == 303
    html = client.get(f"/meetings/{meeting}").text
    assert "Attendance and notes stay as they are" in html and "<textarea" not in html
    for answer in (
        mark(client, meeting, "adoption"),
        client.post(f"/meetings/{meeting}/business", data={"business": "Later"}),
        client.post(f"/meetings/{meeting}/close"),
    ):
        assert answer.status_code == 422 and "The meeting is closed" in answer.text
    assert fetched(Meeting.other_business, Meeting.public_id == meeting) == ""


@pytest.mark.clause("BEX-1.18")
def test_the_minutes_are_a_word_document_that_says_who_was_looked_at(house: House) -> None:
    meeting_id, meeting = house.meeting(circulated=True)
    child_id, child = house.child()
    book(house, meeting_id, case(house, child_id, meeting_id)[0])
    client = browser(house, "panel.administrator")
    answer = client.get(f"/meetings/{meeting}/minutes")
    assert answer.status_code == 200 and answer.data.startswith(b"PK")
    assert fetched(sa.func.count(), AuditRow.subject_id == child) == 1
    for role in ("kinship", "social.worker"):
        assert browser(house, role).get(f"/meetings/{meeting}/minutes").status_code == 404
    for role in ("panel.member", "inspector"):
        assert browser(house, role).get(f"/meetings/{meeting}/minutes").status_code == 200


def test_notes_are_for_those_who_sit_in_the_meeting_or_see_every_child(house: House) -> None:
    _, meeting = house.meeting(circulated=True)
    client = browser(house, "panel.administrator")
    note = {"business": "The Nettlewhistle family", "business-seen": "1"}
    assert client.post(f"/meetings/{meeting}/business", data=note).status_code == 303
    for role, told in (("panel.member", True), ("inspector", True), ("social.worker", False)):
        html = browser(house, role).get(f"/meetings/{meeting}").text
        assert ("The Nettlewhistle family" in html) is told


def test_waiting_and_missing_referrals_stand_under_the_cases(house: House) -> None:
    meeting_id, meeting = house.meeting()
    first, _ = house.child("0101", "Ada", "Quillfeather")
    second, _ = house.child("0102", "Bryn", "Quillfeather")
    _, submitted = case(house, first, meeting_id, "submitted")
    _, draft = case(house, second, meeting_id, "draft")
    html = browser(house, "panel.chair").get(f"/meetings/{meeting}").text
    assert f"/cases/{submitted}" in html and "Waiting for the chair" in html
    assert f"/cases/{draft}" in html and "Not in yet" in html


def test_who_sees_no_child_sees_only_how_many_cases_there_are(house: House) -> None:
    meeting_id, meeting = house.meeting()
    mine, _ = house.child("0101", "Ada", "Quillfeather")
    other, other_public = house.child("0102", "Bryn", "Nettlewhistle", worker=None)
    book(house, meeting_id, case(house, mine, meeting_id)[0], 1)
    hidden_id, hidden = case(house, other, meeting_id, referrer="iro")
    _, booking = book(house, meeting_id, hidden_id, 2)
    html = browser(house, "social.worker").get(f"/meetings/{meeting}").text
    assert "Ada Quillfeather" in html and "1 other case." in html
    for trace in ("Nettlewhistle", other_public, hidden, booking):
        assert trace not in html
    assert "<form" not in html.split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize(
    "role", ["social.worker", "panel.member", "inspector", "legal", "iro", "deputy.director"]
)
def test_only_those_who_run_it_change_a_meeting(house: House, role: str) -> None:
    _, meeting = house.meeting()
    client = browser(house, role)
    assert client.get(f"/meetings/{meeting}").status_code == 200
    for action in ("attendance", "chair", "leave", "statement", "business", "order", "close"):
        data = {"post": "chair", "state": "present", "seen": "0"}
        assert client.post(f"/meetings/{meeting}/{action}", data=data).status_code == 404
    assert fetched(sa.func.count(), Attendance.id > 0) == 0


def test_a_head_of_service_without_a_chairing_post_cannot_run_it(house: House) -> None:
    _, meeting = house.meeting()
    house.account("head.of.service", email="other.head@bexley.example")
    client = browser(house, "other.head")
    assert client.get(f"/meetings/{meeting}").status_code == 200
    assert mark(client, meeting, "chair").status_code == 404


def test_who_only_sits_sees_the_meetings_of_their_own_body(house: House) -> None:
    _, meeting = house.meeting()
    assert browser(house, "panel.member").get(f"/meetings/{meeting}").status_code == 200
    without_post = browser(house, "kinship")
    assert without_post.get(f"/meetings/{meeting}").status_code == 404
    assert meeting not in without_post.get("/meetings").text


def test_another_authority_finds_no_such_meeting(house: House) -> None:
    _, meeting = house.meeting()
    other = House(house.app, house.today, "TOY", "toyshire")
    client = browser(other, "panel.administrator")
    assert client.get(f"/meetings/{meeting}").status_code == 404
    for action in ("attendance", "chair", "leave", "statement", "business", "close"):
        assert client.post(f"/meetings/{meeting}/{action}", data={}).status_code == 404
    assert meeting not in client.get("/meetings").text


def test_a_body_of_another_procedure_has_its_own_agenda_and_no_rules_it_does_not_lay_down(
    house: House,
) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    _, meeting = other.meeting()
    client = browser(other, "panel.administrator")
    html = client.get(f"/meetings/{meeting}").text
    assert titles(html) == ["1. Children", "2. Last time"]
    mark(client, meeting, "chair")
    mark(client, meeting, "social-work", **{"who-social-work": "Ilse Candlewright"})
    html = client.get(f"/meetings/{meeting}").text
    assert "Quorate: 2 members are here" in html
    assert "In the chair: <strong>Panel Chair Of Toyshire" in html


def test_the_calendar_says_how_full_each_meeting_is_and_when_papers_are_due(house: House) -> None:
    meeting_id, meeting = house.meeting()
    gone = house.meeting(date(2026, 11, 5), "closed")[1]
    child_id, _ = house.child()
    book(house, meeting_id, case(house, child_id, meeting_id)[0])
    other, _ = house.child("0102", "Bryn", "Quillfeather")
    case(house, other, meeting_id, "submitted")
    html = browser(house, "inspector").get("/meetings").text
    row = html[html.index(meeting) : html.index("</tr>", html.index(meeting))]
    cells = [" ".join(re.sub("<[^>]+>", " ", c).split()) for c in row.split("<td")[1:]]
    assert "Thursday" in row and "1 of 5" in cells[2]
    assert cells[3].endswith("1") and "30 November 2026" in cells[4]
    assert html.index("Gone by") < html.index(gone)


def test_the_queries_of_the_page_and_the_calendar_do_not_grow(house: House) -> None:
    meeting_id, meeting = house.meeting()
    before_id, _ = house.meeting(date(2026, 11, 19), "closed")

    def fill(numbers: range) -> None:
        for number in numbers:
            child_id, _ = house.child(f"02{number:02}", f"Ada{number}", "Quillfeather")
            case_id, _ = case(house, child_id, meeting_id)
            book(house, meeting_id, case_id, number)
            booking_id, _ = book(house, before_id, case_id, number, state="heard")
            decide(house, before_id, case_id, booking_id, date(2026, 11, 19), action="Ring")
            case(house, child_id, meeting_id, "submitted")
            case(house, child_id, meeting_id, "draft")

    client = browser(house, "panel.administrator")
    fill(range(1, 2))
    page, calendar = queries(client, f"/meetings/{meeting}"), queries(client, "/meetings")
    fill(range(2, 9))
    for week in range(1, 9):
        house.meeting(date(2027, 1, week))
    assert queries(client, f"/meetings/{meeting}") == page <= 46
    assert queries(client, "/meetings") == calendar <= 12


def test_before_its_day_a_meeting_takes_apologies_and_says_when_it_opens(house: House) -> None:
    _, meeting = house.meeting(date(2026, 12, 8))
    client = browser(house, "panel.administrator")
    html = client.get(f"/meetings/{meeting}").text
    assert "The meeting is on 8 December 2026: it opens on its day" in html
    assert 'id="present-chair"' not in html and "Read to the meeting" not in html
    answer = mark(client, meeting, "chair")
    assert answer.status_code == 422 and 'href="#seat-chair"' in answer.text
    assert mark(client, meeting, "chair", "apologies").status_code == 303
    assert fetched(Meeting.state, Meeting.public_id == meeting) == "planned"


@pytest.mark.clause("BEX-1.10")
def test_closing_lists_the_referrals_that_wait_and_links_each(house: House) -> None:
    meeting_id, meeting = house.meeting()
    child_id, _ = house.child()
    _, waits = case(house, child_id, meeting_id, "submitted")
    client = browser(house, "panel.administrator")
    mark(client, meeting, "chair")
    answer = client.post(f"/meetings/{meeting}/close")
    assert answer.status_code == 422
    assert "1 referral submitted for this meeting still waits for the chair" in answer.text
    assert f'href="#referral-{waits}"' in answer.text and f'id="referral-{waits}"' in answer.text


@pytest.mark.clause("BEX-1.18")
def test_page_and_minutes_of_a_closed_meeting_stay_as_they_were(house: House) -> None:
    before_id, _ = house.meeting(date(2026, 11, 19), "closed")
    now_id, meeting = house.meeting()
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, before_id, "heard")
    booking_id, _ = book(house, before_id, case_id, state="heard")
    on = date(2026, 11, 19)
    decide(house, before_id, case_id, booking_id, on, action="Ring the aunt", due=date(2026, 12, 1))
    other_id, _ = house.child("0102", "Bryn", "Quillfeather")
    new_id, _ = case(house, other_id, now_id, "heard")
    new_booking, _ = book(house, now_id, new_id, state="heard")
    decide(house, now_id, new_id, new_booking, date(2026, 12, 3), action="Write to the school")
    client = browser(house, "panel.administrator")
    for post, name in (("chair", ""), ("legal", "Ilse Candlewright")):
        assert mark(client, meeting, post, **{f"who-{post}": name}).status_code == 303
    assert client.post(f"/meetings/{meeting}/close").status_code == 303

    def told() -> tuple[str, str]:
        page = client.get(f"/meetings/{meeting}").text
        paper = docx.Document(BytesIO(client.get(f"/meetings/{meeting}/minutes").data))
        return page[page.index("1. Purpose") : page.index("</main>")], "\n".join(
            part.text or "" for part in paper.element.body.iter(qn("w:t"))
        )

    first = told()
    with writing():
        db.session.execute(
            sa.update(Action).values(progress="Rung twice", done_on=date(2026, 12, 9))
        )
    house.turn_to(date(2026, 12, 20))
    assert told() == first
    for words in first:
        assert "Ilse Candlewright, Legal representative, substitute for Legal Of Bexley: " in words
        assert "Legal Of Bexley, Legal representative" in words
        assert "Rung twice" not in words


def test_after_a_mark_no_older_message_stands_beside_it(house: House) -> None:
    _, meeting = house.meeting()
    client = browser(house, "panel.administrator")
    note = {"business": "One", "business-seen": "1"}
    client.post(f"/meetings/{meeting}/business", data=note)
    html = client.get(f"/meetings/{meeting}").text
    region = html[html.index('<div id="messages">') : html.index('<div id="refusals">')]
    assert "The notes are saved." in region
    answer = client.post(
        f"/meetings/{meeting}/attendance",
        data={"post": "legal", "state": "left", "seen": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    for emptied in ("messages", "refusals"):
        assert f'<div id="{emptied}" hx-swap-oob="true"></div>' in answer.text


def test_a_heard_case_has_no_buttons_to_move_it_and_the_order_of_item_six_is_the_agendas(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting()
    for number, item in ((2, "cases"), (1, "cases"), (1, "previous")):
        name = f"{item.title()} {number}"
        child_id, _ = house.child(f"{item}{number}", name, "Quillfeather")
        case_id, _ = case(house, child_id, meeting_id, "heard")
        booking_id, _ = book(house, meeting_id, case_id, number, item, "heard")
        decide(house, meeting_id, case_id, booking_id, date(2026, 12, 3))
    chair = browser(house, "panel.chair")
    html = chair.get(f"/meetings/{meeting}").text
    assert 'name="move"' not in html
    six = html[html.index("6. Review of panel") :]
    names = re.findall(r"(Cases \d|Previous \d) Quillfeather", six)
    assert names == ["Previous 1", "Cases 1", "Cases 2"]
    paper = docx.Document(BytesIO(chair.get(f"/meetings/{meeting}/minutes").data))
    review = [row.cells[0].text for row in paper.tables[-1].rows[1:]]
    assert [re.match(r"\w+ \d", line)[0] for line in review] == names
