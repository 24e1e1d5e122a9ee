"""Who withdrew from an item finds nothing of it anywhere: no address, no paper, no minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from builders.files import PDF
from builders.house import House
from builders.sitting import HELD, book, sit, who
from builders.walks import NOBODY, ask, body, refusals, routes, words
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import (
    Action,
    Attendance,
    CaseInvitee,
    Child,
    Cover,
    Dispute,
    DisputeStage,
    Meeting,
    NamedAccess,
    PanelCase,
    StatedAccess,
    Withdrawal,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVERYBODY = ("chair", "vice-chair", "adoption", "fostering", "signs-of-safety")
SOUGHT, WHY = "Whether to begin special guardianship", "The grandmother came forward"
DECIDED = {
    "outcome-continue-care-plan.chosen": "yes",
    "rationale": WHY,
    "discussion": "They spoke of the grandmother",
}
MEMBERS = ("panel.member", "panel.chair")


def added(client: FlaskClient, address: str, name: str) -> tuple[str, str]:
    """A paper added at an address: its page, and where it is taken."""
    sent = {"files": [(BytesIO(PDF), name)], "title": name}
    answer = client.post(address, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = client.get(address).text
    paper, version = re.search(r"/papers/\w+", page), re.search(r"/paper-versions/\w+", page)
    assert paper and version
    return paper[0], version[0]


@pytest.fixture
def panel(house: House) -> SimpleNamespace:
    """An open panel with two cases; of the first there is everything that one can have."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    meeting_id, meeting = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id, EVERYBODY)
    child_id, child = house.child()
    item, case_id = book(house, meeting_id, (child_id,), answers={"sought": SOUGHT})
    other, _ = book(house, meeting_id, (house.child("0202", "Wim")[0],), position=2)
    case = db.session.scalar(sa.select(PanelCase.public_id).where(PanelCase.id == case_id))
    worker, administrator = house.client("social.worker"), house.client("panel.administrator")
    paper, version = added(worker, f"/cases/{case}/papers", "Viability.pdf")
    whole, whole_version = added(administrator, f"/meetings/{meeting}/papers", "Pack.pdf")
    return SimpleNamespace(
        house=house, id=meeting_id, meeting=meeting, item=item, other=other, case=case,
        case_id=case_id, child=child, child_id=child_id,
        of_case=(
            f"/items/{item}", f"/cases/{case}", f"/cases/{case}/papers", paper, version,
        ),
        document=f"/items/{item}/children/{child}/decision.docx",
        of_meeting=(f"/meetings/{meeting}/papers", whole, whole_version),
        minutes=f"/meetings/{meeting}/minutes",
    )  # fmt: skip


def withdraw(panel: SimpleNamespace, role: str) -> None:
    data = {"withdraws": who(panel.house, role), "said-by": "chair", "withdraw-why": "Knows them."}
    address = f"/items/{panel.item}/withdrawals"
    assert panel.house.client("panel.administrator").post(address, data=data).status_code == 303


def decide(panel: SimpleNamespace) -> None:
    data = DECIDED | {f"{name}-seen": "0" for name in DECIDED}
    answer = panel.house.client("head.of.service").post(f"/items/{panel.item}/decision", data=data)
    assert answer.status_code == 303


def found(panel: SimpleNamespace, role: str, *more: str) -> list[str]:
    """Which of the addresses of the item, its case and its papers are there for somebody."""
    client = panel.house.client(role)
    every = (*panel.of_case, *panel.of_meeting, *more)
    return [address for address in every if client.get(address).status_code != 404]


def traces(panel: SimpleNamespace, text: str) -> list[str]:
    said = (panel.item, panel.case, SOUGHT, WHY, "grandmother", "Viability", "Orlin")
    return [trace for trace in said if trace in text]


def stages(panel: SimpleNamespace) -> Iterator[str]:
    """The meeting as it goes on."""
    yield "before it is heard"
    decide(panel)
    yield "decided"
    with writing():
        db.session.execute(sa.update(Meeting).values(state="closed"))
    yield "closed"
    with writing():
        db.session.execute(sa.update(Meeting).values(ratified_at=datetime(2026, 11, 30, 9, 0)))
    yield "ratified"


