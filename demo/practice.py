"""What good practice adds to a draft: meetings, a plan, proceedings and their final order."""

from __future__ import annotations

from datetime import date, timedelta

from demo.calendars import months_after, panel_on_or_after
from demo.children import AdoptionDecision, Plan, PlanStep, Proceedings
from demo.drafts import Draft
from demo.names import family_name
from demo.particulars import postcode
from demo.world import World

SUPPORTED_FROM = date(2024, 4, 1)
"""The first day on which SSDA903 knows registered supported accommodation (K3)."""


def born_at_age(world: World, age: int) -> date:
    """A birthday that makes somebody that many whole years old today."""
    return months_after(world.today, -12 * age) - timedelta(days=world.dice.randint(1, 350))


def child(
    world: World,
    story: str = "",
    *,
    age: int = 8,
    born: date | None = None,
    days: int | None = None,
    legal_status: str = "V2",
    placement: str = "U6",
    need: str = "N1",
) -> Draft:
    """A child of that age, looked after since so many days ago, or not looked after at all."""
    draft = Draft(
        world,
        born or born_at_age(world, age),
        family=family_name(world.dice),
        home=postcode(world.dice),
        need=need,
        story=story,
    )
    if days is not None:
        draft.start(world.ago(days), legal_status, placement)
    return draft


def meet_family(draft: Draft, *, meeting: bool = True, safety_plan: bool = True) -> None:
    """A family network meeting in the first weeks of care, and a safety plan after it (BEX-0.4)."""
    start, dice = draft.period_start, draft.world.dice
    if start is None:
        return
    days = draft.world.working_days
    met = days.on_or_before(start + timedelta(days=dice.randint(6, 24)))
    planned = days.on_or_before(met + timedelta(days=dice.randint(2, 9)))
    if meeting and start <= met <= draft.world.today:
        draft.family_network_meeting = met
    if safety_plan and start <= planned <= draft.world.today:
        draft.safety_plan = planned


def hold_ppm(draft: Draft, on: date) -> None:
    """Record a permanence planning meeting held that day, if the day has come."""
    if draft.happens(on) and on not in draft.ppms:
        draft.ppms.append(on)
        draft.ppms.sort()


def hear_at_panel(draft: Draft, after: date) -> None:
    """The first panel on or after that day considers the child, if it has sat."""
    day = panel_on_or_after(after)
    if draft.happens(day) and day not in draft.panels:
        draft.panels.append(day)
        draft.panels.sort()


def plan_for(
    draft: Draft,
    primary: str,
    *contingencies: str,
    ruled_out: tuple[str, ...] = (),
    on: date | None = None,
) -> None:
    """A plan identified at the first PPM (or that day), and agreed at the second review if held."""
    identified = on or (draft.ppms[0] if draft.ppms else None)
    if identified is None or not draft.happens(identified):
        return
    second = draft.second_review()
    agreed = max(second, identified) if second else None
    done = identified + timedelta(days=40)
    step = PlanStep(
        "Complete the assessment that the plan rests on",
        done,
        done=done if done <= draft.world.today else None,
    )
    draft.assessment = step.done or draft.assessment
    draft.plan = Plan(primary, identified, agreed, contingencies, ruled_out, (step,))


def settle_in(draft: Draft, primary: str, *contingencies: str, reviews_upto: int = 60) -> None:
    """The first months as they should go: family meeting, PPM within four weeks, reviews, plan."""
    start = draft.period_start
    if start is None:
        return
    meet_family(draft)
    day = start + timedelta(days=draft.world.dice.randint(12, 27))
    hold_ppm(draft, draft.world.working_days.on_or_before(day))
    draft.hold_reviews(upto=reviews_upto)
    plan_for(draft, primary, *contingencies)


def issue(draft: Draft, on: date, *, order: bool = True) -> None:
    """Care proceedings issued that day, with an interim care order unless `order` is False."""
    if draft.happens(on):
        hearing = draft.world.working_days.on_or_before(on + timedelta(days=175))
        draft.proceedings = Proceedings(on, hearing)
        if order:
            draft.change(on, legal_status="C1")


def conclude(draft: Draft, on: date, legal_status: str | None) -> None:
    """The final order made that day: C2, E1, or none where the child goes home or to guardians."""
    if draft.proceedings is None or not draft.happens(on) or not draft.open:
        return
    draft.proceedings = Proceedings(draft.proceedings.issued, on, on)
    if legal_status:
        draft.change(on, legal_status=legal_status)


def decide_adoption(draft: Draft, on: date) -> None:
    """The agency decides that the child should be placed for adoption."""
    if draft.happens(on):
        draft.adoption_decisions.append(AdoptionDecision(on))


def revoke_adoption(draft: Draft, on: date, reason: str = "RD1") -> None:
    """The last adoption decision is reversed that day, for a reason (RD code)."""
    if draft.adoption_decisions and draft.happens(on):
        last = draft.adoption_decisions.pop()
        draft.adoption_decisions.append(AdoptionDecision(last.decided, on, reason))


def under_care_order(
    world: World, story: str, *, age: int, days: int, placement: str = "U6"
) -> Draft:
    """A child whose care began with proceedings so many days ago, and a care order 190 days on."""
    draft = child(world, story, age=age, days=days, legal_status="C1", placement=placement)
    issue(draft, world.ago(days), order=False)
    conclude(draft, world.ago(days - 190), "C2")
    return draft
