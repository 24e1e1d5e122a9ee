"""The court page of a child: proceedings, the guardian's views, and what is not known."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.staged import corrected, following, in_care, proceedings

from core.store.database import db
from core.store.tables import AuditRow
from core.usecases import record_new


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return following(house)


def seen(house: House, role: str, address: str) -> str:
    answer = house.client(role).get(address)
    db.session.rollback()
    assert answer.status_code == 200, address
    return " ".join(answer.get_data(as_text=True).split())


def say(house: House, child: str, on: str, words: str) -> None:
    said = {"whose": "guardian", "said_on": on, "words": words}
    record_new.add(house.scope("social.worker"), child, "view", said, AT)


@pytest.mark.clause("PPM2-3.1")
def test_twenty_six_weeks_parallel_planning_and_the_guardians_views_are_in_one_place(
    house: House,
) -> None:
    child_id, child = house.child()
    in_care(house, child_id)
    address = f"/children/{child}/court"
    assert f'href="{address}"' in seen(house, "social.worker", f"/children/{child}")
    empty = seen(house, "social.worker", address)
    assert "No court proceedings are recorded" in empty and "none recorded" in empty
    assert "whose=guardian" in empty
    entry = proceedings(house, child)
    page = seen(house, "social.worker", address)
    assert "8 March 2027" in page
    assert "26 weeks from the issue of proceedings on 7 September 2026" in page
    assert "PPM2-3.1" in page
    assert "not said" in page and "Say whether it is needed" in page
    assert f"/record/{entry}/correct#fact-parallel" in page
    say(house, child, "2026-10-05", "She asks for an assessment of the aunt")
    say(house, child, "2026-11-02", "She agrees with long-term fostering")
    corrected(house, entry, parallel="yes")
    page = seen(house, "social.worker", address)
    assert "Yes: another plan is worked on while a return home is assessed" in page
    assert "2 November 2026" in page and "5 October 2026" in page
    assert page.index("She agrees with") < page.index("She asks for")
    assert "none recorded</span></p> {% endfor" not in page
    reads = seen(house, "inspector", address)
    assert "She agrees with" in reads and "Correct or add" not in reads


@pytest.mark.clause("PPM10-10")
def test_entering_the_final_evidence_asks_for_the_meeting_and_moving_it_moves_that(
    house: House,
) -> None:
    child_id, child = house.child()
    in_care(house, child_id)
    entry = proceedings(house, child)
    address = f"/children/{child}/court"
    page = seen(house, "social.worker", address)
    assert "not asked for yet: it is once the day of the final evidence is entered" in page
    assert "Enter the day of final evidence" in page
    corrected(house, entry, final_evidence_on="2026-12-18")
    page = seen(house, "social.worker", address)
    assert "17 December 2026" in page and "before the final evidence on 18 December 2026" in page
    assert "PPM10-10" in page and "Soon" in page
    assert "none is booked and none is recorded as held" in page
    home = seen(house, "social.worker", "/")
    assert "Final care planning meeting with the head of service" in home
    corrected(house, entry, final_evidence_on="2027-02-12")
    page = seen(house, "social.worker", address)
    assert "11 February 2027" in page and "17 December 2026" not in page
    form = seen(
        house,
        "social.worker",
        f"/children/{child}/record/add/earlier-meeting?meeting=final-care-planning",
    )
    assert "Final care planning meeting" in form
    held = {"meeting": "final-care-planning", "held_on": "2026-11-20", "outcome": "Agreed"}
    record_new.add(house.scope("social.worker"), child, "earlier-meeting", held, AT)
    from builders.reckoned import up_to_date

    up_to_date(house)
    page = seen(house, "social.worker", address)
    assert "Held" in page and "20 November 2026" in page and "Met" in page


@pytest.mark.clause("PPM10-10")
def test_the_meeting_is_booked_from_the_court_page_with_one_link(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id)
    proceedings(house, child, final_evidence_on="2026-12-18")
    court = f"/children/{child}/court"
    link = f"/children/{child}/planning/new?body=PPM10/final-care-planning-meeting"
    assert f'href="{link}"' in seen(house, "social.worker", court)
    form = seen(house, "social.worker", link)
    assert 'value="PPM10/final-care-planning-meeting" checked' in form
    typed = {
        "body": "PPM10/final-care-planning-meeting",
        "on-day": "10",
        "on-month": "12",
        "on-year": "2026",
        "at": "10:00",
    }
    made = house.client("social.worker").post(link.partition("?")[0], data=typed)
    db.session.rollback()
    assert made.status_code == 303, made.text
    page = seen(house, "social.worker", court)
    assert "Booked" in page and made.headers["Location"].removesuffix("/people") in page
    assert f'href="{link}"' not in page


def test_other_dates_from_the_issue_stand_beside_the_twenty_six_weeks(house: House) -> None:
    child_id, child = house.child()
    in_care(house, child_id)
    proceedings(house, child)
    page = seen(house, "social.worker", f"/children/{child}/court")
    order = ("26 weeks from the issue</dt>", "CA-32-1-a-ii", "BEX-1.4.f", "Parallel planning")
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_who_does_not_see_the_plan_sees_no_court_page_and_a_look_is_audited(house: House) -> None:
    _, child = house.child()
    address = f"/children/{child}/court"
    for role in ("legal", "panel.member", "authority.administrator"):
        assert house.client(role).get(address).status_code in (403, 404), role
        db.session.rollback()
    seen(house, "iro", address)
    looks = sa.select(AuditRow.after).where(AuditRow.subject_id == child, AuditRow.did == "look")
    assert {"page": "court"} in db.session.scalars(looks).all()
