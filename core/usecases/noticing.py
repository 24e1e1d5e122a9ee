"""Notices kept as their meetings stand, and put into the outbox on their day, each once."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.domain.notice_plan import KeptNotice, NewNotice, NoticeKind, NoticeState, earlier
from core.domain.procedure.bodies import Body
from core.domain.procedure.notices import Notice
from core.domain.sending import from_morning
from core.notices.notice_letter import NoticeFacts, letter
from core.registry import Registry
from core.store import audit, inviting, notices, outbox
from core.store.database import let_go, writing
from core.store.notice_messages import KIND
from core.store.notice_people import Asked, People, Recipient
from core.store.notices import NoticeRow
from core.store.outbox import Letter
from core.store.scope import Scope
from core.usecases import notices_stopped
from core.usecases.gathering import Gathered, gathered, path_of
from core.usecases.notice_rules import CANCELLED, Looked, Ruled, day_of, look, meeting_of
from core.usecases.reckoning import attached

NOTHING_SAID = "there was nobody to send it to"
NOT_TOLD = "nobody had been told yet"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom a notice reached, and the meeting's day of which they were told last."""

    who: Recipient
    on: date


def follow(
    scope: Scope, registry: Registry, meeting_ids: Iterable[int | None], at: datetime
) -> None:
    """Keep the notices of these meetings as they stand now, in the transaction under way.

    Whatever books, moves, tables, withdraws or cancels calls it; the worker goes over them all.
    """
    ids = {meeting_id for meeting_id in meeting_ids if meeting_id is not None}
    if ids:
        whole = Scope.of_authority(scope.authority_id, scope.on)
        _keep(whole, look(whole, registry, ids), at)


def work_on(scope: Scope, at: datetime) -> bool:
    """Send what is due of an authority; False where nothing was. One transaction for a batch.

    A notice is sent in the same transaction in which it is marked as sent: a process that is
    killed in the middle leaves both undone, and of two at once the second finds it marked.
    """
    due = notices.due_meetings(scope)
    let_go()
    if not due:
        return False
    with writing():
        registry = attached()
        _keep(scope, look(scope, registry, due, lock=True), at)
        looked = look(scope, registry, due)
        _send(scope, looked, notices.claim(scope, due, at), at)
    return True


def bring_up_to_date(scope: Scope, at: datetime) -> bool:
    """Keep the notices of every meeting as it stands; False where they were. Eight queries."""
    registry = attached()
    looked = look(scope, registry)
    let_go()
    if looked.plan.nothing:
        return False
    with writing():
        _keep(scope, look(scope, registry, looked.meetings, lock=True), at)
    return True


def _keep(scope: Scope, looked: Looked, at: datetime) -> None:
    """Write what the plan changes."""
    for notice_id, why in looked.plan.stopped:
        notices.stop(scope, notice_id, why, at)
    for notice_id, due, reason in looked.plan.redated:
        notices.redate(scope, notice_id, due, reason)
    followed = {new.follows for new in looked.plan.new if new.follows is not None}
    before = {row.id: row for row in notices.by_ids(scope, followed)} if followed else {}
    notices.add(scope, [_values(new, before, at) for new in looked.plan.new])
    told_of = {row.meeting_id for row in before.values() if row.meeting_id is not None}
    told_of |= {meeting_of(row.key) for row in looked.kept if row.id in looked.plan.over}
    if told_of:
        public_ids = {one: looked.ruled[one].meeting.public_id for one in told_of}
        over, not_so = looked.plan.over, looked.plan.not_so
        notices_stopped.stop_waiting(scope, public_ids, over, not_so, at)


def _values(new: NewNotice, before: Mapping[int, NoticeRow], at: datetime) -> dict[str, Any]:
    """A new notice as it is kept; one that calls another off is as that one was."""
    kept = {
        "key": new.key,
        "number": new.number,
        "kind": new.kind,
        "follows_id": new.follows,
        "meeting_on": new.held_on,
        "due_on": new.due,
        "reason": new.reason,
        "state": NoticeState.TO_COME,
        "made_at": at,
    }
    if (want := new.wanted) is not None:
        return kept | {
            "procedure_code": want.procedure,
            "procedure_edition": want.edition,
            "rule_code": want.rule.code,
            "title": want.rule.title,
            "clauses": ",".join(want.rule.clauses),
            "to": ",".join(want.rule.to),
            "meeting_id": want.about.meeting_id,
            "booking_id": want.about.booking_id,
            "case_id": want.about.case_id,
        }
    row = before[new.follows or 0]
    return kept | {
        "procedure_code": row.procedure,
        "procedure_edition": row.edition,
        "rule_code": row.rule,
        "title": row.title,
        "clauses": ",".join(row.clauses),
        "to": ",".join(row.to),
        "meeting_id": row.meeting_id,
        "booking_id": row.booking_id,
        "case_id": row.case_id,
    }


