"""What is late or soon due of the children with whom somebody works, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from core.domain.case import CaseState
from core.domain.dated import entered
from core.domain.due import State
from core.domain.entry_days import BODIES
from core.domain.phrases import inside
from core.domain.procedure.timetable import Deadline
from core.domain.record import KINDS
from core.domain.record.assessment import ASSESSMENTS
from core.domain.record.elsewhere import EARLIER_MEETING
from core.domain.record.tracked import PLAN_TRACKED
from core.registry import Registry
from core.store import case_lists, deadlines_pressing, tracking
from core.store.case_lists import UnderWay
from core.store.deadlines import DeadlineFact
from core.store.deadlines_pressing import Found, Pressing, Rule, Untold, Wanted, Whose
from core.store.scope import Scope
from core.web import asker, plan_watch
from core.web.access import ACCESS, ADMINISTERS_PANEL, REFERS
from core.web.needs import More, Need, for_whom, listed
from core.web.rules_here import rules_here

#: So many of each on the first page, so that what is long late does not hide what is due today.
LATE, SOON, CHILDREN = 20, 30, 10
REFERRAL = "referral"
NAMED = 3
CHAIRS = ("team.manager", "service.manager")
WHO_REFERS = "The child’s social worker, a manager of theirs or the reviewing officer refers"
#: How far the case is that is on its way to the meeting for which a date asks.
STANDS = {
    CaseState.DRAFT: "is for it: its referral is begun and not sent yet",
    CaseState.RETURNED: "is for it: its referral was sent back to be mended",
    CaseState.SUBMITTED: "is for it: its referral waits for the chair",
    CaseState.QUEUED: "is for it, and waits for a place",
    CaseState.BOOKED: "is for it, and is on an agenda",
}


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who works with children, and for who books them: the queries do not grow with them."""
    if not ACCESS["due.page"].allows(scope.roles):
        return
    registry = asker.registry()
    of = whose(scope)
    wanted = Wanted(LATE, states=(State.LATE,)), Wanted(SOON, states=(State.SOON,))
    late, soon = pressing(scope, registry, of, *wanted)
    yield from told(scope, (*late.rows, *soon.rows))
    for found, words in ((late, "late"), (soon, "soon")):
        if found.more:
            said = more_words(found, words)
            yield More(said, url_for("due.page"), "See them all", found.more, found.many)
    if of is not None:
        yield from _untold(scope, registry, of)


def whose(scope: Scope) -> Whose | None:
    """The children with whom the asker works; None for who is asked for meetings of them all."""
    return deadlines_pressing.whose(scope) if scope.has(*REFERS) else None


def pressing(
    scope: Scope, registry: Registry, of: Whose | None, *wanted: Wanted
) -> tuple[Found[Pressing], ...]:
    """What is late or soon for the asker: of their children, or of all what asks for a meeting."""
    if of is not None:
        return deadlines_pressing.pressing(scope, registry, of, *wanted)
    rules = _asks_for_a_meeting(registry) if scope.has(*ADMINISTERS_PANEL) else ()
    return deadlines_pressing.asking(scope, registry, rules, *wanted)


def told(scope: Scope, found: Iterable[Pressing]) -> Iterator[Need]:
    """Each thing once, where several procedures say it of one child: the stricter first.

    What asks for a meeting stands with the case that is on its way there: one query.
    """
    things: dict[tuple[object, ...], list[Pressing]] = {}
    for one in found:
        key = (one.fact.child_id, one.fact.code, one.fact.spell, one.fact.what.turn)
        things.setdefault(key, []).append(one)
    asking = {same[0].fact.child_id for same in things.values() if same[0].fact.what.rule.asks_for}
    cases = case_lists.under_way(scope, asking) if ACCESS["cases.page"].allows(scope.roles) else {}
    marked = _under_section_20(scope, things.values())
    for same in things.values():
        fact = same[0].fact
        case = cases.get((fact.child_id, fact.what.rule.asks_for))
        yield _need(same, case, marked if fact.state(scope.on) is State.LATE else None)


