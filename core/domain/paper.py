"""A paper: its name, its link, who signs for it, and when its file is given out."""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from core.domain.finding import Finding

TITLE_MOST = 200
NAME_MOST = 120
LINK_MOST = 2_000
FILES_MOST = 10
OTHER = ""

#: Who may add, correct and take out the papers of what they see: those who work with the child and
#: those who run meetings. Who inspects sees what was taken out, and why.
KEEPS_PAPERS = frozenset(
    {
        "social.worker",
        "team.manager",
        "case.supervisor",
        "service.manager",
        "iro",
        "panel.administrator",
        "panel.chair",
        "head.of.service",
    }
)
SEES_TAKEN_OUT = KEEPS_PAPERS | {"inspector"}
#: What readers of a pack are told of why a paper was taken out of it: the reason as it was typed
#: can name a child whom they are not to know of.
TOLD = {
    "": "Nothing more",
    "wrong-case": "It was put on the wrong case",
    "newer": "Another paper takes its place",
    "not-shared": "It is not to be shared",
}
#: Of these, who may mark a paper as signed for which somebody else answers.
SIGNS_FOR_OTHERS = frozenset(
    {"team.manager", "case.supervisor", "service.manager", "panel.chair", "head.of.service"}
)


class Of(StrEnum):
    """What a paper belongs to."""

    CHILD = "child"
    CASE = "case"
    MEETING = "meeting"


class Scan(StrEnum):
    """What a virus scanner said of a file."""

    NOT_SCANNED = "not scanned"
    CLEAN = "clean"
    INFECTED = "infected"
    COULD_NOT = "could not scan"


def wants_signature(kind: str) -> bool:
    """Whether papers of a kind are signed: those that a procedure lays down are."""
    return kind != OTHER


def withheld(scan: str, *, scanner: bool) -> str:
    """Why a file is not given out, or "".

    Where a scanner is set, only what it found clean is given out; an infected file never is.
    """
    if scan == Scan.INFECTED:
        return "A virus was found in this file, so it is not given out"
    if scanner and scan != Scan.CLEAN:
        return "This file has not passed the virus scan yet, so it is not given out. Try again soon"
    return ""


def plain(text: str) -> str:
    """One line of text as it is shown: no control characters and none that turn its direction."""
    composed = unicodedata.normalize("NFC", text)
    seen = (" " if char.isspace() else char for char in composed)
    kept = (c for c in seen if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return " ".join("".join(kept).split())


def shown_name(given: str) -> str:
    """A file's name made safe to show and to save under: no folders, nothing hidden, not too long.

    The end of the name (".pdf") is kept where the middle is cut.
    """
    last = plain(given).replace("\\", "/").rpartition("/")[2]
    name = "".join("-" if char in '<>:"|?*%' else char for char in last).strip(" .")
    if len(name) > NAME_MOST:
        end = PurePosixPath(name).suffix
        end = end if 1 < len(end) <= 6 else ""
        name = name[: NAME_MOST - len(end)].rstrip(" .") + end
    return name or "paper"


def ending(name: str) -> str:
    """The end of a name in small letters (".pdf"); "" where it has none."""
    return PurePosixPath(name).suffix.lower()


def title_findings(title: str) -> list[Finding]:
    if len(title) > TITLE_MOST:
        return [
            Finding(
                f"The title must be {TITLE_MOST} characters or fewer; it has {len(title)}",
                field="title",
            )
        ]
    return []


def dated_findings(dated: date | None, on: date) -> list[Finding]:
    """A paper bears a day that has come."""
    if dated is None or dated <= on:
        return []
    return [Finding("The date of the paper must be today or earlier", field="dated")]


def link_host(link: str) -> str:
    """The host to which a link goes, as a browser would name it; "" where it is no web address."""
    if not link or len(link) > LINK_MOST or "\\" in link:
        return ""
    if any(char.isspace() or not char.isprintable() for char in link):
        return ""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
        named = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or parts.username is not None or "%" in named:
        return ""
    return named if len(named) <= TITLE_MOST else ""
