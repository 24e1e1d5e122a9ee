"""Several people at one item at once: one withdrawal is kept, and a decision counts who is out."""

from __future__ import annotations

import threading
from collections.abc import Callable

import sqlalchemy as sa
from builders.house import House
from builders.sitting import AT, HELD, book, sit, who

from core.domain.finding import Refused
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Decision, Withdrawal
from core.usecases.decision import record_decision
from core.usecases.withdrawing import come_back, withdraw

PEOPLE = 6
DECIDED = {Place("rationale"): "Drift", Place("chosen", "outcome-continue-care-plan"): "yes"}


def panel(house: House) -> str:
    """A panel that is quorate and no more, with one case."""
    meeting_id, _ = house.meeting(HELD, state="open")
    sit(house, meeting_id)
    return book(house, meeting_id, (house.child()[0],))[0]


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def at_once(house: House, act: Callable[[Scope, int], str]) -> list[str]:
    """What became of each of six people who all begin together."""
    scopes = [house.scope(("panel.administrator", "panel.chair")[n % 2]) for n in range(PEOPLE)]
    gate, ends = threading.Barrier(PEOPLE), [""] * PEOPLE
    db.session.remove()

    def go(number: int) -> None:
        with house.app.app_context():
            try:
                gate.wait(30)
                ends[number] = act(scopes[number], number)
            except Refused as refusal:
                ends[number] = refusal.findings[0].message
            except Exception as error:
                ends[number] = f"failed: {error!r}"
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ends


def count(table: type) -> int:
    found = db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    db.session.rollback()
    return int(found)


def test_of_six_who_write_one_withdrawal_one_is_kept(house: House) -> None:
    item, member = panel(house), who(house, "panel.member")

    def act(scope: Scope, _number: int) -> str:
        withdraw(scope, registry(house), item, member, False, "", AT)
        return "kept"

    ends = at_once(house, act)
    assert ends.count("kept") == 1, ends
    assert all(end == "kept" or "has withdrawn from this item already" in end for end in ends), ends
    assert count(Withdrawal) == 1


def test_of_six_who_let_somebody_back_one_does(house: House) -> None:
    item, member = panel(house), who(house, "panel.member")
    admin = house.scope("panel.administrator")
    withdraw(admin, registry(house), item, member, False, "", AT)
    gone = db.session.execute(sa.select(Withdrawal.public_id)).scalar_one()
    db.session.rollback()

    def act(scope: Scope, _number: int) -> str:
        come_back(scope, registry(house), item, gone, AT)
        return "back"

    ends = at_once(house, act)
    assert ends.count("back") == 1, ends
    assert all(end == "back" or "came back already" in end for end in ends), ends


def test_a_decision_and_a_withdrawal_at_once_never_both_stand(house: House) -> None:
    """The panel is quorate only with everybody: whichever comes first keeps the other out."""
    item, member = panel(house), who(house, "panel.member")

    def act(scope: Scope, number: int) -> str:
        if number:
            withdraw(scope, registry(house), item, member, False, "", AT)
            return "withdrew"
        record_decision(scope, registry(house), item, DECIDED, dict.fromkeys(DECIDED, 0), AT)
        return "recorded"

    ends = at_once(house, act)
    assert ends.count("recorded") + ends.count("withdrew") == 1, ends
    assert not any(end.startswith("failed") for end in ends), ends
    assert count(Decision) + count(Withdrawal) == 1
