"""The page for monitoring: which part works; open, and it says nothing of anybody."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from flask import Blueprint, Response, jsonify

from core.store import health
from core.web import asker

blueprint = Blueprint("health", __name__)

WORKER_SECONDS = 10 * 60
FREE_BYTES = 500 * 1024 * 1024


@blueprint.get("/health")
def page() -> Response:
    settings = asker.parts().settings
    parts = {
        "database": health.answers(),
        "migrations": health.migrated(),
        "worker": _touched(settings.heartbeat, WORKER_SECONDS),
        "disk": _free(settings.data_folder) >= FREE_BYTES,
    }
    well = all(parts.values())
    answer = jsonify(
        status="ok" if well else "failing",
        parts={name: "ok" if part else "failing" for name, part in parts.items()},
    )
    answer.status_code = 200 if well else 503
    return answer


def _touched(path: Path, seconds: int) -> bool:
    try:
        return time.time() - path.stat().st_mtime < seconds
    except OSError:
        return False


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
