"""What is recorded of the auditor's own work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.store import audit
from core.store.database import writing
from core.store.scope import Scope


def exported(scope: Scope, filters: Mapping[str, str], at: datetime) -> None:
    """Record that the audit was taken out of the service, with what was asked for."""
    with writing():
        audit.changed(scope, at, "export audit", "audit", "", after={"filters": dict(filters)})
