"""What of packs needs a reader: those of the next meetings in which they sit, not all read."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.domain.procedure.bodies import AgendaKind
from core.store import packs
from core.store.scope import Scope
from core.usecases.pack import Pack, pack_of
from core.usecases.pack_reading import unread_words
from core.usecases.standing import NoMeeting
from core.web import asker
from core.web.access import ACCESS, ADMINISTERS_PANEL
from core.web.needs import Need

#: How many meetings ahead: their number bounds the queries.
MEETINGS = 2


def needs(scope: Scope) -> Iterator[Need]:
    """The packs of the next two meetings in which the asker sits; for who administers none."""
    if not ACCESS["pack.page"].allows(scope.roles) or scope.has(*ADMINISTERS_PANEL):
        return
    for meeting in packs.to_read(scope, MEETINGS):
        try:
            pack = pack_of(scope, asker.registry(), meeting.public_id)
        except NoMeeting:
            continue
        if words := unread_words(pack):
            yield _need(pack, words)


def _need(pack: Pack, words: str) -> Need:
    meeting, body = pack.standing.meeting, pack.standing.body
    rule = next((one for one in body.agenda if one.kind is AgendaKind.CASES), None)
    return Need(
        meeting.held_on,
        f"Read the pack for the {body.title or 'meeting'} of {day(meeting.held_on)}",
        f"{words[:1].upper()}{words[1:]}: {pack.read} of {len(pack.states)} read",
        rule.clauses if rule else (),
        url_for("pack.page", public_id=meeting.public_id),
        "Read it",
    )
