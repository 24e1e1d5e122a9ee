"""What people do in made-up planning meetings, through the same use cases as from the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.finding import Refused
from core.domain.offer import Offer
from core.domain.planning_options import (
    COLUMN,
    CONTINGENCIES,
    NO_FAMILY_MEETING,
    PRIMARY,
    REUNIFICATION,
    REUNIFICATION_WHY,
    option_field,
)
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import accounts, children, planning, planning_guests
from core.store.database import db
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases import (
    planning_after,
    planning_booking,
    planning_closing,
    planning_due,
    planning_options,
    planning_people,
    planning_record,
    record_new,
)
from core.usecases.planning_booking import Wanted
from core.usecases.planning_people import Came
from demo.children import MadeUpChild
from demo.spoken import HOME, LATER, NO_MEETING, OUT, WHY, Meeting

PLACE = "Meeting room 2, Civic Offices"
LATE_WHY = "It is the first day on which everybody can come"
HELD_AT, BOOKED_AT, CLOSED_AT = time(10, 0), time(14, 20), time(12, 30)
EARLY = time(7, 40)
"""What is done today was done before anybody looks at it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting comes to: the first of each that can be chosen at the child's age."""

    primary: tuple[str, ...]
    contingency: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Books, prepares, holds and closes meetings of one body, each act on its day.

    ``lines`` are the codes of those of whom the body's rules speak.
    """

    whole: Scope
    registry: Registry
    people: Mapping[str, int]
    known: Mapping[str, str]
    key: str
    lines: frozenset[str]
    today: date

    def scope(self, who: str, on: date) -> Scope:
        found = accounts.scope_of(self.whole, self.people[who], on)
        db.session.rollback()
        return found

    def moment(self, on: date, at: time) -> datetime:
        return datetime.combine(on, min(at, EARLY) if on >= self.today else at)

    def add(self, child: MadeUpChild, kind: str, on: date, **values: str) -> str:
        """Type an entry into the child's record, as their worker."""
        worker, at = self.scope(child.social_worker, on), self.moment(on, BOOKED_AT)
        made = record_new.add(worker, self.known[child.local_id], kind, values, at)
        db.session.rollback()
        return made.public_id

    def book(self, child: MadeUpChild, held: date, booked: date) -> str:
        worker, at = self.scope(child.social_worker, booked), self.moment(booked, BOOKED_AT)
        public_id, body = self.known[child.local_id], self.key.partition("/")[2]
        row = children.child(worker, public_id)
        late = row and planning_due.could_be_kept(worker, self.registry, row.id, body, held)
        db.session.rollback()
        wanted = Wanted(held, HELD_AT, PLACE, LATE_WHY if late else "")
        return planning_booking.book(worker, self.registry, public_id, self.key, wanted, at)

    def ask_known(self, child: MadeUpChild, meeting: str, on: date) -> None:
        worker, at = self.scope(child.social_worker, on), self.moment(on, BOOKED_AT)
        planning_people.ask_everybody(worker, self.registry, meeting, at)

    def ask_also(
        self, child: MadeUpChild, meeting: str, on: date, code: str, name: str, relation: str = ""
    ) -> None:
        """Ask somebody by name, or by a role of the authority where ``name`` is its address."""
        worker, at = self.scope(child.social_worker, on), self.moment(on, BOOKED_AT)
        who = ""
        if name in self.people:
            (colleague,) = accounts.colleagues(worker, [self.people[name]])
            who, name = colleague.public_id, ""
        db.session.rollback()
        code = code if code in self.lines else ""
        planning_people.ask(worker, self.registry, meeting, code, who, name, relation, at)

    def leave_out(
        self, child: MadeUpChild, meeting: str, on: date, codes: Mapping[str, str]
    ) -> None:
        """Say why those of the first of these lines that the meeting has are not invited."""
        worker, at = self.scope(child.social_worker, on), self.moment(on, BOOKED_AT)
        for code, why in codes.items():
            if code in self.lines:
                planning_people.leave_out(worker, self.registry, meeting, code, why, at)
                return

    def row(self, scope: Scope, meeting: str) -> PlanningRow:
        row = planning.find(scope, meeting)
        assert row is not None
        return row

    def views_before(self, child: MadeUpChild, meeting: str, on: date, name: str) -> None:
        """Mark that somebody who may not come said before what they want to be heard."""
        worker = self.scope(child.social_worker, on)
        guests = planning_guests.of_meeting(worker, self.row(worker, meeting).id)
        marks = [
            Came(guest.public_id, guest.version, views_on=on)
            for guest in guests
            if guest.name == name
        ]
        db.session.rollback()
        planning_people.mark_came(worker, meeting, marks, self.moment(on, BOOKED_AT))

    def mark(self, child: MadeUpChild, meeting: str, on: date, most: int = 99) -> None:
        """Mark those who were asked as having come; only the first of them where it goes on."""
        worker = self.scope(child.social_worker, on)
        guests = planning_guests.of_meeting(worker, self.row(worker, meeting).id)
        asked = [guest for guest in guests if guest.invited]
        marks = [
            Came(
                guest.public_id,
                guest.version,
                "present",
                "video" if number == 2 else "in-person",
                guest.views_on,
            )
            for number, guest in enumerate(asked[:most])
        ]
        db.session.rollback()
        planning_people.mark_came(worker, meeting, marks, self.moment(on, HELD_AT))

    def weigh(
        self, child: MadeUpChild, meeting: str, on: date, plan: Plan, *, half: bool = False
    ) -> None:
        """Say what came of the options, and choose the plan; half way, of two of them only."""
        worker = self.scope(child.social_worker, on)
        row = self.row(worker, meeting)
        options = planning_options.options_of(worker, self.registry, row)
        said = {Place(REUNIFICATION): "yes", Place(REUNIFICATION_WHY): HOME}
        if not options.family_meetings:
            said[Place(NO_FAMILY_MEETING)] = NO_MEETING
        offer = options.offer
        for column in offer.columns if offer.placed is None else ():
            said[Place(COLUMN)] = column.code
            offer = planning_options.options_of(worker, self.registry, row, said).offer
            if plan.primary[0] in _listed(offer):
                break
        stored = options.stored
        db.session.rollback()
        said |= _weighed(offer, plan, on, half=half)
        seen = {place: stored[place].version for place in said if place in stored}
        at = self.moment(on, time(10, 40))
        saved = planning_options.save(worker, self.registry, meeting, said, seen, at)
        if saved.findings:
            raise Refused(*saved.findings)

    def write(
        self,
        child: MadeUpChild,
        meeting: str,
        on: date,
        spoken: Meeting,
        following: date | None = None,
    ) -> None:
        """Write the record: what was said, what was decided, and its actions with their owners."""
        worker = self.scope(child.social_worker, on)
        (owner,) = accounts.colleagues(worker, [self.people[child.social_worker]])
        db.session.rollback()
        said = {Place(code): words for code, words in spoken.words.items() if words}
        said |= _papers(on)
        if following is not None:
            said[Place("next-on")] = following.isoformat()
        for number, (what, days, means) in enumerate(spoken.actions, 1):
            row = f"action-{number:04}-made"
            said[Place("what", row)] = what
            said[Place("owner", row)] = owner.public_id
            said[Place("due", row)] = (on + timedelta(days=days)).isoformat()
            said[Place("done-means", row)] = means
        planning_record.save(worker, self.registry, meeting, said, {}, self.moment(on, time(11)))

    def close(self, child: MadeUpChild, meeting: str, on: date) -> None:
        """Close it, as the team manager who chaired; else as whoever came first."""
        manager = self.scope(child.team_manager, on)
        row = self.row(manager, meeting)
        closing = planning_closing.looked_at(manager, self.registry, row)
        came = [guest for guest in closing.guests if guest.came == "present"]
        chair = closing.chair or came[0]
        db.session.rollback()
        why = "" if closing.chair else LATER
        planning_closing.close(
            manager, self.registry, meeting, chair.public_id, why, self.moment(on, CLOSED_AT)
        )

    def held(
        self,
        child: MadeUpChild,
        on: date,
        plan: Plan,
        spoken: Meeting,
        following: date | None = None,
        *,
        filed: bool = True,
    ) -> str:
        """A whole meeting, from its booking twelve days before to its closing."""
        booked = on - timedelta(days=12)
        meeting = self.book(child, on, booked)
        self.ask_known(child, meeting, booked)
        self.ask_also(child, meeting, booked, "parents", MOTHER, "mother")
        self.leave_out(child, meeting, booked, NOT_ASKED)
        self.mark(child, meeting, on)
        self.weigh(child, meeting, on, plan)
        self.write(child, meeting, on, spoken, following)
        self.close(child, meeting, on)
        if filed:
            self.put_on_file(child, meeting, on)
        return meeting

    def put_on_file(self, child: MadeUpChild, meeting: str, held: date) -> None:
        """Tick the record as on file two days later, and send it to whoever is named for that."""
        on = held + timedelta(days=2)
        worker, at = self.scope(child.social_worker, on), self.moment(on, BOOKED_AT)
        planning_after.put_on_file(worker, meeting, on, at)
        row = self.row(worker, meeting)
        meets = planning_booking.body_of(worker, self.registry, row)
        found = planning_after.copies(worker, row, meets)
        named = [one for one in found if one.people and one.line.wanted]
        able = {one.id: one for one in accounts.colleagues(worker)}
        db.session.rollback()
        for one in named:
            to = able[next(iter(one.people))]
            code = one.line.code
            planning_after.sent_otherwise(
                worker, self.registry, meeting, code, to.name, "hand", on, at
            )


