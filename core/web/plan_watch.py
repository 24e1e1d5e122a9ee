"""How a child's plan is watched, said for their pages and for lists: each with its clauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for

from core.domain.dates import day
from core.domain.phrases import inside
from core.domain.procedure.watches import Watch
from core.domain.record.plan import OPTIONS
from core.domain.securing import OUTCOMES
from core.domain.suggesting import DRIFT, NO_PROGRESS, SLIPPED, Suggestion
from core.domain.tracking import TRIGGERS, Track
from core.store import planning_links, record, tracking
from core.store.planning_links import Latest
from core.store.tracking import by_agreement
from core.web import asker, board_words
from core.web.access import ACCESS
from core.web.rules_here import rules_here

BOOK = "planning.new"
RECORD = "planning.journey"
PROSPECTS = {
    "yes": "There is a prospect of reunification",
    "no": "No prospect of reunification",
    "unclear": "Whether there is a prospect of reunification is not clear yet",
}


@dataclass(frozen=True, slots=True)
class Suggests:
    """A suggested planning meeting: why, by which clauses, where to book it or say why not.

    ``book`` and ``decline`` are "" where that is not the asker's to do; ``set_here`` is said of a
    figure that no procedure lays down.
    """

    why: str
    since: date
    clauses: tuple[str, ...]
    book: str
    decline: str
    set_here: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """One thing that is so of a plan, in a sentence, with its clauses and where it is from."""

    words: str
    clauses: tuple[str, ...] = ()
    address: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a child's page says of the plan between meetings; None and () where nothing is so."""

    planning: Says | None = None
    latest: Latest | None = None
    latest_clauses: tuple[str, ...] = ()
    secured: Says | None = None
    section_20: Says | None = None
    prospect: Says | None = None
    differs: Says | None = None
    suggests: tuple[Suggests, ...] = ()
    track: Track = Track()

    @property
    def anything(self) -> bool:
        said = (self.planning, self.latest, self.secured, self.section_20, self.prospect)
        return any(said) or self.differs is not None or bool(self.suggests)


def watch(code: str) -> Watch | None:
    """The watch of a code that the authority follows today; None where it follows none."""
    procedures = rules_here().followed(asker.scope().on)
    return next((rule for one in procedures if (rule := one.watch(code)) is not None), None)


def clauses(code: str) -> tuple[str, ...]:
    found = watch(code)
    return found.clauses if found is not None else ()


def of_child(child_id: int, public_id: str, *, suggests: bool = True) -> Watched:
    """What is so of a child whom the asker has seen with their plan: seven queries at most.

    Without ``suggests`` what suggests a meeting is not asked for.
    """
    scope = asker.scope()
    track = tracking.of_child(scope, child_id)
    met = track.met_on
    latest = planning_links.latest(scope, child_id, met) if met is not None else None
    return Watched(
        planning(track),
        latest,
        clauses("latest-meeting"),
        secured(track, scope.on),
        section_20(track, scope.on),
        prospect(track, public_id),
        differs(track, _primary(child_id)) if track.differs else None,
        suggested(public_id, tracking.suggested_of(scope, child_id)) if suggests else (),
        track,
    )


def _primary(child_id: int) -> str:
    row = record.summary(asker.scope(), child_id)
    return board_words.plan(row.plan) if row is not None and row.plan else ""


def planning(track: Track) -> Says | None:
    """When planning began, and what began it."""
    rule = watch("planning-starts")
    if rule is None or not track.trigger or track.planning_on is None:
        return None
    trigger = TRIGGERS[track.trigger]
    if not track.planning_known:
        said = f"Planning began {trigger}, on a day that is not known"
        return Says(f"{said}: the earliest day in hand is {day(track.planning_on)}", rule.clauses)
    return Says(f"Planning began on {day(track.planning_on)}, {trigger}", rule.clauses)


def secured(track: Track, on: date) -> Says | None:
    """That permanence is achieved, and by what."""
    if track.secured_on is None or track.secured_on > on:
        return None
    said = f"Permanence achieved on {day(track.secured_on)} by {OUTCOMES[track.secured_by]}"
    return Says(said, clauses("plan-tracking"))


