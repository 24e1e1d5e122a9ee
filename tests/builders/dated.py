"""What is dated of a made-up child, said in a few words, and the deadlines that follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count

import holidays

from core.domain.care_days import Stretch
from core.domain.courses import ChildDates, Heard, of_child
from core.domain.dated import Dated
from core.domain.dates import Calendar
from core.domain.due import Due, State
from core.domain.procedure import Procedure
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.windows import Window, of_course

BANK_HOLIDAYS = Calendar.without(
    holidays.country_holidays("GB", subdiv="ENG", years=range(2011, 2032))
)
PPM, PANEL = "permanence-planning-meeting", "permanence-panel"
_NUMBERS = count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def typed(kind: str, **values: str) -> Recorded:
    """An entry of the record that a person typed."""
    number, at = next(_NUMBERS), datetime(2026, 11, 23, 9)
    said = tuple(
        Statement(number * 100 + n, field, value, as_at=at.date(), stated_at=at)
        for n, (field, value) in enumerate(values.items())
    )
    return Recorded(number, f"entry-{number}", kind, at, said)


def assessed(what: str, on: str) -> Recorded:
    return typed("assessment", what=what, done_on=on)


def ppm(on: str) -> Recorded:
    return typed("earlier-meeting", meeting="ppm", held_on=on)


def panel(on: str) -> Heard:
    return Heard(PANEL, day(on))


def run(
    code: str, start: str, end: str = "", *, known: bool = True, same_carers: bool = False
) -> Stretch:
    ends = day(end) if end else None
    return Stretch(code, day(start), known, ends, same_carers=same_carers)


def child(
    *care: str | Stretch,
    born: str = "2015-05-04",
    reviews: Iterable[str] = (),
    placements: Iterable[Stretch] = (),
    statuses: Iterable[Stretch] = (),
    recorded: Iterable[Recorded] = (),
    heard: Iterable[Heard] = (),
) -> ChildDates:
    """A child looked after from these days on; ``care`` are days, or runs with an end."""
    return ChildDates(
        born=day(born) if born else None,
        periods=tuple(run("", one) if isinstance(one, str) else one for one in care),
        statuses=tuple(statuses),
        placements=tuple(placements),
        reviews=tuple(Dated(day(on)) for on in reviews),
        entries=tuple(recorded),
        heard=tuple(heard),
    )


def dues(
    one: ChildDates, code: str, *procedures: Procedure, calendar: Calendar = BANK_HOLIDAYS
) -> list[Due]:
    """Every run of the deadlines of one code, in all periods of care, in their order.

    What was the latest possible day until the first of them began (run 0) is left out.
    """
    return [due for due in every(one, code, *procedures, calendar=calendar) if due.run]


def every(
    one: ChildDates, code: str, *procedures: Procedure, calendar: Calendar = BANK_HOLIDAYS
) -> list[Due]:
    """The same, with what was the latest possible day until then."""
    windows = [
        Window(p, since=p.in_force_from, order=n, always=p.always) for n, p in enumerate(procedures)
    ]
    found = [r for course in of_child(one) for r in of_course(windows, course, calendar)]
    return [r.due for r in found if r.due.rule.code == code]


def said(due: Due, on: str) -> str:
    """The state as at a day, as a word."""
    return str(due.state(day(on)))


__all__ = [
    "State", "assessed", "child", "day", "dues", "every", "panel", "ppm", "run", "said", "typed",
]  # fmt: skip
