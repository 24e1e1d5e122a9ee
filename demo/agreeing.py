"""Made-up plans that wait: a return home that is not complete, and two approvals asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from core.domain.dates import age_on
from core.domain.finding import Refused
from core.domain.record.going_home import PARTS
from core.registry import Registry
from core.store import accounts, returns
from core.store.database import db
from core.store.scope import Scope
from core.usecases import agreeing, plan_approving
from core.usecases.record_new import add
from demo.children import MadeUpChild

YOUNG, HOME, ALMOST_GROWN = "fostering-young", "", "home-accommodated"
WRITTEN = {
    "accommodation": "Two bedrooms; the tenancy is in the mother’s name, and the rent is paid.",
    "child_support": "The same school and club; a mentor until the summer.",
    "parent_support": "A family support worker twice a week for three months.",
    "wishes": "Wants to go home before the holidays, and to keep seeing the carers.",
}
HEAD, YOUNGEST = "head.of.service", 6
ASKED = "The carers and the child want it; no relative could be approved."
GIVEN = "The rationale is clear, and the carers are committed to 18."
SHORT_BREAKS = ("V3", "V4")
SETTLED = "Settled with these carers since the first placement; no relative could be approved."


def write(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    children: Iterable[MadeUpChild],
    today: date,
) -> None:
    """Record a plan of each sort, as the children's own workers."""
    known = returns.known_children(scope)
    db.session.rollback()
    here = [one for one in children if one.local_id in known and _waits(one, today)]
    taken: set[str] = set()
    for ages, primary, rule in (
        (range(2, 7), "long-term-fostering", YOUNG),
        (range(8, 15), "return-home", HOME),
        (range(16, 18), "return-home", ALMOST_GROWN),
    ):
        child = _one(here, ages, today, taken, by_agreement=rule == ALMOST_GROWN)
        if child is None:
            continue
        taken.add(child.local_id)
        worker = _scope(scope, people, child.social_worker, today)
        public_id = known[child.local_id].public_id
        _plan(worker, public_id, primary, today, whole=rule != HOME)
        there = agreeing.approvals(worker, registry, today)
        db.session.rollback()
        if rule in {one.code for one in there}:
            words = "The planning meeting supports it; everybody was asked."
            plan_approving.ask(worker, registry, public_id, rule, words, _at(today))


def approve(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    children: Iterable[MadeUpChild],
) -> None:
    """Have the head of service approve, that day, what was agreed under 7 and needs it."""
    known = returns.known_children(scope)
    db.session.rollback()
    for child in children:
        agreed = child.plan.agreed if child.plan is not None else None
        if agreed is None or child.local_id not in known or age_on(child.born, agreed) > YOUNGEST:
            continue
        head_of_service = f"{HEAD}@{child.social_worker.partition('@')[2]}"
        worker = _scope(scope, people, child.social_worker, agreed)
        head = _scope(scope, people, head_of_service, agreed)
        public_id = known[child.local_id].public_id
        try:
            asked = plan_approving.ask(worker, registry, public_id, YOUNG, ASKED, _at(agreed))
        except Refused:  # Another plan is in use, or it needs no approval.
            db.session.rollback()
            continue
        db.session.rollback()
        plan_approving.answer(head, registry, asked, 1, "given", GIVEN, _at(agreed))
        db.session.rollback()


def almost_grown(children: Iterable[MadeUpChild], today: date) -> MadeUpChild | None:
    """A young person of 16 or 17 who is accommodated by agreement, with no agreed plan."""
    here = [one for one in children if _waits(one, today)]
    return _one(here, range(16, 18), today, set(), by_agreement=True)


def _waits(child: MadeUpChild, today: date) -> bool:
    """Whether the child is looked after today, and no plan of theirs is agreed."""
    if child.story or child.unborn or not child.episodes:
        return False
    if child.plan is not None and child.plan.agreed:
        return False
    last = child.episodes[-1]
    return (last.dec is None or last.dec > today) and last.legal_status not in SHORT_BREAKS


def _one(
    children: Sequence[MadeUpChild],
    ages: range,
    today: date,
    taken: set[str],
    *,
    by_agreement: bool,
) -> MadeUpChild | None:
    """A child of this age, accommodated by agreement where that is asked for."""
    return next(
        (
            child
            for child in reversed(children)
            if child.local_id not in taken
            and age_on(child.born, today) in ages
            and (not by_agreement or child.episodes[-1].legal_status == "V2")
        ),
        None,
    )


def _plan(worker: Scope, child: str, primary: str, today: date, *, whole: bool) -> None:
    """A provisional plan; of a return home what it rests on, all of it or with gaps."""
    home = primary == "return-home"
    said = {
        "primary": primary,
        "contingencies": "long-term-fostering" if home else "sgo",
        "state": "provisional",
        "identified_on": _on(today, 10),
        "primary_words": "" if home else SETTLED,
    }
    typed = _types(worker, child, today)
    typed("plan", said)
    if not home:
        return
    parts = dict(WRITTEN) if whole else {c: WRITTEN[c] for c in list(PARTS)[:2]}
    found = {"considered_on": _on(today, 40), **parts}
    if whole:
        found |= {"assessment": "updated", "assessed_on": _on(today, 12)}
        found |= {"wishes_on": _on(today, 11)}
    typed("return-home", found)
    member = {"name": "Osbertine Vellacott", "relation": "Mother’s partner"}
    checked = {"dbs_on": _on(today, 20), "result": "Nothing recorded"}
    typed("household-check", member | (checked if whole else {}))
    if whole:
        return
    mother = {"name": "Thaddea Vellacott", "relation": "mother", "which": "parenting"}
    typed("expert-assessment", mother | {"asked_on": _on(today, 200), "done_on": _on(today, 150)})
    again = {"asked_on": _on(today, 60), "why_another": "She lives with somebody else now."}
    typed("expert-assessment", mother | again)
    delay = {
        "raised_on": _on(today, 9),
        "why": "The checks on the household were not asked for.",
        "plan_words": "The worker asks for the checks this week; a meeting every Monday.",
    }
    typed("return-home-delay", delay)


def _types(worker: Scope, child: str, today: date) -> Callable[[str, Mapping[str, str]], None]:
    def typed(kind: str, values: Mapping[str, str]) -> None:
        said = {code: value for code, value in values.items() if value}
        add(worker, child, kind, said, _at(today))
        db.session.rollback()

    return typed


def _on(today: date, ago: int) -> str:
    return (today - timedelta(days=ago)).isoformat()


def _at(today: date) -> datetime:
    return datetime.combine(today, time(7, 40))


def _scope(whole: Scope, people: Mapping[str, int], who: str, on: date) -> Scope:
    found = accounts.scope_of(whole, people[who], on)
    db.session.rollback()
    return replace(found, on=on)
