"""Two bodies whose posts bear the same codes: who chairs one does nothing in the other."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders import agenda
from builders.house import BODY, SINCE, House

from core.domain.action import Progress
from core.domain.finding import Refused
from core.registry import Registry
from core.store.database import db
from core.store.tables import Action, Booking
from core.usecases import acceptance
from core.usecases.action import save_action
from core.usecases.authority import hold_post
from core.usecases.standing import chairs, chairs_body, runs, standing

AT = datetime(2026, 11, 23, 9, 30)
OTHER, OWN = "other.chair", "panel.chair"


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


@pytest.fixture
def house(house: House) -> House:
    """Beside the panel's chair, one of Toyshire's circle: the same codes, another procedure."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    account = house.account("panel.chair", f"{OTHER}@bexley.example")
    hold_post(house.whole, account, "TOY", BODY, "chair", AT, since=SINCE)
    return house


def one(query: sa.Select) -> object:
    value = db.session.execute(query).scalar()
    db.session.rollback()
    return value


def test_a_post_is_held_in_the_body_of_its_procedure(house: House) -> None:
    assert house.scope(OTHER).posts == {("TOY", BODY, "chair")}
    assert house.scope("deputy.director").posts == {("BEX", "", "deputy-director")}
    toy, bexley = registry(house).named("TOY", ""), registry(house).named("BEX", "")
    assert toy is not None and bexley is not None
    held = [
        (role, procedure.code)
        for role in (OWN, OTHER, "panel.administrator")
        for procedure in (bexley, toy)
        if chairs_body(house.scope(role), procedure.code, procedure.bodies[0])
    ]
    assert held == [(OWN, "BEX"), (OTHER, "TOY")]


def test_the_chair_of_one_body_does_not_run_a_meeting_of_the_other(house: House) -> None:
    meeting_id, _ = house.meeting()
    now = standing(house.whole, registry(house), meeting_id)
    assert chairs(house.scope(OWN), now)
    assert not chairs(house.scope(OTHER), now)
    assert not runs(house.scope(OTHER), now)


def test_the_chair_of_one_body_cannot_accept_a_referral_to_the_other(house: House) -> None:
    meeting_id, _ = house.meeting()
    _, case = agenda.case(house, house.child()[0], meeting_id, "submitted")
    with pytest.raises(Refused, match="Only who chairs"):
        acceptance.accept(house.scope(OTHER), registry(house), case, AT)
    address = f"/cases/{case}/accept"
    assert house.client(OTHER).post(address).status_code == 404
    assert house.client(OWN).post(address).status_code == 303


def test_the_chair_of_one_body_cannot_order_or_decide_in_the_other(house: House) -> None:
    held = date(2026, 11, 23)
    meeting_id, meeting = house.meeting(held, "open")
    items = []
    for number in (1, 2):
        case_id, _ = agenda.case(house, house.child(f"010{number}")[0], meeting_id)
        items.append(agenda.book(house, meeting_id, case_id, number)[1])
    order = {"booking": items[0], "move": "down"}
    # An empty decision is looked at, and refused for what it lacks.
    asked = ((f"/meetings/{meeting}/order", order, 303), (f"/items/{items[0]}/decision", {}, 422))
    for address, form, status in asked:
        assert house.client(OTHER).post(address, data=form).status_code == 404, address
        assert house.client(OWN).post(address, data=form).status_code == status, address
    first = sa.select(Booking.public_id).order_by(Booking.position).limit(1)
    assert one(first) == items[1]


def test_the_chair_of_one_body_does_not_keep_the_actions_of_the_other(house: House) -> None:
    meeting_id, _ = house.meeting()
    case_id, _ = agenda.case(house, house.child()[0], meeting_id)
    booking, _ = agenda.book(house, meeting_id, case_id)
    agenda.decide(house, meeting_id, case_id, booking, date(2026, 11, 20), action="Ring the school")
    action = str(one(sa.select(Action.public_id)))
    note = Progress("Rung", False, "")
    with pytest.raises(Refused, match="not yours"):
        save_action(house.scope(OTHER), registry(house), action, note, 1, AT)
    save_action(house.scope(OWN), registry(house), action, note, 1, AT)
    assert one(sa.select(Action.progress)) == "Rung"
    assert 'name="progress"' in house.client(OWN).get(f"/actions/{action}").text
    assert 'name="progress"' not in house.client(OTHER).get(f"/actions/{action}").text


def test_what_waits_for_a_chair_is_of_the_body_that_they_chair(house: House) -> None:
    meeting_id, _ = house.meeting()
    house.meeting(date(2026, 11, 3))
    agenda.case(house, house.child()[0], meeting_id, "submitted")
    of_own, of_other = house.client(OWN).get("/").text, house.client(OTHER).get("/").text
    for words in ("Accept, return or defer", "Close the "):
        assert words in of_own
        assert words not in of_other
