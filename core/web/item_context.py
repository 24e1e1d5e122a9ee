"""What the page of one item shows: its case, the members, the draft or what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, request

from core.domain import decision as domain
from core.domain.decision import MeetingDay
from core.domain.finding import Finding
from core.domain.meeting import OFF_AGENDA, OVER, BookingState, same_person
from core.domain.merge import Clash
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Place
from core.domain.sight import MAY_OWN, MAY_STATE_A_REASON
from core.store import (
    accounts,
    answers,
    carried,
    decisions,
    declarations,
    invitees,
    items,
    questions,
    withdrawals,
)
from core.store.items import ItemRow
from core.store.scope import Scope
from core.store.withdrawals import Withdrawn
from core.usecases import attended, pack, papers, returning, withdrawing
from core.usecases.declaration import may_declare
from core.usecases.standing import (
    NoMeeting,
    Standing,
    chairs,
    chairs_body,
    for_item,
    runs,
    standing,
)
from core.web import (
    amending,
    asker,
    carried_shown,
    dispute_shown,
    hearing_shown,
    notices_shown,
    pages,
)
from core.web.access import ACCESS, CHAIRS
from core.web.choosing import Group, by_team
from core.web.decision_form import DecisionForm, Reading, read
from core.web.rules_here import calendar_here, rules_here


@dataclass(frozen=True, slots=True)
class Open:
    """An item that the asker sees, with its procedure and how its meeting stands for it.

    ``meeting`` is how the meeting stands besides, with those who have withdrawn from the item.
    """

    scope: Scope
    item: ItemRow
    procedure: Procedure
    standing: Standing | None
    meeting: Standing | None = None
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def closed(self) -> bool:
        return self.item.meeting_state in OVER

    @property
    def runs(self) -> bool:
        return self.standing is not None and runs(self.scope, self.standing)

    @property
    def may_write(self) -> bool:
        """Whether the decision is this person's to write: the role and the post together."""
        return ACCESS["items.record"].allows(self.scope.roles) and self.runs

    @property
    def may_table(self) -> bool:
        role = ACCESS["items.table"].allows(self.scope.roles)
        return role and self.standing is not None and chairs(self.scope, self.standing)

    @property
    def may_hear(self) -> bool:
        """Whether this person chairs the body, and may decide to hear a child all the same."""
        body = self.procedure.body(self.item.body_code)
        if body is None or not self.scope.has(*CHAIRS):
            return False
        return chairs_body(self.scope, self.item.procedure_code, body)

    @property
    def may_invite(self) -> bool:
        """Whether it is this person's to say who is invited to the case, until it is ratified."""
        role = ACCESS["invitees.invite"].allows(self.scope.roles)
        here = self.standing
        return role and self.runs and here is not None and here.meeting.ratified_at is None

    @property
    def unsettled(self) -> bool:
        """Whether the item is still to be heard here."""
        return self.item.state == BookingState.BOOKED and not self.closed

    @property
    def can_withdraw(self) -> list[dict[str, str]]:
        """Those whose withdrawal is this person's to write down, to choose from."""
        able = ACCESS["withdrawals.withdraw"].allows(self.scope.roles) and self.unsettled
        if not able or self.standing is None:
            return []
        out = {one.who for one in self.withdrawn if one.out}
        return [
            {"value": withdrawing.key(person), "text": person.name}
            for person in withdrawing.may_name(self.scope, self.standing)
            if same_person(person) not in out
        ]

    @property
    def may_declare(self) -> bool:
        return ACCESS["items.declare"].allows(self.scope.roles) and not self.closed


def seen(public_id: str) -> Open:
    """The item, or 404 where the asker does not see its case."""
    scope = asker.scope()
    item = items.find(scope, public_id)
    if item is None:
        abort(404)
    kept = (item.case_procedure_code, item.case_procedure_edition)
    procedure = rules_here().kept(*kept, item.held_on)
    if procedure is None:
        abort(404)
    withdrawn = tuple(withdrawals.of_items(scope, [item.id]))
    try:
        meeting = standing(scope, asker.registry(), item.meeting_id)
    except NoMeeting:
        return Open(scope, item, procedure, None, None, withdrawn)
    here = for_item(meeting, withdrawn, scope.on)
    return Open(scope, item, procedure, here, meeting, withdrawn)


