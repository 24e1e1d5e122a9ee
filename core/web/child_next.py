"""What is open of one child, for their page: who acts next first, then everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from flask import url_for

from core.domain.dates import day
from core.domain.due import State
from core.store.cases_under_way import CaseUnderWay
from core.store.deadlines import DeadlineFact
from core.store.panel_record import ActionRow, OnwardRow
from core.web import acts_next
from core.web.acts_next import Step, of_action, of_case, of_date

TO_COME = (State.RUNNING, State.SOON)


def steps(
    public_id: str,
    on: date,
    facts: Iterable[DeadlineFact],
    actions: Iterable[ActionRow],
    cases: Iterable[CaseUnderWay],
    workers: Sequence[str],
) -> list[Step]:
    """Whose each open thing is: the first is who acts next, as the board says it of the day."""
    mine = [one for one in actions if one.is_open and one.of_child_now]
    listed = [
        of_action(
            action.what,
            action.owner,
            action.due,
            on,
            url_for("actions.page", public_id=action.public_id),
            waits=action.waits,
        )
        for action in sorted(mine, key=lambda one: one.waits)
    ]
    waiting = [of_case(case, url_for("cases.page", public_id=case.public_id)) for case in cases]
    dated = sorted(
        (fact for fact in facts if fact.due is not None), key=lambda one: (one.due, one.row_id)
    )
    late = next((one for one in dated if one.state(on) is State.LATE), None)
    ahead = next((one for one in dated if one.state(on) in TO_COME), None)
    shown = [
        of_date(one.title, one.due, workers, _date(public_id), late=one is late)
        if one is not None and one.due is not None
        else None
        for one in (late, ahead)
    ]
    first = acts_next.first(listed[0] if listed else None, shown[0], waiting, shown[1])
    rest = [one for one in (*shown[:1], *listed, *waiting) if one is not None and one is not first]
    return [first, *rest]


def _date(public_id: str) -> str:
    return url_for("dates.page", public_id=public_id)


def handed_on(referrals: Iterable[OnwardRow]) -> list[Step]:
    """The bodies with which the child is: each has been asked, and its answer is open."""
    return [
        Step(
            one.forum,
            f"With the {one.forum} since {day(one.made_on)}: its answer is open",
            None,
            url_for("onward.page", public_id=one.public_id),
        )
        for one in referrals
        if one.answered_on is None
    ]
