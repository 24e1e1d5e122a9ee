"""Files of papers that no scanner looked through yet are scanned, one at a time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from core.documents.scanning import Scanner
from core.domain.paper import Scan
from core.store import audit, papers_kept
from core.store.database import db, writing
from core.store.scope import Scope


def scan_next(folder: Path, scanner: Scanner, before: datetime, at: datetime, on: date) -> bool:
    """Scan one file that no scanner looked through yet; False where none waits."""
    waits = papers_kept.waiting_for_scan(before)
    db.session.rollback()
    if waits is None:
        return False
    authority_id, version_id, stored_as = waits
    found = scanner.scan(folder / stored_as)
    scope = Scope.of_authority(authority_id, on)
    with writing():
        public_id = papers_kept.set_scan(scope, version_id, found, at)
        if found is not Scan.COULD_NOT:
            audit.changed(scope, at, "scan", "paper", public_id, after={"scan": found.value})
    return True
