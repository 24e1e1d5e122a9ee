"""Ratified minutes amended with a reason, and reissued to those who got them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.action import words_findings
from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.minutes import OF_DECISION, TITLES, Part, amendment_findings
from core.registry import Registry
from core.store import audit, decisions, items, meetings, minutes, outbox
from core.store.database import writing
from core.store.meetings import MeetingRow
from core.store.outbox import Letter
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, Standing, chairs, runs, standing

NOT_YOURS = Finding("These minutes are not yours to amend")


class TextMoved(Moved[str]):
    """Somebody else amended the same part first: ``now`` is its text as it stands."""

    def __init__(self, now: str) -> None:
        message = "Somebody else amended this while you were typing: both texts are below"
        super().__init__(now, message, field="text")


@dataclass(frozen=True, slots=True)
class Amending:
    """A part of ratified minutes that is to be amended: its meeting, its text as it stands."""

    meeting: MeetingRow
    part: Part
    text: str
    decision_id: int | None = None
    decision_public_id: str = ""


def of_item(scope: Scope, registry: Registry, public_id: str, part: str) -> Amending | None:
    """A part of a decision; None where it is not the asker's to amend, or not ratified."""
    item = items.find(scope, public_id)
    if item is None or part not in OF_DECISION:
        return None
    now = _ratified(scope, registry, item.meeting_id)
    decided = next(iter(decisions.load(scope, booking_ids=[item.id])), None)
    if now is None or decided is None:
        return None
    recorded = {
        Part.DISCUSSION: decided.discussion,
        Part.AGREED: "\n".join(decided.agreed),
        Part.RATIONALE: decided.rationale,
    }[Part(part)]
    later = [one.after for one in decided.amendments if one.part == part]
    text = later[-1] if later else recorded
    return Amending(now.meeting, Part(part), text, decided.id, decided.public_id)


def of_meeting(scope: Scope, registry: Registry, public_id: str) -> Amending | None:
    """The other business of a meeting; None where it is not the asker's to amend."""
    found = meetings.find(scope, public_id)
    now = _ratified(scope, registry, found.id) if found is not None else None
    if now is None:
        return None
    later = minutes.amendments(scope, meeting_id=now.meeting.id)
    text = later[-1].after if later else now.meeting.other_business
    return Amending(now.meeting, Part.BUSINESS, text)


def _ratified(scope: Scope, registry: Registry, meeting_id: int) -> Standing | None:
    try:
        now = standing(scope, registry, meeting_id)
    except NoMeeting:
        return None
    return now if now.meeting.ratified_at is not None and runs(scope, now) else None


def amend(
    scope: Scope,
    registry: Registry,
    public_id: str,
    part: str,
    seen: str,
    text: str,
    why: str,
    at: datetime,
) -> Amending:
    """Amend a part of an item's decision, or a meeting's other business, as it was seen.

    ``public_id`` is the item's, or for other business the meeting's. What was recorded stays; the
    amended text stands beside it. Raises ``TextMoved`` where the text seen is not the one that
    stands, ``Refused`` with what is wrong with what was typed.
    """
    with writing():
        business = part == Part.BUSINESS
        found = _there(scope, registry, public_id, part, business)
        meetings.lock(scope, found.meeting.id)
        found = _there(scope, registry, public_id, part, business)
        if faults := amendment_findings(found.part, seen, text, why):
            raise Refused(*faults)
        if _same(seen) != _same(found.text):
            raise TextMoved(found.text)
        values = {
            "meeting_id": found.meeting.id,
            "decision_id": found.decision_id,
            "part": str(found.part),
            "before": found.text,
            "after": text.strip(),
            "why": why.strip(),
        }
        minutes.amend(scope, values, at)
        subject = "meeting" if business else "decision"
        amended = public_id if business else found.decision_public_id
        audit.changed(
            scope,
            at,
            "amend minutes",
            subject,
            amended,
            before={TITLES[found.part]: found.text},
            after={TITLES[found.part]: text.strip()},
            why=why.strip(),
        )
        return found


def _there(scope: Scope, registry: Registry, public_id: str, part: str, business: bool) -> Amending:
    found = (
        of_meeting(scope, registry, public_id)
        if business
        else of_item(scope, registry, public_id, part)
    )
    if found is None:
        raise Refused(NOT_YOURS)
    return found


def reissue(scope: Scope, registry: Registry, public_id: str, why: str, at: datetime) -> int:
    """Issue amended minutes again, with the reason; gives the number of the issue.

    Whoever got them is told. Refused where nothing was amended since the last issue.
    """
    with writing():
        found = meetings.find(scope, public_id)
        if found is None:
            raise NoMeeting
        meetings.lock(scope, found.id)
        now = _ratified(scope, registry, found.id)
        if now is None or not chairs(scope, now):
            raise Refused(NOT_YOURS)
        if faults := words_findings(why, "Enter why the minutes are reissued", "reissue-why"):
            raise Refused(*faults)
        if not minutes.waiting(scope, found.id):
            raise Refused(Finding("Nothing was amended since the last issue", field="reissue-why"))
        there = minutes.issues(scope, found.id)
        number = max((one.number for one in there), default=1) + 1
        minutes.issue(scope, found.id, number, at, why.strip())
        minutes.put_in_issue(scope, found.id, number)
        outbox.put(scope, _letters(scope, now, number), at)
        audit.changed(
            scope,
            at,
            "reissue minutes",
            "meeting",
            public_id,
            before={"issue": number - 1},
            after={"issue": number},
            why=why.strip(),
        )
        return number


def _letters(scope: Scope, now: Standing, number: int) -> list[Letter]:
    meeting = now.meeting
    title = f"{now.body.title or 'meeting'} of {day(meeting.held_on)}"
    return [
        Letter(
            key=f"minutes reissued {meeting.public_id} {number} {account_id}",
            kind="minutes",
            account_id=account_id,
            subject="Minutes were reissued",
            body=f"The minutes of the {title} were amended, and reissued as issue {number}.\n\n"
            f"/meetings/{meeting.public_id}\n",
            meeting_id=meeting.id,
        )
        for account_id in minutes.readers(scope, meeting.id)
        if account_id != scope.account_id
    ]


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
