"""The page of one item: who sees it, the draft that saves itself, and the recorded decision."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.sitting import HELD, book, sit, who
from docx import Document
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.store.database import db
from core.store.tables import AuditRow, Booking, CaseChild, Child, Decision, Meeting, PanelCase

ANSWERS = {
    "criteria": "drift",
    "sought": "Agree the plan & say why <now>",
    "worker": "Wilf Quill",
    "team": "Quill team",
}


@pytest.fixture(autouse=True)
def browsers(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def item(house: House) -> str:
    """The public id of a case on a quorate, open panel."""
    child_id, _ = house.child(born=date(2019, 11, 25))
    meeting_id, _ = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id)
    return book(house, meeting_id, (child_id,), answers=ANSWERS)[0]


def as_shown(page: TestResponse, **typed: str) -> dict[str, str]:
    """What a browser would send of the draft's form: what it shows, and what is typed over it."""
    form = page.text.split('/draft"')[1].split("</form>")[0]
    sent = dict(re.findall(r'name="([^"]+-seen)" value="(\d+)"', form))
    sent |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    return sent | typed


def draft(client: FlaskClient, item: str, **typed: str) -> dict[str, str]:
    return as_shown(client.get(f"/items/{item}"), **typed)


def test_the_page_shows_child_age_on_the_day_referral_time_and_principles(
    house: House, item: str
) -> None:
    page = house.client("panel.chair").get(f"/items/{item}")
    assert page.status_code == 200
    assert "Orlin Thistlewick, aged 6" in page.text
    assert "Agree the plan &amp; say why &lt;now&gt;" in page.text
    assert "drift and delay" in page.text
    assert "25 minutes" in page.text
    assert "May the meeting decide?" in page.text
    assert "Inspector Of Bexley" not in page.text
    assert "Authority Administrator Of Bexley" not in page.text
    assert "Social Worker Of Bexley" in page.text
    assert "The seven Corporate Parenting principles" in page.text
    assert page.text.count('class="govuk-checkboxes__input" type="checkbox"') == 11
    looks = db.session.execute(sa.select(AuditRow.subject).where(AuditRow.did == "look")).scalars()
    assert "child" in set(looks)


@pytest.mark.parametrize("role", ["inspector", "panel.member", "social.worker"])
def test_who_does_not_run_the_meeting_sees_the_case_and_no_draft(
    house: House, item: str, role: str
) -> None:
    client = house.client(role)
    page = client.get(f"/items/{item}")
    assert page.status_code == 200
    assert "Record the decision" not in page.text
    for action in ("draft", "draft/field?field=rationale", "decision", "table"):
        answer = client.post(f"/items/{item}/{action}", data={"rationale-seen": "0"})
        assert answer.status_code == 404


def test_another_authority_and_another_worker_find_nothing(house: House, item: str) -> None:
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    house.account("social.worker", "elsewhere@bexley.example")
    house.accounts["social.worker"] = house.accounts["elsewhere"]
    for client in (
        other.client("panel.chair"),
        other.client("panel.administrator"),
        house.client("social.worker"),
        house.client("authority.administrator"),
    ):
        page = client.get(f"/items/{item}")
        assert page.status_code == 404
        assert "Thistlewick" not in page.text
    for action in ("draft", "draft/field?field=rationale", "decision", "table", "declarations"):
        answer = other.client("panel.chair").post(f"/items/{item}/{action}", data={})
        assert answer.status_code == 404


