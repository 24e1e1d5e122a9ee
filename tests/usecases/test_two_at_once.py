"""Eight people on one item at once: one is kept, and each of the others is told why not."""

from __future__ import annotations

import threading
from collections.abc import Callable

import sqlalchemy as sa
from builders.house import House
from builders.sitting import AT, HELD, book, sit, who

from core.domain.finding import Refused
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import answers, items
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import (
    Answer,
    AnswerVersion,
    Booking,
    CaseInvitee,
    Decision,
    DecisionOutcome,
    Meeting,
)
from core.usecases import circulation, inviting
from core.usecases.decision import Clashing, record_decision, save_draft

PEOPLE = 8
RATIONALE = Place("rationale")
CHOSEN = Place("chosen", "outcome-continue-care-plan")


def panel(house: House) -> str:
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(HELD, state="open")
    sit(house, meeting_id)
    return book(house, meeting_id, (child_id,))[0]


def at_once(house: House, act: Callable[[Scope, Registry, int], str]) -> list[str]:
    """What became of each of eight people, all of whom begin together."""
    registry = house.app.extensions["permanence"].registry
    roles = ("panel.administrator", "panel.chair")
    scopes = [house.scope(roles[number % 2]) for number in range(PEOPLE)]
    gate, ends = threading.Barrier(PEOPLE), [""] * PEOPLE
    db.session.remove()

    def go(number: int) -> None:
        with house.app.app_context():
            try:
                gate.wait(30)
                ends[number] = act(scopes[number], registry, number)
            except Clashing:
                ends[number] = "clashing"
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


def test_of_eight_who_save_one_field_one_is_kept_and_the_others_clash(house: House) -> None:
    item = panel(house)

    def save(scope: Scope, registry: Registry, number: int) -> str:
        typed = {RATIONALE: f"Reason {number}"}
        saved = save_draft(scope, registry, item, typed, {RATIONALE: 0}, AT)
        return saved.clashes[0].theirs if saved.clashes else f"kept Reason {number}"

    ends = at_once(house, save)
    kept = [end.removeprefix("kept ") for end in ends if end.startswith("kept ")]
    assert len(kept) == 1, ends
    assert [end for end in ends if not end.startswith("kept ")] == kept * (PEOPLE - 1)
    assert (count(Answer), count(AnswerVersion)) == (1, 1)


def test_of_eight_who_record_with_reasons_of_their_own_one_is_recorded(house: House) -> None:
    item = panel(house)

    def record(scope: Scope, registry: Registry, number: int) -> str:
        typed = {RATIONALE: f"Reason {number}", CHOSEN: "yes"}
        record_decision(scope, registry, item, typed, dict.fromkeys(typed, 0), AT)
        return "recorded"

    ends = at_once(house, record)
    assert ends.count("recorded") == 1, ends
    others = [end for end in ends if end != "recorded"]
    assert all(end == "clashing" or "was recorded by" in end for end in others), ends
    assert (count(Decision), count(DecisionOutcome)) == (1, 1)


def test_of_eight_who_record_what_stands_one_records_it(house: House) -> None:
    item = panel(house)
    scope = house.scope("panel.administrator")
    registry = house.app.extensions["permanence"].registry
    typed = {RATIONALE: "Drift", CHOSEN: "yes"}
    save_draft(scope, registry, item, typed, dict.fromkeys(typed, 0), AT)

    def record(scope: Scope, registry: Registry, number: int) -> str:
        record_decision(scope, registry, item, typed, dict.fromkeys(typed, 1), AT)
        return "recorded"

    ends = at_once(house, record)
    assert ends.count("recorded") == 1, ends
    assert all("was recorded by" in end for end in ends if end != "recorded"), ends
    assert count(Decision) == 1


def test_nothing_is_saved_in_a_draft_once_its_decision_is_recorded(house: House) -> None:
    """Those who save and those who record begin together: the record holds what was saved."""
    item = panel(house)
    discussion = Place("discussion")

    def act(scope: Scope, registry: Registry, number: int) -> str:
        if number:
            said = {discussion: f"Words {number}"}
            saved = save_draft(scope, registry, item, said, {discussion: 0}, AT)
            return "clashing" if saved.clashes else "saved"
        typed = {RATIONALE: "Drift", CHOSEN: "yes"}
        record_decision(scope, registry, item, typed, dict.fromkeys(typed, 0), AT)
        return "recorded"

    ends = at_once(house, act)
    assert ends[0] == "recorded", ends
    assert all(end in ("saved", "clashing") or "was recorded by" in end for end in ends[1:]), ends
    recorded = db.session.execute(sa.select(Decision.discussion)).scalar_one()
    row = items.find(house.scope("panel.chair"), item)
    assert row is not None
    stored = answers.load(house.scope("panel.chair"), row.case_id, row.id)
    assert recorded == stored.get(discussion, answers.NEVER).value
    state = db.session.execute(sa.select(Booking.state)).scalar_one()
    assert state == "heard"


def test_of_eight_who_invite_one_person_one_does_and_the_others_are_told(house: House) -> None:
    booking = panel(house)
    invited = who(house, "kinship")
    db.session.rollback()
    ends = at_once(house, lambda scope, _, n: inviting.invite(scope, booking, invited, AT))
    name = "Kinship Of Bexley"
    assert sorted(ends) == [name] + [f"{name} is invited already"] * (PEOPLE - 1)


def test_who_is_invited_while_the_minutes_are_ratified_does_not_stay_so(house: House) -> None:
    booking = panel(house)
    invited, meeting = who(house, "kinship"), db.session.scalars(sa.select(Meeting.public_id)).one()
    db.session.execute(sa.update(Meeting).values(state="closed"))
    db.session.commit()

    def act(scope: Scope, _: Registry, number: int) -> str:
        if number == 1:
            circulation.ratify(scope, meeting, AT)
        elif number % 2 == 0:
            inviting.invite(scope, booking, invited, AT)
        return "done"

    ends = at_once(house, act)
    assert not [one for one in ends if one.startswith("failed")], ends
    assert (
        db.session.scalars(
            sa.select(CaseInvitee.account_id).where(CaseInvitee.until.is_(None))
        ).all()
        == []
    )
