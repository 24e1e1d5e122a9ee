"""Which edition of which procedure counts for what: every deadline of a course, over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise

from core.domain.dated import Course
from core.domain.dates import Calendar
from core.domain.due import Due
from core.domain.limits import Others
from core.domain.procedure import Procedure
from core.domain.procedure.timetable import Deadline
from core.domain.reckoning import reckon


@dataclass(frozen=True, slots=True)
class Window:
    """An edition, with the authority's figures in it, from a day up to before another (None: open).

    ``order`` is the procedure's place among those that the authority follows; the statutory ones
    are in ``always``: they replace nothing and are not replaced.
    """

    procedure: Procedure
    since: date | None = None
    until: date | None = None
    order: int = 0
    always: bool = False

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


Rules = list[tuple[Window, Deadline]]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One deadline of a course, with the edition under which it stands."""

    procedure: Procedure
    due: Due


def of_course(
    windows: Sequence[Window], course: Course, calendar: Calendar
) -> tuple[Reckoned, ...]:
    """Every deadline of a period of care, or of a case, under the edition in force on its anchor.

    Of one code the first of the authority's procedures counts, and names the clauses that it
    stands in for; statutory ones stand beside. For a case ``windows`` are of its procedure alone.
    """
    found: list[Reckoned] = []
    for code, rules in _by_code(windows, course.case_id is not None):
        others = _others(windows, course, calendar, code)
        for window, rule in rules:
            for due in reckon(rule, course, _counted(window, calendar), others):
                standing = _standing_of(rules, window, due)
                found += [Reckoned(window.procedure, one) for one in standing]
    return tuple(_numbered(found))


def _counted(window: Window, calendar: Calendar) -> Calendar:
    """The law counts without the days off that an authority adds: they cannot make it later."""
    return calendar.national if window.always else calendar


def _by_code(windows: Sequence[Window], of_case: bool) -> Iterator[tuple[str, Rules]]:
    codes: dict[str, Rules] = {}
    for window in windows:
        for rule in window.procedure.deadlines:
            if rule.of_case == of_case:
                codes.setdefault(rule.code, []).append((_since(window, rule), rule))
    yield from codes.items()


def _since(window: Window, rule: Deadline) -> Window:
    """The window of a rule: it may count from a later day than the others of its edition."""
    if rule.since is None or (window.since is not None and window.since >= rule.since):
        return window
    return replace(window, since=rule.since)


def _standing_of(rules: Rules, window: Window, due: Due) -> Iterator[Due]:
    """What of a run stands under an edition; where its day is not known, while it is in force."""
    if due.ruled_on is not None:
        if _counts(rules, window, due.ruled_on):
            yield replace(due, instead_of=_beaten(rules, window, due.ruled_on))
        return
    for since, until in _spans(rules, window):
        if due.no_later is not None and since is not None and due.no_later < since:
            continue  # Whichever day it was: it was before this came into force.
        begins = max(filter(None, (since, due.begins)), default=None)
        ends = min(filter(None, (until, due.ends)), default=None)
        if begins is None or ends is None or begins < ends:
            beaten = _beaten(rules, window, since or date.min)
            yield replace(due, begins=begins, ends=ends, instead_of=beaten)


def _spans(rules: Rules, window: Window) -> Iterator[tuple[date | None, date | None]]:
    """From when until when a rule is the one that counts: anew where another begins or ends."""
    others = () if window.always else (other for other, _ in rules if not other.always)
    days = {on for other in others for on in (other.since, other.until) if on is not None}
    cuts = [window.since, *sorted(on for on in days if window.holds(on) and on != window.since)]
    for since, until in pairwise((*cuts, window.until)):
        if _counts(rules, window, since or date.min):
            yield since, until


def _counts(rules: Rules, window: Window, on: date) -> bool:
    """Whether an edition is in force on a day and its rule is the first of its code."""
    return window.holds(on) and (window.always or _standing(rules, on)[0][0] is window)


def _standing(rules: Rules, on: date) -> Rules:
    """The authority's own rules of one code on a day, in the order of its procedures."""
    there = [(window, rule) for window, rule in rules if not window.always and window.holds(on)]
    return sorted(there, key=lambda pair: pair[0].order)


def _beaten(rules: Rules, first: Window, on: date) -> tuple[str, ...]:
    """The clauses of the other procedures' rules in whose stead the first one counts."""
    if first.always:
        return ()
    return tuple(
        clause
        for window, rule in _standing(rules, on)
        if window.procedure.code != first.procedure.code
        for clause in rule.clauses
    )


def _others(windows: Sequence[Window], course: Course, calendar: Calendar, asking: str) -> Others:
    """The first run of another deadline by its code, the statute's before the authority's own.

    Of those open after a day it is the one with the earliest limit: of the authority's own, and of
    the statute's only where those have no such rule. One that asks for itself in a circle is not
    found.
    """
    ordered = sorted(windows, key=lambda window: (not window.always, window.order))

    def find(code: str, after: date | None = None, *, asked: frozenset[str]) -> Due | None:
        if code in asked:
            return None
        still: dict[bool, list[Due]] = {}
        others = partial(find, asked=asked | {code})
        for window in ordered:
            rule = window.procedure.deadline(code)
            counted = _counted(window, calendar)
            runs = reckon(rule, course, counted, others) if rule is not None else ()
            there = [due for due in runs if _in_force(window, due)]
            if after is not None and rule is not None:
                open_ones = still.setdefault(window.always, [])
                open_ones += [due for due in there if _open_after(due, after)]
            elif there:
                return there[0]
        found = still.get(False, still.get(True, []))
        return min(found, key=lambda due: due.due or date.max, default=None)

    return partial(find, asked=frozenset({asking}))


def _open_after(due: Due, on: date) -> bool:
    """Whether a run with a limit day is neither met nor stopped by a day, nor perhaps met."""
    if due.due is None or due.not_for or (due.missing and due.due <= on):
        return False
    met = due.met_on is not None and due.met_on <= on
    return not met and (due.stopped_on is None or due.stopped_on > on)


def _in_force(window: Window, due: Due) -> bool:
    """Whether the edition is in force on the day of a run; of an unknown day the last is."""
    return window.until is None if due.ruled_on is None else window.holds(due.ruled_on)


def _numbered(found: Iterable[Reckoned]) -> Iterator[Reckoned]:
    """Numbered within one procedure and code, in the order of their anchors; what stood before
    the first of them stays 0."""
    numbers: dict[tuple[str, str], int] = {}
    for one in sorted(found, key=_order):
        key = (one.procedure.code, one.due.rule.code)
        if one.due.run:
            numbers[key] = numbers.get(key, 0) + 1
            one = replace(one, due=replace(one.due, run=numbers[key]))
        yield one


def _order(one: Reckoned) -> tuple[date, date, int]:
    due = one.due
    return due.anchor_date or date.max, due.begins or date.min, due.run
