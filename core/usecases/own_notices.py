"""The core's own reminders put into the outbox: actions due, minutes waiting, terms that end."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from core.domain.notice_days import NoticeDay
from core.domain.notice_plan import NoticeKind, NoticeState
from core.domain.own_notices import (
    ACTION_DUE,
    MINUTES_KEYS,
    MINUTES_WAITING,
    TERM_ENDING,
    action_day,
    action_key,
    actions_until,
    minutes_day,
)
from core.domain.procedure.notices import Notice
from core.domain.sending import from_morning
from core.notices.notice_letter import NoticeFacts, letter
from core.registry import Registry
from core.store import notice_waiting, notices, outbox
from core.store.calendars import calendar_of
from core.store.database import let_go, writing
from core.store.notice_messages import KIND
from core.store.notice_people import People, Recipient
from core.store.outbox import Letter
from core.store.scope import Scope
from core.usecases import editions, reminders
from core.usecases.gathering import gathered
from core.usecases.notice_rules import AFTERWARDS
from core.usecases.noticing import NOTHING_SAID, as_gathered, asked, key_of
from core.usecases.posts import from_today
from core.usecases.reckoning import attached

NO_TIME = time(0, 0)
ADMINISTERS = "authority.administrator"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to remind somebody of: its key, its day and why, what it tells, and to whom."""

    key: str
    rule: Notice
    day: NoticeDay
    facts: NoticeFacts
    to: tuple[Recipient, ...]
    meeting_id: int | None = None
    case_id: int | None = None


def work_on(scope: Scope, at: datetime) -> bool:
    """Put what is due today into the outbox, each thing once; False where nothing was."""
    registry = attached()
    terms = {one.key: one for one in _terms(scope, registry)}
    told = notices.told_already(scope, terms.keys()) if terms else set()
    found = (
        *_actions(scope),
        *_minutes(scope, registry),
        *(one for key, one in terms.items() if key not in told),
    )
    let_go()
    new = [one for one in found if one.day.on <= scope.on]
    if not new:
        return False
    with writing():
        _put(scope, new, at)
    return True


def _actions(scope: Scope) -> Iterator[Reminder]:
    for one in notice_waiting.actions(scope, actions_until(scope.on)):
        when = action_day(one.due)
        yield Reminder(
            action_key(one.id, one.due, one.owner.account_id),
            ACTION_DUE,
            when,
            _facts("", one.due, when, f"/actions/{one.public_id}"),
            (one.owner,),
            case_id=one.case_id,
        )


def _minutes(scope: Scope, registry: Registry) -> Iterator[Reminder]:
    waiting = notice_waiting.minutes(scope, scope.on - AFTERWARDS)
    if not waiting:
        return
    followed = editions.with_figures(scope, registry)
    calendar = calendar_of(scope, (scope.on, *(one.held_on for one in waiting)))
    named = notice_waiting.accounts(scope, {one.chair_id for one in waiting if one.chair_id})
    ruled = []
    for one in waiting:
        kept = followed.kept(one.procedure_code, one.procedure_edition, one.held_on)
        body = kept.body(one.body_code) if kept is not None else None
        if kept is not None and body is not None:
            ruled.append((one, kept, body, asked(kept.code, body, MINUTES_WAITING, None, None)))
    people = People(scope, (asking for *_, asking in ruled))
    for one, kept, body, asking in ruled:
        chair = named.get(one.chair_id or 0)
        when = minutes_day(kept, one.held_on, calendar)
        yield Reminder(
            f"{MINUTES_KEYS}{one.id}",
            MINUTES_WAITING,
            when,
            _facts(body.title or kept.title, one.held_on, when, f"/meetings/{one.public_id}"),
            (chair,) if chair is not None else tuple(people.of(asking)),
            meeting_id=one.id,
        )


def _terms(scope: Scope, registry: Registry) -> Iterator[Reminder]:
    ending = list(reminders.terms_ending(from_today(scope, registry)))
    administrators = tuple(notice_waiting.with_role(scope, ADMINISTERS)) if ending else ()
    for one in ending:
        when = NoticeDay(scope.on, one.last, "the day of its reminder")
        yield Reminder(
            f"own/{TERM_ENDING.code}/p{one.row.id}/{one.last.isoformat()}",
            TERM_ENDING,
            when,
            _facts(one.there.title, one.last, when, "/posts"),
            administrators,
        )


def _facts(body: str, on: date, when: NoticeDay, path: str) -> NoticeFacts:
    return NoticeFacts(body, on, NO_TIME, when.from_day, 0, path)


def _put(scope: Scope, new: Iterable[Reminder], at: datetime) -> None:
    """Keep the reminders as sent and put them into the outbox: one that another keeps is his."""
    by_key = {one.key: one for one in new}
    made = notices.add(scope, [_values(one, at) for one in by_key.values()])
    rows = notices.by_ids(scope, made)
    letters: list[tuple[Letter, Hashable]] = []
    copies = []
    nobody = {}
    for row in rows:
        one = by_key[row.key]
        subject, body = letter(one.rule, NoticeKind.NOTICE, one.facts)
        for to in one.to:
            copies.append(
                {
                    "notice_id": row.id,
                    "account_id": to.account_id,
                    "name": to.name,
                    "relation": one.rule.to[0],
                    "message_key": "" if to.why else key_of(row, to.account_id),
                    "why": to.why,
                }
            )
            if not to.why:
                going = Letter(
                    key=key_of(row, to.account_id),
                    kind=KIND,
                    account_id=to.account_id,
                    subject=subject,
                    body=body,
                    not_before=from_morning(scope.on, at),
                    meeting_id=one.meeting_id,
                    case_id=one.case_id,
                )
                letters.append((going, row.rule if row.rule == ACTION_DUE.code else row.key))
        if all(to.why for to in one.to):
            nobody[row.id] = "; ".join(to.why for to in one.to) or NOTHING_SAID
    found = gathered(letters, _of_so_many)
    outbox.put(scope, found.letters, at)
    notices.keep_copies(scope, [as_gathered(copy, found) for copy in copies])
    notices.nobody(scope, nobody)


def _of_so_many(_first: Letter, count: int) -> tuple[str, str]:
    """What an owner is reminded of who has many actions due at once."""
    text = "Actions of yours are due soon. Say there that each is done once it is:"
    return f"{count} actions of yours are due soon", text


def _values(one: Reminder, at: datetime) -> dict[str, object]:
    return {
        "key": one.key,
        "number": 1,
        "kind": NoticeKind.NOTICE,
        "procedure_code": "",
        "procedure_edition": "",
        "rule_code": one.rule.code,
        "title": one.rule.title,
        "clauses": "",
        "to": ",".join(one.rule.to),
        "meeting_id": one.meeting_id,
        "booking_id": None,
        "case_id": one.case_id,
        "follows_id": None,
        "meeting_on": None,
        "due_on": one.day.on,
        "reason": one.day.reason,
        "state": NoticeState.SENT,
        "made_at": at,
        "sent_at": at,
    }
