"""The page of dates and the command agree, child by child, for today and for any day asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from builders.with_law import with_law
from conftest import TODAY
from flask import Flask
from flask.testing import FlaskClient

from core.domain.due import State
from core.store import authorities, deadlines
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.sessions import start
from core.store.tables import Account, Child
from demo import loading

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AT = datetime(2026, 11, 23, 9)
CHILDREN = 90
DAYS = [TODAY, date(2026, 2, 28), date(2025, 3, 31), TODAY + timedelta(days=120)]
Row = tuple[str, str, str, str]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    for made in with_law(tmp_path, database_url):
        parts = made.extensions["permanence"]
        loading.load(parts.settings, parts.registry, TODAY, lambda: AT, CHILDREN, 903)
        db.session.rollback()
        yield made


def whole() -> Scope:
    row = authorities.by_code("BEX")
    assert row is not None
    return Scope.of_authority(row.id, TODAY)


def administrator(app: Flask) -> FlaskClient:
    """Somebody who sees every child, and everything of them."""
    with writing():
        found = db.session.execute(
            sa.select(Account.id, Account.public_id).where(
                Account.email == "panel.administrator@bexley.example"
            )
        ).one()
        session_id = start(whole(), found.id, found.public_id, "A test", AT)
    client = app.test_client()
    with client.session_transaction() as session:
        session |= {"_user_id": session_id, "_fresh": True, "since": time()}
    return client


def said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def shown(page: str) -> list[Row]:
    """Every deadline of the page: its title, state, day and words."""
    found: list[Row] = []
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for thing in (one for one in tree.iter("article") if one.get("class") == "app-dated"):
        title = ""
        for part in thing:
            if part.tag == "h3" or part.get("class") == "govuk-body govuk-!-margin-bottom-1":
                title = said(part)
            if part.get("class") == "app-due":
                tag = next(one for one in part.iter("strong"))
                words = next(one for one in part if one.get("class") == "app-due__words")
                days = [one.get("datetime", "") for one in words.iter("time")]
                text = said(words).removeprefix("Not known: ")
                found.append((title, said(tag).lower(), next(iter(days), ""), text))
    return sorted(found)


def test_the_page_says_what_the_command_says_of_every_child_on_every_day(app: Flask) -> None:
    client, registry = administrator(app), app.extensions["permanence"].registry
    children = db.session.execute(sa.select(Child.local_id, Child.public_id)).all()
    db.session.rollback()
    states: set[str] = set()
    for number, (local_id, public_id) in enumerate(children):
        on = DAYS[number % len(DAYS)]
        told = deadlines.as_at(replace(whole(), on=on), registry, local_id)
        db.session.rollback()
        page = client.get(f"/children/{public_id}/dates?on={on}").get_data(as_text=True)
        assert "being worked out" not in page, "the made-up data is worked out as it is loaded"
        rows = shown(page)
        wanted = sorted((one["title"], one["state"], one["due"] or "", one["why"]) for one in told)
        assert [row[:2] for row in rows] == [row[:2] for row in wanted], (local_id, on)
        for (title, state, day, words), (_, _, due, why) in zip(rows, wanted, strict=True):
            assert words.lower().startswith(why.lower()), (local_id, on, words, why)
            assert day == due or state == State.NOT_APPLICABLE, (local_id, on, title)
        states |= {row[1] for row in rows}
    assert states == set(State), "the made-up children show every state"
