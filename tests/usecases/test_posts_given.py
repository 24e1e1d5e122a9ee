"""A post given: who holds it already, the grade it asks for, and what is ended for it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.staff import public, version

from core.domain.finding import Refused
from core.store import directory
from core.store.database import db
from core.store.tables import AuditRow
from core.usecases import roles
from core.usecases.roles import Confirmed

ADMIN = "authority.administrator"
ENDS = Confirmed(end_theirs=True)


def give(
    house: House,
    code: str,
    since: date,
    confirmed: Confirmed = roles.NOTHING_CONFIRMED,
    last: date | None = None,
) -> None:
    scope, registry = house.scope(ADMIN), house.app.extensions["permanence"].registry
    key = next(p.key for p in roles.posts_there(scope, registry) if p.code == code)
    to, seen = public(house, "iro"), version(house, "iro")
    roles.give(scope, registry, to, "post", key, since, last, seen, AT, confirmed)


def refused(
    house: House, code: str, since: date, confirmed: Confirmed = roles.NOTHING_CONFIRMED
) -> list[tuple[str, str | None, str]]:
    with pytest.raises(Refused) as raised:
        give(house, code, since, confirmed)
    db.session.rollback()
    return [(f.code, f.field, f.message) for f in raised.value.findings]


def held(house: House, role: str) -> list[tuple[str, date, date | None]]:
    rows = directory.posts(house.scope(ADMIN), house.accounts[role])
    return [(row.what[2], row.since, row.until) for row in rows]


@pytest.mark.parametrize(
    ("code", "role"), [("legal", "legal"), ("deputy-director", "deputy.director")]
)
def test_a_post_or_office_that_somebody_holds_is_given_only_with_an_end_of_theirs(
    house: House, code: str, role: str
) -> None:
    (_, since, _) = held(house, role)[0]
    (kind, field, message) = refused(house, code, house.today)[0]
    assert (kind, field) == (roles.TAKEN, "post")
    assert f" Of Bexley holds this from {since:%-d %B %Y}. Tick" in message
    yesterday = house.today - timedelta(days=1)
    past = refused(house, code, yesterday, ENDS)[0]
    assert past[1] == "post-since" and "later first day" in past[2]
    assert held(house, role)[0][2] is None and held(house, "iro") == []
    before = version(house, role)
    give(house, code, house.today, ENDS)
    assert held(house, role) == [(code, since, house.today)]
    assert held(house, "iro") == [(code, house.today, None)]
    assert version(house, role) == before + 1
    told = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.did, AuditRow.after)
        .where(AuditRow.did.in_(("give post", "end post")))
        .order_by(AuditRow.id.desc())
        .limit(2)
    ).all()
    db.session.rollback()
    assert {(row.subject_id, row.did) for row in told} == {
        (public(house, role), "end post"),
        (public(house, "iro"), "give post"),
    }
    ended = next(row.after for row in told if row.did == "end post")
    assert ended["last day"] == str(yesterday)


def test_a_post_that_asks_for_a_grade_is_given_in_another_with_a_reason_alone(
    house: House,
) -> None:
    (kind, field, message) = refused(house, "placements", house.today)[0]
    assert (kind, field) == (roles.GRADE, "post")
    assert "for the grade Team manager or Service manager" in message
    assert "Iro Of Bexley has no grade" in message and "BEX-1.12: Fortnightly" in message
    for why, words in ((" ", "Enter why"), ("w" * 2001, "2,000 characters")):
        (_, field, message) = refused(
            house, "placements", house.today, Confirmed(False, True, why)
        )[0]
        assert field == "post-why" and words in message
    both = refused(house, "adoption", house.today)
    assert [kind for kind, _, _ in both] == [roles.GRADE, roles.TAKEN]
    give(house, "placements", house.today, Confirmed(grade=True, why="Acting up"))
    assert held(house, "iro") == [("placements", house.today, None)]
    why = sa.select(AuditRow.why).where(AuditRow.did == "give post").order_by(AuditRow.id.desc())
    assert db.session.scalars(why).first() == "Acting up"
