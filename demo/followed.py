"""What came of the last made-up panel's actions: progress noted, and one said to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from core.domain.action import Progress
from core.registry import Registry
from core.store import actions
from core.store.actions import Wanted
from core.store.database import db
from core.store.scope import Scope
from core.usecases import action

SENT = "Send the panel’s questions to the adoption team"
SAID = {
    "Hold a multi-agency care planning review meeting with the family": Progress(
        "The school and the health visitor can come; a date for the family is being found."
    ),
    "Work with the family and network towards a return home": Progress(
        "Two visits were made. The aunt was away, and is seen next week."
    ),
    SENT: Progress("", True, "The questions went to the adoption team, with the panel’s date."),
}


def follow(
    scope: Callable[[str, date], Scope],
    registry: Registry,
    owners: dict[str, str],
    on: date,
    last: date,
) -> None:
    """Say how the actions stand, some days after the panel and none later than ``last``.

    ``owners`` are by what is to be done: the account of each action's owner.
    """
    day = min(last, on + timedelta(days=4))
    rows, _ = actions.listed(scope("panel.administrator", day), Wanted(whose="all"))
    db.session.rollback()
    for row in rows:
        if row.what in owners:
            owner, at = scope(owners[row.what], day), datetime.combine(day, time(14))
            action.save_action(owner, registry, row.public_id, SAID[row.what], row.version, at)
