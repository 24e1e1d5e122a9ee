"""What one sheet states, gathered row by row: said once, and told where a row says otherwise."""

from __future__ import annotations

from datetime import date

from core.imports.row import SheetRow
from core.imports.stated import (
    IDENTITY,
    Stated,
    StatedAction,
    StatedFact,
    StatedPerson,
    StatedTeam,
)


class Gathered:
    """The facts of one sheet. What rows repeat is kept once; both are kept where they differ."""

    def __init__(self, row: SheetRow, format_: str) -> None:
        self._row, self._format = row, format_
        self._children: dict[str, None] = {}
        self._facts: dict[tuple[str, str, str, str, str], StatedFact] = {}
        self._first: dict[tuple[str, str, str, str], str] = {}
        self._people: dict[tuple[str, str, str, str, str], StatedPerson] = {}
        self._teams: dict[tuple[str, str, str], StatedTeam] = {}
        self._actions: dict[tuple[str, str], StatedAction] = {}
        self.rows = 0

    def child(self, child: str) -> None:
        """A row of a child is read."""
        self.rows += 1
        self._children.setdefault(child)

    def fact(
        self,
        child: str,
        kind: str,
        field: str,
        value: str | date | None,
        column: str,
        key: str = "",
    ) -> None:
        """State a field of an entry; nothing where the value is blank."""
        if not value:
            return
        text = value.isoformat() if isinstance(value, date) else value
        what = (child, kind, key, field)
        if self._first.setdefault(what, text) != text:
            self._row.warning(
                column,
                "disagree",
                "Another row of this sheet says otherwise of this child. Both are kept.",
            )
        self._facts.setdefault(
            (*what, text),
            StatedFact(child, kind, field, text, self._row.source, key, self._row.heading(column)),
        )

    def identity(self, child: str, field: str, value: str | date | None, column: str) -> None:
        """State who a child is."""
        self.fact(child, IDENTITY, field, value, column)

    def person(
        self, child: str, relation: str, name: str, email: str = "", staff_number: str = ""
    ) -> None:
        """State who works with a child; the name is what the file gives, else the other two."""
        said = name or email or staff_number
        if said:
            self._people.setdefault(
                (child, relation, said, email, staff_number),
                StatedPerson(child, relation, said, self._row.source, email, staff_number),
            )

    def team(self, child: str, team: str, service: str = "") -> None:
        if team:
            self._teams.setdefault(
                (child, team, service), StatedTeam(child, team, self._row.source, service)
            )

    def action(self, action: StatedAction, column: str) -> None:
        """State an open action; of two that say the same of a child the earlier due is kept."""
        key = (action.child, " ".join(action.what.split()).casefold())
        before = self._actions.get(key)
        if before is None:
            self._actions[key] = action
        elif before.due != action.due:
            self._row.warning(
                column,
                "disagree",
                "Another row has the same action of this child with another day. The earlier "
                "day is used.",
            )
            if before.due is not None and action.due is not None and action.due < before.due:
                self._actions[key] = action

    def stated(self) -> Stated:
        return Stated(
            self._format,
            tuple(self._children),
            tuple(self._facts.values()),
            tuple(self._people.values()),
            tuple(self._teams.values()),
            tuple(self._actions.values()),
        )