@pytest.mark.parametrize("role", MEMBERS)
def test_without_a_withdrawal_all_of_it_is_there(panel: SimpleNamespace, role: str) -> None:
    decide(panel)
    every = (*panel.of_case, *panel.of_meeting, panel.document, panel.minutes)
    assert found(panel, role, panel.document, panel.minutes) == list(every)
    assert WHY in words(panel.house.client(role).get(panel.minutes))


@pytest.mark.parametrize("role", MEMBERS)
def test_who_withdrew_finds_no_address_of_it_before_and_after(
    panel: SimpleNamespace, role: str
) -> None:
    withdraw(panel, role)
    client = panel.house.client(role)
    for stage in stages(panel):
        assert found(panel, role, panel.document) == [], stage
        minutes = client.get(panel.minutes)
        if role == "panel.member" and stage == "ratified":
            assert minutes.status_code == 404
        else:
            assert traces(panel, words(minutes)) == [], stage
            assert "made for somebody who withdrew there" in words(minutes)
        page = client.get(f"/meetings/{panel.meeting}").text
        assert traces(panel, page) == [] and "You have withdrawn from this item" in page, stage
        assert traces(panel, client.get("/").text) == [], stage


@pytest.mark.parametrize("role", MEMBERS)
def test_every_address_answers_as_one_that_is_not_there(panel: SimpleNamespace, role: str) -> None:
    withdraw(panel, role)
    decide(panel)
    ids = {
        "items": panel.item, "cases": panel.case, "children": panel.child,
        "papers": panel.of_case[3].split("/")[-1],
        "paper-versions": panel.of_case[4].split("/")[-1],
    }  # fmt: skip
    nouns = {"items", "cases", "papers", "paper-versions"}
    app = panel.house.app
    every = {rule.rule.strip("/").split("/")[0] for rule in app.url_map.iter_rules()}
    ids = dict.fromkeys(every | {"other"}, NOBODY) | ids
    client = panel.house.client(role)
    wrong = refusals(client, app, ids, lambda a: a.has_id and a.noun in nouns, status=404)
    assert wrong == []
    guess = dict(ids, items=NOBODY)
    for real, none in zip(routes(app, ids), routes(app, guess), strict=True):
        if real.noun == "items":
            assert body(ask(client, real), ids) == body(ask(client, none), ids), str(real)


def test_of_the_child_whom_a_chair_sees_anyway_the_case_is_not_there(
    panel: SimpleNamespace,
) -> None:
    withdraw(panel, "panel.chair")
    decide(panel)
    client = panel.house.client("panel.chair")
    page = client.get(f"/children/{panel.child}")
    assert page.status_code == 200 and "Orlin" in page.text
    for page_of in ("", "/papers", "/dates", "/record"):
        address = f"/children/{panel.child}{page_of}"
        text = client.get(address).text
        assert [t for t in (panel.item, panel.case, SOUGHT, WHY, "Viability") if t in text] == []


def test_a_worker_of_the_child_keeps_the_case_and_not_the_item(panel: SimpleNamespace) -> None:
    client = panel.house.client("social.worker")
    assert client.get(f"/items/{panel.item}").status_code == 200
    withdraw(panel, "social.worker")
    decide(panel)
    item, *rest = panel.of_case
    assert found(panel, "social.worker", panel.document) == rest
    case = client.get(f"/cases/{panel.case}").text
    assert SOUGHT in case and panel.item not in case
    assert "You have withdrawn from this item" in case
    meeting = client.get(f"/meetings/{panel.meeting}").text
    assert traces(panel, meeting) == [] and "You have withdrawn from this item" in meeting
    with writing():
        action = db.session.execute(
            sa.insert(Action)
            .values(
                authority_id=panel.house.authority_id,
                decision_id=sa.text("(SELECT max(id) FROM decision)"),
                case_id=panel.case_id,
                kind="task",
                what="Write to the court",
                owner_id=panel.house.accounts["social.worker"],
                owner_name="An owner",
                due=date(2026, 12, 1),
                first_due=date(2026, 12, 1),
            )
            .returning(Action.public_id)
        ).scalar_one()
    page = client.get(f"/actions/{action}").text
    assert panel.item not in page and f"/cases/{panel.case}" in page


