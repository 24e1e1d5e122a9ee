"""Writing and recording a decision: its draft, and everything that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.domain import decision as domain
from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.decision import Draft, MeetingDay
from core.domain.finding import Finding, Refused, blocking
from core.domain.meeting import BookingState
from core.domain.merge import Clash
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Place
from core.domain.sight import MAY_OWN
from core.registry import Registry
from core.store import (
    accounts,
    action_closed,
    answers,
    audit,
    cases,
    decisions,
    items,
    meetings,
    withdrawals,
)
from core.store.calendars import calendar_of
from core.store.database import writing
from core.store.items import ItemRow
from core.store.scope import Scope
from core.usecases import adoption_booking, noticing
from core.usecases.answers import Saved, save_answers
from core.usecases.case_step import held_case, move
from core.usecases.returning import (
    body_words,
    hold_other,
    papers_gone,
    procedure_of,
    return_of,
)
from core.usecases.standing import Standing, for_item, standing
from core.usecases.who_sits import on_booking


class Clashing(Refused):
    """Two people changed the same field of a draft: nothing is recorded until one chooses."""

    def __init__(self, clashes: tuple[Clash, ...]) -> None:
        super().__init__(
            *(
                Finding(f"{c.who} changed this while you were typing: choose one", field=c.field)
                for c in clashes
            )
        )
        self.clashes = clashes


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that was recorded, and what its recorder should know."""

    public_id: str
    returns_on: date | None
    warnings: tuple[Finding, ...]


def save_draft(
    scope: Scope,
    registry: Registry,
    public_id: str,
    typed: Mapping[Place, str],
    seen: Mapping[Place, int],
    at: datetime,
    *,
    keep_mine: frozenset[Place] = frozenset(),
) -> Saved:
    """Save what was typed on a decision page, field by field; a frozen decision refuses it."""
    with writing():
        item = _open_item(scope, public_id)
        procedure = procedure_of(registry, item)
        return save_answers(
            scope,
            (item.case_id, item.case_public_id),
            {place: value for place, value in typed.items() if domain.known(procedure, place)},
            seen,
            at,
            booking_id=item.id,
            keep_mine=keep_mine,
            private=domain.PRIVATE,
        )


def record_decision(
    scope: Scope,
    registry: Registry,
    public_id: str,
    typed: Mapping[Place, str],
    seen: Mapping[Place, int],
    at: datetime,
    *,
    keep_mine: frozenset[Place] = frozenset(),
) -> Recorded:
    """Save what was typed, then record the decision with all that it makes, whole or not at all.

    Raises ``Clashing`` where somebody else changed the same field, ``Refused`` with what is
    lacking or with why the meeting may not decide this item (its membership rules, asked of those
    who have not withdrawn); the draft is kept.
    """
    saved = save_draft(scope, registry, public_id, typed, seen, at, keep_mine=keep_mine)
    if saved.clashes:
        raise Clashing(saved.clashes)
    with writing():
        item = _item(scope, public_id)
        meetings.lock(scope, item.meeting_id)
        item = _open_item(scope, public_id)
        if not items.settle(scope, item.id, BookingState.HEARD):
            raise _settled(scope, item)
        procedure = procedure_of(registry, item)
        draft = _draft(scope, procedure, item)
        meeting = standing(scope, registry, item.meeting_id)
        held = for_item(meeting, withdrawals.of_items(scope, [item.id]), scope.on)
        owners = _may_own(scope) if draft.owners else {}
        persons = {p.public_id: p for p in items.persons(scope, item.case_id)}
        planned = [m.as_day for m in items.other_meetings(scope, item, scope.on)]
        returns, return_findings = return_of(draft, procedure, item, planned)
        refusals = [
            *_may_not_decide(held),
            *domain.lacking(draft, procedure, owners, persons),
            *domain.out_of_reach(draft, item.held_on, calendar_of(scope, (item.held_on,))),
            *domain.kept_out(draft, _not_named(scope, item, draft, owners)),
            *return_findings,
            *_before_decision_maker(scope, registry, draft, item),
        ]
        if refusals:
            raise Refused(*refusals)
        decision_id, decision = _insert(scope, item, draft, held, returns, at)
        decisions.insert_made(
            scope,
            decision_id,
            item.case_id,
            _outcomes(draft),
            list(_actions(scope, draft, procedure, item, owners)),
            list(_referrals(scope, draft, item, persons)),
        )
        if returns is not None:
            _return(scope, procedure, item, draft, returns, decision_id)
        decisions.forget(scope, item.case_id, item.id, domain.PRIVATE)
        move(scope, held_case(scope, item.case_public_id), state=CaseState.HEARD)
        met = [item.meeting_id, returns.id if returns is not None else None]
        noticing.follow(scope, registry, met, at)
        _audit(scope, at, item, draft, decision, returns)
    warnings = tuple(domain.left_open(draft))
    if returns is not None:
        kept_out = on_booking(scope, registry, returns.id, item.case_id)
        calendar = calendar_of(scope, (returns.held_on,))
        warnings = (
            *warnings,
            *papers_gone(procedure, item, returns, scope.on, calendar),
            *kept_out,
        )
    return Recorded(decision, returns.held_on if returns else None, warnings)


