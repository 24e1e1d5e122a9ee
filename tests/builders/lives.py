"""Children to whom things happen at random, each as a person does it at a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from time import monotonic
from typing import Any

import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import bring_in, text
from builders.lived_meetings import Meetings, Nothing
from builders.merged import apart, merge
from builders.reckoned import registry
from builders.uploaded import EPISODES, HEADER, REVIEWS

from core.domain.care_typing import CARE_KINDS
from core.domain.finding import Refused
from core.domain.following import seen_of
from core.domain.procedure.forms import Place
from core.store import care_rows, days_off, enabled, merges, record
from core.store.database import db
from core.store.tables import Child, Meeting, PanelCase
from core.usecases import (
    acceptance,
    following,
    identity,
    local_figures,
    referral,
    taking_back,
)
from core.usecases import (
    days_off as off,
)
from core.usecases import (
    record as change,
)
from core.usecases.care import save_row, take_back, void_row
from core.usecases.opening import UnderWay, open_referral
from core.usecases.record_new import add
from core.usecases.referral import Typed

WHY = "The court papers say so"
FIRST, TODAY = date(2024, 1, 2), date(2026, 11, 23)
STATUSES = ("C1", "C2", "V2", "E1")
PLACES = ("U6", "U4", "K2", "A3", "P1", "T0")
ENTRIES: tuple[tuple[str, dict[str, str]], ...] = (
    ("assessment", {"what": "health-initial", "done_on": "?"}),
    ("assessment", {"what": "health-review", "done_on": "?"}),
    ("assessment", {"what": "care-plan", "done_on": "?"}),
    ("assessment", {"what": "pep", "done_on": "?"}),
    ("proceedings", {"application": "care-order", "issued_on": "?"}),
    ("adoption", {"placement_order_on": "?"}),
    ("plan", {"primary": "adoption", "identified_on": "?"}),
    ("plan", {"primary": "long-term-fostering", "agreed_on": "?"}),
    ("match", {"matched_on": "?", "for": "long-term-fostering"}),
    ("emergency", {"placed_on": "?", "out_of_area": "yes"}),
    ("temporary-approval", {"approved_on": "?"}),
    ("earlier-meeting", {"meeting": "ppm", "held_on": "?"}),
)
OF_ALL = ("day_off", "day_in", "figure", "figure_back", "procedure", "order")
"""What changes the dates of every child, and so is left to the worker."""


class Lives:
    """Some children of a house, and whatever happens to them next."""

    def __init__(self, house: House, seed: int, children: int = 4) -> None:
        self.house, self.random = house, Random(seed)
        self.children = [
            house.child(f"L{number}", f"Child{number}", sibling_group="L", born=self.day(2012))
            for number in range(children)
        ]
        house.account("social.worker", "other.worker@bexley.example")
        self.meetings = [house.meeting(on)[1] for on in (date(2026, 12, 3), date(2026, 12, 17))]
        self.at = AT
        self.steps: list[Callable[[], object]] = [
            *(self.care,) * 5, self.care_corrected, self.care_void, self.care_back,
            *(self.review,) * 3, *(self.entry,) * 6, *(self.entry_corrected,) * 2,
            self.entry_out, self.entry_back, self.born, self.merged, self.taken_apart,
            self.referred, self.chosen, self.joined, self.submitted, self.sent_back, self.accepted,
            self.withdrawn, self.day_off, self.day_in, self.figure, self.figure_back,
            self.procedure, self.order, self.imported,
        ]  # fmt: skip
        self.of_meetings = Meetings(self)
        self.steps += self.of_meetings.steps

    def mostly_meetings(self) -> None:
        """From here on mostly cases and meetings, and what ends what was decided."""
        own = self.of_meetings
        self.steps = [
            *own.steps * 2, *(own.case_tabled, own.match_ended, own.plan_ended) * 5,
            *(self.referred,) * 3, *(self.chosen,) * 7, *(self.submitted,) * 9,
            *(self.accepted,) * 9, self.withdrawn, self.sent_back, self.joined,
            *(self.entry,) * 5, self.review, self.merged, self.taken_apart,
        ]  # fmt: skip

    def step(self) -> str:
        """Something happens, and is not refused; gives what."""
        until = monotonic() + 60
        while monotonic() < until:
            self.at += timedelta(minutes=1)
            happens = self.random.choice(self.steps)
            try:
                happens()
            except (Refused, Nothing, UnderWay, LookupError):
                db.session.rollback()
                continue
            db.session.rollback()
            return happens.__name__
        raise AssertionError("nothing more can happen")

    def day(self, first: int = FIRST.year) -> date:
        begun = date(first, 1, 2)
        return begun + timedelta(days=self.random.randrange((TODAY - begun).days))

    def of(self, things: Any) -> Any:
        """One of some things, where there are any."""
        listed = list(things)
        if not listed:
            raise Nothing
        return self.random.choice(listed)

    def child(self) -> tuple[int, str]:
        gone = set(db.session.scalars(sa.select(Child.id).where(Child.merged_into_id.is_not(None))))
        found: tuple[int, str] = self.of([child for child in self.children if child[0] not in gone])
        return found

    def scope(self, role: str = "social.worker") -> Any:
        from dataclasses import replace

        return replace(self.house.scope(role), moment=self.at)

    # What is typed of care.

    def _row(self, child_id: int, kind: str = "", *states: str) -> Any:
        kind = kind or self.of(("episode", "review"))
        rows = care_rows.rows(self.house.whole, child_id, CARE_KINDS[kind])
        found = self.of([row for row in rows if row.state in (states or ("in use",))])
        db.session.rollback()
        return found

    def _episode(self, start: date | None = None) -> dict[str, str]:
        start = start or self.day()
        values = {
            "decom": start.isoformat(),
            "rne": self.of(("S", "S", "L", "P")),
            "ls": self.of(STATUSES),
            "cin": "N1",
            "place": self.of(PLACES),
            "place_provider": "PR1",
        }
        if self.random.random() < 0.5:
            ended = min(start + timedelta(days=self.random.choice([0, 30, 91, 400])), TODAY)
            values |= {"dec": ended.isoformat(), "rec": self.of(("X1", "E4A", "E11"))}
        return values

    def care(self) -> None:
        child_id, public_id = self.child()
        start = None
        if self.random.random() < 0.5:
            ended = self._row(child_id, "episode").values["dec"]
            start = date.fromisoformat(ended) if ended else None
        save_row(
            self.scope(), public_id, CARE_KINDS["episode"], None, self._episode(start),
            WHY, True, self.at,
        )  # fmt: skip

    def review(self) -> None:
        _, public_id = self.child()
        values = {"held_on": self.day(2025).isoformat(), "code": "PN1"}
        save_row(self.scope(), public_id, CARE_KINDS["review"], None, values, WHY, True, self.at)

    def care_corrected(self) -> None:
        child_id, public_id = self.child()
        row = self._row(child_id)
        name = "decom" if row.kind == "episode" else "held_on"
        moved = date.fromisoformat(row.values[name]) - timedelta(days=self.random.randint(1, 60))
        values = {**row.values, name: moved.isoformat()}
        kind = CARE_KINDS[row.kind]
        save_row(self.scope(), public_id, kind, row.id, values, WHY, True, self.at)

    def care_void(self) -> None:
        child_id, public_id = self.child()
        row = self._row(child_id)
        void_row(self.scope(), public_id, CARE_KINDS[row.kind], row.id, WHY, self.at)

    def care_back(self) -> None:
        child_id, public_id = self.child()
        row = self._row(child_id, "", "in use", "never happened")
        take_back(self.scope(), public_id, CARE_KINDS[row.kind], row.id, WHY, self.at)

    # What is written in the record.

    def entry(self) -> None:
        _, public_id = self.child()
        kind, values = self.of(ENTRIES)
        typed = {code: self.day().isoformat() if v == "?" else v for code, v in values.items()}
        add(self.scope(), public_id, kind, typed, self.at)

    def _entry(self, stands: bool) -> Any:
        child_id, _ = self.child()
        found = record.entries(self.house.whole, child_id)
        db.session.rollback()
        return self.of([entry for entry in found if entry.stands is stands])

    def entry_corrected(self) -> None:
        entry = self._entry(True)
        days = [code for code in entry.values if code.endswith("_on")]
        code = self.of(days)
        seen = {code: entry.values[code].statement.id}
        typed = {code: self.day().isoformat()}
        change.correct(self.scope(), entry.public_id, typed, seen, WHY, self.at)

    def entry_out(self) -> None:
        entry = self._entry(True)
        change.take_out(self.scope(), entry.public_id, entry.version, WHY, self.at)

    def entry_back(self) -> None:
        entry = self._entry(False)
        change.put_back(self.scope(), entry.public_id, entry.version, self.at)

    # Who the child is.

    def born(self) -> None:
        child_id, public_id = self.child()
        was = db.session.scalar(sa.select(Child.born).where(Child.id == child_id))
        seen = was.isoformat() if was else ""
        born = self.day(2010).isoformat()
        identity.say(self.scope(), public_id, "born", born, WHY, seen, self.at)

    def merged(self) -> None:
        one, other = self.child()[1], self.child()[1]
        if one == other:
            raise Nothing
        merge(self.house, (one, other))

    def taken_apart(self) -> None:
        child_id, public_id = self.child()
        found = merges.of_child(self.house.whole, child_id)
        db.session.rollback()
        if len(found) != 1:
            raise Nothing
        apart(self.house, (public_id, ""), self.at)

    # Cases.

    def _case(self, *states: str) -> str:
        query = sa.select(PanelCase.public_id).where(PanelCase.state != "withdrawn")
        if states:
            query = query.where(PanelCase.state.in_(states))
        found: str = self.of(db.session.scalars(query.order_by(PanelCase.id)))
        db.session.rollback()
        return found

    def _saved(self, typed: Typed, case: str = "") -> None:
        case = case or self._case("draft", "returned")
        referral.save_referral(self.scope(), registry(self.house), case, typed, self.at)

    def referred(self) -> None:
        open_referral(self.scope(), registry(self.house), self.child()[1], self.at)

    def chosen(self) -> None:
        case = self._case("draft", "returned")
        asks_for = sa.select(Meeting.public_id).join(PanelCase, PanelCase.meeting_id == Meeting.id)
        shown = db.session.scalar(asks_for.where(PanelCase.public_id == case)) or ""
        typed = self.of([one for one in ("", *self.meetings) if one != shown])
        criteria = {Place.named("criteria"): "drift"}
        self._saved(Typed(criteria, {}, meeting=(shown, typed)), case)

    def joined(self) -> None:
        one, other = (public_id for _, public_id in self.random.sample(self.children, 2))
        both = frozenset((one, other))
        alone = frozenset((one,))
        shown, ticked = (alone, both) if self.random.random() < 0.7 else (both, alone)
        self._saved(Typed({}, {}, children=(shown, ticked)))

    def submitted(self) -> None:
        referral.submit(self.scope(), registry(self.house), self._case("draft"), self.at)

    def sent_back(self) -> None:
        scope = self.scope("panel.chair")
        acceptance.send_back(scope, registry(self.house), self._case("submitted"), WHY, self.at)

    def accepted(self) -> None:
        scope = self.scope("panel.chair")
        acceptance.accept(scope, registry(self.house), self._case("submitted"), self.at, WHY)

    def withdrawn(self) -> None:
        taking_back.withdraw(self.scope(), self._case(), WHY, self.at)

    # What changes everybody's dates.

    def _administrator(self) -> Any:
        return self.scope("authority.administrator")

    def day_off(self) -> None:
        off.add(self._administrator(), self.day(2026), "Founder's day", self.at)

    def day_in(self) -> None:
        there = days_off.between(self.house.whole, FIRST, TODAY)
        db.session.rollback()
        off.take_out(self._administrator(), self.of(there).public_id, self.at)

    def figure(self) -> None:
        known, key = registry(self.house), "PPM10//first-ppm/period"
        seen = local_figures.standing(self._administrator(), known, key).seen
        weeks = f"{self.random.randint(1, 12)} weeks"
        local_figures.set_figure(
            self._administrator(), known, key, weeks, self.day(), WHY, seen, self.at
        )

    def figure_back(self) -> None:
        known, key = registry(self.house), "PPM10//first-ppm/period"
        settings = local_figures.standing(self._administrator(), known, key).settings
        one = self.of([setting for setting in settings if setting.taken_back_at is None])
        local_figures.take_back(self._administrator(), known, one.public_id, WHY, self.at)

    def procedure(self) -> None:
        rows = enabled.every(self.house.whole)
        db.session.rollback()
        there = [row for row in rows if row.code == "PPM10" and row.until is None]
        scope, known, seen = self._administrator(), registry(self.house), seen_of(rows)
        if there:
            on = TODAY + timedelta(days=self.random.randint(0, 90))
            following.end(scope, "PPM10", there[0].id, on, WHY, seen, self.at)
        else:
            following.enable(scope, known, "PPM10", self.day(), WHY, seen, self.at)

    def order(self) -> None:
        rows = enabled.every(self.house.whole)
        db.session.rollback()
        row = self.of(rows)
        step = self.of((-1, 1))
        following.move(self._administrator(), row.code, row.id, step, WHY, seen_of(rows), self.at)

    def imported(self) -> None:
        """A return of one of three years, of some of the children."""
        year = self.of((2024, 2025, 2026))
        some = self.random.sample(range(len(self.children)), self.random.randint(1, 3))
        start = date(year - 1, 4, 1) + timedelta(days=self.random.randrange(300))
        header, episodes, reviews = [HEADER], [EPISODES], [REVIEWS]
        for number in some:
            header.append(f"L{number},F,04/05/2012,WBRI,UN1,0,")
            rne = self.of(("S", "L"))
            episodes.append(f"L{number},{start:%d/%m/%Y},{rne},C1,N1,U6,PR1,,,,AB1 2CD,AB1 2CD,")
            reviews.append(f"L{number},04/05/2012,{start + timedelta(days=20):%d/%m/%Y},PN1")
        files = {"header.csv": header, "episodes.csv": episodes, "reviews.csv": reviews}
        bring_in(self.house, {name: text(*lines) for name, lines in files.items()}, year=year)
