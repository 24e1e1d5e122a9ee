"""Sibling groups: two to four children with one start, one set of proceedings and one name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from demo.drafts import Draft
from demo.names import family_name
from demo.particulars import postcode
from demo.practice import conclude, decide_adoption, hear_at_panel, hold_ppm, issue, settle_in
from demo.world import World


def siblings(
    world: World, ages_in_days: tuple[int, ...], *, need: str = "N1", story: str = ""
) -> tuple[Draft, ...]:
    """Children of one family so many days old; a negative age is a child to be born."""
    family, home = family_name(world.dice), postcode(world.dice)
    group = f"family-{next(world.groups)}"
    allocation, iro = world.dice.choice(world.allocations), world.dice.choice(world.iros)
    drafts = []
    for days in ages_in_days:
        draft = Draft(
            world, world.ago(days), family=family, home=home, group=group, need=need, story=story
        )
        draft.allocation, draft.iro = allocation, iro
        drafts.append(draft)
    return tuple(drafts)


def family_lives(world: World) -> Iterator[Draft]:
    """Scripted sibling groups of two, three and four, together and apart, one with an unborn."""
    yield from _together(world, (1500, 2300), 120, "two together")
    yield from _together(world, (900, 2000, 3100, 4300), 75, "four, in two homes")
    yield from _apart(world, (800, 2600, 4100), 420)
    yield from _with_unborn(world, (-50, 700))


def _together(world: World, ages: tuple[int, ...], days: int, side: str) -> tuple[Draft, ...]:
    drafts = siblings(world, ages, story=f"BEX-1.1.i siblings: {side}")
    for number, draft in enumerate(drafts):
        carers_of = drafts[number - 1] if number % 2 else None
        draft.start(world.ago(days), "L2", "U6", beside=carers_of)
        issue(draft, world.ago(days - 7))
        settle_in(draft, "return-home", "long-term-fostering")
    share_days(drafts)
    return drafts


def _apart(world: World, ages: tuple[int, ...], days: int) -> tuple[Draft, ...]:
    drafts = siblings(world, ages, story="BEX-1.1.i siblings: apart, plans differ")
    plans = ("adoption", "connected-fostering", "long-term-fostering")
    for draft, plan in zip(drafts, plans, strict=True):
        draft.start(world.ago(days), "V2", "U3" if plan == "connected-fostering" else "U6")
        issue(draft, world.ago(days - 21))
        if plan == "adoption":
            decide_adoption(draft, world.ago(days - 170))
        conclude(draft, world.ago(days - 200), "E1" if plan == "adoption" else "C2")
        hear_at_panel(draft, world.ago(days - 60))
        settle_in(draft, plan)
    share_days(drafts)
    return drafts


def _with_unborn(world: World, ages: tuple[int, ...]) -> tuple[Draft, ...]:
    drafts = siblings(world, ages, story="BEX-1.1.i siblings: one not yet born")
    for draft in drafts:
        if draft.born <= world.today:
            draft.start(world.ago(40), "V2", "U6")
            settle_in(draft, "return-home", "adoption")
        else:
            hold_ppm(draft, world.ago(15))
    return drafts


def share_days(drafts: tuple[Draft, ...]) -> None:
    """One family network meeting and one set of PPM dates for the group, as the first child's."""
    first = drafts[0]
    for draft in drafts[1:]:
        draft.family_network_meeting = first.family_network_meeting
        draft.safety_plan = first.safety_plan
        draft.ppms = list(first.ppms)
        if draft.plan is not None and first.ppms:
            draft.plan = replace(draft.plan, identified=first.ppms[0])


def age_gap(world: World) -> timedelta:
    """Days between one sibling and the next: a year to three and a half."""
    return timedelta(days=world.dice.randint(365, 1280))


def ages_down_from(world: World, eldest: date, number: int) -> tuple[int, ...]:
    """Ages in days of up to so many siblings, the eldest first; none is unborn."""
    ages: list[int] = []
    born = eldest
    while len(ages) < number and born < world.today:
        ages.append((world.today - born).days)
        born += age_gap(world)
    return tuple(ages)
