"""What a procedure lays down of the board's saved views: the clause on which one of them stands."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class BoardView(Rule):
    """A saved view of the board (core.domain.board_views) that a clause of the procedure asks for.

    Where no procedure of an authority has one of a code, the view is "set here, not by the
    procedure".
    """
