"""One thing that waits for somebody: by when, what, why, and the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for a person: by when, what, why with its clauses, and what to do.

    ``due`` is false where ``by`` is a day on which something was, and nothing can be late.
    """

    by: date | None
    what: str
    why: str
    clauses: tuple[str, ...]
    url: str
    link: str
    due: bool = True

    def state(self, on: date) -> str:
        if self.by is None or not self.due:
            return ""
        if self.by < on:
            return "late"
        return "soon" if self.by <= on + SOON else ""