def _item(scope: Scope, public_id: str) -> ItemRow:
    item = items.find(scope, public_id)
    if item is None:
        raise Refused(Finding("This item is not there any more"))
    return item


def _open_item(scope: Scope, public_id: str) -> ItemRow:
    """The item, held until the transaction under way ends; Refused where it is settled."""
    decisions.lock_item(scope, _item(scope, public_id).id)
    item = _item(scope, public_id)
    if item.state != BookingState.BOOKED:
        raise _settled(scope, item)
    return item


def _settled(scope: Scope, item: ItemRow) -> Refused:
    if item.state == BookingState.TABLED:
        return Refused(Finding("This case was tabled for another meeting: it is not decided here"))
    if item.state == BookingState.WITHDRAWN:
        return Refused(Finding("This case was withdrawn from the agenda: it is not decided here"))
    who = decisions.recorded_by(scope, item.id)
    if who is None:
        return Refused(Finding("This item is settled already"))
    return Refused(Finding(f"The decision was recorded by {who or 'somebody else'}: it is frozen"))


def _may_own(scope: Scope) -> Mapping[str, accounts.Colleague]:
    """Those to whom an action can be given, by public id."""
    return {c.public_id: c for c in accounts.colleagues(scope, roles=MAY_OWN)}


def _not_named(
    scope: Scope, item: ItemRow, draft: Draft, owners: Mapping[str, accounts.Colleague]
) -> Mapping[str, str]:
    """Whom the draft gives an action of a record that is closed to them, by public id."""
    given = {owners[one].id: owners[one] for one in draft.owners & owners.keys()}
    kept = action_closed.kept_from_some(scope, item.case_id, given) if given else ()
    return {given[one].public_id: given[one].name for one in kept}


def _may_not_decide(held: Standing) -> tuple[Finding, ...]:
    """What of the meeting stands against a decision."""
    against = blocking(held.findings)
    if against or held.may_decide:
        return against
    return (Finding("The meeting may not decide as it stands"),)


def _before_decision_maker(
    scope: Scope, registry: Registry, draft: Draft, item: ItemRow
) -> tuple[Finding, ...]:
    """What stands against an outcome that refers the children to the agency decision maker."""
    made = (chosen.outcome.makes_referral for chosen in draft.chosen)
    if not any(one is not None and one.forum == adoption_booking.FORUM for one in made):
        return ()
    ids = cases.child_ids(scope, item.case_id)
    return adoption_booking.findings(scope, registry, ids, item.held_on, "outcomes")


def _draft(scope: Scope, procedure: Procedure, item: ItemRow) -> Draft:
    stored = answers.load(scope, item.case_id, item.id)
    return domain.read(procedure, {place: answer.value for place, answer in stored.items()})


def _insert(
    scope: Scope,
    item: ItemRow,
    draft: Draft,
    held: Standing,
    returns: MeetingDay | None,
    at: datetime,
) -> tuple[int, str]:
    chair = held.attendance.chair
    return decisions.insert(
        scope,
        booking_id=item.id,
        case_id=item.case_id,
        meeting_id=item.meeting_id,
        decided_on=item.held_on,
        rationale=draft.rationale,
        discussion=draft.discussion,
        agreed="\n".join(draft.agreed),
        chair_name=chair.name if chair else "",
        present="\n".join(present(held)),
        return_by=draft.return_by.on,
        return_meeting_id=returns.id if returns else None,
        recorded_at=at,
        recorded_by=scope.account_id,
    )


