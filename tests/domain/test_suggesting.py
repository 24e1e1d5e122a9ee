"""When a further planning meeting is suggested: a table of plans, steps, meetings and reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from builders.dated import typed

from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.suggesting import (
    Earlier,
    Figures,
    Moves,
    Planned,
    Suggestion,
    moves_of,
    suggestions,
)

EVERY = Figures(changed=True, late=28, moved=2, quiet=84, drift=True)
MET = date(2026, 6, 1)
BEFORE = typed("plan", primary="sgo", identified_on="2026-05-01", ended_on="2026-07-01")
NOW = typed("plan", primary="adoption", identified_on="2026-07-01")


def step(due: str = "2026-07-01", whole: Recorded = NOW, **more: str) -> Recorded:
    return replace(typed("plan-step", what="Assess the aunt", due_on=due, **more),
                   parent_id=whole.id)  # fmt: skip


def found(
    *entries: Recorded,
    met: tuple[date, ...] = (MET,),
    moves: dict[int, Moves] | None = None,
    primaries: dict[int, list[Statement]] | None = None,
    section_20: date | None = None,
    figures: Figures = EVERY,
) -> list[Suggestion]:
    earlier = Earlier(moves or {}, primaries or {})
    return list(suggestions(Planned(entries, met, earlier, section_20), figures))


def codes(*entries: Recorded, **more: object) -> list[tuple[str, date]]:
    return [(one.code, one.since) for one in found(*entries, **more)]  # type: ignore[arg-type]


@pytest.mark.clause("PPM2-2.5")
def test_another_primary_plan_since_the_last_meeting_suggests_one() -> None:
    (one,) = found(BEFORE, NOW)
    assert (one.code, one.since, one.of) == ("plan-changed", date(2026, 7, 1), "Adoption")
    assert one.why == (
        "the primary plan changed from special guardianship order to adoption on 1 July 2026, "
        "since the last planning meeting on 1 June 2026"
    )
    assert found(BEFORE, NOW, met=(MET, date(2026, 7, 1))) == []
    assert found(NOW) == []  # the first plan is no change of one
    same = typed("plan", primary="sgo", identified_on="2026-07-01")
    assert found(BEFORE, same) == []
    assert found(BEFORE, NOW, met=()) == []  # the first meeting is due; no further one
    assert found(BEFORE, NOW, figures=Figures()) == []


def stated(number: int, value: str, on: int, until: int = 0, file: str = "") -> Statement:
    """What was said of a primary option on a day of June, up to another."""
    at, day = datetime(2026, 6, on, 9), date(2026, 6, on)
    over = datetime(2026, 6, until, 9) if until else None
    return Statement(number, "primary", value, format=file, as_at=day, stated_at=at,
                     replaced_at=over)  # fmt: skip


@pytest.mark.clause("PPM2-2.5")
@pytest.mark.parametrize(
    ("said", "since"),
    [
        ([stated(1, "sgo", 1, 8), stated(2, "adoption", 8)], 8),
        ([stated(1, "adoption", 1)], None),
        ([stated(1, "sgo", 1, 1), stated(2, "adoption", 1)], None),  # on the meeting's own day
        ([stated(1, "sgo", 3, 3), stated(2, "adoption", 3)], None),  # as it was written down
        ([stated(1, "sgo", 3, 9), stated(2, "adoption", 9)], 9),
        ([stated(1, "adoption", 1, 4), stated(2, "sgo", 4, 9), stated(3, "adoption", 9)], None),
        ([stated(1, "sgo", 1, 8), stated(2, "cao", 8, 9), stated(3, "adoption", 9)], 9),
        ([stated(1, "sgo", 1, file="t", until=8), stated(2, "adoption", 8, file="t")], 8),
        ([stated(1, "unspecified", 1, file="t"), stated(2, "adoption", 8)], None),
    ],
)
def test_a_primary_option_that_was_corrected_since_the_last_meeting_suggests_one(
    said: list[Statement], since: int | None
) -> None:
    plan = typed("plan", primary="adoption", identified_on="2026-05-01")
    suggested = codes(plan, primaries={plan.id: said})
    assert suggested == ([("plan-changed", date(2026, 6, since))] if since else [])


@pytest.mark.clause("PPM2-7", "PPM2-2.5")
@pytest.mark.parametrize(
    ("due", "done", "since"),
    [
        ("2026-07-01", "", date(2026, 7, 30)),
        ("2026-07-01", "2026-09-01", None),
        ("2026-05-01", "", date(2026, 6, 30)),  # a meeting was held while it was late
        ("", "", None),
    ],
)
def test_a_step_late_by_more_than_four_weeks_suggests_one(
    due: str, done: str, since: date | None
) -> None:
    plan = typed("plan", primary="adoption", identified_on="2026-05-01")
    one = step(due, plan, **({"done_on": done} if done else {}))
    assert codes(plan, one) == ([("step-slipped", since)] if since else [])


@pytest.mark.clause("PPM2-7", "PPM2-2.5")
def test_a_step_moved_twice_since_the_last_meeting_suggests_one_at_once() -> None:
    plan = typed("plan", primary="adoption", identified_on="2026-05-01")
    one = step("2026-12-01", plan)
    twice = {one.id: Moves(2, date(2026, 6, 20))}
    (said,) = found(plan, one, moves=twice)
    assert said.since == date(2026, 6, 20)
    assert said.why == (
        "“Assess the aunt” was moved twice, the last time on 20 June 2026, now to 1 December 2026"
    )
    assert codes(plan, one, moves={one.id: Moves(1, date(2026, 6, 20))}) == [
        ("step-slipped", date(2026, 12, 30))
    ]
    assert codes(plan, one, moves={one.id: Moves(2, date(2026, 5, 20))}) == [
        ("step-slipped", date(2026, 12, 30))
    ]


def test_steps_of_a_plan_that_is_no_longer_in_use_suggest_nothing() -> None:
    assert codes(BEFORE, NOW, step(whole=BEFORE)) == [("plan-changed", date(2026, 7, 1))]


@pytest.mark.clause("PPM2-2.5", "PPM2-3.8")
def test_under_section_20_a_slipped_step_is_drift_and_so_is_no_progress() -> None:
    plan = typed("plan", primary="adoption", identified_on="2026-05-01")
    one = step("2026-07-01", plan)
    since = date(2026, 4, 1)
    listed = found(plan, one, section_20=since)
    assert [(s.code, s.since) for s in listed] == [
        ("section-20-drift", date(2026, 7, 30)),
        ("section-20-drift", date(2026, 8, 25)),  # 84 days after the meeting of 1 June
    ]
    assert "accommodated under section 20 since 1 April 2026" in listed[0].why
    assert listed[1].of == "No progress"
    tracked = typed("plan-tracked", tracked_on="2026-08-01", words="It goes on")
    assert codes(plan, tracked, section_20=since) == [("section-20-drift", date(2026, 10, 25))]


@pytest.mark.clause("PPM2-2.5", "PPM2-7")
def test_a_reason_against_it_holds_until_something_new_happens() -> None:
    plan = typed("plan", primary="adoption", identified_on="2026-05-01")
    one = step("2026-07-01", plan)
    why = {"why": "The aunt is abroad until May", "decided_on": "2026-08-03"}
    no = typed("no-further-ppm", suggestion="step-slipped", of="Assess the aunt", **why)
    assert found(plan, one, no) == []
    other = replace(typed("plan-step", what="Ask the uncle", due_on="2026-07-01"),
                    parent_id=plan.id)  # fmt: skip
    assert [s.of for s in found(plan, one, other, no)] == ["Ask the uncle"]
    moved = {one.id: Moves(2, date(2026, 9, 1))}
    assert [s.since for s in found(plan, one, no, moves=moved)] == [date(2026, 9, 1)]
    early = typed("no-further-ppm", suggestion="step-slipped", of="Assess the aunt", why="No",
                  decided_on="2026-07-29")  # fmt: skip
    assert len(found(plan, one, early)) == 1
    quiet = typed("no-further-ppm", suggestion="section-20-drift", of="No progress", why="No",
                  decided_on="2026-09-01")  # fmt: skip
    # It holds for as many days again.
    assert codes(plan, quiet, section_20=date(2026, 4, 1)) == [
        ("section-20-drift", date(2026, 11, 25))
    ]


def test_moves_are_told_by_everything_that_was_said_of_the_day() -> None:
    def stated(number: int, value: str, on: int) -> Statement:
        return Statement(number, "due_on", value, stated_at=datetime(2026, 6, on, 9))

    one, two = stated(1, "2026-07-01", 1), stated(2, "2026-08-01", 8)
    assert moves_of([one]) is None and moves_of([]) is None
    assert moves_of([two, one]) == Moves(1, date(2026, 6, 8))
    assert moves_of([one, two, stated(3, "", 9), stated(4, "2026-08-01", 10)]) == Moves(
        1, date(2026, 6, 8)
    )
    assert moves_of([one, two, stated(5, "2026-09-01", 12)]) == Moves(2, date(2026, 6, 12))