def test_one_field_saves_itself_and_answers_with_its_new_version(house: House, item: str) -> None:
    client = house.client("panel.administrator")
    answer = client.post(
        f"/items/{item}/draft/field?field=rationale",
        data={"rationale": "Drift", "rationale-seen": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert 'name="rationale-seen" value="1"' in answer.text
    assert "<html" not in answer.text
    assert ">Drift</textarea>" in client.get(f"/items/{item}").text
    unknown = client.post(f"/items/{item}/draft/field?field=nothing", data={"nothing-seen": "0"})
    assert unknown.status_code == 404


def test_a_date_is_kept_as_it_was_typed_until_it_is_one(house: House, item: str) -> None:
    client = house.client("panel.administrator")
    boxes = {"return-by-day": "31", "return-by-month": "2", "return-by-year": "2027"}
    client.post(f"/items/{item}/draft", data=draft(client, item, **boxes))
    page = client.get(f"/items/{item}")
    assert 'value="31"' in page.text and 'value="2027"' in page.text
    answer = client.post(f"/items/{item}/decision", data=as_shown(page, **boxes))
    assert answer.status_code == 422
    assert "must be a real date" in answer.text


def test_different_fields_of_two_people_are_both_kept(house: House, item: str) -> None:
    chair, administrator = house.client("panel.chair"), house.client("panel.administrator")
    one = draft(chair, item, rationale="Because of drift")
    other = draft(administrator, item, discussion="A long discussion")
    assert chair.post(f"/items/{item}/draft", data=one).status_code == 303
    assert administrator.post(f"/items/{item}/draft", data=other).status_code == 303
    page = chair.get(f"/items/{item}").text
    assert "Because of drift" in page and "A long discussion" in page


@pytest.mark.parametrize("where", ["draft", "decision", "draft/field?field=rationale"])
def test_the_same_field_gives_422_with_both_texts_and_a_choice(
    house: House, item: str, where: str
) -> None:
    chair, administrator = house.client("panel.chair"), house.client("panel.administrator")
    one = draft(chair, item, rationale="The chair's words")
    other = draft(administrator, item, rationale="The other words")
    chair.post(f"/items/{item}/draft", data=one)
    answer = administrator.post(f"/items/{item}/{where}", data=other)
    assert answer.status_code == 422
    assert "The other words" in answer.text
    assert "The chair&#39;s words" in answer.text
    assert "Panel Chair Of Bexley" in answer.text
    clash = dict(re.findall(r'name="(rationale-clash)" value="(\d+)"', answer.text))
    mine = {"rationale-keep": "mine"}
    assert administrator.post(f"/items/{item}/draft", data=other | clash | mine).status_code == 303
    assert "The other words" in administrator.get(f"/items/{item}").text


def test_keeping_theirs_leaves_the_stored_words(house: House, item: str) -> None:
    chair, administrator = house.client("panel.chair"), house.client("panel.administrator")
    other = draft(administrator, item, rationale="Mine")
    chair.post(f"/items/{item}/draft", data=draft(chair, item, rationale="Theirs"))
    answer = administrator.post(
        f"/items/{item}/draft/field?field=rationale",
        data=other | {"rationale-keep": "theirs"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert ">Theirs</textarea>" in answer.text
    assert 'hx-swap-oob="true"' in answer.text


def chosen(house: House) -> dict[str, str]:
    row = "outcome-care-planning-review"
    return {
        f"{row}.chosen": "yes",
        f"{row}.owner": who(house, "team.manager"),
        "outcome-refer-mother.chosen": "yes",
        "outcome-refer-mother.person-name": "Maud Wisp",
        "outcome-refer-legal-planning.chosen": "yes",
        "rationale": "Drift & delay",
        "agreed": "First point\nSecond point",
        "discussion": "All spoke",
    }


@pytest.mark.clause("BEX-1.24")
@pytest.mark.clause("BEX-A.B")
def test_a_decision_is_recorded_shown_frozen_and_given_as_a_document(
    house: House, item: str
) -> None:
    house.meeting(date(2026, 12, 3))
    client = house.client("panel.chair")
    boxes = {"return-by-day": "10", "return-by-month": "12", "return-by-year": "2026"}
    answer = client.post(
        f"/items/{item}/decision", data=draft(client, item, **chosen(house), **boxes)
    )
    assert answer.status_code == 303
    page = client.get(f"/items/{item}").text
    assert "It returns on 3 December 2026" in page
    assert "recorded and frozen" in page
    assert "by 7 December 2026: 10 working days after the panel on 23 November 2026" in page
    assert "A referral was made" in page and "Maud" not in page
    assert "Pause" not in page and "BEX-1.23.h" not in page
    assert "May the meeting decide?" not in page
    document = re.search(r"/items/\w+/children/\w+/decision\.docx", page)
    assert document is not None
    got = client.get(document[0])
    assert got.status_code == 200 and got.data[:2] == b"PK"
    assert "Thistlewick" not in got.headers["Content-Disposition"]
    looks = db.session.execute(sa.select(AuditRow.after).where(AuditRow.subject == "document"))
    assert [row[0]["kind"] for row in looks] == ["decision"]
    again = db.session.execute(
        sa.select(Booking.public_id)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .where(Meeting.held_on == date(2026, 12, 3))
    ).scalar_one()
    returned = client.get(f"/items/{again}").text
    assert "Drift &amp; delay" in returned and "Returns by 10 December 2026" in returned


@pytest.mark.clause("BEX-1.23.h")
def test_nobody_reads_on_the_childs_pages_whose_the_referral_was_or_to_what(
    house: House, item: str
) -> None:
    _, meeting = house.meeting(date(2026, 12, 3))
    chair = house.client("panel.chair")
    assert "Pause" in chair.get(f"/items/{item}").text
    answer = chair.post(f"/items/{item}/decision", data=draft(chair, item, **chosen(house)))
    assert answer.status_code == 303
    case, held, child = db.session.execute(
        sa.select(PanelCase.public_id, Meeting.public_id, Child.public_id)
        .join(Meeting, Meeting.id == PanelCase.meeting_id)
        .join(CaseChild, CaseChild.case_id == PanelCase.id)
        .join(Child, Child.id == CaseChild.child_id)
    ).one()
    db.session.rollback()
    for role in ("panel.member", "social.worker", "inspector"):
        client = house.client(role)
        for address in (
            f"/items/{item}",
            f"/cases/{case}",
            f"/meetings/{held}",
            f"/meetings/{meeting}",
            f"/children/{child}",
        ):
            page = client.get(address)
            assert page.status_code == 200
            assert "Pause" not in page.text and "BEX-1.23.h" not in page.text
        assert "Recommendation</strong>: A referral was made" in client.get(f"/items/{item}").text
    minutes = chair.get(f"/meetings/{held}/minutes")
    said = "\n".join(p.text for p in Document(BytesIO(minutes.data)).paragraphs)
    assert "A referral was made" in said and "Pause" not in said and "1.23.h" not in said
    part_b = chair.get(f"/items/{item}/children/{child}/decision.docx")
    lines = [p.text for p in Document(BytesIO(part_b.data)).paragraphs]
    ticked = lines.index("☒ Refer to Pause")
    assert lines[ticked + 1] == "Recommendation: A referral was made"


def test_a_refused_decision_keeps_every_word_and_names_each_field(house: House, item: str) -> None:
    client = house.client("panel.administrator")
    sent = draft(client, item, discussion="All spoke", **{"outcome-amend-care-plan.chosen": "yes"})
    answer = client.post(f"/items/{item}/decision", data=sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'href="#outcome-amend-care-plan.owner"' in answer.text
    assert 'href="#rationale"' in answer.text
    assert "All spoke" in answer.text
    assert re.search(r'id="outcome-amend-care-plan-chosen"[^>]* checked', answer.text)


def test_a_date_in_another_century_is_refused_beside_its_field_and_stays_typed(
    house: House, item: str
) -> None:
    client = house.client("panel.administrator")
    row = "action-0001-abcd"
    typed = {f"{row}.what": "Write to the school", f"{row}.owner": who(house, "iro")}
    typed |= {f"{row}.due-day": "20", f"{row}.due-month": "12", f"{row}.due-year": "2099"}
    typed |= {"outcome-continue-care-plan.chosen": "yes", "rationale": "R", f"{row}.due-seen": "0"}
    answer = client.post(f"/items/{item}/decision", data=draft(client, item, **typed))
    assert answer.status_code == 422
    assert f'href="#{row}.due"' in answer.text
    assert answer.text.count("must be 23 November 2028 or earlier: 24 months (set here") == 2
    assert 'value="2099"' in answer.text
    assert db.session.execute(sa.select(Decision.id)).first() is None


@pytest.mark.clause("BEX-1.2")
def test_nothing_is_recorded_in_an_inquorate_meeting_and_the_page_says_why(house: House) -> None:
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(HELD, state="open")
    sit(house, meeting_id, ("chair", "adoption"))
    item, _ = book(house, meeting_id, (child_id,))
    client = house.client("panel.chair")
    page = client.get(f"/items/{item}")
    assert "Not quorate" in page.text
    sent = as_shown(page, rationale="R", **{"outcome-continue-care-plan.chosen": "yes"})
    answer = client.post(f"/items/{item}/decision", data=sent)
    assert answer.status_code == 422 and "Not quorate" in answer.text
    assert db.session.execute(sa.select(Decision.id)).first() is None


def test_the_second_to_record_sees_the_first_decision_and_their_own_words(
    house: House, item: str
) -> None:
    chair, administrator = house.client("panel.chair"), house.client("panel.administrator")
    late = draft(administrator, item, rationale="My own reasons")
    chair.post(f"/items/{item}/decision", data=draft(chair, item, **chosen(house)))
    answer = administrator.post(f"/items/{item}/decision", data=late)
    assert answer.status_code == 422
    assert "recorded by Panel Chair Of Bexley" in answer.text
    assert "Drift &amp; delay" in answer.text
    assert "My own reasons" in answer.text


@pytest.mark.clause("BEX-1.3")
def test_a_member_declares_on_an_item(house: House, item: str) -> None:
    client = house.client("panel.member")
    page = client.get(f"/items/{item}").text
    member = re.search(r'<option value="(\d+)">', page)
    assert member is not None
    answer = client.post(f"/items/{item}/declarations", data={"member": "", "what": "I know her"})
    assert answer.status_code == 422 and "I know her" in answer.text
    answer = client.post(
        f"/items/{item}/declarations", data={"member": member[1], "what": "I know her aunt"}
    )
    assert answer.status_code == 303
    assert "I know her aunt" in client.get(f"/items/{item}").text
    assert "Written by" not in client.get(f"/items/{item}").text


@pytest.mark.clause("BEX-1.3")
def test_a_member_is_offered_themself_and_who_runs_the_meeting_everybody_there(
    house: House, item: str
) -> None:
    def offered(role: str) -> list[tuple[str, str]]:
        page = house.client(role).get(f"/items/{item}").text
        form = page.split("/declarations")[1].split("</form>")[0]
        return re.findall(r'<option value="(\d+)">([^<]+)<', form)

    assert [name for _, name in offered("panel.member")] == ["Panel Member Of Bexley"]
    everybody = offered("panel.administrator")
    assert len(everybody) == 3
    other = next(number for number, name in everybody if name.startswith("Adoption"))
    typed = {"member": other, "what": "Her cousin is my neighbour"}
    refused = house.client("panel.member").post(f"/items/{item}/declarations", data=typed)
    assert refused.status_code == 422
    assert "A member declares for themself only" in refused.text
    assert typed["what"] in refused.text
    written = house.client("panel.administrator").post(f"/items/{item}/declarations", data=typed)
    assert written.status_code == 303
    page = house.client("panel.member").get(f"/items/{item}").text
    assert "Her cousin is my neighbour" in page
    assert "Written by Panel Administrator Of Bexley" in page


TOO_LONG = "This answer is too long: at most 20,000 characters, and it has 30,112"


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("rationale", "20,000"),
        ("discussion", "20,000"),
        ("agreed", "20,000"),
        ("action-0001-abcd.what", "20,000"),
        ("outcome-refer-mother.person-name", "200"),
    ],
)
@pytest.mark.parametrize("where", ["draft", "decision"])
def test_words_too_long_are_refused_beside_their_field_and_kept_whole(
    house: House, item: str, where: str, field: str, most: str
) -> None:
    client = house.client("panel.administrator")
    typed = "w" * 30_110 + "ZZ"
    sent = draft(client, item, discussion="All spoke") | {field: typed, f"{field}-seen": "0"}
    answer = client.post(f"/items/{item}/{where}", data=sent)
    assert answer.status_code == 422
    assert TOO_LONG.replace("20,000", most) in answer.text
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert typed in answer.text
    kept = client.get(f"/items/{item}").text
    assert "wZZ" not in kept and ("All spoke" in kept) == (field != "discussion")


def test_one_field_too_long_is_not_saved_and_says_so(house: House, item: str) -> None:
    client = house.client("panel.administrator")
    answer = client.post(
        f"/items/{item}/draft/field?field=rationale",
        data={"rationale": "w" * 30_112, "rationale-seen": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert TOO_LONG in answer.text and "Not saved" in answer.text


def test_sixty_further_actions_are_kept_and_the_next_is_refused(house: House, item: str) -> None:
    client = house.client("panel.administrator")
    sent = {}
    for number in range(1, 63):
        name = f"action-{number:04d}-abcd.what"
        sent |= {name: f"Thing {number};", f"{name}-seen": "0"}
    answer = client.post(f"/items/{item}/draft", data=sent)
    assert answer.status_code == 422
    assert "At most 60 further actions can be kept" in answer.text
    assert "Thing 60;" in answer.text and "Thing 62;" in answer.text
    kept = client.get(f"/items/{item}").text
    assert "Thing 60;" in kept and "Thing 61;" not in kept


@pytest.mark.parametrize("year", ["1899", "2101", "9" * 5000])
def test_a_return_date_of_no_such_year_is_refused(house: House, item: str, year: str) -> None:
    client = house.client("panel.administrator")
    boxes = {"return-by-day": "3", "return-by-month": "12", "return-by-year": year}
    chosen = {"outcome-continue-care-plan.chosen": "yes", "rationale": "R"}
    sent = draft(client, item) | boxes | chosen
    answer = client.post(f"/items/{item}/decision", data=sent)
    assert answer.status_code == 422
    assert "must be a real date" in answer.text and year in answer.text
    assert db.session.execute(sa.select(Decision.id)).first() is None


def test_a_reason_for_tabling_that_is_too_long_is_kept_and_refused(house: House, item: str) -> None:
    _, meeting = house.meeting(date(2026, 12, 3))
    typed = {"meeting": meeting, "reason": "w" * 201}
    answer = house.client("panel.chair").post(f"/items/{item}/table", data=typed)
    assert answer.status_code == 422
    assert "at most 200 characters, and it has 201" in answer.text
    assert "w" * 201 in answer.text


@pytest.mark.clause("BEX-1.19")
def test_the_chair_tables_a_case_and_a_missing_reason_is_asked_for(house: House, item: str) -> None:
    _, meeting = house.meeting(date(2026, 12, 3))
    client = house.client("panel.chair")
    answer = client.post(f"/items/{item}/table", data={"meeting": meeting, "reason": ""})
    assert answer.status_code == 422 and "Enter the reason" in answer.text
    refused = house.client("panel.administrator").post(f"/items/{item}/table", data={})
    assert refused.status_code == 404
    answer = client.post(f"/items/{item}/table", data={"meeting": meeting, "reason": "No time"})
    assert answer.status_code == 303
    assert "Tabled for the panel on 3 December 2026: No time" in client.get(f"/items/{item}").text
    case = db.session.execute(sa.select(PanelCase.public_id)).scalar_one()
    history = client.get(f"/cases/{case}").text
    assert "Tabled it for the meeting of 3 December 2026" in history
    assert "Tabled for the panel on 3 December 2026: No time" in history


def test_the_next_child_is_one_link_away(house: House, item: str) -> None:
    meeting_id = db.session.execute(sa.select(Meeting.id)).scalar_one()
    db.session.rollback()
    child_id, _ = house.child(local_id="0102", given_name="Pim")
    second, _ = book(house, meeting_id, (child_id,), position=2)
    client = house.client("panel.chair")
    assert f'/items/{second}" rel="next"' in client.get(f"/items/{item}").text
    assert f'/items/{item}" rel="prev"' in client.get(f"/items/{second}").text


def test_the_number_of_queries_does_not_grow_with_the_agenda(house: House, item: str) -> None:
    def queries() -> int:
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1

        sa.event.listen(db.engine, "before_cursor_execute", count)
        client.get(f"/items/{item}")
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return counted

    client = house.client("panel.chair")
    client.get(f"/items/{item}")
    before = queries()
    meeting_id = db.session.execute(sa.select(Meeting.id)).scalar_one()
    db.session.rollback()
    for number in range(4):
        child_id, _ = house.child(local_id=f"03{number}")
        book(house, meeting_id, (child_id,), position=number + 2)
    assert queries() == before


def test_another_procedure_is_followed_without_a_word_of_this_one(house: House) -> None:
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    child_id, _ = other.child()
    meeting_id, _ = other.meeting(HELD, state="open")
    sit(other, meeting_id, ("chair", "social-work"))
    item, _ = book(other, meeting_id, (child_id,), answers={"sought": "A home"})
    client = other.client("panel.administrator")
    page = client.get(f"/items/{item}")
    assert "Recommendation or decision?" not in page.text
    assert "Date by which the case returns" not in page.text
    row = "outcome-toy-carry-on"
    typed = {f"{row}.chosen": "yes", f"{row}.owner": who(other, "iro"), "rationale": "Cheer"}
    answer = client.post(f"/items/{item}/decision", data=as_shown(page, **typed))
    assert answer.status_code == 303
    page = client.get(f"/items/{item}").text
    assert "by 7 December 2026: 2 weeks after the Circle on 23 November 2026 (TOY-4)" in page
    assert "decision.docx" not in page


def test_a_child_without_a_name_is_called_the_same_on_every_page(house: House) -> None:
    born = date(2019, 11, 25)
    child_id, child = house.child("0101", "", "", born, sibling_group="ONE")
    _, sister = house.child("0102", sibling_group="ONE")
    meeting_id, meeting = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id)
    item = book(house, meeting_id, (child_id,), answers=ANSWERS)[0]
    chair = house.client("panel.chair")
    for address in (f"/items/{item}", f"/meetings/{meeting}", f"/children/{child}"):
        assert "Child 0101" in chair.get(address).text, address
    worker = house.client("social.worker")
    for address in (f"/children/{sister}", "/children"):
        assert "Child 0101</a>" in worker.get(address).text, address
