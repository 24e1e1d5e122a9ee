"""Behind a proxy, served as it really is: whose address counts, and whose anybody could make up."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import waitress
from conftest import PLUGINS, settings
from flask import Flask, jsonify, request

from core import serving
from core.app import create_app


@contextmanager
def served(folder: Path, proxies: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The app served by ``serving.serve`` with so many proxies; gives its port."""
    made = replace(settings(folder, f"sqlite:///{folder / 'none.sqlite3'}"), proxies=proxies)
    app = create_app(made, PLUGINS)
    _say_address(app)
    servers = []

    def serve(application: Flask, **options: object) -> None:
        options["port"] = 0
        options.pop("host")
        server = waitress.create_server(application, host="127.0.0.1", **options)
        servers.append(server)
        threading.Thread(target=server.run, daemon=True).start()

    monkeypatch.setattr(waitress, "serve", serve)
    monkeypatch.setattr(serving, "_keep_worker", lambda stopping: None)
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    serving.serve(app, "127.0.0.1", 8000)
    yield servers[0].effective_port
    servers[0].close()


def _say_address(app: Flask) -> None:
    """Have the health page say whom the app takes a request to come from."""
    app.view_functions["health.page"] = lambda: jsonify(
        address=request.remote_addr, secure=request.is_secure
    )


def asked(port: int, **headers: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", "/health", headers=named)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
    ],
)
def test_the_address_is_the_one_that_the_last_trusted_proxy_was_asked_from(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    proxies: int,
    forwarded: str,
    address: str,
) -> None:
    monkeypatch.setattr(serving, "check_free", lambda host, port: None)
    with served(tmp_path, proxies, monkeypatch) as port:
        said = asked(port, X_Forwarded_For=forwarded, X_Forwarded_Proto="https,https")
        assert f'"{address}"' in said
        assert ('"secure":true' in said) is (proxies > 0)
