"""Lives that the dice choose, coherent like the scripted ones: the many behind the few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from demo.calendars import birthday
from demo.children import PlanStep, Uasc
from demo.drafts import Draft
from demo.families import ages_down_from, share_days, siblings
from demo.practice import (
    SUPPORTED_FROM,
    conclude,
    decide_adoption,
    hear_at_panel,
    hold_ppm,
    issue,
    meet_family,
    plan_for,
)
from demo.world import World

_DESTINATIONS: tuple[tuple[int, tuple[str, ...], tuple[int, ...]], ...] = (
    (5, ("adoption", "sgo", "return-home", "long-term-fostering"), (40, 22, 22, 16)),
    (11, ("long-term-fostering", "sgo", "return-home", "connected-fostering"), (45, 20, 22, 13)),
    (
        18,
        ("long-term-fostering", "connected-fostering", "return-home", "residential"),
        (56, 10, 16, 18),
    ),
)
_CONTINGENCY = {
    "adoption": "sgo",
    "sgo": "long-term-fostering",
    "return-home": "long-term-fostering",
    "residential": "semi-independence",
}
_NEEDS = ("N1", "N1", "N1", "N1", "N2", "N3", "N4", "N5", "N5", "N6")
_EIGHTEEN = 6574
_LONGEST_PROCEEDINGS = timedelta(days=400)
"""From the start of care to the final order; none can be made from the 17th birthday (CA s.31)."""


def random_family(world: World) -> tuple[Draft, ...]:
    """One to four children of a family whose life the dice chose."""
    dice = world.dice
    throw = dice.random()
    if throw < 0.015:
        draft = _alone(world, -dice.randint(5, 200))
        hold_ppm(draft, world.ago(dice.randint(1, 30)))
        return (draft,)
    if throw < 0.075:
        return (_unaccompanied(world),)
    if throw < 0.11:
        return (_short_breaks(world),)
    size = dice.choices((1, 2, 3, 4), (72, 16, 8, 4))[0]
    ages = ages_down_from(world, world.ago(dice.randint(20, _EIGHTEEN + 150)), size)
    need = dice.choice(_NEEDS)
    drafts = siblings(world, ages, need=need) if len(ages) > 1 else (_alone(world, ages[0], need),)
    days = min(min(ages) - 1, 3 + int(dice.random() ** 1.6 * 2100))
    start = max(world.ago(days), drafts[0].born)
    if start >= drafts[0].adult - timedelta(days=60):
        start = drafts[0].adult - timedelta(days=dice.randint(100, 900))
        drafts = tuple(draft for draft in drafts if draft.born < start)
    if len(drafts) == 1:
        drafts[0].group = None
    if dice.random() < 0.72 and start + _LONGEST_PROCEEDINGS < birthday(drafts[0].born, 17):
        _by_proceedings(world, drafts, start)
    else:
        _by_agreement(world, drafts, start)
    if len(drafts) > 1:
        share_days(drafts)
    return drafts


def _alone(world: World, age_in_days: int, need: str = "N1") -> Draft:
    draft = siblings(world, (age_in_days,), need=need)[0]
    draft.group = None
    return draft


def _unaccompanied(world: World) -> Draft:
    dice = world.dice
    draft = _alone(world, dice.randint(5500, _EIGHTEEN + 100), "N8")
    arrived = max(birthday(draft.born, 14), draft.adult - timedelta(days=dice.randint(60, 1000)))
    if arrived > world.today:
        arrived = world.ago(dice.randint(5, 100))
    draft.uasc = Uasc(draft.adult if draft.adult <= world.today else None)
    draft.start(arrived, "V2", "U6")
    moves = birthday(draft.born, 16) + timedelta(days=dice.randint(20, 500))
    if moves >= SUPPORTED_FROM:
        draft.change(moves, placement="K3", provider="PR4")
    _practice(draft, "semi-independence")
    return draft


def _short_breaks(world: World) -> Draft:
    draft = _alone(world, world.dice.randint(1500, 6000), "N2")
    draft.disability = draft.disability or "learning disability"
    draft.start(world.ago(world.dice.randint(10, 700)), "V4", world.dice.choice(("U6", "R1")))
    return draft


def _by_agreement(world: World, drafts: tuple[Draft, ...], start: date) -> None:
    """Section 20; most go home within the year, some stay on."""
    dice = world.dice
    home = start + timedelta(days=dice.randint(15, 400))
    goes_home = dice.random() < 0.6
    for draft in drafts:
        beside = drafts[0] if draft is not drafts[0] and dice.random() < 0.6 else None
        draft.start(start, "V2", dice.choice(("U6", "U6", "U3")), beside=beside)
        _moves(draft, start, home)
        if goes_home:
            draft.cease(home, dice.choice(("E4A", "E4A", "E4A", "E4B", "E13")))
        _practice(draft, "return-home" if goes_home else _destination(draft, start, False))


def _by_proceedings(world: World, drafts: tuple[Draft, ...], start: date) -> None:
    """Care proceedings for all of the family, each child with an ending of their own."""
    dice = world.dice
    days = world.working_days
    status = dice.choice(("V2", "V2", "L2", "C1"))
    issued = start + timedelta(days={"V2": dice.randint(15, 110), "L2": 7, "C1": 0}[status])
    final = days.on_or_before(issued + timedelta(days=dice.randint(150, 290)))
    heard = issued + timedelta(days=dice.randint(20, 75)) if dice.random() < 0.7 else None
    for draft in drafts:
        plan = _destination(draft, start, True)
        kin = plan in ("connected-fostering", "sgo") and dice.random() < 0.6
        beside = drafts[0] if draft is not drafts[0] and dice.random() < 0.5 else None
        draft.start(start, status, "U3" if kin else "U6", beside=beside)
        issue(draft, issued, order=status != "C1")
        _moves(draft, issued, final)
        if heard:
            hear_at_panel(draft, heard)
        _ENDINGS[plan](draft, final)
        _practice(draft, plan)


def _destination(draft: Draft, start: date, court: bool) -> str:
    age = (start - draft.born).days // 365
    _, plans, weights = next(row for row in _DESTINATIONS if age < row[0])
    plan = draft.world.dice.choices(plans, weights)[0]
    return plan if court or plan != "adoption" else "long-term-fostering"


def _moves(draft: Draft, first: date, last: date) -> None:
    """Now and then a move, or a few days with another carer, between the two days."""
    dice = draft.world.dice
    if dice.random() < 0.3:
        moved = first + timedelta(days=dice.randint(20, 70))
        if moved < last:
            draft.change(moved, placement="U6", reason=dice.choice(("CREQB", "CREQO", "LAREQ")))
    if dice.random() < 0.06:
        away = first + timedelta(days=dice.randint(75, 110))
        if away + timedelta(days=7) < last:
            draft.away(away, "T4", dice.randint(2, 6))


def _adopted(draft: Draft, final: date) -> None:
    dice = draft.world.dice
    decide_adoption(draft, final - timedelta(days=dice.randint(20, 60)))
    conclude(draft, final, "E1")
    match = final + timedelta(days=dice.randint(60, 300))
    placed = match + timedelta(days=dice.randint(14, 40))
    lodged = placed + timedelta(days=dice.randint(70, 180))
    if draft.happens(match):
        draft.adoption_match = match
    if dice.random() < 0.25:
        draft.change(placed, placement="A5", same_carer=True)
    else:
        draft.change(placed, placement="A6")
    if draft.happens(lodged):
        draft.adoption_application = lodged
    draft.cease(lodged + timedelta(days=dice.randint(50, 120)), dice.choice(("E11", "E12")))


def _guardians(draft: Draft, final: date) -> None:
    placement = draft.episodes[-1].placement
    conclude(draft, final, None)
    draft.cease(final, "E45" if placement == "U3" else draft.world.dice.choice(("E46", "E47")))


def _home(draft: Draft, final: date) -> None:
    if draft.world.dice.random() < 0.5:
        conclude(draft, final, None)
        draft.cease(final, "E4A")
        return
    conclude(draft, final, "C2")
    draft.change(final + timedelta(days=draft.world.dice.randint(10, 90)), placement="P1")
    draft.cease(final + timedelta(days=draft.world.dice.randint(200, 900)), "E4A")


def _fostered(draft: Draft, final: date) -> None:
    """A care order, and for most the long-term code, with or without a decision on the match."""
    dice = draft.world.dice
    conclude(draft, final, "C2")
    settled = final + timedelta(days=dice.randint(60, 400))
    if dice.random() < 0.65 and draft.episodes[-1].placement in ("U3", "U6"):
        code = "U1" if draft.episodes[-1].placement == "U3" else "U4"
        draft.change(settled, placement=code, same_carer=True)
        if draft.episodes[-1].placement == code and dice.random() < 0.7:
            draft.long_term_match = settled
    grown = birthday(draft.born, 16) + timedelta(days=dice.randint(30, 600))
    if grown > settled and grown >= SUPPORTED_FROM and dice.random() < 0.3:
        draft.change(grown, placement="K3", provider="PR4", reason="CARPL")


def _residential(draft: Draft, final: date) -> None:
    dice = draft.world.dice
    conclude(draft, final, "C2")
    moved = final + timedelta(days=dice.randint(5, 400))
    draft.change(moved, placement="K2", provider="PR4", reason="CREQB")
    if dice.random() < 0.6:
        hear_at_panel(draft, moved + timedelta(days=dice.randint(3, 40)))


_ENDINGS: dict[str, Callable[[Draft, date], None]] = {
    "adoption": _adopted,
    "sgo": _guardians,
    "return-home": _home,
    "long-term-fostering": _fostered,
    "connected-fostering": _fostered,
    "residential": _residential,
}


def _practice(draft: Draft, plan: str) -> None:
    """Meetings, reviews and plan as they mostly go, with some late and some forgotten."""
    dice, start = draft.world.dice, draft.period_start
    if start is None:
        return
    meet_family(draft, meeting=dice.random() < 0.85, safety_plan=dice.random() < 0.75)
    throw = dice.random()
    if throw < 0.9:
        days = dice.randint(29, 60) if throw > 0.78 else dice.randint(9, 28)
        hold_ppm(draft, start + timedelta(days=days))
    draft.hold_reviews(
        late=dice.choice((0, 0, 0, 0, 1, 2, 3)), upto=60 if dice.random() < 0.95 else 2
    )
    if dice.random() < 0.92:
        plan_for(draft, plan, *((_CONTINGENCY[plan],) if plan in _CONTINGENCY else ()))
    if draft.plan is not None and draft.plan.agreed and dice.random() < 0.1:
        due = draft.world.ago(dice.randint(1, 90))
        if due > draft.plan.identified:
            step = PlanStep("Hold a family finding meeting", due, dice.randint(0, 3))
            draft.plan = replace(draft.plan, steps=(*draft.plan.steps, step))