def written(public_id: str) -> Open:
    """The item for somebody who may write its decision; 404 for anybody else."""
    opened = seen(public_id)
    if not opened.may_write:
        abort(404)
    return opened


def reading(opened: Open, only: str | None = None) -> Reading:
    """What was posted of the draft: every field whose version came with it, or the one named."""
    stored = answers.load(opened.scope, opened.item.case_id, opened.item.id)
    given: dict[Place, str] = {place: answer.value for place, answer in stored.items()}
    return read(opened.procedure, request.form, only, given)


def form_of(
    opened: Open, reading: Reading | None = None, clashes: tuple[Clash, ...] = ()
) -> DecisionForm:
    """The draft as stored, with what two people changed at once."""
    scope, item, rule = opened.scope, opened.item, opened.procedure.decisions
    colleagues = accounts.colleagues(scope, roles=MAY_OWN)
    persons = items.persons(scope, item.case_id)
    said = {c.public_id: c.name for c in colleagues} | {p.public_id: p.name for p in persons}
    for ground in rule.grounds if rule is not None else ():
        said[f"decision {ground.code}"] = f"Decision: {ground.title}"
    return DecisionForm(
        opened.procedure,
        answers.load(scope, item.case_id, item.id),
        reading or Reading(),
        {clash.field: clash for clash in clashes},
        said,
        tuple(
            {"value": c.public_id, "text": f"{c.name}, {c.job}" if c.job else c.name}
            for c in colleagues
        ),
        tuple(persons),
    )


def _invitable(scope: Scope, item: ItemRow) -> list[Group]:
    """Who can be invited to the case of an item and is not, the referrer's team first."""
    invited = {one.account_id for one in invitees.of_case(scope, item.case_id)}
    able = accounts.colleagues(scope, roles=MAY_STATE_A_REASON)
    referrer = [one.id for one in able if one.name == item.referrer]
    return by_team(scope, (one for one in able if one.id not in invited), referrer)


def context(opened: Open, form: DecisionForm | None = None, **more: Any) -> dict[str, Any]:
    """Everything that the page shows; notes which children it shows."""
    scope, item, procedure = opened.scope, opened.item, opened.procedure
    children = items.children(scope, [item.case_id])
    for child in children:
        pages.looked_at("child", child.public_id, page="item")
    decided = decisions.load(scope, case_ids=[item.case_id])
    here = next((d for d in decided if d.booking_id == item.id), None)
    body = procedure.body(item.body_code)
    open_here = opened.unsettled
    writes = open_here and opened.may_write
    there = items.members(scope, item.meeting_id) if opened.may_declare else []
    members = may_declare(scope, there, opened.runs)
    before, after = _neighbours(opened)
    meeting = opened.meeting.meeting if opened.meeting else None
    shown: dict[str, Any] = {
        "item": item,
        "carried": carried_shown.of_cases(scope, meeting, [item.case_id]).get(item.case_id, ()),
        "procedure": procedure,
        "body": body,
        "standing": opened.standing,
        "closed": opened.closed,
        "children": children,
        "disputes": dispute_shown.of_children(child.public_id for child in children),
        "child_lines": [papers.child_line(child, item) for child in children],
        "sought": papers.sought(scope, procedure, item),
        "principles": procedure.statement("principles"),
        "paper": next(iter(procedure.papers), None),
        "declarations": declarations.of_items(scope, [item.id]),
        "handed_over": _handed_over(opened),
        "leave_words": _leave_words(opened),
        "withdrawals": _withdrawals(opened),
        "can_withdraw": opened.can_withdraw,
        "members": members,
        "runs": opened.runs,
        "may_declare": opened.may_declare,
        "previous_item": before,
        "next_item": after,
        "decision": here,
        "ratified": carried.ratified(scope, {d.meeting_id for d in decided}) if decided else {},
        "amends": here is not None and amending.amends_item(scope, opened.meeting),
        "earlier": [d for d in decided if d.booking_id != item.id],
        "writes": writes,
        "may_table": open_here and opened.may_table,
        "other_meetings": items.other_meetings(scope, item, scope.on),
        "questions": _questions(opened),
        "may_invite": opened.may_invite,
        "invited": invitees.of_case(scope, item.case_id) if opened.may_invite else [],
        "invitable": _invitable(scope, item) if opened.may_invite else [],
        "notices": notices_shown.of_case(scope, procedure, body, item.case_id) if body else [],
        "sees_people": ACCESS["people.page"].allows(scope.roles),
        "form": None,
        "typed": {},
        "unrecorded": {},
        "may_withdraw": open_here and opened.may_write,
        "may_hear": opened.may_hear,
        "asked_back": items.asked_back(scope, item.case_id) if open_here else "",
        **hearing_shown.of_item(scope, item),
    }
    if writes:
        shown |= _writing(opened, form or form_of(opened), shown["other_meetings"])
    return shown | more


