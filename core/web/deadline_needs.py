"""What is late or soon due of the children with whom somebody works, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for

from core.domain.dated import entered
from core.domain.due import State
from core.domain.procedure.timetable import Deadline
from core.domain.record import KINDS
from core.domain.record.assessment import ASSESSMENTS
from core.registry import Registry
from core.store import deadlines_pressing
from core.store.deadlines import DeadlineFact
from core.store.deadlines_pressing import Found, Pressing, Rule, Untold, Wanted, Whose
from core.store.scope import Scope
from core.web import asker
from core.web.access import ACCESS, ADMINISTERS_PANEL, REFERS
from core.web.needs import More, Need, for_whom, listed

#: So many of each on the first page, so that what is long late does not hide what is due today.
LATE, SOON, CHILDREN = 20, 30, 10
NAMED = 3


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who works with children, and for who books them: the queries do not grow with them."""
    if not ACCESS["due.page"].allows(scope.roles):
        return
    registry = asker.registry()
    of = whose(scope)
    wanted = Wanted(LATE, states=(State.LATE,)), Wanted(SOON, states=(State.SOON,))
    late, soon = pressing(scope, registry, of, *wanted)
    yield from told((*late.rows, *soon.rows))
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


def told(found: Iterable[Pressing]) -> Iterator[Need]:
    """Each thing once, where several procedures say it of one child: the stricter first."""
    things: dict[tuple[object, ...], list[Pressing]] = {}
    for one in found:
        key = (one.fact.child_id, one.fact.code, one.fact.spell, one.fact.what.turn)
        things.setdefault(key, []).append(one)
    for same in things.values():
        yield _need(same)


def more_words(found: Found[Pressing], state: str) -> str:
    """How many more dates there are than are shown, which are late, or soon."""
    if found.many:
        return f"More than {found.more:,} other dates are {state}"
    return f"{found.more:,} more {'date is' if found.more == 1 else 'dates are'} {state}"


def _need(same: list[Pressing]) -> Need:
    first = same[0]
    listed([first.child])
    fact = first.fact
    clauses = tuple(dict.fromkeys(clause for one in same for clause in one.fact.clauses))
    latest = "At the latest: " if fact.what.latest else ""
    reason = f"{latest}{fact.what.reason}"
    address, link = _to_do(first.child.public_id, fact)
    return Need(
        fact.due,
        f"{fact.title}: {first.child.name}",
        f"{for_whom(first.away)}{reason[:1].upper()}{reason[1:]}.",
        clauses,
        address,
        link,
    )


def _to_do(child: str, fact: DeadlineFact) -> tuple[str, str]:
    """The one thing to do about a deadline, as an address and the words of its link."""
    rule, roles = fact.what.rule, asker.scope().roles
    if rule.asks_for:
        refers = ACCESS["cases.refer"].allows(roles) and _takes_referrals(fact)
        words = "Refer to the panel" if refers else "Open the child"
        return url_for("children.page", public_id=child), words
    for anchor in rule.meeting:
        place, _, kind = entered(anchor).partition(".")
        if place == "care" and kind == "review" and ACCESS["care.save"].allows(roles):
            return url_for("care.form", public_id=child, care_kind=kind), "Enter the review"
        if place == "record" and kind in KINDS and ACCESS["record.add"].allows(roles):
            what = anchor.removeprefix("assessment.")
            if what in ASSESSMENTS:
                address = url_for("record.new", public_id=child, kind=kind, what=what)
                return address, "Enter that it is done"
            section = KINDS[kind].part_of or kind
            return url_for(
                "record.page", public_id=child, _anchor=section
            ), "Enter it in the record"
    return url_for("dates.page", public_id=child), "See its dates"


def _takes_referrals(fact: DeadlineFact) -> bool:
    """Whether the body that a deadline asks for is the one to which a child's page refers."""
    procedures = (entry.procedure for entry in asker.registry())
    return any(
        one.code == fact.procedure_code
        and bool(one.forms and one.bodies)
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
