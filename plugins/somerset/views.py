"""Which saved views of the board are children whom the guidance names."""

from __future__ import annotations

from core.domain.procedure.views import BoardView

VIEWS = (BoardView(code="with-parents", clauses=("SOM-3.8",)),)
