"""Who sees a child for one hour or one case changes nothing of the record, papers or cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from builders.house import SINCE, House
from builders.records import whole_record
from builders.walks import Asked, ask, routes

from core.store.database import db, writing
from core.store.tables import (
    AccountRole,
    Action,
    Allocation,
    CaseChild,
    CaseInvitee,
    Child,
    Meeting,
    PanelCase,
    Paper,
    PostHolder,
    StatedAccess,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: Everything by which a child, their papers or their cases are changed.
NOUNS = {"children", "record", "papers", "cases", "onward"}
EVERY_WRITER = ("social.worker", "team.manager", "case.supervisor", "service.manager", "iro")


@pytest.fixture
def ids(house: House) -> Mapping[str, str]:
    """A child of nobody who is asked, whose case is a draft again so that it could be written."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    ids = whole_record(house, "deputy.director", worker=None, iro=None, team="No such team")
    somebody(house, "outsider", *EVERY_WRITER)
    return ids


def somebody(house: House, name: str, *roles: str) -> int:
    """An account of a team without children, with all these roles."""
    account_id = house.account(roles[0], f"{name}@bexley.example", team=f"Team of {name}")
    own = {"authority_id": house.authority_id, "account_id": account_id, "since": SINCE}
    with writing():
        for role in roles[1:]:
            db.session.execute(sa.insert(AccountRole).values(**own, role=role))
    return account_id


def child_id(ids: Mapping[str, str]) -> int:
    return db.session.scalars(sa.select(Child.id).where(Child.public_id == ids["children"])).one()


def opens(house: House, ids: Mapping[str, str], who: str = "outsider") -> None:
    """A stated reason, for the hour under way."""
    with writing():
        at = datetime.now(UTC).replace(tzinfo=None)
        at = datetime.combine(house.today, at.time())
        db.session.execute(
            sa.insert(StatedAccess).values(
                authority_id=house.authority_id, account_id=house.accounts[who],
                child_id=child_id(ids), reason="Asked by the school tonight",
                since=at - timedelta(days=1), until=at + timedelta(days=1),
            )
        )  # fmt: skip


def invited(house: House, ids: Mapping[str, str]) -> None:
    with writing():
        case_id = sa.select(PanelCase.id).where(PanelCase.public_id == ids["cases"])
        db.session.execute(
            sa.insert(CaseInvitee).values(
                authority_id=house.authority_id, account_id=house.accounts["outsider"],
                case_id=case_id.scalar_subquery(), since=SINCE,
            )
        )  # fmt: skip


def sits(house: House, ids: Mapping[str, str]) -> None:
    """A member of the panel whose agenda is circulated, whatever other roles they have."""
    with writing():
        db.session.execute(sa.update(Meeting).values(circulated_at=datetime(2026, 11, 1)))
        own = {"authority_id": house.authority_id, "account_id": house.accounts["outsider"]}
        db.session.execute(sa.insert(AccountRole).values(**own, since=SINCE, role="panel.member"))
        holder = sa.select(PostHolder).where(PostHolder.post_code == "fostering")
        post = db.session.scalars(holder).one()
        post.account_id = house.accounts["outsider"]


WAYS = {"opened": opens, "invited": invited, "sits": sits}


def posts(house: House, ids: Mapping[str, str]) -> Iterator[Asked]:
    for asked in routes(house.app, ids):
        if asked.method == "POST" and asked.noun in NOUNS and asked.has_id:
            yield asked


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_who_sees_a_child_so_gets_404_wherever_something_is_changed(
    house: House, ids: Mapping[str, str], way: str, state: str
) -> None:
    WAYS[way](house, ids)
    with writing():
        db.session.execute(sa.update(PanelCase).values(state=state))
    client = house.client("outsider")
    for address in (f"/children/{ids['children']}", f"/cases/{ids['cases']}"):
        assert client.get(address).status_code == 200, address
    form = client.get(f"/cases/{ids['cases']}/referral")
    assert form.status_code == 303, "the form of a referral is not theirs to fill in"
    asked = list(posts(house, ids))
    assert len(asked) > 25
    wrong = [f"{one}: {status}" for one in asked if (status := ask(client, one).status_code) != 404]
    assert wrong == []


