"""The pages of a case: written field by field or whole, by two people, answered by the chair."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import PASSWORD, House
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.store import answers, cases
from core.store.database import db
from core.store.tables import AuditRow, PanelCase

HTMX = {"HX-Request": "true"}
PANEL, NEXT = date(2026, 12, 3), date(2026, 12, 17)


@pytest.fixture(autouse=True)
def browsers(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


def refer(house: House, role: str = "social.worker", child: str | None = None) -> str:
    """Refer a child by the button; gives the case's address."""
    public_id = child or house.child()[1]
    answer = house.client(role).post(f"/children/{public_id}/refer")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert address.endswith("/referral")
    return address.removesuffix("/referral")


def stored(house: House, address: str) -> dict[str, str]:
    case = cases.case_by_public_id(house.whole, address.rsplit("/", 1)[1])
    assert case is not None
    given = {str(p): a.value for p, a in answers.load(house.whole, case.id).items()}
    db.session.rollback()
    return given


def state(house: House, address: str) -> str:
    case = cases.case_by_public_id(house.whole, address.rsplit("/", 1)[1])
    db.session.rollback()
    assert case is not None
    return str(case.state)


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of a page, by name."""
    found: dict[str, str] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = value[1]
    return found


def rows_of(page: str, section: str) -> list[str]:
    """The rows that a page shows, in their order."""
    return list(dict.fromkeys(re.findall(rf'id="({section}-\d{{4}}-\w{{4}})"', page)))


def save_field(client: FlaskClient, address: str, name: str, data: dict[str, Any]) -> TestResponse:
    return client.post(f"{address}/referral/field?field={name}", data=data, headers=HTMX)


def submitted(house: House, meeting: str, child: str | None = None) -> str:
    address = refer(house, child=child)
    answer = house.client("social.worker").post(
        f"{address}/submit",
        data={"criteria": ["drift"], "meeting": meeting, "meeting-seen": "", "criteria-seen": "0"},
    )
    assert answer.status_code == 303
    return address


@pytest.mark.clause("BEX-A.A")
@pytest.mark.clause("BEX-0.3")
def test_the_form_has_every_question_filled_in_from_the_record(house: House) -> None:
    house.meeting(PANEL)
    page = house.client("social.worker").get(f"{refer(house)}/referral")
    text = html.unescape(page.text)
    assert page.status_code == 200
    for words in (
        "Name of worker",
        "Relevant family members (starting with the children)",
        "Has a family network meeting already taken place?",
        "What recommendations or decisions are you seeking from the panel?",
        "3 December 2026 at 10:00 – referrals due by 30 November 2026",
        "The seven Corporate Parenting principles",
        "At most 20,000 characters",
        'value="Orlin Thistlewick"',
        'value="Quill team"',
    ):
        assert words in text
    assert "/clauses/BEX-1.4.c" in text


@pytest.mark.clause("BEX-1.5")
def test_a_field_saves_itself_and_its_version_and_status_come_back(house: House) -> None:
    address = refer(house)
    client = house.client("social.worker")
    answer = save_field(client, address, "sought", {"sought": "A\r\nmatch", "sought-seen": "0"})
    assert answer.status_code == 200
    assert stored(house, address)["sought"] == "A\nmatch"
    assert hidden(answer.text) == {"sought-seen": "1"}
    assert answer.text.count('hx-swap-oob="true"') == 2
    assert re.search(r"Saved at \d\d:\d\d", answer.text)
    assert "What recommendations" in answer.headers["HX-Trigger"]


def test_the_same_field_by_two_people_is_422_with_both_texts_until_one_is_chosen(
    house: House,
) -> None:
    address = refer(house)
    worker, manager = house.client("social.worker"), house.client("team.manager")
    assert (
        save_field(
            manager, address, "sought", {"sought": "The manager's", "sought-seen": "0"}
        ).status_code
        == 200
    )
    clash = save_field(worker, address, "sought", {"sought": "The worker's", "sought-seen": "0"})
    text = html.unescape(clash.text)
    assert clash.status_code == 422
    assert "The manager's" in text and "The worker's" in text
    assert "Team Manager Of Bexley changed this while you were typing" in text
    assert "sought-seen" not in hidden(clash.text)
    assert stored(house, address)["sought"] == "The manager's"
    chosen = {"sought": "The worker's", "sought-seen": "0", **hidden(clash.text)}
    theirs = save_field(worker, address, "sought", {**chosen, "sought-keep": "theirs"})
    assert theirs.status_code == 200
    assert "The manager&#39;s" in theirs.text
    assert stored(house, address)["sought"] == "The manager's"
    mine = save_field(worker, address, "sought", {**chosen, "sought-keep": "mine"})
    assert mine.status_code == 200
    assert stored(house, address)["sought"] == "The worker's"


def test_a_third_text_after_the_choice_is_a_new_conflict(house: House) -> None:
    address = refer(house)
    worker, manager = house.client("social.worker"), house.client("team.manager")
    save_field(manager, address, "sought", {"sought": "One", "sought-seen": "0"})
    clash = save_field(worker, address, "sought", {"sought": "Mine", "sought-seen": "0"})
    save_field(manager, address, "sought", {"sought": "Two", "sought-seen": "1"})
    again = save_field(
        worker,
        address,
        "sought",
        {"sought": "Mine", "sought-seen": "0", "sought-keep": "mine", **hidden(clash.text)},
    )
    assert again.status_code == 422
    assert "Two" in again.text
    assert stored(house, address)["sought"] == "Two"


def test_without_a_script_both_texts_are_on_the_page_and_the_rest_is_saved(house: House) -> None:
    address = refer(house)
    worker, manager = house.client("social.worker"), house.client("team.manager")
    save_field(manager, address, "sought", {"sought": "The manager", "sought-seen": "0"})
    posted = {
        "sought": "The worker",
        "sought-seen": "0",
        "team": "Inkwell team",
        "team-seen": "1",
    }
    page = worker.post(f"{address}/referral", data=posted)
    assert page.status_code == 422
    assert "<title>Error: " in page.text
    assert "The manager" in page.text and "The worker" in page.text
    assert "What recommendations" in page.text and "#sought-conflict" in page.text
    assert "? Team Manager Of Bexley changed this while you were typing" in page.text
    assert stored(house, address)["team"] == "Inkwell team"
    fields = hidden(page.text)
    assert (fields["sought-seen"], fields["sought-clash"], fields["team-seen"]) == ("0", "1", "2")
    saved = worker.post(
        f"{address}/referral", data={**fields, "sought": "The worker", "sought-keep": "mine"}
    )
    assert saved.status_code == 303
    assert stored(house, address)["sought"] == "The worker"


def test_two_people_choosing_different_meetings_get_both_days(house: House) -> None:
    _, first = house.meeting(PANEL)
    _, second = house.meeting(NEXT)
    address = refer(house)
    worker, manager = house.client("social.worker"), house.client("team.manager")
    saved = save_field(manager, address, "meeting", {"meeting": first, "meeting-seen": ""})
    assert saved.status_code == 200
    assert "in 5 working days" in saved.text
    clash = save_field(worker, address, "meeting", {"meeting": second, "meeting-seen": ""})
    assert clash.status_code == 422
    assert "3 December 2026" in clash.text and "17 December 2026" in clash.text
    data = {"meeting": second, "meeting-seen": "", "meeting-keep": "mine", **hidden(clash.text)}
    chosen = save_field(worker, address, "meeting", data)
    assert chosen.status_code == 200
    assert 'id="meeting-field"' in chosen.text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "worker",
            {"worker": "w" * 201, "worker-seen": "1"},
            "This answer is too long: at most 200 characters",
        ),
        (
            "sought",
            {"sought": "w" * 20_001, "sought-seen": "0"},
            "This answer is too long: at most 20,000 characters",
        ),
        (
            "date",
            {"date-day": "31", "date-month": "2", "date-year": "2027", "date-seen": "1"},
            "must be a real date",
        ),
        (
            "date",
            {"date-day": "3", "date-month": "2", "date-year": "27", "date-seen": "1"},
            "must have a year of four figures",
        ),
    ],
    ids=["a long text", "a very long text", "no such day", "a short year"],
)
def test_what_cannot_be_saved_is_422_beside_its_field_and_kept(
    house: House, name: str, data: dict[str, str], words: str
) -> None:
    address = refer(house)
    client = house.client("social.worker")
    before = stored(house, address)
    alone = save_field(client, address, name, data)
    assert (alone.status_code, words in alone.text) == (422, True)
    page = client.post(f"{address}/referral", data={**data, "why-not": "Kept", "why-not-seen": "0"})
    assert (page.status_code, page.text.count(words)) == (422, 2)
    assert all(f">{v}<" in page.text or f'value="{v}"' in page.text for v in data.values())
    after = stored(house, address)
    assert after.pop("why-not") == "Kept"
    assert after == before


def test_a_date_begun_is_no_error_until_it_is_saved_whole(house: House) -> None:
    address = refer(house)
    client = house.client("social.worker")
    data = {"date-day": "3", "date-month": "", "date-year": "", "date-seen": "1"}
    begun = save_field(client, address, "date", data)
    assert begun.status_code == 200
    assert "Not saved yet" in begun.text
    page = client.post(f"{address}/referral", data=data)
    assert page.status_code == 422
    assert "must include a month and a year" in page.text
    data |= {"date-month": "4", "date-year": "2027"}
    assert save_field(client, address, "date", data).status_code == 200
    assert stored(house, address)["date"] == "2027-04-03"


def test_rows_are_added_and_removed_without_a_script(house: House) -> None:
    address = refer(house)
    client = house.client("social.worker")
    added = client.post(
        f"{address}/referral", data={"add": "network", "why-not": "Soon", "why-not-seen": "0"}
    )
    assert added.status_code == 303
    assert stored(house, address)["why-not"] == "Soon"
    (row,) = rows_of(client.get(added.headers["Location"]).text, "network")
    filled = {f"{row}.name": "Aunt Bramble", f"{row}.name-seen": "0", "add": "network"}
    second = client.post(f"{address}/referral", data=filled)
    rows = rows_of(client.get(second.headers["Location"]).text, "network")
    assert rows[0] == row and len(rows) == 2
    assert rows == sorted(rows)
    removed = client.post(
        f"{address}/referral",
        data={f"{row}.name": "Aunt Bramble", f"{row}.name-seen": "1", "remove": row},
    )
    assert removed.status_code == 303
    assert rows_of(client.get(f"{address}/referral").text, "network") == []


def test_a_row_that_somebody_else_changed_is_not_removed_unread(house: House) -> None:
    address = refer(house)
    worker = house.client("social.worker")
    (row,) = rows_of(worker.get(f"{address}/referral").text, "family")
    name, other = f"{row}.name", f"{row}.ethnicity"
    save_field(house.client("team.manager"), address, other, {other: "New", f"{other}-seen": "0"})
    typed = {name: "Orlin", f"{name}-seen": "1", other: "", "remove": row}
    page = worker.post(f"{address}/referral", data={**typed, f"{other}-seen": "0"})
    assert page.status_code == 422
    assert "Not removed: somebody else has changed it" in page.text
    assert stored(house, address)[other] == "New"
    assert stored(house, address)[name] == "Orlin"
    seen = hidden(page.text)
    typed |= {f"{name}-seen": seen[f"{name}-seen"], f"{other}-seen": seen[f"{other}-seen"]}
    left = {n: v for n, v in seen.items() if n.startswith(row)}
    assert worker.post(f"{address}/referral", data={**left, **typed}).status_code == 303
    (new,) = rows_of(worker.get(f"{address}/referral").text, "family")
    assert new != row


@pytest.mark.parametrize(
    "name", ["network-9-x.name", "network-0001-<b>.name", "other-0001-aaaa.name", "nothing"]
)
def test_names_that_are_no_fields_of_the_form_are_not_saved(house: House, name: str) -> None:
    address = refer(house)
    before = stored(house, address)
    client = house.client("social.worker")
    assert client.post(f"{address}/referral", data={name: "x"}).status_code == 303
    assert stored(house, address) == before


@pytest.mark.clause("BEX-1.5")
def test_submitting_without_a_criterion_saves_what_was_typed_and_says_what_is_missing(
    house: House,
) -> None:
    address = refer(house)
    page = house.client("social.worker").post(
        f"{address}/submit", data={"sought": "A match", "sought-seen": "0"}
    )
    assert page.status_code == 422
    assert "Choose at least one criterion" in page.text
    assert "/clauses/BEX-1.5" in page.text
    assert "Choose a meeting of the Permanence Panel" in page.text
    assert stored(house, address)["sought"] == "A match"
    assert state(house, address) == "draft"


@pytest.mark.clause("BEX-1.6")
def test_a_late_incomplete_referral_is_submitted_and_both_are_on_the_page(house: House) -> None:
    _, meeting = house.meeting(date(2026, 11, 25))
    address = submitted(house, meeting)
    page = html.unescape(house.client("panel.chair").get(address).text)
    assert state(house, address) == "submitted"
    assert "Late: received on 23 November 2026, due by 20 November 2026" in page
    assert "/clauses/BEX-1.6" in page
    assert "due by 20 November 2026. The chair may defer it" in page
    assert "Incomplete: the chair may defer it or send it back" in page
    assert "it came late and is incomplete" in house.client("panel.chair").get("/").text
    assert "Not answered: What recommendations" in page
    assert "Met late" in page
    assert "Submitted the referral for the meeting of 25 November 2026, late" in page
    assert "The seven Corporate Parenting principles" in page


@pytest.mark.clause("BEX-1.6")
def test_once_it_is_accepted_a_late_referral_is_not_for_the_chair_to_defer(house: House) -> None:
    _, meeting = house.meeting(date(2026, 11, 25))
    address = submitted(house, meeting)
    chair = house.client("panel.chair")
    assert chair.post(f"{address}/accept").status_code == 303
    page = html.unescape(chair.get(address).text)
    assert "Late: received on 23 November 2026, due by 20 November 2026" in page
    assert "Incomplete: not every question was answered" in page
    assert "may defer" not in page


def test_a_submitted_referral_keeps_what_is_typed_too_late_on_the_page(house: House) -> None:
    _, meeting = house.meeting()
    address = refer(house)
    typed = {"sought": "My long text", "sought-seen": "0"}
    house.client("team.manager").post(
        f"{address}/submit",
        data={"criteria": "drift", "criteria-seen": "0", "meeting": meeting, "meeting-seen": ""},
    )
    worker = house.client("social.worker")
    page = worker.post(f"{address}/referral", data=typed)
    assert page.status_code == 422
    assert "My long text" in page.text
    assert "submitted, and waits for the chair" in page.text
    alone = save_field(worker, address, "sought", typed)
    assert alone.status_code == 422
    assert "submitted, and waits for the chair" in alone.text
    assert worker.get(f"{address}/referral").status_code == 303
    assert "sought" not in stored(house, address)


@pytest.mark.clause("BEX-1.10")
def test_the_chair_accepts_and_others_have_no_such_buttons(house: House) -> None:
    _, meeting = house.meeting()
    address = submitted(house, meeting)
    assert "Accept onto the agenda" not in house.client("social.worker").get(address).text
    assert "Accept onto the agenda" not in house.client("panel.administrator").get(address).text
    chair = house.client("panel.chair")
    assert "Accept onto the agenda" in chair.get(address).text
    assert chair.post(f"{address}/accept").status_code == 303
    page = chair.get(address).text
    assert "case 1 on the agenda of 3 December 2026" in page
    assert "Accept onto the agenda" not in page
    assert chair.post(f"{address}/accept").status_code == 422


def test_the_vice_chair_may_accept_and_a_chair_by_role_alone_may_not(house: House) -> None:
    _, meeting = house.meeting()
    address = submitted(house, meeting)
    house.account("panel.chair", "second.chair@bexley.example")
    second = house.client("second.chair")
    assert "Accept onto the agenda" not in second.get(address).text
    for step in ("accept", "send-back", "defer"):
        assert second.post(f"{address}/{step}").status_code == 404
    assert house.client("head.of.service").post(f"{address}/accept").status_code == 303


@pytest.mark.clause("BEX-1.10")
def test_a_referral_is_sent_back_with_the_chairs_words_and_submitted_again(house: House) -> None:
    _, meeting = house.meeting()
    address = submitted(house, meeting)
    chair, worker = house.client("panel.chair"), house.client("social.worker")
    refused = chair.post(f"{address}/send-back", data={"send-back-reason": " "})
    assert refused.status_code == 422
    assert "Say what the referrer has to put right" in refused.text
    chair.post(f"{address}/send-back", data={"send-back-reason": "Say what is sought"})
    form = worker.get(f"{address}/referral")
    assert "Say what is sought" in form.text
    again = worker.post(f"{address}/submit", data={"sought": "A match", "sought-seen": "0"})
    assert again.status_code == 303
    assert state(house, address) == "submitted"


@pytest.mark.clause("BEX-1.6")
def test_a_case_is_deferred_to_a_later_meeting(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    _, later = house.meeting(NEXT)
    address = submitted(house, meeting)
    chair = house.client("panel.chair")
    refused = chair.post(
        f"{address}/defer", data={"defer-meeting": meeting, "defer-reason": "Because it is full"}
    )
    assert refused.status_code == 422
    assert "Because it is full" in refused.text
    chair.post(f"{address}/defer", data={"defer-meeting": later, "defer-reason": "Full"})
    page = chair.get(address).text
    assert "Deferred to the meeting of 17 December 2026. Its papers go with it" in page
    assert page.count("Deferred it to the meeting of 17 December 2026") == 2
    assert state(house, address) == "submitted"


def test_only_the_referrer_withdraws(house: House) -> None:
    address = refer(house)
    manager = house.client("team.manager")
    assert manager.post(f"{address}/withdraw", data={"withdraw-reason": "x"}).status_code == 404
    worker = house.client("social.worker")
    assert worker.post(f"{address}/withdraw", data={"withdraw-reason": ""}).status_code == 422
    assert worker.post(f"{address}/withdraw", data={"withdraw-reason": "x"}).status_code == 303
    assert state(house, address) == "withdrawn"


@pytest.mark.parametrize("path", ["", "/referral"])
def test_nobody_else_finds_the_case(house: House, path: str) -> None:
    _, child = house.child(worker=None, team="")
    address = refer(house, "iro", child)
    other = House(house.app, house.today, "TOY", "toyshire")
    for client in (
        house.client("social.worker"),
        house.client("panel.member"),
        house.client("authority.administrator"),
        other.client("panel.chair"),
        other.client("iro"),
    ):
        answer = client.get(f"{address}{path}")
        assert answer.status_code == 404
        assert "Thistlewick" not in answer.text


POSTS = [
    "/referral",
    "/referral/field?field=sought",
    "/submit",
    "/withdraw",
    "/accept",
    "/send-back",
    "/defer",
]


@pytest.mark.parametrize("path", POSTS)
def test_nobody_else_changes_the_case(house: House, path: str) -> None:
    _, child = house.child(worker=None, team="")
    address = refer(house, "iro", child)
    before = stored(house, address)
    other = House(house.app, house.today, "TOY", "toyshire")
    for client in (
        house.client("social.worker"),
        house.client("inspector"),
        house.client("panel.member"),
        other.client("panel.chair"),
        other.client("iro"),
    ):
        answer = client.post(f"{address}{path}", data={"sought": "x", "sought-seen": "0"})
        assert answer.status_code == 404
    assert (stored(house, address), state(house, address)) == (before, "draft")


def test_a_child_with_a_case_under_way_is_referred_again_only_when_it_is_meant(
    house: House,
) -> None:
    _, meeting = house.meeting()
    _, child = house.child()
    first = submitted(house, meeting, child)
    manager = house.client("team.manager")
    told = manager.post(f"/children/{child}/refer")
    assert told.status_code == 422
    assert "There is a case of this child at the" in told.text
    assert f'href="{first}"' in told.text
    assert "submitted, and waits for the chair" in told.text
    assert "Refer all the same" in told.text
    second = manager.post(f"/children/{child}/refer", data={"confirm": "yes"})
    assert second.status_code == 303
    assert second.headers["Location"] != f"{first}/referral"
    assert len(db.session.execute(sa.select(PanelCase.id)).all()) == 2


def test_a_child_who_is_not_seen_cannot_be_referred(house: House) -> None:
    _, child = house.child(worker=None)
    assert house.client("social.worker").post(f"/children/{child}/refer").status_code == 404
    assert house.client("panel.chair").post(f"/children/{child}/refer").status_code == 404


def test_the_inspector_and_the_administrator_read_the_case_but_not_the_form(house: House) -> None:
    address = refer(house)
    for role in ("inspector", "panel.administrator"):
        client = house.client(role)
        assert client.get(address).status_code == 200
    assert house.client("inspector").get(f"{address}/referral").status_code == 404
    to_page = house.client("panel.administrator").get(f"{address}/referral")
    assert to_page.headers["Location"].endswith(address)


def test_a_look_at_the_case_is_a_look_at_its_child(house: House) -> None:
    _, child = house.child()
    house.client("panel.chair").get(refer(house, child=child))
    looks = db.session.execute(
        sa.select(AuditRow.did).where(
            AuditRow.subject_id == child, AuditRow.account_id == house.accounts["panel.chair"]
        )
    ).scalars()
    assert list(looks) == ["look"]


def test_an_expired_session_loses_nothing_typed(house: House) -> None:
    address = refer(house)
    client = house.client()
    person = {"email": "social.worker@bexley.example", "password": PASSWORD}
    assert client.post("/sign-in", data=person).status_code == 303
    client.delete_cookie("session")
    typed = {"sought": "Three paragraphs", "sought-seen": "0"}
    typed |= {"why-not": "Two", "why-not-seen": "0"}
    asked = client.post(f"{address}/referral", data=typed)
    assert asked.status_code == 401
    kept = html.unescape(hidden(asked.text)["kept"])
    offered = client.post(
        "/sign-in",
        data={
            **person,
            "kept": kept,
            "whose": hidden(asked.text)["whose"],
            "next_page": f"{address}/referral",
        },
    )
    assert "Three paragraphs" in offered.text
    again = {name: value for name, value in hidden(offered.text).items() if name != "csrf_token"}
    assert client.post(f"{address}/referral", data=again).status_code == 303
    assert stored(house, address)["sought"] == "Three paragraphs"
    assert stored(house, address)["why-not"] == "Two"


def test_an_authority_with_another_form_has_its_own_questions(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    _, child = other.child()
    address = refer(other, child=child)
    page = other.client("social.worker").get(f"{address}/referral")
    assert page.status_code == 200
    assert "What is asked of the Circle?" in page.text
    assert "Corporate Parenting" not in page.text
    assert other.client("social.worker").get(address).status_code == 200
