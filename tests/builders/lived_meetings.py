"""What happens to meetings, their cases and what they decide, in lives that go on at random."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from builders.house import BODY
from builders.reckoned import registry
from builders.sitting import sit

from core.domain.care_typing import ADOPTION_DECISION
from core.domain.procedure.forms import Place
from core.store import care_rows, items, record
from core.store.database import db, writing
from core.store.tables import Booking, Meeting, PanelCase
from core.usecases import adding_meeting, cancelling, moving
from core.usecases import record as change
from core.usecases.adding_meeting import NewMeeting
from core.usecases.cancelling import WAIT, Cancel
from core.usecases.care import save_row
from core.usecases.decision import record_decision
from core.usecases.moving import Move
from core.usecases.tabling import table_case

if TYPE_CHECKING:
    from builders.lives import Lives

WHY = "The chair is on a jury."
ADMIN = "panel.administrator"
HEARD = {"outcome-continue-care-plan.chosen": "yes", "rationale": "The plan holds"}


class Nothing(Exception):
    """There is nothing to which this could happen."""


class Meetings:
    """The steps of some lives that concern meetings, and the ends of what was decided."""

    def __init__(self, lives: Lives) -> None:
        self.lives = lives
        self.steps: list[Callable[[], object]] = [
            self.meeting_added, self.meeting_moved, self.meeting_cancelled, self.case_tabled,
            self.case_decided, self.adoption_decided, self.adoption_reversed, self.plan_ended,
            self.match_ended,
        ]  # fmt: skip

    def _planned(self, *having: sa.ColumnElement[bool]) -> Any:
        """A planned meeting; its id and public id."""
        own = Meeting.authority_id == self.lives.house.authority_id
        query = sa.select(Meeting.id, Meeting.public_id, Meeting.held_on).where(
            own, Meeting.state == "planned", Meeting.held_on >= self.lives.house.today, *having
        )
        found = db.session.execute(query.order_by(Meeting.id)).all()
        db.session.rollback()
        return self.lives.of(found)

    def _day(self) -> date:
        return self.lives.house.today + timedelta(days=self.lives.random.randint(0, 60))

    def meeting_added(self) -> None:
        key = f"{self.lives.house.code}:{BODY}"
        new = NewMeeting(key, self._day(), time(10, 0))
        scope, known = self.lives.scope(ADMIN), registry(self.lives.house)
        public_id, _ = adding_meeting.add_meeting(scope, known, new, self.lives.at)
        self.lives.meetings.append(public_id)

    def meeting_moved(self) -> None:
        meeting = self._planned()
        scope, known = self.lives.scope(ADMIN), registry(self.lives.house)
        move = Move(self._day(), time(10, 0), "", WHY)
        seen = moving.preview(scope, known, meeting.public_id, move).mark
        db.session.rollback()
        moving.move_meeting(scope, known, meeting.public_id, move, seen, self.lives.at)

    def meeting_cancelled(self) -> None:
        """A meeting that has cases where there is one, which wait for the next or go to another."""
        asked = sa.select(PanelCase.meeting_id).where(PanelCase.meeting_id.is_not(None))
        meeting = self._planned(Meeting.id.in_(asked))
        rule = WAIT
        if self.lives.random.random() < 0.4:
            rule = self._planned(Meeting.id != meeting.id).public_id
        scope, known, cancel = (
            self.lives.scope(ADMIN),
            registry(self.lives.house),
            Cancel(WHY, rule),
        )
        seen = cancelling.preview(scope, known, meeting.public_id, cancel).mark
        db.session.rollback()
        cancelling.cancel_meeting(scope, known, meeting.public_id, cancel, seen, self.lives.at)

    def _item(self) -> Any:
        query = (
            sa.select(Booking.public_id, Meeting.id, Meeting.held_on)
            .join(Meeting, Meeting.id == Booking.meeting_id)
            .where(Booking.state == "booked", Meeting.state != "cancelled")
        )
        found = db.session.execute(query.order_by(Booking.id)).all()
        db.session.rollback()
        return self.lives.of(found)

    def case_tabled(self) -> None:
        item = self._item()
        other = self._planned(Meeting.held_on > item.held_on).public_id
        scope, known = self.lives.scope(ADMIN), registry(self.lives.house)
        table_case(scope, known, item.public_id, other, WHY, self.lives.at)

    def case_decided(self) -> None:
        """The day of a meeting comes, its members are there, and a case of it is heard."""
        house, (item, meeting_id, _) = self.lives.house, self._item()
        state = db.session.scalar(sa.select(Meeting.state).where(Meeting.id == meeting_id))
        if state == "planned":
            sit(house, meeting_id)
            with writing():
                db.session.execute(
                    sa.update(Meeting)
                    .where(Meeting.id == meeting_id)
                    .values(state="open", circulated_at=self.lives.at)
                )
        scope = self.lives.scope(ADMIN)
        assert items.find(scope, item) is not None
        typed = {Place.named(name): value for name, value in HEARD.items()}
        record_decision(scope, registry(house), item, typed, {}, self.lives.at)

    # What was decided, and its end.

    def adoption_decided(self) -> None:
        values = {"decided_on": self.lives.day(2025).isoformat()}
        self._adoption(self.lives.child()[1], None, values)

    def adoption_reversed(self) -> None:
        child_id, public_id = self.lives.child()
        rows = care_rows.rows(self.lives.house.whole, child_id, ADOPTION_DECISION)
        db.session.rollback()
        row = self.lives.of([r for r in rows if r.state == "in use" and not r.values["ceased_on"]])
        decided = date.fromisoformat(row.values["decided_on"])
        ended = {"ceased_on": self._after(decided).isoformat(), "ceased_reason": "RD1"}
        self._adoption(public_id, row.id, {**row.values, **ended})

    def _adoption(self, public_id: str, row: int | None, values: dict[str, str]) -> None:
        scope, at = self.lives.scope(), self.lives.at
        save_row(scope, public_id, ADOPTION_DECISION, row, values, WHY, True, at)

    def _after(self, day: date) -> date:
        return day + timedelta(
            days=self.lives.random.randint(0, max(0, (self.lives.house.today - day).days))
        )

    def plan_ended(self) -> None:
        self._ended("plan", {"state": "ended"}, "identified_on", "agreed_on")

    def match_ended(self) -> None:
        self._ended("match", {}, "matched_on")

    def _ended(self, kind: str, more: dict[str, str], *begun: str) -> None:
        """An entry of a kind that has not ended ends, some time after it begins."""
        ids = [child_id for child_id, _ in self.lives.children]
        found = [e for one in ids for e in record.entries(self.lives.house.whole, one)]
        db.session.rollback()
        entry = self.lives.of(
            [e for e in found if e.kind == kind and e.stands and not e.value("ended_on")]
        )
        last = max(day for code in begun if (day := entry.day(code)) is not None)
        typed = {"ended_on": self._after(last).isoformat(), **more}
        seen = {c: entry.values[c].statement.id for c in typed if c in entry.values}
        change.correct(self.lives.scope(), entry.public_id, typed, seen, WHY, self.lives.at)
