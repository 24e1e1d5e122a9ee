"""Every route, asked by everybody who may not use it: 404, with no trace of the child in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from builders.house import BODY, House
from builders.records import FAMILY, GIVEN, LOCAL, MOTHER, whole_record
from builders.walks import ask, refusals, routes, traces, trails, words
from flask import Flask

from core.domain.sight import ROLES, Relation, relations
from core.store.database import db, writing
from core.store.tables import (
    CaseInvitee,
    Child,
    Meeting,
    PanelCase,
    PostHolder,
    StatedAccess,
)
from core.web import guard
from core.web.access import ACCESS, LEADS
from core.web.guard import RouteWithoutAccess, check_every_route

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def bexley(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


@pytest.fixture
def ids(bexley: House) -> Mapping[str, str]:
    return whole_record(bexley)


def test_every_route_has_a_decision_and_every_decision_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ACCESS)
    check_every_route(app)
    assert [e for e, access in ACCESS.items() if not access.open and not access.roles] == []
    assert [e for e, access in ACCESS.items() if access.roles - set(ROLES)] == []


def test_a_route_without_a_decision_is_refused_by_name(app: Flask) -> None:
    app.add_url_rule("/forgotten", endpoint="forgotten.page", view_func=lambda: "")
    with pytest.raises(RouteWithoutAccess, match="no access decision for: forgotten.page"):
        check_every_route(app)


def test_a_decision_without_a_route_is_refused_by_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "ACCESS", {**ACCESS, "gone.page": ACCESS["home.page"]})
    with pytest.raises(RouteWithoutAccess, match="an access decision for no route: gone.page"):
        check_every_route(app)


def test_nobody_who_is_not_signed_in_is_shown_anything(
    bexley: House, ids: Mapping[str, str]
) -> None:
    client = bexley.client()
    found = refusals(
        client, bexley.app, ids, lambda asked: not ACCESS[asked.endpoint].open, status=401
    )
    assert found == []


@pytest.mark.parametrize("role", ROLES)
def test_the_wrong_role_gets_404_on_every_route(
    bexley: House, ids: Mapping[str, str], role: str
) -> None:
    found = refusals(
        bexley.client(role),
        bexley.app,
        ids,
        lambda asked: not ACCESS[asked.endpoint].allows(frozenset({role})),
        status=404,
        guess=role == "inspector",
    )
    assert found == []


@pytest.mark.parametrize("role", ROLES)
def test_another_authority_gets_404_on_every_record(
    bexley: House, ids: Mapping[str, str], role: str
) -> None:
    other = House(bexley.app, bexley.today, "TOY", "toyshire")
    client = other.client(role)
    guess = role == "panel.administrator"
    found = refusals(client, bexley.app, ids, lambda asked: asked.has_id, status=404, guess=guess)
    assert found == []
    shown = [
        f"{asked}: shows {trace}"
        for asked in routes(bexley.app, ids)
        if not asked.has_id and not ACCESS[asked.endpoint].open
        for trace in traces(ask(client, asked))
    ]
    assert shown == []


BY_RELATION = [r for r in ROLES if Relation.EVERY_CHILD not in relations(frozenset({r}))]


@pytest.mark.parametrize("role", BY_RELATION)
def test_a_child_whom_somebody_does_not_see_is_not_there_for_them(bexley: House, role: str) -> None:
    with writing():
        db.session.execute(sa.update(PostHolder).values(until=bexley.today))
    ids = whole_record(bexley, "deputy.director", worker=None, iro=None, team="No such team")
    assert trails(bexley.client(role), bexley.app, ids, guess=role == "team.manager") == []


#: Each of these shows closed records by their local id, to those who may close one.
CLOSES = frozenset({"closings.listed", "closings.page", "closings.close"})


@pytest.mark.parametrize(
    "role", ["panel.administrator", "head.of.service", "inspector", "authority.administrator"]
)
def test_a_closed_child_is_not_there_for_who_sees_every_other(
    bexley: House, ids: Mapping[str, str], role: str
) -> None:
    with writing():
        both = Child.public_id.in_((ids["children"], ids["other"]))
        db.session.execute(sa.update(Child).where(both).values(closed_to="sealed"))
    guess = role == "head.of.service"
    assert trails(bexley.client(role), bexley.app, ids, guess=guess, but=CLOSES) == []


def test_what_gave_sight_and_is_over_gives_none(bexley: House) -> None:
    """A reason an hour old, an invitation that has ended, an agenda before and after its time."""
    ids = whole_record(bexley, "deputy.director", worker=None, iro=None, team="No such team")
    own = {"authority_id": bexley.authority_id}
    child_id = db.session.scalar(sa.select(Child.id).where(Child.public_id == ids["children"]))
    case_id = db.session.scalar(sa.select(PanelCase.id).where(PanelCase.public_id == ids["cases"]))
    gone = datetime.now(UTC).replace(tzinfo=None)
    iro, kinship = bexley.accounts["iro"], bexley.accounts["kinship"]
    with writing():
        db.session.execute(
            sa.insert(StatedAccess).values(
                **own, account_id=iro, child_id=child_id, reason="Asked for",
                since=datetime(2026, 11, 23), until=datetime(2026, 11, 23, 0, 0, 1),
            )
        )  # fmt: skip
        db.session.execute(
            sa.insert(CaseInvitee).values(
                **own, account_id=kinship, case_id=case_id, since=date(2026, 11, 1),
                until=bexley.today,
            )
        )  # fmt: skip
        for public_id in (ids["meetings"], ids["held"]):
            meeting = sa.update(Meeting).where(Meeting.public_id == public_id)
            over = {"circulated_at": gone, "ratified_at": gone} if public_id == ids["held"] else {}
            db.session.execute(meeting.values(body_code=BODY, **over))
    for role in ("iro", "kinship", "panel.member"):
        assert trails(bexley.client(role), bexley.app, ids) == [], role
    with writing():
        db.session.execute(
            sa.update(Meeting)
            .where(Meeting.public_id == ids["meetings"])
            .values(circulated_at=gone)
        )
        db.session.execute(sa.update(CaseInvitee).values(until=None))
        db.session.execute(sa.update(StatedAccess).values(until=datetime(2026, 11, 24)))
    for role in ("iro", "kinship", "panel.member"):
        answer = bexley.client(role).get(f"/cases/{ids['cases']}")
        assert answer.status_code == 200 and GIVEN in words(answer), role


@pytest.mark.parametrize("role", BY_RELATION)
def test_a_search_finds_nobody_whom_the_searcher_does_not_see(bexley: House, role: str) -> None:
    ids = whole_record(bexley, "deputy.director", worker=None, iro=None, team="No such team")
    with writing():
        db.session.execute(sa.update(PostHolder).values(until=bexley.today))
    answer = bexley.client(role).post(
        "/children/search", data={"words": FAMILY}, follow_redirects=True
    )
    assert answer.status_code == 200
    text = words(answer)
    assert [t for t in (GIVEN, LOCAL, MOTHER, ids["children"]) if t in text] == []


def test_a_search_finds_the_child_for_somebody_who_does(
    bexley: House, ids: Mapping[str, str]
) -> None:
    answer = bexley.client("social.worker").post(
        "/children/search", data={"words": FAMILY}, follow_redirects=True
    )
    assert GIVEN in words(answer)
    assert ids["children"] in words(answer)


#: The page is for what they own, or are told of where a team has no manager, or for a meeting in
#: which they sit; of the procedure that is walked every figure is laid down, so none is set; and
#: no document goes through stages under it.
#: which they sit; a list is for those who hold a post, and what is suggested of a child for whom
#: something is; and of the procedure that is walked every figure is laid down, so none is set.
BESIDE_THEIR_ROLE = {
    ("figures.one", "authority.administrator"),
    ("figures.one", "inspector"),
    ("actions.page", "authority.administrator"),
    ("escalations.page", "authority.administrator"),
    *((page, role) for page in ("pack.page", "pack.document")
      for role in ("assistant.director", "deputy.director")),
    ("reasons.told", "head.of.service"),
    *(("staged.new", role) for role in (
        "assistant.director", "deputy.director", "head.of.service", "panel.administrator")),
    *(("suggestions.form", role) for role in LEADS),
    *(("plans.page", role) for role in ("panel.administrator", "panel.chair")),
}  # fmt: skip
#: These are there once the minutes are ratified.
OF_RATIFIED = {"amending.form", "amending.business"}
#: What an open page asks by itself: nothing is newer.
BY_ITSELF = {"planning_live.record", "planning_live.options"}


def test_every_page_opens_for_each_role_that_may_use_it_and_sees_the_child(
    bexley: House, ids: Mapping[str, str]
) -> None:
    """Without this, a route that gave 404 to everybody would pass every test above."""
    sees_all = {role for role in ROLES if role not in BY_RELATION}
    held = {**ids, "meetings": ids["held"], "items": ids["heard"]}

    def closed_to(ratified: bool) -> list[str]:
        return [
            f"{asked} as {role}: {status}"
            for role in sorted(sees_all)
            for client in [bexley.client(role)]
            for asked in routes(bexley.app, held)
            if asked.method == "GET"
            and role in ACCESS[asked.endpoint].roles
            and (asked.endpoint, role) not in BESIDE_THEIR_ROLE
            and (asked.endpoint in OF_RATIFIED) is ratified
            if (status := client.get(asked.address, follow_redirects=True).status_code)
            != (204 if asked.endpoint in BY_ITSELF else 200)
        ]

    wrong = closed_to(ratified=False)
    db.session.rollback()
    with writing():
        meeting = sa.update(Meeting).where(Meeting.public_id == ids["held"])
        db.session.execute(meeting.values(ratified_at=datetime(2026, 11, 20, 9)))
    wrong += closed_to(ratified=True)
    assert wrong == [], "; ".join(wrong)


def test_the_childs_own_page_shows_what_the_other_tests_look_for(
    bexley: House, ids: Mapping[str, str]
) -> None:
    answer = bexley.client("social.worker").get(f"/children/{ids['children']}")
    assert {GIVEN, FAMILY, LOCAL} <= set(traces(answer))


def test_the_words_of_a_word_file_are_looked_through_too(
    bexley: House, ids: Mapping[str, str]
) -> None:
    client = bexley.client("panel.administrator")
    address = f"/items/{ids['heard']}/children/{ids['children']}/decision.docx"
    answer = client.get(address)
    assert answer.get_data().startswith(b"PK")
    assert FAMILY in traces(answer)
