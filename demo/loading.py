"""Loading the made-up data into an empty database, through the same doors as everybody's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from core.domain.finding import Finding, Refused
from core.registry import Registry
from core.settings import Settings
from core.store import authorities, child_people, planning
from core.store.database import db
from core.store.scope import Scope
from core.usecases import importing, reckoning
from core.usecases.authority import NewAccount, create_account, create_authority, hold_post
from core.usecases.children import Described, describe_children
from core.usecases.passwords import hashed as hashed_password
from demo import (
    absences,
    agreeing,
    challenges,
    final_plans,
    hand_offs,
    meetings_planned,
    panels,
    papers,
    records,
    rolled,
    tracked,
)
from demo.calendars import collection_year
from demo.children import MadeUpChild
from demo.lives import make_children
from demo.returns import write_return
from demo.staff import SERVICES, StaffMember, staff_for

PASSWORD = "made-up-data-only"
BODY = "permanence-panel"
OFFICES = {"deputy-director": "", "strategic-manager": "", "cla-strategic-lead": "PPM2"}
"""Posts of no body, with the procedure that declares them; "" for the authority's own."""
SINCE = date(2019, 9, 1)
UNPLANNED = 16
"""So many of an authority’s few children are in care for some months and have no plan yet."""
RETURNS_BEFORE = 4
"""Of how many years before this one the returns are in hand."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Place:
    """A made-up authority with ``most`` children, or with 0 as many as are asked for.

    ``panels`` says whether its panel is the one that the made-up panels are held as.
    """

    code: str
    slug: str
    panels: bool = True
    most: int = 0


AUTHORITIES = (Place("BEX", "bexley"), Place("SOM", "somerset", panels=False, most=52))


def load(
    settings: Settings, registry: Registry, today: date, clock: Clock, count: int, seed: int
) -> None:
    """Fill an empty database; one that holds the demo already is left as it is.

    Raises Refused where the database holds anything else.
    """
    there = authorities.every()
    if any(not authority.demo for authority in there):
        raise Refused(
            Finding(
                "this database holds an authority that is not made up: the demo leaves it alone. "
                "Set PERMANENCE_DATABASE_URL to another"
            )
        )
    if there:
        return
    for number, place in enumerate(AUTHORITIES):
        if any(entry.procedure.authority == place.code for entry in registry):
            staff = staff_for(place.slug, place.code)
            children = _children(place, seed + number, today, count, staff)
            _load_authority(settings, registry, place, staff, children, today, clock)


def accounts(today: date) -> Iterator[str]:
    """The accounts, a line each, the one password, and whose planning meeting is under way."""
    yield f"Every account has the password {PASSWORD}"
    for place in AUTHORITIES:
        for member in staff_for(place.slug, place.code):
            yield f"  {member.email:<40} {member.name}"
    yield "Whose planning meeting is under way"
    yield from (f"  {email}" for email in dict.fromkeys(_under_way(today)))


def _under_way(today: date) -> Iterator[str]:
    """The addresses of the social workers of planning meetings whose day has come."""
    emails = {
        member.name: member.email
        for place in AUTHORITIES
        for member in staff_for(place.slug, place.code)
    }
    for authority in authorities.every():
        scope = Scope.of_authority(authority.id, today)
        children = [row.child_id for row in planning.not_closed(scope, today)]
        for works in child_people.allocated(scope, children):
            if works.relation == child_people.WORKER and works.name in emails:
                yield emails[works.name]
    db.session.rollback()


def _children(
    place: Place, seed: int, today: date, count: int, staff: Sequence[StaffMember]
) -> tuple[MadeUpChild, ...]:
    if not place.most:
        return make_children(seed, today, count, staff)
    lives = make_children(seed, today, 400, staff)
    chosen = list(islice(tracked.in_care(lives, today), UNPLANNED))
    there = {child.local_id for child in chosen}
    grown = agreeing.almost_grown(lives, today)
    if grown is not None and grown.local_id not in there:
        chosen.append(grown)
        there.add(grown.local_id)
    plain = [child for child in lives if not child.story and child.local_id not in there]
    return (*chosen, *plain[: place.most - len(chosen)])[:count]


def _load_authority(
    settings: Settings,
    registry: Registry,
    place: Place,
    staff: Sequence[StaffMember],
    children: Sequence[MadeUpChild],
    today: date,
    clock: Clock,
) -> None:
    scope = create_authority(registry, place.code, clock(), SINCE, demo=True)
    scope = Scope.of_authority(scope.authority_id, today)
    people = _people(scope, place.code, staff, clock)
    _import(settings, scope, children, today, clock)
    describe_children(scope, (_described(child, people) for child in children), clock())
    followed = meetings_planned.choose(children, today)
    met = frozenset(child.local_id for child in followed.values())
    others = [child for child in children if child.local_id not in met]
    records.write(settings, scope, people, children, today, clock, met)
    if place.panels and (back := panels.returning(children, today)) is not None:
        rolled.bring(settings, scope, *back, clock)
    tracked.write(scope, registry, people, others, today, clock)
    with reckoning.left_for_later():
        if place.panels:
            panels.hold(scope, registry, people, children, today)
        hand_offs.write(scope, registry, people, children, today)
        agreeing.approve(scope, registry, people, children)
        agreeing.write(scope, registry, people, others, today)
        papers.put(settings, scope, registry, people, children, today)
        absences.write(settings, scope, people, children, place.slug, today, clock)
        challenges.write(settings, scope, registry, people, children, today, clock)
    final_plans.write(scope, registry, people, others, place.slug, today, clock)
    with reckoning.left_for_later():
        meetings_planned.write(settings, scope, registry, people, followed, today)
    reckoning.bring_up_to_date(scope, registry, clock)


def _people(scope: Scope, code: str, staff: Iterable[StaffMember], clock: Clock) -> dict[str, int]:
    """The accounts, all with the demo's password (hashed once), and the posts they hold."""
    hashed = hashed_password(PASSWORD)
    people: dict[str, int] = {}
    for member in staff:
        people[member.email] = create_account(
            scope,
            NewAccount(
                email=member.email,
                name=member.name,
                roles=member.roles,
                password_hash=hashed,
                grade=member.grade,
                job=_job(member),
                team=member.team,
                service=member.service,
                staff_number=member.staff_number,
            ),
            clock(),
            since=SINCE,
        )
        for post in member.posts:
            body, of = ("", OFFICES[post] or code) if post in OFFICES else (BODY, code)
            hold_post(scope, people[member.email], of, body, post, clock(), since=SINCE)
    return people


