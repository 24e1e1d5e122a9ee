"""The seam for a converter: none, or a command such as LibreOffice's that makes a PDF of a file."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

SECONDS = 30.0
MEMORY = 4 * 1024 * 1024 * 1024
WANTS = ("--headless", "--convert-to", "pdf", "--outdir")


def as_pdf(command: tuple[str, ...], path: Path, ending: str, folder: Path) -> Path | None:
    """A PDF made of a file by the command, in a folder of its own; None where it made none.

    The command gets LibreOffice's arguments, runs without a shell and is ended, with what it
    started, when its time is over; each process of it takes no more memory than MEMORY.
    """
    own = Path(tempfile.mkdtemp(prefix="converted-", dir=folder))
    source = own / f"paper{ending}"
    shutil.copyfile(path, source)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    try:
        running = subprocess.Popen(
            [*command, *WANTS, str(own), str(source)],
            cwd=own,
            env={**kept, "HOME": str(own), "TMPDIR": str(own)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_room,
        )
    except OSError:
        return None
    try:
        running.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    made = own / "paper.pdf"
    return made if made.is_file() else None


def _room() -> None:
    """Give the command a limit of memory of its own, which is not the maker's."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
