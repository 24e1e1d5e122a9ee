"""Somebody of an authority: added and invited, edited, suspended, given a link to begin again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.reason import reason_given
from core.domain.sight import ROLES
from core.domain.staff import Details
from core.store import account_links as links
from core.store import audit, authorities, directory, leaving, sessions, staff
from core.store.database import IntegrityError, writing
from core.store.directory import PersonOfStaff
from core.store.scope import Scope
from core.usecases.account_links import make_link_within


class NobodyThere(LookupError):
    """The authority has nobody of that id."""


class PersonMoved(Moved[PersonOfStaff]):
    """Somebody else changed the person first."""

    def __init__(self, now: PersonOfStaff) -> None:
        super().__init__(
            now,
            f"Somebody else changed {now.name} while you were looking. This page now shows how "
            "they stand: check it, and send yours again if it is still wanted",
        )


LAST = (
    "The authority would have nobody who administers it"
    "{when}. Give somebody else the role Authority administrator first"
)


#: Said of an e-mail that is another authority's, of which nothing else is told.
UNUSABLE = (
    "This e-mail cannot be used here. If it is right, ask whoever runs the service why, or give "
    "another one"
)


@contextmanager
def own_email(email: str) -> Iterator[None]:
    """One transaction in which an e-mail may turn out to be somebody else's at the last moment."""
    try:
        with writing():
            yield
    except IntegrityError:
        raise Refused(Finding(UNUSABLE, field="email")) from None


@contextmanager
def administered(scope: Scope) -> Iterator[None]:
    """Refuse a change that leaves the authority without an administrator, now or from a day.

    One change at a time: who comes second sees what the first has done.
    """
    authorities.lock(scope)
    before = staff.first_day_without_administrator(scope)
    yield
    after = staff.first_day_without_administrator(scope)
    if after is not None and (before is None or after < before):
        when = "" if after <= scope.on else f" from {day(after)}"
        raise Refused(Finding(LAST.format(when=when)))


def found(scope: Scope, public_id: str) -> PersonOfStaff:
    """Somebody of the asker's authority; raises ``NobodyThere``."""
    person = directory.person(scope, public_id)
    if person is None:
        raise NobodyThere
    return person


def touch(scope: Scope, person: PersonOfStaff, seen: int, **values: object) -> None:
    """Save a person as they were seen; raises ``PersonMoved`` where they have moved on."""
    if not staff.save(scope, person.id, seen, **values):
        raise PersonMoved(found(scope, person.public_id))


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add: roles by code, where they work by the id of a team or of a service."""

    details: Details
    roles: tuple[str, ...]
    team_id: int | None = None
    service_id: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody added, and the token of their invitation, which is shown once."""

    id: int
    public_id: str
    token: str


def taken(scope: Scope, details: Details, *, but: int | None = None) -> list[Finding]:
    """What somebody else has already of an e-mail and a staff number."""
    faults = []
    whose = staff.authority_of_email(details.email, but=but) if details.email else None
    if whose is not None:
        here = f"There is an account with the e-mail {details.email} already"
        faults.append(Finding(here if whose == scope.authority_id else UNUSABLE, field="email"))
    number = details.staff_number
    if number and (other := staff.staff_number_of(scope, number, but=but)):
        message = f"{other} has the staff number {number} already"
        faults.append(Finding(message, field="staff_number"))
    return faults


def add_person(scope: Scope, new: NewPerson, at: datetime) -> Added:
    """Add somebody with their roles from today on, and make their invitation."""
    details = new.details.tidy()
    faults = details.findings()
    if not new.roles:
        faults.append(Finding("Choose at least one role", field="roles"))
    if unknown := [role for role in new.roles if role not in ROLES]:
        faults.append(Finding(f"There is no role {', '.join(unknown)}", field="roles"))
    with own_email(details.email):
        authorities.lock(scope)
        if faults := faults + taken(scope, details):
            raise Refused(*faults)
        return add_within(scope, new, details, at)


