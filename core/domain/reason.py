"""The reason that somebody gives for a change: how it is kept, and what is wrong with one."""

from __future__ import annotations

from core.domain.finding import Finding, Refused

MOST = 2_000
SOME_WORDS = 3
"""The least with which a door that is shut, or a safeguard, is passed."""


def reason_as_kept(text: str) -> str:
    """A reason as it is kept: newlines of one kind, no null characters, nothing around it."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def reason_fault(
    text: str, *, field: str = "why", asked: str = "", most: int = MOST, least: int = 1
) -> Finding | None:
    """What is wrong with a reason, beside its field: not given though ``asked``, or too long.

    ``asked`` are the words with which it is asked for, "" where none is needed; ``least`` is of how
    many words it is then.
    """
    words = reason_as_kept(text)
    if asked and words and len(words.split()) < least:
        return Finding(f"{asked}, in some words", field=field)
    if asked and not any(letter.isprintable() and not letter.isspace() for letter in words):
        return Finding(asked, field=field)
    if len(words) > most:
        message = f"The reason must be {most:,} characters or fewer; it has {len(words):,}"
        return Finding(message, field=field)
    return None


def reason_given(
    text: str, *, field: str = "why", asked: str = "", most: int = MOST, least: int = 1
) -> str:
    """A reason as it is kept; Refused where something is wrong with it."""
    if fault := reason_fault(text, field=field, asked=asked, most=most, least=least):
        raise Refused(fault)
    return reason_as_kept(text)
