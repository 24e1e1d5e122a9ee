"""Saying who works with a child: allocated from a day until a day, ended; and the child's team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from core.domain.allocation import RELATIONS
from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.identity import UNSOURCED
from core.domain.reason import reason_given
from core.store import allocations, audit, identity, returns
from core.store.allocations import AllocationRow, StaffRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.child_changed import held_still

FURTHEST = timedelta(days=366)


class AllocationMoved(Moved[tuple[AllocationRow, ...]]):
    """Somebody else changed who works with the child first."""

    def __init__(self, now: Iterable[AllocationRow]) -> None:
        there = tuple(now)
        who = ", ".join(row.name for row in there) or "nobody"
        super().__init__(there, f"This was changed while you were typing: now it is {who}")


class ChildTeamMoved(Moved[int | None]):
    """Somebody else changed the child's team first: ``now`` is its id."""

    def __init__(self, now: int | None, name: str) -> None:
        message = f"The team was changed while you were typing: now it is {name or 'none'}"
        super().__init__(now, message, field="team")


def allocate(
    scope: Scope,
    public_id: str,
    relation: str,
    account_public_id: str,
    since: date,
    until: date | None,
    keep_others: bool,
    seen: frozenset[int],
    why: str,
    at: datetime,
) -> None:
    """Allocate somebody; the previous ones of the same relation end that day unless kept.

    ``seen`` are the ids of those who were allocated, or are to be, when the asker looked.
    """
    with writing():
        child = held_still(scope, public_id)
        now = open_now(scope, allocations.rows(scope, child.id), relation)
        if {row.id for row in now} != seen:
            raise AllocationMoved(now)
        if relation not in RELATIONS:
            raise Refused(Finding("Choose what they are to the child", field="relation"))
        somebody = _somebody(scope, relation, account_public_id)
        if faults := _days(scope, since, until):
            raise Refused(*faults)
        why = reason_given(why)
        for row in now:
            overlaps = row.open_after(since) and (until is None or row.since < until)
            if row.account_id == somebody.id and overlaps:
                message = f"{row.name} is allocated already, since {day(row.since)}"
                raise Refused(Finding(message, field="account"))
        if not keep_others:
            _end_others(scope, now, since)
        allocations.add(scope, child.id, somebody.id, relation, since, until)
        audit.changed(
            scope, at, "allocate", "child", public_id,
            before={relation: ", ".join(_said(row) for row in now)},
            after={
                relation: somebody.name, "since": since.isoformat(),
                "until": until.isoformat() if until else "",
                "others": "kept" if keep_others else "ended",
            },
            why=why,
        )  # fmt: skip
        returns.move_record(scope)


def end_allocation(
    scope: Scope, public_id: str, allocation_id: int, until: date, why: str, at: datetime
) -> None:
    """Say from which day somebody works with the child no longer."""
    with writing():
        child = held_still(scope, public_id)
        rows = allocations.rows(scope, child.id)
        row = next((r for r in rows if r.id == allocation_id), None)
        if row is None or not row.open_after(scope.on):
            raise AllocationMoved(open_now(scope, rows, row.relation if row else "worker"))
        if until < row.since:
            message = f"This date must be on or after {day(row.since)}, when they began"
            raise Refused(Finding(message, field="until"))
        if until > scope.on + FURTHEST:
            raise Refused(Finding("This date must be within a year", field="until"))
        why = reason_given(why)
        allocations.end(scope, row.id, until)
        audit.changed(
            scope, at, "end allocation", "child", public_id,
            before={row.relation: _said(row)},
            after={row.relation: row.name, "until": until.isoformat()}, why=why,
        )  # fmt: skip
        returns.move_record(scope)


def set_team(
    scope: Scope,
    public_id: str,
    team_id: int | None,
    seen: int | None,
    why: str,
    at: datetime,
) -> None:
    """Put a child in a team; who sees the child through the old team sees them no longer."""
    with writing():
        child = held_still(scope, public_id)
        before = allocations.team_of(scope, child.id)
        names = {team.id: team.name for team in allocations.teams(scope)}
        if before != seen:
            raise ChildTeamMoved(before, child.team)
        if team_id is not None and team_id not in names:
            raise Refused(Finding("Choose a team from the list", field="team"))
        if team_id == before:
            raise Refused(Finding("The child is in this team already", field="team"))
        why = reason_given(why)
        allocations.set_team(scope, child.id, team_id)
        _say_team(scope, child.id, child.team, names.get(team_id or 0, ""), why, at)
        audit.changed(
            scope, at, "set team", "child", public_id,
            before={"team": child.team}, after={"team": names.get(team_id or 0, "")}, why=why,
        )  # fmt: skip
        returns.move_record(scope)


def _say_team(scope: Scope, child_id: int, before: str, team: str, why: str, at: datetime) -> None:
    """Keep who put the child in the team: what a file says of it later stands beside."""
    said = [s for s in identity.said_of(scope, [child_id]).get(child_id, []) if s.field == "team"]
    if before and not said:
        identity.add(scope, child_id, "team", before, at, format=UNSOURCED, replaced=True)
    identity.replace(scope, [s.id for s in said if s.typed and not s.said_of], at)
    identity.add(scope, child_id, "team", team, at, why=why)


def open_now(scope: Scope, rows: Iterable[AllocationRow], relation: str) -> list[AllocationRow]:
    """Those of a relation who work with the child now or will."""
    return [row for row in rows if row.relation == relation and row.open_after(scope.on)]


def _somebody(scope: Scope, relation: str, account_public_id: str) -> StaffRow:
    for one in allocations.staff(scope, RELATIONS[relation].roles):
        if one.public_id == account_public_id:
            return one
    raise Refused(Finding("Choose somebody from the list", field="account"))


def _days(scope: Scope, since: date, until: date | None) -> list[Finding]:
    if abs(since - scope.on) > FURTHEST * 25:
        return [Finding("This date must be within 25 years", field="since")]
    if since > scope.on + FURTHEST:
        return [Finding("This date must be within a year of today", field="since")]
    if until is not None and until <= since:
        return [Finding("The last day must be after the first", field="until")]
    return []


def _end_others(scope: Scope, now: Iterable[AllocationRow], since: date) -> None:
    for row in now:
        if row.since > since:
            message = (
                f"{row.name} begins on {day(row.since)}, after this day: choose a later day, "
                "or let both be allocated"
            )
            raise Refused(Finding(message, field="since"))
        if row.open_after(since):
            allocations.end(scope, row.id, since)


def _said(row: AllocationRow) -> str:
    until = f" until {row.until.isoformat()}" if row.until else ""
    return f"{row.name} since {row.since.isoformat()}{until}"