def test_who_works_with_the_child_is_let_through_where_the_others_are_not(
    house: House, ids: Mapping[str, str]
) -> None:
    """Without this, a route that gave 404 to everybody would pass the walk above."""
    with writing():
        db.session.execute(
            sa.insert(Allocation).values(
                authority_id=house.authority_id, child_id=child_id(ids), relation="worker",
                account_id=house.accounts["outsider"], since=SINCE,
            )
        )  # fmt: skip
        db.session.execute(sa.update(PanelCase).values(state="draft"))
    client = house.client("outsider")
    let = {one.endpoint for one in posts(house, ids) if ask(client, one).status_code != 404}
    assert let >= {
        "allocations.set_team", "care.save", "identity.save",
        "siblings.search", "record.add", "record.correct", "papers.add_to_child",
        "papers.add_to_case", "papers.correct", "papers.take_out", "cases.refer", "cases.save",
        "cases.submit", "onward.answer",
    }  # fmt: skip


def test_a_reason_of_an_hour_gives_no_sight_that_lasts(
    house: House, ids: Mapping[str, str]
) -> None:
    opens(house, ids)
    client, address = house.client("outsider"), f"/children/{ids['children']}"
    assert "Refer to" not in client.get(address).text
    assert client.post(f"{address}/refer").status_code == 404
    with writing():
        db.session.execute(sa.update(StatedAccess).values(ended_at=datetime(2026, 11, 1)))
    assert client.get(address).status_code == 404


def test_a_paper_seen_so_is_shown_without_what_changes_it(
    house: House, ids: Mapping[str, str]
) -> None:
    opens(house, ids)
    client, address = house.client("outsider"), f"/papers/{ids['papers']}"
    page = client.get(address)
    assert page.status_code == 200 and "Take it out" not in page.text
    taken = client.post(f"{address}/take-out", data={"why": "Not mine", "version": "1"})
    assert taken.status_code == 404
    assert db.session.scalar(sa.select(Paper.taken_out_at)) is None


def test_who_referred_keeps_the_papers_of_their_case(house: House, ids: Mapping[str, str]) -> None:
    with writing():
        db.session.execute(
            sa.update(PanelCase).values(referrer_id=house.accounts["outsider"], state="submitted")
        )
    client = house.client("outsider")
    added = client.post(
        f"/cases/{ids['cases']}/papers",
        data={"title": "A letter", "link": "https://papers.example/1"},
    )
    assert added.status_code == 303
    assert client.post(f"/children/{ids['children']}/papers").status_code == 404


def test_a_sibling_open_for_an_hour_is_not_taken_into_a_referral(
    house: House, ids: Mapping[str, str]
) -> None:
    own_id, own = house.child("0300", worker="outsider", iro=None, sibling_group="ONE")
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.public_id == ids["children"]).values(sibling_group="ONE")
        )
    opens(house, ids)
    client = house.client("outsider")
    address = client.post(f"/children/{own}/refer").location
    form = client.get(address).text
    assert client.get(address).status_code == 200 and ids["children"] not in form
    client.post(address, data={"children-shown": own, "children": [own, ids["children"]]})
    both = sa.select(CaseChild.case_id).where(CaseChild.child_id == own_id)
    there = db.session.scalars(sa.select(CaseChild.child_id).where(CaseChild.case_id.in_(both)))
    assert list(there) == [own_id]
    linked = client.post(
        f"/children/{own}/siblings", data={"other": ids["other"], "why": "They say so"}
    )
    assert linked.status_code == 422


def test_an_action_is_changed_by_its_owner_and_not_by_who_opened_the_child(
    house: House, ids: Mapping[str, str]
) -> None:
    opens(house, ids)
    address = f"/actions/{ids['actions']}"
    client = house.client("outsider")
    client.post(address, data={"progress": "Mine now", "version": "1"})
    assert db.session.scalar(sa.select(Action.progress)) == ""
