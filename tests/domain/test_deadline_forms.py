"""Every form of a deadline, with a declaration of its own: its day, its reason, what meets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from builders.dated import BANK_HOLIDAYS, day
from builders.dated import said as state

from core.domain.dated import Course, Dated, Origin
from core.domain.dates import Period, Unit
from core.domain.due import Due
from core.domain.limits import Others
from core.domain.procedure.timetable import Deadline, Direction, Run
from core.domain.reckoning import reckon

TEN_WEEKS, THREE_MONTHS = Period(10, Unit.WEEKS), Period(3, Unit.MONTHS)
SIX_MONTHS = Period(6, Unit.MONTHS)
CIRCLE = "toy-circle"


def rule(**more: object) -> Deadline:
    plain: dict[str, object] = {
        "code": "toy-card",
        "clauses": ("TOY-3",),
        "anchor": "became-looked-after",
        "anchor_words": "becoming looked after",
    }
    return Deadline(**plain | more)  # type: ignore[arg-type]


def nothing(_code: str) -> Due | None:
    return None


def course(
    begins: str = "2026-01-05", *, stops: str = "", unknown: Mapping[str, str] = {}, **days: str
) -> Course:
    """A period of care; what is dated in it by anchor, with _ for - and __ for a dot."""
    said = {"became_looked_after": begins, **days}
    events = {
        name.replace("__", ".").replace("_", "-"): tuple(
            Dated(day(on)) for on in sorted(text.split())
        )
        for name, text in said.items()
    }
    gone = {name for name in events if name in unknown}
    return Course(
        spell=1,
        begins=day(begins),
        stops=day(stops) if stops else None,
        events={name: dated for name, dated in events.items() if name not in gone},
        unknown=unknown,
    )


def runs(of: Deadline, there: Course, others: Others = nothing) -> list[Due]:
    return list(reckon(of, there, BANK_HOLIDAYS, others))


def one(of: Deadline, there: Course, others: Others = nothing) -> Due:
    (found,) = runs(of, there, others)
    return found


def test_a_period_after_its_anchor_and_its_reason() -> None:
    due = one(rule(period=TEN_WEEKS), course("2026-12-24"))
    assert (
        due.why
        == "by 4 March 2027: 10 weeks from becoming looked after on 24 December 2026 (TOY-3)"
    )
    assert due.begins == date(2026, 12, 24) and not due.there(date(2026, 12, 23))


def test_a_period_before_its_anchor_leaves_that_day_out_and_is_there_before_it() -> None:
    before = rule(
        anchor="meeting-date",
        anchor_words="the Circle",
        period=Period(3, Unit.WORKING_DAYS),
        direction=Direction.BEFORE,
    )
    due = one(before, course(meeting_date="2027-01-04"))
    assert (
        due.why == "by 29 December 2026: 3 working days before the Circle on 4 January 2027 (TOY-3)"
    )
    assert due.there(date(2026, 1, 5))


EARLIEST = rule(
    period=TEN_WEEKS,
    or_earlier=(
        Run(
            anchor="second-review",
            anchor_words="the second review",
            direction=Direction.BEFORE,
            latest="review-2",
        ),
    ),
)


def by_the_law(code: str) -> Due | None:
    """The second review must be held by 1 May 2026."""
    return Due(rule(code=code), day("2026-02-01"), day("2026-05-01"))


def test_the_earliest_of_several_counts_and_says_its_own_reason() -> None:
    later = one(EARLIEST, course(second_review="2026-05-20"))
    assert later.due == date(2026, 3, 16) and later.anchor == "became-looked-after"
    sooner, before = runs(EARLIEST, course(second_review="2026-03-02"))
    assert sooner.due == date(2026, 3, 1) and sooner.anchor == "second-review"
    assert sooner.why == "by 1 March 2026: before the second review on 2 March 2026 (TOY-3)"
    assert sooner.anchor_date == date(2026, 3, 2)
    assert (before.due, before.run) == (date(2026, 3, 16), 0)
    assert [before.there(day(on)) for on in ("2026-03-01", "2026-03-02")] == [True, False]
    assert [sooner.there(day(on)) for on in ("2026-03-01", "2026-03-02")] == [False, True]


def test_of_several_the_first_stands_where_two_are_of_one_day() -> None:
    assert one(EARLIEST, course(second_review="2026-03-17")).anchor == "became-looked-after"


def test_what_may_make_it_earlier_and_is_not_known_is_said() -> None:
    due = one(EARLIEST, course(unknown={"second-review": "whether reviews were held"}))
    assert due.due == date(2026, 3, 16)
    assert due.why == (
        "by 16 March 2026: 10 weeks from becoming looked after on 5 January 2026; it may be "
        "earlier (not known: whether reviews were held) (TOY-3)"
    )


def test_where_its_own_anchor_is_not_known_the_others_count() -> None:
    there = course(
        second_review="2026-03-02", unknown={"became-looked-after": "the day care began"}
    )
    due = one(EARLIEST, there)
    assert due.due == date(2026, 3, 1)
    assert due.reason.endswith("it may be earlier (not known: the day care began)")


def test_without_its_own_anchor_there_is_none_whatever_would_make_it_earlier() -> None:
    asked = rule(anchor="proceedings.issued_on", period=TEN_WEEKS, or_earlier=EARLIEST.or_earlier)
    assert runs(asked, course(second_review="2026-03-02")) == []


REPEATS = rule(
    anchor="meeting.toy-circle",
    anchor_words="the last Circle",
    period=TEN_WEEKS,
    repeats=True,
    asks_for=CIRCLE,
    until=("secured",),
)


def test_it_repeats_from_each_day_on_which_it_was_met() -> None:
    found = runs(REPEATS, course(meeting__toy_circle="2026-02-02 2026-04-13 2026-08-03"))
    assert [(due.anchor_date, due.due, due.met_on) for due in found] == [
        (date(2026, 2, 2), date(2026, 4, 13), date(2026, 4, 13)),
        (date(2026, 4, 13), date(2026, 6, 22), date(2026, 8, 3)),
        (date(2026, 8, 3), date(2026, 10, 12), None),
    ]
    assert [state(due, "2026-08-03") for due in found] == ["met", "met late", "running"]
    assert not found[1].there(date(2026, 4, 12))


def test_it_repeats_until_something_has_happened_and_never_after_it() -> None:
    there = course(meeting__toy_circle="2026-02-02 2026-04-13 2026-08-03", secured="2026-05-01")
    found = runs(REPEATS, there)
    assert [(due.anchor_date, due.met_on, due.stopped_on) for due in found] == [
        (date(2026, 2, 2), date(2026, 4, 13), None),
        (date(2026, 4, 13), None, date(2026, 5, 1)),
    ]
    assert [state(found[1], on) for on in ("2026-04-30", "2026-05-01")] == ["running", "stopped"]


def test_it_never_runs_beyond_the_end_of_care() -> None:
    there = course(meeting__toy_circle="2026-02-02 2026-04-13", stops="2026-03-02")
    (due,) = runs(REPEATS, there)
    assert (due.met_on, due.stopped_on) == (None, date(2026, 3, 2))


THEN = rule(
    anchor="placement-order",
    anchor_words="the placement order",
    period=Period(4, Unit.WEEKS),
    then=(THREE_MONTHS, SIX_MONTHS),
    then_words="the last review",
    met_by=("review",),
)


def test_it_goes_on_with_other_periods_the_last_again_and_again() -> None:
    found = runs(
        THEN, course(placement_order="2026-01-31", review="2026-02-20 2026-05-20 2026-11-20")
    )
    assert [str(due.due) for due in found] == [
        "2026-02-28", "2026-05-20", "2026-11-20", "2027-05-20",
    ]  # fmt: skip
    assert found[2].reason == "6 months from the last review on 20 May 2026"


def test_another_order_begins_it_anew_and_ends_what_ran() -> None:
    found = runs(THEN, course(placement_order="2026-01-31 2026-04-30", review="2026-02-20"))
    assert [(str(due.due), due.stopped_on) for due in found] == [
        ("2026-02-28", None),
        ("2026-05-20", date(2026, 4, 30)),
        ("2026-05-28", None),
    ]
    assert [due.run for due in found] == [1, 2, 3]


@pytest.mark.parametrize(
    ("anchor", "on", "met"),
    [
        ("plan.identified", "2026-03-10", False),
        ("plan.agreed_on", "2026-03-01", False),
        ("plan.agreed_on", "2026-03-02", True),
        ("plan.agreed_on", "2027-03-02", True),
    ],
    ids=["something else", "before its anchor", "on that day", "late"],
)
def test_only_what_meets_it_meets_it_and_only_after_its_anchor(
    anchor: str, on: str, met: bool
) -> None:
    by = rule(anchor="review", period=SIX_MONTHS, met_by=("plan.agreed_on",))
    events = {"review": (Dated(day("2026-03-02")),), anchor: (Dated(day(on)),)}
    assert (one(by, Course(events=events)).met_on is not None) is met


def test_what_was_done_before_meets_it_where_the_rule_says_so() -> None:
    early = rule(period=TEN_WEEKS, met_by=("secured",), met_early=True)
    due = one(early, course(secured="2025-12-01"))
    assert state(due, "2026-01-05") == "met"


def test_what_met_one_of_two_does_not_meet_the_other_too() -> None:
    early = rule(anchor="placement-order", period=SIX_MONTHS, met_by=("secured",), met_early=True)
    found = runs(early, course(placement_order="2026-01-31 2026-06-01", secured="2026-03-02"))
    assert [due.met_on for due in found] == [date(2026, 3, 2), None]


def test_a_function_says_what_meets_it_and_whom_it_does_not_concern() -> None:
    named = rule(
        anchor="review",
        period=SIX_MONTHS,
        met_by=("secured",),
        meets=lambda _course, event, since: (event.on - since).days > 30,
        not_for=lambda _course, on: "the child was too young" if on < date(2026, 3, 1) else "",
    )
    first, second = runs(named, course(review="2026-02-02 2026-03-02", secured="2026-03-12"))
    assert state(first, "2026-03-12") == "not applicable"
    assert first.why == "the child was too young (TOY-3)"
    assert state(second, "2026-03-12") == "running"


@pytest.mark.parametrize(
    ("panel", "due", "why"),
    [
        ("2026-12-03", "2026-11-30", "the Monday before the Circle on 3 December 2026"),
        ("2026-12-07", "2026-11-30", "the Monday before the Circle on 7 December 2026"),
        (
            "2026-12-30",
            "2026-12-24",
            "the working day before 28 December 2026, a day off and the Monday before the Circle "
            "on 30 December 2026",
        ),
    ],
    ids=["in the week", "not the day itself", "rolled back over Christmas"],
)
def test_a_weekday_before_rolls_back(panel: str, due: str, why: str) -> None:
    monday = rule(
        anchor="meeting-date", anchor_words="the Circle", weekday=0, direction=Direction.BEFORE
    )
    found = one(monday, course(meeting_date=panel))
    assert (str(found.due), found.reason) == (due, why)


@pytest.mark.parametrize(
    ("born", "due", "aged"),
    [
        ("2021-03-03", "2026-09-02", 4),
        ("2021-03-02", "2027-03-02", 5),
        ("2026-04-01", "2026-09-02", 0),
    ],
    ids=["the day before the birthday", "the birthday", "not born yet"],
)
def test_a_period_goes_by_the_age_on_the_anchors_day(born: str, due: str, aged: int) -> None:
    aging = rule(anchor="review", by_age=((5, SIX_MONTHS), (None, Period(12, Unit.MONTHS))))
    found = one(aging, Course(born=day(born), events={"review": (Dated(day("2026-03-02")),)}))
    assert str(found.due) == due and found.reason.endswith(f", at the age of {aged}")


def test_without_a_date_of_birth_a_period_by_age_is_not_known_and_says_where_to_enter_it() -> None:
    aging = rule(anchor="review", by_age=((5, SIX_MONTHS), (None, THREE_MONTHS)))
    found = one(aging, course(review="2026-03-02"))
    assert state(found, "2026-03-02") == "unknown"
    assert (found.missing, found.enter) == ("the date of birth is not known", "identity")
    assert found.anchor_date == date(2026, 3, 2)


def test_hours_count_from_the_moment_and_to_the_moment() -> None:
    told = rule(
        anchor="meeting-date",
        anchor_words="the end of the Circle",
        period=Period(48, Unit.HOURS),
        met_by=("ratified",),
    )

    def due(done: datetime) -> Due:
        ended = Dated(day("2026-03-27"), datetime(2026, 3, 27, 17, 30))
        events = {"meeting-date": (ended,), "ratified": (Dated(done.date(), done),)}
        return one(told, Course(events=events))

    in_time = due(datetime(2026, 3, 29, 17, 30))
    assert in_time.why == (
        "by 29 March 2026: 48 hours from the end of the Circle at 17:30 on 27 March 2026, "
        "which is 18:30 (TOY-3)"
    )
    assert state(in_time, "2026-03-29") == "met"
    assert state(due(datetime(2026, 3, 29, 17, 31)), "2026-03-29") == "met late"


def test_it_asks_for_a_meeting_and_is_met_by_it() -> None:
    asks = rule(period=TEN_WEEKS, asks_for=CIRCLE)
    assert state(one(asks, course(booked__toy_circle="2026-03-02")), "2026-03-10") != "met"
    assert state(one(asks, course(meeting__toy_circle="2026-03-02")), "2026-03-10") == "met"
    assert asks.meeting == ("meeting.toy-circle",)


LATEST = rule(
    anchor="first-review",
    anchor_words="the first review",
    period=THREE_MONTHS,
    latest="review-1",
    met_by=("second-review",),
)


def first_review(code: str) -> Due | None:
    assert code == "review-1"
    return Due(rule(code=code), day("2026-01-05"), day("2026-02-02"), origin=Origin(file_id=7))


def test_what_runs_to_a_day_to_come_runs_to_the_latest_possible_one() -> None:
    due = one(LATEST, course(), first_review)
    assert due.why == (
        "at the latest by 2 May 2026: 3 months from the first review, which is due by "
        "2 February 2026 (TOY-3)"
    )
    assert due.latest and due.begins == date(2026, 1, 5)


def test_up_to_the_day_on_which_it_happened_the_latest_possible_day_stands() -> None:
    real, before = runs(LATEST, course(first_review="2026-01-26"), first_review)
    assert (real.run, real.latest, str(real.due)) == (1, False, "2026-04-26")
    assert (before.run, before.latest, str(before.due)) == (0, True, "2026-05-02")
    assert [on.there(date(2026, 1, 25)) for on in (real, before)] == [False, True]
    assert [on.there(date(2026, 1, 26)) for on in (real, before)] == [True, False]


def test_where_the_other_is_not_known_this_one_says_what_it_misses() -> None:
    def unknown(code: str) -> Due | None:
        return Due(rule(code=code), None, None, missing="the day care began", enter="care.episode")

    due = one(LATEST, course(), unknown)
    assert (due.due, due.missing, due.enter) == (None, "the day care began", "care.episode")


def test_what_is_done_on_the_day_itself_is_there_before_it() -> None:
    agreed = rule(
        anchor="second-review", anchor_words="the second review", latest="review-2",
        met_by=("secured",), met_early=True,
    )  # fmt: skip
    due, before = runs(agreed, course(second_review="2026-04-01"), by_the_law)
    assert due.why == "by 1 April 2026: on the day of the second review on 1 April 2026 (TOY-3)"
    assert (before.due, before.latest, before.run) == (date(2026, 5, 1), True, 0)
    assert [before.there(day(on)) for on in ("2026-03-31", "2026-04-01")] == [True, False]
    assert [due.there(day(on)) for on in ("2026-03-31", "2026-04-01")] == [False, True]
    assert one(agreed, course(), by_the_law).due == date(2026, 5, 1)


def test_a_figure_that_the_authority_set_is_said() -> None:
    due = one(rule(period=TEN_WEEKS, local="set by the authority"), course())
    assert due.reason.endswith("on 5 January 2026 (set by the authority)")


def test_whether_it_was_met_may_not_be_known() -> None:
    there = course(unknown={"review": "whether reviews were held"})
    due = one(rule(period=TEN_WEEKS, met_by=("review",)), there)
    assert [state(due, on) for on in ("2026-03-16", "2026-03-17")] == ["soon", "unknown"]
    assert (due.missing, due.enter) == ("whether reviews were held", "care.review")
