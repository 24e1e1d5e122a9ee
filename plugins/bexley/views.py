"""Which saved views of the board are children whom the protocol names."""

from __future__ import annotations

from core.domain.procedure.views import BoardView

VIEWS = (BoardView(code="no-agreed-plan", clauses=("BEX-0.2",)),)
