"""A post filled, followed, changed and ended: what the procedure allows, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, BODY, House
from builders.staff import public

from core.domain import posts as domain
from core.domain.finding import Refused
from core.registry import Registry
from core.store import posts, seats
from core.store.database import db, writing
from core.store.tables import Account, AuditRow, PostHolder
from core.usecases import filling
from core.usecases.filling import PostMoved, Where
from core.usecases.post_rules import Term
from core.usecases.posts import NoSuchPost

ADMIN = "authority.administrator"
DAY = timedelta(days=1)
CONFIRMED = Term(confirmed=True)


def registry(house: House) -> Registry:
    found: Registry = house.app.extensions["permanence"].registry
    return found


def held(house: House, post: str, body: str = BODY) -> list[posts.PostHeld]:
    found = posts.of_post(house.scope(ADMIN), house.code, body, post)
    db.session.rollback()
    return found


def where(house: House, post: str, body: str = BODY) -> Where:
    return Where(house.code, body, post, house.today, filling.seen(held(house, post, body)))


def fill(
    house: House,
    post: str,
    role: str = "iro",
    since: date | None = None,
    term: Term = CONFIRMED,
    *,
    replaces: bool = False,
    body: str = BODY,
) -> None:
    filling.fill(
        house.scope(ADMIN),
        registry(house),
        where(house, post, body),
        public(house, role),
        since or house.today,
        term,
        replaces,
        AT,
    )


def refused(act: Any, *args: Any, **more: Any) -> list[tuple[str, str | None, str]]:
    with pytest.raises(Refused) as raised:
        act(*args, **more)
    db.session.rollback()
    return [(f.code, f.field, f.message) for f in raised.value.findings]


def told(*did: str) -> list[Any]:
    rows = db.session.execute(
        sa.select(AuditRow).where(AuditRow.did.in_(did)).order_by(AuditRow.id.desc())
    ).scalars()
    found = [(row.did, row.subject_id, row.before, row.after, row.why) for row in rows]
    db.session.rollback()
    return found


@pytest.mark.clause("BEX-1.12")
def test_a_post_is_filled_for_a_term_in_a_grade_and_a_service(house: House) -> None:
    term = Term(
        last=house.today + 365 * DAY,
        grade="service-manager",
        service="  Care   service ",
        outside=True,
        why="Acting up",
    )
    fill(house, "placements", "team.manager", term=term)
    (row,) = held(house, "placements")
    one = row.holding
    assert (one.since, one.until) == (house.today, house.today + 366 * DAY)
    assert (one.grade, one.service, one.outside) == ("service-manager", "Care service", True)
    assert row.remind_on == house.today + (365 - 56) * DAY
    (did, whom, _, after, why) = told("give post")[0]
    assert (did, whom, why) == ("give post", public(house, "team.manager"), "Acting up")
    assert after["what"] == "BEX, permanence-panel, placements"
    assert after["grade"] == "Service manager" and after["comes from"] == "outside the authority"
    assert after["reminder"] == str(row.remind_on)


def test_without_more_the_grade_is_the_accounts_and_the_service_where_they_work(
    house: House,
) -> None:
    fill(house, "signs-of-safety", "adoption")
    (row,) = held(house, "signs-of-safety")
    assert (row.holding.grade, row.holding.service) == ("team-manager", "Care service")
    assert row.holding.until is None and row.remind_on is None
    with writing():
        db.session.execute(sa.update(Account).values(grade="practitioner"))
    assert held(house, "signs-of-safety")[0].holding.grade == "team-manager"


@pytest.mark.parametrize(
    ("code", "body", "role"),
    [("legal", BODY, "legal"), ("deputy-director", "", "deputy.director")],
)
def test_who_holds_a_post_or_an_office_is_followed_from_a_day_in_one_step(
    house: House, code: str, body: str, role: str
) -> None:
    (kind, field, message) = refused(fill, house, code, body=body)[0]
    assert (kind, field) == (domain.TAKEN, "replaces") and "Tick that theirs ends" in message
    past = refused(fill, house, code, since=house.today - DAY, body=body, replaces=True)[0]
    assert past[1] == "since" and "choose a later first day" in past[2]
    fill(house, code, since=house.today + DAY, body=body, replaces=True)
    rows = [row.holding for row in held(house, code, body)]
    assert [one.name for one in rows] == [
        f"{role.replace('.', ' ').title()} Of Bexley",
        "Iro Of Bexley",
    ]
    assert rows[0].until == rows[1].since == house.today + DAY
    acts = told("give post", "end post")
    assert {(did, whom) for did, whom, *_ in acts[:2]} == {
        ("end post", public(house, role)),
        ("give post", public(house, "iro")),
    }
    ended = next(after for did, _, _, after, _ in acts if did == "end post")
    assert ended["last day"] == str(house.today)
    coming = refused(fill, house, code, "kinship", body=body, replaces=True)
    assert [one[1] for one in coming] == ["last"] and "end theirs first" in coming[0][2]
    fill(house, code, "kinship", term=Term(last=house.today), replaces=True, body=body)
    assert [row.holding.until for row in held(house, code, body)] == [
        house.today,
        house.today + DAY,
        None,
    ]


@pytest.mark.clause("BEX-1.12", "BEX-1.11")
def test_only_the_grades_that_a_post_names_hold_it_and_another_than_the_accounts_needs_a_reason(
    house: House,
) -> None:
    (kind, field, message) = refused(fill, house, "placements")[0]
    assert (kind, field) == (domain.GRADE, "grade")
    assert "for the grade Team manager or Service manager" in message
    assert "the grade of Iro Of Bexley is not known" in message
    wrong = Term(grade="head-of-service", confirmed=True)
    assert "has the grade Head of service" in refused(fill, house, "placements", term=wrong)[0][2]
    right = replace(wrong, grade="team-manager")
    for why, said in (("  ", "Enter why they hold it"), ("w" * 2001, "2,000 characters")):
        (_, field, message) = refused(fill, house, "placements", term=replace(right, why=why))[0]
        assert field == "why" and said in message
    fill(house, "placements", term=replace(right, why="Acting up"))
    assert held(house, "placements")[0].holding.grade == "team-manager"
    chair = refused(fill, house, "chair", "team.manager", term=right, replaces=True)
    assert any(code == domain.GRADE and "Head of service" in said for code, _, said in chair)


def test_who_holds_a_post_in_a_grade_sits_in_that_grade(house: House) -> None:
    term = Term(grade="head-of-service", why="Acting up", confirmed=True)
    fill(house, "chair", "team.manager", term=term, replaces=True)
    found = seats.holders(house.scope(ADMIN), "BEX", BODY, house.today)
    assert [(who.name, who.grade) for who in found["chair"]] == [
        ("Team Manager Of Bexley", "head-of-service")
    ]


def test_what_only_warns_is_saved_once_it_was_read(house: House) -> None:
    unread = replace(CONFIRMED, confirmed=False)
    (one,) = refused(fill, house, "signs-of-safety", "adoption", term=unread)
    assert one[0] == "post-two" and "holds two posts" in one[2]
    fill(house, "signs-of-safety", "adoption")
    assert len(held(house, "signs-of-safety")) == 1


@pytest.mark.parametrize(
    ("term", "since", "field"),
    [
        (Term(last=date(2026, 11, 22)), 0, "last"),
        (Term(remind_on=date(2026, 12, 1)), 0, "last"),
        (Term(last=date(2027, 1, 1), remind_on=date(2027, 1, 2)), 0, "remind"),
        (Term(last=date(2027, 1, 1), remind_on=date(2026, 11, 22)), 0, "remind"),
        (Term(grade="emperor"), 0, "grade"),
        (Term(service="s" * 201), 0, "service"),
        (Term(), 400, "since"),
        (Term(), -30000, "since"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    house: House, term: Term, since: int, field: str
) -> None:
    on = house.today + since * DAY
    found = refused(fill, house, "signs-of-safety", since=on, term=term)
    assert [one[1] for one in found] == [field]
    assert held(house, "signs-of-safety") == []


def test_nobody_fills_a_post_with_themself_or_with_somebody_who_is_not_there(
    house: House,
) -> None:
    own = refused(fill, house, "signs-of-safety", ADMIN)
    assert own[0][1] == "who" and "Another administrator must" in own[0][2]
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts["kinship"]).values(active=False)
        )
    assert refused(fill, house, "signs-of-safety", "kinship")[0][1] == "who"
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    stranger = public(toyshire, "iro")
    args = (where(house, "signs-of-safety"), stranger, house.today, CONFIRMED, False, AT)
    scope = house.scope(ADMIN)
    assert refused(filling.fill, scope, registry(house), *args)[0][1] == "who"
    for place in (("BEX", BODY, "jester"), ("BEX", "", "chair"), ("TOY", BODY, "chair")):
        there = Where(*place, house.today, "")
        with pytest.raises(NoSuchPost):
            filling.fill(scope, registry(house), there, *args[1:])
        db.session.rollback()


def change(
    house: House,
    post: str,
    row: int,
    term: Term,
    seen: Where | None = None,
    since: date | None = None,
) -> None:
    """Change how somebody holds a post; its first day stays, where none is given."""
    there = seen or where(house, post)
    began = next((one.holding.since for one in held(house, post) if one.id == row), None)
    filling.change(house.scope(ADMIN), registry(house), there, row, since or began, term, AT)


def test_a_term_is_changed_and_the_change_stands_in_the_history(house: House) -> None:
    fill(house, "signs-of-safety", "kinship", term=Term(last=house.today + 9 * DAY))
    (row,) = held(house, "signs-of-safety")
    longer = Term(
        last=house.today + 99 * DAY, remind_on=house.today + 50 * DAY, service="Kinship care"
    )
    change(house, "signs-of-safety", row.id, longer)
    (now,) = held(house, "signs-of-safety")
    assert now.holding.until == house.today + 100 * DAY
    assert (now.remind_on, now.holding.service) == (house.today + 50 * DAY, "Kinship care")
    (did, whom, before, after, _) = told("change post")[0]
    assert (did, whom) == ("change post", public(house, "kinship"))
    assert before["last day"] == str(house.today + 9 * DAY)
    assert after["last day"] == str(house.today + 99 * DAY)
    change(house, "signs-of-safety", row.id, Term())
    assert held(house, "signs-of-safety")[0].holding.until is None


def test_a_change_is_held_to_the_same_rules(house: House) -> None:
    (row,) = held(house, "adoption")
    wrong = refused(change, house, "adoption", row.id, Term(grade="practitioner"))
    assert [(code, field) for code, field, _ in wrong] == [(domain.GRADE, "grade")]
    past = refused(change, house, "adoption", row.id, Term(last=house.today - 2 * DAY))
    assert past[0][1] == "last" and "what was held stays" in past[0][2]
    fill(
        house,
        "adoption",
        "fostering",
        house.today + 9 * DAY,
        Term(grade="team-manager", why="Acting up"),
        replaces=True,
    )
    over = refused(change, house, "adoption", row.id, Term())
    assert over[0][0] == domain.TAKEN and over[0][1] == "last"


def test_a_wrong_first_day_is_mended_and_held_to_the_same_rules(house: House) -> None:
    fill(house, "signs-of-safety", "kinship", term=Term(last=house.today + 99 * DAY))
    (row,) = held(house, "signs-of-safety")
    term = Term(last=house.today + 99 * DAY)
    change(house, "signs-of-safety", row.id, term, since=house.today - 30 * DAY)
    assert held(house, "signs-of-safety")[0].holding.since == house.today - 30 * DAY
    (_, _, before, after, _) = told("change post")[0]
    assert before["first day"] == str(house.today)
    assert after["first day"] == str(house.today - 30 * DAY)
    late = refused(change, house, "signs-of-safety", row.id, term, since=term.last + DAY)  # type: ignore[operator]
    assert late[0][1] == "last" and "on or after the first day" in late[0][2]
    far = refused(change, house, "signs-of-safety", row.id, Term(), since=house.today + 400 * DAY)
    assert far[0][1] == "since" and "within a year" in far[0][2]
    none = refused(
        filling.change,
        *(house.scope(ADMIN), registry(house), where(house, "signs-of-safety")),
        *(row.id, None, term, AT),
    )
    assert none[0][1:] == ("since", "Enter the first day")
    fill(house, "adoption", "fostering", house.today + 9 * DAY,
         Term(grade="team-manager", why="Acting up"), replaces=True)  # fmt: skip
    coming = held(house, "adoption")[1]
    kept = Term(grade="team-manager", why="Acting up")
    taken = refused(change, house, "adoption", coming.id, kept, since=house.today + 3 * DAY)
    assert taken[0][:2] == (domain.TAKEN, "since") and "choose a first day after" in taken[0][2]


def end(house: House, post: str, row: int, last: date | None) -> None:
    there = where(house, post)
    filling.end(house.scope(ADMIN), registry(house), there, row, last, AT)


def test_a_term_is_ended_and_one_to_come_never_begins(house: House) -> None:
    fill(house, "signs-of-safety", since=house.today + 9 * DAY)
    (coming,) = held(house, "signs-of-safety")
    yesterday = house.today - DAY
    for last, words in ((None, "Enter the last day"), (yesterday - DAY, "yesterday or later")):
        found = refused(end, house, "signs-of-safety", coming.id, last)
        assert found[0][1] == "end-last" and words in found[0][2]
    end(house, "signs-of-safety", coming.id, yesterday)
    (never,) = held(house, "signs-of-safety")
    assert never.holding.until == never.holding.since
    assert "has ended" in refused(end, house, "signs-of-safety", never.id, house.today)[0][2]
    (legal,) = held(house, "legal")
    end(house, "legal", legal.id, yesterday)
    assert held(house, "legal")[0].holding.until == house.today
    after = told("end post")[0][3]
    assert after["last day"] == str(yesterday) and after["what"].endswith("legal")
    with pytest.raises(NoSuchPost):
        end(house, "legal", never.id, house.today)
    db.session.rollback()


@pytest.mark.parametrize(
    ("chosen", "ends_in", "reminded_in"),
    [
        (None, 100, 44),  # eight weeks before the new last day
        (None, 30, 0),  # at once: it began today
        (20, 100, 20),  # sooner, as it was chosen
        (300, 100, 44),
    ],
)
def test_a_term_that_is_shortened_is_reminded_of_before_its_new_last_day(
    house: House, chosen: int | None, ends_in: int, reminded_in: int
) -> None:
    remind = None if chosen is None else house.today + chosen * DAY
    term = Term(last=house.today + 400 * DAY, remind_on=remind)
    fill(house, "signs-of-safety", "kinship", term=term)
    (row,) = held(house, "signs-of-safety")
    end(house, "signs-of-safety", row.id, house.today + ends_in * DAY)
    (now,) = held(house, "signs-of-safety")
    assert now.remind_on == house.today + reminded_in * DAY
    assert told("end post")[0][3]["reminder"] == str(now.remind_on)


def test_a_post_held_for_good_is_reminded_of_once_it_has_a_last_day(house: House) -> None:
    (row,) = held(house, "legal")
    end(house, "legal", row.id, house.today + 10 * DAY)
    assert held(house, "legal")[0].remind_on == max(
        row.holding.since, house.today + 10 * DAY - domain.REMINDED
    )


def test_of_two_who_change_one_post_the_second_is_told(house: House) -> None:
    seen = where(house, "signs-of-safety")
    fill(house, "signs-of-safety", "kinship")
    late = (seen, public(house, "iro"), house.today, CONFIRMED, True, AT)
    with pytest.raises(PostMoved, match="Somebody else changed who holds Signs of Safety"):
        filling.fill(house.scope(ADMIN), registry(house), *late)
    db.session.rollback()
    (row,) = held(house, "signs-of-safety")
    with pytest.raises(PostMoved):
        change(house, "signs-of-safety", row.id, Term(), seen)
    db.session.rollback()
    other = where(house, "legal")
    fill(house, "signs-of-safety", "iro", house.today + DAY, replaces=True)
    (legal,) = held(house, "legal")
    change(house, "legal", legal.id, Term(service="Law"), other)


def test_the_rows_of_another_authority_are_out_of_reach(house: House) -> None:
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    (chair,) = held(toyshire, "chair")
    with pytest.raises(NoSuchPost):
        end(house, "chair", chair.id, house.today)
    db.session.rollback()
    assert held(toyshire, "chair")[0].holding.until is None
    count = sa.select(sa.func.count()).where(PostHolder.until.is_not(None))
    assert db.session.scalar(count) == 0
