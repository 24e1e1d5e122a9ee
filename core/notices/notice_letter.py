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

    ``was_on`` is the day of which it was told before, None where it was not; ``why`` is why what
    was told is off, in words of ours, never what somebody typed.
    """

    body: str
    held_on: date
    starts_at: time
    from_day: date
    cases: int
    path: str
    was_on: date | None = None
    why: str = ""


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
        was = shown_day(facts.was_on or facts.held_on)
        return (
            f"Called off: {facts.body}, {was}"[:SUBJECT_MOST],
            _lines(
                f"You were told of the {facts.body} on {was}. That is called off: {facts.why}.",
                "There is nothing more to do for that day.",
                facts.path,
            ),
        )
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


def _lines(*parts: str) -> str:
    """The parts that say something, with an empty line between two."""
    return "\n\n".join(part for part in parts if part) + "\n"
