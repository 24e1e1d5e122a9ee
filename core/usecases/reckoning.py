"""Working out the deadlines of children: one as it changes, many in batches by the worker."""

from __future__ import annotations

import hashlib
import logging
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from core import domain
from core.domain import courses, windows
from core.domain.board import Span, last_lawful_second_review, spans
from core.domain.courses import CaseDates, ChildDates
from core.domain.dates import Calendar
from core.domain.record.summary import plan_of
from core.domain.suggesting import Suggestion
from core.domain.tracking import Track
from core.domain.windows import Window
from core.registry import Registry
from core.store import (
    applied,
    authorities,
    board_kept,
    board_marks,
    board_statement,
    calendars,
    care,
    days_off,
    deadline_marks,
    deadlines_kept,
    enabled,
    local_settings,
    record_summary,
    stated_care,
    tracking_kept,
)
from core.store import courses as courses_read
from core.store.calendars import calendar_for, with_days
from core.store.courses import dates_of
from core.store.database import at_commit, this_database, writing
from core.store.deadlines_kept import OfChild
from core.store.scope import Scope
from core.usecases import agreeing, editions, plan_standing, watched
from core.usecases.editions import Editions

#: So many children are worked out in the transaction that changes them; more are marked.
AT_ONCE = 20
BATCH = 200
#: Between two batches others get their turn: who waits for SQLite asks again within 0.1 seconds.
GAP_SECONDS = 0.12
FIRST, LAST = 1900, 2100
SECOND_REVIEW = "review-2"
Pause = Callable[[float], None]
log = logging.getLogger("permanence.deadlines")

_registries: WeakKeyDictionary[object, Registry] = WeakKeyDictionary()
_fingerprints: WeakKeyDictionary[object, str] = WeakKeyDictionary()
_said: WeakKeyDictionary[object, set[int]] = WeakKeyDictionary()
_later: ContextVar[bool] = ContextVar("left_for_later", default=False)


def attach(registry: Registry) -> None:
    """Have the children that change worked out by these rules, in the database of this app."""
    _registries[this_database()] = registry
    _fingerprints[this_database()] = fingerprint(registry)


def attached() -> Registry:
    """The rules of the app whose database this is."""
    return _registries[this_database()]


def again(
    scope: Scope, registry: Registry, child_ids: Collection[int], at: datetime | None = None
) -> int:
    """Work out these children's deadlines, within the transaction under way; gives how many.

    Their record is held still for it. About twenty-five queries, however many they are. One whose
    dates cannot be worked out keeps those it has, and stays marked behind the others.
    """
    ids = sorted(set(child_ids))
    if not ids:
        return 0
    record_summary.lock(scope, ids)
    # First, so that whatever is marked from here on is worked out once more.
    caused = deadline_marks.done(scope, ids)
    followed = editions.of(scope, registry)
    calendar = with_days(_years(), days_off.standing(scope))
    rules = windows_of(followed)
    found: list[OfChild] = []
    stand: dict[int, tuple[Span, ...]] = {}
    tracks: dict[int, Track] = {}
    suggested: dict[int, tuple[Suggestion, ...]] = {}
    earlier = tracking_kept.earlier(scope, ids)
    figures = watched.figures_of(followed.followed(scope.on))
    failed: list[int] = []
    plans: dict[int, tuple[str, date | None]] = {}
    for child_id, known in dates_of(scope, ids).items():
        try:
            child = plan_standing.as_it_counts(known, followed.followed, scope.on)
            plans[child_id] = plan_of(child.entries)
            own = list(worked_out(child_id, child, rules, followed, calendar))
            stand[child_id] = spans(child, second_reviews(child, own, calendar))
            tracks[child_id], suggested[child_id] = watched.watched(child, own, earlier, figures)
            found += own
        except Exception:  # One child's dates stop neither the others' nor the change itself.
            _say(child_id)
            failed.append(child_id)
    done = sorted(set(ids) - set(failed))
    at = at or _moment(scope)
    deadlines_kept.put(scope, done, found, at, caused)
    board_kept.put(scope, done, stand)
    record_summary.put_plans(scope, plans)
    tracking_kept.put(scope, done, tracks, suggested)
    again_by = {child_id: caused.get(child_id, scope.account_id) for child_id in failed}
    deadline_marks.mark_again(scope, again_by, at)
    return len(done)


def _say(child_id: int) -> None:
    """Log the fault of a child's dates, once a process: the worker tries again and again."""
    said = _said.setdefault(this_database(), set())
    if child_id not in said:
        said.add(child_id)
        log.exception("the deadlines of child %s could not be worked out", child_id)


