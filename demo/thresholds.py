"""Lives on, just before and just after each limit day of the Bexley protocol's clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from demo.calendars import months_after, panel_on_or_before
from demo.drafts import Draft
from demo.practice import (
    child,
    hear_at_panel,
    hold_ppm,
    issue,
    meet_family,
    plan_for,
    settle_in,
    under_care_order,
)
from demo.world import World

PPM_DAYS, RESIDENTIAL_DAYS, WEEK_TEN, TWELVE_WEEKS, WEEK_26 = 28, 28, 70, 84, 182


def threshold_lives(world: World) -> Iterator[Draft]:
    """Every life of this module, in a fixed order."""
    yield from first_reviews(world)
    yield from first_ppms(world)
    yield from plans_by_second_review(world)
    yield from recent_placements(world)
    yield from proceedings_by_week(world)
    yield from residential_starts(world)
    yield from section_20s(world)


def first_reviews(world: World) -> Iterator[Draft]:
    """CPPCR reg 33(1): the first review within 20 working days."""
    days = world.working_days
    this = world.today if days.is_working(world.today) else days.after(world.today, 1)
    sides = (
        (days.after(this, 1), "the working day after"),
        (this, "this working day"),
        (days.before(this, 1), "the working day before"),
    )
    for due, side in sides:
        ago = (world.today - days.before(due, 20)).days
        draft = child(world, f"CPPCR-33(1) first review: due {side}, not held", age=9, days=ago)
        meet_family(draft)
        hold_ppm(draft, world.ago(ago - 14))
        plan_for(draft, "return-home")
        draft.booked_review = days.after(world.today, 3)
        yield draft
    for number, side in ((20, "on the limit day"), (21, "a day late")):
        draft = child(world, f"CPPCR-33(1) first review: held {side}", age=5, days=75)
        meet_family(draft)
        hold_ppm(draft, world.ago(55))
        plan_for(draft, "return-home", "connected-fostering")
        draft.hold_review(days.after(world.ago(75), number))
        yield draft


def first_ppms(world: World) -> Iterator[Draft]:
    """BEX-1.4.b: a PPM within 4 weeks of becoming looked after."""
    for days, side in ((27, "day before the limit"), (28, "limit day"), (29, "day after")):
        draft = child(world, f"BEX-1.4.b first PPM: {side}, not held", age=days - 21, days=days)
        meet_family(draft)
        draft.hold_reviews()
        yield draft
    for held, side in ((27, "a day early"), (28, "on the limit day"), (29, "a day late")):
        draft = child(world, f"BEX-1.4.b first PPM: held {side}", age=held - 17, days=48)
        meet_family(draft)
        hold_ppm(draft, world.ago(48 - held))
        draft.hold_reviews()
        plan_for(draft, "return-home", "long-term-fostering")
        yield draft


def plans_by_second_review(world: World) -> Iterator[Draft]:
    """BEX-0.2: a permanence plan agreed by the second review."""
    sides = (
        (None, "no plan"),
        (-1, "agreed the day before"),
        (0, "agreed at it"),
        (1, "agreed the day after"),
    )
    for offset, side in sides:
        draft = child(world, f"BEX-0.2 plan by second review: {side}", age=6, days=170)
        settle_in(draft, "long-term-fostering", "connected-fostering")
        second = draft.second_review()
        if offset is None or second is None or draft.plan is None:
            draft.plan = None
        else:
            draft.plan = replace(draft.plan, agreed=second + timedelta(days=offset))
        yield draft
    draft = child(world, "BEX-0.2 plan by second review: only the first held", age=6, days=70)
    settle_in(draft, "long-term-fostering", reviews_upto=2)
    yield draft


def recent_placements(world: World) -> Iterator[Draft]:
    """BEX-1.4.d: a placement begun within 12 weeks before the second review."""
    for before, side in ((83, "83 days before"), (84, "84 days before"), (85, "85 days before")):
        draft = child(world, f"BEX-1.4.d recent placement: begun {side} it", age=7, days=80)
        first = world.working_days.after(world.ago(80), 19)
        draft.hold_review(first)
        second = world.working_days.on_or_before(months_after(first, 3))
        draft.booked_review = second
        draft.change(second - timedelta(days=before), placement="U6", reason="CREQB")
        meet_family(draft)
        hold_ppm(draft, world.ago(60))
        plan_for(draft, "long-term-fostering", "return-home")
        yield draft
    draft = child(world, "BEX-1.4.d recent placement: second review already held", age=7, days=200)
    settle_in(draft, "long-term-fostering")
    draft.change(world.ago(20), placement="U6", reason="CREQO")
    yield draft


def proceedings_by_week(world: World) -> Iterator[Draft]:
    """BEX-1.4.f: the panel reviews the latest care plan by week 10 of proceedings."""
    running = (
        (28, "week 4"),
        (63, "week 9"),
        (69, "day 69"),
        (70, "day 70, the limit"),
        (71, "day 71"),
        (77, "week 11"),
        (140, "week 20"),
    )
    for days, side in running:
        draft = _in_proceedings(world, f"BEX-1.4.f week 10: {side}, no panel", days)
        yield draft
    sat = panel_on_or_before(world.ago(20))
    for offset, side in ((70, "on day 70"), (71, "on day 71"), (56, "in week 8")):
        days = (world.today - sat).days + offset
        draft = _in_proceedings(world, f"BEX-1.4.f week 10: panel {side}", days)
        hear_at_panel(draft, sat)
        yield draft
    days = (world.today - sat).days + 56
    draft = _in_proceedings(world, "BEX-1.4.f week 10: panel, but the plan changed since", days)
    hear_at_panel(draft, sat)
    plan_for(draft, "sgo", "long-term-fostering", on=world.ago(5))
    yield draft
    sides = ((181, "day before week 26"), (182, "week 26"), (183, "day after week 26"))
    for days, side in sides:
        draft = _in_proceedings(world, f"CA-32 26 weeks: {side}, not concluded", days)
        hear_at_panel(draft, world.ago(days - 40))
        yield draft


def residential_starts(world: World) -> Iterator[Draft]:
    """BEX-1.1.e: before panel within 28 days of a residential placement's start."""
    for days, side in ((27, "day 27"), (28, "day 28, the limit"), (29, "day 29, late")):
        yield _residential(world, f"BEX-1.1.e 28 days residential: {side}, no panel", days)
    sat = panel_on_or_before(world.ago(10))
    for offset, side in ((28, "on day 28"), (29, "on day 29, late")):
        days = (world.today - sat).days + offset
        draft = _residential(world, f"BEX-1.1.e 28 days residential: panel {side}", days)
        hear_at_panel(draft, sat)
        draft.iro_agrees_residential = sat - timedelta(days=6) if offset == 28 else None
        yield draft
    draft = _residential(world, "BEX-1.1.e 28 days residential: not intended as permanent", 45)
    draft.residential_not_permanent = "A short stay while a foster home is found"
    yield draft


def section_20s(world: World) -> Iterator[Draft]:
    """Accommodation under section 20 that goes on past twelve weeks; 16 and over apart."""
    for days, side in ((83, "83 days"), (84, "84 days"), (85, "85 days"), (300, "ten months")):
        draft = child(world, f"Section 20: {side}, under 16", age=11, days=days, need="N4")
        settle_in(draft, "return-home")
        yield draft
    draft = child(world, "Section 20: 85 days, 16 or over", age=16, days=85, need="N5")
    settle_in(draft, "independence")
    yield draft


def _in_proceedings(world: World, story: str, days: int) -> Draft:
    age = world.dice.randint(3, 12)
    draft = child(world, story, age=age, days=days + 7, legal_status="L2")
    issue(draft, world.ago(days))
    settle_in(draft, "return-home", "long-term-fostering")
    return draft


def _residential(world: World, story: str, days: int) -> Draft:
    draft = under_care_order(world, story, age=14, days=500)
    settle_in(draft, "residential", "long-term-fostering")
    draft.change(world.ago(days), placement="K2", provider="PR4", reason="CREQB")
    draft.assessment = world.ago(days + 12)
    return draft
