"""Somebody leaves: what they have in hand passes to colleagues, and their account ends, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.finding import Finding, Refused
from core.domain.sight import MAY_OWN
from core.domain.staff import SUITS, TITLES, day_after, last_day
from core.store import audit, directory, leaving, returns
from core.store.database import writing
from core.store.directory import Colleague, PersonOfStaff
from core.store.leaving import InHand, Passed
from core.store.scope import Scope
from core.usecases import actions_passed, covering, roles
from core.usecases.people import administered, found, shut_out

EVERYTHING = "everything"
BACK = timedelta(days=366)
SOME = 20
KINDS: Mapping[str, str] = {
    "worker": "children as their social worker",
    "iro": "children as their reviewing officer",
    "manager": "children as their manager",
    "actions": "open actions",
    "referrals": "referrals that are not decided on",
    "papers": "unsigned papers",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Who takes what: the public id of a colleague by kind, or by ``EVERYTHING`` for the rest."""

    last_day: date | None
    to: Mapping[str, str]

    def whom(self, kind: str) -> str:
        return self.to.get(kind) or self.to.get(EVERYTHING, "")


@dataclass(frozen=True, slots=True)
class Left:
    """What was moved, by kind: the things and who has them now; how many of each holding ended."""

    person: PersonOfStaff
    in_hand: InHand
    takers: Mapping[str, Colleague]
    ended: Mapping[str, int]


def suits(kind: str) -> frozenset[str]:
    """The roles of which one is needed to take things of a kind."""
    return SUITS.get(kind, MAY_OWN)


def leave(scope: Scope, public_id: str, plan: Plan, seen: int, at: datetime) -> Left:
    """Move everything, end everything, suspend the account: all of it, or nothing.

    Findings are beside ``last`` and ``to-<kind>``.
    """
    faults: list[Finding] = []
    until = day_after(plan.last_day)
    if plan.last_day is None:
        faults.append(Finding("Enter their last day", field="last"))
    elif not scope.on - BACK <= plan.last_day <= scope.on:
        message = "The last day must be today or within the last year: do this on the day itself"
        faults.append(Finding(message, field="last"))
    with writing(), administered(scope):
        person = found(scope, public_id)
        if person.id == scope.account_id:
            raise Refused(Finding("You cannot do this for yourself: another administrator can"))
        if until is None or faults:
            raise Refused(*faults)
        hand = leaving.in_hand(scope, person.id, until, lock=True)
        takers = _takers(scope, person, hand, plan)
        if alone := leaving.last_named(scope, person.id):
            raise Refused(nobody_left(person.name, alone))
        shut_out(scope, person, seen, at)
        for kind, passed in hand.kinds.items():
            if passed:
                _pass(scope, person, kind, passed, takers[kind], until, at)
        ended = roles.end_all(scope, person, until, _why(person), at)
        _end_sight(scope, person, until, at)
        audit.changed(
            scope,
            at,
            "leave",
            "account",
            public_id,
            before={KINDS.get(k, k): len(passed) for k, passed in hand.kinds.items() if passed},
            after={KINDS.get(kind, kind): one.name for kind, one in takers.items()}
            | {"last day": str(plan.last_day), "active": False},
        )
        returns.move_record(scope)
    return Left(person, hand, takers, ended)


def _end_sight(scope: Scope, person: PersonOfStaff, until: date, at: datetime) -> None:
    """End what they see that is not theirs; each stands where its ending by itself would."""
    ended = leaving.end_sight(scope, person.id, until)
    why = _why(person)
    for cover in ended.covers:
        before, last = last_day(cover.until), last_day(until)
        covering.tell_both(scope, at, "end cover", cover, before, last, why)
    for case in ended.cases:
        was = {"invited": person.name, "account": person.public_id}
        audit.changed(scope, at, "end invitation to case", "case", case, before=was, why=why)
    for child in ended.children:
        named = {"named": [person.name]}
        did = "take name off closed record"
        audit.changed(scope, at, did, "child", child, before=named, why=why)


def _why(person: PersonOfStaff) -> str:
    return f"{person.name} leaves"


def some(local_ids: list[str]) -> str:
    """The first of several local ids, and how many more there are."""
    more = f" and {len(local_ids) - SOME} more" if len(local_ids) > SOME else ""
    return ", ".join(local_ids[:SOME]) + more


def nobody_left(name: str, local_ids: list[str]) -> Finding:
    """That closed records would be seen by nobody, by their local ids."""
    records = "the closed record" if len(local_ids) == 1 else "the closed records"
    return Finding(
        f"{name} is the only one named for {records} {some(local_ids)} who can sign in. Name "
        "somebody else first, at Closed records"
    )


def _takers(scope: Scope, person: PersonOfStaff, hand: InHand, plan: Plan) -> dict[str, Colleague]:
    """Who takes each kind of which there is something; refused where somebody cannot."""
    people = {one.public_id: one for one in directory.everybody(scope)}
    takers, faults = {}, []
    for kind, passed in hand.kinds.items():
        if not passed:
            continue
        one = people.get(plan.whom(kind))
        field = f"to-{kind}" if plan.to.get(kind) else f"to-{EVERYTHING}"
        words = KINDS.get(kind, kind)
        if one is None:
            faults.append(Finding(f"Choose who takes the {words}", field=f"to-{kind}"))
        elif not one.active or one.id == person.id:
            message = f"{one.name} cannot take the {words}: their account is suspended"
            if one.id == person.id:
                message = f"{one.name} is the one who leaves: choose somebody else"
            faults.append(Finding(message, field=field))
        elif not one.roles & suits(kind):
            needed = " or ".join(sorted(TITLES[role] for role in suits(kind)))
            if len(suits(kind)) > 6:
                needed = "that keeps papers" if kind == "papers" else "that sees children"
            faults.append(
                Finding(
                    f"{one.name} cannot take the {words}: they need a role {needed}",
                    field=f"to-{kind}",
                )
            )
        else:
            takers[kind] = one
    if faults:
        raise Refused(*faults)
    return takers


def _pass(
    scope: Scope,
    person: PersonOfStaff,
    kind: str,
    passed: tuple[Passed, ...],
    to: Colleague,
    until: date,
    at: datetime,
) -> None:
    subject = {"actions": "action", "referrals": "case", "papers": "paper"}.get(kind, "child")
    if kind == "actions":
        actions = {one.id: one.public_id for one in passed}
        leaving.pass_actions(scope, list(actions), to.id, to.name)
        actions_passed.note(scope, actions, person.name, to.name, _why(person), at)
        actions_passed.tell(scope, actions, to.id, at)
    elif kind == "referrals":
        leaving.pass_referrals(scope, [one.id for one in passed], to.id)
    elif kind == "papers":
        leaving.pass_papers(scope, [one.id for one in passed], to.id)
    else:
        leaving.pass_children(scope, kind, passed, to.id, until, min(until, scope.on))
    words = {"actions": "owner", "referrals": "referrer", "papers": "answers"}
    word = words.get(kind, kind)
    for one in passed:
        audit.changed(
            scope,
            at,
            "hand over",
            subject,
            one.public_id,
            before={word: person.name},
            after={word: to.name},
            why=_why(person),
        )
