"""Who waited for another's change sees what it did: a merge, or a password taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.documents.scanning import NoScanner
from core.domain.finding import Refused
from core.domain.paper import Of
from core.store import account_links, merges, merging
from core.store.database import db
from core.store.tables import Account, CaseChild, Child, Closing, Entry, Paper
from core.usecases import account_links as links
from core.usecases import closings, people
from core.usecases.filing import Described, Place, add_papers
from core.usecases.merge import merge_children
from core.usecases.opening import open_referral
from core.usecases.record_new import add
from core.usecases.tries import Caller

CALLER = Caller(b"a key", "198.51.100.7", "A test")
GOOD = "kettle marmot violin"


def beside(house: House, first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """What became of two, of whom the second begins while the first is under way."""
    ends = ["", ""]
    db.session.remove()

    def go(number: int, act: Callable[[], object]) -> None:
        with house.app.app_context():
            try:
                act()
                ends[number] = "done"
            except (Refused, LookupError) as refusal:
                ends[number] = f"refused: {refusal}"
            except Exception as error:
                ends[number] = f"failed: {error!r}"
            finally:
                db.session.remove()

    acts = enumerate((first, second))
    threads = [threading.Thread(target=go, args=(number, act)) for number, act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    return ends


def held_up(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str
) -> tuple[threading.Event, threading.Event]:
    """Have a step say that it was done, and then wait until told or for half a second."""
    done, go_on = threading.Event(), threading.Event()
    real = getattr(where, name)

    def step(*given: Any, **also: Any) -> Any:
        result = real(*given, **also)
        if not done.is_set():
            done.set()
            go_on.wait(0.5)
        return result

    monkeypatch.setattr(where, name, step)
    return done, go_on


def count(column: Any, *where: Any) -> int:
    found = db.session.scalar(sa.select(sa.func.count(column)).where(*where))
    db.session.rollback()
    return int(found or 0)


@pytest.mark.parametrize("act", ["reset", "suspend"])
def test_a_link_that_is_used_while_the_account_is_changed(
    house: House, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    admin = house.scope("authority.administrator")
    person = db.session.execute(
        sa.select(Account.public_id, Account.version).where(Account.id == house.accounts["iro"])
    ).one()
    token = links.make_link(admin, house.accounts["iro"], "reset", AT)
    used, _ = held_up(monkeypatch, account_links, "use")

    def change() -> object:
        used.wait(10)
        if act == "reset":
            return people.reset(admin, person.public_id, person.version, AT)
        return people.suspend(admin, person.public_id, "Left", person.version, AT)

    first = lambda: links.choose_password(token, GOOD, GOOD, AT, CALLER)  # noqa: E731
    ends = beside(house, first, change)
    assert not [end for end in ends if end.startswith("failed")], ends
    assert ends[0] == "done"


@pytest.fixture
def two(house: House) -> tuple[str, str]:
    _, kept = house.child("0101")
    _, gone = house.child("0990")
    return kept, gone


def merged_before(
    house: House, monkeypatch: pytest.MonkeyPatch, two: tuple[str, str], act: Callable[[], object]
) -> str:
    """What becomes of what begins while a merge is under way."""
    kept, gone = (merges.side(house.whole, public_id=one) for one in two)
    assert kept is not None and gone is not None
    done, _ = held_up(monkeypatch, merging, "merge")

    def after() -> object:
        done.wait(10)
        return act()

    first = lambda: merge_children(  # noqa: E731
        house.whole, kept, gone, (kept.version, gone.version), "One child", AT
    )
    ends = beside(house, first, after)
    assert ends[0] == "done", ends
    return ends[1]


def gone_id(two: tuple[str, str]) -> Any:
    return sa.select(Child.id).where(Child.public_id == two[1]).scalar_subquery()


def test_an_entry_lands_on_no_record_that_has_just_been_merged(
    house: House, monkeypatch: pytest.MonkeyPatch, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    typed = {"issued_on": "2026-01-05", "application": "care-order"}
    end = merged_before(
        house, monkeypatch, two, lambda: add(worker, two[1], "proceedings", typed, AT)
    )
    assert end.startswith("refused")
    assert count(Entry.id, Entry.child_id == gone_id(two)) == 0


def test_a_paper_neither(
    house: House, monkeypatch: pytest.MonkeyPatch, two: tuple[str, str], tmp_path: Path
) -> None:
    iro = house.scope("iro")
    registry = house.app.extensions["permanence"].registry
    place = Place(tmp_path, 1_000_000, NoScanner())
    end = merged_before(
        house,
        monkeypatch,
        two,
        lambda: add_papers(
            iro, registry, Of.CHILD, two[1], Described("A letter"), [],
            "https://papers.example/1", place, AT,
        ),
    )  # fmt: skip
    assert end.startswith("refused")
    assert count(Paper.id, Paper.child_id == gone_id(two)) == 0


def test_a_referral_neither(
    house: House, monkeypatch: pytest.MonkeyPatch, two: tuple[str, str]
) -> None:
    registry = house.app.extensions["permanence"].registry
    worker = house.scope("social.worker")
    end = merged_before(
        house, monkeypatch, two, lambda: open_referral(worker, registry, two[1], AT)
    )
    assert end.startswith("refused")
    assert count(CaseChild.id, CaseChild.child_id == gone_id(two)) == 0


def test_closing_a_record_closes_the_one_that_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch, two: tuple[str, str]
) -> None:
    wanted = closings.Wanted("0990", "restricted", "A colleague's family", "iro@bexley.example")
    admin = house.scope("authority.administrator")
    end = merged_before(house, monkeypatch, two, lambda: closings.close(admin, wanted, AT))
    assert end == "done"
    assert count(Closing.id, Closing.child_id == gone_id(two)) == 0
    assert count(Closing.id) == 1
