"""docs/deadlines.md says of every state and form what the code does, and names every anchor."""

from __future__ import annotations

from dataclasses import fields

import pytest
from builders.states import Example, examples, rows_below
from builders.written import DOCS, code, same_as_written, table

from core.domain.dated import ANCHORS
from core.domain.due import State
from core.domain.procedure.rule import Rule
from core.domain.procedure.timetable import Deadline

EXAMPLES = examples()


def test_every_anchor_with_a_name_of_its_own_is_listed() -> None:
    rows = ((code(anchor), words) for anchor, words in ANCHORS.items())
    same_as_written("deadlines.md", "anchors", table(("anchor", "what happened"), rows))


def test_every_state_is_explained_in_the_order_of_the_interface() -> None:
    assert [state for state, _ in rows_below("## States")] == [code(state) for state in State]


@pytest.mark.parametrize("state", State)
def test_every_state_has_examples(state: State) -> None:
    assert [example for example in EXAMPLES if example.said == str(state)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.said} {e.due.due} {e.on}")
def test_the_state_of_each_example_is_as_it_says(example: Example) -> None:
    assert str(example.due.state(example.on)) == example.said


def test_everything_that_a_deadline_declares_is_explained() -> None:
    text = (DOCS / "deadlines.md").read_text(encoding="utf-8")
    own = {one.name for one in fields(Deadline)} - {one.name for one in fields(Rule)}
    assert [name for name in sorted(own) if code(name) not in text] == []
