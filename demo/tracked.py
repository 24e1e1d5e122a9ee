"""Plans between meetings, where the authority has them watched: tracked, drifting, answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.registry import Registry
from core.store import accounts, record, returns
from core.store.scope import Scope
from core.usecases import editions, record_new
from core.usecases import record as correcting
from demo.children import MadeUpChild

MET, TRACKED = 50, 9
WORDS = "The assessment of the aunt is half done; the placement holds."
WHY_NOT = "The aunt is abroad until spring, and everybody knows it; the plan stands."
LATER = "The assessor is ill."


@dataclass(frozen=True, slots=True)
class _Child:
    """A child with their manager, who types, and the last day on which it is typed."""

    public_id: str
    manager: Scope
    today: date
    at: datetime

    def ago(self, days: int) -> str:
        return (self.today - timedelta(days=days)).isoformat()

    def add(self, kind: str, part_of: str = "", **values: str) -> str:
        made = record_new.add(self.manager, self.public_id, kind, values, self.at, part_of=part_of)
        return made.public_id

    def met(self) -> None:
        self.add("earlier-meeting", meeting="ppm", held_on=self.ago(MET))

    def planned(self, days: int = MET + 2, primary: str = "sgo", **more: str) -> str:
        values = {"primary": primary, "contingencies": "adoption" if primary == "sgo" else "sgo"}
        return self.add("plan", **values, identified_on=self.ago(days), **more)

    def moved(self, step: str, due: str) -> None:
        child = record.child_of_entry(self.manager, step)
        assert child is not None
        there = record.entries(self.manager, child.id)
        (one,) = [entry for entry in there if entry.public_id == step]
        seen = {"due_on": one.values["due_on"].statement.id}
        correcting.correct(self.manager, step, {"due_on": due}, seen, LATER, self.at)


def _tracked(child: _Child) -> None:
    child.planned(approved_on=child.ago(MET))
    child.met()
    child.add("plan-tracked", tracked_on=child.ago(TRACKED), words=WORDS)


def _never_tracked(child: _Child) -> None:
    child.planned()
    child.met()


def _changed(child: _Child) -> None:
    child.planned()
    child.met()
    child.planned(12, primary="long-term-fostering")


def _slipped(child: _Child) -> str:
    plan = child.planned()
    child.met()
    steps = {"primary": "Assess the aunt", "contingency": "Begin family finding"}
    for track, what in steps.items():
        late = {"late_why": "awaiting-court", "meanwhile": "The aunt is visited each week"}
        more = late if track == "primary" else {}
        child.add("plan-step", plan, what=what, due_on=child.ago(40), plan=track, **more)
    return plan


def _moved(child: _Child) -> None:
    plan = child.planned()
    child.met()
    step = child.add("plan-step", plan, what="Assess the aunt", due_on=child.ago(20))
    child.moved(step, child.ago(5))
    child.moved(step, child.ago(-20))


def _answered(child: _Child) -> None:
    _slipped(child)
    steps = ("Assess the aunt", "Begin family finding")
    for code in ("step-slipped", "section-20-drift"):
        for step in steps:
            about = {"suggestion": code, "of": step}
            child.add("no-further-ppm", **about, why=WHY_NOT, decided_on=child.ago(2))


def _side_by_side(child: _Child) -> None:
    child.planned(primary="adoption")
    child.met()
    prospect = {"prospect": "no", "why": "Neither parent has come to the sessions."}
    child.add("reunification-prospect", answered_on=child.ago(30), **prospect)
    child.add("care-plan-aim", review_on=child.ago(35), aim="long-term-fostering")


STATES: tuple[Callable[[_Child], object], ...] = (
    _tracked, _never_tracked, _changed, _slipped, _moved, _answered, _side_by_side,
)  # fmt: skip


def write(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    children: Sequence[MadeUpChild],
    today: date,
    clock: Callable[[], datetime],
) -> int:
    """A child in each state, typed by the manager of their team; gives how many.

    None where the authority follows no procedure that has plans watched.
    """
    if not any(one.watches for one in editions.followed(scope, registry, today)):
        return 0
    chosen = zip(STATES, in_care(children, today), strict=False)
    known = returns.known_children(scope)
    written = 0
    for state, child in chosen:
        manager = accounts.scope_of(scope, people[child.team_manager], today)
        state(_Child(known[child.local_id].public_id, manager, today, clock()))
        written += 1
    return written


def in_care(children: Sequence[MadeUpChild], today: date) -> Iterator[MadeUpChild]:
    """Those in care for some months who have no plan recorded yet."""
    for child in children:
        last = max(child.episodes, key=lambda one: one.decom, default=None)
        starts = (one.decom for one in child.episodes if one.rne == "S")
        begun = max(starts, default=today)
        open_since = last is not None and last.dec is None
        if open_since and child.plan is None and (today - begun).days > MET + 10:
            yield child
