"""The page of a person around children: seen through a child, with what she was referred to."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.house import House

from core.store.database import db, writing
from core.store.tables import (
    AuditRow,
    Booking,
    CaseChild,
    Decision,
    OnwardReferral,
    PanelCase,
    Person,
    PersonOfChild,
)

AT = datetime(2026, 11, 23, 10, 0)


def _mother(house: House, child_id: int) -> str:
    """Make a mother who was referred to a programme from a case of her child."""
    meeting_id, _ = house.meeting()
    own = {"authority_id": house.authority_id}

    def make(table: type, **values: object) -> int:
        made = sa.insert(table).values(**own, **values).returning(table.id)  # type: ignore[attr-defined]
        return int(db.session.execute(made).scalar_one())

    with writing():
        case_id = make(
            PanelCase,
            procedure_code=house.code,
            procedure_edition="",
            body_code="permanence-panel",
            form_code="referral",
            state="heard",
            opened_at=AT,
        )
        make(CaseChild, case_id=case_id, child_id=child_id)
        booking_id = make(
            Booking, meeting_id=meeting_id, case_id=case_id, item="cases", position=1, state="heard"
        )
        decision_id = make(
            Decision,
            booking_id=booking_id,
            case_id=case_id,
            meeting_id=meeting_id,
            decided_on=date(2026, 11, 23),
            rationale="So that she is helped",
            chair_name="Somebody",
            recorded_at=AT,
        )
        person_id = make(Person, name="Isolde Thistlewick")
        make(PersonOfChild, person_id=person_id, child_id=child_id, relation="mother")
        make(
            OnwardReferral,
            decision_id=decision_id,
            case_id=case_id,
            outcome_code="refer-mother",
            forum="programme",
            forum_words="The Lantern programme",
            person_id=person_id,
            made_on=date(2026, 11, 23),
            answered_on=date(2026, 11, 24),
            answer="A place from January",
        )
        return db.session.execute(
            sa.select(Person.public_id).where(Person.id == person_id)
        ).scalar_one()


def test_a_persons_page_has_their_children_and_referrals(house: House) -> None:
    child_id, public_id = house.child()
    address = f"/people/{_mother(house, child_id)}"
    html = house.client("panel.administrator").get(address).get_data(as_text=True)
    for words in ("Isolde Thistlewick", "The Lantern programme", "A place from January"):
        assert words in html
    assert f"/children/{public_id}" in html
    looks = db.session.scalars(sa.select(AuditRow.subject).where(AuditRow.did == "look")).all()
    assert sorted(looks) == ["child", "person"]


def test_a_childs_page_says_only_that_a_referral_about_somebody_was_made(house: House) -> None:
    child_id, public_id = house.child()
    _mother(house, child_id)
    html = house.client("social.worker").get(f"/children/{public_id}").get_data(as_text=True)
    assert "A referral about somebody in the child’s life was made on" in html
    for words in ("The Lantern programme", "A place from January", "Isolde"):
        assert words not in html


@pytest.mark.parametrize("role", ["social.worker", "panel.member", "authority.administrator"])
def test_other_roles_do_not_find_a_person(house: House, role: str) -> None:
    child_id, _ = house.child()
    assert house.client(role).get(f"/people/{_mother(house, child_id)}").status_code == 404


def test_a_person_of_another_authority_is_not_there(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    child_id, _ = other.child()
    public_id = _mother(other, child_id)
    answer = house.client("panel.administrator").get(f"/people/{public_id}")
    nobody = house.client("panel.administrator").get("/people/nobody")
    assert answer.status_code == nobody.status_code == 404
    assert "Isolde" not in answer.get_data(as_text=True)
