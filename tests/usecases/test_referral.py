"""A referral opened, written by two people, submitted, and the chair's answer to it."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.agenda import book
from builders.house import House

from core.domain.case import CaseState
from core.domain.due import State
from core.domain.finding import Refused
from core.domain.procedure.forms import Place
from core.store import answers, case_history, case_lists, cases, deadlines
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Booking, CaseChild, Meeting, PanelCase
from core.usecases import acceptance, case_step, referral, taking_back
from core.usecases.opening import UnderWay, open_referral
from core.usecases.referral import Typed

AT = datetime(2026, 11, 23, 9, 30)
PANEL, NEXT = date(2026, 12, 3), date(2026, 12, 17)
CRITERIA = Place("criteria")


def registry(house: House) -> Any:
    return house.app.extensions["permanence"].registry


def opened(house: House, role: str = "social.worker", child: str | None = None) -> str:
    public_id = child or house.child()[1]
    return open_referral(house.scope(role), registry(house), public_id, AT)


def case_of(house: House, public_id: str) -> cases.CaseRow:
    found = cases.case_by_public_id(house.whole, public_id)
    assert found is not None
    return found


def stored(house: House, public_id: str) -> dict[str, str]:
    case_id = case_of(house, public_id).id
    return {str(place): a.value for place, a in answers.load(house.whole, case_id).items()}


def save(
    house: House,
    public_id: str,
    values: dict[str, str] | None = None,
    seen: dict[str, int] | None = None,
    role: str = "social.worker",
    **more: Any,
) -> referral.SavedReferral:
    typed = Typed(
        {Place.named(name): value for name, value in (values or {}).items()},
        {Place.named(name): version for name, version in (seen or {}).items()},
        **more,
    )
    return referral.save_referral(house.scope(role), registry(house), public_id, typed, AT)


def submitted(house: House, meeting: str, child: str | None = None) -> str:
    public_id = opened(house, child=child)
    save(house, public_id, {"criteria": "drift"}, meeting=("", meeting))
    referral.submit(house.scope("social.worker"), registry(house), public_id, AT)
    return public_id


def deadline(house: House, public_id: str) -> deadlines.DeadlineFact:
    (fact,) = deadlines.of_case(house.whole, registry(house), case_of(house, public_id).id)
    return fact


def later(house: House, role: str, days: int) -> Scope:
    """The scope of a role some days on."""
    scope = house.scope(role)
    return Scope(
        scope.authority_id,
        scope.on + timedelta(days=days),
        scope.account_id,
        scope.name,
        scope.grade,
        scope.roles,
        scope.posts,
    )


@pytest.mark.clause("BEX-A.A")
def test_a_new_referral_is_filled_in_from_the_record(house: House) -> None:
    _, child = house.child("0101", "Orlin", "Thistlewick", date(2019, 5, 4), sibling_group="T")
    house.child("0102", "Perrin", "Thistlewick", date(2021, 6, 7), sibling_group="T")
    house.child("0103", "Quenby", "Thistlewick", worker=None, team="", sibling_group="T")
    given = stored(house, opened(house, child=child))
    assert given["worker"] == "Social Worker Of Bexley"
    assert given["team"] == "Quill team"
    assert given["date"] == "2026-11-23"
    rows = sorted({name.split(".")[0] for name in given if name.startswith("family-")})
    assert [
        tuple(given.get(f"{row}.{code}") for code in ("name", "born", "relation")) for row in rows
    ] == [
        ("Orlin Thistlewick", "4 May 2019", "child"),
        ("Perrin Thistlewick", "7 June 2021", "sibling"),
    ]


def test_the_same_person_goes_to_their_open_draft(house: House) -> None:
    _, child = house.child()
    assert opened(house, child=child) == opened(house, child=child)


def test_a_second_case_of_a_child_is_opened_only_where_it_is_meant(house: House) -> None:
    _, child = house.child()
    first = opened(house, child=child)
    with pytest.raises(UnderWay) as refused:
        opened(house, "iro", child=child)
    assert [(c.public_id, c.state) for c in refused.value.there] == [(first, "draft")]
    scope = house.scope("iro")
    second = open_referral(scope, registry(house), child, AT, all_the_same=True)
    assert second != first
    assert opened(house, "iro", child=child) == second


@pytest.mark.parametrize(
    ("state", "stands"),
    [
        ("submitted", True),
        ("returned", True),
        ("booked", True),
        ("heard", False),
        ("withdrawn", False),
    ],
)
def test_only_a_case_that_is_under_way_stands_before_another(
    house: House, state: str, stands: bool
) -> None:
    _, child = house.child()
    opened(house, "team.manager", child=child)
    with writing():
        db.session.execute(sa.update(PanelCase).values(state=state))
    if stands:
        with pytest.raises(UnderWay):
            opened(house, child=child)
    else:
        assert opened(house, child=child)


def test_a_child_who_is_not_seen_cannot_be_referred(house: House) -> None:
    _, child = house.child(worker=None)
    with pytest.raises(Refused):
        opened(house, child=child)


def test_two_people_on_different_fields_keep_both(house: House) -> None:
    public_id = opened(house)
    save(house, public_id, {"sought": "A match", "team": "Quill team"}, {"team": 1})
    both = save(
        house,
        public_id,
        {"sought": "", "team": "Inkwell team"},
        {"sought": 0, "team": 1},
        role="team.manager",
    )
    assert both.clashes == ()
    assert stored(house, public_id)["sought"] == "A match"
    assert stored(house, public_id)["team"] == "Inkwell team"


def test_two_people_on_one_field_get_both_texts_and_whose_and_when(house: House) -> None:
    public_id = opened(house)
    save(house, public_id, {"sought": "Theirs"}, {"sought": 0}, role="team.manager")
    refused = save(
        house, public_id, {"sought": "Mine", "why-not": "Kept"}, {"sought": 0, "why-not": 0}
    )
    (clash,) = refused.clashes
    assert (clash.mine, clash.theirs, clash.who) == ("Mine", "Theirs", "Team Manager Of Bexley")
    assert clash.when == AT
    assert stored(house, public_id)["sought"] == "Theirs"
    assert stored(house, public_id)["why-not"] == "Kept"
    assert save(house, public_id, {"sought": "Mine"}, {"sought": 1}).clashes == ()
    assert stored(house, public_id)["sought"] == "Mine"


def test_two_who_save_one_field_at_the_same_moment_are_told_apart(house: House) -> None:
    public_id = opened(house)
    scopes = {role: house.scope(role) for role in ("social.worker", "team.manager")}
    start, clashes, failed = threading.Barrier(2), [], []

    def write(role: str) -> None:
        place = Place("sought")
        with house.app.app_context():
            try:
                start.wait(10)
                typed = Typed({place: role}, {place: 0})
                saved = referral.save_referral(scopes[role], registry(house), public_id, typed, AT)
                clashes.extend(saved.clashes)
            except Exception as error:
                failed.append(error)

    db.session.rollback()
    threads = [threading.Thread(target=write, args=(role,)) for role in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    (clash,) = clashes
    assert stored(house, public_id)["sought"] == clash.theirs != clash.mine


def test_two_people_who_choose_different_meetings_get_both(house: House) -> None:
    _, first = house.meeting(PANEL)
    _, second = house.meeting(NEXT)
    public_id = opened(house)
    save(house, public_id, meeting=("", first), role="team.manager")
    (clash,) = save(house, public_id, meeting=("", second)).clashes
    assert (clash.field, clash.theirs, clash.who) == ("meeting", first, "Team Manager Of Bexley")
    assert case_of(house, public_id).meeting_on == PANEL
    assert save(house, public_id, meeting=(first, second)).clashes == ()
    assert case_of(house, public_id).meeting_on == NEXT


def test_rows_that_two_people_add_are_both_kept(house: House) -> None:
    public_id = opened(house)
    save(house, public_id, {"network-0001-aaaa.name": "Aunt Bramble"})
    save(house, public_id, {"network-0001-bbbb.name": "Uncle Sedge"}, role="team.manager")
    given = stored(house, public_id)
    assert given["network-0001-aaaa.name"] == "Aunt Bramble"
    assert given["network-0001-bbbb.name"] == "Uncle Sedge"


@pytest.mark.clause("BEX-1.6")
def test_the_deadline_is_stored_with_the_meeting_and_moves_with_it(house: House) -> None:
    _, first = house.meeting(PANEL)
    _, second = house.meeting(NEXT)
    public_id = opened(house)
    assert deadline(house, public_id).why == (
        "no panel has been chosen for this referral (BEX-1.6, BEX-1.18)"
    )
    save(house, public_id, meeting=("", second))
    assert deadline(house, public_id).due == date(2026, 12, 14)
    save(house, public_id, meeting=(second, first))
    assert deadline(house, public_id).due == date(2026, 11, 30)
    save(house, public_id, meeting=(first, ""))
    assert deadline(house, public_id).due is None


@pytest.mark.parametrize("state", ["closed", "past", "another authority's"])
def test_a_meeting_that_cannot_be_asked_for_is_refused_and_the_rest_is_saved(
    house: House, state: str
) -> None:
    if state == "another authority's":
        meeting = House(house.app, house.today, "TOY", "toyshire").meeting(PANEL)[1]
    elif state == "past":
        meeting = house.meeting(date(2026, 11, 19))[1]
    else:
        meeting = house.meeting(PANEL, "closed")[1]
    public_id = opened(house)
    saved = save(house, public_id, {"sought": "A match"}, meeting=("", meeting))
    assert [finding.field for finding in saved.findings] == ["meeting"]
    assert stored(house, public_id)["sought"] == "A match"
    assert case_of(house, public_id).meeting_id is None


def test_brothers_and_sisters_come_into_the_case_and_leave_it(house: House) -> None:
    first_id, first = house.child("0101", sibling_group="T")
    second_id, second = house.child("0102", "Perrin", sibling_group="T")
    _, stranger = house.child("0103", "Quenby")
    _, meeting = house.meeting()
    public_id = opened(house, child=first)
    both = frozenset((first, second))
    one = frozenset((first,))
    save(
        house,
        public_id,
        children=(one, both | {stranger}),
        meeting=("", meeting),
    )
    case_id = case_of(house, public_id).id
    assert cases.child_ids(house.whole, case_id) == {first_id, second_id}
    assert len(deadlines.of_child(house.scope("iro"), registry(house), second_id)) == 1
    save(house, public_id, children=(both, one))
    assert cases.child_ids(house.whole, case_id) == {first_id}
    assert deadlines.of_child(house.scope("iro"), registry(house), second_id) == []
    none = save(house, public_id, children=(one, frozenset()))
    assert [finding.field for finding in none.findings] == ["children"]
    assert cases.child_ids(house.whole, case_id) == {first_id}


@pytest.mark.clause("BEX-1.5")
def test_a_referral_without_a_criterion_or_a_meeting_is_not_submitted(house: House) -> None:
    public_id = opened(house)
    with pytest.raises(Refused) as refusal:
        referral.submit(house.scope("social.worker"), registry(house), public_id, AT)
    assert [(f.field, f.clauses) for f in refusal.value.findings] == [
        ("criteria", ("BEX-1.5",)),
        ("meeting", ()),
    ]
    assert case_of(house, public_id).state is CaseState.DRAFT


@pytest.mark.clause("BEX-1.6")
def test_an_incomplete_referral_is_submitted_and_marked(house: House) -> None:
    meeting_id, meeting = house.meeting()
    public_id = submitted(house, meeting)
    case = case_of(house, public_id)
    assert (case.state, case.submitted_at) == (CaseState.SUBMITTED, AT)
    (row,) = case_lists.waiting(house.scope("panel.administrator"), meeting_id)
    assert (row.late, row.incomplete, row.unanswered) == (False, True, 3)
    assert (row.names, row.referrer) == ("Orlin Thistlewick", "Social Worker Of Bexley")
    assert deadline(house, public_id).state(house.today) is State.MET


@pytest.mark.clause("BEX-1.6")
@pytest.mark.clause("BEX-1.18")
@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_a_referral_is_in_time_to_the_end_of_the_day_and_late_after_it(
    house: House, days: int, late: bool
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    public_id = opened(house)
    save(house, public_id, {"criteria": "drift"}, meeting=("", meeting))
    scope = later(house, "social.worker", days)
    at = AT + timedelta(days=days, hours=13)
    assert referral.submit(scope, registry(house), public_id, at).late is late
    (row,) = case_lists.waiting(house.whole, meeting_id)
    assert row.late is late


def test_a_submitted_referral_can_be_neither_changed_nor_submitted_again(house: House) -> None:
    _, meeting = house.meeting()
    public_id = submitted(house, meeting)
    with pytest.raises(Refused, match="submitted, and waits for the chair"):
        save(house, public_id, {"sought": "Too late"})
    with pytest.raises(Refused, match="submitted, and waits for the chair"):
        referral.submit(house.scope("social.worker"), registry(house), public_id, AT)
    assert "sought" not in stored(house, public_id)


def test_a_referral_for_a_meeting_that_is_over_is_not_submitted(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    public_id = opened(house)
    save(house, public_id, {"criteria": "drift"}, meeting=("", meeting))
    with pytest.raises(Refused, match="is over"):
        referral.submit(later(house, "social.worker", 11), registry(house), public_id, AT)


@pytest.mark.clause("BEX-1.10")
def test_the_chair_accepts_in_order_onto_the_agenda(house: House) -> None:
    meeting_id, meeting = house.meeting()
    chair = house.scope("panel.chair")
    for number in (1, 2):
        _, child = house.child(f"010{number}")
        public_id = submitted(house, meeting, child)
        accepted = acceptance.accept(chair, registry(house), public_id, AT)
        assert (accepted.place, accepted.queued) == (number, False)
        assert case_of(house, public_id).state is CaseState.BOOKED
    booked = db.session.execute(
        sa.select(Booking.item, Booking.position, Booking.state)
        .where(Booking.meeting_id == meeting_id)
        .order_by(Booking.position)
    ).all()
    assert [tuple(row) for row in booked] == [("cases", 1, "booked"), ("cases", 2, "booked")]
    assert case_lists.waiting(chair, meeting_id) == []


@pytest.mark.clause("BEX-1.13")
def test_a_case_that_returns_for_review_does_not_count_among_the_five(house: House) -> None:
    meeting_id, meeting = house.meeting()
    chair = house.scope("panel.chair")
    for number in range(5):
        _, child = house.child(f"020{number}")
        acceptance.accept(chair, registry(house), submitted(house, meeting, child), AT)
    with writing():
        first = sa.select(sa.func.min(Booking.id)).where(Booking.meeting_id == meeting_id)
        db.session.execute(
            sa.update(Booking).where(Booking.id == first.scalar_subquery()).values(item="previous")
        )
    sixth = submitted(house, meeting, house.child("0206")[1])
    assert not acceptance.accept(chair, registry(house), sixth, AT).queued


@pytest.mark.clause("BEX-1.13")
def test_brothers_and_sisters_are_one_case_of_the_five(house: House) -> None:
    meeting_id, meeting = house.meeting()
    _, first = house.child("0101", sibling_group="T")
    _, second = house.child("0102", "Perrin", sibling_group="T")
    public_id = opened(house, child=first)
    save(
        house,
        public_id,
        {"criteria": "drift"},
        meeting=("", meeting),
        children=(frozenset((first,)), frozenset((first, second))),
    )
    referral.submit(house.scope("social.worker"), registry(house), public_id, AT)
    acceptance.accept(house.scope("panel.chair"), registry(house), public_id, AT)
    assert db.session.execute(sa.select(sa.func.count(Booking.id))).scalar() == 1
    assert db.session.execute(sa.select(sa.func.count(CaseChild.id))).scalar() == 2


@pytest.mark.parametrize(("item", "state"), [("cases", "heard"), ("previous", "booked")])
def test_accepting_does_not_write_over_what_stands_on_that_agenda_already(
    house: House, item: str, state: str
) -> None:
    meeting_id, meeting = house.meeting()
    public_id = submitted(house, meeting)
    stands = book(house, meeting_id, case_of(house, public_id).id, 3, item, state, "As it was")[0]
    with pytest.raises(Refused, match="on the agenda of 3 December 2026 already"):
        acceptance.accept(house.scope("panel.chair"), registry(house), public_id, AT)
    row = db.session.execute(
        sa.select(Booking.item, Booking.position, Booking.state, Booking.why).where(
            Booking.id == stands
        )
    ).one()
    db.session.rollback()
    assert tuple(row) == (item, 3, state, "As it was")
    assert case_of(house, public_id).state is CaseState.SUBMITTED


def test_a_case_that_was_tabled_away_is_accepted_onto_a_new_place(house: House) -> None:
    meeting_id, meeting = house.meeting()
    public_id = submitted(house, meeting)
    book(house, meeting_id, case_of(house, public_id).id, 1, state="tabled", why="Gone")
    assert not acceptance.accept(house.scope("panel.chair"), registry(house), public_id, AT).queued
    (row,) = db.session.execute(sa.select(Booking.position, Booking.state, Booking.why)).all()
    db.session.rollback()
    assert tuple(row) == (2, "booked", "")


def test_a_case_moves_only_from_the_version_seen(house: House) -> None:
    case = case_of(house, opened(house))
    with writing():
        assert cases.move(house.whole, case.id, case.version, chair_words="First")
        assert not cases.move(house.whole, case.id, case.version, chair_words="Second")
    now = case_of(house, case.public_id)
    assert (now.chair_words, now.version) == ("First", case.version + 1)
    with pytest.raises(Refused, match="Somebody else changed this case first"), writing():
        case_step.move(house.whole, case, chair_words="Third")


def test_a_chair_without_the_post_is_refused(house: House) -> None:
    _, meeting = house.meeting()
    public_id = submitted(house, meeting)
    house.account("panel.chair", "second.chair@bexley.example")
    for change in (
        lambda scope: acceptance.accept(scope, registry(house), public_id, AT),
        lambda scope: acceptance.send_back(scope, registry(house), public_id, "No", AT),
        lambda scope: acceptance.defer(scope, registry(house), public_id, meeting, "No", AT),
    ):
        with pytest.raises(Refused, match="Only who chairs"):
            change(house.scope("second.chair"))


@pytest.mark.parametrize("over", ["closed", "past"])
def test_nothing_is_accepted_onto_a_meeting_that_is_over(house: House, over: str) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    public_id = submitted(house, meeting)
    chair = house.scope("panel.chair")
    if over == "closed":
        with writing():
            db.session.execute(
                sa.update(Meeting).where(Meeting.id == meeting_id).values(state="closed")
            )
    else:
        chair = later(house, "panel.chair", 11)
    with pytest.raises(Refused, match="is over"):
        acceptance.accept(chair, registry(house), public_id, AT)


@pytest.mark.clause("BEX-1.10")
def test_a_referral_sent_back_is_mended_and_submitted_again(house: House) -> None:
    meeting_id, meeting = house.meeting()
    public_id = submitted(house, meeting)
    chair = house.scope("panel.chair")
    with pytest.raises(Refused, match="Say what the referrer has to put right"):
        acceptance.send_back(chair, registry(house), public_id, " ", AT)
    acceptance.send_back(chair, registry(house), public_id, "Say what is sought", AT)
    case = case_of(house, public_id)
    assert (case.state, case.chair_words) == (CaseState.RETURNED, "Say what is sought")
    assert deadline(house, public_id).state(house.today) is State.RUNNING
    assert [row.public_id for row in case_lists.missing(chair, meeting_id)] == [public_id]
    assert [row.public_id for row in case_lists.mine(house.scope("social.worker"))] == [public_id]
    save(house, public_id, {"sought": "A match"})
    referral.submit(house.scope("social.worker"), registry(house), public_id, AT)
    assert case_of(house, public_id).state is CaseState.SUBMITTED


@pytest.mark.clause("BEX-1.6")
@pytest.mark.clause("BEX-1.19")
def test_a_deferred_case_keeps_its_papers_and_has_the_later_meetings_deadline(
    house: House,
) -> None:
    first_id, first = house.meeting(PANEL)
    second_id, second = house.meeting(NEXT)
    public_id = submitted(house, first)
    chair = house.scope("panel.chair")
    with pytest.raises(Refused) as refusal:
        acceptance.defer(chair, registry(house), public_id, first, "", AT)
    assert {f.field for f in refusal.value.findings} == {"defer-meeting", "defer-reason"}
    acceptance.defer(chair, registry(house), public_id, second, "The agenda is full", AT)
    case = case_of(house, public_id)
    assert (case.state, case.meeting_on) == (CaseState.SUBMITTED, NEXT)
    assert stored(house, public_id)["criteria"] == "drift"
    assert deadline(house, public_id).due == date(2026, 12, 14)
    assert case_lists.waiting(chair, first_id) == []
    assert [row.public_id for row in case_lists.waiting(chair, second_id)] == [public_id]


def test_every_step_stands_in_the_history(house: House) -> None:
    _, first = house.meeting(PANEL)
    _, second = house.meeting(NEXT)
    public_id = submitted(house, first)
    chair = house.scope("panel.chair")
    acceptance.defer(chair, registry(house), public_id, second, "Full", AT)
    acceptance.send_back(chair, registry(house), public_id, "Thin", AT)
    taking_back.withdraw(house.scope("social.worker"), public_id, "Moved", AT)
    history = case_history.changes(house.whole, public_id)
    assert [change.did for change in reversed(history)] == [
        "open",
        "answer",
        "choose meeting",
        "submit",
        "defer",
        "send back",
        "withdraw",
    ]
    assert [c.why for c in reversed(history) if c.why] == ["Full", "Thin", "Moved"]


def test_lists_take_as_many_queries_for_five_cases_as_for_one(house: House) -> None:
    meeting_id, meeting = house.meeting()
    chair = house.scope("panel.chair")
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    counts = []
    for number in range(5):
        submitted(house, meeting, house.child(f"030{number}")[1])
        statements.clear()
        sa.event.listen(db.engine, "before_cursor_execute", note)
        assert len(case_lists.waiting(chair, meeting_id)) == number + 1
        sa.event.remove(db.engine, "before_cursor_execute", note)
        db.session.rollback()
        counts.append(sum(statement.startswith("SELECT") for statement in statements))
    assert counts == [2] * 5
