"""What an authority may set itself of a procedure, and a procedure with what it has set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from core.domain.dates import Period
from core.domain.procedure import Procedure, escalation, watches
from core.domain.procedure.bodies import Body, CaseTiming, MostCases
from core.domain.procedure.figure import Figure, Kind, numbers, period_of
from core.domain.procedure.membership import MostMembers, Post, Quorum
from core.domain.procedure.rule import Rule
from core.domain.procedure.timetable import Deadline
from core.domain.procedure.watches import Watch

SET = "set by the authority"
CHAIR_ORDER = "chair-order"
NAME = "name"

R = TypeVar("R", bound=Rule)
S = TypeVar("S", escalation.Ladder, escalation.DisputeResolution)


@dataclass(frozen=True, slots=True)
class Setting:
    """A figure that an authority set from a day on, by whom and why; "" is the procedure's own."""

    procedure: str
    body: str
    rule: str
    what: str
    value: str
    since: date
    why: str
    by: str
    at: datetime
    public_id: str
    taken_back_by: str = ""
    taken_back_at: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.procedure}/{self.body}/{self.rule}/{self.what}"


def in_force(settings: Iterable[Setting], on: date) -> dict[str, Setting]:
    """By key, the setting of each figure that holds on a day: the latest that has begun.

    Of two that begin on one day the one that was made later holds; none that was taken back does.
    """
    found: dict[str, Setting] = {}
    for setting in sorted(settings, key=lambda s: (s.since, s.at)):
        if setting.taken_back_at is None and setting.since <= on:
            found[setting.key] = setting
    return found


def figures(procedure: Procedure) -> tuple[Figure, ...]:
    """Every figure of a procedure that an authority may set.

    Of a standard the periods of its deadlines; of any procedure what it does not lay down: a figure
    that is our reading, and what a body needs. What an authority's own procedure lays down is
    changed by an edition of it; a procedure that is always on is never changed.
    """
    if procedure.always:
        return ()
    of_bodies = (f for b in procedure.bodies for f in _of(procedure, b))
    return (
        *_of_deadlines(procedure), *_of_watches(procedure), *of_bodies, *_of_stages(procedure),
    )  # fmt: skip


def _stages(procedure: Procedure) -> Iterator[escalation.Ladder | escalation.DisputeResolution]:
    """What goes through stages; how a dispute goes is one for an authority, in its own procedure.

    It is declared, or the core's own.
    """
    if procedure.bodies:
        yield escalation.ladder_of(procedure)
    if procedure.authority is not None:
        yield procedure.disputes or escalation.DISPUTES


def _of_stages(procedure: Procedure) -> Iterator[Figure]:
    for rule in _stages(procedure):
        for what, title, days, ours in escalation.figures_of(rule):
            if ours or procedure.authority is None:
                place = (procedure.code, "", rule.code, what, title, str(days), "working days")
                yield Figure(*place, rule.clauses, not ours, Kind.NUMBER)


def _of_deadlines(procedure: Procedure) -> Iterator[Figure]:
    for rule in procedure.deadlines:
        if not rule.set_here and procedure.authority is not None:
            continue
        for what, words, period in _periods(rule):
            title = rule.title or rule.code
            yield Figure(
                procedure.code,
                "",
                rule.code,
                what,
                f"{title} ({words})" if words else title,
                str(period),
                "",
                rule.clauses,
                not rule.set_here,
                Kind.PERIOD,
            )


def _of_watches(procedure: Procedure) -> Iterator[Figure]:
    """From when on what is watched drifts: of a standard, or what is our reading."""
    for rule in procedure.watches:
        if not rule.set_here and procedure.authority is not None:
            continue
        for what, words, many, unit in watches.figures_of(rule):
            place = (procedure.code, "", rule.code, what, words, str(many), unit)
            yield Figure(*place, rule.clauses, not rule.set_here, Kind.NUMBER)


