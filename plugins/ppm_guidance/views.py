"""Which saved views of the board the two-week standard asks for."""

from __future__ import annotations

from core.domain.procedure.views import BoardView

VIEWS = (BoardView(code="no-agreed-plan", clauses=("PPM2-2.3", "PPM2-7")),)
