"""What a meeting's pack says in words, alike on its page and in its document."""

from __future__ import annotations

from core.domain.dates import day, london_day
from core.domain.paper import TOLD
from core.store.decisions import MadeReferral
from core.store.packs import Gone
from core.usecases.pack import Pack


def earlier_words(pack: Pack) -> str:
    """Why the minutes of the meeting before are not in the pack; "" where they are."""
    if pack.before is None:
        return "No earlier meeting is recorded here."
    if pack.minutes is not None:
        return ""
    return (
        f"The minutes of the meeting of {day(pack.before.held_on)} are not yours to read any more: "
        "ask the panel administrator for a copy."
    )


def referral_words(referral: MadeReferral) -> tuple[str, str]:
    """To whom a decision referred a case, and what came of it; of a person's only that it did."""
    made = f"Made on {day(referral.made_on)}"
    if referral.about_person:
        return (
            "Referral of a person around the child",
            f"{made}; what came of it is on their record",
        )
    title = f"Referred to the {referral.forum_words}"
    if referral.answered_on is None:
        return title, f"{made}; open, no answer yet"
    said = f": {referral.answer}" if referral.answer else ""
    return title, f"{made}; answered on {day(referral.answered_on)}{said}"


def next_words(pack: Pack) -> str:
    """What the agenda says of the next meeting, as the minutes do."""
    if pack.next_on is None:
        return "No further date is set."
    return f"The next meeting is on {pack.next_on:%A} {day(pack.next_on)}."


def gone_words(one: Gone) -> str:
    """What a reader is told of a paper that was taken out: never its title, nor whose it was."""
    told = TOLD.get(one.told, "") if one.told else ""
    why = f": {told[0].lower()}{told[1:]}" if told else ""
    return f"A paper was withdrawn on {day(london_day(one.at))}{why}"