def _periods(rule: Deadline) -> Iterator[tuple[str, str, Period]]:
    """Every period of a deadline: which, in words where there are several, and how long."""
    if rule.period is not None:
        yield "period", "", rule.period
    for below, period in rule.by_age:
        words = "older" if below is None else f"under {below}"
        yield words.replace(" ", "-"), words, period
    for number, run in enumerate(rule.or_earlier, 1):
        if run.period is not None:
            yield f"or-{number}", f"or, from {run.anchor_words}", run.period
    runs_from = f", from {rule.then_words}" if rule.then_words else ""
    for number, period in enumerate(rule.then, 1):
        which = "each later one" if number == len(rule.then) else f"number {number + 1}"
        yield f"then-{number}", f"{which}{runs_from}", period


def _of(procedure: Procedure, body: Body) -> Iterator[Figure]:
    """What a body needs and its procedure does not lay down, and names that it may give."""
    for rule in body.invited:
        if rule.named_here:
            title = f"What is called “{rule.title}” in the procedure, as this authority calls it"
            place = (procedure.code, body.code, rule.code, NAME, title, rule.title, "")
            yield Figure(*place, rule.clauses, True, Kind.NAME)
    if body.most_cases is None:
        yield _missing(procedure, body, "most-cases", "most", "Most cases at one meeting", "cases")
    if body.timing is None:
        title = "Minutes that a case may take: to present, to discuss and to sum up"
        yield _missing(procedure, body, "case-timing", "minutes", title, "minutes", Kind.MINUTES)
    if _among(body, MostMembers) is None:
        title = "Most members at one meeting, the chair among them"
        yield _missing(procedure, body, "most-members", "most", title, "members")
    if _among(body, Quorum) is None:
        title = "Members who must be there beside the chair"
        yield _within_posts(body, _missing(procedure, body, "quorum", "others", title, "members"))
    first = body.order_laid_down
    others = [post for post in body.posts if post not in first]
    if others and body.chairing is None:
        title = "Who chairs, and who takes the chair in their place"
        figure = _missing(procedure, body, CHAIR_ORDER, "posts", title, "", Kind.POSTS)
        if first:
            figure = replace(figure, title=f"Who chairs in the place of: {first[0].title}")
        yield replace(
            figure,
            value=",".join(post.code for post in body.order if post in others) or None,
            posts=tuple((post.code, post.title) for post in others),
        )


def _within_posts(body: Body, figure: Figure) -> Figure:
    """A number of members beside the chair: no more than there are posts, where one holds each."""
    many = len(body.posts)
    most, why = many, f"there are {many} posts"
    if body.order_laid_down:
        most, why = many - 1, f"{why}, the chair’s among them"
    if most < 1 or any(post.several or post.from_case for post in body.posts):
        return figure
    return replace(figure, most=most, most_why=why)


def _missing(
    procedure: Procedure,
    body: Body,
    rule: str,
    what: str,
    title: str,
    unit: str,
    kind: Kind = Kind.NUMBER,
) -> Figure:
    return Figure(procedure.code, body.code, rule, what, title, None, unit, (), False, kind)


def _among(body: Body, kind: type[R]) -> R | None:
    return next((rule for rule in body.membership if isinstance(rule, kind)), None)


def applied(procedure: Procedure, settings: Mapping[str, Setting]) -> Procedure:
    """The procedure with the figures in force, as ``in_force`` gives them; itself without any.

    What it lays down since, or what cannot be read, is as the procedure has it.
    """
    values: dict[str, str] = {}
    known = {figure.key: figure for figure in figures(procedure)} if settings else {}
    for key, figure in known.items():
        value = figure.read(settings[key].value) if key in settings else None
        if value is not None and value != figure.value:
            values[key] = value
    if not values:
        return procedure
    return replace(
        procedure,
        deadlines=tuple(_timed(procedure.code, rule, values) for rule in procedure.deadlines),
        watches=tuple(_watched(procedure.code, rule, values) for rule in procedure.watches),
        bodies=tuple(_filled(procedure.code, body, values) for body in procedure.bodies),
        ladder=_staged(procedure.code, escalation.ladder_of(procedure), values) or procedure.ladder,
        disputes=_staged(procedure.code, procedure.disputes or escalation.DISPUTES, values)
        or procedure.disputes,
    )


