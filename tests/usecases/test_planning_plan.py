"""The plan of a planning meeting in the child's record: the same plan goes on, a new one begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from builders.dated import typed
from builders.house import AT, House

from core.domain.offer import Among
from core.domain.planned import PlanDraft, Step, Weighed
from core.domain.record.recorded import Recorded, plan_in_use
from core.store import record, record_summary
from core.store.database import db, writing
from core.store.tables.record import RecordSummary
from core.usecases.planning_plan import (
    Written,
    agreed_plan_ended,
    approved_options,
    drafted,
    write_plan,
)
from core.usecases.record import correct_here
from core.usecases.record_new import add

ON = date(2026, 11, 23)
LATER = AT + timedelta(hours=1)
ADOPTION = Weighed(
    "adoption", "Adoption", Among.CELL, (), conclusion="supported", why="He needs a family"
)
FOSTERING = Weighed(
    "long-term-fostering",
    "Long-term fostering",
    Among.CELL,
    (),
    conclusion="considered",
    why="If nobody is found",
    rationale="He has settled",
)
FIND = Step("plan-step-0001-abcd", "primary", "Begin family finding", "Una", date(2026, 12, 20))
ASK = Step("plan-step-0002-abcd", "contingency", "Ask fostering", "", date(2026, 12, 21))
DRAFT = PlanDraft(
    weighed=(ADOPTION, FOSTERING, replace(ADOPTION, code="cao", conclusion="", why="")),
    primary="adoption",
    contingencies=("long-term-fostering",),
    steps=(FIND, ASK, Step("plan-step-0003-abcd", "primary", "")),
)


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    return house.child()


def write(
    house: House, child: tuple[int, str], draft: PlanDraft, on: date = ON, at: datetime = AT
) -> Written | None:
    with writing():
        return write_plan(house.scope("social.worker"), child[1], draft, on, at)


def standing(house: House, child: tuple[int, str], kind: str) -> list[Recorded]:
    found = record.entries(house.whole, child[0])
    db.session.rollback()
    return [entry for entry in found if entry.kind == kind and entry.stands]


def said(entry: Recorded, *fields: str) -> tuple[str, ...]:
    return tuple(entry.value(field) for field in fields)


def test_a_first_plan_is_provisional_from_the_day_of_the_meeting_with_options_and_steps(
    house: House, child: tuple[int, str]
) -> None:
    done = write(house, child, DRAFT)
    (plan,) = standing(house, child, "plan")
    assert done == Written(plan.public_id, new=True)
    assert said(plan, "primary", "contingencies", "state", "identified_on") == (
        "adoption", "long-term-fostering", "provisional", "2026-11-23",
    )  # fmt: skip
    options = standing(house, child, "plan-option")
    assert {one.parent_id for one in options} == {plan.id}
    assert [said(one, "option", "conclusion", "why", "considered_on") for one in options] == [
        ("adoption", "supported", "He needs a family", "2026-11-23"),
        ("long-term-fostering", "considered", "If nobody is found\n\nHe has settled", "2026-11-23"),
    ]
    steps = standing(house, child, "plan-step")
    assert [said(one, "plan", "what", "who", "due_on") for one in steps] == [
        ("primary", "Begin family finding", "Una", "2026-12-20"),
        ("contingency", "Ask fostering", "", "2026-12-21"),
    ]
    statement = plan.values["primary"].statement
    assert statement.why == "Said at the planning meeting of 23 November 2026"


def test_the_same_plan_at_the_next_meeting_goes_on_and_keeps_what_was_said_before(
    house: House, child: tuple[int, str]
) -> None:
    first = write(house, child, DRAFT, date(2026, 10, 1))
    moved = replace(FIND, due_on=date(2027, 1, 20))
    again = replace(DRAFT, steps=(moved, ASK), weighed=(replace(ADOPTION, why="Still"),))
    assert write(house, child, again, at=LATER) == Written(first.plan if first else "", new=False)
    (plan,) = standing(house, child, "plan")
    assert said(plan, "identified_on", "state", "ended_on") == ("2026-10-01", "provisional", "")
    options = standing(house, child, "plan-option")
    assert [said(one, "option", "why", "considered_on") for one in options] == [
        ("adoption", "He needs a family", "2026-10-01"),
        ("long-term-fostering", "If nobody is found\n\nHe has settled", "2026-10-01"),
        ("adoption", "Still", "2026-11-23"),
    ]
    find, ask = standing(house, child, "plan-step")
    assert said(find, "due_on") == ("2027-01-20",)
    assert [s.value for s in find.statements if s.field == "due_on"] == ["2026-12-20", "2027-01-20"]
    assert len([s for s in ask.statements if s.field == "due_on"]) == 1


def test_other_contingencies_are_of_the_same_plan(house: House, child: tuple[int, str]) -> None:
    first = write(house, child, DRAFT, date(2026, 10, 1))
    other = replace(DRAFT, contingencies=("sgo", "cao"))
    assert write(house, child, other, at=LATER) == Written(first.plan if first else "", new=False)
    (plan,) = standing(house, child, "plan")
    assert said(plan, "primary", "contingencies") == ("adoption", "cao,sgo")
    none = replace(DRAFT, contingencies=())
    write(house, child, none, at=LATER)
    (plan,) = standing(house, child, "plan")
    assert plan.value("contingencies") == ""


def test_what_is_written_of_the_plan_in_words_stays_as_a_meeting_keeps_the_plan(
    house: House, child: tuple[int, str]
) -> None:
    write(house, child, DRAFT, date(2026, 10, 1))
    (plan,) = standing(house, child, "plan")
    words = {"primary_words": "He is to have a family by the summer"}
    with writing():
        correct_here(house.scope("social.worker"), plan.public_id, words, {}, "Said now", LATER)
    write(house, child, replace(DRAFT, contingencies=("sgo",)), at=LATER)
    (plan,) = standing(house, child, "plan")
    assert said(plan, "primary_words", "contingencies") == (words["primary_words"], "sgo")


def test_a_changed_primary_plan_is_a_new_one_and_the_old_one_ends(
    house: House, child: tuple[int, str]
) -> None:
    first = write(house, child, DRAFT, date(2026, 10, 1))
    changed = replace(DRAFT, primary="long-term-fostering", contingencies=("adoption",))
    done = write(house, child, changed, at=LATER)
    assert done is not None and first is not None
    assert done.new and done.plan != first.plan
    old, new = standing(house, child, "plan")
    assert said(old, "primary", "ended_on") == ("adoption", "2026-11-23")
    assert said(new, "primary", "identified_on") == ("long-term-fostering", "2026-11-23")
    assert plan_in_use([old, new]) is new
    assert {one.parent_id for one in standing(house, child, "plan-step")} == {old.id, new.id}


def test_without_a_primary_plan_options_go_to_the_plan_there_is_or_stand_beside_it(
    house: House, child: tuple[int, str]
) -> None:
    none = replace(DRAFT, primary="", contingencies=())
    assert write(house, child, none) is None
    assert standing(house, child, "plan") == [] == standing(house, child, "plan-step")
    before = standing(house, child, "plan-option")
    assert [said(one, "option", "conclusion", "considered_on") for one in before] == [
        ("adoption", "supported", "2026-11-23"),
        ("long-term-fostering", "considered", "2026-11-23"),
    ]
    assert {one.parent_id for one in before} == {None}
    write(house, child, none)
    assert len(standing(house, child, "plan-option")) == 2  # Written twice it is there once.
    write(house, child, DRAFT, date(2026, 10, 1))
    assert write(house, child, none, at=LATER) is not None
    (plan,) = standing(house, child, "plan")
    assert said(plan, "primary", "contingencies") == ("adoption", "long-term-fostering")
    days = {one.value("considered_on") for one in standing(house, child, "plan-option")}
    assert days == {"2026-10-01", "2026-11-23"}
    assert len(standing(house, child, "plan-option")) == 6


def test_lists_have_a_plan_of_many_parts_worked_out_once(
    house: House, child: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[object] = []
    monkeypatch.setattr(record_summary, "put", lambda scope, ids: put.append(list(ids)))
    write(house, child, DRAFT)
    assert put == [[child[0]]]
    write(house, child, DRAFT, at=LATER)
    assert len(put) == 1, "nothing has changed"


def test_lists_show_the_plan_that_a_meeting_wrote(house: House, child: tuple[int, str]) -> None:
    write(house, child, DRAFT)
    query = sa.select(RecordSummary.plan).where(RecordSummary.child_id == child[0])
    assert db.session.scalars(query).all() == ["adoption"]
    db.session.rollback()


def test_written_twice_it_is_there_once(house: House, child: tuple[int, str]) -> None:
    write(house, child, DRAFT)
    write(house, child, DRAFT, at=LATER)
    counts = [len(standing(house, child, kind)) for kind in ("plan", "plan-option", "plan-step")]
    assert counts == [1, 2, 2]


def test_an_option_that_has_no_name_keeps_its_words(house: House, child: tuple[int, str]) -> None:
    other = Weighed(
        "other", "Another option", Among.OUTSIDE, (), conclusion="supported", why="It suits her",
        rationale="The aunt teaches there", words="A boarding school", row="outside-0001-abcd",
    )  # fmt: skip
    write(house, child, replace(DRAFT, primary="other", weighed=(other,)))
    (plan,) = standing(house, child, "plan")
    assert said(plan, "primary", "primary_words") == ("other", "A boarding school")
    (option,) = standing(house, child, "plan-option")
    assert option.value("why") == "A boarding school\n\nIt suits her\n\nThe aunt teaches there"


def test_a_plan_that_somebody_typed_before_is_gone_on_with(
    house: House, child: tuple[int, str]
) -> None:
    typed = {"primary": "adoption", "identified_on": "2026-09-20", "state": "agreed",
             "contingencies": "long-term-fostering", "agreed_on": "2026-10-20",
             "agreed_by": "The second review"}  # fmt: skip
    made = add(house.scope("social.worker"), child[1], "plan", typed, AT)
    assert write(house, child, DRAFT, at=LATER) == Written(made.public_id, new=False)
    (plan,) = standing(house, child, "plan")
    assert said(plan, "state", "contingencies") == ("agreed", "long-term-fostering")


def test_a_return_home_that_was_achieved_and_is_planned_once_more_is_another_plan(
    house: House, child: tuple[int, str]
) -> None:
    home = PlanDraft(
        weighed=(replace(ADOPTION, code="return-home"),),
        primary="return-home",
        contingencies=("adoption",),
    )
    values = {"primary": "return-home", "state": "achieved", "achieved_on": "2026-05-01"}
    add(house.scope("social.worker"), child[1], "plan", values, AT)
    db.session.rollback()
    written = write(house, child, home)
    assert written is not None and written.new
    there = {one.value("state") for one in standing(house, child, "plan")}
    assert there == {"achieved", "provisional"}


@pytest.mark.clause("PPM10-A.under7.no")
def test_an_approval_counts_for_the_plan_that_the_meeting_makes() -> None:
    """The same contingencies as were put to the head of service, or not; whatever is said why."""
    draft = PlanDraft(
        weighed=(replace(FOSTERING, conclusion="supported"),),
        primary="long-term-fostering",
        contingencies=("adoption",),
    )
    plan = typed("plan", primary="long-term-fostering", contingencies="adoption",
                 identified_on="2026-10-01")  # fmt: skip
    put = typed("plan-approval", rule="fostering-young", option="long-term-fostering",
                contingencies="adoption", rationale="If nobody is found\n\nHe has settled",
                answer="given", answered_on="2026-11-20")  # fmt: skip
    entries = [plan, replace(put, parent_id=plan.id)]
    assert approved_options(entries, draft, ON) == {"long-term-fostering"}
    others = replace(draft, contingencies=("sgo",))
    why = replace(draft, weighed=(replace(FOSTERING, why="Nobody was found"),))
    assert approved_options(entries, others, ON) == set()
    assert approved_options(entries, why, ON) == {"long-term-fostering"}
    agreed = typed("plan", primary="long-term-fostering", contingencies="adoption",
                   primary_words="He has settled", state="agreed",
                   agreed_on="2026-11-20")  # fmt: skip
    kept = typed("plan-approval", rule="fostering-young", option="long-term-fostering",
                 contingencies="adoption", rationale="He has settled", answer="given")  # fmt: skip
    entries = [agreed, replace(kept, parent_id=agreed.id)]
    assert approved_options(entries, why, ON) == {"long-term-fostering"}  # it is agreed already


def test_an_agreed_plan_is_not_changed_another_contingency_is_to_be_agreed_anew(
    house: House, child: tuple[int, str]
) -> None:
    typed = {"primary": "adoption", "identified_on": "2026-09-20", "state": "agreed",
             "contingencies": "sgo", "agreed_on": "2026-10-20", "agreed_by": "IRO"}  # fmt: skip
    made = add(house.scope("social.worker"), child[1], "plan", typed, AT)
    done = write(house, child, DRAFT, at=LATER)
    assert done is not None and done.new and done.plan != made.public_id
    agreed, new = standing(house, child, "plan")
    assert said(agreed, "state", "contingencies", "agreed_on", "ended_on") == (
        "agreed", "sgo", "2026-10-20", "2026-11-23",
    )  # fmt: skip
    assert said(new, "state", "contingencies", "agreed_on") == (
        "provisional", "long-term-fostering", "",
    )  # fmt: skip
    assert plan_in_use([agreed, new]) is new


def agreed_adoption(house: House, child: tuple[int, str], **more: str) -> str:
    typed = {"primary": "adoption", "identified_on": "2026-09-20", "state": "agreed",
             "contingencies": "sgo", "agreed_on": "2026-10-20", "agreed_by": "IRO"}  # fmt: skip
    made = add(house.scope("social.worker"), child[1], "plan", {**typed, **more}, AT)
    return made.public_id


def test_a_meeting_that_names_no_contingency_leaves_an_agreed_plan_as_it_is(
    house: House, child: tuple[int, str]
) -> None:
    made = agreed_adoption(house, child)
    none = replace(DRAFT, contingencies=())
    (plan,) = standing(house, child, "plan")
    assert agreed_plan_ended([plan], none, ON) is None
    as_agreed = drafted(none, plan, ON)
    assert (as_agreed.on, as_agreed.values["contingencies"]) == (date(2026, 10, 20), "sgo")
    assert write(house, child, none, at=LATER) == Written(made, new=False)
    (plan,) = standing(house, child, "plan")
    assert said(plan, "state", "contingencies", "agreed_on") == ("agreed", "sgo", "2026-10-20")


def test_the_open_steps_of_an_agreed_plan_go_on_in_the_one_of_the_same_option(
    house: House, child: tuple[int, str]
) -> None:
    made = agreed_adoption(house, child)
    steps: list[dict[str, str]] = [
        {"what": "Begin family finding", "plan": "primary", "due_on": "2026-12-01",
         "words": "Two families asked"},
        {"what": "Ask the aunt", "plan": "contingency", "who": "Una", "due_on": "2026-12-02"},
        {"what": "Tell him", "plan": "primary", "done_on": "2026-11-01"},
    ]  # fmt: skip
    for step in steps:
        add(house.scope("social.worker"), child[1], "plan-step", step, AT, part_of=made)
    write(house, child, replace(DRAFT, steps=(FIND,)), at=LATER)
    _, new = standing(house, child, "plan")
    carried = [one for one in standing(house, child, "plan-step") if one.parent_id == new.id]
    assert [said(one, "what", "plan", "who", "due_on", "words") for one in carried] == [
        ("Begin family finding", "primary", "Una", "2026-12-20", "Two families asked"),
        ("Ask the aunt", "contingency", "Una", "2026-12-02", ""),
    ]


def test_steps_do_not_go_on_in_a_plan_of_another_option(
    house: House, child: tuple[int, str]
) -> None:
    made = agreed_adoption(house, child)
    step = {"what": "Ask the aunt", "plan": "primary"}
    add(house.scope("social.worker"), child[1], "plan-step", step, AT, part_of=made)
    changed = replace(DRAFT, primary="long-term-fostering", contingencies=("sgo",), steps=())
    (plan,) = standing(house, child, "plan")
    assert agreed_plan_ended([plan], changed, ON) is not None
    write(house, child, changed, at=LATER)
    (kept,) = standing(house, child, "plan-step")
    assert kept.parent_id == plan.id


def test_a_plan_of_an_earlier_meeting_ends_where_the_later_one_began(
    house: House, child: tuple[int, str]
) -> None:
    first = {"primary": "return-home", "identified_on": "2026-08-01"}
    add(house.scope("social.worker"), child[1], "plan", first, AT)
    write(house, child, DRAFT)
    late = replace(DRAFT, primary="sgo", contingencies=("cao",))
    write(house, child, late, date(2026, 10, 1), at=LATER)
    days = [said(one, "primary", "identified_on", "ended_on")
            for one in standing(house, child, "plan")]  # fmt: skip
    assert days == [
        ("return-home", "2026-08-01", "2026-10-01"),
        ("adoption", "2026-11-23", ""),
        ("sgo", "2026-10-01", "2026-11-23"),
    ]


def test_what_a_later_meeting_said_of_the_same_plan_stays(
    house: House, child: tuple[int, str]
) -> None:
    typed = {"primary": "adoption", "contingencies": "sgo", "identified_on": "2026-09-01"}
    add(house.scope("social.worker"), child[1], "plan", typed, AT)
    write(house, child, DRAFT)
    again = replace(FIND, due_on=date(2026, 11, 1))
    late = replace(DRAFT, contingencies=("cao",), steps=(again,))
    with writing():
        scope = house.scope("social.worker")
        write_plan(scope, child[1], late, date(2026, 10, 1), LATER, superseded=True)
    (plan,) = standing(house, child, "plan")
    assert plan.value("contingencies") == "long-term-fostering"
    due = [one.value("due_on") for one in standing(house, child, "plan-step")]
    assert due == ["2026-12-20", "2026-12-21"]
    days = {one.value("considered_on") for one in standing(house, child, "plan-option")}
    assert days == {"2026-10-01", "2026-11-23"}
