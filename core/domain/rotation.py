"""Themes that go in turn over a body's meetings: which comes next, a cancelled week, a swap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.finding import Finding, Refused


@dataclass(frozen=True, slots=True)
class Themed:
    """A planned meeting of a rotation; once ``circulated`` its list is frozen and never moves."""

    id: int
    on: date
    theme: str
    circulated: bool = False


@dataclass(frozen=True, slots=True)
class Retheming:
    """New themes by the meeting's id; ``left`` is the theme that has no meeting now, or ""."""

    themes: tuple[tuple[int, str], ...]
    left: str = ""


def next_theme(themes: Sequence[str], before: Sequence[str]) -> str:
    """The theme after those that went before, in the order of their days; "" without themes.

    It is the one that has waited longest, so that each comes again once every other has had its
    turn, also after a swap. Of those that never were, the next in the declared order.
    """
    if not themes:
        return ""
    last = {theme: n for n, theme in enumerate(before)}
    known = [theme for theme in before if theme in themes]
    after = themes.index(known[-1]) + 1 if known else 0
    turn = [*themes[after:], *themes[:after]]
    return min(turn, key=lambda theme: last.get(theme, -1))


def themes_for(
    days: Iterable[date],
    themes: Sequence[str],
    held: Iterable[tuple[date, str]],
    first: str = "",
) -> dict[date, str]:
    """The theme of each new day, going on from those before it (``held``: day and theme).

    Where somebody chose the ``first``, they go in the declared order from there.
    """
    new = sorted(days)
    if first in themes:
        start = themes.index(first)
        return {on: themes[(start + n) % len(themes)] for n, on in enumerate(new)}
    there = sorted(held)
    made: dict[date, str] = {}
    for on in new:
        before = [theme for day, theme in sorted([*there, *made.items()]) if day < on]
        made[on] = next_theme(themes, before)
    return made


def cancelled(planned: Iterable[Themed], meeting_id: int) -> Retheming:
    """A meeting is cancelled: its theme goes to the next one, and each later one moves on by one.

    A circulated list never moves: what would come to it goes to the one after. Meetings without a
    theme are left alone.
    """
    in_order = sorted(planned, key=lambda meeting: meeting.on)
    gone = next((meeting for meeting in in_order if meeting.id == meeting_id), None)
    if gone is None or not gone.theme:
        return Retheming(())
    moving, changed = gone.theme, []
    for meeting in in_order:
        if meeting.on > gone.on and meeting.theme and not meeting.circulated:
            changed.append((meeting.id, moving))
            moving = meeting.theme
    return Retheming(tuple(changed), moving)


def swapped(planned: Iterable[Themed], one_id: int, other_id: int) -> Retheming:
    """Two meetings change themes; Refused where one of the lists is circulated, or has none."""
    found = {meeting.id: meeting for meeting in planned}
    one, other = found.get(one_id), found.get(other_id)
    if one is None or other is None or one_id == other_id or not (one.theme and other.theme):
        raise Refused(Finding("Choose another meeting that has a theme", field="with"))
    if one.circulated or other.circulated:
        raise Refused(
            Finding("The agenda of one of the two is circulated: its list stays", field="with")
        )
    return Retheming(((one.id, other.theme), (other.id, one.theme)))
