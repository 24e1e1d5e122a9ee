"""A notice as a message: facts of a meeting in, a subject and a body out; no child is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from core.domain.dates import day
from core.domain.notice_days import shown_day
from core.domain.notice_plan import NoticeKind
from core.domain.procedure.notices import Notice

SUBJECT_MOST = 200


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a notice tells of: the body, the meeting's day and time, and the path to open.

    ``was_on`` is the day of which it was told before, None where it was not; ``invited_on`` the day
    of the reader's invitation, where that is another. ``why`` is why what was told is off, in words
    of ours, never what somebody typed; ``case_alone``: one case is off,
    and not its meeting.
    """

    body: str
    held_on: date
    starts_at: time
    from_day: date
    cases: int
    path: str
    was_on: date | None = None
    why: str = ""
    invited_on: date | None = None
    case_alone: bool = False


def letter(rule: Notice, kind: NoticeKind, facts: NoticeFacts) -> tuple[str, str]:
    """The subject and the body of a notice, with the path on a line of its own."""
    named = {
        "body": facts.body,
        "on": shown_day(facts.held_on),
        "at": f"{facts.starts_at:%H:%M}",
        "day": day(facts.from_day),
        "asked": "1 case" if facts.cases == 1 else f"{facts.cases} cases",
    }
    subject, text = rule.subject.format(**named), rule.text.format(**named)
    cited = f" ({', '.join(rule.clauses)})" if rule.clauses else ""
    if kind is NoticeKind.CALLED_OFF:
        return _called_off(facts)
    moved = ""
    if facts.was_on is not None:
        moved = f"It was to be on {shown_day(facts.was_on)}: the meeting has moved."
    if kind is NoticeKind.MOVED:
        return (
            f"Moved: {facts.body}, now {named['on']}"[:SUBJECT_MOST],
            _lines(
                f"The {facts.body} of which you were told is now on {named['on']} at "
                f"{named['at']}.",
                moved,
                facts.path,
            ),
        )
    why = f"You are sent this by the rule “{rule.title}”{cited}."
    return subject[:SUBJECT_MOST], _lines(text, moved, facts.path, why)


def _called_off(facts: NoticeFacts) -> tuple[str, str]:
    """That a meeting is off, or one case of it alone."""
    was = shown_day(facts.was_on or facts.held_on)
    if facts.case_alone:
        return (
            f"Off the agenda: a case at the {facts.body}, {was}"[:SUBJECT_MOST],
            _lines(
                f"You were told of a case at the {facts.body} on {was}. It is off that agenda: "
                f"{facts.why}.",
                "This is about that case alone, and not about others of yours on the agenda.",
                facts.path,
            ),
        )
    told, off = f"on {was}", f"That is called off: {facts.why}."
    if facts.invited_on is not None:
        told += f", and invited for {shown_day(facts.invited_on)}"
        off = f"Neither day stands: {facts.why}."
    return (
        f"Called off: {facts.body}, {was}"[:SUBJECT_MOST],
        _lines(
            f"You were told of the {facts.body} {told}. {off}",
            f"There is nothing more to do for {'them' if facts.invited_on else 'that day'}.",
            facts.path,
        ),
    )


def _lines(*parts: str) -> str:
    """The parts that say something, with an empty line between two."""
    return "\n\n".join(part for part in parts if part) + "\n"
