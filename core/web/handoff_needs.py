"""What needs somebody of referrals to other bodies: those that have long been open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for

from core.domain.clauses import SET_HERE
from core.domain.dates import day
from core.domain.forums import LONG_OPEN
from core.domain.time_left import working_days_between
from core.store import onward, onward_ledger
from core.store.scope import Scope
from core.web import pages
from core.web.access import ACCESS, ADMINISTERS_PANEL
from core.web.needs import More, Need, more
from core.web.rules_here import calendar_here

LONG = f"{LONG_OPEN} working days is {SET_HERE}"


def needs(scope: Scope) -> Iterator[Need | More]:
    """For who brought it each by itself, for the administrator all of them as one line."""
    if not ACCESS["onward.page"].allows(scope.roles):
        return
    # The last day on which one made has been open for longer than so many working days.
    calendar = calendar_here((scope.on, scope.on - timedelta(days=2 * LONG_OPEN)))
    before = calendar.working_days(scope.on, -LONG_OPEN) - timedelta(days=1)
    if scope.has(*ADMINISTERS_PANEL):
        if count := onward_ledger.count_long_open(scope, before):
            yield Need(
                None,
                f"Ask for the answer to {count} "
                f"{'referral' if count == 1 else 'referrals'} to other bodies",
                f"Open for more than {LONG_OPEN} working days: {LONG}",
                (),
                url_for("hand_offs.ledger"),
                "See what is with whom",
                due=False,
            )
        return
    rows = onward_ledger.long_open(scope, before, mine=True)
    named = onward.children(scope, [row.id for row in rows])
    for row in rows:
        children = named.get(row.id, [])
        pages.listed("what needs me", [child.public_id for child in children])
        days = working_days_between(row.made_on, scope.on, calendar_here((row.made_on, scope.on)))
        who = ", ".join(child.name for child in children) or "a child"
        yield Need(
            None,
            f"Ask the {row.forum_words} for its answer on {who}",
            f"Referred on {day(row.made_on)}, {days} working days ago, and open: {LONG}",
            row.cited,
            url_for("onward.page", public_id=row.public_id),
            "Look at it",
            due=False,
        )
    words = ("referral to another body is open", "referrals to other bodies are open")
    yield from more(rows, *words, url_for("hand_offs.ledger"), "See what is with whom")
