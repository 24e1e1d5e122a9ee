"""What happened to a case, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.dates import day, london_day
from core.domain.procedure.forms import Form, Place
from core.store.case_history import Change

TAG_COLOURS = {
    "draft": "grey",
    "submitted": "blue",
    "returned": "orange",
    "queued": "purple",
    "booked": "teal",
    "heard": "green",
    "withdrawn": "grey",
}


CHAIR = frozenset({"defer", "send back", "keep on the agenda"})
"""What the chair does to a referral with words to whoever made it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a case's history; ``at`` is UTC."""

    at: datetime
    who: str
    words: str
    why: str = ""


def told(history: Iterable[Change], form: Form) -> list[Told]:
    """The history newest first; one person's answers of one day stand in one line.

    A decision still being written is not history yet: it is told once it is recorded.
    """
    lines: list[Told] = []
    group: list[Change] = []
    for change in history:
        if change.did == "draft decision":
            continue
        if group and not _together(group[0], change):
            lines.append(_answers(group, form))
            group = []
        if change.did == "answer":
            group.append(change)
        else:
            lines.append(Told(change.at, change.who, _words(change), change.why))
    if group:
        lines.append(_answers(group, form))
    return lines


def _together(first: Change, change: Change) -> bool:
    return (
        change.did == "answer"
        and change.who == first.who
        and london_day(change.at) == london_day(first.at)
    )


def _answers(group: list[Change], form: Form) -> Told:
    labels: list[str] = []
    for change in reversed(group):
        for name in change.after:
            declared = form.field(Place.named(name))
            label = declared.label.rstrip("?") if declared else name
            if label not in labels:
                labels.append(label)
    return Told(group[0].at, group[0].who, f"Answered: {'; '.join(labels)}")


def _on(change: Change) -> str:
    text = change.after.get("on")
    return day(date.fromisoformat(text)) if isinstance(text, str) and text else ""


def chair_did(history: Iterable[Change]) -> str:
    """What the chair's words are about: where a referral was deferred to, or that it went back."""
    last = next((change for change in history if change.did in CHAIR), None)
    return _words(last) if last else ""


def _words(change: Change) -> str:
    on = _on(change)
    match change.did:
        case "open":
            return "Opened the referral"
        case "choose meeting":
            return f"Asked for the meeting of {on}" if on else "Asked for no meeting any more"
        case "choose children":
            return "Changed which children the referral is for"
        case "refer onward":
            return "Referred it to another body"
        case "submit":
            late = ", late" if change.after.get("late") else ""
            return f"Submitted the referral for the meeting of {on}{late}"
        case "accept":
            return f"Accepted it onto the agenda of {on}, as case {change.after.get('position')}"
        case "queue":
            place = change.after.get("place")
            return f"Accepted it behind the full agenda of {on}, as number {place} in the queue"
        case "wait on":
            return f"Its place in the queue moved on to the meeting of {on}"
        case "move with the meeting":
            return f"Its meeting was moved to {on}"
        case "meeting cancelled":
            return f"Its meeting was cancelled. {change.after.get('goes', '')}"
        case "send back":
            return "Sent it back to the referrer"
        case "defer":
            return f"Deferred it to the meeting of {on}"
        case "send notice":
            to = ", ".join(map(str, change.after.get("to") or ())) or "nobody"
            return f"Notice “{change.after.get('notice', '')}” put into the outbox, to {to}"
        case "withdraw":
            return f"Withdrew it from the agenda of {on}" if on else "Withdrew the referral"
        case "ask to withdraw":
            return "Asked the chair to withdraw it"
        case "keep on the agenda":
            return "Kept it on the agenda"
        case "withdraw child":
            return f"Withdrew a child from it, on the agenda of {on}"
        case "hear all the same":
            return f"Decided to hear it all the same: {'; '.join(change.after.get('found') or ())}"
        case "decide":
            return "Recorded the decision"
        case "table":
            return f"Tabled it for the meeting of {on}" if on else "Tabled it for another meeting"
        case _:
            return change.did.capitalize()
