"""Who came to a planning meeting, who did not and why, and how the parents took part, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.domain.dates import day
from core.domain.planning_people import CAME, MODES, Guest
from core.domain.procedure.bodies import Body
from core.usecases.planning_booking import PlanningBody


def titles(body: Body) -> dict[str, str]:
    """By the code of a line of who comes, what it is called."""
    posts = {post.code: post.title for post in body.posts}
    invited = {
        f"{rule.code}-invited" if rule.code in posts else rule.code: rule.title
        for rule in body.invited
    }
    return {**posts, **invited}


def _named(titles: Mapping[str, str], guest: Guest) -> str:
    title = titles.get(guest.code, "")
    return f"{guest.said}, {title}" if guest.said and title else guest.said or title or "Somebody"


def those(meets: PlanningBody, guests: Iterable[Guest], came: str) -> tuple[str, ...]:
    by_code = titles(meets.body)
    return tuple(
        f"{_named(by_code, guest)}{_mode(guest)}"
        for guest in guests
        if guest.came == came and (came or guest.invited)
    )


def _mode(guest: Guest) -> str:
    return f" ({MODES[guest.mode].lower()})" if guest.mode in MODES else ""


def not_invited(meets: PlanningBody, guests: Iterable[Guest]) -> Iterator[str]:
    by_code = titles(meets.body)
    for guest in guests:
        if not guest.invited and guest.why_not:
            yield f"{_named(by_code, guest)}: {guest.why_not}"


def advice(meets: PlanningBody, guests: Iterable[Guest]) -> Iterator[str]:
    """Who took part otherwise than by sitting there, and by which mode."""
    by_code = titles(meets.body)
    for guest in guests:
        if guest.mode in MODES and guest.mode != "in-person":
            came = CAME.get(guest.came, "")
            yield f"{_named(by_code, guest)}: {MODES[guest.mode].lower()}" + (
                f"; {came[:1].lower()}{came[1:]}" if came and guest.came != "present" else ""
            )


def _family(body: Body, guests: Iterable[Guest]) -> Iterator[Guest]:
    codes = {rule.code for rule in body.invited if rule.views}
    return (guest for guest in guests if guest.code in codes)


def parents(body: Body, guests: Iterable[Guest]) -> Iterator[str]:
    for guest in _family(body, guests):
        if not guest.invited:
            yield f"{guest.said or 'Parents'}: not invited: {guest.why_not or 'no reason recorded'}"
            continue
        said = [CAME[guest.came].lower() if guest.came in CAME else "not said whether they came"]
        if guest.views_on is not None:
            said.append(f"views gained before, on {day(guest.views_on)}")
        if guest.told_on is not None:
            said.append(f"told after, on {day(guest.told_on)}")
        yield f"{guest.said}: {'; '.join(said)}"


def views(body: Body, guests: Iterable[Guest]) -> Iterator[str]:
    for guest in _family(body, guests):
        if guest.views_on is not None:
            yield f"{guest.said}: gained on {day(guest.views_on)}"
