"""A paper taken out after it was circulated: who had it is told, and listed to who keeps it."""

from __future__ import annotations

from datetime import datetime

from core.domain.dates import day
from core.store import outbox, packs, readings
from core.store.outbox import Letter
from core.store.papers import PaperRow
from core.store.readings import Holder
from core.store.scope import Scope

KIND = "paper withdrawn"


def had_it(scope: Scope, paper: PaperRow) -> list[Holder]:
    """Everybody who had the paper's file, alone or within a pack, with when first."""
    return readings.holders(scope, paper.id, paper.public_id)


def tell(scope: Scope, paper: PaperRow, at: datetime) -> int:
    """Tell those who had a paper of a circulated agenda to delete it, in the transaction under way.

    Gives how many are told. The message names neither the paper nor a child; who took it out knows
    already. One that went out with no agenda is told of to nobody.
    """
    of = {"case_id": paper.case_id, "child_id": paper.child_id, "meeting_id": paper.meeting_id}
    meeting = packs.went_out_with(scope, paper.id, **of)
    if meeting is None:
        return 0
    on = day(meeting.held_on)
    body = (
        f"A paper of the meeting of {on} was withdrawn: delete your copy, also where it is part of "
        "a pack that you downloaded."
    )
    if meeting.pack_open:
        body += f" The pack as it is now:\n/meetings/{meeting.public_id}/pack"
    return outbox.put(
        scope,
        [
            Letter(
                f"{KIND}:{paper.public_id}:{paper.version}:{one.account_id}",
                KIND,
                one.account_id,
                f"A paper of the meeting of {on} was withdrawn: delete your copy",
                body,
            )
            for one in had_it(scope, paper)
            if one.account_id != scope.account_id
        ],
        at,
    )
