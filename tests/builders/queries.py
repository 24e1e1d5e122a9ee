"""Counting the statements that something takes."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event

from core.store.database import db


def counted(act: Callable[[], object]) -> int:
    """How many statements are sent to the database while ``act`` runs."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    db.session.rollback()
    return len(seen)
