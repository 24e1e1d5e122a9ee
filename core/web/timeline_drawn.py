"""Where everything of a timeline stands in its picture: lanes, rows, shapes, labels, the axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.dates import day
from core.domain.timeline import Form, Lane, Life, Numbered

WIDTH = 960
LEFT, RIGHT = 12, 66
ROW, TITLE, BETWEEN = 22, 20, 8
AXIS = 58
BAR, SHAPE = 16, 8
LETTER = 6.8
"""About how wide a letter of a label is, in units of the picture; its labels are 12 high."""
APART = 4
MONTHLY, QUARTERLY = 800, 2_000
"""Up to so many days every month has its tick, then every quarter; beyond it every year."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis; ``year`` and ``month`` are its labels, "" for none."""

    x: float
    year: str
    month: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape at ``x`` in the row at ``y`` (its middle); a bar goes on for ``width``.

    ``path`` is the outline of a bar. ``label`` stands at ``label_x``; ``title`` says it whole.
    """

    number: int
    form: Form
    x: float
    y: float
    width: float
    path: str
    label: str
    label_x: float
    title: str


@dataclass(frozen=True, slots=True)
class LaneDrawn:
    """A lane: its title at ``y``, and what stands in its rows."""

    title: str
    y: float
    shapes: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture, in units of its own: ``on_x`` is where the day asked is."""

    width: int
    height: float
    ticks: tuple[Tick, ...]
    lanes: tuple[LaneDrawn, ...]
    on_x: float
    on_words: str


@dataclass(frozen=True, slots=True)
class _Placed:
    one: Numbered
    x: float
    end: float
    row: int


def picture(life: Life) -> Picture:
    """Lay a timeline out: nothing of a lane stands over anything else of it."""
    y = float(AXIS)
    lanes = []
    for lane in life.lanes:
        placed = _rows(life, lane)
        rows = 1 + max(one.row for one in placed)
        top = y + TITLE
        lanes.append(LaneDrawn(str(lane), y + TITLE - 6, tuple(_shapes(life, placed, top))))
        y = top + rows * ROW + BETWEEN
    return Picture(WIDTH, y, tuple(_ticks(life)), tuple(lanes), _x(life, life.on), day(life.on))


def _x(life: Life, on: date) -> float:
    span = max((life.last - life.first).days, 1)
    inner = WIDTH - LEFT - RIGHT
    return round(LEFT + inner * (on - life.first).days / span, 1)


def _rows(life: Life, lane: Lane) -> list[_Placed]:
    """Each in the first row where there is room for it and its number."""
    ends: list[float] = []
    placed = []
    for one in life.drawn:
        fact = one.fact
        if fact.lane is not lane:
            continue
        x = _x(life, fact.on)
        if fact.lasts:
            until = fact.until or life.on
            end = max(_x(life, max(until, fact.on)), x + 4)
            left, right = x, max(end + (8 if fact.until is None else 0), _beside(end, one))
        else:
            end = x
            left, right = x - SHAPE, x + SHAPE + 2 + len(_short(one)) * LETTER
        row = next((n for n, last in enumerate(ends) if last + APART <= left), len(ends))
        if row == len(ends):
            ends.append(right)
        else:
            ends[row] = right
        placed.append(_Placed(one, x, end, row))
    return placed


def _short(one: Numbered) -> str:
    """The least label: the number in the list, of a birthday the age."""
    if one.fact.form is Form.HOLLOW:
        return one.fact.short
    if one.fact.lane is Lane.AGE:
        return f"aged {one.fact.short}" if one.fact.short != "0" else "born"
    return str(one.number)


def _beside(end: float, one: Numbered) -> float:
    """Where the number ends of a bar that is too small to bear it."""
    return end + 10 + len(str(one.number)) * LETTER


def _shapes(life: Life, placed: list[_Placed], top: float) -> Iterator[Drawn]:
    after: dict[int, list[float]] = {}
    for one in placed:
        edge = one.x if one.one.fact.lasts else one.x - SHAPE
        after.setdefault(one.row, []).append(edge)
    for one in placed:
        fact, y = one.one.fact, top + one.row * ROW + ROW / 2
        later = [edge for edge in after[one.row] if edge > one.x]
        room = min(later, default=float(WIDTH)) - APART
        drawn = Drawn(one.one.number, fact.form, one.x, y, 0, "", "", 0, _title(one.one))
        if not fact.lasts:
            at = one.x + SHAPE + 2
            label = _fits(one.one, room - at)
            yield replace(drawn, label=label, label_x=round(at, 1))
            continue
        width = round(one.end - one.x, 1)
        path = _bar(one.x, y, width, known=fact.known, over=fact.until is not None)
        inner = one.x + (16 if not fact.known else 5)
        number = str(one.one.number)
        if one.end - inner >= len(number) * LETTER:
            yield replace(
                drawn,
                width=width,
                path=path,
                label=_fits(one.one, one.end - inner),
                label_x=round(inner, 1),
            )
        else:
            at = one.end + (10 if fact.until is None else 3)
            label = _fits(one.one, room - at)
            yield replace(drawn, width=width, path=path, label=label, label_x=round(at, 1))


def _fits(one: Numbered, room: float) -> str:
    """The longest of the labels for which there is room; the number at least."""
    least, fact = _short(one), one.fact
    if fact.lane in (Lane.AGE, Lane.REVIEW):
        return least
    said = (fact.words, fact.short)
    labels = [f"{least} {words}" for words in said if words]
    return next((label for label in labels if len(label) * LETTER <= room), least)


def _title(one: Numbered) -> str:
    return f"{one.number}. {when(one)}: {one.fact.words}"


def when(one: Numbered) -> str:
    """The day of a fact, or from when until when, in words."""
    fact = one.fact
    if not fact.lasts:
        return day(fact.on)
    if fact.known and fact.until == fact.on:
        return day(fact.on)
    start = day(fact.on) if fact.known else f"before {day(fact.on)}, start not known"
    return f"{start} to {day(fact.until)}" if fact.until else f"from {start}"


def _bar(x: float, y: float, width: float, *, known: bool, over: bool) -> str:
    """The outline of a bar: ragged where its start is not known, an arrow where it goes on."""
    top, bottom, end = y - BAR / 2, y + BAR / 2, round(x + width, 1)
    path = f"M{x} {top}H{end}"
    path += f"V{bottom}" if over else f"L{end + 7} {y}L{end} {bottom}"
    path += f"H{x}"
    if not known:
        path += "l5 -4l-5 -4l5 -4l-5 -4"
    return path + "Z"


def _ticks(life: Life) -> Iterator[Tick]:
    span = (life.last - life.first).days
    step = 1 if span <= MONTHLY else 3 if span <= QUARTERLY else 12
    on = life.first.replace(day=1)
    last_year = -100.0
    if _x(life, date(life.first.year + 1, 1, 1)) - LEFT >= 5 * LETTER:
        # No January of the first year is in the picture: its year stands where it begins.
        last_year = float(LEFT)
        yield Tick(LEFT, str(life.first.year), "")
    while True:
        on = (on + timedelta(days=32)).replace(day=1)
        if on > life.last:
            return
        if (on.month - 1) % step:
            continue
        x = _x(life, on)
        year = str(on.year) if on.month == 1 else ""
        if year and x - last_year < 5 * LETTER:
            year = ""
        if year:
            last_year = x
        yield Tick(x, year, MONTHS[on.month - 1] if step < 12 else "")
