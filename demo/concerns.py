"""Lives that a person's judgement brings to panel: referrals with their reason, and without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from demo.calendars import panel_on_or_after, panel_on_or_before
from demo.children import Plan, PlanStep, Referral
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


def concern_lives(world: World) -> Iterator[Draft]:
    """Every life of this module, in a fixed order."""
    yield from adoption_possible(world)
    yield from drifting(world)
    yield from breaking_down(world)
    yield from asked_for_by_seniors(world)
    yield from from_resource_and_care_panel(world)
    yield from reunifications(world)
    yield from family_work(world)
    yield from referral_days(world)


def refer(draft: Draft, criterion: str, reason: str, *, by: str = "", source: str = "") -> None:
    """A referral for the next panel under that criterion, in good time."""
    world = draft.world
    panel = panel_on_or_after(world.today + timedelta(days=3))
    received = min(world.today, world.working_days.before(panel, 4))
    draft.referral = Referral(
        criterion, received, panel, by or draft.allocation.social_worker, reason, source
    )


def adoption_possible(world: World) -> Iterator[Draft]:
    """BEX-1.4.a: proceedings begun and adoption a possible outcome."""
    sides: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("adoption is the plan", "adoption", ("sgo",), ()),
        ("adoption is the contingency", "return-home", ("adoption",), ()),
        ("adoption ruled out", "long-term-fostering", ("sgo",), ("adoption",)),
        ("no thought of adoption", "return-home", ("connected-fostering",), ()),
    )
    for side, primary, contingencies, ruled_out in sides:
        draft = child(
            world, f"BEX-1.4.a adoption possible: {side}", age=1, days=50, legal_status="L2"
        )
        issue(draft, world.ago(44))
        settle_in(draft, primary, *contingencies)
        plan_for(draft, primary, *contingencies, ruled_out=ruled_out)
        if primary == "adoption":
            refer(draft, "1.4.a", "Proceedings begun; adoption is likely", source="LPM")
        yield draft
    draft = child(
        world,
        "BEX-1.4.a adoption possible: relinquished, no proceedings",
        born=world.ago(60),
        days=58,
        placement="U5",
        need="N8",
    )
    settle_in(draft, "adoption")
    yield draft


def drifting(world: World) -> Iterator[Draft]:
    """BEX-1.4.c, 1.4.j and 1.1.f: drift, seen by an IRO, a manager, anybody, or by nobody."""
    sides = (
        ("1.4.c", "IRO refers", "iro"),
        ("1.4.j", "team manager refers", "team.manager"),
        ("1.1.f", "school nurse refers", "school nurse"),
        ("1.4.c", "not referred", ""),
        ("1.1.f", "nobody has asked", ""),
    )
    for criterion, side, who in sides:
        draft = under_care_order(world, f"BEX-{criterion} drift: {side}", age=7, days=430)
        meet_family(draft)
        hold_ppm(draft, world.ago(390))
        draft.hold_reviews(late=2)
        plan_for(draft, "long-term-fostering")
        draft.plan = _overdue(draft.plan, world.ago(36))
        by = {"iro": draft.iro, "team.manager": draft.allocation.team_manager}.get(who, "")
        if who:
            refer(
                draft,
                criterion,
                "Family finding has not begun and its date moved twice",
                by=by,
                source="" if by else "School nurse",
            )
        yield draft
    for days, moved, side in (
        (27, 0, "27 days late"),
        (28, 0, "28 days late"),
        (5, 2, "moved twice"),
        (5, 1, "moved once"),
    ):
        draft = under_care_order(world, f"BEX-1.4.c drift: step {side}", age=5, days=400)
        settle_in(draft, "long-term-fostering")
        draft.plan = _overdue(draft.plan, world.ago(days), moved)
        yield draft
    draft = under_care_order(world, "BEX-1.4.j drift: no plan, reviews stopped", age=10, days=600)
    draft.hold_reviews(upto=2)
    yield draft
    draft = under_care_order(world, "BEX-1.4.j drift: none, all in time", age=10, days=600)
    settle_in(draft, "long-term-fostering")
    yield draft


def breaking_down(world: World) -> Iterator[Draft]:
    """BEX-1.4.e: likely placement breakdown."""
    for side in ("referred", "settled"):
        draft = under_care_order(world, f"BEX-1.4.e breakdown: {side}", age=13, days=900)
        settle_in(draft, "long-term-fostering")
        if side == "referred":
            draft.change(world.ago(210), placement="U6", reason="CREQB")
            draft.change(world.ago(75), placement="U6", reason="CREQB")
            refer(draft, "1.4.e", "The carers have given 28 days' notice")
        yield draft


def asked_for_by_seniors(world: World) -> Iterator[Draft]:
    """BEX-1.4.g: a senior manager asks for a review."""
    for by, side in ((world.service_manager, "service manager asks"), ("", "nobody asks")):
        draft = under_care_order(world, f"BEX-1.4.g senior manager: {side}", age=12, days=700)
        settle_in(draft, "connected-fostering", "sgo")
        draft.change(world.ago(400), placement="U3")
        if by:
            refer(draft, "1.4.g", "To look again at whether guardianship is right", by=by)
        yield draft


def from_resource_and_care_panel(world: World) -> Iterator[Draft]:
    """BEX-1.4.h: looked after under twelve weeks, return home not thought possible."""
    for days in (83, 84, 85):
        draft = child(world, f"BEX-1.4.h recently looked after: {days} days", age=10, days=days)
        settle_in(draft, "long-term-fostering")
        refer(draft, "1.4.h", "A return home is not viable", source="Resource and Care panel")
        yield draft


def reunifications(world: World) -> Iterator[Draft]:
    """BEX-1.4.i: considering reunification, as the plan or only as contingency."""
    draft = child(world, "BEX-1.4.i reunification: the plan, referred", age=9, days=150)
    settle_in(draft, "return-home", "long-term-fostering")
    refer(draft, "1.4.i", "A return home over ten weeks is proposed")
    yield draft
    draft = child(world, "BEX-1.4.i reunification: contingency only", age=9, days=150)
    settle_in(draft, "long-term-fostering", "return-home")
    yield draft


def family_work(world: World) -> Iterator[Draft]:
    """BEX-0.4: family network meeting and safety plan, each there or not."""
    for meeting in (True, False):
        for safety in (True, False):
            has = f"meeting {'held' if meeting else 'missing'}, safety plan " + (
                "made" if safety else "missing"
            )
            draft = child(world, f"BEX-0.4 family network: {has}", age=4, days=66)
            meet_family(draft, meeting=meeting, safety_plan=safety)
            hold_ppm(draft, world.ago(45))
            draft.hold_reviews()
            plan_for(draft, "return-home", "connected-fostering")
            yield draft


def referral_days(world: World) -> Iterator[Draft]:
    """BEX-1.6: referrals at least three working days before panel."""
    days = world.working_days
    panel = panel_on_or_after(world.today)
    if days.before(panel, 2) > world.today:
        panel = panel_on_or_before(world.today)
    for number, side in ((4, "a day early"), (3, "on the last day"), (2, "a day late")):
        draft = child(world, f"BEX-1.6 three working days: {side}", age=8, days=120)
        settle_in(draft, "long-term-fostering", "return-home")
        draft.referral = Referral(
            "1.4.e",
            days.before(panel, number),
            panel,
            draft.allocation.social_worker,
            "The placement is under strain",
        )
        if panel <= world.today:
            hear_at_panel(draft, panel)
        yield draft


def _overdue(plan: Plan | None, due: date, moved: int = 2) -> Plan | None:
    """The plan with one step left undone, due that day."""
    if plan is None:
        return None
    step = PlanStep("Find a long-term family", due, moved)
    return Plan(
        plan.primary,
        plan.identified,
        plan.agreed,
        plan.contingencies,
        plan.ruled_out,
        (*plan.steps, step),
    )
