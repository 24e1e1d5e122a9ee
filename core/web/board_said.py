"""Days, clauses and addresses of a page of the board: said often, so each is made once a page."""

from __future__ import annotations

from datetime import date

from flask import url_for
from markupsafe import Markup

from core.domain.dates import day
from core.web.filters import clause_seen, clause_url

LINK = Markup('<a class="govuk-link govuk-link--no-visited-state app-clause" href="{}">{}</a>')


class Said:
    """What the rows of one page say again and again, as pieces of HTML."""

    def __init__(self) -> None:
        self._days: dict[date, Markup] = {}
        self._clauses: dict[tuple[str, ...], Markup] = {}
        self._before, self._after = url_for("children.page", public_id="-").rsplit("-", 1)

    def when(self, on: date) -> Markup:
        """A day in words, within its element."""
        if on not in self._days:
            self._days[on] = Markup('<time datetime="{}">{}</time>').format(on.isoformat(), day(on))
        return self._days[on]

    def cite(self, clauses: tuple[str, ...]) -> Markup:
        """Clauses in brackets, each linked to its words, and where a law's words were seen."""
        if clauses not in self._clauses:
            links = Markup(", ").join(LINK.format(clause_url(one), one) for one in clauses)
            seen = ", ".join(dict.fromkeys(filter(None, map(clause_seen, clauses))))
            mark = Markup(' <span class="app-mark">{}</span>').format(seen) if seen else ""
            self._clauses[clauses] = Markup("({}){}").format(links, mark) if clauses else Markup("")
        return self._clauses[clauses]

    def child(self, public_id: str) -> str:
        """The address of a child's page."""
        return f"{self._before}{public_id}{self._after}"