def test_neither_a_reason_nor_an_invitation_nor_a_cover_nor_a_name_gives_it_back(
    panel: SimpleNamespace,
) -> None:
    house, own = panel.house, {"authority_id": panel.house.authority_id}
    for role in MEMBERS:
        withdraw(panel, role)
    member, chair = (house.accounts[role] for role in MEMBERS)
    since = datetime(2020, 1, 1)
    with writing():
        db.session.execute(
            sa.insert(StatedAccess).values(
                **own, account_id=member, child_id=panel.child_id, reason="Asked for tonight",
                since=since, until=since + timedelta(days=20_000),
            )
        )  # fmt: skip
        db.session.execute(
            sa.insert(CaseInvitee).values(
                **own, case_id=panel.case_id, account_id=member, since=since.date()
            )
        )
        for away in ("head.of.service", "social.worker"):
            db.session.execute(
                sa.insert(Cover).values(
                    **own, away_id=house.accounts[away], covered_by_id=chair, since=since.date()
                )
            )
    assert house.client("panel.member").get(f"/children/{panel.child}").status_code == 200
    for role in MEMBERS:
        assert found(panel, role) == [], role
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.id == panel.child_id).values(closed_to="restricted")
        )
        for account_id in (member, chair, house.accounts["head.of.service"]):
            db.session.execute(
                sa.insert(NamedAccess).values(
                    **own, child_id=panel.child_id, account_id=account_id, since=since.date()
                )
            )
    assert house.client("head.of.service").get(f"/cases/{panel.case}").status_code == 200
    for role in MEMBERS:
        assert found(panel, role) == [], role


@pytest.mark.parametrize("role", MEMBERS)
def test_who_is_let_back_in_sees_all_of_it_again(panel: SimpleNamespace, role: str) -> None:
    withdraw(panel, role)
    gone = db.session.scalar(sa.select(Withdrawal.public_id))
    db.session.rollback()
    address = f"/items/{panel.item}/withdrawals/end"
    back = panel.house.client("head.of.service").post(address, data={"withdrawal": gone})
    assert back.status_code == 303
    assert found(panel, role) == [*panel.of_case, *panel.of_meeting]


def test_a_withdrawal_from_one_item_hides_no_other_and_nobody_elses(
    panel: SimpleNamespace,
) -> None:
    withdraw(panel, "panel.member")
    member, adoption = panel.house.client("panel.member"), panel.house.client("adoption")
    assert member.get(f"/items/{panel.other}").status_code == 200
    assert adoption.get(f"/items/{panel.item}").status_code == 200
    with writing():
        db.session.execute(sa.delete(Attendance))
    assert member.get(f"/items/{panel.item}").status_code == 404


def test_a_paper_of_the_whole_meeting_says_why_it_is_not_there(panel: SimpleNamespace) -> None:
    withdraw(panel, "panel.member")
    page = panel.house.client("panel.member").get(f"/meetings/{panel.meeting}").text
    assert "Papers of this meeting" not in page
    assert "You have withdrawn from an item, and so do not see the papers" in page


def test_a_dispute_on_the_child_does_not_say_what_was_decided(panel: SimpleNamespace) -> None:
    withdraw(panel, "panel.chair")
    decide(panel)
    own, day = {"authority_id": panel.house.authority_id}, date(2026, 12, 1)
    with writing():
        action_id, action = db.session.execute(
            sa.insert(Action)
            .values(
                **own,
                decision_id=sa.text("(SELECT max(id) FROM decision)"),
                case_id=panel.case_id,
                kind="task",
                what="Write to the grandmother",
                owner_name="An owner",
                due=day,
                first_due=day,
            )
            .returning(Action.id, Action.public_id)
        ).one()
        dispute_id, dispute = db.session.execute(
            sa.insert(Dispute)
            .values(
                **own,
                child_id=panel.child_id,
                about="action",
                words="It drifts",
                action_id=action_id,
                opened_on=day,
                opened_at=datetime(2026, 12, 1, 9),
                opened_by=panel.house.accounts["iro"],
                whole_by=day,
            )
            .returning(Dispute.id, Dispute.public_id)
        ).one()
        db.session.execute(
            sa.insert(DisputeStage).values(
                **own,
                dispute_id=dispute_id,
                stage="informal",
                title="Informally",
                begun_on=day,
                due=day,
                why="",
            )
        )
    page = panel.house.client("panel.chair").get(f"/disputes/{dispute}").text
    assert "It drifts" in page
    assert traces(panel, page.replace("Orlin", "")) == [] and action not in page
    assert "Write to the grandmother" in panel.house.client("iro").get(f"/disputes/{dispute}").text
