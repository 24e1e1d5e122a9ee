"""A child's dates as pages show them: what is late, due, not known and over, and what to enter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from flask import url_for

from core.domain.dated import entered
from core.domain.due import Due, State
from core.domain.phrases import inside
from core.domain.record import KINDS
from core.domain.record.assessment import ASSESSMENTS
from core.store import children, record
from core.store.deadlines import DeadlineFact, Shown
from core.web import asker
from core.web.access import ACCESS


class Part(StrEnum):
    """The parts of a page of dates, in their order."""

    LATE = "Late"
    DUE = "Due"
    UNKNOWN = "Not known"
    MET = "Met"
    OVER = "No longer running"
    NOT_FOR = "Does not apply"


PART_OF = {
    State.LATE: Part.LATE,
    State.SOON: Part.DUE,
    State.RUNNING: Part.DUE,
    State.UNKNOWN: Part.UNKNOWN,
    State.MET: Part.MET,
    State.MET_LATE: Part.MET,
    State.STOPPED: Part.OVER,
    State.NOT_APPLICABLE: Part.NOT_FOR,
}
ORDER = list(Part)
ASKING = (State.LATE, State.SOON, State.RUNNING)
#: What to enter, in words; what is a day is named by what is missing itself.
ENTER = {
    "care.episode": "Enter the episode of care",
    "care.review": "Enter the reviews that were held",
    "identity": "Enter the date of birth",
    "case": "Choose a meeting",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline: as it is shown on the day, as it is kept, and what to enter where.

    ``enter`` are the words of the link to ``address``, both "" where nothing is missing;
    ``address`` is "" where the asker may not enter it. ``asks`` and ``asks_address`` are the same
    for the entry of the record in which what an open deadline asks is answered.
    """

    row: Shown
    fact: DeadlineFact
    enter: str = ""
    address: str = ""
    asks: str = ""
    asks_address: str = ""

    @property
    def part(self) -> Part:
        return PART_OF[self.row.state]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is due, as each procedure lays it down, the stricter first."""

    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return self.lines[0].row.title

    @property
    def part(self) -> Part:
        """Where it stands: with what is most pressing of it."""
        return min((line.part for line in self.lines), key=ORDER.index)

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c for line in self.lines for c in line.row.clauses))

    def day(self) -> date:
        """The first day of what puts it into its part; what has none comes last."""
        days = (line.row.due for line in self.lines if line.part is self.part)
        return min(filter(None, days), default=date.max)


@dataclass(frozen=True, slots=True)
class Gap:
    """One fact that is missing, and the deadlines that wait for it."""

    missing: str
    enter: str
    address: str
    lines: tuple[Line, ...]


def lines(
    child_public_id: str, facts: Collection[DeadlineFact], rows: Iterable[Shown]
) -> list[Line]:
    """Deadlines with what to enter and where: at most two queries, none where nothing is to enter.

    ``rows`` are the facts as they are shown, in the same order.
    """
    pairs = list(zip(facts, rows, strict=True))
    places: Callable[[DeadlineFact, str], str] | None = None
    found = []
    for fact, row in pairs:
        asks = KINDS.get(fact.what.rule.asks_entry) if row.state in ASKING else None
        if not row.missing and asks is None:
            found.append(Line(row, fact))
            continue
        places = places or _places(child_public_id)
        line = Line(row, fact)
        if row.missing:
            line = Line(row, fact, _enter_words(fact.what, row), places(fact, row.enter))
        if asks is not None and (address := places(fact, f"record.{asks.code}")):
            line = replace(line, asks=f"Enter {asks.one}", asks_address=address)
        found.append(line)
    return found


def things(found: Iterable[Line]) -> list[Thing]:
    """What several procedures say of one thing together, in the order of the lines."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in found:
        case_id, _, code, spell, _ = line.row.key
        groups.setdefault((case_id, code, spell, line.fact.what.turn), []).append(line)
    return [Thing(tuple(group)) for group in groups.values()]


