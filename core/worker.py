"""The process beside the server: reads and applies imports; survives being killed."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask

from core.domain.finding import Refused
from core.settings import Settings
from core.store import imports
from core.store.database import OperationalError, db
from core.store.imports import RunState
from core.store.scope import Scope
from core.usecases import import_run

PAUSE_SECONDS = 0.5
log = logging.getLogger("permanence.worker")


def now(settings: Settings | None = None) -> datetime:
    """This moment in UTC without a zone, as the pages have it: on the set day where one is."""
    moment = datetime.now(UTC).replace(tzinfo=None)
    if settings is None or settings.today is None:
        return moment
    return datetime.combine(settings.today, moment.time())


def today(settings: Settings) -> date:
    return settings.today or datetime.now(ZoneInfo("Europe/London")).date()


def run(app: Flask, *, until: Callable[[], bool] = lambda: False) -> None:
    """Work until told to stop, or until the process that started this one is gone."""
    settings: Settings = app.extensions["permanence"].settings
    parent = os.getppid()
    with app.app_context():
        clear_uploads(settings.upload_folder)
    while not until() and os.getppid() == parent:
        with app.app_context():
            worked = _work(settings)
        if not worked:
            time.sleep(PAUSE_SECONDS)


def _work(settings: Settings) -> bool:
    """One piece of work; a database that is away or busy is waited for."""
    try:
        return work_once(settings)
    except Exception:
        log.exception("the worker could not work; it tries again")
        return False
    finally:
        db.session.remove()


def work_once(settings: Settings) -> bool:
    """Do the next import that waits, if one does; a fault of it is said on its page."""

    def clock() -> datetime:
        return now(settings)

    claimed = imports.claim(clock())
    db.session.rollback()
    if claimed is None:
        return False
    authority_id, run_id, state = claimed
    scope = Scope.of_authority(authority_id, today(settings))
    reading = state in (RunState.RECEIVED, RunState.READING)
    step = import_run.read if reading else import_run.apply
    try:
        step(scope, run_id, settings.upload_folder, clock, limit_bytes=settings.import_most_bytes)
    except OperationalError:
        db.session.rollback()
        log.warning("the database is busy: import run %s is tried again", run_id)
        imports.let_go(run_id)
        return False
    except Refused as refusal:
        db.session.rollback()
        import_run.fail(scope, run_id, str(refusal), clock())
    except Exception:
        db.session.rollback()
        log.exception("import run %s failed", run_id)
        import_run.fail(scope, run_id, "Something went wrong; the record is as it was", clock())
    return True


def clear_uploads(folder: Path) -> None:
    """Remove uploaded files that no import needs any more, those of the last hour left alone."""
    if folder.is_dir():
        needed = imports.stored_names()
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                if path.name not in needed and time.time() - path.stat().st_mtime > 3600:
                    path.unlink()
    db.session.rollback()
