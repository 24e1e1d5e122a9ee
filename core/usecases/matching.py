"""Saying whom files mean by a name: the match, the allocations it makes, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.naming import Likeness, folded, likeness
from core.store import audit, authorities, directory, matching, returns, unmatched
from core.store.database import writing
from core.store.directory import Colleague
from core.store.matching import Said
from core.store.scope import Scope
from core.store.unmatched import Unmatched
from core.usecases import actions_passed
from core.usecases.people import NobodyThere, found

SUGGESTED = 6
MATCHED, TAKEN_BACK = "matched to whom a file names", "the match was taken back"


class NotToMatch(LookupError):
    """Nobody is to be matched there: no file says it, or somebody has matched it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may be meant, and why; ``strong`` where it is most likely."""

    public_id: str
    name: str
    email: str
    job: str
    staff_number: str
    active: bool
    why: str
    strong: bool


def candidates(one: Unmatched, people: list[Colleague]) -> list[Candidate]:
    """The accounts that may be meant: those of the e-mail or staff number first, then by name."""
    scored = []
    for person in people:
        score, why = _score(one, person)
        if score:
            scored.append((-score, person.name, person, why))
    scored.sort(key=lambda entry: entry[:2])
    return [
        Candidate(
            person.public_id,
            person.name,
            person.email,
            person.job,
            person.staff_number,
            person.active,
            why,
            score <= -Likeness.SAME,
        )
        for score, _, person, why in scored[:SUGGESTED]
    ]


def _score(one: Unmatched, person: Colleague) -> tuple[int, str]:
    if folded(one.email or one.said) == folded(person.email):
        return 20, "Has this e-mail"
    if one.staff_number and folded(one.staff_number) == folded(person.staff_number):
        return 10, "Has this staff number"
    alike = likeness(one.said, person.name)
    why = {
        Likeness.SAME: "Has the same name",
        Likeness.INITIALS: "Has the same surname, and initials that fit",
        Likeness.SURNAME: "Has the same surname",
    }
    return int(alike), why.get(alike, "")


def match(scope: Scope, address: str, public_id: str, at: datetime) -> int:
    """Say that the account is whom files mean; gives how many children were allocated to it.

    Everything that files say of this name gets the account, and what they will say later too; a
    name without e-mail and staff number also the open actions that an imported tracker gives it.
    Nobody who is suspended is given children or actions.
    Raises ``NotToMatch``, and ``NobodyThere`` where the account is not there.
    """
    with writing():
        authorities.lock(scope)
        one = unmatched.one(scope, address)
        if one is None:
            raise NotToMatch
        person = found(scope, public_id)
        key = (one.said, one.email, one.staff_number)
        known = matching.known(scope).matched.get((folded(key[0]), folded(key[1]), folded(key[2])))
        if known is not None and known != person.id:
            other = directory.person(scope, directory.by_id(scope, known))
            name = other.name if other else "somebody else"
            raise Refused(
                Finding(
                    f"This is matched to {name} already. If that is wrong, take that match back; "
                    "if these are two people, put an e-mail or a staff number into the file",
                    field="account",
                )
            )
        rows = matching.sayings(scope, key)
        matching.set_account(scope, (row.id for row in rows), person.id)
        if known is None:
            matching.remember(scope, key, person.id, at)
        made = matching.allocate(scope, person.id, rows) if person.active else []
        if person.active and not one.email and not one.staff_number:
            given = matching.give_actions(scope, one.said, person.id, None)
            _of_actions(scope, at, given, one.said, person.name, MATCHED)
            actions_passed.tell(scope, given, person.id, at)
        audit.changed(
            scope,
            at,
            "match name",
            "account",
            public_id,
            before={"said": one.said, "matched to": "nobody"},
            after={"said": one.said, "matched to": person.name, "children": _children(made)},
        )
        _of_children(scope, at, "allocate", made, "", person.name)
        returns.move_record(scope)
    return _children(made)


def take_back(scope: Scope, match_id: int, at: datetime) -> int:
    """Take a wrong match back: its allocations end today; gives how many ended."""
    with writing():
        authorities.lock(scope)
        forgotten = matching.forget(scope, match_id)
        if forgotten is None:
            raise NotToMatch
        key, account_id = forgotten
        public_id = directory.by_id(scope, account_id)
        person = found(scope, public_id)
        rows = matching.sayings(scope, key, account_id)
        matching.set_account(scope, (row.id for row in rows), None)
        ended = matching.unallocate(scope, account_id, rows)
        if not key[1] and not key[2]:
            taken = matching.give_actions(scope, key[0], None, account_id)
            _of_actions(scope, at, taken, person.name, key[0], TAKEN_BACK)
        audit.changed(
            scope,
            at,
            "take match back",
            "account",
            public_id,
            before={"said": key[0], "matched to": person.name},
            after={"said": key[0], "matched to": "nobody", "children": _children(ended)},
        )
        _of_children(scope, at, "end allocation", ended, person.name, "")
        returns.move_record(scope)
    return len(ended)


def _children(rows: list[Said]) -> int:
    return len({row.child_id for row in rows})


def _of_actions(
    scope: Scope, at: datetime, actions: Mapping[int, str], before: str, after: str, why: str
) -> None:
    actions_passed.note(scope, actions, before, after, why, at)
    for public_id in actions.values():
        audit.changed(
            scope,
            at,
            "match owner",
            "action",
            public_id,
            before={"owner": before},
            after={"owner": after},
        )


def _of_children(
    scope: Scope, at: datetime, did: str, rows: list[Said], before: str, after: str
) -> None:
    for row in rows:
        audit.changed(
            scope,
            at,
            did,
            "child",
            row.child_public_id,
            before={row.relation: before} if before else None,
            after={row.relation: after} if after else None,
            why=MATCHED if after else TAKEN_BACK,
        )


__all__ = ["Candidate", "NobodyThere", "NotToMatch", "candidates", "match", "take_back"]
