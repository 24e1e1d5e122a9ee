"""That somebody else saved an action first: said beside what was used, or that it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.finding import Moved
from core.store.actions import ActionRow
from core.usecases.action_rights import Rights


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is done with an action: who may, and in which field it is typed.

    ``words`` is what was asked for, as its button says it, "" for a note; ``gone`` what the asker
    can do no longer where somebody else was first.
    """

    allowed: Callable[[Rights], bool]
    field: str
    words: str
    gone: str


NOTE = Act(lambda may: may.notes, "progress", "", "add a note")
SAY_DONE = Act(lambda may: may.says_done, "done", "It is done", "say that it is done")
ACCEPT = Act(
    lambda may: may.accepts, "accept_words", "Accept that it is done", "accept that it is done"
)
SEND_BACK = Act(lambda may: may.sends_back, "back_words", "Send it back", "send it back")
MOVE = Act(lambda may: may.moves, "due", "Move the day", "move its day")
HAND_ON = Act(lambda may: may.hands_on, "owner", "Hand it on", "hand it on")
END = Act(lambda may: may.ends, "end_why", "End it", "end it")
COMPLETE = Act(
    lambda may: may.completes, "done_means", "What done looks like", "say what done looks like"
)


class ActionMoved(Moved[ActionRow]):
    """Somebody else saved the action first; ``may`` is what the asker may do with it ``now``.

    ``over`` says that what they asked for cannot be done any more.
    """

    def __init__(self, now: ActionRow, act: Act, may: Rights) -> None:
        self.act = act
        self.over = not act.allowed(may)
        words = "This action was changed while you were typing"
        if self.over:
            message = f"{_stands(now) or words}: you can no longer {act.gone}"
            super().__init__(now, message)
        else:
            super().__init__(now, f"{words}: both texts are below", field=act.field)


def _stands(now: ActionRow) -> str:
    """Where an action stands that is no longer open, or that is said to be done."""
    if now.ended_on is not None:
        return "This action is ended already"
    if now.accepted_on is not None:
        return "This action is done already, and that is accepted"
    return "This action is said to be done already" if now.done_on is not None else ""
