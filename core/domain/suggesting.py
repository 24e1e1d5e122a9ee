"""When a further planning meeting is suggested: the plan changed, a step slipped, drift under s20.

Pure over what is recorded of a child, and free of today: a suggestion stands from its day on, until
a meeting is held, a reason against it is given, or what it rests on is so no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.domain.dates import day, london_day
from core.domain.phrases import inside
from core.domain.record.plan import OPTIONS
from core.domain.record.recorded import Recorded, begun_on, plan_as_at, plan_in_use
from core.domain.record.statements import Statement

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
class Planned:
    """What is asked of a child: the entries that stand, the meetings held, and section 20.

    ``moves`` are by the id of a step; ``met`` are the days of planning meetings, in their order;
    ``section_20`` is the day from which the child is accommodated by agreement, None where not.
    """

    entries: Sequence[Recorded]
    met: Sequence[date] = ()
    moves: Mapping[int, Moves] = field(default_factory=dict)
    section_20: date | None = None


def moves_of(said: Iterable[Statement]) -> Moves | None:
    """How often a day was moved, by all that was ever said of it; None where it never was."""
    ordered = sorted(
        (one for one in said if one.value),
        key=lambda one: (one.stated_at.isoformat() if one.stated_at else "", one.id),
    )
    times, last, value = 0, date.min, ""
    for one in ordered:
        if value and one.value != value:
            times += 1
            last = london_day(one.stated_at) if one.stated_at else one.as_at or date.min
        value = one.value
    return Moves(times, last) if times else None


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
    """The plan in use is another primary plan than the one before, and came after the meeting."""
    used = plan_in_use(planned.entries)
    if not figures.changed or used is None:
        return
    began, last = begun_on(used), planned.met[-1]
    before = plan_as_at(planned.entries, last)
    if began <= last or before is None or before.value("primary") == used.value("primary"):
        return
    was = OPTIONS.get(before.value("primary"), before.value("primary"))
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
    moved = planned.moves.get(step.id)
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