def _questions(opened: Open) -> list[questions.QuestionRow]:
    """What members ask of the item, for the chair to call: for who runs the meeting or sits in it.

    They are seen from the meeting's opening on.
    """
    here = opened.standing
    if here is None or here.meeting.state not in questions.BEGUN:
        return []
    if not pack.may_read(opened.scope, here):
        return []
    return questions.shared(opened.scope, opened.item.id)


def _handed_over(opened: Open) -> str:
    """Who chairs the meeting and not this item, from which they have withdrawn; or ""."""
    meeting, here = opened.meeting, opened.standing
    usual = meeting.chair if meeting is not None else None
    if usual is None or here is None or here.chair == usual:
        return ""
    return usual.name


def _leave_words(opened: Open) -> str:
    """The words of the link to where leave to go ahead is recorded, where the meeting asks it."""
    meeting = opened.meeting
    rule = meeting.body.chairing if meeting is not None else None
    if meeting is None or rule is None or not meeting.on_hold or opened.closed:
        return ""
    offices = meeting.procedure.offices
    office = next((one.title for one in offices if one.code == rule.leave_from), rule.leave_from)
    return f"{'Record' if opened.runs else 'See'} the {office}’s decision"


def _withdrawals(opened: Open) -> list[dict[str, Any]]:
    """Who withdrew from the item, in words, and whether they can be let back in."""
    ends = opened.unsettled and opened.runs
    role = ACCESS["withdrawals.come_back"].allows(opened.scope.roles)
    return [
        {
            "name": one.name,
            "words": attended.withdrew(one, opened.item.held_on),
            "public_id": one.public_id,
            "can_come_back": one.out and ends and role,
        }
        for one in opened.withdrawn
    ]


def _writing(opened: Open, form: DecisionForm, others: list[items.OtherMeeting]) -> dict[str, Any]:
    """What the draft needs besides its answers: owners, people, dates that the procedure sets."""
    item, procedure = opened.item, opened.procedure
    calendar = calendar_here((item.held_on,))
    words = returning.body_words(procedure, item.body_code)
    returns, faults = returning.return_of(
        form.draft, procedure, item, [meeting.as_day for meeting in others]
    )
    return {
        "form": form,
        "rows": list(form.rows()),
        "due": {
            outcome.code: domain.due_of(outcome, item.held_on, words, calendar)
            for outcome in procedure.outcomes
        },
        "body_words": words,
        "returns": returns,
        "return_warnings": (
            *faults,
            *(_papers_gone(opened, returns) if returns else ()),
        ),
    }


def _papers_gone(opened: Open, returns: MeetingDay) -> tuple[Finding, ...]:
    calendar, on = calendar_here((returns.held_on,)), opened.scope.on
    return returning.papers_gone(opened.procedure, opened.item, returns, on, calendar)


def _neighbours(opened: Open) -> tuple[ItemRow | None, ItemRow | None]:
    """The items before and after this one in the order of the agenda, those off it left out."""
    body = opened.procedure.body(opened.item.body_code)
    order = {entry.kind: n for n, entry in enumerate(body.agenda)} if body else {}
    there = sorted(
        (
            row
            for row in items.of_meeting(opened.scope, opened.item.meeting_id)
            if row.state not in OFF_AGENDA or row.id == opened.item.id
        ),
        key=lambda row: (order.get(row.item, len(order)), row.position),  # type: ignore[call-overload]
    )
    place = next(n for n, row in enumerate(there) if row.id == opened.item.id)
    return (
        there[place - 1] if place else None,
        there[place + 1] if place + 1 < len(there) else None,
    )
