"""Made-up planning meetings in every state: booked, under way, held, and not booked in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from io import BytesIO

from fpdf import FPDF

from core.documents.scanning import scanner_of
from core.domain.dates import age_on
from core.domain.procedure.forms import Place as Answer
from core.registry import Registry
from core.settings import Settings
from core.store import returns
from core.store.database import db
from core.store.scope import Scope
from core.usecases import agreeing as plan_rules
from core.usecases import plan_approving, planning_booking, planning_record, view_files
from core.usecases.filing import Place
from demo import final_plans, spoken
from demo.agreeing import YOUNG
from demo.calendars import WorkingDays, bank_holidays
from demo.children import MadeUpChild
from demo.panels import Hand
from demo.sitting import MOTHER, Plan, Sitting

PPM, FINAL = "permanence-planning-meeting", "final-care-planning-meeting"
FAMILY = Plan(
    ("connected-fostering", "connected-fostering-to-sgo", "sgo"), ("long-term-fostering", "cao")
)
FOSTERING = Plan(("long-term-fostering",), ("adoption", "sgo-existing-carer", "residential"))
AUNT, GRANDFATHER = "Marvella Vellacott", "Osbertine Vellacott"
SHORT_BREAKS = ("V3", "V4")
SIX, LITTLE, SPEAKING, ANY = range(6, 7), range(2, 7), range(5, 18), range(18)
DUE = {"due": 64, "tracking": 38}
"""Held so many days ago that the next, or the tracking of the plan, is due within days."""
LEAD = 14
"""So many days before its first meeting a child has been in care."""


Chosen = Mapping[str, MadeUpChild]


def choose(children: Sequence[MadeUpChild], today: date) -> Chosen:
    """Of whom the meetings are, each sort by its name; without those for whom nobody is found.

    The sorts of which the fewest children can be come first.
    """
    left = Children(children, today, set())
    found = {
        "today": left.one(SIX, 6) or left.one(LITTLE, 6),
        "today-all-out": left.one(SIX, 6) or left.one(LITTLE, 6),
        "journey": left.one(ANY, 148),
        "held": left.one(ANY, 130),
        "young": left.one(LITTLE, 20),
        "evidence": left.one(ANY, 20, in_court=True),
        "due": left.one(ANY, 80),
        "tracking": left.one(ANY, 54),
        "not-on-file": left.one(ANY, 24),
        "half": left.one(SPEAKING, 14) or left.one(ANY, 14),
    }
    return {sort: child for sort, child in found.items() if child is not None}


def write(
    settings: Settings,
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    chosen: Chosen,
    today: date,
) -> None:
    """Book, prepare and hold them, where the authority follows a procedure that has them."""
    bodies = planning_booking.bodies(scope, registry, today)
    db.session.rollback()
    keys = {meets.body.code: meets.key for meets in bodies}
    rules_of = {meets.body.code: (*meets.body.posts, *meets.body.invited) for meets in bodies}
    if PPM not in keys:
        return
    known = {local: one.public_id for local, one in returns.known_children(scope).items()}
    db.session.rollback()
    lines = frozenset(rule.code for rule in rules_of[PPM])
    sitting = Sitting(scope, registry, people, known, keys[PPM], lines, today)
    made = Meetings(sitting, WorkingDays(bank_holidays(today.year - 1, today.year + 1)))
    place = Place(settings.paper_folder, settings.paper_most_bytes, scanner_of(settings.scanner))
    rules = {rule.code for rule in plan_rules.approvals(scope, registry, today)}
    db.session.rollback()
    for sort, child in chosen.items():
        if sort in ("today", "today-all-out"):
            made.under_way(child, all_out=sort == "today-all-out")
        elif sort == "journey":
            made.journey(child)
        elif sort == "held":
            made.held(child)
        elif sort == "young" and YOUNG in rules:
            made.young(child)
        elif sort == "evidence" and FINAL in keys:
            made.before_the_evidence(child, keys[FINAL])
        elif sort in DUE:
            sitting.held(child, made.ago(DUE[sort]), FAMILY, spoken.FIRST)
        elif sort == "not-on-file":
            sitting.held(child, made.ago(8), FAMILY, spoken.FIRST, filed=False)
        elif sort == "half":
            made.half_prepared(child, place)
    Hand(scope, registry, people, known).tell(today - timedelta(days=1), 19)


@dataclass(slots=True)
class Children:
    """Those of whom meetings can be made; each is given once."""

    every: Sequence[MadeUpChild]
    today: date
    used: set[str]

    def one(self, ages: range, days: int, *, in_court: bool = False) -> MadeUpChild | None:
        """A child of one of these ages, in care since before so many days ago, and undecided.

        Those of the first social worker come first: theirs are the pages that are shown first.
        Where nobody is undecided, it is a child of whom a plan was agreed long before.
        """
        first = self.today - timedelta(days=days)
        found = [
            child
            for child in self.every
            if child.local_id not in self.used
            and _in_care_before(child, first - timedelta(days=LEAD), self.today)
            and age_on(child.born, self.today) in ages
            and not any(on >= first for on in (*child.ppm_dates, *child.panel_dates))
            and (not in_court or final_plans.in_court(child, self.today))
        ]
        child = min(
            (child for child in found if _undecided(child, first) or _long_decided(child, first)),
            key=lambda one: (not _undecided(one, first), *_shown_first(one)),
            default=None,
        )
        if child is not None:
            self.used.add(child.local_id)
        return child


def _shown_first(child: MadeUpChild) -> tuple[bool, bool, bool, date]:
    return (
        not child.social_worker.startswith("social.worker@"),
        not child.team_manager.startswith("team.manager@"),
        child.plan is None,
        child.born,
    )


def _in_care_before(child: MadeUpChild, on: date, today: date) -> bool:
    if child.unborn or not child.episodes or child.referral is not None:
        return False
    last = child.episodes[-1]
    began = max((one.decom for one in child.episodes if one.rne == "S"), default=today)
    open_still = last.dec is None or last.dec > today
    return open_still and began <= on and last.legal_status not in SHORT_BREAKS


def _undecided(child: MadeUpChild, first: date) -> bool:
    """Whether no plan was made since a day, and none is agreed."""
    return child.plan is None or (child.plan.agreed is None and child.plan.identified < first)


def _long_decided(child: MadeUpChild, first: date) -> bool:
    """Whether a plan was agreed before, which did not come to a match or an order."""
    if child.long_term_match or child.adoption_decisions or child.plan is None:
        return False
    agreed = child.plan.agreed
    return agreed is not None and agreed < first - timedelta(days=LEAD)


@dataclass(frozen=True, slots=True)
class Meetings:
    """Each sort of meeting that is more than a meeting held."""

    sitting: Sitting
    working: WorkingDays

    @property
    def today(self) -> date:
        return self.sitting.today

    def ago(self, days: int) -> date:
        """A working day so many days ago, or the last before it."""
        return self.working.on_or_before(self.today - timedelta(days=days))

    def under_way(self, child: MadeUpChild, *, all_out: bool) -> None:
        """Today, with options half weighed: an aunt may care, or everybody is ruled out."""
        booked = self.ago(5)
        self.person(child, booked, AUNT, "maternal aunt", out=all_out)
        self.person(child, booked, GRANDFATHER, "paternal grandfather", out=True)
        meeting = self.sitting.book(child, self.today, booked)
        self.sitting.ask_known(child, meeting, booked)
        self.sitting.ask_also(child, meeting, booked, "parents", MOTHER, "mother")
        self.sitting.mark(child, meeting, self.today, most=2)
        plan = FOSTERING if all_out else FAMILY
        self.sitting.weigh(child, meeting, self.today, plan, half=True)
        self.progress(child, meeting, self.today)

    def person(self, child: MadeUpChild, on: date, name: str, who: str, *, out: bool) -> None:
        """Somebody who might care for the child; ruled out where it is said."""
        identified = (on - timedelta(days=40)).isoformat()
        values = {"name": name, "relation": who, "identified_on": identified, "how": "parents"}
        if out:
            values |= {"assessment": "negative", "ruled_out_on": on.isoformat()}
            values["ruled_out_why"] = "Works abroad for half of the year, and will not change that."
        else:
            values["assessment"] = "viability-positive"
        self.sitting.add(child, "connected-person", on, **values)

    def progress(self, child: MadeUpChild, meeting: str, on: date) -> None:
        worker = self.sitting.scope(child.social_worker, on)
        said = {
            Answer("progress"): spoken.GOING_ON,
            Answer("discussion"): spoken.OPEN_WORDS if on == self.today else "",
        }
        said = {place: words for place, words in said.items() if words}
        at = self.sitting.moment(on, time(11))
        planning_record.save(worker, self.sitting.registry, meeting, said, {}, at)

    def young(self, child: MadeUpChild) -> None:
        """Long-term fostering under 7, which waits for the head of service."""
        held, asked = self.ago(6), self.ago(5)
        self.person(child, held - timedelta(days=12), AUNT, "maternal aunt", out=True)
        self.sitting.held(child, held, FOSTERING, spoken.YOUNG)
        manager = self.sitting.scope(child.team_manager, asked)
        public_id, at = self.sitting.known[child.local_id], self.sitting.moment(asked, time(9))
        words = "The meeting supports it; what spoke against it is in its record."
        plan_approving.ask(manager, self.sitting.registry, public_id, YOUNG, words, at)

    def before_the_evidence(self, child: MadeUpChild, key: str) -> None:
        """The final evidence is due in two weeks: the meeting before it is booked."""
        booked = self.ago(3)
        public_id, at = self.sitting.known[child.local_id], self.sitting.moment(booked, time(9))
        worker = self.sitting.scope(child.social_worker, booked)
        final_plans.court_says(worker, public_id, self.today + timedelta(days=15), at)
        db.session.rollback()
        sitting = replace(self.sitting, key=key)
        meeting = sitting.book(child, self.working.after(self.today, 4), booked)
        sitting.ask_known(child, meeting, booked)

    def journey(self, child: MadeUpChild) -> None:
        """Three meetings in order, of which the last was held two weeks ago."""
        days = (self.ago(146), self.ago(80), self.ago(15))
        self.person(child, days[0], AUNT, "maternal aunt", out=False)
        for held, said in zip(days, (spoken.FIRST, spoken.SECOND, spoken.THIRD), strict=True):
            self.sitting.held(child, held, FAMILY, said)

    def held(self, child: MadeUpChild) -> None:
        """Held nine weeks ago with an action rolled that is late again; the next one is booked."""
        following = self.working.after(self.today, 3)
        self.sitting.held(child, self.ago(126), FAMILY, spoken.FIRST)
        self.sitting.held(child, self.ago(63), FAMILY, spoken.SECOND, following)
        booked = self.ago(20)
        meeting = self.sitting.book(child, following, booked)
        self.sitting.ask_known(child, meeting, booked)
        self.progress(child, meeting, self.ago(2))

    def half_prepared(self, child: MadeUpChild, place: Place) -> None:
        """Next week: people asked, views in several forms, the mother heard before, and gaps."""
        booked, heard = self.ago(9), self.ago(2)
        meeting = self.sitting.book(child, self.working.after(self.today, 5), booked)
        self.sitting.ask_known(child, meeting, booked)
        self.sitting.ask_also(child, meeting, booked, "parents", MOTHER, "mother")
        self.sitting.leave_out(child, meeting, booked, NOT_HERE)
        self.sitting.views_before(child, meeting, heard, MOTHER)
        for view in _views(heard):
            drawn = self.sitting.add(child, "view", heard, **view)
            if view.get("how") == "drawn":
                worker = self.sitting.scope(child.social_worker, heard)
                file = [("Drawing of a house.pdf", BytesIO(_drawing(child.given_name)))]
                at = self.sitting.moment(heard, time(16))
                view_files.add(worker, self.sitting.registry, drawn, file, place, at)


NOT_HERE = {
    "foster-carers": "The carers look after the mother’s cousin too, and asked not to meet her.",
    "fostering": "The home is an agency’s: its worker sends a report before the meeting.",
}


def _views(on: date) -> Iterator[dict[str, str]]:
    """Views of the child, the mother, the guardian, and of a brother who gave none."""
    for whose, how, words in (
        ("child", "drawn", "Two houses with a road between them. “This is so I can walk there.”"),
        ("child", "advocate", "Asks through the advocate to be told first, before the adults."),
        ("mother", "written", "A letter: she wants more visits, and would agree to the aunt."),
        ("guardian", "told", "The assessment of the aunt should be finished before the hearing."),
        ("sibling", "not-given", "The brother was asked twice, and does not want to say anything."),
    ):
        about = {"about": "family-time" if how == "advocate" else "plan"}
        yield {"whose": whose, "how": how, "words": words, "said_on": on.isoformat(), **about}


def _drawing(name: str) -> bytes:
    """Two houses and a road, as a child might draw them."""
    made = FPDF()
    made.add_page()
    for left in (25, 125):
        made.rect(left, 90, 60, 50)
        made.polyline([(left - 5, 90), (left + 30, 55), (left + 65, 90)])
        made.rect(left + 22, 112, 16, 28)
    made.rect(85, 132, 40, 8)
    made.set_font("helvetica", "", 14)
    made.text(25, 170, f"Drawn by {name}. Made up.")
    return bytes(made.output())
