"""Made-up referrals to other bodies: one long open, one answered, one sent back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from core.registry import Registry
from core.store import accounts, returns
from core.store.database import db
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.handing_on import Asked, forums_of, hand_on_child
from core.usecases.onward import Typed, record_answer
from demo.children import MadeUpChild

#: By the forum's code: made so many days ago, what was asked, the answer and after how many days.
REFERRED = (
    ("resource-panel", 58, "Funding of the placement as a long-term one is asked for.", "", "", 0),
    (
        "case-management-review", 41,
        "The plan has waited for an assessment twice. What should be done first?",
        "advice", "Finish the assessment by the next review, and tell the court.", 12,
    ),
    (
        "resource-panel", 24, "A short break each month is asked for.",
        "sent-back", "The costs of the break are missing.", 9,
    ),
)  # fmt: skip


def write(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    children: Iterable[MadeUpChild],
    today: date,
) -> None:
    """Refer three children as their social workers, and record what was answered."""
    known = returns.known_children(scope)
    db.session.rollback()
    born = [child for child in children if not child.unborn and child.local_id in known]
    for child, (forum, ago, asked, code, words, after) in zip(born[2::5], REFERRED, strict=False):
        made_on = today - timedelta(days=ago)
        who = _scope(scope, people, child.social_worker, made_on)
        forums = forums_of(editions.followed(who, registry, made_on))
        db.session.rollback()
        if forum not in {one.code for one in forums}:
            continue
        said = Asked(forum, made_on, asked)
        public_id = known[child.local_id].public_id
        made = hand_on_child(who, forums, public_id, said, _at(made_on))
        if code:
            on = made_on + timedelta(days=after)
            typed = Typed(on, code, words)
            record_answer(_scope(scope, people, "panel.administrator", on), made, typed, 1, _at(on))


def _scope(whole: Scope, people: Mapping[str, int], who: str, on: date) -> Scope:
    email = next(one for one in people if one == who or one.partition("@")[0] == who)
    found = accounts.scope_of(whole, people[email], on)
    db.session.rollback()
    return found


def _at(on: date) -> datetime:
    return datetime.combine(on, time(11, 20))
