"""Several people on one document at the same moment: nothing is lost, nothing is done twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.reckoned import registry
from builders.staged import answered, asked, following, held, invited, row_of, started

from core.domain.finding import Refused
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import StagedText
from core.usecases import approving
from core.usecases.staged import DocumentMoved, TextMoved


@pytest.fixture
def house(house: House) -> House:
    return following(house)


def at_once(house: House, acts: list[tuple[str, Callable[[Scope], object]]]) -> list[str]:
    """What became of each of these people, all of whom begin together."""
    scopes = [house.scope(role) for role, _ in acts]
    gate, ends = threading.Barrier(len(acts)), [""] * len(acts)
    db.session.remove()

    def go(number: int) -> None:
        with house.app.app_context():
            try:
                gate.wait(30)
                acts[number][1](scopes[number])
                ends[number] = "kept"
            except TextMoved as moved:
                ends[number] = f"both are there: {bool(moved.now)}"
            except DocumentMoved:
                ends[number] = "moved"
            except Refused as refusal:
                ends[number] = refusal.findings[0].message
            except Exception as error:
                ends[number] = f"failed: {error!r}"
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


@pytest.mark.clause("PPM10-11")
def test_two_who_review_side_by_side_at_once_are_both_kept_and_each_once(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    invited(house, made)
    asked(house, made)
    answered(house, made, "team.manager")
    rules = registry(house)

    def review(step: str) -> Callable[[Scope], object]:
        return lambda scope: approving.answer(scope, rules, made, step, 1, "", AT)

    acts = [("iro", review("reviewing-officer")), ("legal", review("legal"))] * 3
    ends = at_once(house, acts)
    assert Counter(ends[0::2]) == {"kept": 1, "moved": 2}
    assert Counter(ends[1::2]) == {"kept": 1, "moved": 2}
    assert held(house, made).now.stage == ("head-of-service",)


def test_of_six_who_write_from_one_version_one_is_kept_and_the_others_see_it(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    rules = registry(house)

    def write(number: int) -> Callable[[Scope], object]:
        return lambda scope: approving.write(scope, rules, made, f"Text {number}", 1, AT)

    ends = at_once(house, [("social.worker", write(number)) for number in range(6)])
    assert Counter(ends) == {"kept": 1, "both are there: True": 5}
    assert row_of(house, made).number == 2
    texts = db.session.scalars(sa.select(StagedText.words).order_by(StagedText.number)).all()
    db.session.rollback()
    assert len(texts) == 2 and texts[1] == f"Text {ends.index('kept')}"


@pytest.mark.clause("PPM10-11")
def test_a_text_that_changes_as_it_is_approved_is_not_approved(house: House) -> None:
    _, child = house.child()
    made = started(house, child)
    asked(house, made)
    rules = registry(house)
    ends = at_once(
        house,
        [
            ("social.worker", lambda s: approving.write(s, rules, made, "Another", 1, AT)),
            ("team.manager", lambda s: approving.answer(s, rules, made, "team-manager", 1, "", AT)),
        ],
    )
    assert ends[0] == "kept" and ends[1] in ("kept", "moved")
    one = held(house, made)
    assert one.row.number == 2 and one.now.done == {} and one.now.open == ()
