"""A real server and a real browser: each page that a test visits is checked by axe and pictured."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from builders.house import PASSWORD, House
from conftest import PLUGINS, REQUIRED, TODAY, settings
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from waitress.server import create_server

from core import worker
from core.app import create_app
from core.store.database import db

PICTURES = Path(__file__).parent / "screenshots"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 800}
PATIENCE = 20_000
"""Milliseconds for what comes by itself: a busy machine is no fault of the page."""
expect.set_options(timeout=PATIENCE)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def chromium() -> str | None:
    """Where Chromium is: PERMANENCE_CHROMIUM, or the usual names."""
    named = os.environ.get("PERMANENCE_CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next(filter(None, found), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if "browser" in REQUIRED:
            pytest.fail("PERMANENCE_REQUIRE names browser, and there is no Chromium")
        pytest.skip("there is no Chromium (set PERMANENCE_CHROMIUM to where it is)")
    started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
    yield started
    started.close()


@pytest.fixture
def database_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """Browser tests run on SQLite alone: what differs between databases is tested below the web."""
    copy = tmp_path / "permanence.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(settings(tmp_path, database_url), PLUGINS)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app served on a free port, with a worker beside, both in threads."""
    server = create_server(app, host="127.0.0.1", port=0, threads=6)
    stop = threading.Event()
    threads = [
        threading.Thread(target=server.run, daemon=True),
        threading.Thread(
            target=worker.run, args=(app,), kwargs={"until": stop.is_set}, daemon=True
        ),
    ]
    for thread in threads:
        thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    stop.set()
    server.close()
    threads[1].join(10)


class Visitor:
    """Somebody at the browser: goes to pages, each of which axe must find nothing wrong with."""

    def __init__(self, page: Page, address: str, pictures: Path) -> None:
        self.page, self.address, self.pictures = page, address, pictures
        self.faults: list[str] = []
        self.touched = False  # axe and the camera leave styles behind, which the policy refuses
        page.on("console", self._heard)
        page.on("framenavigated", lambda _frame: setattr(self, "touched", False))
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _heard(self, message: object) -> None:
        text, kind = message.text, message.type  # type: ignore[attr-defined]
        if self.touched and "Applying inline style" in text:
            return
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.faults.append(f"{text} at {message.location}")  # type: ignore[attr-defined]

    def sign_in(self, who: str, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("E-mail address").fill(who)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def see(self, name: str, heading: str) -> None:
        """The page has this heading; axe finds nothing; it is pictured, also at a phone's width."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.check(name)
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        self.page.set_viewport_size(PHONE)
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} is {wide} pixels too wide for a phone"
        self.page.screenshot(path=self.pictures / f"{name}-phone.png", full_page=True)
        self.page.set_viewport_size(DESKTOP)

    def check(self, name: str) -> None:
        assert self.faults == [], name
        self.touched = True
        found = Axe().run(self.page).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == [], name


@pytest.fixture
def visit(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """Open a browser of one's own, signed in as somebody; ``scripts`` may be off."""
    opened = []
    pictures = PICTURES / request.node.name.partition("[")[0].removeprefix("test_")
    pictures.mkdir(parents=True, exist_ok=True)

    def open_as(who: str | None = None, *, scripts: bool = True) -> Visitor:
        context = browser.new_context(viewport=DESKTOP, java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        visitor = Visitor(context.new_page(), address, pictures)
        if who is not None:
            visitor.sign_in(who)
        return visitor

    yield open_as
    for context in opened:
        context.close()


@pytest.fixture
def house(app: Flask) -> House:
    return House(app, TODAY)


@pytest.fixture
def move_to(app: Flask) -> Callable[[date], None]:
    """Let the app's day be another one."""

    def move(on: date) -> None:
        parts = app.extensions["permanence"]
        app.extensions["permanence"] = replace(parts, settings=replace(parts.settings, today=on))

    return move
