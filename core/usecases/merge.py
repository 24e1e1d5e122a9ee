"""Two records found to be of one child: made into one, and taken apart where that was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.domain.child import ChildFacts
from core.domain.finding import Finding, Refused
from core.domain.identity import BORN, UNSOURCED, values_in_use
from core.domain.reason import reason_given
from core.store import (
    allocations,
    applied,
    audit,
    authorities,
    care,
    identity,
    merges,
    merging,
    record_summary,
    returns,
    stated_people,
)
from core.store.database import writing
from core.store.merges import Side
from core.store.scope import Scope
from core.usecases import stated_apart
from core.usecases.plans_reopened import reopen_apart

HOW_KNOWN = "Say how you know that they are one child"
WHY_APART = "Say why they are not one child"
MOVED_ON = "One of the two records has changed since this page was shown: look again"
CLOSED_APART = (
    "One of the two records is restricted or sealed and the other is not: close both in the same "
    "way first, so that nothing becomes open by merging"
)
NAMED_APART = (
    "Other people are named to see one of the two records than the other. Name the same people for "
    "both first"
)
BLANK: dict[str, Any] = dict.fromkeys(identity.COLUMNS, "") | {
    "sibling_group": None,
    BORN: None,
    "birth_expected": False,
}


def merge_children(
    scope: Scope, kept: Side, merged: Side, seen: tuple[int, int], why: str, at: datetime
) -> None:
    """Make ``merged`` part of ``kept``; ``seen`` are the versions of the two that were shown.

    Nothing is lost: what sources say that differs is a disagreement on the record that is kept.
    Raises Refused without a reason, where either has changed, or has itself been merged into.
    """
    said = reason_given(why, asked=HOW_KNOWN)
    with writing():
        authorities.lock(scope)
        if (kept.version, merged.version) != seen:
            raise Refused(Finding(MOVED_ON))
        if not merges.closed_alike(scope, kept, merged):
            raise Refused(Finding(CLOSED_APART))
        if not merges.named_alike(scope, kept, merged):
            raise Refused(Finding(NAMED_APART))
        if merges.has_merged(scope, merged.id):
            raise Refused(
                Finding(
                    f"Another record has been merged into {merged.local_id}: take those two apart "
                    "first, or keep that record instead"
                )
            )
        for one in (kept, merged):
            _give_sources(scope, one.id, at)
        team = allocations.team_of(scope, kept.id)
        by_hand = stated_apart.made_by_hand(scope, (kept.id, merged.id))
        if not merging.merge(scope, kept, merged, by_hand, said, at):
            raise Refused(Finding(MOVED_ON))
        _team_moved(scope, kept, team, said, at)
        _again(scope, {kept.local_id: kept.id, merged.local_id: merged.id})
        for one, other in ((kept, merged), (merged, kept)):
            audit.changed(
                scope, at, "merge", "child", one.public_id, after={"with": other.public_id},
                why=said,
            )  # fmt: skip
        returns.move_record(scope)


def unmerge_children(scope: Scope, kept: Side, merge: str, why: str, at: datetime) -> str:
    """Take two records apart: each has again what was said of its local id, also since.

    Gives how the one that was merged is closed now ("restricted", "sealed"), "" where it is open.
    """
    said = reason_given(why, asked=WHY_APART)
    with writing():
        authorities.lock(scope)
        found = merging.standing(scope, merge)
        if found is None or found[0] != kept.id:
            raise Refused(Finding("These two records stand apart already"))
        _, merged_id, merged_local_id = found
        team, by_hand = allocations.team_of(scope, kept.id), merging.by_hand(scope, merge)
        closed = merging.unmerge(scope, merge, said, at)
        _team_moved(scope, kept, team, said, at)
        public_ids = {kept.id: kept.public_id, merged_id: merges.public_id_of(scope, merged_id)}
        stated_apart.apart(scope, public_ids, by_hand, said, at)
        reopen_apart(scope, public_ids, said, at)
        stays = {"closed": closed} if closed else None
        _again(scope, {kept.local_id: kept.id, merged_local_id: merged_id})
        for public_id in public_ids.values():
            audit.changed(scope, at, "unmerge", "child", public_id, after=stays, why=said)
        returns.move_record(scope)
    return closed


def _team_moved(scope: Scope, kept: Side, before: int | None, why: str, at: datetime) -> None:
    """Write that the record that is kept came into the other's team, or left it again."""
    now = allocations.team_of(scope, kept.id)
    if now == before:
        return
    names = {team.id: team.name for team in stated_people.teams(scope)}
    was, is_now = ({"team": names.get(team or 0, "")} for team in (before, now))
    audit.changed(scope, at, "set team", "child", kept.public_id, before=was, after=is_now, why=why)


def _give_sources(scope: Scope, child_id: int, at: datetime) -> None:
    """Make statements of values that stand without one, so that they move and come back too."""
    for statement in identity.said_with_columns(scope, child_id):
        if statement.id == 0:
            identity.add(scope, child_id, statement.field, statement.value, at, format=UNSOURCED)


def _again(scope: Scope, ids: dict[str, int]) -> None:
    """Work out anew what follows from the facts of these children."""
    said = identity.said_of(scope, ids.values())
    for child_id in ids.values():
        identity.put_in_use(scope, child_id, BLANK | values_in_use(said.get(child_id, [])))
    facts = {one.child: one for one in care.facts_of(scope, list(ids.values()))}
    whole = [facts.get(local_id, ChildFacts(local_id)) for local_id in ids]
    derived = care.derive(whole, scope.on, applied.years_applied(scope))
    care.put_derived(scope, derived, ids, list(ids.values()))
    record_summary.put(scope, list(ids.values()))
