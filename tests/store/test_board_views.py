"""The saved views of the board: the condition in the statement is the rule of the domain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.boards import acts, as_at, stands
from builders.house import House

from core.domain.board import Standing
from core.domain.board_views import BY_CODE, VIEWS, Row, bits
from core.store.database import db, writing
from core.store.tables import Action, CaseChild

D = date
HOME = Standing(started=D(2026, 1, 5), legal_status="C2", legal_since=D(2026, 1, 5),
                legal_since_known=True, placement="U6", match="no")  # fmt: skip

#: By view: a child who is in it, one who is not, and what is not known of a third, which is said.
EXAMPLES: dict[str, tuple[Standing, Standing, Standing, bool]] = {
    "no-agreed-plan": (
        replace(HOME, second_review=D(2026, 5, 1), second_review_held=True),
        replace(HOME, second_review=D(2026, 5, 1), plan="sgo", plan_state="agreed"),
        replace(HOME, second_review=D(2026, 5, 1), plan="sgo", plan_state="unknown"), True,
    ),
    "not-matched": (
        replace(HOME, placement="U4"),
        replace(HOME, placement="U4", match="yes", matched_on=D(2026, 3, 1)),
        replace(HOME, plan="long-term-fostering", plan_state="unknown"), True,
    ),
    "with-parents": (
        replace(HOME, placement="P1", match=""),
        replace(HOME, placement="P1", match="", legal_status="V2"),
        replace(HOME, placement="P1", match="", legal_status=""), False,
    ),
    "section-20": (
        replace(HOME, legal_status="V2", section_20_limit=D(2026, 3, 30)),
        replace(HOME, legal_status="V2", section_20_limit=D(2026, 11, 23)),
        replace(HOME, legal_status="V2", section_20_limit=D(2026, 3, 30),
                legal_since_known=False), True,
    ),
    "order-not-placed": (
        replace(HOME, placement_order=True, placement_order_on=D(2026, 6, 1)),
        replace(HOME, placement_order=True, placed_for_adoption=True),
        replace(HOME, placement_order=True), True,
    ),
    "same-plan": (
        replace(HOME, plan="sgo", plan_state="agreed", plan_reviews=3, plan_since=D(2026, 1, 9)),
        replace(HOME, plan="sgo", plan_state="achieved", plan_reviews=4),
        replace(HOME, plan="sgo", plan_state="agreed", plan_reviews=None), False,
    ),
    "start-unknown": (replace(HOME, started_known=False), HOME, HOME, False),
}  # fmt: skip


@pytest.mark.parametrize("code", EXAMPLES)
@pytest.mark.clause("BCP-5.1", "BCP-5.2", "BCP-5.4", "SOM-3.8", "PPM2-2.3", "PPM2-7")
def test_each_view_has_who_is_in_it_with_the_reason_and_nobody_else(
    house: House, code: str
) -> None:
    view = BY_CODE[code]
    there, away, unknown, listed = EXAMPLES[code]
    for number, standing in enumerate((there, away, unknown)):
        child_id, _ = house.child(f"C{number}")
        stands(house, child_id, standing)
    found = list(as_at(house, house.today).values())
    assert [bool(row["views"] & view.bit) for row in found] == [True, False, listed]
    assert bool(view.why(_Row(there), house.today))
    assert not view.why(_Row(away), house.today)
    assert bool(view.why(_Row(unknown), house.today)) is listed


class _Row:
    """A standing with the actions beside, as a view looks at it."""

    def __init__(self, standing: Standing, rolled: int = 0) -> None:
        self._standing, self.rolled = standing, rolled

    def __getattr__(self, name: str) -> object:
        return getattr(self._standing, name)


def test_an_action_rolled_twice_while_it_is_open(house: House) -> None:
    first, second = (house.meeting(D(2026, 9, day), "closed")[0] for day in (3, 17))
    rows = []
    for number, (meetings, more) in enumerate(
        [
            ((first, second), {}),
            ((first,), {}),
            ((first, second), {"done_on": D(2026, 10, 1), "accepted_on": D(2026, 10, 2)}),
        ]
    ):
        child_id, _ = house.child(f"C{number}")
        stands(house, child_id, HOME)
        acts(house, child_id, D(2026, 9, 1), meetings, **more)
        rows.append(as_at(house, house.today)[child_id])
    bit = BY_CODE["rolled-twice"].bit
    assert [(row["rolled"], row["overdue"], bool(row["views"] & bit)) for row in rows] == [
        (2, 1, True), (1, 1, False), (0, 0, False),
    ]  # fmt: skip
    assert "overdue at 2 meetings" in BY_CODE["rolled-twice"].why(_Row(HOME, 2), house.today)


@pytest.mark.parametrize(
    ("withdrawn", "counts"),
    [(datetime(2026, 6, 10, 22, 59), False), (datetime(2026, 6, 10, 23, 30), True)],
)
def test_a_child_is_of_a_case_up_to_the_day_in_london_of_its_withdrawal(
    house: House, withdrawn: datetime, counts: bool
) -> None:
    child_id, _ = house.child()
    stands(house, child_id, HOME)
    meeting_id, _ = house.meeting(D(2026, 6, 4), "closed")
    case_id, _ = case(house, child_id, meeting_id)
    book(house, meeting_id, case_id)
    action_id = acts(house, child_id, D(2026, 6, 1))
    with writing():
        own = sa.update(Action).where(Action.id == action_id)
        db.session.execute(own.values(child_id=None, case_id=case_id))
        db.session.execute(sa.update(CaseChild).values(withdrawn_at=withdrawn))
    assert as_at(house, D(2026, 6, 10))[child_id]["overdue"] == int(counts)


def test_for_any_child_the_statement_and_the_rule_say_the_same(house: House) -> None:
    made = Random(11)
    standings: dict[int, Row] = {}
    for number in range(150):
        child_id, _ = house.child(f"C{number}", worker=None, iro=None)
        one = _any(made, house.today)
        stands(house, child_id, one)
        standings[child_id] = _Row(one)  # type: ignore[assignment]
    seen = set()
    for child_id, row in as_at(house, house.today).items():
        assert row["views"] == bits(standings[child_id], house.today), standings[child_id]
        seen |= {view.code for view in VIEWS if row["views"] & view.bit}
    assert seen == set(EXAMPLES)


def _any(made: Random, on: date) -> Standing:
    def some_day() -> date | None:
        return made.choice((None, on, on + timedelta(days=made.randrange(-200, 20))))

    return Standing(
        started=D(2025, 1, 5),
        started_known=made.random() < 0.7,
        legal_status=made.choice(("", "C1", "C2", "V2", "E1")),
        legal_since=some_day(),
        legal_since_known=made.random() < 0.7,
        section_20_limit=some_day(),
        placement=made.choice(("", "U1", "U4", "U6", "P1", "K2", "A3")),
        plan=made.choice(("", "other", "sgo", "long-term-fostering", "unspecified")),
        plan_state=made.choice(("none", "unknown", "provisional", "agreed", "achieved")),
        plan_reviews=made.choice((None, 0, 2, 3, 5)),
        plan_since=some_day(),
        match=made.choice(("", "no", "yes")),
        placement_order=made.random() < 0.4,
        placement_order_on=some_day(),
        placed_for_adoption=made.random() < 0.4,
        second_review=some_day(),
        second_review_held=made.random() < 0.5,
    )