def _years() -> Calendar:
    """The bank holidays of every year of which a day can be typed or imported.

    Nobody's care lies beyond: nothing due is counted over years whose holidays are left out.
    """
    return calendar_for((date(FIRST, 1, 1), date(LAST, 1, 1)))


def _moment(scope: Scope) -> datetime:
    return scope.moment or datetime.combine(scope.on, datetime.min.time())


def worked_out(
    child_id: int,
    child: ChildDates,
    rules: tuple[Window, ...],
    followed: Editions,
    calendar: Calendar,
) -> Iterator[OfChild]:
    """Every deadline of a child, course by course; touches no database."""
    cases = {case.id: case for case in child.cases}
    for course in courses.of_child(child):
        of_course = rules
        if course.case_id is not None:
            of_course = _of_case(rules, followed, cases[course.case_id])
        reckoned = windows.of_course(of_course, course, calendar)
        start = course.begins if course.case_id is None else None
        yield OfChild(child_id, course.case_id, course.spell, reckoned, start)


def second_reviews(
    child: ChildDates, found: Iterable[OfChild], calendar: Calendar
) -> dict[int, dict[date, date]]:
    """By period of care the last lawful day of its second review, as its deadline has it.

    From the day on which the first was held it is counted from that (CPPCR-33-1); before, from the
    last on which it could be. Where that is not known, it is counted from the earliest day in hand.
    """
    latest = {
        number: {date.min: last_lawful_second_review(period.start, calendar)}
        for number, period in enumerate(child.periods, 1)
    }
    for course in found:
        for one in course.reckoned:
            due = one.due
            if one.procedure.always and due.rule.code == SECOND_REVIEW and due.due is not None:
                held = None if due.latest else due.anchor_date
                latest[course.spell][held or date.min] = due.due
    return latest


def boards_behind(on: date) -> list[int]:
    """The authorities of which rows of the board may say what was so before a day."""
    return board_kept.authorities_behind(on)


def turn_board(scope: Scope, most: int = BATCH) -> bool:
    """Have the board's rows that the day has moved past say what is so today; False where none."""
    with writing():
        authorities.lock(scope)
        moved = board_kept.moved_on(scope, most)
        board_kept.row_anew(scope, moved)
    return bool(moved)


def _of_case(every: tuple[Window, ...], followed: Editions, case: CaseDates) -> tuple[Window, ...]:
    """The editions of a case's procedure; the one that it keeps, where none is in force then."""
    own = tuple(w for w in every if w.procedure.code == case.procedure and not w.always)
    on = case.meeting_on
    if own and (any(w.holds(on) for w in own) if on else own[-1].until is None):
        return own
    kept = followed.kept(case.procedure, case.edition, on or date.max)
    return () if kept is None else (Window(kept),)


def windows_of(followed: Editions) -> tuple[Window, ...]:
    """From when until when each edition is in force for the authority, with its figures."""
    found: list[Window] = []
    for row in followed.enabled:
        if not row.never:
            found += _spans(followed, row.code, row.since, row.until, row.position, False)
    codes = {entry.procedure.code for entry in followed.registry if entry.procedure.always}
    for code in sorted(codes):
        found += _spans(followed, code, date.min, None, 0, True)
    return tuple(found)


def _spans(
    followed: Editions, code: str, since: date, until: date | None, order: int, always: bool
) -> Iterator[Window]:
    """One code from a day until another, an edition with its figures after the other."""
    cuts = [since, *(on for on in followed.breaks if on > since and (not until or on < until))]
    begun: date | None = None
    for number, start in enumerate(cuts):
        end = cuts[number + 1] if number + 1 < len(cuts) else until
        now = followed.in_force(code, start)
        if now is None:
            continue
        after = followed.in_force(code, end) if end is not None and end != until else None
        begun = begun or start
        if after is not now:
            yield Window(now, begun if begun != date.min else None, end, order, always)
            begun = None


def work_off(scope: Scope, registry: Registry, at: datetime, most: int = BATCH) -> int:
    """Work out the deadlines of so many children who wait; gives of how many that was done."""
    with writing():
        authorities.lock(scope)
        return again(scope, registry, deadline_marks.next_ones(scope, most), at)


def authorities_waiting() -> list[int]:
    """The authorities of which children wait, or whose deadlines are of other rules."""
    rules = _fingerprints.get(this_database(), "")
    return deadline_marks.authorities_waiting(rules)


def work_on(scope: Scope, at: datetime) -> bool:
    """Work out the next batch of an authority by the rules of this app; False where none was."""
    registry = attached()
    changed = rules_changed(scope, registry, at)
    return work_off(scope, registry, at) > 0 or changed


