"""The process beside the server: a piece of each job in every round; survives being killed."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask, current_app

from core import sender
from core.documents.scanning import scanner_of
from core.domain.dates import london_day, on_day
from core.domain.finding import Refused
from core.faults import PAUSE_SECONDS, Faults, Job, PartlyDone
from core.registry import Registry
from core.settings import Settings
from core.store import authorities, imports, notices, papers_kept
from core.store.database import OperationalError, db, gather_statistics, is_full, passes
from core.store.imports import Claimed, RunState
from core.store.scope import Scope
from core.usecases import (
    escalating,
    import_run,
    noticing,
    own_notices,
    paper_files,
    paper_scanning,
    reckoning,
)
from core.usecases.giving_back import GivenBack

try:
    import resource
except ImportError:  # a system that has no such limits
    resource = None  # type: ignore[assignment]

HOUR_SECONDS, DAY_SECONDS = 3_600, 86_400
NOTICES_SECONDS = 30
SCAN_AGAIN = timedelta(minutes=10)
MOST_TRIES = 3
TOO_MUCH = (
    "This import needs more memory than the service gives it; the record is as it was. Divide the "
    "files, or ask whoever runs the service"
)
CUT_SHORT = (
    f"This import was begun {MOST_TRIES} times, and each time its work was cut short; the record "
    "is as it was. Save the files anew or divide them, or ask whoever runs the service"
)
log = logging.getLogger("permanence.worker")


def now(settings: Settings | None = None) -> datetime:
    """This moment in UTC without a zone, as the pages have it: on the set day where one is."""
    moment = datetime.now(UTC).replace(tzinfo=None)
    if settings is None or settings.today is None:
        return moment
    return on_day(settings.today, moment)


def today(settings: Settings) -> date:
    return settings.today or london_day(now())


class Orphaned(Exception):
    """This process is to stop, or its parent is gone: another worker goes on with the work."""


def run(
    app: Flask, *, until: Callable[[], bool] = lambda: False, beside: int | None = None
) -> None:
    """Work until told to stop, or until the process that started this one is gone.

    ``beside`` is that process where it said who it is: it may be gone before this one works.

    An import under way is given back: it is no fault of it that the work stops.
    """
    settings: Settings = app.extensions["permanence"].settings
    parent = os.getppid() if beside is None else beside
    tidied, followed = -float(HOUR_SECONDS), -float(NOTICES_SECONDS)
    faults, given_back = Faults(), GivenBack()

    def wanted() -> bool:
        return not until() and os.getppid() == parent

    with sender.beside(app, lambda: now(settings)):
        while wanted():
            beat(settings)
            with app.app_context():
                if time.monotonic() - tidied > HOUR_SECONDS:
                    tidied = time.monotonic()
                    _tidy(settings)
                if time.monotonic() - followed > NOTICES_SECONDS:
                    followed = time.monotonic()
                    _follow_notices(settings)
                worked = _work(settings, faults, wanted, given_back)
            if not worked:
                _pause(faults.pause, settings, lambda: not wanted())
    with app.app_context(), suppress(OperationalError):
        given_back.owed()


def keep_within(most_bytes: int) -> None:
    """Take no more memory than this, in this process and those that it starts.

    A file made to fill the memory ends the import that reads it, and not the machine.
    """
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def asked_to_stop() -> Callable[[], bool]:
    """Whether the process has been asked to stop, which no longer ends it in the middle."""
    stopping = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stopping.set())
    return stopping.is_set


def _pause(seconds: float, settings: Settings, ends: Callable[[], bool]) -> None:
    """Wait, ready to stop and seen to be alive: the health page asks for a beat."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, PAUSE_SECONDS))
        if left > PAUSE_SECONDS and ends():
            return
        beat(settings)


def beat(settings: Settings) -> None:
    """Show that the worker works: the health page looks at when this file was last touched."""
    with suppress(OSError):
        settings.heartbeat.touch(mode=0o600)


