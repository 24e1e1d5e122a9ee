"""How many children are in each saved view of the board, for who answers for the whole service."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.board_views import VIEWS
from core.domain.clauses import SET_HERE
from core.domain.phrases import inside
from core.store import board
from core.store.scope import Scope
from core.web import board_words
from core.web.access import ACCESS
from core.web.needs import Need
from core.web.rules_here import rules_here

ASKS = "head.of.service"


def needs(scope: Scope) -> Iterator[Need]:
    """One line for each view in which there is a child, as it is now: five queries at most."""
    if not (scope.has(ASKS) and ACCESS["board.page"].allows(scope.roles)):
        return
    counts = board.view_counts(scope)
    clauses = board_words.cited(rules_here().followed(scope.on))
    for view in VIEWS:
        count = counts[view.code]
        if not count:
            continue
        cited = clauses.get(view.code, ())
        yield Need(
            None,
            f"{count:,} {'child' if count == 1 else 'children'}: {inside(view.title)}",
            view.about + ("." if cited else f": {SET_HERE}."),
            cited,
            url_for("board.page", view=view.code),
            "See them" if count > 1 else "See the child",
            now=True,
        )
