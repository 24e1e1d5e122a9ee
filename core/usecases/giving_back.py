"""Imports that a worker took and could not do: given back as they were, now or later."""

from __future__ import annotations

import logging

from core.store import imports
from core.store.database import OperationalError, db
from core.store.imports import Claimed

log = logging.getLogger("permanence.worker")


class GivenBack:
    """Imports that this process took and could not do, for no fault of theirs.

    One that the database does not let go now is owed, and let go before the next is taken.
    """

    def __init__(self) -> None:
        self._owed: dict[int, int] = {}

    def one(self, taken: Claimed) -> None:
        """Give back an import as it was taken, now or later."""
        self._owed[taken.id] = taken.tries
        try:
            db.session.rollback()
            self.owed()
        except OperationalError:
            log.warning("import run %s could not be given back yet", taken.id)

    def owed(self) -> None:
        """Let go what is still owed; raises OperationalError where that cannot be done yet."""
        for run_id, tries in tuple(self._owed.items()):
            imports.let_go(run_id, tries)
            del self._owed[run_id]