def _tidy(settings: Settings) -> None:
    """Clear files that nothing needs, and count rows; what fails is tried again in an hour.

    Each is done whatever becomes of the others.
    """
    for tidy in (
        partial(clear_uploads, settings.upload_folder),
        partial(clear_papers, settings.paper_folder),
        gather_statistics,
    ):
        try:
            tidy()
        except Exception:
            log.exception("what is done each hour could not be done; it is tried again")
        finally:
            db.session.remove()


def _follow_notices(settings: Settings) -> None:
    """Keep every notice as its meeting stands; what goes wrong is tried again in half a minute."""
    try:
        follow_notices(settings)
    except OperationalError:
        log.warning("the notices could not be gone through; it is tried again")
    except Exception:
        log.exception("the notices could not be gone through; it is tried again")
    finally:
        db.session.remove()


def _work(
    settings: Settings, faults: Faults, wanted: Callable[[], bool], given_back: GivenBack
) -> bool:
    """One round of work; a database that is away or busy is waited for."""
    try:
        given_back.owed()
        worked = work_once(settings, wanted, given_back, faults.resting())
        faults.none()
        return worked
    except Orphaned:
        return False
    except PartlyDone as partly:
        faults.some(partly)
        return True
    except Exception as fault:
        faults.one(fault)
        return False
    finally:
        db.session.remove()


def work_once(
    settings: Settings,
    wanted: Callable[[], bool] = lambda: True,
    given_back: GivenBack | None = None,
    resting: Collection[Job] = (),
) -> bool:
    """One round: the next import that waits, and a piece of each other job; False where none had
    anything to do.

    However long one of them has to do, the others have their turn, but for those ``resting``. One
    that fails holds up no other: its fault is raised at the end, within PartlyDone where something
    was done.
    """
    worked = False
    faults: dict[Job, Exception] = {}
    turns = {next_import: partial(next_import, settings, wanted, given_back)}
    for job, do in (turns | {job: partial(job, settings) for job in JOBS}).items():
        if job in resting:
            continue
        try:
            worked |= do()
        except Orphaned:
            raise
        except Exception as fault:
            db.session.rollback()
            faults[job] = fault
        if not wanted():
            break
    if faults:
        raise PartlyDone(faults) if worked else next(iter(faults.values()))
    return worked


def next_import(
    settings: Settings,
    wanted: Callable[[], bool] = lambda: True,
    given_back: GivenBack | None = None,
) -> bool:
    """Do the next import that waits, if one does; a fault of it is said on its page.

    Raises Orphaned where it is not ``wanted`` any more in the middle, and OperationalError where
    the database is busy, full or away; the import is given back with either, and waits as it did.
    """

    def clock() -> datetime:
        if not wanted():
            raise Orphaned
        beat(settings)
        return now(settings)

    claimed = imports.claim(clock())
    db.session.rollback()
    if claimed is None:
        return False
    try:
        _do(settings, claimed, clock)
    except (Orphaned, OperationalError):
        (given_back or GivenBack()).one(claimed)
        raise
    return True


def _do(settings: Settings, claimed: Claimed, clock: import_run.Clock) -> None:
    """The next step of an import that was taken; where that cannot be done, say so of it."""
    scope = Scope.of_authority(claimed.authority_id, today(settings))
    words = _fault(settings, scope, claimed, clock)
    if words:
        db.session.rollback()
        import_run.fail(scope, claimed.id, words, now(settings))


def _fault(settings: Settings, scope: Scope, claimed: Claimed, clock: import_run.Clock) -> str:
    """Do the next step of an import; gives in words why it cannot be done, "" where it was."""
    if claimed.tries > MOST_TRIES:
        log.error("import run %s was cut short %s times", claimed.id, MOST_TRIES)
        return CUT_SHORT
    reading = claimed.state in (RunState.RECEIVED, RunState.READING)
    step = import_run.read if reading else import_run.apply
    folder, most = settings.upload_folder, settings.import_most_bytes
    try:
        step(scope, claimed.id, folder, clock, limit_bytes=most)
    except Orphaned:
        raise
    except Refused as refusal:
        return str(refusal)
    except MemoryError:
        log.error("import run %s needs more memory than there is", claimed.id)
        return TOO_MUCH
    except Exception as fault:
        if isinstance(fault, OperationalError) and (passes(fault) or is_full(fault)):
            raise
        log.exception("import run %s failed", claimed.id)
        return "Something went wrong; the record is as it was"
    return ""