def add_within(scope: Scope, new: NewPerson, details: Details, at: datetime) -> Added:
    """Add somebody of whom nothing is wrong, in the transaction under way."""
    account_id = staff.add(
        scope,
        **asdict(details),
        roles=new.roles,
        password_hash="",
        since=scope.on,
    )
    if new.team_id is not None or new.service_id is not None:
        service = None if new.team_id is not None else new.service_id
        staff.place_in(scope, account_id, new.team_id, service, scope.on, None)
    public_id = directory.by_id(scope, account_id)
    after = {**asdict(details), "roles": list(new.roles)}
    audit.changed(scope, at, "create", "account", public_id, after=after)
    return Added(account_id, public_id, make_link_within(scope, account_id, "invitation", at))


def edit_details(scope: Scope, public_id: str, details: Details, seen: int, at: datetime) -> None:
    """Change who somebody is: raises ``PersonMoved`` where another was first."""
    details = details.tidy()
    with own_email(details.email):
        authorities.lock(scope)
        person = found(scope, public_id)
        if faults := details.findings() + taken(scope, details, but=person.id):
            raise Refused(*faults)
        before = {name: getattr(person, name) for name in asdict(details)}
        changed = {k: v for k, v in asdict(details).items() if v != before[k]}
        if not changed and person.version == seen:
            return
        touch(scope, person, seen, **changed)
        audit.changed(
            scope,
            at,
            "edit",
            "account",
            public_id,
            before={name: before[name] for name in changed},
            after=changed,
        )


def _not_oneself(scope: Scope, person: PersonOfStaff, what: str) -> None:
    if person.id == scope.account_id:
        raise Refused(Finding(f"You cannot {what} your own account: another administrator can"))


def suspend(scope: Scope, public_id: str, why: str, seen: int, at: datetime) -> list[str]:
    """Suspend somebody at once: their sessions end, and they cannot sign in.

    It is not refused to anybody's sight: gives the local ids of the closed records for which nobody
    who can sign in is named any more.
    """
    with writing(), administered(scope):
        person = found(scope, public_id)
        _not_oneself(scope, person, "suspend")
        reason = reason_given(why, asked="Enter why the account is suspended")
        shut_out(scope, person, seen, at)
        audit.changed(
            scope,
            at,
            "suspend",
            "account",
            public_id,
            before={"active": person.active},
            after={"active": False},
            why=reason,
        )
        return leaving.last_named(scope, person.id)


def shut_out(scope: Scope, person: PersonOfStaff, seen: int, at: datetime) -> None:
    """Make an account unusable, in the transaction under way: sessions and links end with it."""
    touch(scope, person, seen, active=False)
    sessions.end_all(scope, person.id, at)
    links.end_open(scope, person.id, at)


def let_in_again(scope: Scope, public_id: str, seen: int, at: datetime) -> None:
    """Undo a suspension: the old password works again, and the roles that still last."""
    with writing():
        person = found(scope, public_id)
        touch(scope, person, seen, active=True)
        audit.changed(
            scope,
            at,
            "unsuspend",
            "account",
            public_id,
            before={"active": person.active},
            after={"active": True},
        )


def invite_again(scope: Scope, public_id: str, at: datetime) -> str:
    """A new invitation for somebody who has not chosen a password; earlier links end."""
    with writing():
        person = found(scope, public_id)
        if person.state != directory.INVITED:
            message = f"{person.name} has a password already: make a reset link instead"
            raise Refused(Finding(message))
        return make_link_within(scope, person.id, "invitation", at)


def reset(scope: Scope, public_id: str, seen: int, at: datetime) -> str:
    """Take somebody's password away at once and make a link with which they choose another.

    Once more for somebody reset already: another link, and the earlier one ends.
    """
    with writing():
        person = found(scope, public_id)
        _not_oneself(scope, person, "reset")
        if person.state == directory.INVITED:
            made = links.latest(scope, person.id)
            if made is not None and made.kind == "reset":
                return make_link_within(scope, person.id, "reset", at)
        if person.state != directory.ACTIVE:
            message = (
                f"{person.name} has no password that works: invite them, or end the suspension"
            )
            raise Refused(Finding(message))
        touch(scope, person, seen, password_hash="")
        sessions.end_all(scope, person.id, at)
        audit.changed(scope, at, "take password away", "account", public_id)
        return make_link_within(scope, person.id, "reset", at)
