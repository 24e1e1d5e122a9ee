"""Somebody stands in for a colleague who is away: arranged with an end, and ended before it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core.domain.finding import Finding, Refused
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.sight import MAY_OWN
from core.domain.staff import day_after, held_findings, last_day
from core.store import audit, authorities, covers, staff
from core.store.database import writing
from core.store.scope import Scope

LONGEST = timedelta(days=366)
MOST_WHY = 400
ONESELF = "Another administrator must arrange that you stand in"


class NoSuchCover(LookupError):
    """There is no such cover that the asker may end."""


def arrange(
    scope: Scope,
    away: str,
    covered_by: str,
    since: date | None,
    last: date | None,
    why: str,
    at: datetime,
) -> None:
    """Have a colleague stand in from a first day to a last one; both by their public ids.

    They see meanwhile the children whom the other sees, and what waits for the other. Nobody
    arranges as an administrator that they stand in themself. Findings are beside ``away``,
    ``by``, ``since``, ``last`` and ``why``.
    """
    faults = held_findings(since, last, scope.on, ("since", "last"))
    until, why = day_after(last), reason_as_kept(why)
    if until is None:
        faults.append(Finding("Enter the last day: a cover ends by itself", field="last"))
    elif last is not None and last < scope.on:
        faults.append(Finding("The last day must be today or later", field="last"))
    elif since is not None and until - since > LONGEST:
        faults.append(Finding("A cover lasts for a year at most", field="last"))
    if wrong := reason_fault(why, most=MOST_WHY):
        faults.append(wrong)
    with writing():
        authorities.lock(scope)
        away_id = covers.account_id(scope, away, covers.arranged_by(scope))
        by_id = covers.account_id(scope, covered_by)
        if away_id is None:
            faults.insert(0, Finding("Choose who is away", field="away"))
        if by_id is None:
            faults.append(Finding("Choose who stands in", field="by"))
        elif by_id == away_id:
            faults.append(Finding("Choose a colleague of the one who is away", field="by"))
        elif by_id == scope.account_id and not covers.account_id(
            scope, away, covers.of_their_own(scope)
        ):
            faults.append(Finding(ONESELF, field="by"))
        elif not staff.has_role(scope, by_id, MAY_OWN):
            message = "Choose somebody with a role that sees children, and not only an inspector’s"
            faults.append(Finding(message, field="by"))
        if faults or away_id is None or by_id is None or since is None or until is None:
            raise Refused(*faults)
        if there := covers.overlapping(scope, away_id, by_id, since, until):
            message = f"{there.covered_by} stands in for {there.away} in that time already"
            raise Refused(Finding(message, field="since"))
        public_id = covers.add(scope, away_id, by_id, since, until, why)
        cover = covers.find(scope, public_id)
        if cover is None:
            raise Refused(Finding("You may not arrange this cover", field="away"))
        tell_both(scope, at, "arrange cover", cover, None, last, why)


def end(scope: Scope, public_id: str, at: datetime) -> covers.CoverRow:
    """End a cover now; one to come never begins. Raises ``NoSuchCover``."""
    with writing():
        cover = covers.find(scope, public_id)
        if cover is None:
            raise NoSuchCover
        covers.end(scope, [cover.id])
        tell_both(scope, at, "end cover", cover, last_day(cover.until), last_day(scope.on), "")
    return cover


def tell_both(
    scope: Scope,
    at: datetime,
    did: str,
    cover: covers.CoverRow,
    before: date | None,
    last: date | None,
    why: str,
) -> None:
    """Write into the history of both people what was done with a cover, and its last day."""
    for public_id in (cover.away_public_id, cover.covered_by_public_id):
        audit.changed(
            scope,
            at,
            did,
            "account",
            public_id,
            before={"last day": str(before)} if before else None,
            after={
                "away": cover.away,
                "stands in": cover.covered_by,
                "first day": str(cover.since),
                "last day": str(last),
            },
            why=why,
        )
