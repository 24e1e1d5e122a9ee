"""The papers of a meeting: its minutes, and the document of each child's decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from core.documents.decision_record import DecisionRecord, OutcomeFact, decision_record
from core.documents.minutes import (
    ActionFact,
    CarriedFact,
    CaseFact,
    DecisionFact,
    MinutesFacts,
)
from core.documents.minutes import minutes as minutes_document
from core.domain.dates import age_on, day
from core.domain.meeting import OFF_AGENDA, MeetingState
from core.domain.minutes import OF_DECISION
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import AgendaKind
from core.domain.procedure.forms import FieldType, Form, Place
from core.registry import Registry
from core.store import (
    agenda,
    answers,
    carried,
    decisions,
    declarations,
    items,
    meetings,
    withdrawals,
)
from core.store import minutes as kept
from core.store.decisions import DecisionRow, MadeAction
from core.store.items import ItemChild, ItemRow
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases import attended
from core.usecases.issued import amended, issue
from core.usecases.returning import procedure_of
from core.usecases.standing import NoMeeting, Standing, standing_of


def child_line(child: ItemChild, item: ItemRow) -> str:
    """A child with the age on the meeting's date: "Orlin Thistlewick, aged 7".

    And why the case goes on without them, where it does.
    """
    without = f", withdrawn: {child.withdrawn_why}" if child.withdrawn_why else ""
    if child.born is None:
        return f"{child.name}, date of birth not known{without}"
    if child.birth_expected or child.born > item.held_on:
        return f"{child.name}, expected on {day(child.born)}{without}"
    return f"{child.name}, aged {age_on(child.born, item.held_on)}{without}"


def sought(
    scope: Scope, procedure: Procedure, item: ItemRow
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The referral in short: under which criteria, and what is sought, as (label, lines)."""
    form = procedure.form(item.form_code)
    if form is None:
        return ()
    stored = answers.load(scope, item.case_id)
    return tuple(_in_short(procedure, form, {p: a.value for p, a in stored.items()}))


def _in_short(
    procedure: Procedure, form: Form, given: dict[Place, str]
) -> Iterable[tuple[str, tuple[str, ...]]]:
    for section, field in form.fields():
        value = given.get(Place(field.code), "")
        if field.type is FieldType.CRITERIA:
            chosen = [procedure.criterion(code) for code in value.split(",") if code]
            yield field.label, tuple(c.title for c in chosen if c is not None)
        elif section.code == "sought":
            yield field.label, (value,) if value.strip() else ()


def decision_document(
    scope: Scope, registry: Registry, item: ItemRow, child: ItemChild, at: datetime
) -> tuple[str, bytes] | None:
    """The document of a child's decision: file name and .docx; None where there is none.

    No name of a child stands in the file's name.
    """
    procedure = procedure_of(registry, item)
    recorded = next(iter(decisions.load(scope, booking_ids=[item.id])), None)
    paper = next(iter(procedure.papers), None)
    if recorded is None or paper is None:
        return None
    worker, team = _worker(scope, procedure, item)
    actions = _as_ratified(scope, recorded)
    record = DecisionRecord(
        child=child.name,
        worker=worker,
        team=team,
        outcomes=tuple(_outcomes(recorded, actions)),
        agreed=(*recorded.agreed, *_further(actions)),
        return_by=recorded.return_by,
        returns_on=recorded.returns_on,
        rationale=recorded.rationale,
        chair=recorded.chair_name,
        decided_on=recorded.decided_on,
        agreed_amended=amended(recorded.amended("agreed")),
        rationale_amended=amended(recorded.amended("rationale")),
    )
    name = f"decision-{item.held_on.isoformat()}-{item.public_id}.docx"
    return name, decision_record(paper, procedure.boxes, record, at)


def _worker(scope: Scope, procedure: Procedure, item: ItemRow) -> tuple[str, str]:
    """Worker and team as the referral has them; the referrer where it does not say."""
    form = procedure.form(item.form_code)
    given = answers.load(scope, item.case_id)
    said = {"worker": "", "team": ""}
    for _, field in form.fields() if form else ():
        if field.prefill in said:
            said[field.prefill] = given.get(Place(field.code), answers.NEVER).value
    return said["worker"] or item.referrer, said["team"]


def _as_ratified(scope: Scope, recorded: DecisionRow) -> list[MadeAction]:
    """The actions of a decision, with owner and day as ratified minutes say them."""
    said = carried.ratified(scope, [recorded.meeting_id])
    return [
        replace(one, owner=said[one.public_id].owner, due=said[one.public_id].due)
        if one.public_id in said
        else one
        for one in recorded.actions
    ]