def work_out_deadlines(settings: Settings) -> bool:
    """Work out the deadlines of a batch of children who wait for it; False where none does."""
    waiting = reckoning.authorities_waiting()
    db.session.rollback()
    worked = False
    for authority_id in waiting:
        scope = Scope.of_authority(authority_id, today(settings))
        worked |= reckoning.work_on(scope, now(settings))
        time.sleep(reckoning.GAP_SECONDS)
    return worked


def escalate_late(settings: Settings) -> bool:
    """Take a batch of late actions to whoever is to hear of them; False where none is left."""
    waiting = escalating.authorities_to_go_through(today(settings))
    db.session.rollback()
    worked = False
    registry: Registry = current_app.extensions["permanence"].registry
    for authority_id in waiting:
        scope = Scope.of_authority(authority_id, today(settings))
        worked |= escalating.escalate(scope, registry, now(settings))
    return worked


def send_notices(settings: Settings) -> bool:
    """Put the notices that are due into the outbox, a batch; False where none is."""
    waiting = notices.authorities_with_due(today(settings))
    db.session.rollback()
    worked = False
    for authority_id in waiting:
        scope = Scope.of_authority(authority_id, today(settings))
        worked |= noticing.work_on(scope, now(settings))
    return worked


def follow_notices(settings: Settings) -> None:
    """Keep the notices of every authority as its meetings stand, and remind of what waits."""
    there = [(authority.id, authority.code) for authority in authorities.every()]
    db.session.rollback()
    for authority_id, code in there:
        scope = Scope.of_authority(authority_id, today(settings))
        for follow in (noticing.bring_up_to_date, own_notices.work_on):
            try:
                follow(scope, now(settings))
            except OperationalError:
                raise
            except Exception:
                log.exception("the notices of %s could not be gone through", code)
                db.session.rollback()


def turn_board(settings: Settings) -> bool:
    """Have the board's rows say what is so today, a batch of them; False where all do."""
    waiting = reckoning.boards_behind(today(settings))
    db.session.rollback()
    worked = False
    for authority_id in waiting:
        worked |= reckoning.turn_board(Scope.of_authority(authority_id, today(settings)))
        time.sleep(reckoning.GAP_SECONDS)
    return worked


def scan_papers(settings: Settings) -> bool:
    """Have the scanner look through one paper that waits for it; False where none does."""
    if not settings.scanner:
        return False
    at = now(settings)
    scanner = scanner_of(settings.scanner)
    return paper_scanning.scan_next(
        settings.paper_folder, scanner, at - SCAN_AGAIN, at, today(settings)
    )


#: What is done beside imports: of each a piece in every round.
JOBS = (work_out_deadlines, turn_board, escalate_late, scan_papers, send_notices)


def clear_papers(folder: Path) -> None:
    """Remove the files that no paper knows: unfinished ones after an hour, whole after a day."""
    at = time.time()
    found = paper_files.orphans(
        folder, papers_kept.stored_names, young=at - HOUR_SECONDS, settled=at - DAY_SECONDS
    )
    for path in found:
        with suppress(FileNotFoundError):
            path.unlink()
    db.session.rollback()


def clear_uploads(folder: Path) -> None:
    """Remove uploaded files that no import needs any more, those of the last hour left alone."""
    if folder.is_dir():
        needed = imports.stored_names()
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                if path.name not in needed and time.time() - path.stat().st_mtime > 3600:
                    path.unlink()
    db.session.rollback()
