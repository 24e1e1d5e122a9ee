"""Who comes to a planning meeting: who must and who is invited by rule, who came, what is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain.clauses import SET_HERE
from core.domain.finding import Finding, Strength
from core.domain.phrases import inside
from core.domain.procedure.bodies import Body
from core.domain.procedure.escalation import Whom
from core.domain.procedure.membership import Invited
from core.domain.procedure.on_day import ChildOnDay

SEEN_AFTER = timedelta(days=28)
"""For so long after its day whoever was asked to a meeting still sees it: to read its record."""

CAME: Mapping[str, str] = {
    "present": "Came",
    "apologies": "Sent apologies",
    "absent": "Did not come",
}
MODES: Mapping[str, str] = {
    "in-person": "In person",
    "phone": "By phone",
    "video": "By video",
    "email": "By e-mail or in writing",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of those of whom the body's rules speak, for this child on this day.

    ``must`` are its posts, but those that are ``optional``: of these nobody has to come. Of two
    posts that stand ``instead_of`` each other one is enough. ``applies`` is None where it is not
    known whether they are invited; ``why`` says why they are, are not, or what is not known.
    """

    code: str
    title: str
    clauses: tuple[str, ...]
    must: bool
    applies: bool | None
    why: str
    whom: tuple[Whom, ...] = ()
    roles: tuple[str, ...] = ()
    family: bool = False
    rationale: bool = False
    views: bool = False
    instead_of: str = ""
    optional: bool = False
    chairs: int | None = None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of a meeting as recorded: asked to come, or not and why; and whether they came.

    ``code`` is that of the line under which they stand, "" for whom somebody added.
    """

    id: int
    public_id: str
    version: int
    code: str
    account_id: int | None
    account: str
    name: str
    relation: str
    invited_at: datetime | None
    invited_by: str
    why_not: str
    came: str
    mode: str
    views_on: date | None
    told_on: date | None

    @property
    def invited(self) -> bool:
        return self.invited_at is not None

    @property
    def said(self) -> str:
        """Who they are in words: the name, with what they are to the child."""
        return f"{self.name} ({self.relation})" if self.name and self.relation else self.name


def seen_until(held_on: date) -> date:
    """From when whoever was asked to a meeting sees it no more, whether it was closed or not."""
    return held_on + SEEN_AFTER


def lines(body: Body, child: ChildOnDay) -> tuple[Line, ...]:
    """Everybody of whom the rules speak: who attends, then who is invited, in their order."""
    return (*_posts(body), *_invited(body, child))


def _posts(body: Body) -> Iterator[Line]:
    titles = {post.code: post.title for post in body.posts}
    for post in body.posts:
        other = titles.get(post.instead_of, "")
        why = "may attend" if post.optional else "attends"
        why += f", or {inside(other)} does" if other else ""
        yield Line(
            post.code,
            post.title,
            post.clauses,
            not post.optional,
            True,
            f"{why}. {post.reading}" if post.reading else why,
            whom=post.whom,
            roles=post.roles,
            instead_of=post.instead_of,
            optional=post.optional,
            chairs=post.chairs,
        )


def _invited(body: Body, child: ChildOnDay) -> Iterator[Line]:
    for rule in body.invited:
        found = rule.asks(child) if rule.asks is not None else None
        why = found.words if found is not None else rule.when
        yield Line(
            code_of(body, rule),
            rule.title,
            (found.clauses if found is not None else ()) or rule.clauses,
            False,
            found.applies if found is not None else True,
            f"{why} ({SET_HERE})" if rule.set_here and why else why,
            whom=rule.whom,
            roles=rule.roles,
            family=rule.family,
            rationale=rule.rationale,
            views=rule.views,
        )


def code_of(body: Body, rule: Invited) -> str:
    """The code of the line of an invitation.

    A post and an invitation of one code are two lines: each has its own answer.
    """
    posts = {post.code for post in body.posts}
    return f"{rule.code}-invited" if rule.code in posts else rule.code


def family(body: Body) -> dict[str, str]:
    """By code, the lines of those whose views are gained before where they do not come."""
    return {code_of(body, rule): rule.title for rule in body.invited if rule.views}


_WHO = r"(mother|father|mum|mummy|dad|daddy|parents?)"
_PARENT = re.compile(
    r"((the|his|her|their|child['’]s|birth|natural|biological|legal)\s+)*"
    rf"{_WHO}(\s+(and|or)\s+{_WHO})?(\s+of\s+the\s+child)?\s*($|[,;:(])"
)
RESPONSIBLE = "parental responsibility"


def is_parent(body: Body, guest: Guest) -> bool:
    """Whether a guest is a parent: asked as one by a rule, or by what they are to the child."""
    if guest.code in family(body):
        return True
    relation = " ".join(guest.relation.casefold().split())
    responsible = RESPONSIBLE in relation and not relation.startswith(("no ", "without "))
    said = bool(_PARENT.match(relation)) or responsible
    return said and guest.account_id is None


def parents_of(body: Body, guests: Iterable[Guest]) -> tuple[Guest, ...]:
    """The parents among the guests, and whoever was told of the meeting after it as one."""
    return tuple(one for one in guests if is_parent(body, one) or one.told_on is not None)


def each_once(guests: Iterable[Guest]) -> tuple[Guest, ...]:
    """Every person once: a colleague who stands for several lines by the first of their rows."""
    seen: set[int] = set()
    found = []
    for guest in sorted(guests, key=lambda one: not one.invited):
        if guest.account_id is None or guest.account_id not in seen:
            found.append(guest)
        if guest.account_id is not None:
            seen.add(guest.account_id)
    return tuple(sorted(found, key=lambda one: one.id))


def rows_of(guest: Guest, guests: Iterable[Guest]) -> tuple[Guest, ...]:
    """The rows of the same person who are invited: one for each line for which they stand."""
    if guest.account_id is None:
        return (guest,)
    mine = (one for one in guests if one.account_id == guest.account_id and one.invited)
    return tuple(mine) or (guest,)


def of_line(guests: Iterable[Guest], line: Line) -> tuple[Guest, ...]:
    return tuple(guest for guest in guests if guest.code == line.code)


def before(found: Iterable[Line], guests: Iterable[Guest]) -> Iterator[Finding]:
    """What is open in the preparation: who attends or is invited and was neither asked nor not."""
    there = tuple(guests)
    asked = {guest.code for guest in there if guest.invited and guest.code}
    for line in found:
        mine = of_line(there, line)
        if any(guest.invited or guest.why_not for guest in mine) or line.applies is False:
            continue
        if line.optional or line.instead_of in asked:
            continue
        if line.applies is None:
            message = f"{line.title}: {line.why}, so whether they are invited is not known"
        elif line.rationale:
            message = f"{line.title} are not invited: invite them, or say why not"
        else:
            message = f"{line.title}: nobody is asked to come"
        yield Finding(message, line.code, line.clauses, Strength.WARNS, f"who-{line.code}")


def after(found: Iterable[Line], guests: Iterable[Guest]) -> Iterator[Finding]:
    """What the meeting lacks in who came; it blocks where a reason has to be on the file."""
    every, there = tuple(found), tuple(guests)
    came = {guest.code for guest in there if guest.came == "present" and guest.code}
    for line in every:
        mine = of_line(there, line)
        if line.must:
            if line.code in came or line.instead_of in came:
                continue
            how = _did_not_come(mine)
            message = f"{line.title}: {how}"
            yield Finding(message, line.code, line.clauses, Strength.WARNS, f"who-{line.code}")
        elif line.rationale and line.applies and not any(g.invited or g.why_not for g in mine):
            message = f"{line.title} were not invited: say why, for the child’s file"
            yield Finding(message, line.code, line.clauses, field=f"who-{line.code}")
        elif line.views and not (
            any(guest.came == "present" or guest.views_on is not None for guest in mine)
        ):
            message = f"{line.title}: neither came nor were their views gained before"
            yield Finding(message, line.code, line.clauses, Strength.WARNS, f"who-{line.code}")
    unsaid = [guest for guest in each_once(there) if guest.invited and not guest.came]
    if unsaid:
        names = ", ".join(guest.said or "somebody" for guest in unsaid)
        yield Finding(f"Not said whether they came: {names}", strength=Strength.WARNS, field="came")


def _did_not_come(mine: Iterable[Guest]) -> str:
    """Why nobody of a line was there, as far as it is said."""
    there = tuple(mine)
    if any(guest.came == "apologies" for guest in there):
        return "sent apologies"
    why = next((guest.why_not for guest in there if guest.why_not), "")
    if why and not any(guest.invited for guest in there):
        return f"nobody was asked: {why.rstrip('.')}"
    return "did not come, or it is not said"


def chairs_of(found: Iterable[Line], guests: Iterable[Guest]) -> tuple[Guest, ...]:
    """Who may chair of those who came: all of the first line, in the order laid down, that did."""
    there = tuple(guests)
    persons = each_once(there)
    chairing = sorted((line for line in found if line.chairs), key=lambda line: line.chairs or 0)
    for line in chairing:
        came = [guest for guest in of_line(there, line) if guest.came == "present"]
        if came:
            mine = [rows_of(guest, there) for guest in came]
            return tuple(one for one in persons if any(one in rows for rows in mine))
    return ()
