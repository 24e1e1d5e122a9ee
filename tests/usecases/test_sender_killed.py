"""The sender killed between sending and recording: each message arrives, at most twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from builders.house import House
from builders.mail import DOMAIN, Box, mail_server, messages, queue, real_addresses

from core.store.database import db
from core.store.tables import Message

ROOT = Path(__file__).parents[2]
#: Starts a sender in a process of its own, and another where that is killed.
PROGRAM = """
import os, sys, time
from datetime import datetime, timedelta
from core.app import create_app
from core.settings import Settings, Smtp
from core.store import outbox_sending
from core.store.database import db, writing
from core.usecases.sending import Sender
from pathlib import Path

url, folder, port = sys.argv[1:]
app = create_app(Settings(url, "only for tests", Path(folder)), {})
server = Smtp("127.0.0.1", int(port), "none", "permanence@toyshire.test", timeout=5)
clock = lambda: datetime(2026, 11, 23, 9) + timedelta(seconds=time.monotonic())
parent = os.getppid()
with app.app_context(), writing():  # what is worked out once is worked out before the first dies
    long_ago = datetime(2000, 1, 1)
    outbox_sending.waits_for(long_ago)
    outbox_sending.cut_short(long_ago)
    outbox_sending.take(long_ago, "", long_ago, "")
with app.app_context():
    db.session.remove()
    db.engine.dispose()
while os.getppid() == parent:
    child = os.fork()
    if not child:
        with app.app_context():
            sender = Sender(server, "http://here", lease=timedelta(seconds=0.05))
            while os.getppid() != 1:
                sender.send_due(clock)
                db.session.remove()
                time.sleep(0.01)
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
"""


def _killed(house: House, tmp_path: Path, times: int) -> tuple[Counter[str], int]:
    """Have so many messages sent, the sender killed at the first time of each.

    Gives how often each was taken, by its id, and how many senders were killed.
    """
    real_addresses(house)
    queue(house, *(f"message {n}" for n in range(times)))
    box, kills, seen = Box(), [], set()
    sender: list[int] = []

    def kill(message: EmailMessage) -> None:
        if message["Message-ID"] in seen:
            return
        seen.add(message["Message-ID"])  # and is taken: what is answered is read by nobody
        os.kill(sender[-1], signal.SIGKILL)
        kills.append(sender[-1])

    box.before_data = kill
    with mail_server(box) as server:
        url = db.engine.url.render_as_string(hide_password=False)
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, str(tmp_path), str(server.port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = process.stdout

        def follow() -> None:
            for line in lines:
                sender.append(int(line))

        threading.Thread(target=follow, daemon=True).start()
        try:
            until = time.monotonic() + 240
            while time.monotonic() < until:
                if set(messages(Message.state)) == {"sent"}:
                    break
                time.sleep(0.3)
        finally:
            process.kill()
            with suppress(ProcessLookupError, IndexError):
                os.kill(sender[-1], signal.SIGKILL)
            process.wait()
    return Counter(message["Message-ID"] for message in box.taken), len(kills)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_fifty_times_it_loses_nothing_and_sends_nothing_a_third_time(
    house: House, tmp_path: Path
) -> None:
    times, kills = _killed(house, tmp_path, 50)
    assert kills == 50
    assert len(times) == 50
    assert set(times.values()) == {2}
    assert set(messages(Message.message_id)) == set(times)
    assert all(one.endswith(f"@{DOMAIN}>") for one in times)
    states = messages(Message.state, Message.maybe_sent_at.is_not(None))
    assert set(states) == {("sent", True)}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_killed_on_the_other_database_it_loses_nothing_either(house: House, tmp_path: Path) -> None:
    times, kills = _killed(house, tmp_path, 5)
    assert kills == 5
    assert len(times) == 5
    assert set(messages(Message.state)) == {"sent"}
