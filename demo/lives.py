"""The made-up children: scripted lives on both sides of each rule first, then any number more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from demo.careers import career_lives
from demo.children import MadeUpChild
from demo.concerns import concern_lives
from demo.courses import random_family
from demo.drafts import Draft
from demo.families import family_lives
from demo.practice import child, settle_in
from demo.staff import StaffMember, staff_for
from demo.thresholds import threshold_lives
from demo.world import World, world_for

DEMO_SEED = 903
DEMO_COUNT = 240


def make_children(
    seed: int,
    today: date,
    count: int = DEMO_COUNT,
    staff: Sequence[StaffMember] | None = None,
) -> tuple[MadeUpChild, ...]:
    """So many children as they are on that day; the same arguments make the same children.

    Fewer than the scripted lives gives the first of them. `staff` are the people children are
    allocated to (of `staff_for`); without them, Bexley's.
    """
    return tuple(stream_children(seed, today, count, staff))


def stream_children(
    seed: int, today: date, count: int, staff: Sequence[StaffMember] | None = None
) -> Iterator[MadeUpChild]:
    """As `make_children`, one at a time: for numbers that nobody wants in memory."""
    world = world_for(seed, today, staff or staff_for("bexley", "BEX"))
    return (draft.finish() for draft in islice(_drafts(world), count))


def _drafts(world: World) -> Iterator[Draft]:
    yield from threshold_lives(world)
    yield from concern_lives(world)
    yield from career_lives(world)
    yield from family_lives(world)
    yield from _each_age(world)
    while True:
        yield from random_family(world)


def _each_age(world: World) -> Iterator[Draft]:
    """A child under section 20 of every age from 0 to 17."""
    for age in range(18):
        draft = child(world, f"Each age: {age}", age=age, days=min(60, 1 + age * 300))
        settle_in(draft, "return-home" if age < 12 else "long-term-fostering")
        yield draft
