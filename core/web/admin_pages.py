"""The links above the pages of people and teams, and how these pages say what somebody holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import request, url_for

from core.domain import staff
from core.domain.dates import day
from core.domain.staff import TITLES
from core.store.directory import ACTIVE, INVITED, SUSPENDED, Happened, Held
from core.usecases.posts import Titled
from core.web import asker
from core.web.access import ACCESS

PAGES = (
    ("People", "directory.people", "directory account_admin joining leaving"),
    ("Services and teams", "teams.tree", "teams"),
    ("Posts", "posts.listed", "posts"),
    ("To match", "matching.people", "matching"),
    ("Away and covered", "covers.page", "covers"),
    ("Signing in", "security.page", "security"),
)
STATES = {
    ACTIVE: ("Active", "green"),
    INVITED: ("Invited", "blue"),
    SUSPENDED: ("Suspended", "red"),
}
RELATIONS = {"worker": "social worker", "iro": "reviewing officer", "manager": "manager"}
DID = {
    "create": "Added",
    "edit": "Details changed",
    "invite": "Invited",
    "make reset link": "Reset link made",
    "take password away": "Password taken away",
    "choose password": "Password chosen",
    "change password": "Password changed",
    "suspend": "Suspended",
    "unsuspend": "Suspension ended",
    "give role": "Role given",
    "end role": "Role ended",
    "give place": "Place of work given",
    "end place": "Place of work ended",
    "give post": "Post given",
    "change post": "Post changed",
    "end post": "Post ended",
    "match name": "Matched to a name in a file",
    "take match back": "Match taken back",
    "propose codes": "One-time codes begun to be set up",
    "turn codes on": "One-time codes turned on",
    "turn codes off": "One-time codes turned off",
    "leave": "Left: everything handed over",
    "arrange cover": "Cover arranged",
    "end cover": "Cover ended",
}


def admin_pages() -> list[dict[str, object]]:
    """The links above the pages of people, those that the asker may use."""
    here = (request.endpoint or "").partition(".")[0]
    return [
        {"text": text, "href": url_for(endpoint), "current": here in nouns.split()}
        for text, endpoint, nouns in PAGES
        if endpoint in ACCESS and ACCESS[endpoint].allows(asker.scope().roles)
    ]


def title(role: str) -> str:
    """A role in words."""
    return TITLES.get(role, role)


@dataclass(frozen=True, slots=True)
class Shown:
    """Something held, in words: what, where it belongs, first and last day, and how it stands."""

    id: int
    what: str
    of: str
    since: date
    last: date | None
    state: str

    @property
    def ends(self) -> bool:
        """Whether it can be given a last day."""
        return self.state != "ended"


def shown(held: Held, on: date, posts: Mapping[tuple[str, ...], Titled]) -> Shown:
    """What is held, as a row of a table; ``posts`` are the known ones by ``Held.what``."""
    what, of = _words(held, posts)
    state = "now" if held.now(on) else "to come" if held.to_come(on) else "ended"
    return Shown(held.id, what, of, held.since, last_day(held.since, held.until), state)


def _words(held: Held, posts: Mapping[tuple[str, ...], Titled]) -> tuple[str, str]:
    if len(held.what) == 1:
        return title(held.what[0]), ""
    if len(held.what) == 2:
        team, service = held.what
        return (team, service) if team else (service, "Across the service")
    post = posts.get(held.what)
    return (post.title, post.of) if post else (held.what[2], held.what[0])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of somebody's history: what was done, its changes in words, by whom and when."""

    event: Happened
    did: str
    changes: tuple[str, ...]


def line(event: Happened, posts: Mapping[tuple[str, ...], Titled]) -> Line:
    """A change of somebody in words, with before and after; ``posts`` as ``shown`` takes them."""
    titles = {
        ", ".join(code for code in codes if code): f"{post.title}, {post.of}"
        for codes, post in posts.items()
    }
    names = [*event.before, *(name for name in event.after if name not in event.before)]
    changes = tuple(
        titles.get(said, said)
        if name == "what"
        else f"{name.replace('_', ' ').capitalize()}: {said}"
        for name in names
        if event.before.get(name) != event.after.get(name) or name in ("what", "said")
        if (said := _change(event, name))
    )
    return Line(event, DID.get(event.did, event.did.capitalize()), changes)


def _change(event: Happened, name: str) -> str:
    before, after = _value(event.before.get(name)), _value(event.after.get(name))
    if name not in event.before or before == after:
        return after
    if name not in event.after:
        return before
    return f"{before or 'nothing'} → {after or 'nothing'}"


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(title(str(one)) for one in value)
    text = str(value)
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text


def last_day(since: date, until: date | None) -> date | None:
    """The last day of what ends on ``until``; the first, where it never began."""
    last = staff.last_day(until)
    return None if last is None else max(since, last)


def counted(children: Mapping[str, int], actions: int | None = None) -> str:
    """Children by relation in words: "12 as social worker"; with ``actions`` "12 children as …"."""
    noun = "" if actions is None else " children"
    parts = [
        f"{count}{noun[:6] if count == 1 else noun} as {RELATIONS.get(relation, relation)}"
        for relation, count in children.items()
    ]
    if actions:
        parts.append(f"{actions} open action{'' if actions == 1 else 's'}")
    return ", ".join(parts)


def choices(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """The items of a choice, from (value, text)."""
    return [{"value": value, "text": text} for value, text in pairs]