def _send(scope: Scope, looked: Looked, claimed: Collection[int], at: datetime) -> None:
    """Put what was claimed into the outbox; the queries do not grow with it."""
    if not claimed:
        return
    rows = notices.by_ids(scope, claimed)
    rules = {row.id: _of_row(looked, row) for row in rows}
    asking = {
        row.id: asked(ruled.procedure.code, ruled.body, rule, row.case_id, row.booking_id)
        for row in rows
        if (there := rules[row.id]) is not None
        for ruled, rule in (there,)
    }
    people, known = People(scope, asking.values()), _known(scope, rows, looked.kept)
    invited = _invited(scope, rows)
    letters: list[tuple[Letter, Hashable]] = []
    copies: list[dict[str, Any]] = []
    nobody: dict[int, str] = {}
    not_needed: list[int] = []
    for row in rows:
        there = rules[row.id]
        if there is None:
            nobody[row.id] = "the procedure does not lay it down any more"
            continue
        ruled, rule = there
        before, held_on = known.get(row.id, []), ruled.meeting.held_on
        knows = {one.who.account_id: one.on for one in before}
        recipients = people.of(asking[row.id])
        if row.kind is not NoticeKind.NOTICE:
            recipients = _to_tell(row, before, held_on)
            if not recipients:
                not_needed.append(row.id)
                continue
        going = [one for one in recipients if not one.why]
        for one in going:
            was_on = knows.get(one.account_id)
            asked_to = invited.get((ruled.meeting.id, one.account_id))
            common = (row.meeting_id, row.rule, row.kind, was_on, asked_to, row.reason)
            letters.append((_letter(looked, row, ruled, rule, one, was_on, asked_to, at), common))
        copies += [_copy(row, one) for one in recipients]
        if not going:
            nobody[row.id] = "; ".join(one.why for one in recipients) or NOTHING_SAID
        _audit(scope, row, ruled, [one.name for one in going], at)
    found = gathered(letters, _of_so_many)
    outbox.put(scope, found.letters, at)
    notices.keep_copies(scope, [as_gathered(one, found) for one in copies])
    notices.nobody(scope, nobody)
    _leave_out(scope, looked, [row for row in rows if row.id in not_needed], at)


def _leave_out(scope: Scope, looked: Looked, rows: Collection[NoticeRow], at: datetime) -> None:
    """Keep that these, which follow others, go to nobody, since nobody was told before."""
    notices.not_needed(scope, [row.id for row in rows], NOT_TOLD, at)
    titles: dict[int, list[str]] = {}
    for row in rows:
        titles.setdefault(row.meeting_id or 0, []).append(row.title)
    for meeting_id, some in titles.items():
        notices_stopped.audited(
            scope, looked.ruled[meeting_id].meeting.public_id, {"notices": some}, NOT_TOLD, at
        )


def as_gathered(copy: dict[str, Any], found: Gathered) -> dict[str, Any]:
    """A copy of a notice with the key under which its message went, where many went as one."""
    return copy | {"message_key": found.keys.get(copy["message_key"], copy["message_key"])}


def _of_so_many(first: Letter, count: int) -> tuple[str, str]:
    """What is told of many cases of one meeting at once."""
    text = first.body.replace(f"{path_of(first)}\n\n", "")
    text = text.removesuffix(f"{path_of(first)}\n").strip()
    return f"{first.subject[:180]} ({count} cases)", f"{text}\n\nThis is so of {count} cases:"


def _of_row(looked: Looked, row: NoticeRow) -> tuple[Ruled, Notice] | None:
    ruled = looked.ruled.get(row.meeting_id or 0)
    rule = ruled.procedure.notice(row.rule) if ruled is not None else None
    return None if ruled is None or rule is None else (ruled, rule)


def asked(
    procedure: str, body: Body, rule: Notice, case_id: int | None, booking_id: int | None
) -> Asked:
    """Whom a rule asks for, of a case or a meeting of a body."""
    chairs = tuple(post.code for post in body.order)
    return Asked(case_id, booking_id, procedure, body.code, rule.to, rule.office, chairs)


