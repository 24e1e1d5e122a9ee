"""What a planning meeting chooses among: the options for one child on its day, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.domain.connected_people import Connected, connected_on
from core.domain.finding import Finding, Refused
from core.domain.options import (
    Placed,
    Turning,
    added_by,
    column_of,
    matrix_of,
    open_columns,
    placed_at,
    plan_rules,
)
from core.domain.procedure import Procedure
from core.domain.procedure.options import (
    BeyondMatrix,
    Column,
    Need,
    Option,
    OptionsMatrix,
    PlanRule,
)
from core.domain.record.plan import OPTIONS
from core.domain.record.recorded import Recorded

OTHER = "other"
REUNIFICATION, CONTINGENCY = "reunification-first", "contingency"
FAMILY_MEETING, TWIN_TRACKED = "family-network-meeting", "twin-tracked"


class Among(StrEnum):
    """Where an option is listed: any age, this cell, the procedure's own, the core's list, else.

    ``THEN`` is one that is listed nowhere now, and of which something was answered.
    """

    ALWAYS = "always"
    CELL = "cell"
    ADDED = "added"
    ANY = "any"
    OUTSIDE = "outside"
    THEN = "then"


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading; without clauses nothing lays them down."""

    among: Among
    title: str
    clauses: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and when it is asked; ``until`` is the day by which the next meeting is held.

    ``born`` of an unborn child is the day on which it is expected, if that is known.
    """

    born: date | None
    unborn: bool
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen. ``placed`` is None where no matrix holds, or the cell is not known yet.

    ``columns`` are those left among which a person says which it is, where there are several.
    ``turning`` is the birthday before the next meeting that moves the child to another row.
    """

    asked: Asked
    connected: Connected
    matrix: OptionsMatrix | None
    columns: tuple[Column, ...]
    placed: Placed | None
    turning: Turning | None
    groups: tuple[Group, ...]
    outside: Mapping[str, str]
    beyond: BeyondMatrix | None
    rules: Mapping[str, PlanRule]
    faults: tuple[Finding, ...] = field(default=())

    def listed(self, code: str) -> tuple[Group, Option] | None:
        """An option of this code among those listed, with its group."""
        for group in self.groups:
            for option in group.options:
                if option.code == code:
                    return group, option
        return None

    def needs(self, code: str) -> tuple[Need, ...]:
        """What an option needs before it can be agreed, for this child on this day."""
        found = self.listed(code)
        if found is not None:
            return found[1].needs
        return self.beyond.needs if self.beyond is not None else (Need.RATIONALE,)

    @property
    def column(self) -> Column | None:
        """The column that holds; None where no matrix does, or nobody said which."""
        if self.matrix is None or self.placed is None:
            return None
        return self.matrix.column(self.placed.cell.column)


def offer_of(
    procedures: Iterable[Procedure], entries: Iterable[Recorded], asked: Asked, column: str = ""
) -> Offer:
    """What can be chosen for a child under an authority's procedures; ``column`` is as it was said.

    Where no procedure has a matrix these are the options of the core's list.
    """
    followed = tuple(procedures)
    connected = connected_on(entries, asked.on)
    held = matrix_of(followed)
    matrix = held.rule if held is not None else None
    placed, columns, faults = _placed(matrix, connected, asked, column)
    groups = []
    if matrix is not None and matrix.always is not None:
        rule = matrix.always
        groups.append(Group(Among.ALWAYS, rule.title, rule.clauses, rule.options))
    if placed is not None:
        cell = placed.cell
        groups.append(Group(Among.CELL, cell.title or placed.row.title, cell.clauses, cell.options))
    there = {option.code for group in groups for option in group.options}
    for won in added_by(followed):
        own = tuple(option for option in won.rule.options if option.code not in there)
        there |= {option.code for option in own}
        if own:
            groups.append(Group(Among.ADDED, won.rule.title, won.rule.clauses, own))
    if matrix is None:
        rest = {c: title for c, title in OPTIONS.items() if c not in there and c != OTHER}
        listed = tuple(Option(code=code, title=title) for code, title in rest.items())
        groups.append(Group(Among.ANY, "Options for permanence", (), listed))
        there |= rest.keys()
    beyond = matrix.beyond if matrix is not None else None
    open_beyond = matrix is None or (beyond is not None and placed is not None)
    outside = {c: t for c, t in OPTIONS.items() if c not in there} if open_beyond else {}
    turning = (
        placed.turns_by(asked.until) if placed is not None and asked.until is not None else None
    )
    return Offer(
        asked,
        connected,
        matrix,
        columns,
        placed,
        turning,
        tuple(groups),
        outside,
        beyond,
        plan_rules(followed),
        faults,
    )


def _placed(
    matrix: OptionsMatrix | None, connected: Connected, asked: Asked, said: str
) -> tuple[Placed | None, tuple[Column, ...], tuple[Finding, ...]]:
    """The cell of a child, the columns among which somebody has to say, and what is wrong."""
    if matrix is None:
        return None, (), ()
    left = open_columns(matrix, connected.may_be)
    columns = left if len(left) > 1 else ()
    found = column_of(matrix, connected.may_be, said)
    try:
        # The age is looked at first: it may be wrong in every column.
        placed = placed_at(
            matrix,
            (found or matrix.columns[0]).code,
            asked.born,
            asked.on,
            unborn=asked.unborn,
        )
    except Refused as refused:
        return None, columns, refused.findings
    return (placed if found is not None else None), columns, ()