def ended(track: Track, on: date) -> str:
    """Why a plan is tracked no more; "" where it is."""
    if track.secured_on is not None and track.secured_on <= on:
        return f"Ended: {OUTCOMES[track.secured_by]} on {day(track.secured_on)}"
    if track.ceased_on is not None and track.ceased_on <= on:
        return f"Ended: care ended on {day(track.ceased_on)}, by no outcome that secures permanence"
    return ""


def section_20(track: Track, on: date) -> Says | None:
    """That the child is accommodated by agreement, where a procedure has that marked."""
    rule = watch("section-20")
    if rule is None or not by_agreement(track, on) or track.section_20_on is None:
        return None
    return Says(f"Accommodated under section 20 since {day(track.section_20_on)}", rule.clauses)


def prospect(track: Track, public_id: str) -> Says | None:
    """What the chair answered about reunification."""
    rule = watch("side-by-side")
    if rule is None or not track.prospect or track.prospect_on is None:
        return None
    address = url_for("record.page", public_id=public_id, _anchor="reunification-prospect")
    said = f"{PROSPECTS[track.prospect]}: answered on {day(track.prospect_on)}"
    if track.prospect == "no":
        said += ". The plan is tracked, and its objective is to be met by the second review"
    return Says(said, rule.clauses, address, "See the answer")


def differs(track: Track, primary: str) -> Says | None:
    """That the care plan and the permanence plan are not the same; ``primary`` is the latter."""
    rule = watch("side-by-side")
    if rule is None or not track.differs or track.aim_on is None:
        return None
    says = inside(OPTIONS.get(track.aim, track.aim))
    plan = f"the permanence plan {inside(primary)}" if primary else "the permanence plan another"
    said = f"The care plan, agreed at the review of {day(track.aim_on)}, says {says}, {plan}"
    return Says(said, rule.clauses)


def suggested(public_id: str, found: Iterable[Suggestion]) -> tuple[Suggests, ...]:
    return tuple(suggests(public_id, one) for one in found)


def suggests(public_id: str, one: Suggestion) -> Suggests:
    """A suggestion with its clauses, and what the asker can do about it."""
    rule = watch(one.code)
    of_step = one.code == DRIFT and one.of != NO_PROGRESS
    figure = watch(SLIPPED) if of_step else rule
    cited = (*clauses(one.code), *(clauses(SLIPPED) if of_step else ()))
    scope = asker.scope()
    return Suggests(
        f"{one.why[:1].upper()}{one.why[1:]}",
        one.since,
        tuple(dict.fromkeys(cited)),
        book(public_id, one.why),
        url_for("suggestions.form", public_id=public_id, suggestion_key=one.key)
        if ACCESS["suggestions.form"].allows(scope.roles)
        else "",
        figure.reading if figure is not None else "",
    )


def book(public_id: str, why: str) -> str:
    """Where a planning meeting is booked; where there is no such page, where one is entered."""
    roles = asker.scope().roles
    if BOOK in current_app.view_functions and ACCESS[BOOK].allows(roles):
        return url_for(BOOK, public_id=public_id, why=why)
    if ACCESS["record.add"].allows(roles):
        return url_for("record.new", public_id=public_id, kind="earlier-meeting", meeting="ppm")
    return ""


def latest_address(public_id: str, found: Latest) -> str:
    """The page of the latest planning meeting, or where the meetings of a child are."""
    roles = asker.scope().roles
    if RECORD in current_app.view_functions and ACCESS[RECORD].allows(roles):
        return url_for(RECORD, public_id=public_id)
    if found.entry:
        return url_for("record.entry", public_id=found.entry)
    return url_for("meetings.page", public_id=found.meeting) if found.meeting else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """The latest planning meeting as it stands beside the next review."""

    on: date
    address: str
    clauses: tuple[str, ...]


def beside_review(public_id: str, watched: Watched) -> Beside | None:
    """What stands beside the next review; None where no meeting is recorded."""
    if watched.latest is None:
        return None
    found = watched.latest
    return Beside(found.on, latest_address(public_id, found), watched.latest_clauses)
