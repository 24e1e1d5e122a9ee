"""How far the escalation of an action has come, in short, for the action's own page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.store import escalations, late_actions
from core.store.escalations import PauseRow, Reached
from core.usecases.escalating import may_answer
from core.web import asker
from core.web.access import ACCESS


@dataclass(frozen=True, slots=True)
class Shown:
    """The stages that an action has come to for the due day that holds, and whether it is paused.

    ``waits`` are those that nobody who was told has answered, or whose answer holds no longer
    (``since``); ``asks`` says that the asker is among those who were told of one.
    """

    reached: tuple[Reached, ...]
    paused: PauseRow | None
    since: datetime
    asks: bool = False

    @property
    def waits(self) -> tuple[Reached, ...]:
        return tuple(one for one in self.reached if one.told and not one.holds(self.since))


def of_action(action_id: int, due: date, *, is_open: bool) -> Shown:
    """How far it has come: five queries. Once it is over nobody is asked."""
    scope = asker.scope()
    reached = escalations.of_action(scope, action_id)
    pauses = escalations.pauses(scope, [action_id]).get(action_id, [])
    here = tuple(one for one in reached if one.due == due)
    paused = next((one for one in pauses if one.pause.on(scope.on)), None)
    shown = Shown(here, paused, late_actions.answers_since(scope))
    told = (who for one in shown.waits for who in one.told)
    answers = is_open and ACCESS["escalations.answer"].allows(scope.roles)
    return replace(shown, asks=answers and may_answer(scope, told))
