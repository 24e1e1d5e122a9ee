"""Who acts next: the board and the child's own page say the same of the same child."""

from __future__ import annotations

import re
from datetime import date

import sqlalchemy as sa
from builders.agenda import book, case
from builders.boards import acts, stands
from builders.house import AT, House
from flask.testing import FlaskClient

from core.domain.board import Standing
from core.store.database import db, writing
from core.store.tables import Action, CaseChild, DeadlineRow, OnwardReferral, PanelCase

FOSTERED = Standing(
    started=date(2025, 3, 4), legal_status="C2", placement="U4", match="no",
    plan="long-term-fostering", plan_state="provisional", second_review=date(2025, 7, 1),
    second_review_held=True,
)  # fmt: skip


def child(house: House) -> tuple[int, str]:
    child_id, public_id = house.child("0101", "Orlin", "Thistlewick")
    stands(house, child_id, FOSTERED)
    return child_id, public_id


def text(client: FlaskClient, address: str = "/board") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def shown_on_page(client: FlaskClient, public_id: str) -> str:
    """What the child's page says first of who acts next."""
    page = text(client, f"/children/{public_id}")
    said = page[page.index("Acts next") :]
    return re.sub(r"<[^>]+>", " ", said[: said.index("</dd>")])


def on_board(client: FlaskClient) -> tuple[str, str]:
    """Who acts next and what they do, as the one row of the board says it."""
    found = re.search(
        r'data-label="Who acts next"><strong>(.*?)</strong><br>(.*?)</td>', text(client)
    )
    assert found is not None
    return found[1], found[2]


def agree(client: FlaskClient, public_id: str) -> str:
    who, what = on_board(client)
    page = shown_on_page(client, public_id)
    assert who in page and what in page, (who, what, page)
    return f"{who}: {what}"


def test_the_child_s_page_says_who_acts_next_as_the_board_does(house: House) -> None:
    child_id, public_id = child(house)
    client = house.client("social.worker")
    assert agree(client, public_id) == "Nobody: No open action, and nothing is late"
    meeting_id, _ = house.meeting(date(2026, 12, 3))
    case_id, _ = case(house, child_id, meeting_id, "draft")
    assert agree(client, public_id) == (
        "Social Worker Of Bexley: Complete the referral to Permanence Panel and send it"
    )
    action = acts(house, child_id, date(2026, 11, 1), done_on=date(2026, 11, 2))
    assert "The chair or a manager: Accept or send back: Ask the" in agree(client, public_id)
    with writing():
        db.session.execute(sa.delete(Action).where(Action.id == action))
    book(house, meeting_id, case_id)
    with writing():
        db.session.execute(sa.update(PanelCase).values(state="booked"))
    assert "Permanence Panel: Consider the case by 3 December 2026" in agree(client, public_id)
    acts(house, child_id, date(2026, 12, 8))
    assert agree(client, public_id) == "Osric Plume: Ask the carers by 8 December 2026"
    # Of a case from which the child was withdrawn nobody acts for this child.
    with writing():
        db.session.execute(sa.delete(Action))
        db.session.execute(sa.update(CaseChild).values(withdrawn_at=AT))
    assert agree(client, public_id) == "Nobody: No open action, and nothing is late"


def test_a_late_action_says_since_when_it_is_late_as_at_the_day_that_is_asked(
    house: House,
) -> None:
    child_id, public_id = child(house)
    acts(house, child_id, date(2026, 10, 19))
    client = house.client("social.worker")
    assert agree(client, public_id) == "Osric Plume: Ask the carers, late since 19 October 2026"
    house.turn_to(date(2026, 10, 19))
    assert "Ask the carers by 19 October 2026" in shown_on_page(client, public_id)


def test_a_late_date_is_whose_the_worker_is_on_the_child_s_page_too(house: House) -> None:
    child_id, public_id = child(house)
    client = house.client("social.worker")
    own = {"authority_id": house.authority_id, "child_id": child_id}
    with writing():
        for code in ("plan-agreed", "first-ppm"):
            db.session.execute(
                sa.insert(DeadlineRow).values(
                    **own, procedure_code=house.code, procedure_edition="", code=code,
                    anchor="care-start", due=date(2026, 4, 29),
                )
            )  # fmt: skip
    stands(house, child_id, FOSTERED)
    said = agree(client, public_id)
    assert said.startswith("Social Worker Of Bexley: ") and "late since 29 April 2026" in said


def test_an_open_hand_off_stands_with_who_acts_next(house: House) -> None:
    _, public_id = child(house)
    client = house.client("social.worker")
    typed = {"forum": "case-management-review", "asked": "Is the plan safe?"}
    on = {"made_on-day": "20", "made_on-month": "11", "made_on-year": "2026"}
    house.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"/children/{public_id}/refer-on", data={**typed, **on}).status_code == 303
    said = "With the Case Management Review (CMR) since 20 November 2026"
    assert said in shown_on_page(client, public_id)
    with writing():
        db.session.execute(sa.update(OnwardReferral).values(answered_on=date(2026, 11, 21)))
    assert said not in shown_on_page(client, public_id)
