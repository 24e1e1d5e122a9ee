"""`permanence worker`: the memory that it keeps within, and how it stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WITHIN = """
from core import worker
worker.keep_within(512 * 1024 * 1024)
try:
    bytearray(600 * 1024 * 1024)
except MemoryError:
    print("kept within")
"""
STOPS = """
import os, signal
from core import worker
stopping = worker.asked_to_stop()
assert not stopping()
os.kill(os.getpid(), signal.{asked})
print(stopping())
"""


def said(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_it_takes_no_more_memory_than_it_may() -> None:
    assert said(WITHIN) == "kept within"


def test_asked_to_stop_it_ends_its_work_in_order() -> None:
    for asked in ("SIGTERM", "SIGINT"):
        assert said(STOPS.format(asked=asked)) == "True"


def test_a_worker_ends_soon_after_it_is_asked(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PERMANENCE_DATA_FOLDER": str(tmp_path),
        "PERMANENCE_WORKER_MOST_MEBIBYTES": "1024",
    }
    run = [sys.executable, "-m", "core.cli"]
    subprocess.run([*run, "migrate"], cwd=ROOT, env=environment, check=True, capture_output=True)
    process = subprocess.Popen([*run, "worker"], cwd=ROOT, env=environment)
    alive = tmp_path / "worker-alive"
    try:
        while not alive.exists():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
