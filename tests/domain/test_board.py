"""How a child stands on the board, from one day to the next."""

from __future__ import annotations

from datetime import date

from builders.dated import child, day, panel, ppm, run, typed

from core.domain.board import Span, spans
from core.domain.courses import ChildDates


def on(
    one: ChildDates, text: str, latest: dict[int, dict[date, date]] | None = None
) -> Span | None:
    """How a child stands on a day; None where they are not looked after."""
    found = [
        span
        for span in spans(one, latest or {})
        if span.since <= day(text) and (span.until is None or day(text) < span.until)
    ]
    assert len(found) < 2
    return found[0] if found else None


def test_a_child_is_there_from_the_first_day_until_care_ends() -> None:
    one = child(run("", "2025-01-06", "2025-08-01"), "2026-02-02")
    assert on(one, "2025-01-05") is None
    assert on(one, "2025-01-06") is not None
    assert on(one, "2025-07-31") is not None
    assert on(one, "2025-08-01") is None
    again = on(one, "2026-02-02")
    assert again is not None and again.standing.started == day("2026-02-02")


def test_nobody_is_looked_after_at_eighteen() -> None:
    one = child("2025-01-06", born="2008-03-04")
    assert on(one, "2026-03-03") is not None
    assert on(one, "2026-03-04") is None


def test_status_and_placement_are_those_of_the_day() -> None:
    one = child(
        "2025-01-06",
        statuses=[run("V2", "2025-01-06", "2025-06-01"), run("C2", "2025-06-01", known=False)],
        placements=[run("U6", "2025-01-06", "2025-03-01"), run("P1", "2025-03-01")],
    )
    first, then = on(one, "2025-02-01"), on(one, "2025-06-01")
    assert first is not None and then is not None
    assert (first.standing.legal_status, first.standing.placement) == ("V2", "U6")
    assert first.standing.section_20_limit == day("2025-03-31")  # day 85 is the first after it
    assert (then.standing.legal_status, then.standing.legal_since_known) == ("C2", False)
    assert (then.standing.placement, then.standing.section_20_limit) == ("P1", None)


def test_how_far_the_plan_had_got_and_at_how_many_reviews_it_was_the_same() -> None:
    one = child(
        "2025-01-06",
        reviews=("2025-02-01", "2025-05-01", "2025-10-01", "2026-03-01"),
        recorded=[
            typed("plan", primary="return-home", state="provisional", identified_on="2025-01-20",
                  ended_on="2025-04-15"),
            typed("plan", primary="sgo", state="agreed", identified_on="2025-04-15",
                  agreed_on="2025-05-01"),
        ],
    )  # fmt: skip
    states = {
        text: (s.standing.plan, s.standing.plan_state, s.standing.plan_reviews)
        for text in ("2025-01-10", "2025-02-01", "2025-04-20", "2025-05-01", "2026-03-01")
        if (s := on(one, text))
    }
    assert states == {
        "2025-01-10": ("", "none", 0),
        "2025-02-01": ("return-home", "provisional", 1),
        "2025-04-20": ("sgo", "provisional", 0),
        "2025-05-01": ("sgo", "agreed", 1),
        "2026-03-01": ("sgo", "agreed", 3),
    }


def test_what_is_not_recorded_of_a_plan_is_unknown() -> None:
    vague = child("2025-01-06", recorded=[typed("plan", primary="sgo")])
    agreed = child("2025-01-06", recorded=[typed("plan", primary="sgo", state="agreed")])
    said, told = on(vague, "2026-12-01"), on(agreed, "2026-12-01")
    assert said is not None and said.standing.plan_state == "unknown"
    assert told is not None
    assert (told.standing.plan_state, told.standing.plan_state_on) == ("agreed", None)


def test_a_match_is_with_the_current_carers_and_a_code_is_no_proof() -> None:
    match = typed("match", matched_on="2025-03-01", **{"for": "long-term-fostering"})
    one = child(
        "2025-01-06",
        placements=[
            run("U6", "2025-01-06", "2025-04-01"), run("U4", "2025-04-01", "2025-09-01"),
            run("U4", "2025-09-01", "2025-12-01"), run("K2", "2025-12-01"),
        ],
        recorded=[match],
    )  # fmt: skip
    found = {
        text: s.standing.match
        for text in ("2025-02-01", "2025-03-01", "2025-04-01", "2025-09-01", "2025-12-01")
        if (s := on(one, text))
    }
    assert found == {
        "2025-02-01": "no", "2025-03-01": "yes", "2025-04-01": "yes", "2025-09-01": "no",
        "2025-12-01": "",
    }  # fmt: skip


def test_a_placement_order_stands_until_it_gives_way_and_placed_is_another_thing() -> None:
    one = child(
        "2025-01-06",
        statuses=[
            run("C2", "2025-01-06", "2025-06-01"), run("E1", "2025-06-01", "2026-02-01"),
            run("C2", "2026-02-01"),
        ],
        placements=[run("U6", "2025-01-06", "2025-10-01"), run("A5", "2025-10-01")],
    )  # fmt: skip
    found = {
        text: (s.standing.placement_order, s.standing.placed_for_adoption)
        for text in ("2025-05-31", "2025-06-01", "2025-10-01", "2026-02-01")
        if (s := on(one, text))
    }
    assert found == {
        "2025-05-31": (False, False), "2025-06-01": (True, False), "2025-10-01": (True, True),
        "2026-02-01": (False, True),
    }  # fmt: skip


def test_the_second_review_is_the_last_lawful_day_until_it_is_held() -> None:
    one = child("2025-01-06", reviews=("2025-02-01", "2025-06-20"))
    before = on(one, "2025-06-19", {1: {date.min: day("2025-05-01")}})
    after = on(one, "2025-06-20", {1: {date.min: day("2025-05-01")}})
    assert before is not None and after is not None
    assert (before.standing.second_review, before.standing.second_review_held) == (
        day("2025-05-01"), False,
    )  # fmt: skip
    assert (after.standing.second_review, after.standing.second_review_held) == (
        day("2025-06-20"), True,
    )  # fmt: skip


def test_the_limit_of_the_second_review_is_another_from_when_the_first_was_held() -> None:
    one = child("2025-01-06", reviews=("2025-01-20",))
    limits = {1: {date.min: day("2025-05-03"), day("2025-01-20"): day("2025-04-20")}}
    before, after = (on(one, text, limits) for text in ("2025-01-19", "2025-01-20"))
    assert before is not None and before.standing.second_review == day("2025-05-03")
    assert after is not None and after.standing.second_review == day("2025-04-20")


def test_the_last_planning_meeting_and_the_last_panel() -> None:
    one = child("2025-01-06", recorded=[ppm("2025-02-03")], heard=[panel("2025-04-04")])
    found = on(one, "2025-05-01")
    assert found is not None
    assert found.standing.last_planning == day("2025-02-03")
    assert found.standing.last_panel == day("2025-04-04")
    earlier = on(one, "2025-04-03")
    assert earlier is not None and earlier.standing.last_panel is None
