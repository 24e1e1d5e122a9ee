"""Which saved views of the board are children whom the terms of reference name."""

from __future__ import annotations

from core.domain.procedure.views import BoardView

VIEWS = (
    BoardView(code="section-20", clauses=("BCP-5.1",)),
    BoardView(code="with-parents", clauses=("BCP-5.2",)),
    BoardView(code="not-matched", clauses=("BCP-5.4",)),
)
