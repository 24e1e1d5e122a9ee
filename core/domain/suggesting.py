"""When a further planning meeting is suggested: the plan changed, a step slipped, drift under s20.

Pure over what is recorded of a child, and free of today: a suggestion stands from its day on, until
a meeting is held, a reason against it is given, or what it rests on is so no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.domain.dates import day, london_day
from core.domain.phrases import inside
from core.domain.record.plan import NATIONAL_ONLY, OPTIONS
from core.domain.record.recorded import Recorded, agree, begun_on, plan_as_at, plan_in_use
from core.domain.record.statements import Statement, in_use

CHANGED, SLIPPED, DRIFT = "plan-changed", "step-slipped", "section-20-drift"


@dataclass(frozen=True, slots=True)
class Figures:
    """From when on something drifts: days late, times moved, days in which nothing came of it.

    None where no procedure that is followed asks about it.
    """

    changed: bool = False
    late: int | None = None
    moved: int | None = None
    quiet: int | None = None
    drift: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """That a further planning meeting is suggested, from ``since`` on: ``why`` in a sentence.

    ``of`` is what it is about, in words, and ``key`` tells it apart from the others of the child.
    """

    code: str
    key: str
    since: date
    of: str
    why: str


@dataclass(frozen=True, slots=True)
class Moves:
    """How often the day of a step was moved, and when it was last."""

    times: int
    last: date


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said before, too: moves of steps, and primary options of plans, by their ids."""

    moves: Mapping[int, Moves] = field(default_factory=dict)
    primaries: Mapping[int, Sequence[Statement]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is asked of a child: the entries that stand, the meetings held, and section 20.

    ``met`` are the days of planning meetings, in their order; ``section_20`` is the day from which
    the child is accommodated by agreement, None where not.
    """

    entries: Sequence[Recorded]
    met: Sequence[date] = ()
    earlier: Earlier = Earlier()
    section_20: date | None = None


def moves_of(said: Iterable[Statement], since: date | None = None) -> Moves | None:
    """How often a day was moved, by all that was ever said of it; None where it never was.

    With ``since`` only what was moved after that day counts.
    """
    ordered = sorted(
        (one for one in said if one.value),
        key=lambda one: (one.stated_at.isoformat() if one.stated_at else "", one.id),
    )
    times, last, value = 0, date.min, ""
    for one in ordered:
        on = london_day(one.stated_at) if one.stated_at else one.as_at or date.min
        if value and one.value != value and (since is None or on > since):
            times, last = times + 1, on
        value = one.value
    return Moves(times, last) if times else None


def primary_at(plan: Recorded, said: Sequence[Statement], on: date) -> tuple[str, date]:
    """The primary option of a plan as it was known on a day, and from when it is as it is now.

    One that was not known on the day, as it was written down later, counts as first written down.
    """
    now = plan.value("primary")
    days = sorted({day for one in said for day in (_said_on(one), _replaced_on(one)) if day})
    start = max(on, days[0]) if days else on
    known = [(day, _known(said, day)) for day in (start, *(day for day in days if day > start))]
    changed = start
    for day_, value in reversed(known):
        if value != now:
            break
        changed = day_
    return known[0][1] or now, changed


def _known(said: Iterable[Statement], on: date) -> str:
    """The value in use as it was known at the end of a day; "" where none was."""
    then = in_use(
        replace(one, replaced_at=None)
        for one in said
        if _said_on(one) <= on and ((gone := _replaced_on(one)) is None or gone > on)
    )
    return next((used.value for used in then.values()), "")


def _said_on(one: Statement) -> date:
    """When it was typed; of a file, the day for which that says it."""
    at = one.stated_at if one.typed else None
    return london_day(at) if at is not None else one.as_at or date.min


def _replaced_on(one: Statement) -> date | None:
    return london_day(one.replaced_at) if one.replaced_at is not None else None


def suggestions(planned: Planned, figures: Figures) -> tuple[Suggestion, ...]:
    """What suggests a further planning meeting, the earliest first; nothing before the first one.

    Until a planning meeting was held it is the first that is due, and no further one.
    """
    if not planned.met:
        return ()
    found = [*_changed(planned, figures), *_steps(planned, figures), *_quiet(planned, figures)]
    found.sort(key=lambda one: (one.since, one.code, one.key))
    first: dict[str, Suggestion] = {}
    for one in found:
        if not _answered(one, planned.entries):
            first.setdefault(one.key, one)
    return tuple(first.values())


def _answered(one: Suggestion, entries: Iterable[Recorded]) -> bool:
    """Whether somebody gave a reason against a meeting on or after the day of what suggests it."""
    for entry in entries:
        on = entry.day("decided_on")
        if entry.kind != "no-further-ppm" or not entry.stands or on is None or on < one.since:
            continue
        if entry.value("suggestion") == one.code and entry.value("of") in ("", one.of):
            return True
    return False


def _changed(planned: Planned, figures: Figures) -> Iterator[Suggestion]:
    """The plan in use says another primary option than was said at the last meeting.

    It is another plan, which came after the meeting, or the same one that was corrected since.
    """
    used = plan_in_use(planned.entries)
    if not figures.changed or used is None:
        return
    began, last = begun_on(used), planned.met[-1]
    before = used if began <= last else plan_as_at(planned.entries, last)
    if before is None:
        return
    first, corrected = primary_at(before, planned.earlier.primaries.get(before.id, ()), last)
    wider = first in NATIONAL_ONLY and agree("plan", "primary", first, used.value("primary"))
    if wider or first == used.value("primary"):
        return
    began = corrected if before is used else began
    was = {**OPTIONS, **NATIONAL_ONLY}.get(first, first)
    now = OPTIONS.get(used.value("primary"), used.value("primary"))
    yield Suggestion(
        CHANGED,
        f"{CHANGED}.{used.public_id}",
        began,
        now,
        f"the primary plan changed from {inside(was)} to {inside(now)} on {day(began)}, since the "
        f"last planning meeting on {day(last)}",
    )


def _steps(planned: Planned, figures: Figures) -> Iterator[Suggestion]:
    """Steps that are not done, of the plan in use: late by so many days, or moved so often."""
    used = plan_in_use(planned.entries)
    if used is None:
        return
    for step in planned.entries:
        if step.kind != "plan-step" or not step.stands or step.parent_id != used.id:
            continue
        if step.day("done_on") is not None:
            continue
        yield from _slipped(planned, step, figures)


def _slipped(planned: Planned, step: Recorded, figures: Figures) -> Iterator[Suggestion]:
    """Under section 20 it is drift; what is asked about a step is asked once."""
    what = step.value("what") or "A step of the plan"
    for since, why in (*_late(planned, step, figures), *_moved(planned, step, figures)):
        code = SLIPPED
        if planned.section_20 is not None and figures.drift:
            since, code = max(since, planned.section_20), DRIFT
            why += f". The child is accommodated under section 20 since {day(planned.section_20)}"
        yield Suggestion(code, f"{code}.{step.public_id}", since, what, f"“{what}” {why}")


def _late(planned: Planned, step: Recorded, figures: Figures) -> Iterator[tuple[date, str]]:
    """A meeting that was held while it was late gives it as many days again."""
    due = step.day("due_on")
    if due is None or figures.late is None:
        return
    last = planned.met[-1]
    since = max(due, last) + timedelta(days=figures.late + 1)
    why = f"was due by {day(due)} and is more than {figures.late} days late"
    if last > due:
        why = (
            f"was due by {day(due)} and is not done more than {figures.late} days after the "
            f"planning meeting on {day(last)}"
        )
    yield since, why


def _moved(planned: Planned, step: Recorded, figures: Figures) -> Iterator[tuple[date, str]]:
    moved = planned.earlier.moves.get(step.id)
    if figures.moved is None or moved is None or moved.times < figures.moved:
        return
    if moved.last <= planned.met[-1]:
        return
    due = step.day("due_on")
    times = {2: "twice", 3: "three times"}.get(moved.times, f"{moved.times} times")
    by = f", now to {day(due)}" if due is not None else ""
    yield moved.last, f"was moved {times}, the last time on {day(moved.last)}{by}"


def _quiet(planned: Planned, figures: Figures) -> Iterator[Suggestion]:
    """Under section 20: nothing came of the plan in so many days."""
    if planned.section_20 is None or figures.quiet is None:
        return
    last = max((planned.section_20, planned.met[-1], *_progress(planned.entries)))
    since = last + timedelta(days=figures.quiet + 1)
    yield Suggestion(
        DRIFT,
        f"{DRIFT}.quiet",
        since,
        NO_PROGRESS,
        f"no progress of the plan is recorded since {day(last)}, more than {figures.quiet} days: "
        "no meeting, no step done, no tracking. The child is accommodated under section 20 since "
        f"{day(planned.section_20)}",
    )


PROGRESS = {"plan-step": "done_on", "plan-tracked": "tracked_on", "plan-option": "considered_on"}
NO_PROGRESS = "No progress"


def _progress(entries: Iterable[Recorded]) -> Iterator[date]:
    for entry in entries:
        if not entry.stands:
            continue
        if entry.kind == "plan":
            yield from filter(None, (entry.day(f) for f in ("identified_on", "agreed_on")))
        elif entry.kind == "no-further-ppm" and entry.value("of") == NO_PROGRESS:
            # That no meeting is needed holds for as many days again.
            yield from filter(None, (entry.day("decided_on"),))
        elif (code := PROGRESS.get(entry.kind)) and (on := entry.day(code)) is not None:
            yield on