MOTHER = "Thaddea Vellacott"
NOT_ASKED = {
    "foster-carers": "The mother comes, and has asked that the carers do not: they are told after.",
    "fostering": "The home is an agency’s: its worker sends a report.",
}


def _first(offered: Sequence[str], wanted: Iterable[str], without: str = "") -> str:
    found = (code for code in wanted if code in offered and code != without)
    return next(found, next(code for code in offered if code != without))


def _listed(offer: Offer) -> list[str]:
    return [option.code for group in offer.groups for option in group.options]


def _weighed(offer: Offer, plan: Plan, on: date, *, half: bool) -> dict[Place, str]:
    """What came of each option that is listed, the plan, and a step of each of its tracks."""
    options = [option for group in offer.groups for option in group.options]
    offered = _listed(offer)
    primary = _first(offered, plan.primary)
    spare = _first(offered, plan.contingency, without=primary)
    said: dict[Place, str] = {}
    for option in options:
        if half and option.code not in (primary, offered[0]):
            continue
        came = {primary: "supported", spare: "considered"}.get(option.code, "ruled-out")
        came = "considered" if half else came
        words = OUT if came == "ruled-out" else WHY
        why = words.get(option.code, words[""])
        said[Place(option_field(option.code, "conclusion"))] = came
        said[Place(option_field(option.code, "why"))] = why
        if option.needs and came != "ruled-out":
            said[Place(option_field(option.code, "rationale"))] = WHY["rationale"]
    if half:
        return said
    said[Place(PRIMARY)], said[Place(CONTINGENCIES)] = primary, spare
    steps = (
        ("primary", "Finish the assessment of the home", "The social worker", 28),
        ("contingency", "Ask who could care if it does not come to that", "Team manager", 42),
    )
    for number, (track, what, who, days) in enumerate(steps, 1):
        row = f"plan-step-{number:04}-made"
        due = (on + timedelta(days=days)).isoformat()
        values = {"plan": track, "what": what, "who": who, "due_on": due}
        said |= {Place(code, row): value for code, value in values.items()}
    return said


def _papers(on: date) -> dict[Place, str]:
    """The days of the papers before the meeting, where its record asks for them."""
    dated = {"assessments": 30, "care-plan": 21, "review-minutes": 35, "review-plan": 35}
    said = {
        Place(f"{code}-on"): (on - timedelta(days=days)).isoformat() for code, days in dated.items()
    }
    none = ("pre-proceedings-plan", "court-statements")
    said |= {Place(f"{code}-none"): "dated" for code in dated}
    return said | {Place(f"{code}-none"): "yes" for code in none}