def present(held: Standing) -> Iterable[str]:
    """The members here as the record says them: name, post, and whether a substitute."""
    for attendee in held.attendance.members_here:
        post = held.body.post(attendee.post or "") if held.body else None
        told = [post.title] if post else []
        told += ["substitute"] if attendee.substitute else []
        yield attendee.name + (f" ({', '.join(told)})" if told else "")


def _outcomes(draft: Draft) -> Iterable[Mapping[str, Any]]:
    for chosen in draft.chosen:
        ground = chosen.ground
        yield {
            "code": chosen.outcome.code,
            "words": chosen.outcome.title,
            "clauses": " ".join(chosen.outcome.clauses),
            "force": str(chosen.force),
            "ground": ground.code if ground else "",
            "ground_words": ground.title if ground else "",
            "box": chosen.outcome.box or "",
        }


def _actions(
    scope: Scope,
    draft: Draft,
    procedure: Procedure,
    item: ItemRow,
    owners: Mapping[str, accounts.Colleague],
) -> Iterable[Mapping[str, Any]]:
    calendar = calendar_of(scope, (item.held_on,))
    words = body_words(procedure, item.body_code)
    for chosen in draft.chosen:
        makes = chosen.outcome.makes_action
        if makes is None:
            continue
        set_by = domain.due_of(chosen.outcome, item.held_on, words, calendar)
        due, why = set_by or (chosen.due.on, "")
        owner, means = owners[chosen.owner], chosen.done_means
        yield _action(makes.what, means, makes.kind, chosen.outcome.code, due, why, owner)
    for further in draft.further:
        owner = owners[further.owner]
        means = further.done_means
        yield _action(further.what, means, "further", "", further.due.on, "", owner)


def _action(
    what: str,
    done_means: str,
    kind: str,
    outcome: str,
    due: date | None,
    why: str,
    owner: accounts.Colleague,
) -> Mapping[str, Any]:
    return {
        "outcome_code": outcome,
        "kind": kind,
        "what": what,
        "done_means": done_means,
        "owner_id": owner.id,
        "owner_name": owner.name,
        "due": due,
        "first_due": due,
        "due_why": why,
    }


def _referrals(
    scope: Scope, draft: Draft, item: ItemRow, persons: Mapping[str, items.Known]
) -> Iterable[Mapping[str, Any]]:
    for chosen in draft.chosen:
        onward, person = chosen.outcome.makes_referral, chosen.outcome.refers_person
        made = {"outcome_code": chosen.outcome.code, "made_on": item.held_on}
        cited = " ".join(chosen.outcome.clauses)
        if onward is not None:
            yield made | {
                "forum": onward.forum,
                "forum_words": onward.forum_words,
                "clauses": cited,
            }
        if person is not None:
            known = persons.get(chosen.person)
            person_id = decisions.person_around(
                scope,
                chosen.person_name,
                person.relation,
                cases.child_ids(scope, item.case_id),
                known.id if known else None,
            )
            yield made | {
                "forum": person.programme,
                "forum_words": person.programme_words,
                "person_id": person_id,
            }


def _return(
    scope: Scope,
    procedure: Procedure,
    item: ItemRow,
    draft: Draft,
    returns: MeetingDay,
    decision_id: int,
) -> None:
    """Book the case onto the meeting to which it returns, under the review of earlier decisions."""
    rule, by = procedure.returns, draft.return_by.on
    cited = ", ".join(rule.clauses) if rule else ""
    why = f"Returns by {day(by)} ({cited})" if by else ""
    hold_other(scope, returns, "return-by")
    if items.book(scope, returns.id, item.case_id, "previous", why, decision_id) is None:
        raise Refused(
            Finding(
                f"This case is on the agenda of {day(returns.held_on)} already",
                field="return-by",
            )
        )


def _audit(
    scope: Scope,
    at: datetime,
    item: ItemRow,
    draft: Draft,
    decision: str,
    returns: MeetingDay | None,
) -> None:
    after = {
        "outcomes": [chosen.outcome.code for chosen in draft.chosen],
        "return_by": draft.return_by.typed or None,
        "returns_on": returns.held_on.isoformat() if returns else None,
    }
    audit.changed(scope, at, "record", "decision", decision, after=after)
    audit.changed(
        scope, at, "decide", "case", item.case_public_id, after={"decision": decision, **after}
    )
