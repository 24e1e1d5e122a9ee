"""A rule: anything a procedure declares, with the clauses it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``code`` comes from the shared vocabulary (docs/codes.md); ``clauses`` are clause ids.

    ``local`` is "" in what a plugin declares: where an authority has set the figure, it says so in
    words ("set by the authority, instead of 10 weeks"). A rule that the authority alone has set
    cites no clause.
    """

    code: str
    clauses: tuple[str, ...]
    title: str = ""
    local: str = ""

    def said(self, message: str) -> str:
        """What it finds, with that the authority set it, where it did."""
        return f"{message} ({self.local})" if self.local else message