def _job(member: StaffMember) -> str:
    words = member.email.partition("@")[0].rstrip("0123456789.").replace(".", " ")
    return words.replace("iro", "independent reviewing officer").capitalize()


def _import(
    settings: Settings, scope: Scope, children: Sequence[MadeUpChild], today: date, clock: Clock
) -> None:
    """The children's time in care, written as the return of each year and imported as such.

    Of the years before the first of them no return is in hand: of the few children who were in care
    then it is not known which review was the first, and of some not when their care began.
    """
    this_year = collection_year(today)
    for year in range(this_year - RETURNS_BEFORE, this_year + 1):
        as_at = today if year == this_year else None
        with tempfile.TemporaryDirectory() as folder:
            rows = write_return(children, Path(folder), year, as_at=as_at)
            if not any(rows.values()):
                continue
            importing.import_paths(
                scope,
                [Path(folder)],
                settings.upload_folder,
                clock,
                limit_bytes=settings.import_most_bytes,
                year=year,
                as_at=as_at,
            )


def _described(child: MadeUpChild, people: dict[str, int]) -> Described:
    service = next((name for name, teams in SERVICES.items() if child.team in teams), child.team)
    began = min((episode.decom for episode in child.episodes), default=child.born)
    return Described(
        local_id=child.local_id,
        given_name=child.given_name,
        family_name=child.family_name,
        team=child.team,
        service=service,
        workers={"worker": people[child.social_worker], "iro": people[child.iro]},
        since=max(SINCE, began - timedelta(days=60)) if not child.unborn else SINCE,
        disability=child.disability,
        sibling_group=child.sibling_group,
        born=child.born,
        birth_expected=child.unborn,
    )