@dataclass(frozen=True, slots=True)
class Marked:
    """The children under section 20 of whom what is late is said by name, and the clauses."""

    children: frozenset[int]
    clauses: tuple[str, ...]


def _under_section_20(scope: Scope, things: Iterable[list[Pressing]]) -> Marked | None:
    """Whom to name for the chair of planning meetings, who answers for the days: one query."""
    rule = plan_watch.watch("section-20") if scope.has(*CHAIRS) else None
    if rule is None:
        return None
    late = {one.fact.child_id for (one, *_) in things if one.fact.state(scope.on) is State.LATE}
    return Marked(tracking.under_section_20(scope, late), rule.clauses)


def more_words(found: Found[Pressing], state: str) -> str:
    """How many more dates there are than are shown, which are late, or soon."""
    if found.many:
        return f"More than {found.more:,} other dates are {state}"
    return f"{found.more:,} more {'date is' if found.more == 1 else 'dates are'} {state}"


def _need(same: list[Pressing], case: UnderWay | None, marked: Marked | None = None) -> Need:
    first = same[0]
    listed([first.child])
    fact = first.fact
    clauses = tuple(dict.fromkeys(clause for one in same for clause in one.fact.clauses))
    latest = "At the latest: " if fact.what.latest else ""
    reason = f"{latest}{fact.what.reason}"
    asks = next((one.fact for one in same if one.fact.what.rule.asks_entry), fact)
    do = _to_do(first.child.public_id, asks) if case is None else _to_open(case)
    what = f"{fact.title}: {first.child.name}"
    if marked is not None and fact.child_id in marked.children:
        clauses = tuple(dict.fromkeys((*clauses, *marked.clauses)))
        what = f"Late, and accommodated under section 20: {first.child.name}: {fact.title}"
    return Need(
        fact.due,
        what,
        f"{for_whom(first.away)}{reason[:1].upper()}{reason[1:]}.{do.said}",
        clauses,
        do.address,
        do.link,
    )


@dataclass(frozen=True, slots=True)
class Do:
    """The one thing to do: where, under which words, and what is said of it before."""

    address: str
    link: str
    said: str = ""


def _to_open(case: UnderWay) -> Do:
    """The case that is on its way to the meeting for which a deadline asks."""
    address = url_for("cases.page", public_id=case.public_id)
    if case.of_one_child:
        return Do(address, "Open the meeting", " It is booked.")
    return Do(address, "Open the case under way", f" The case under way {STANDS[case.state]}.")


def _to_meet(child: str, fact: DeadlineFact) -> Do:
    """A meeting that is asked for: refer to it, or see who can; else enter that it was held."""
    roles, page = asker.scope().roles, url_for("children.page", public_id=child)
    if _of_one_child(fact):
        if ACCESS["planning.new"].allows(roles):
            key = f"{fact.procedure_code}/{fact.what.rule.asks_for}"
            return Do(url_for("planning.new", public_id=child, body=key), "Book the meeting")
        return Do(url_for("planning.journey", public_id=child), "See the planning meetings")
    if _takes_referrals(fact):
        if ACCESS["cases.refer"].allows(roles):
            return Do(page, "Refer to the panel")
        return Do(page, "Open the child", f" {WHO_REFERS}.")
    which = next((one for one, body in BODIES.items() if body == fact.what.rule.asks_for), "")
    if which and ACCESS["record.add"].allows(roles):
        kind = EARLIER_MEETING.code
        address = url_for("record.new", public_id=child, kind=kind, meeting=which)
        (title,) = (f.choices[which] for f in EARLIER_MEETING.fields if f.code == "meeting")
        return Do(address, f"Enter the {inside(title)}")
    return Do(page, "Open the child")


