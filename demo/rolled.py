"""A made-up action of a tracker that stood overdue at two panels: what drift looks like."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from core.settings import Settings
from core.store.scope import Scope
from core.usecases import importing
from demo.children import MadeUpChild

WHAT = "Ask the paternal grandparents whether they can be assessed"


def bring(
    settings: Settings,
    scope: Scope,
    child: MadeUpChild,
    first_panel: date,
    clock: Callable[[], datetime],
) -> None:
    """Import the tracker: one action of the child, due eight days before the first panel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "tracker-before.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Local ID", "Action", "Action owner e-mail", "Action due"])
            due = f"{first_panel - timedelta(days=8):%d/%m/%Y}"
            writer.writerow([child.local_id, WHAT, child.social_worker, due])
        importing.import_paths(
            scope,
            [path],
            settings.upload_folder,
            clock,
            limit_bytes=settings.import_most_bytes,
            as_at=first_panel - timedelta(days=20),
        )
