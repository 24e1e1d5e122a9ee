"""Which of a child's dates the change of this request moved, said on the page that confirms it."""

from __future__ import annotations

from flask import flash

from core.domain.dates import day
from core.store import deadlines_earlier
from core.store.deadlines_earlier import Moved
from core.web import asker

MOST = 6


def say(child_id: int) -> None:
    """Say which dates moved, in a message of its own; nothing where none did."""
    found = deadlines_earlier.moved_by(asker.scope(), asker.registry(), child_id)
    if found:
        flash(in_words(found), "message")


def in_words(found: list[Moved]) -> str:
    """ "2 dates moved: First review is now due by 29 January 2026 (it was 4 March 2026); …"."""
    said = [_one(moved) for moved in found[:MOST]]
    if len(found) > MOST:
        said.append(f"and {len(found) - MOST} more, all of them under Dates")
    number = "1 date moved" if len(found) == 1 else f"{len(found)} dates moved"
    return f"{number}: {'; '.join(said)}"


def _one(moved: Moved) -> str:
    now = f"is now due by {day(moved.now)}" if moved.now is not None else "is not known any more"
    return f"{moved.title} {now} (it was {day(moved.was)})"