def _to_do(child: str, fact: DeadlineFact) -> Do:
    """The one thing to do about a deadline of which no case is under way."""
    rule, roles = fact.what.rule, asker.scope().roles
    if rule.asks_for:
        return _to_meet(child, fact)
    if rule.asks_entry and ACCESS["record.add"].allows(roles):
        asked = KINDS[rule.asks_entry]
        address = url_for("record.new", public_id=child, kind=asked.code)
        return Do(address, f"Enter {asked.one}")
    for anchor in rule.meeting:
        place, _, kind = entered(anchor).partition(".")
        if place == "care" and kind == "review" and ACCESS["care.save"].allows(roles):
            return Do(url_for("care.form", public_id=child, care_kind=kind), "Enter the review")
        if place == "record" and kind in KINDS and ACCESS["record.add"].allows(roles):
            what = anchor.removeprefix("assessment.")
            if what in ASSESSMENTS:
                address = url_for("record.new", public_id=child, kind=kind, what=what)
                return Do(address, "Enter that it is done")
            if kind == PLAN_TRACKED.code and ACCESS["tracking.track"].allows(roles):
                return Do(url_for("tracking.form", public_id=child), "Track the plan")
            if not KINDS[kind].typed_by.isdisjoint(roles):
                return Do(url_for("record.new", public_id=child, kind=kind), "Answer")
            if KINDS[kind].typed_by:
                continue
            section = KINDS[kind].part_of or kind
            address = url_for("record.page", public_id=child, _anchor=section)
            return Do(address, "Enter it in the record")
    return Do(url_for("dates.page", public_id=child), "See its dates")


def _of_one_child(fact: DeadlineFact) -> bool:
    """Whether the body that a deadline asks for meets about one child, when it is needed."""
    followed = rules_here().followed(asker.scope().on)
    bodies = (body for one in followed for body in one.bodies)
    return any(body.code == fact.what.rule.asks_for and body.of_one_child for body in bodies)


def _takes_referrals(fact: DeadlineFact) -> bool:
    """Whether the body that a deadline asks for is the one to which a child's page refers."""
    procedures = (entry.procedure for entry in asker.registry())
    return any(
        one.code == fact.procedure_code
        and bool(one.form(REFERRAL) and one.bodies)
        and one.bodies[0].code == fact.what.rule.asks_for
        for one in procedures
    )


def _untold(scope: Scope, registry: Registry, of: Whose) -> Iterator[Need | More]:
    found = deadlines_pressing.untold(scope, of, most=CHILDREN)
    for one in found.rows:
        yield _not_known(registry, one)
    if found.more:
        yield More(
            f"Dates of {'more than ' if found.many else ''}{found.more:,} more "
            f"{'child are' if found.more == 1 else 'children are'} not known",
            url_for("children.register"),
            "Open the children",
            found.more,
            found.many,
        )


def _not_known(registry: Registry, one: Untold) -> Need:
    listed([one.child])
    rules = [rule for named in one.rules if (rule := _rule(registry, named)) is not None]
    titles = list(dict.fromkeys(rule.title for rule in rules))
    more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    said = "; ".join(one.missing[:NAMED])
    return Need(
        None,
        f"{'A date' if len(titles) == 1 else f'{len(titles)} dates'} not known: {one.child.name}",
        f"{for_whom(one.away)}{said[:1].upper()}{said[1:]}. Waiting for it: "
        f"{', '.join(titles[:NAMED])}{more}.",
        tuple(dict.fromkeys(clause for rule in rules[:NAMED] for clause in rule.clauses)),
        url_for("dates.page", public_id=one.child.public_id),
        "Enter what is missing",
    )


def _rule(registry: Registry, named: Rule) -> Deadline | None:
    code, deadline = named
    return next(
        (
            rule
            for entry in registry
            if entry.procedure.code == code
            and (rule := entry.procedure.deadline(deadline)) is not None
        ),
        None,
    )


def _asks_for_a_meeting(registry: Registry) -> tuple[Rule, ...]:
    """The deadlines that ask for a meeting of a body, as procedure and code."""
    return tuple(
        (entry.procedure.code, rule.code)
        for entry in registry
        for rule in entry.procedure.deadlines
        if rule.asks_for
    )
