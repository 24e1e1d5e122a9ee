"""Saving answers on a form that somebody else may be writing on too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.merge import Clash, merge
from core.domain.procedure.forms import Place
from core.store import answers, audit
from core.store.scope import Scope

KEPT_ELSEWHERE = "(kept on their own record)"


@dataclass(frozen=True, slots=True)
class Saved:
    """The new versions of what was saved, and what two people changed at once."""

    versions: Mapping[Place, int]
    clashes: tuple[Clash, ...]


def save_answers(
    scope: Scope,
    case: tuple[int, str],
    typed: Mapping[Place, str],
    seen: Mapping[Place, int],
    at: datetime,
    *,
    booking_id: int = answers.NO_BOOKING,
    keep_mine: frozenset[Place] = frozenset(),
    private: frozenset[str] = frozenset(),
) -> Saved:
    """Save what was typed, field by field, within the caller's transaction.

    ``case`` is its id and public id; ``seen`` the version of each answer that the page showed (0
    for none). A field that two people changed is not saved and comes back as a clash with both
    texts, whose and when; ``keep_mine`` are the clashes for which the person has chosen theirs.
    ``private`` are the codes of fields whose values stay out of the audit of the case.
    """
    case_id, public_id = case
    answers.lock(scope, case_id)
    stored = answers.load(scope, case_id, booking_id)
    before = answers.as_seen(scope, case_id, booking_id, seen)
    now = {str(place): stored.get(place, answers.NEVER).value for place in typed}
    merged = merge(
        {
            str(place): now[str(place)] if place in keep_mine else before.get(place, "")
            for place in typed
        },
        {str(place): value for place, value in typed.items()},
        now,
    )
    changes = {Place.named(name): value for name, value in merged.changes.items()}
    versions = answers.save(scope, case_id, booking_id, changes, at)
    if changes:
        audit.changed(
            scope,
            at,
            "answer" if booking_id == answers.NO_BOOKING else "draft decision",
            "case",
            public_id,
            before={str(p): _audited(p, now[str(p)], private) for p in changes},
            after={str(p): _audited(p, value, private) for p, value in changes.items()},
        )
    clashes = tuple(
        Clash(c.field, c.mine, c.theirs, (s := stored[Place.named(c.field)]).saved_by, s.saved_at)
        for c in merged.clashes
    )
    return Saved(versions, clashes)


def _audited(place: Place, value: str, private: frozenset[str]) -> str:
    return KEPT_ELSEWHERE if value and place.field in private else value
