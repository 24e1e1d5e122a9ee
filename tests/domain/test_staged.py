"""A document in its stages: order, side by side, sent back, and voided by changed text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.procedure.stages import Asked, Does, Stages, StageStep
from core.domain.staged import (
    AUTHOR,
    DONE,
    TEXT_MOST,
    Said,
    Saying,
    Standing,
    State,
    back_fault,
    back_to,
    filing,
    lacking,
    standing,
    text_fault,
    voided,
)
from plugins.ppm_guidance.stages import FINAL_CARE_PLAN as PLAN

TODAY = date(2026, 11, 23)
MANAGER, OFFICER, LEGAL, HEAD = "team-manager", "reviewing-officer", "legal", "head-of-service"
ASKED = Saying(1, Said.ASKED)


def done(step: str, number: int = 1) -> Saying:
    rule = PLAN.step(step)
    assert rule is not None
    return Saying(number, DONE[rule.does], step)


def back(step: str, to: str = AUTHOR, number: int = 1) -> Saying:
    return Saying(number, Said.SENT_BACK, step, to, "Say why")


def at(*sayings: Saying, number: int = 1) -> Standing:
    return standing(PLAN, number, sayings)


@pytest.mark.clause("PPM10-11")
def test_the_team_manager_then_both_reviewers_side_by_side_then_the_head_of_service() -> None:
    assert [[step.code for step in stage] for stage in PLAN.stages] == [
        [MANAGER],
        [OFFICER, LEGAL],
        [HEAD],
    ]
    assert [step.does for step in PLAN.steps()] == [
        Does.APPROVES,
        Does.REVIEWS,
        Does.REVIEWS,
        Does.APPROVES,
    ]
    assert at().state is State.WRITTEN and at().open == ()
    assert at(ASKED).stage == (MANAGER,)
    assert at(ASKED, done(MANAGER)).stage == (OFFICER, LEGAL)
    assert at(ASKED, done(MANAGER), done(LEGAL)).stage == (OFFICER,)
    assert at(ASKED, done(MANAGER), done(OFFICER)).stage == (LEGAL,)
    both = (ASKED, done(MANAGER), done(LEGAL), done(OFFICER))
    assert at(*both).stage == (HEAD,)
    assert at(*both, done(HEAD)).state is State.COMPLETE


@pytest.mark.clause("PPM10-11")
def test_changed_text_voids_every_approval_and_goes_back_to_its_author() -> None:
    said = (ASKED, done(MANAGER), done(LEGAL), done(OFFICER), done(HEAD))
    now = at(*said, number=2)
    assert now.state is State.WRITTEN and now.done == {} and now.open == ()
    assert len(lacking(PLAN, now)) == 4
    again = at(*said, Saying(2, Said.ASKED), number=2)
    assert again.stage == (MANAGER,)
    gone = voided(2, said)
    assert [one.saying.step for one in gone] == [MANAGER, LEGAL, OFFICER, HEAD]
    assert {one.by for one in gone} == {2}
    assert voided(1, said) == ()


@pytest.mark.clause("PPM10-11")
def test_sent_back_to_its_author_nothing_counts_and_to_a_step_what_follows_is_done_again() -> None:
    said = (ASKED, done(MANAGER), done(OFFICER), done(LEGAL))
    home = at(*said, back(HEAD))
    assert home.state is State.WRITTEN and home.done == {}
    assert at(*said, back(HEAD), ASKED).stage == (MANAGER,)
    to_legal = at(*said, back(HEAD, LEGAL))
    assert to_legal.stage == (LEGAL,) and set(to_legal.done) == {MANAGER, OFFICER}
    to_manager = at(*said, back(HEAD, MANAGER))
    assert to_manager.stage == (MANAGER,) and to_manager.done == {}
    beside = at(ASKED, done(MANAGER), done(LEGAL), back(OFFICER, MANAGER))
    assert beside.stage == (MANAGER,) and beside.done == {}


def test_what_is_given_up_is_over_whatever_was_said() -> None:
    said = (ASKED, done(MANAGER), Saying(1, Said.GIVEN_UP))
    assert at(*said).state is State.GIVEN_UP and at(*said).open == ()
    assert at(*said, number=2).state is State.GIVEN_UP


def test_one_is_sent_back_to_earlier_stages_alone_and_in_words() -> None:
    steps = {step.code: step for step in PLAN.steps()}
    assert back_to(PLAN, steps[MANAGER]) == ()
    assert [one.code for one in back_to(PLAN, steps[LEGAL])] == [MANAGER]
    assert [one.code for one in back_to(PLAN, steps[HEAD])] == [MANAGER, OFFICER, LEGAL]
    assert back_fault(PLAN, steps[HEAD], LEGAL, "The threshold is not set out") == ()
    for to in (HEAD, "", "nobody"):
        assert [f.field for f in back_fault(PLAN, steps[HEAD], to, "Why")] == ["to"]
    assert [f.field for f in back_fault(PLAN, steps[LEGAL], OFFICER, " ")] == ["to", "words"]


@pytest.mark.clause("PPM10-11")
def test_filing_names_each_stage_that_lacks_and_its_clause() -> None:
    now = at(ASKED, done(MANAGER), done(LEGAL))
    found = filing(PLAN, now, TODAY, "", TODAY, TODAY)
    assert [(one.code, one.clauses) for one in found] == [
        (OFFICER, ("PPM10-11",)),
        (HEAD, ("PPM10-11",)),
    ]
    assert "Stage 2, Review by the ISRO" in found[0].message and found[0].blocks
    whole = at(ASKED, done(MANAGER), done(LEGAL), done(OFFICER), done(HEAD))
    assert filing(PLAN, whole, TODAY, "", TODAY, TODAY) == ()
    wrong = {
        None: "Enter the day",
        date(2026, 11, 24): "today or in the past",
        date(2026, 11, 22): "before the last approval",
    }
    for on, words in wrong.items():
        (only,) = filing(PLAN, whole, on, "", TODAY, TODAY)
        assert words in only.message and only.field == "filed"
    (typed,) = filing(PLAN, whole, None, "The day of filing must be a real date", TODAY, TODAY)
    assert typed.message == "The day of filing must be a real date"


def test_a_text_is_written_and_not_endless() -> None:
    assert text_fault("x" * TEXT_MOST) is None
    for wrong in ("", " \n", "x" * (TEXT_MOST + 1)):
        fault = text_fault(wrong)
        assert fault is not None and fault.field == "text"


def test_stages_without_a_step_or_with_one_twice_are_faults() -> None:
    step = StageStep(code="legal", clauses=("TOY-21",), who=Asked.LEGAL)
    whole = Stages(code="toy-letter", clauses=("TOY-21",), stages=((step,),))
    assert list(whole.faults()) == []
    for stages in ((), ((),), ((step,), ())):
        assert list(Stages(code="x", clauses=(), stages=stages).faults()) == ["a stage has no step"]
    twice = Stages(code="x", clauses=(), stages=((step,), (step,)))
    assert list(twice.faults()) == ["two steps have one code"]


steps = st.sampled_from([step.code for step in PLAN.steps()])
moves = st.lists(
    st.one_of(
        st.just(("ask", "", "")),
        st.just(("change", "", "")),
        st.tuples(st.just("do"), steps, st.just("")),
        st.tuples(st.just("back"), steps, st.one_of(st.just(AUTHOR), steps)),
    ),
    max_size=30,
)


def walked(asked: Sequence[tuple[str, str, str]]) -> tuple[int, list[Saying]]:
    """Only what is allowed where it stands is done, as the use cases do."""
    number, said = 1, list[Saying]()
    for what, step, to in asked:
        now = standing(PLAN, number, said)
        rule = PLAN.step(step)
        if what == "change":
            number += 1
        elif what == "ask" and now.state is State.WRITTEN:
            said.append(Saying(number, Said.ASKED))
        elif rule is not None and rule in now.open:
            if what == "do":
                said.append(done(step, number))
            elif not back_fault(PLAN, rule, to, "Why"):
                said.append(back(step, to, number))
    return number, said


@pytest.mark.clause("PPM10-11")
@given(moves)
def test_whatever_happens_no_stage_is_open_or_done_before_those_before_it(
    asked: list[tuple[str, str, str]],
) -> None:
    number, said = walked(asked)
    now = standing(PLAN, number, said)
    places = {PLAN.place(code) for code in now.done}
    for place in range(1, max(places, default=0)):
        assert all(step.code in now.done for step in PLAN.stages[place - 1])
    assert len({PLAN.place(code) for code in now.stage}) <= 1
    assert not set(now.stage) & set(now.done)
    assert all(one.number == number for one in now.done.values())
    complete = now.state is State.COMPLETE
    assert complete == (filing(PLAN, now, TODAY, "", TODAY, TODAY) == ())
    if complete:
        assert {step.code for step in PLAN.steps()} == set(now.done)
        assert standing(PLAN, number + 1, said).state is State.WRITTEN