def bring_up_to_date(
    scope: Scope, registry: Registry, clock: Callable[[], datetime], pause: Pause = time.sleep
) -> None:
    """Work out everything that waits; all of it, where the rules are not those of last time."""
    rules_changed(scope, registry, clock())
    while work_off(scope, registry, clock()):
        pause(GAP_SECONDS)


def rules_changed(scope: Scope, registry: Registry, at: datetime) -> bool:
    """Mark every child where the installed rules are others than those of the kept deadlines."""
    rules = fingerprint(registry)
    if deadline_marks.worked_out_under(scope) == rules:
        return False
    with writing():
        authorities.lock(scope)
        deadline_marks.mark_all(scope, at)
        deadline_marks.now_under(scope, rules)
    return True


def fingerprint(registry: Registry) -> str:
    """A name for all that deadlines follow from: rules, the code that works them out, holidays."""
    said: list[Any] = sorted(
        (entry.procedure.code, entry.procedure.edition, str(entry.procedure.in_force_from), rule)
        for entry in registry
        for rule in map(_spelt, entry.procedure.deadlines)
    )
    said += [
        (entry.procedure.code, entry.procedure.edition, _spelt(rule))
        for entry in registry
        for rule in (*entry.procedure.watches, *entry.procedure.approvals)
    ]
    said += [_code(_modules(registry)), sorted(map(str, _years().days_off))]
    return hashlib.sha256(repr(said).encode()).hexdigest()


#: Beside the domain, what makes deadlines of what the tables hold: what it reads, and by which
#: rules.
READING = (
    agreeing, applied, board_kept, board_statement, calendars, care, courses_read, days_off,
    deadlines_kept, editions, enabled, local_settings, plan_standing, record_summary, stated_care,
    tracking_kept, watched, sys.modules[__name__],
)  # fmt: skip


def _modules(registry: Registry) -> frozenset[Path]:
    """The files of the code that deadlines follow from: the core's, and of each plugin the whole
    package of a condition, as it may use whatever stands beside it."""
    conditions = (
        sys.modules[named]
        for entry in registry
        for rule in entry.procedure.deadlines
        for field in fields(rule)
        if (named := getattr(getattr(rule, field.name), "__module__", None)) in sys.modules
        and hasattr(getattr(rule, field.name), "__code__")
    )
    own = {Path(str(module.__file__)) for module in READING}
    own |= set(Path(str(domain.__file__)).parent.rglob("*.py"))
    return frozenset(own.union(*map(_beside, conditions)))


def _beside(module: ModuleType) -> Iterator[Path]:
    """The file of a module and those of the package in which it is."""
    if module.__file__ is None:
        return
    yield Path(module.__file__)
    if module.__package__:
        yield from Path(module.__file__).parent.rglob("*.py")


@cache
def _code(files: frozenset[Path]) -> str:
    """The code in files: what it makes of the same dates may change with it.

    In the order of what is in them, as a file may lie elsewhere on another machine.
    """
    codes = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    return hashlib.sha256("".join(codes).encode()).hexdigest()


def _spelt(value: Any) -> str:
    """A rule as text that is the same in every process; a function by its name and its code."""
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({[_spelt(getattr(value, f.name)) for f in fields(value)]})"
    if isinstance(value, tuple):
        return f"({', '.join(map(_spelt, value))})"
    code = getattr(value, "__code__", None)
    if code is not None:
        consts = [const for const in code.co_consts if not hasattr(const, "co_code")]
        return f"{value.__qualname__}:{code.co_code.hex()}:{code.co_names}:{consts!r}"
    return repr(value)


@contextmanager
def left_for_later() -> Iterator[None]:
    """Have children that change in the meantime marked: for many changes of the same few.

    Whoever does so brings them up to date afterwards, or leaves them to the worker.
    """
    token = _later.set(True)
    try:
        yield
    finally:
        _later.reset(token)


def _ends() -> None:
    """As a transaction ends: work out the few children that changed, mark many for the worker."""
    for scope, ids in deadline_marks.take():
        registry = _registries.get(this_database())
        if registry is not None and len(ids) <= AT_ONCE and not _later.get():
            again(scope, registry, ids)
        elif ids:
            deadline_marks.mark(scope, ids, _moment(scope))
    for scope, actions, children in board_marks.take():
        _act(scope, children | board_kept.of_actions(scope, actions))


def _act(scope: Scope, child_ids: Collection[int]) -> None:
    """The board's rows of children of whom an action changed."""
    if len(child_ids) <= AT_ONCE and not _later.get():
        board_kept.row_anew(scope, child_ids)
    else:
        deadline_marks.mark(scope, child_ids, _moment(scope))


def _forget() -> None:
    deadline_marks.forget()
    board_marks.forget()


at_commit(_ends, _forget, early=True)