def _outcomes(recorded: DecisionRow, actions: Iterable[MadeAction]) -> Iterable[OutcomeFact]:
    for outcome in recorded.outcomes:
        made = [_in_document(one) for one in actions if one.outcome_code == outcome.code]
        yield OutcomeFact(
            outcome.words,
            outcome.force,
            outcome.ground_words,
            outcome.clauses,
            outcome.box,
            tuple(made),
        )


def _further(actions: Iterable[MadeAction]) -> Iterable[str]:
    return (_in_document(action) for action in actions if not action.outcome_code)


def _in_document(action: MadeAction) -> str:
    return f"Action: {action.what}. Owner: {action.owner}, by {day(action.due)}"


def minutes(
    scope: Scope, registry: Registry, meeting_public_id: str, at: datetime
) -> tuple[str, bytes] | None:
    """The minutes of a meeting: file name and .docx; None where the asker does not see it.

    They hold the cases that the asker sees, and say how many others there were: not those from
    which the asker withdrew.
    """
    try:
        held = standing_of(scope, registry, meeting_public_id)
    except NoMeeting:
        return None
    meeting = held.meeting
    booked = items.of_meeting(scope, meeting.id)
    shown: dict[str, list[CaseFact]] = {"cases": [], "previous": []}
    _, earlier = carried.decided(scope, meeting)
    facts = _cases(scope, registry, meeting, booked)
    for item in booked:
        shown.setdefault(item.item, []).append(facts[item.id])
    on_it = agenda.bookings(scope, meeting)
    withdrew = sum(booking.withdrew for booking in on_it)
    hidden = sum(not booking.seen for booking in on_it) - withdrew
    kinds = {item.kind for item in held.body.agenda}
    read = AgendaKind.STATEMENT in kinds
    statement = held.procedure.statement("conduct")
    following = meetings.next_after(scope, meeting)
    document = minutes_document(
        MinutesFacts(
            body=held.body.title,
            held_on=meeting.held_on,
            place=meeting.place,
            agenda=held.body.agenda,
            chair=held.chair.name if held.chair else "",
            leave=_leave(held) or _chair_named(held),
            present=tuple(a.line for a in attended.present(held.seats, meeting.held_on)),
            apologies=attended.apologies(held.seats),
            statement=statement.text if read and statement else (),
            statement_read=_read(held),
            previous=tuple(shown["previous"]),
            cases=tuple(shown["cases"]),
            other_business=meeting.other_business,
            next_date=f"{day(following.held_on)}." if following else "No further date is set.",
            not_shown=" ".join(filter(None, (_withdrew(withdrew), _hidden(hidden)))),
            carried=tuple(_carried(earlier)),
            draft=meeting.state != MeetingState.CLOSED,
            issue=issue(scope, meeting),
            business_amended=amended(kept.amendments(scope, meeting_id=meeting.id)),
        ),
        at,
    )
    return f"minutes-{meeting.held_on.isoformat()}.docx", document


def _hidden(count: int) -> str:
    if not count:
        return ""
    cases = "1 further case is" if count == 1 else f"{count} further cases are"
    return f"{cases} not in this copy: it was made for somebody who does not see them."


def _withdrew(count: int) -> str:
    if not count:
        return ""
    items_left_out = "1 item" if count == 1 else f"{count} items"
    are = "is" if count == 1 else "are"
    return f"{items_left_out} {are} not in this copy: it was made for somebody who withdrew there."


def _read(held: Standing) -> str:
    at = held.meeting.statement_read_at
    if at is None:
        return "It is not recorded that the statement was read."
    by = f" by {held.meeting.statement_read_by}" if held.meeting.statement_read_by else ""
    return f"The statement was read at {attended.at_clock(at, held.meeting.held_on)}; recorded{by}."


def _leave(held: Standing) -> str:
    meeting = held.meeting
    if meeting.leave_given is None:
        return ""
    went = "would go ahead" if meeting.leave_given else "would not go ahead"
    on = f" on {day(meeting.leave_on)}" if meeting.leave_on else ""
    return (
        f"{meeting.leave_by} decided{on} that the meeting {went} without its usual chair, asked "
        f"by {meeting.leave_asked_by}: {meeting.leave_reason}"
    )


def _chair_named(held: Standing) -> str:
    """Why somebody was named to chair whom the order of the chair does not give."""
    found = next((one.message for one in held.findings if one.code == "chair-order"), "")
    why = held.meeting.chair_why
    if found or not why:
        return found
    sat = (one.who for seat in held.seats for one in seat.sat)
    named = next((who.name for who in sat if who.id == held.meeting.chair_id), "Somebody else")
    return f"{named} was named to chair. Reason: {why}"


