"""Closing a record to all but those named, naming people for it, and opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.reason import reason_as_kept, reason_fault, reason_given
from core.store import audit, authorities, closings
from core.store.closings import Closed
from core.store.database import writing
from core.store.scope import Scope

KINDS = {
    "restricted": "Restricted: family of a member of staff, or another reason to keep it close",
    "sealed": "Sealed: the child is adopted",
}
WHY = "Say why"
WHY_NAMED = "Say why they must see the record"
ONESELF = "Nobody names themself: somebody else who may close records names you"
#: Who sees every record before it is closed, and so may stay named for one that they close.
SEES_ALL = "head.of.service"
MOST_NAMES = 50


class NoClosing(LookupError):
    """No record is closed under this id, or it has been opened again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is typed: whose record, how it is closed, why, and the e-mails of those named."""

    local_id: str
    kind: str
    why: str
    names: str


def close(scope: Scope, wanted: Wanted, at: datetime) -> str:
    """Close a record; gives the public id of the closing, whose page tells nothing of the child."""
    why = reason_as_kept(wanted.why)
    fault = reason_fault(why, asked=WHY)
    faults = [fault] if fault else []
    if wanted.kind not in KINDS:
        faults.append(Finding("Say whether it is restricted or sealed", field="kind"))
    if not wanted.local_id:
        faults.append(Finding("Enter the child's local id", field="local-id"))
    with writing():
        authorities.lock(scope)  # Who waits here may wait for a merge.
        people, wrong = _people(scope, wanted.names)
        faults += wrong
        if scope.account_id in people and not scope.has(SEES_ALL):
            faults.append(Finding(ONESELF, field="names"))
        child = closings.child(scope, wanted.local_id)
        if wanted.local_id and child is None:
            faults.append(Finding("No record has this local id", field="local-id"))
        if faults or child is None:
            raise Refused(*faults)
        closings.lock(scope, child.id)
        now = closings.child(scope, wanted.local_id)
        if now is None or now.closed_to:
            raise Refused(Finding("This record is closed already", field="local-id"))
        public_id = closings.close(scope, child.id, wanted.kind, why, at)
        closings.name(scope, child.id, list(people))
        audit.changed(
            scope,
            at,
            "close record to all but those named",
            "child",
            child.public_id,
            before={"closed": ""},
            after={"closed": wanted.kind, "named": sorted(people.values())},
            why=why,
        )
        return public_id


def name(scope: Scope, public_id: str, names: str, why: str, at: datetime) -> None:
    """Name more people for a closed record, with the reason; nobody names themself."""
    why = reason_as_kept(why)
    with writing():
        closed = _locked(scope, public_id)
        people, wrong = _people(scope, names)
        if fault := reason_fault(why, asked=WHY_NAMED, field="why-named"):
            wrong.append(fault)
        if scope.account_id in people:
            wrong.append(Finding(ONESELF, field="names"))
        if wrong:
            raise Refused(*wrong)
        there = {one.account_id for one in closings.named(scope, closed.child_id)}
        new = {account: said for account, said in people.items() if account not in there}
        if not new:
            raise Refused(Finding("They are named already", field="names"))
        closings.name(scope, closed.child_id, list(new))
        said = {"named": sorted(new.values())}
        _noted(scope, at, "name for closed record", closed, after=said, why=why)


def unname(scope: Scope, public_id: str, who: str, at: datetime) -> None:
    """Take a name off a closed record; the last of somebody who can sign in stays."""
    with writing():
        closed = _locked(scope, public_id)
        there = closings.named(scope, closed.child_id)
        person = next((one for one in there if one.public_id == who), None)
        if person is None:
            raise Refused(Finding("They are not named any more", field="names"))
        if not any(one.active for one in there if one is not person):
            raise Refused(
                Finding("Name somebody else first: somebody must see the record", field="names")
            )
        closings.unname(scope, closed.child_id, person.account_id)
        _noted(scope, at, "take name off closed record", closed, before={"named": [person.name]})


def reopen(scope: Scope, public_id: str, why: str, at: datetime) -> None:
    """Open a closed record again: whoever saw it before sees it from now on."""
    with writing():
        closed = _locked(scope, public_id)
        why = reason_given(why, asked=WHY)
        before = [one.name for one in closings.named(scope, closed.child_id)]
        closings.reopen(scope, closed, why, at)
        _noted(
            scope,
            at,
            "open closed record again",
            closed,
            before={"closed": closed.kind, "named": before},
            after={"closed": ""},
            why=why,
        )


def _noted(scope: Scope, at: datetime, did: str, closed: Closed, **said: object) -> None:
    audit.changed(scope, at, did, "child", closed.child_public_id, **said)  # type: ignore[arg-type]


def _locked(scope: Scope, public_id: str) -> Closed:
    found = closings.find(scope, public_id)
    if found is None:
        raise NoClosing
    closings.lock(scope, found.child_id)
    now = closings.find(scope, public_id)
    if now is None:
        raise NoClosing
    return now


def _people(scope: Scope, names: str) -> tuple[dict[int, str], list[Finding]]:
    """The accounts of e-mails typed one a line, with their names; and what is wrong with those."""
    typed = list(dict.fromkeys(names.replace(",", " ").replace(";", " ").lower().split()))
    if not typed:
        return {}, [Finding("Enter the e-mail address of at least one person", field="names")]
    if len(typed) > MOST_NAMES:
        return {}, [Finding(f"Name {MOST_NAMES} people at most at once", field="names")]
    known = closings.accounts_of(scope, typed)
    wrong = [
        Finding(f"Nobody who can sign in has the address {email[:100]}", field="names")
        for email in typed
        if email not in known
    ]
    return {known[email][0]: known[email][2] for email in typed if email in known}, wrong
