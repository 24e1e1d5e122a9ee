"""Which saved views of the board stand on a regulation."""

from __future__ import annotations

from core.domain.procedure.views import BoardView

VIEWS = (BoardView(code="order-not-placed", clauses=("AAR-36",)),)