def _carried(earlier: Iterable[carried.Decided]) -> Iterable[CarriedFact]:
    for decided in earlier:
        outcomes = tuple(
            OutcomeFact(o.words, o.force, o.ground_words, o.clauses) for o in decided.outcomes
        )
        yield CarriedFact(
            tuple(child.name for child in decided.children),
            DecisionFact(
                decided.decided_on,
                outcomes,
                (),
                decided.rationale,
                actions=tuple(
                    ActionFact(a.what, a.owner, a.due, _done(a), a.done_means)
                    for a in decided.actions
                ),
                referrals=tuple(
                    _referral(o.forum, o.about_person, o.made_on, o.answered_on, o.answer)
                    for o in decided.onward
                ),
                return_by=decided.return_by if decided.returned_on is None else None,
            ),
        )


def _done(action: carried.ActionLine | MadeAction) -> str:
    if action.ended_on is not None:
        return f"Ended without being done on {day(action.ended_on)}: {action.ended_why}"
    if action.done_on is not None and action.accepted_on is None:
        return f"Said to be done on {day(action.done_on)}, not accepted yet: {action.done_words}"
    if action.done_on is not None:
        return f"{day(action.done_on)}: {action.done_words}"
    return f"Not yet. {action.progress}".strip()


def _referral(
    forum: str, about_person: bool, made_on: date, answered_on: date | None, answer: str
) -> str:
    """What is said of a referral: of one about a person only that it was made."""
    if about_person:
        return "A referral was made."
    if answered_on is None:
        return f"Referred to {forum} on {day(made_on)}; not answered yet."
    return f"Referred to {forum} on {day(made_on)}; answered on {day(answered_on)}: {answer}"


def _cases(
    scope: Scope,
    registry: Registry,
    meeting: MeetingRow,
    booked: list[ItemRow],
) -> dict[int, CaseFact]:
    """The facts of every case on the agenda that the asker sees, by the booking's id."""
    case_ids = [item.case_id for item in booked]
    children = items.children(scope, case_ids) if booked else []
    declared = declarations.of_items(scope, [item.id for item in booked]) if booked else []
    withdrawn = withdrawals.of_items(scope, [item.id for item in booked]) if booked else []
    decided = decisions.load(scope, case_ids=case_ids) if booked else []
    facts = {}
    for item in booked:
        procedure = procedure_of(registry, item)
        here = next((d for d in decided if d.booking_id == item.id), None)
        earlier = [d for d in decided if d.case_id == item.case_id and d.decided_on < item.held_on]
        asked = sought(scope, procedure, item) if item.item == "cases" else ()
        facts[item.id] = CaseFact(
            children=tuple(child_line(c, item) for c in children if c.case_id == item.case_id),
            why=item.why if item.state not in OFF_AGENDA else "",
            sought=tuple((label, "\n".join(lines)) for label, lines in asked),
            declarations=tuple(d.words for d in declared if d.booking_id == item.id),
            earlier=tuple(
                _decision(meeting, d, returned=here is not None or n > 0)
                for n, d in enumerate(earlier)
            )
            if item.item == "previous"
            else (),
            decision=_decision(meeting, here) if here else None,
            settled=item.why if item.state in OFF_AGENDA else "Not yet heard.",
            withdrawn=tuple(
                attended.withdrew(one, item.held_on)
                for one in withdrawn
                if one.booking_id == item.id
            ),
        )
    return facts


def _decision(
    meeting: MeetingRow, recorded: DecisionRow, *, returned: bool = False
) -> DecisionFact:
    """A decision with what came of it: of a closed meeting, by the time it was closed.

    The meeting's own actions are as they stand until its minutes are ratified, then as they stood.

    When it returns is not said of a case that has returned.
    """
    actions: Iterable[carried.ActionLine | MadeAction] = recorded.actions
    onward = tuple(
        (r.forum_words, r.about_person, r.made_on, r.answered_on, r.answer)
        for r in recorded.referrals
    )
    if kept := carried.made_by(meeting, recorded):
        actions = kept[0]
        onward = tuple(
            (o.forum, o.about_person, o.made_on, o.answered_on, o.answer) for o in kept[1]
        )
    return DecisionFact(
        recorded.decided_on,
        tuple(OutcomeFact(o.words, o.force, o.ground_words, o.clauses) for o in recorded.outcomes),
        recorded.agreed,
        recorded.rationale,
        recorded.discussion,
        tuple(ActionFact(a.what, a.owner, a.due, _done(a), a.done_means) for a in actions),
        tuple(_referral(*facts) for facts in onward),
        None if returned else recorded.return_by,
        None if returned else recorded.returns_on,
        recorded.chair_name,
        tuple(filter(None, recorded.present.splitlines())),
        *(amended(recorded.amended(part)) for part in OF_DECISION),
    )
