"""Made-up business of an authority's administrator: a cover, and names in a file to be matched."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from core.settings import Settings
from core.store import accounts, directory
from core.store.scope import Scope
from core.usecases import covering, importing
from demo.children import MadeUpChild

#: As a case list names managers: the first is like somebody here, the second like nobody.
TO_MATCH = ("O. Dapplegate", "P. Wrackline")
ADMINISTRATOR, AWAY, STANDS_IN = "authority.administrator", "social.worker.2", "social.worker.3"


def write(
    settings: Settings,
    scope: Scope,
    people: Mapping[str, int],
    children: Sequence[MadeUpChild],
    slug: str,
    today: date,
    clock: Callable[[], datetime],
) -> None:
    """Import a short case list, and have one social worker stand in for another."""
    named = [child for child in children if not child.unborn][:6]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case-list.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Local ID", "Given name", "Family name", "Manager name"])
            writer.writerows(
                [child.local_id, child.given_name, child.family_name, TO_MATCH[number % 3 == 2]]
                for number, child in enumerate(named)
            )
        importing.import_paths(
            scope,
            [path],
            settings.upload_folder,
            clock,
            limit_bytes=settings.import_most_bytes,
            as_at=today - timedelta(days=14),
        )
    administrator = accounts.scope_of(scope, people[f"{ADMINISTRATOR}@{slug}.example"], today)
    away, by = (
        directory.by_id(scope, people[f"{who}@{slug}.example"]) for who in (AWAY, STANDS_IN)
    )
    last = today + timedelta(days=11)
    covering.arrange(administrator, away, by, today, last, "Leave", clock())
