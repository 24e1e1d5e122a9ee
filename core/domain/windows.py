"""Which edition of which procedure counts for what: every deadline of a course, over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from core.domain.dated import Course
from core.domain.dates import Calendar
from core.domain.due import Due
from core.domain.procedure import Procedure
from core.domain.procedure.timetable import Deadline
from core.domain.reckoning import Others, reckon


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
            for due in reckon(rule, course, calendar, others):
                if _in_force(window, windows, due) and (
                    window.always or _first(rules, due.anchor_date) is window
                ):
                    instead = () if window.always else _beaten(rules, window, due.anchor_date)
                    found.append(Reckoned(window.procedure, replace(due, instead_of=instead)))
    return tuple(_numbered(found))


def _by_code(windows: Sequence[Window], of_case: bool) -> Iterator[tuple[str, Rules]]:
    codes: dict[str, Rules] = {}
    for window in windows:
        for rule in window.procedure.deadlines:
            if rule.of_case == of_case:
                codes.setdefault(rule.code, []).append((window, rule))
    yield from codes.items()


def _in_force(window: Window, windows: Sequence[Window], due: Due) -> bool:
    """Whether the edition is in force on the anchor's day; of an unknown one the last is."""
    if due.anchor_date is not None:
        return window.holds(due.anchor_date)
    same = [w for w in windows if w.procedure.code == window.procedure.code]
    return window is max(same, key=lambda w: w.since or date.min) and window.until is None


def _standing(rules: Rules, on: date | None) -> Rules:
    """The authority's own rules of one code on a day, in the order of its procedures."""
    there = [
        (window, rule)
        for window, rule in rules
        if not window.always and (window.holds(on) if on is not None else window.until is None)
    ]
    return sorted(there, key=lambda pair: pair[0].order)


def _first(rules: Rules, on: date | None) -> Window | None:
    return next((window for window, _ in _standing(rules, on)), None)


def _beaten(rules: Rules, first: Window, on: date | None) -> tuple[str, ...]:
    """The clauses of the other procedures' rules in whose stead the first one counts."""
    return tuple(
        clause
        for window, rule in _standing(rules, on)
        if window.procedure.code != first.procedure.code
        for clause in rule.clauses
    )


def _others(windows: Sequence[Window], course: Course, calendar: Calendar, asking: str) -> Others:
    """The first run of another deadline by its code, the statute's before the authority's own.

    One that asks for itself in a circle is not found.
    """
    ordered = sorted(windows, key=lambda window: (not window.always, window.order))

    def find(code: str, asked: frozenset[str]) -> Due | None:
        if code in asked:
            return None
        others = partial(find, asked=asked | {code})
        for window in ordered:
            rule = window.procedure.deadline(code)
            runs = reckon(rule, course, calendar, others) if rule is not None else ()
            first = next((due for due in runs if _in_force(window, windows, due)), None)
            if first is not None:
                return first
        return None

    return partial(find, asked=frozenset({asking}))


def _numbered(found: Iterable[Reckoned]) -> Iterator[Reckoned]:
    """Numbered within one procedure and code, in the order of their anchors."""
    numbers: dict[tuple[str, str], int] = {}
    for one in sorted(found, key=lambda r: (r.due.anchor_date or date.max, r.due.run)):
        key = (one.procedure.code, one.due.rule.code)
        numbers[key] = numbers.get(key, 0) + 1
        yield replace(one, due=replace(one.due, run=numbers[key]))