def _staged(code: str, rule: S, values: Mapping[str, str]) -> S | None:
    """What goes through stages with the days that the authority has set; None where it set none."""
    keys = {what: f"{code}//{rule.code}/{what}" for what, *_ in escalation.figures_of(rule)}
    days = {what: int(values[key]) for what, key in keys.items() if key in values}
    return escalation.with_figures(rule, days, SET) if days else None


def _watched(code: str, rule: Watch, values: Mapping[str, str]) -> Watch:
    """What is watched with the figures that the authority has set."""
    keys = {what: f"{code}//{rule.code}/{what}" for what, *_ in watches.figures_of(rule)}
    given = {what: int(values[key]) for what, key in keys.items() if key in values}
    return watches.with_figures(rule, given, SET) if given else rule


def _timed(code: str, rule: Deadline, values: Mapping[str, str]) -> Deadline:
    """A deadline with the periods that the authority has set."""
    own = {what: period for what, _, period in _periods(rule)}
    given = {what: period_of(values.get(f"{code}//{rule.code}/{what}", "")) for what in own}
    if not any(given.values()):
        return rule
    now = {what: given[what] or own[what] for what in own}
    replaced = ", ".join(str(own[what]) for what in own if given[what])
    return replace(
        rule,
        local=f"{SET}, instead of {replaced}",
        period=now.get("period"),
        by_age=tuple(
            (below, now["older" if below is None else f"under-{below}"]) for below, _ in rule.by_age
        ),
        or_earlier=tuple(
            replace(run, period=now.get(f"or-{number}"))
            for number, run in enumerate(rule.or_earlier, 1)
        ),
        then=tuple(now[f"then-{number}"] for number, _ in enumerate(rule.then, 1)),
    )


def _filled(code: str, body: Body, values: Mapping[str, str]) -> Body:
    """A body with the rules that the authority has set, each without a clause."""

    def value(rule: str, what: str) -> str:
        return values.get(f"{code}/{body.code}/{rule}/{what}", "")

    if most := value("most-cases", "most"):
        title = f"At most {most} cases at one meeting"
        rule = MostCases(code="most-cases", clauses=(), title=title, local=SET, most=int(most))
        body = replace(body, most_cases=rule)
    if minutes := value("case-timing", "minutes"):
        presenting, discussion, summing_up = numbers(minutes)
        timing = CaseTiming(
            code="case-timing",
            clauses=(),
            title=f"Summary {presenting} minutes, discussion {discussion}, summing up {summing_up}",
            local=SET,
            presenting=presenting,
            discussion=discussion,
            summing_up=summing_up,
        )
        body = replace(body, timing=timing)
    if most := value("most-members", "most"):
        title = f"Not more than {most} members"
        members = MostMembers(
            code="most-members", clauses=(), title=title, local=SET, most=int(most)
        )
        body = replace(body, membership=(*body.membership, members))
    if others := value("quorum", "others"):
        title = f"The chair and at least {others} other members"
        quorum = Quorum(code="quorum", clauses=(), title=title, local=SET, others=int(others))
        body = replace(body, membership=(*body.membership, quorum))
    if posts := value(CHAIR_ORDER, "posts"):
        body = replace(body, posts=_ordered(body, posts.split(",")))
    named = (replace(rule, title=value(rule.code, NAME) or rule.title) for rule in body.invited)
    return replace(body, invited=tuple(named))


def _ordered(body: Body, codes: list[str]) -> tuple[Post, ...]:
    """The posts with the order of the chair that the authority has set, after what is laid down.

    A seat that is not laid down, and is left out of the order, need not be filled.
    """
    first = body.order_laid_down
    order = {code: number for number, code in enumerate(codes, len(first) + 1)}
    return tuple(
        post
        if post in first
        else replace(
            post,
            chairs=order.get(post.code),
            chairs_local=SET if post.code in order else "",
            reading="" if post.chairs is not None else post.reading,
            optional=post.optional or (not post.laid_down and post.code not in order),
        )
        for post in body.posts
    )