def _known(
    scope: Scope, rows: Iterable[NoticeRow], kept: Iterable[KeptNotice]
) -> dict[int, list[Known]]:
    """By notice, whom one before it reached, and of which day each was told last.

    What has not gone tells nobody anything, and is stopped. Two queries, none where none went
    before.
    """
    before = earlier(kept)
    of_rows = {row.id: some for row in rows if (some := before.get(row.id))}
    if not of_rows:
        return {}
    copies = notices.copies(scope, {one.id for some in of_rows.values() for one in some})
    accounts = {one.account_id for some in copies.values() for one in some if one.account_id}
    there = notices.still_there(scope, accounts)
    found: dict[int, list[Known]] = {}
    for notice_id, some in of_rows.items():
        known: dict[int, Known] = {}
        for one, on in ((one, told.held_on) for told in some for one in copies.get(told.id, ())):
            if one.account_id is not None and one.went:
                why = "" if one.account_id in there else f"{one.name} has left or is suspended"
                who = Recipient(one.account_id, one.name, one.relation, why)
                known[one.account_id] = Known(who, on)
        found[notice_id] = list(known.values())
    return found


def _invited(scope: Scope, rows: Iterable[NoticeRow]) -> dict[tuple[int, int], date]:
    """Of meetings that are off, the day of which an invitation told last, by account: one query.

    None where nothing is called off.
    """
    off = {row.meeting_id for row in rows if row.kind is NoticeKind.CALLED_OFF and row.meeting_id}
    held = inviting.held_by(scope, off) if off else {}
    return {key: (one.knows or one.told).on for key, one in held.items() if one.went}


def _to_tell(row: NoticeRow, known: Iterable[Known], held_on: date) -> list[Recipient]:
    """Whom what follows a notice concerns: that it moved, only those who know another day."""
    moved = row.kind is NoticeKind.MOVED
    return [one.who for one in known if not (moved and one.on == held_on)]


def key_of(row: NoticeRow, account_id: int) -> str:
    """What keeps a notice from going twice to somebody, also where its row is made anew."""
    return f"{KIND}:{row.key}:{row.number}:{account_id}"


def _letter(
    looked: Looked,
    row: NoticeRow,
    ruled: Ruled,
    rule: Notice,
    to: Recipient,
    was_on: date | None,
    invited_on: date | None,
    at: datetime,
) -> Letter:
    """A notice to somebody who was told last of this day, None where they were not told.

    ``invited_on`` is the day of their invitation, None where they have none.
    """
    meeting, found = ruled.meeting, day_of(ruled, rule, looked.calendar)
    path = (
        f"/cases/{row.case_public_id}" if row.case_public_id else f"/meetings/{meeting.public_id}"
    )
    facts = NoticeFacts(
        ruled.body.title or ruled.procedure.title,
        meeting.held_on,
        meeting.starts_at,
        found.from_day if found is not None else meeting.held_on,
        ruled.booked,
        path,
        was_on if was_on != meeting.held_on else None,
        row.reason if row.kind is NoticeKind.CALLED_OFF else "",
        invited_on if invited_on != was_on else None,
        bool(row.case_public_id) and row.reason != CANCELLED,
    )
    subject, body = letter(rule, row.kind, facts)
    return Letter(
        key=key_of(row, to.account_id),
        kind=KIND,
        account_id=to.account_id,
        subject=subject,
        body=body,
        not_before=from_morning(row.due, at),
        meeting_id=meeting.id,
        case_id=row.case_id,
    )


def _copy(row: NoticeRow, to: Recipient) -> dict[str, Any]:
    return {
        "notice_id": row.id,
        "account_id": to.account_id,
        "name": to.name,
        "relation": to.relation,
        "message_key": "" if to.why else key_of(row, to.account_id),
        "why": to.why,
    }


def _audit(scope: Scope, row: NoticeRow, ruled: Ruled, names: Iterable[str], at: datetime) -> None:
    """The sending is on the record of the case, or of the meeting."""
    of_case = bool(row.case_public_id)
    subject = "case" if of_case else "meeting"
    audit.changed(
        scope,
        at,
        "send notice",
        subject,
        row.case_public_id if of_case else ruled.meeting.public_id,
        after={
            "notice": row.title,
            "kind": row.kind,
            "to": list(names),
            "due": row.due.isoformat(),
            "clauses": list(row.clauses),
        },
    )
