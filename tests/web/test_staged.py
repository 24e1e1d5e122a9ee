"""The pages of a final care plan: each role's part, who is refused, and what was typed is kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from builders.house import AT, House
from builders.staged import (
    STEP_OF,
    TEXT,
    answered,
    asked,
    complete,
    corrected,
    following,
    invited,
    proceedings,
    row_of,
    started,
)
from docx import Document
from werkzeug.test import TestResponse

from core.store.database import db
from core.usecases.record import take_out

FILED = {"filed-day": "23", "filed-month": "11", "filed-year": "2026"}


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return following(house)


def seen(house: House, role: str, address: str) -> str:
    answer = house.client(role).get(address)
    db.session.rollback()
    assert answer.status_code == 200, (role, address)
    return " ".join(answer.get_data(as_text=True).split())


def post(house: House, role: str, address: str, **typed: Any) -> TestResponse:
    answer = house.client(role).post(address, data=typed)
    db.session.rollback()
    return answer


@pytest.mark.clause("PPM10-11")
def test_each_role_does_its_part_from_the_first_page_and_it_is_filed(house: House) -> None:
    _, child = house.child()
    of = proceedings(house, child)
    court = seen(house, "social.worker", f"/children/{child}/court")
    new = f"/children/{child}/staged/final-care-plan?of={of}"
    assert f'href="{new}"' in court
    form = seen(house, "social.worker", new)
    assert "Review by the ISRO, and beside it Review by legal" in form and "PPM10-11" in form
    gone = post(house, "social.worker", new.partition("?")[0], text=TEXT, of="gone")
    assert gone.status_code == 422 and TEXT in gone.text
    assert "These proceedings are not recorded any more" in gone.text
    begun = post(house, "social.worker", new.partition("?")[0], text=TEXT, of=of)
    assert begun.status_code == 303
    address = begun.headers["Location"]
    page = seen(house, "social.worker", address)
    assert TEXT in page and "No legal colleague is invited to it yet" in page
    early = post(house, "social.worker", f"{address}/file", number="1", **FILED)
    assert early.status_code == 422
    text = " ".join(early.get_data(as_text=True).split())
    assert "Stage 1, Approval by the team manager" in text and "Stage 3" in text
    assert 'value="23"' in text
    who = invited(house, address.rpartition("/")[2])
    assert who
    assert post(house, "social.worker", f"{address}/ask", number="1").status_code == 303
    for role, step in STEP_OF.items():
        home = seen(house, role, "/")
        assert "Read the final care plan, and approve it or send it back" in home, role
        assert "Orlin Thistlewick" in home and f"{address}#answer" in home
        page = seen(house, role, address)
        assert f'value="{step}"' in page, role
        said = post(house, role, f"{address}/answer", number="1", step=step, words="Read by me")
        assert said.status_code == 303, role
        assert "Read the final care plan" not in seen(house, role, "/")
    assert "Have the final care plan filed with the court" in seen(house, "social.worker", "/")
    assert "Approved at every stage" in seen(house, "social.worker", f"/children/{child}/court")
    assert post(house, "social.worker", f"{address}/file", number="1", **FILED).status_code == 303
    page = seen(house, "inspector", address)
    assert "Filed with the court" in page and "23 November 2026" in page
    assert page.count("Read by me") == 8  # beside the step and in the history
    assert house.client("legal").get(address).status_code == 404


@pytest.mark.clause("PPM10-11")
def test_it_stays_with_its_proceedings_whatever_is_said_of_their_day(house: House) -> None:
    _, child = house.child()
    of = proceedings(house, child)
    other = proceedings(house, child, application="placement-order")
    made = started(house, child, of=of)

    def court() -> tuple[str, str]:
        """What the page says of the one proceedings, and of all that follows them."""
        whole = seen(house, "social.worker", f"/children/{child}/court")
        return whole, whole.partition("Other documents for the court")[2]

    page, others = court()
    assert page.count(f"/staged/{made}") == 1 and not others
    assert f"final-care-plan?of={other}" in page and f"final-care-plan?of={of}" not in page
    corrected(house, of, issued_on="2026-09-14")
    page, others = court()
    assert page.count(f"/staged/{made}") == 1 and not others
    assert "14 September 2026" in seen(house, "social.worker", f"/staged/{made}")
    take_out(house.scope("social.worker"), of, 2, "It was of another child", AT)
    assert f"/staged/{made}" in court()[1]


def test_the_wrong_person_finds_nothing(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    address = f"/staged/{made}"
    for role in ("legal", "panel.member", "kinship"):
        assert house.client(role).get(address).status_code == 404, role
        db.session.rollback()
        assert post(house, role, f"{address}/answer", step="legal").status_code == 404, role
    for role in ("service.manager", "iro", "inspector"):
        seen(house, role, address)
    for action in ("answer", "send-back"):
        assert post(house, "service.manager", f"{address}/{action}").status_code == 404
    invited(house, made)
    for action in ("text", "ask", "invite", "end-invitation", "file"):
        answer = post(house, "legal", f"{address}/{action}", number="1")
        assert answer.status_code in (403, 404), action
    assert house.client("social.worker").get(f"/children/{child}/staged/gone").status_code == 404


@pytest.mark.clause("PPM10-11")
def test_sent_back_with_words_and_changed_text_shows_what_it_voids(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    address = f"/staged/{made}"
    invited(house, made)
    asked(house, made)
    answered(house, made, "team.manager", "A clear plan")
    empty = post(house, "legal", f"{address}/send-back", step="legal", number="1", to="", why="")
    assert empty.status_code == 422
    assert "Choose to whom it goes back" in empty.text and "Say why it goes back" in empty.text
    kept = post(
        house, "legal", f"{address}/send-back", step="legal", number="1", to="", why="The threshold"
    )
    assert kept.status_code == 422 and "The threshold</textarea>" in kept.text
    sent = {"step": "legal", "number": "1", "to": "author", "why": "The threshold is missing"}
    assert post(house, "legal", f"{address}/send-back", **sent).status_code == 303
    home = seen(house, "social.worker", "/")
    assert "Go on with the final care plan that was sent back" in home
    page = seen(house, "social.worker", address)
    assert "Sent back to the author, from Review by legal" in page
    assert "The threshold is missing" in page
    asked(house, made)
    answered(house, made, "team.manager")
    form = seen(house, "social.worker", f"{address}/text")
    assert "counts no more: Approval by the team manager" in form
    changed = post(house, "social.worker", f"{address}/text", number="1", text="With threshold")
    assert changed.status_code == 303
    page = seen(house, "social.worker", address)
    assert "voided by version 2 of the text" in page and TEXT in page and "With threshold" in page
    home = seen(house, "social.worker", "/")
    assert "Ask for approval of the final care plan again" in home and f"{address}#ask" in home
    assert "Read the final care plan" not in seen(house, "team.manager", "/")


def test_two_who_change_the_text_see_both(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    address = f"/staged/{made}/text"
    first = {"number": "1", "text": "The worker’s text"}
    assert post(house, "social.worker", address, **first).status_code == 303
    late = post(house, "team.manager", address, number="1", text="The manager’s text")
    assert late.status_code == 422
    assert "The worker’s text" in late.text and "The manager’s text" in late.text
    assert 'name="number" value="2"' in late.text
    both = {"number": "2", "text": "Both"}
    assert post(house, "team.manager", address, **both).status_code == 303
    assert post(house, "team.manager", address, number="3", text=" ").status_code == 422


def test_what_was_read_and_is_another_text_now_is_not_approved(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    asked(house, made)
    post(house, "social.worker", f"/staged/{made}/text", number="1", text="Another")
    asked(house, made)
    late = post(
        house,
        "team.manager",
        f"/staged/{made}/answer",
        number="1",
        step="team-manager",
        words="As I read it",
    )
    assert late.status_code == 422
    assert "The text has been changed since you read it" in late.text
    assert "As I read it" in late.text


@pytest.mark.clause("PPM10-11")
def test_the_word_document_has_the_text_and_its_approvals(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    complete(house, made)
    answer = house.client("head.of.service").get(f"/staged/{made}/document.docx")
    db.session.rollback()
    assert answer.status_code == 200
    assert "Thistlewick" not in answer.headers["Content-Disposition"]
    document = Document(io.BytesIO(answer.get_data()))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert TEXT in words and "Approved at every stage" in words
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[1] for row in rows[1:]] == [
        "Approval by the team manager",
        "Review by the ISRO",
        "Review by legal",
        "Approval by the head of service",
    ]
    assert [row[2] for row in rows[1:]] == ["Approved", "Reviewed", "Reviewed", "Approved"]
    assert row_of(house, made).number == 1


def test_it_is_given_up_with_a_reason_that_stays(house: House) -> None:
    _, child = house.child()
    made = started(house, child, of=proceedings(house, child))
    address = f"/staged/{made}"
    empty = post(house, "social.worker", f"{address}/give-up", number="1", up="")
    assert empty.status_code == 422 and "Say why it is given up" in empty.text
    given = {"number": "1", "up": "Begun for another child"}
    assert post(house, "social.worker", f"{address}/give-up", **given).status_code == 303
    page = seen(house, "social.worker", address)
    assert "Given up" in page and "Begun for another child" in page
    court = seen(house, "social.worker", f"/children/{child}/court")
    assert "Given up" in court and "Write another" in court
    assert "Change the text" not in page and "Ask for approval" not in page