def parts(found: Iterable[Thing]) -> dict[Part, list[Thing]]:
    """Things by where they stand: the soonest first, what is met or over the latest first."""
    by_part: dict[Part, list[Thing]] = {part: [] for part in Part}
    for thing in found:
        by_part[thing.part].append(thing)
    for part, there in by_part.items():
        there.sort(key=Thing.day, reverse=part in (Part.MET, Part.OVER))
    return by_part


def gaps(found: Iterable[Thing]) -> list[Gap]:
    """What is missing, each fact once with everything that waits for it."""
    by_fact: dict[tuple[str, str], list[Line]] = {}
    for thing in found:
        for line in thing.lines:
            if line.row.missing:
                by_fact.setdefault((line.row.missing, line.address), []).append(line)
    return [
        Gap(missing, waiting[0].enter, address, tuple(waiting))
        for (missing, address), waiting in by_fact.items()
    ]


def _enter_words(what: Due, row: Shown) -> str:
    """What to enter, as the words of a link: "Enter the day on which care began"."""
    said = row.missing.partition(":")[0].removesuffix(" is not known")
    if said.startswith(("the day", "the date", "the time")):
        return f"Enter {said}"
    place, _, kind = row.enter.partition(".")
    if place != "record":
        return ENTER.get(row.enter, "Enter it")
    if kind == "assessment":
        title = ASSESSMENTS.get(_assessment(what), "")
        if title:
            return f"Enter the {inside(title)}"
    return f"Enter {KINDS[kind].one}" if kind in KINDS else "Enter it"


def _assessment(what: Due) -> str:
    """The assessment that meets a deadline, by its code; "" where it is another thing."""
    named = (anchor.removeprefix("assessment.") for anchor in what.rule.meeting)
    return next((one for one in named if one in ASSESSMENTS), "")


def _places(public_id: str) -> Callable[[DeadlineFact, str], str]:
    """A function that says where something of a deadline is entered by the asker, or ""."""
    scope = asker.scope()
    changes = children.may_change(scope, public_id)
    writes = record.child(scope, public_id, changes=True) is not None

    def address(fact: DeadlineFact, enter: str) -> str:
        place, _, kind = enter.partition(".")
        match place:
            case "care" if changes and _allowed("care.save"):
                return url_for("care.form", public_id=public_id, care_kind=kind)
            case "identity" if changes and _allowed("identity.save"):
                return url_for("identity.form", public_id=public_id, identity_field="born")
            case "record" if writes and kind in KINDS and _allowed("record.add"):
                return _in_record(public_id, kind, fact.what)
            case "case" if fact.case_public_id and _allowed("cases.page"):
                return url_for("cases.page", public_id=fact.case_public_id)
        return ""

    return address


def _in_record(public_id: str, kind: str, due: Due) -> str:
    """The form that adds an entry; of what there is one of, or as a part, its place on the page."""
    what = KINDS[kind]
    if kind == "assessment" and _assessment(due):
        return url_for("record.new", public_id=public_id, kind=kind, what=_assessment(due))
    if what.single or what.part_of or not what.typed:
        return url_for("record.page", public_id=public_id, _anchor=what.part_of or kind)
    return url_for("record.new", public_id=public_id, kind=kind)


def stands(public_id: str, fact: DeadlineFact) -> str:
    """The page where the fact stands from which a deadline runs; "" where the asker has none."""
    place, _, kind = entered(fact.anchor).partition(".")
    match place:
        case "case" if fact.case_public_id and _allowed("cases.page"):
            return url_for("cases.page", public_id=fact.case_public_id)
        case "identity":
            return url_for("care.page", public_id=public_id, _anchor="identity-born")
        case "care":
            return url_for("care.page", public_id=public_id, _anchor=kind)
        case "record" if _allowed("record.page"):
            section = KINDS[kind].part_of or kind if kind in KINDS else None
            return url_for("record.page", public_id=public_id, _anchor=section)
    return ""


def _allowed(endpoint: str) -> bool:
    return ACCESS[endpoint].allows(asker.scope().roles)
