"""Notices as declared and planned: their day and why, what is new, stopped, told anew or off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from builders.dated import BANK_HOLIDAYS

from core.domain.dates import Calendar
from core.domain.notice_days import notice_day, run_words
from core.domain.notice_plan import (
    Gone,
    KeptNotice,
    NoticeKind,
    NoticeState,
    Subject,
    WantedNotice,
    plan,
)
from core.domain.own_notices import ACTION_DUE, MINUTES_WAITING, TERM_ENDING
from core.domain.procedure.notices import PLACEHOLDERS, Each, Notice, ToWhom, to_words
from core.notices.notice_letter import NoticeFacts, letter
from plugins.bcp import PROCEDURE as BCP
from plugins.bexley import PROCEDURE as BEX
from plugins.ppm_guidance import PROCEDURES as PPM
from plugins.somerset import PROCEDURE as SOM

OWN = (ACTION_DUE, MINUTES_WAITING, TERM_ENDING)
EVERY = [*SOM.notices, *BCP.notices, *BEX.notices, *(n for p in PPM for n in p.notices), *OWN]
CHILD = "Orlin Thistlewick"
MONDAY, LATER, TODAY = date(2026, 11, 30), date(2026, 12, 7), date(2026, 11, 20)
RULE = BEX.notices[1]
KEY = Subject(7, 3, 5, 1).key("BEX", RULE.code)


def want(held_on: date = MONDAY, due: date = MONDAY) -> dict[str, WantedNotice]:
    one = WantedNotice(KEY, RULE, "BEX", "", Subject(7, 3, 5, 1), held_on, due, "why")
    return {KEY: one}


def kept(state: NoticeState, number: int = 1, held_on: date = MONDAY, **more: object) -> KeptNotice:
    row = KeptNotice(number, KEY, number, NoticeKind.NOTICE, state, held_on, held_on, "why")
    return replace(row, **more)  # type: ignore[arg-type]


@pytest.mark.clause("SOM-7.8")
def test_the_booking_notice_leaves_out_the_day_of_the_meeting_and_bank_holidays() -> None:
    rule = SOM.notice("booking-notice")
    assert rule is not None and rule.clauses == ("SOM-7.8",)
    found = notice_day(SOM, rule, date(2027, 1, 7), BANK_HOLIDAYS)
    assert found is not None and found.on == date(2026, 12, 24)
    assert found.reason == "7 working days before the panel on 7 January 2027"
    assert run_words(SOM, rule) == (
        "on the day of the booking e-mail: 7 working days before the panel"
    )


def test_a_reminder_of_papers_says_both_days_and_that_it_is_set_here() -> None:
    rule = SOM.notice("papers-due")
    assert rule is not None
    found = notice_day(SOM, rule, date(2026, 12, 10), Calendar())
    assert found is not None and (found.on, found.from_day) == (
        date(2026, 11, 24),
        date(2026, 11, 26),
    )
    assert found.reason == (
        "2 working days before the day by which the papers are due on 26 November 2026: "
        "2 weeks before the panel on 10 December 2026 (set here, not by the procedure)"
    )


def test_what_follows_the_circulation_has_no_day_before_it() -> None:
    rule = BCP.notice("agenda-circulated")
    assert rule is not None and notice_day(BCP, rule, MONDAY, Calendar()) is None
    at = datetime(2026, 7, 6, 23, 30)  # In London it is the next day.
    found = notice_day(BCP, rule, MONDAY, Calendar(), circulated_at=at)
    assert found is not None and found.on == date(2026, 7, 7)


def test_a_notice_is_kept_once_and_put_on_another_day_where_its_figure_changes() -> None:
    (new,) = plan(want(), [], {}, TODAY).new
    assert (new.number, new.kind, new.due) == (1, NoticeKind.NOTICE, MONDAY)
    assert plan(want(), [kept(NoticeState.TO_COME)], {}, TODAY).nothing
    found = plan(want(due=TODAY), [kept(NoticeState.TO_COME)], {}, TODAY)
    assert found.redated == [(1, TODAY, "why")] and not found.new
    assert plan(want(due=TODAY), [kept(NoticeState.SENT)], {}, TODAY).nothing
    assert plan(want(), [kept(NoticeState.NOBODY)], {}, TODAY).nothing


def test_what_was_called_off_and_comes_back_is_told_again() -> None:
    off = kept(NoticeState.SENT, key=f"{KEY}/called-off", id=9, kind=NoticeKind.CALLED_OFF)
    (new,) = plan(want(), [kept(NoticeState.SENT), off], {}, TODAY).new
    assert (new.number, new.follows) == (2, None)


def test_who_was_told_is_told_once_that_it_is_off() -> None:
    gone = {KEY: Gone("the meeting was cancelled", tell=True)}
    (new,) = plan({}, [kept(NoticeState.SENT)], gone, TODAY).new
    assert (new.kind, new.follows, new.due) == (NoticeKind.CALLED_OFF, 1, TODAY)
    off = kept(NoticeState.TO_COME, key=f"{KEY}/called-off", id=9, kind=NoticeKind.CALLED_OFF)
    assert plan({}, [kept(NoticeState.SENT), off], gone, TODAY).nothing
    quiet = {KEY: Gone("the case was heard", tell=False)}
    assert plan({}, [kept(NoticeState.SENT)], quiet, TODAY).nothing


def test_cancelled_after_it_moved_tells_who_was_told_of_the_first_day() -> None:
    rows = [
        kept(NoticeState.SENT),
        kept(NoticeState.TO_COME, 2, LATER),
        kept(
            NoticeState.TO_COME,
            2,
            LATER,
            id=8,
            key=f"{KEY}/moved",
            kind=NoticeKind.MOVED,
        ),
    ]
    gone = {KEY: Gone("the meeting was cancelled", tell=True)}
    found = plan({}, rows, gone, TODAY)
    assert [notice_id for notice_id, _ in found.stopped] == [2, 8]
    assert [(new.kind, new.follows) for new in found.new] == [(NoticeKind.CALLED_OFF, 1)]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.code)
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_no_notice_names_a_child_whatever_the_facts_hold(rule: Notice, kind: NoticeKind) -> None:
    # All that a message is made of; of a child there is no fact among them to tell.
    assert set(PLACEHOLDERS) == {"body", "on", "at", "day", "asked"}
    facts = NoticeFacts(
        "Permanence Panel", MONDAY, time(10, 0), MONDAY, 2, "/cases/abc", LATER, "it was cancelled"
    )
    named = replace(rule, anchor_words=CHILD, not_for_words=CHILD, local=CHILD)
    subject, body = letter(named, kind, facts)
    assert CHILD not in subject + body and "{" not in subject + body
    assert "\n/cases/abc\n" in body and len(subject) <= 200 and "\n" not in subject
    if kind is NoticeKind.NOTICE and rule.clauses:
        assert f"({', '.join(rule.clauses)})" in body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to": ()}, "it goes to nobody"),
        ({"anchor": "deadline.none"}, "the procedure has no deadline none"),
        ({"anchor": "review"}, "nothing of a meeting goes by the name review"),
        ({"each": Each.MEETING}, "once a meeting it cannot go to"),
        ({"office": "deputy-director"}, "an office is named where it goes to one"),
        ({"to": (ToWhom.OFFICE,), "office": "mayor"}, "the procedure has no office mayor"),
        ({"to": (ToWhom.OWNER,)}, "only what the core reminds of itself can go to: owner"),
        ({"to": (ToWhom.AUTHORITY_ADMINISTRATOR,)}, "itself can go to: authority-administrator"),
        ({"text": "About {child}"}, "its words name child, which a message cannot tell"),
        ({"subject": ""}, "it has no subject or no words"),
        ({"not_for": lambda told: ""}, "it does not say in a sentence to what it does not go"),
    ],
)
def test_a_notice_declared_wrongly_says_what_is_wrong(
    changed: dict[str, object], said: str
) -> None:
    rule = replace(RULE, **changed)  # type: ignore[arg-type]
    (fault,) = rule.faults({}, frozenset({"deputy-director"}))
    assert said in fault


def test_to_whom_in_words() -> None:
    assert to_words(("social-worker",)) == "the child’s social worker"
    assert to_words(("social-worker", "team-manager")) == (
        "the child’s social worker and the team manager"
    )
