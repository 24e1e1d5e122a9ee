"""Serving the pages with waitress, and the worker as a process beside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading

import waitress
from flask import Flask

THREADS = 8
STOP_SECONDS = 60.0
"""How long the worker may take to stop: longer than any transaction, which it finishes first."""


class CannotServe(Exception):
    """The address cannot be listened on."""


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until interrupted; the worker ends with the server, and by itself if that is killed."""
    check_free(host, port)
    proxies = app.extensions["permanence"].settings.proxies
    stopping = threading.Event()
    beside = threading.Thread(target=_keep_worker, args=(stopping,))
    beside.start()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        print(f"Permanence is at http://{host}:{port}  (stop it with Ctrl+C)", flush=True)
        waitress.serve(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=not proxies,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024,
        )
    finally:
        stopping.set()
        beside.join(STOP_SECONDS + 5)


def _keep_worker(stopping: threading.Event) -> None:
    """Keep a worker beside the server: one that dies is started again a moment later."""
    while not stopping.is_set():
        worker = subprocess.Popen(
            [sys.executable, "-m", "core.cli", "worker", "--beside", str(os.getpid())],
            env=os.environ.copy(),
        )
        while worker.poll() is None and not stopping.wait(1):
            pass
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
        else:
            stopping.wait(2)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def check_free(host: str, port: int) -> None:
    """Raise CannotServe where something else listens at an address."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(
                f"{host}:{port} cannot be listened on ({error.strerror}): "
                "stop what is there, or set PERMANENCE_PORT"
            ) from error
