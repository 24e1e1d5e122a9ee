"""Recording a decision: what it makes, what it refuses, and two people at once."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import POSTS, House
from builders.sitting import AT, HELD, book, sit, who

from core.domain.finding import Refused
from core.domain.procedure.forms import Place
from core.store import (
    answers,
    carried,
    case_history,
    cases,
    decisions,
    declarations,
    items,
    meetings,
)
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import (
    Action,
    Answer,
    AnswerVersion,
    Attendance,
    AuditRow,
    Booking,
    Child,
    Decision,
    DecisionOutcome,
    Meeting,
    NamedAccess,
    OnwardReferral,
    PanelCase,
    Person,
    PersonOfChild,
)
from core.usecases.decision import Clashing, Recorded, record_decision, save_draft
from core.usecases.declaration import declare
from core.usecases.tabling import table_case

Typed = dict[str, str]


def panel(house: House, **more: object) -> tuple[str, int, int]:
    """A quorate open panel with one case: item, case id and meeting id."""
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id, **more)  # type: ignore[arg-type]
    item, case_id = book(house, meeting_id, (child_id,))
    return item, case_id, meeting_id


def chosen(*codes: str, **more: str) -> Typed:
    return {
        **{f"outcome-{code}.chosen": "yes" for code in codes},
        "rationale": "The plan has drifted since the summer",
        **more,
    }


def record(
    house: House, item: str, typed: Typed, role: str = "panel.administrator", *, stale: bool = False
) -> Recorded:
    """Record as somebody who saw what is stored, or (``stale``) an empty page."""
    scope = house.scope(role)
    booking = items.find(scope, item)
    assert booking is not None
    stored = {} if stale else answers.load(scope, booking.case_id, booking.id)
    return record_decision(
        scope,
        house.app.extensions["permanence"].registry,
        item,
        {Place.named(name): value for name, value in typed.items()},
        {place: answer.version for place, answer in stored.items()},
        AT,
    )


def refused(house: House, item: str, typed: Typed) -> dict[str | None, str]:
    """Why a decision is refused, by field; nothing but the draft may have been written."""
    with pytest.raises(Refused) as refusal:
        record(house, item, typed)
    for table in (Decision, DecisionOutcome, Action, OnwardReferral, Person):
        assert count(table) == 0
    return {finding.field: finding.message for finding in refusal.value.findings}


def count(table: type) -> int:
    found = db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    db.session.rollback()
    return int(found)


def one(statement: sa.Select) -> sa.Row:
    row = db.session.execute(statement).one()
    db.session.rollback()
    return row


CARRY_ON = chosen("continue-care-plan")


@pytest.mark.clause("BEX-1.23.a")
def test_a_review_meeting_is_an_action_due_ten_working_days_after_the_panel(house: House) -> None:
    item, case_id, _ = panel(house)
    owner = who(house, "team.manager")
    record(
        house,
        item,
        chosen("care-planning-review", **{"outcome-care-planning-review.owner": owner}),
    )
    made = one(sa.select(Action.due, Action.first_due, Action.due_why, Action.owner_id))
    assert made.due == made.first_due == date(2026, 12, 7)
    assert made.owner_id == house.accounts["team.manager"]
    assert made.due_why == (
        "by 7 December 2026: 10 working days after the panel on 23 November 2026 (BEX-1.23.a)"
    )
    assert one(sa.select(PanelCase.state).where(PanelCase.id == case_id)).state == "heard"
    assert one(sa.select(Booking.state)).state == "heard"


def test_an_action_of_a_closed_record_is_given_to_those_who_are_named_for_it(house: House) -> None:
    item, _, _ = panel(house)
    typed = chosen(
        "care-planning-review",
        **{"outcome-care-planning-review.owner": who(house, "team.manager")},
    )
    typed |= {"action-0001-abcd.what": "Ask the school", "action-0001-abcd.due": "2026-12-20"}
    typed |= {"action-0001-abcd.owner": who(house, "iro")}
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
    name(house, "panel.administrator")
    not_named = "is not named for the child’s closed record: choose somebody who is"
    assert refused(house, item, typed) == {
        "outcome-care-planning-review.owner": f"Team Manager Of Bexley {not_named}",
        "action-0001-abcd.owner": f"Iro Of Bexley {not_named}",
    }
    name(house, "team.manager")
    assert list(refused(house, item, typed)) == ["action-0001-abcd.owner"]
    name(house, "iro")
    record(house, item, typed)
    assert count(Action) == 2


def name(house: House, role: str) -> None:
    """Name somebody for every child."""
    with writing():
        for child_id in db.session.scalars(sa.select(Child.id)).all():
            db.session.execute(
                sa.insert(NamedAccess).values(
                    authority_id=house.authority_id,
                    child_id=child_id,
                    account_id=house.accounts[role],
                    since=date(2026, 1, 1),
                )
            )


def test_a_date_that_the_procedure_sets_leaves_out_bank_holidays(house: House) -> None:
    child_id, _ = house.child()
    meeting_id, _ = house.meeting(date(2026, 12, 17), state="open")
    sit(house, meeting_id)
    item, _ = book(house, meeting_id, (child_id,))
    house.today = date(2026, 12, 17)
    owner = who(house, "team.manager")
    record(
        house,
        item,
        chosen("care-planning-review", **{"outcome-care-planning-review.owner": owner}),
    )
    assert one(sa.select(Action.due)).due == date(2027, 1, 5)


@pytest.mark.clause("BEX-1.23.b")
@pytest.mark.clause("BEX-1.23.c")
@pytest.mark.clause("BEX-1.23.d")
@pytest.mark.clause("BEX-1.23.e")
@pytest.mark.parametrize(
    ("code", "forum"),
    [
        ("refer-agency-decision-maker", "Agency Decision Maker"),
        ("refer-family-finding", "adoption team"),
        ("refer-legal-planning", "legal planning meeting"),
        ("refer-resource-panel", "Resource and Care panel"),
    ],
)
def test_a_referral_to_another_forum_is_open_until_answered(
    house: House, code: str, forum: str
) -> None:
    item, _, _ = panel(house)
    record(house, item, chosen(code))
    made = one(
        sa.select(
            OnwardReferral.forum_words,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.person_id,
        )
    )
    assert tuple(made) == (forum, HELD, None, None)


@pytest.mark.clause("BEX-1.23.f")
def test_a_sibling_assessment_needs_an_owner_a_date_and_a_return(house: House) -> None:
    item, _, _ = panel(house)
    found = refused(house, item, chosen("together-apart-assessment"))
    assert set(found) == {
        "outcome-together-apart-assessment.owner",
        "outcome-together-apart-assessment.due",
        "return-by",
    }


@pytest.mark.clause("BEX-1.23.g")
def test_family_work_makes_an_action_with_the_owner_and_date_typed(house: House) -> None:
    item, _, _ = panel(house)
    typed = chosen(
        "work-with-family",
        **{
            "outcome-work-with-family.owner": who(house, "social.worker"),
            "outcome-work-with-family.due": "2027-01-15",
        },
    )
    record(house, item, typed)
    made = one(sa.select(Action.due, Action.owner_id, Action.due_why))
    assert tuple(made) == (date(2027, 1, 15), house.accounts["social.worker"], "")


@pytest.mark.clause("BEX-1.23.h")
def test_the_mothers_referral_stands_on_her_record_and_not_on_the_childs(house: House) -> None:
    item, case_id, _ = panel(house)
    assert refused(house, item, chosen("refer-mother")) == {
        "outcome-refer-mother.person-name": "Enter the name of the child’s mother"
    }
    record(house, item, chosen("refer-mother", **{"outcome-refer-mother.person-name": "Maud Wisp"}))
    person = one(sa.select(Person.id, Person.name))
    assert person.name == "Maud Wisp"
    assert one(sa.select(OnwardReferral.person_id)).person_id == person.id
    assert one(sa.select(PersonOfChild.relation)).relation == "mother"
    shown = decisions.load(house.scope("social.worker"), case_ids=[case_id])
    assert "Maud" not in str(shown) and "Pause" not in str(shown)
    assert "BEX-1.23.h" not in str(shown)
    assert shown[0].referrals[0].about_person
    assert [(o.words, o.box) for o in shown[0].outcomes] == [
        ("A referral was made", "box-mother"),
    ]


@pytest.mark.clause("BEX-1.23.h")
def test_the_mothers_name_stays_neither_in_the_audit_of_the_case_nor_in_its_draft(
    house: House,
) -> None:
    item, case_id, _ = panel(house)
    name = Place("person-name", "outcome-refer-mother")
    chair = house.scope("panel.chair")
    registry = house.app.extensions["permanence"].registry
    save_draft(chair, registry, item, {name: "Maud Wisp"}, {name: 0}, AT)
    save_draft(chair, registry, item, {name: "Maud B Wisp"}, {name: 1}, AT)
    told = db.session.execute(
        sa.select(AuditRow.before, AuditRow.after)
        .where(AuditRow.did == "draft decision")
        .order_by(AuditRow.id)
    ).all()
    kept = "(kept on their own record)"
    assert [(row.before[str(name)], row.after[str(name)]) for row in told] == [
        ("", kept),
        (kept, kept),
    ]
    drafted = answers.load(chair, case_id, one(sa.select(Booking.id)).id)
    assert drafted[name].value == "Maud B Wisp"
    record(house, item, chosen("refer-mother", **{str(name): "Maud B Wisp"}))
    values = [
        *db.session.execute(sa.select(Answer.value)).scalars(),
        *db.session.execute(sa.select(AnswerVersion.value)).scalars(),
        *(str(row) for row in db.session.execute(sa.select(AuditRow.before, AuditRow.after))),
    ]
    assert "Maud" not in " ".join(values)
    assert one(sa.select(Person.name)).name == "Maud B Wisp"


def test_outcomes_stand_in_one_order_wherever_they_are_read(house: House) -> None:
    item, case_id, meeting_id = panel(house)
    typed = chosen(
        "continue-care-plan", "refer-mother", "refer-resource-panel", "refer-family-finding"
    )
    record(house, item, typed | {"outcome-refer-mother.person-name": "Maud Wisp"})
    expected = [
        "refer-family-finding",
        "refer-resource-panel",
        "refer-mother",
        "continue-care-plan",
    ]
    scope = house.scope("panel.chair")
    meeting = meetings.find_by_id(scope, meeting_id)
    assert meeting is not None
    here, _ = carried.decided(scope, meeting)
    for decision in (
        *decisions.load(scope, case_ids=[case_id]),
        *case_history.decisions(scope, case_id),
        *here,
    ):
        assert [outcome.code for outcome in decision.outcomes] == expected
        assert "Pause" not in str(decision.outcomes)


def test_a_mother_who_is_known_already_is_not_made_again(house: House) -> None:
    item, case_id, meeting_id = panel(house)
    (child_id,) = cases.child_ids(house.scope("panel.chair"), case_id)
    with writing():
        decisions.person_around(house.scope("panel.chair"), "Maud Wisp", "mother", [child_id], None)
    known = one(sa.select(Person.public_id)).public_id
    record(house, item, chosen("refer-mother", **{"outcome-refer-mother.person": known}))
    assert count(Person) == 1
    assert count(PersonOfChild) == 1
    assert count(OnwardReferral) == 1


@pytest.mark.clause("BEX-A.B.1")
def test_the_outcomes_of_part_b_alone_can_be_recorded_with_their_boxes(house: House) -> None:
    item, _, _ = panel(house)
    typed = chosen(
        "amend-care-plan",
        "continue-care-plan",
        "endorse-reunification",
        **{
            "outcome-amend-care-plan.owner": who(house, "iro"),
            "outcome-amend-care-plan.due": "2026-12-20",
        },
    )
    record(house, item, typed)
    rows = db.session.execute(
        sa.select(DecisionOutcome.box, DecisionOutcome.clauses).order_by(DecisionOutcome.position)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("box-amend-care-plan", "BEX-A.B.1"),
        ("box-continue-care-plan", "BEX-A.B.1"),
        ("box-reunification", "BEX-A.B.1"),
    ]


@pytest.mark.clause("BEX-1.25")
def test_the_panel_recommends_unless_a_ground_makes_it_a_decision(house: House) -> None:
    item, _, _ = panel(house)
    force = "outcome-continue-care-plan.force"
    found = refused(house, item, CARRY_ON | {force: "decision"})
    assert list(found) == [force]
    assert list(refused(house, item, CARRY_ON | {force: "decision no-such-ground"})) == [force]
    record(house, item, CARRY_ON | {force: "decision drift-and-delay"})
    row = one(
        sa.select(DecisionOutcome.force, DecisionOutcome.ground, DecisionOutcome.ground_words)
    )
    assert tuple(row) == ("decision", "drift-and-delay", "Drift and delay")


@pytest.mark.clause("BEX-1.25")
def test_without_a_word_an_outcome_is_a_recommendation(house: House) -> None:
    item, _, _ = panel(house)
    record(house, item, CARRY_ON)
    assert one(sa.select(DecisionOutcome.force)).force == "recommendation"


def test_no_outcome_and_no_rationale_are_refused_together_and_the_draft_is_kept(
    house: House,
) -> None:
    item, case_id, _ = panel(house)
    found = refused(house, item, {"discussion": "It was long"})
    assert set(found) == {"outcomes", "rationale"}
    scope = house.scope("panel.administrator")
    booking = items.find(scope, item)
    assert booking is not None
    kept = answers.load(scope, case_id, booking.id)
    assert kept[Place("discussion")].value == "It was long"
    assert booking.state == "booked"


@pytest.mark.clause("BEX-1.2")
def test_an_inquorate_meeting_records_nothing(house: House) -> None:
    item, _, _ = panel(house, posts=("chair", "adoption"))
    found = refused(house, item, CARRY_ON)
    assert "Not quorate" in found["attendance"]


@pytest.mark.clause("BEX-1.2")
def test_members_who_leave_break_the_quorum_for_what_follows(house: House) -> None:
    item, _, _ = panel(house)
    with writing():
        db.session.execute(
            sa.update(Attendance)
            .where(Attendance.post_code == "fostering")
            .values(state="left", left_at=AT)
        )
    assert "Not quorate" in refused(house, item, CARRY_ON)["attendance"]


@pytest.mark.clause("BEX-1.11")
def test_without_a_usual_chair_the_meeting_is_on_hold(house: House) -> None:
    item, _, meeting_id = panel(house, posts=("adoption", "fostering", "legal"))
    with writing():
        for post in ("chair", "vice-chair"):
            db.session.execute(
                sa.insert(Attendance).values(
                    authority_id=house.authority_id,
                    meeting_id=meeting_id,
                    post_code=post,
                    account_id=house.accounts[POSTS[post][0]],
                    state="apologies",
                )
            )
    assert set(refused(house, item, CARRY_ON)) == {"leave", "chair"}


def test_a_closed_meeting_records_nothing(house: House) -> None:
    item, _, meeting_id = panel(house)
    with writing():
        db.session.execute(
            sa.update(Meeting).where(Meeting.id == meeting_id).values(state="closed")
        )
    assert any("closed" in message for message in refused(house, item, CARRY_ON).values())


def test_further_actions_need_what_owner_and_date(house: House) -> None:
    item, _, _ = panel(house)
    found = refused(house, item, CARRY_ON | {"action-0001-abcd.what": "Write to the school"})
    assert set(found) == {"action-0001-abcd.owner", "action-0001-abcd.due"}
    owner = who(house, "iro")
    unreal = {"action-0002-abcd.owner": owner, "action-0002-abcd.due": "31/2/2027"}
    found = refused(house, item, CARRY_ON | unreal)
    assert found["action-0002-abcd.due"] == "Enter a real date"
    assert found["action-0002-abcd.what"] == "Say what is to be done"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-11-22", "must be 23 November 2026 or later: that is the day of the meeting"),
        ("2028-11-24", "must be 23 November 2028 or earlier: 24 months (set here, not by the"),
        ("2099-12-20", "from the meeting at most"),
        ("2026-11-23", None),
        ("2028-11-23", None),
    ],
)
def test_a_typed_date_is_the_meetings_day_or_within_two_years_of_it(
    house: House, due: str, said: str | None
) -> None:
    item, _, _ = panel(house)
    owner = who(house, "iro")
    further = {"what": "Write to the school", "owner": owner, "due": due}
    typed = {f"action-0001-abcd.{field}": value for field, value in further.items()}
    of_outcome = {"owner": owner, "due": due}
    typed |= chosen(
        "work-with-family",
        **{f"outcome-work-with-family.{field}": value for field, value in of_outcome.items()},
    )
    if said is None:
        record(house, item, typed)
        made = db.session.scalars(sa.select(Action.due)).all()
        db.session.rollback()
        assert made == [date.fromisoformat(due)] * 2
        return
    found = refused(house, item, typed)
    assert set(found) == {"action-0001-abcd.due", "outcome-work-with-family.due"}
    assert said in found["outcome-work-with-family.due"]
    assert found["action-0001-abcd.due"].startswith("The date for “Write to the school” must be ")
    assert said in found["action-0001-abcd.due"]


def test_an_owner_of_another_authority_is_refused(house: House) -> None:
    item, _, _ = panel(house)
    other = House(house.app, house.today, code="TOY", slug="toyshire")
    found = refused(
        house,
        item,
        CARRY_ON
        | {
            "action-0001-abcd.what": "Write to the school",
            "action-0001-abcd.owner": who(other, "iro"),
            "action-0001-abcd.due": "2026-12-20",
        },
    )
    assert list(found) == ["action-0001-abcd.owner"]


@pytest.mark.parametrize("role", ["inspector", "authority.administrator"])
def test_an_action_is_given_only_to_somebody_who_can_save_it(house: House, role: str) -> None:
    item, _, _ = panel(house)
    owner = {"outcome-work-with-family.owner": who(house, role)}
    due = {"outcome-work-with-family.due": "2026-12-10"}
    assert set(refused(house, item, chosen("work-with-family", **owner, **due))) == {
        "outcome-work-with-family.owner"
    }


@pytest.mark.clause("BEX-1.24")
def test_a_case_returns_to_the_last_panel_on_or_before_the_date_under_item_4(house: House) -> None:
    item, case_id, _ = panel(house)
    house.meeting(date(2026, 12, 3))
    last, _ = house.meeting(date(2026, 12, 17))
    house.meeting(date(2026, 12, 31))
    record(house, item, CARRY_ON | {"return-by": "2026-12-17"})
    back = one(
        sa.select(Booking.item, Booking.state, Booking.why, Booking.case_id, Decision.id)
        .join(Decision, Decision.id == Booking.from_decision_id)
        .where(Booking.meeting_id == last)
    )
    assert tuple(back)[:4] == (
        "previous",
        "booked",
        "Returns by 17 December 2026 (BEX-1.24)",
        case_id,
    )
    assert one(sa.select(Decision.return_meeting_id)).return_meeting_id == last


@pytest.mark.clause("BEX-1.24")
def test_a_return_date_with_no_panel_before_it_names_the_known_dates(house: House) -> None:
    item, _, _ = panel(house)
    house.meeting(date(2026, 12, 3))
    found = refused(house, item, CARRY_ON | {"return-by": "2026-12-02"})
    assert "3 December 2026" in found["return-by"]
    for typed, words in (("2026-11-23", "must be after"), ("31/2/2026", "real date")):
        assert words in refused(house, item, CARRY_ON | {"return-by": typed})["return-by"]


@pytest.mark.clause("BEX-1.24")
def test_a_panel_whose_papers_day_has_passed_is_warned_of(house: House) -> None:
    item, _, _ = panel(house)
    house.meeting(date(2026, 11, 25))
    recorded = record(house, item, CARRY_ON | {"return-by": "2026-12-01"})
    assert recorded.returns_on == date(2026, 11, 25)
    assert ["20 November 2026" in w.message for w in recorded.warnings] == [True]


def test_a_case_that_returned_is_decided_again_and_the_first_decision_stands(house: House) -> None:
    item, case_id, _ = panel(house)
    meeting_id, _ = house.meeting(date(2026, 12, 3), state="open")
    sit(house, meeting_id)
    record(house, item, CARRY_ON | {"return-by": "2026-12-10"})
    again = one(sa.select(Booking.public_id).where(Booking.meeting_id == meeting_id)).public_id
    house.today = date(2026, 12, 3)
    record(house, again, chosen("endorse-reunification"))
    made = decisions.load(house.scope("panel.chair"), case_ids=[case_id])
    assert [d.outcomes[0].code for d in made] == ["endorse-reunification", "continue-care-plan"]


def test_the_second_to_record_is_told_who_was_first_and_changes_nothing(house: House) -> None:
    item, _, _ = panel(house)
    record(house, item, CARRY_ON, "panel.chair")
    with pytest.raises(Refused) as refusal:
        record(house, item, chosen("endorse-reunification"))
    assert "recorded by Panel Chair Of Bexley" in refusal.value.findings[0].message
    assert count(Decision) == 1
    assert one(sa.select(DecisionOutcome.code)).code == "continue-care-plan"


def test_one_field_changed_by_two_is_not_recorded_until_one_chooses(house: House) -> None:
    item, _, _ = panel(house)
    registry = house.app.extensions["permanence"].registry
    place = Place("rationale")
    save_draft(house.scope("panel.chair"), registry, item, {place: "Theirs"}, {place: 0}, AT)
    with pytest.raises(Clashing) as clash:
        record(house, item, CARRY_ON, stale=True)
    assert [(c.mine, c.theirs) for c in clash.value.clashes] == [(CARRY_ON["rationale"], "Theirs")]
    assert count(Decision) == 0


def test_who_was_there_and_in_the_chair_is_kept_with_the_decision(house: House) -> None:
    item, _, _ = panel(house)
    record(house, item, CARRY_ON | {"agreed": "One\n\nTwo"})
    row = one(sa.select(Decision.chair_name, Decision.present, Decision.agreed))
    assert row.chair_name == "Panel Chair Of Bexley"
    assert len(row.present.splitlines()) == 3
    assert row.agreed == "One\nTwo"


@pytest.mark.clause("BEX-1.3")
def test_a_declaration_is_kept_with_its_item(house: House) -> None:
    item, _, meeting_id = panel(house)
    scope = house.scope("panel.administrator")
    registry = house.app.extensions["permanence"].registry
    member = items.members(scope, meeting_id)[1]
    declare(scope, registry, item, member.id, "I taught her brother", AT)
    with pytest.raises(Refused):
        declare(scope, registry, item, None, " ", AT)
    with pytest.raises(Refused) as refusal:
        declare(scope, registry, item, member.id, "w" * 4_001, AT)
    assert [(f.field, f.message) for f in refusal.value.findings] == [
        ("what", "This answer is too long: at most 4,000 characters, and it has 4,001")
    ]
    booking = items.find(scope, item)
    assert booking is not None
    assert [(d.name, d.what, d.written_by) for d in declarations.of_items(scope, [booking.id])] == [
        (member.name, "I taught her brother", "Panel Administrator Of Bexley")
    ]


@pytest.mark.clause("BEX-1.3")
def test_a_member_declares_for_themself_only(house: House) -> None:
    item, _, meeting_id = panel(house)
    scope = house.scope("panel.member")
    registry = house.app.extensions["permanence"].registry
    there = {m.account_id: m for m in items.members(scope, meeting_id)}
    own = there[house.accounts["panel.member"]]
    with pytest.raises(Refused) as refusal:
        declare(scope, registry, item, there[house.accounts["adoption"]].id, "Theirs", AT)
    assert [f.field for f in refusal.value.findings] == ["member"]
    declare(scope, registry, item, own.id, "I know her aunt", AT)
    booking = items.find(scope, item)
    assert booking is not None
    assert [d.words for d in declarations.of_items(scope, [booking.id])] == [
        f"{own.name}: I know her aunt"
    ]


def table(house: House, item: str, meeting: str, reason: str = "No time was left") -> date:
    registry = house.app.extensions["permanence"].registry
    return table_case(house.scope("panel.chair"), registry, item, meeting, reason, AT)


@pytest.mark.clause("BEX-1.19")
def test_a_case_not_heard_goes_to_a_later_panel_with_its_papers(house: House) -> None:
    item, case_id, _ = panel(house)
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    table(house, item, meeting)
    states = db.session.execute(
        sa.select(Booking.meeting_id, Booking.state, Booking.why, Booking.case_id).order_by(
            Booking.id
        )
    ).all()
    assert [(s.state, s.why, s.case_id) for s in states] == [
        ("tabled", "Tabled for the panel on 3 December 2026: No time was left", case_id),
        ("booked", "Tabled from the panel on 23 November 2026: No time was left", case_id),
    ]
    case = one(sa.select(PanelCase.meeting_id, PanelCase.state))
    assert tuple(case) == (meeting_id, "booked")
    with pytest.raises(Refused):
        record(house, item, CARRY_ON)


@pytest.mark.clause("BEX-1.19")
def test_the_longest_reason_for_tabling_fits_behind_where_the_case_went(house: House) -> None:
    item, _, _ = panel(house)
    _, meeting = house.meeting(date(2026, 12, 3))
    with pytest.raises(Refused):
        table(house, item, meeting, "w" * 201)
    table(house, item, meeting, "w" * 200)
    for why in db.session.execute(sa.select(Booking.why)).scalars():
        assert why.endswith("w" * 200)


@pytest.mark.clause("BEX-1.19")
def test_a_returning_case_that_is_tabled_stays_heard_and_under_its_item(house: House) -> None:
    item, case_id, _ = panel(house)
    house.meeting(date(2026, 12, 3))
    _, last = house.meeting(date(2026, 12, 17))
    record(house, item, CARRY_ON | {"return-by": "2026-12-10"})
    again = one(sa.select(Booking.public_id).where(Booking.item == "previous")).public_id
    table(house, again, last)
    moved = one(
        sa.select(Booking.item, Booking.state, Booking.from_decision_id)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .where(Meeting.public_id == last)
    )
    assert tuple(moved)[:2] == ("previous", "booked")
    assert moved.from_decision_id is not None
    assert one(sa.select(PanelCase.state)).state == "heard"


def test_of_two_who_record_at_the_same_moment_one_wins(house: House) -> None:
    item, case_id, _ = panel(house)
    booking = items.find(house.scope("panel.chair"), item)
    assert booking is not None
    save_draft(
        house.scope("panel.chair"),
        house.app.extensions["permanence"].registry,
        item,
        {Place.named(name): value for name, value in CARRY_ON.items()},
        {},
        AT,
    )
    stored = answers.load(house.scope("panel.chair"), case_id, booking.id)
    seen = {place: answer.version for place, answer in stored.items()}
    scopes = [house.scope("panel.chair"), house.scope("panel.administrator")]
    gate, ends = threading.Barrier(2), []
    db.session.remove()

    def go(scope: Scope) -> None:
        with house.app.app_context():
            registry = house.app.extensions["permanence"].registry
            gate.wait()
            try:
                record_decision(scope, registry, item, {}, seen, AT)
                ends.append("recorded")
            except Refused as refusal:
                ends.append(refusal.findings[0].message)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(scope,)) for scope in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(end == "recorded" for end in ends) == [False, True]
    assert any("was recorded by" in end for end in ends)
    assert count(Decision) == 1


@pytest.mark.clause("BEX-1.13")
@pytest.mark.clause("BEX-1.19")
def test_a_full_agenda_takes_no_tabled_case(house: House) -> None:
    item, _, _ = panel(house)
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    for number in range(5):
        child_id, _ = house.child(local_id=f"02{number}")
        book(house, meeting_id, (child_id,), position=number + 1)
    with pytest.raises(Refused) as refusal:
        table(house, item, meeting)
    assert refusal.value.findings[0].clauses == ("BEX-1.13",)
    assert items.find(house.scope("panel.chair"), item).state == "booked"  # type: ignore[union-attr]


def test_tabling_needs_a_later_meeting_and_a_reason(house: House) -> None:
    item, _, _ = panel(house)
    _, earlier = house.meeting(date(2026, 11, 10))
    with pytest.raises(Refused) as refusal:
        table(house, item, earlier, "  ")
    assert [f.field for f in refusal.value.findings] == ["meeting", "reason"]
