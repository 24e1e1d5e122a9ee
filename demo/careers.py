"""Whole lives in care, one of each kind: how each order, placement and ending comes about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from demo.calendars import birthday
from demo.children import Uasc
from demo.drafts import Draft
from demo.practice import (
    SUPPORTED_FROM,
    child,
    conclude,
    decide_adoption,
    hear_at_panel,
    hold_ppm,
    issue,
    meet_family,
    plan_for,
    revoke_adoption,
    settle_in,
    under_care_order,
)
from demo.world import World


def career_lives(world: World) -> Iterator[Draft]:
    """Every life of this module, in a fixed order."""
    yield from adoptions(world)
    yield from long_term_fosterings(world)
    yield from guardianships(world)
    yield from returns_home(world)
    yield from parents_with_orders(world)
    yield from older_children(world)
    yield from odd_beginnings(world)


def adoptions(world: World) -> Iterator[Draft]:
    """Emergency, proceedings, placement order; then no match, match, placed, adopted, revoked."""
    sides = (
        "no match yet",
        "matched, not placed",
        "placed, no application",
        "placed, application lodged",
        "adopted",
        "order revoked",
    )
    for number, side in enumerate(sides):
        days = 330 + number * 90
        draft = child(
            world,
            f"Adoption after a placement order: {side}",
            born=world.ago(days + 400),
            days=days,
            legal_status="L2",
            placement="U6" if number % 2 else "U5",
        )
        issue(draft, world.ago(days - 7))
        decide_adoption(draft, world.ago(days - 160))
        conclude(draft, world.ago(days - 189), "E1")
        hear_at_panel(draft, world.ago(days - 50))
        if number >= 1 and side != "order revoked":
            draft.adoption_match = world.ago(days - 290)
        if 2 <= number <= 4:
            if number == 3:
                draft.change(world.ago(days - 310), placement="A5", same_carer=True)
            else:
                draft.change(world.ago(days - 310), placement="A6", provider="PR1")
        if side in ("placed, application lodged", "adopted"):
            draft.adoption_application = world.ago(days - 410)
        if side == "adopted":
            draft.cease(world.ago(days - 560), "E12")
        if side == "order revoked":
            revoke_adoption(draft, world.ago(days - 640))
            draft.change(world.ago(days - 640), legal_status="C2")
        settle_in(draft, "long-term-fostering" if side == "order revoked" else "adoption")
        yield draft


def long_term_fosterings(world: World) -> Iterator[Draft]:
    """Long-term foster codes U1 and U4, each with a recorded match and without."""
    for code, before, primary in (
        ("U4", "U6", "long-term-fostering"),
        ("U1", "U3", "connected-fostering"),
    ):
        for matched in (True, False):
            side = f"{code} {'with' if matched else 'without'} a match decision"
            draft = under_care_order(
                world, f"Long-term fostering: {side}", age=9, days=800, placement=before
            )
            settle_in(draft, primary)
            draft.change(world.ago(300), placement=code, same_carer=True)
            if matched:
                draft.long_term_match = world.ago(300)
                hear_at_panel(draft, world.ago(340))
            yield draft
    draft = under_care_order(world, "Long-term fostering: matched, then moved", age=13, days=1100)
    settle_in(draft, "long-term-fostering")
    draft.change(world.ago(700), placement="U4", same_carer=True)
    draft.long_term_match = world.ago(700)
    draft.change(world.ago(60), placement="U6", reason="CREQB")
    yield draft


def guardianships(world: World) -> Iterator[Draft]:
    """Care ended by a guardianship or child arrangements order, or about to be."""
    for reason, placement, side in (
        ("E45", "U3", "to a relative who fostered"),
        ("E46", "U6", "to the foster carer"),
        ("E47", "U6", "to a relative"),
        ("E41", "U3", "child arrangements order"),
        ("", "U3", "still planned"),
    ):
        draft = child(
            world, f"Guardianship: {side}", age=6, days=420, legal_status="L1", placement=placement
        )
        draft.change(world.ago(418), legal_status="L2")
        issue(draft, world.ago(412))
        if reason:
            conclude(draft, world.ago(220), None)
            draft.cease(world.ago(220), reason)
        else:
            conclude(draft, world.ago(220), "C2")
        settle_in(draft, "cao" if reason == "E41" else "sgo", "long-term-fostering")
        yield draft


def returns_home(world: World) -> Iterator[Draft]:
    """Home as planned, home unplanned, and back in care again."""
    for reason, side in (("E4A", "as planned"), ("E4B", "unplanned")):
        draft = child(world, f"Return home: {side}", age=11, days=250, need="N4")
        draft.cease(world.ago(100), reason)
        settle_in(draft, "return-home")
        yield draft
    draft = child(world, "Return home: looked after again", age=12, days=900, need="N5")
    draft.cease(world.ago(640), "E4A")
    draft.hold_reviews()
    draft.start(world.ago(130), "V2", "U6")
    settle_in(draft, "long-term-fostering", "return-home")
    yield draft


def parents_with_orders(world: World) -> Iterator[Draft]:
    """Placed with parents under a care order, under an interim one, and not at all."""
    for days, side in ((89, "just under a quarter"), (95, "just over a quarter")):
        draft = under_care_order(world, f"Placed with parents: care order, {side}", age=7, days=400)
        settle_in(draft, "return-home")
        draft.change(world.ago(days), placement="P1")
        yield draft
    draft = child(
        world,
        "Placed with parents: interim order, in proceedings",
        age=3,
        days=60,
        legal_status="C1",
        placement="P1",
    )
    issue(draft, world.ago(60), order=False)
    settle_in(draft, "return-home")
    yield draft


def older_children(world: World) -> Iterator[Draft]:
    """Unaccompanied at 16, remand, a young mother, supported accommodation, grown up."""
    draft = child(world, "Unaccompanied: 16, section 20", age=16, days=140, need="N8")
    draft.uasc = Uasc()
    settle_in(draft, "semi-independence")
    yield draft
    draft = child(world, "Unaccompanied: status ended", age=17, days=700, need="N8")
    draft.uasc = Uasc(world.ago(100))
    settle_in(draft, "semi-independence")
    yield draft
    for side in ("ended", "running"):
        draft = child(
            world,
            f"Remand: {side}",
            age=15,
            days=140 if side == "ended" else 25,
            legal_status="J1",
            placement="K1",
            need="N6",
        )
        if side == "ended":
            draft.cease(world.ago(95), "E14")
        draft.hold_reviews()
        yield draft
    mother = child(world, "Mother and baby: the mother", age=16, days=200, placement="R3")
    mother.sex, mother.mother_of = "F", world.ago(150)
    settle_in(mother, "semi-independence")
    yield mother
    baby = child(world, "Mother and baby: the baby", born=world.ago(150))
    baby.family, baby.home = mother.family, mother.home
    baby.start(world.ago(149), "V2", "R3", beside=mother)
    settle_in(baby, "return-home")
    yield baby
    for days, side in ((40, "in it"), (4, "has just moved in")):
        draft = under_care_order(world, f"Supported accommodation: {side}", age=17, days=1500)
        settle_in(draft, "independence", "staying-put")
        if world.ago(days) >= SUPPORTED_FROM:
            draft.change(world.ago(days), placement="K3", provider="PR4")
        yield draft
    for days, side in ((45, "at 18, six weeks ago"), (-30, "18 in a month")):
        draft = child(
            world,
            f"Left care: {side}",
            born=birthday(world.ago(days), -18),
            days=1600,
            legal_status="C2",
            placement="U4",
        )
        draft.long_term_match = world.ago(1300)
        settle_in(draft, "staying-put")
        yield draft


def odd_beginnings(world: World) -> Iterator[Draft]:
    """Starts in an earlier file, short breaks, a temporary placement, just begun, unborn."""
    draft = under_care_order(world, "Period start: in an earlier file", age=12, days=1300)
    settle_in(draft, "long-term-fostering")
    draft.change(world.ago(30), placement="U6", reason="LAREQ")
    yield draft
    draft = child(world, "Period start: in this file", age=12, days=2)
    yield draft
    draft = child(
        world, "Short breaks: only", age=9, days=160, legal_status="V4", placement="U6", need="N2"
    )
    draft.disability = "learning disability"
    yield draft
    draft = child(
        world, "Short breaks: until looked after", age=10, days=400, legal_status="V4", need="N2"
    )
    draft.cease(world.ago(230), "E4A")
    draft.start(world.ago(110), "V2", "U6")
    draft.disability = "autism"
    settle_in(draft, "return-home", "long-term-fostering")
    yield draft
    draft = under_care_order(world, "Temporary placement: away now", age=10, days=500)
    settle_in(draft, "long-term-fostering")
    draft.away(world.ago(3), "T4", 6)
    yield draft
    draft = under_care_order(world, "Temporary placement: back again", age=10, days=500)
    settle_in(draft, "long-term-fostering")
    draft.away(world.ago(40), "T3", 12)
    yield draft
    for weeks, side in ((3, "due in three weeks"), (20, "due in twenty weeks")):
        draft = child(world, f"Unborn: {side}", born=world.today + timedelta(weeks=weeks))
        hold_ppm(draft, world.ago(9))
        plan_for(draft, "return-home", "adoption")
        yield draft
    draft = child(
        world,
        "Period start: at birth, two weeks ago",
        born=world.ago(14),
        days=12,
        legal_status="L2",
        placement="U5",
    )
    issue(draft, world.ago(6))
    meet_family(draft, meeting=True, safety_plan=False)
    draft.hold_reviews()
    yield draft
