"""A child's life in care as facts for the timeline, of what the asker sees and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from core.domain.courses import birthday
from core.domain.dates import day
from core.domain.forums import Said, answer_words, answers_of, values_of
from core.domain.phrases import inside
from core.domain.record import KINDS
from core.domain.record.kind import FactField
from core.domain.record.recorded import Recorded
from core.domain.ssda903_codes import meaning, words
from core.domain.timeline import CLOCKS, GROWN, Fact, Form, Lane, Life, life
from core.registry import Registry
from core.store import care_shown, record, timeline
from core.store.care_shown import CareRecord
from core.store.children import ChildRow
from core.store.deadlines import DeadlineFact
from core.store.scope import Scope
from core.store.timeline import HandOff, MeetingFact
from core.usecases import plan_standing

#: Days of a plan, by field: the shape, and what is said of the day.
PLAN = {
    "identified_on": (Form.HOLLOW_TRIANGLE, "Plan identified"),
    "agreed_on": (Form.TRIANGLE, "Plan agreed"),
    "achieved_on": (Form.STAR, "Plan achieved"),
    "ended_on": (Form.CROSS, "No longer the plan"),
}
#: By kind of entry: fields that are decisions or steps of a court, and the field that says more.
DECISIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "proceedings": (("issued_on", "final_hearing_on", "ended_on"), "application"),
    "gateway": (("held_on",), "determination"),
    "match": (("matched_on", "ended_on"), "for"),
    "adoption": (
        ("placement_order_on", "family_finding_on", "matched_on", "placed_on", "application_on",
         "order_on"),
        "",
    ),
    "decision-elsewhere": (("decided_on",), "body"),
}  # fmt: skip
NOT_AGREED = "Plan recorded as agreed, without the approval that it needs"
MOST_WORDS = 160
MOST_COMPARED = 100
NO_END = "; shown to the 18th birthday: no end is recorded"


def of_child(
    scope: Scope,
    registry: Registry,
    child: ChildRow,
    on: date,
    *,
    plan: bool,
    cases: bool,
) -> Life:
    """The timeline of a child whom the asker sees, as at a day: a bounded number of queries.

    ``plan`` and ``cases`` say whether the asker's role sees those at all; of whom, the store says.
    """
    care = care_shown.care(scope, child.id)
    found = [
        *_expected(child),
        *_care(care, child),
        *_clocks(timeline.clocks(scope, registry, child.id, on), on, _over(care, child)),
    ]
    if plan and record.child(scope, child.public_id) is not None:
        entries = record.entries(scope, child.id)
        found += _recorded(
            entries, on, plan_standing.agreed_days(scope, registry, child.id, entries)
        )
    if cases:
        found += _meetings(timeline.meetings(scope, child.id), registry, on)
        found += _hand_offs(timeline.hand_offs(scope, child.id), on, list(found))
    return life(found, None if child.birth_expected else child.born, on)


def _expected(child: ChildRow) -> Iterator[Fact]:
    if child.birth_expected and child.born is not None:
        yield Fact(Lane.AGE, child.born, Form.HOLLOW, "Birth expected", "expected")


def _of_age(child: ChildRow) -> date | None:
    """The 18th birthday: nobody is looked after from then on (core.domain.courses)."""
    known = child.born is not None and not child.birth_expected
    return birthday(child.born, GROWN) if child.born is not None and known else None


def _over(care: CareRecord, child: ChildRow) -> date | None:
    """From when nothing of the child’s care runs: it ended, or the 18th birthday; else None."""
    ends = [period.end for period in care.periods]
    last = None if None in ends else max(filter(None, ends), default=None)
    return min(filter(None, (last, _of_age(child))), default=None)


def _care(care: CareRecord, child: ChildRow) -> Iterator[Fact]:
    """What is recorded of care; what has no end goes on to the 18th birthday, and no further."""
    of_age = _of_age(child)
    for fact in _recorded_care(care, child):
        open_then = fact.lasts and fact.until is None and of_age is not None and fact.on < of_age
        yield replace(fact, until=of_age, ending=NO_END) if open_then else fact


def _recorded_care(care: CareRecord, child: ChildRow) -> Iterator[Fact]:
    for period in care.periods:
        form = Form.HATCHED if period.short_breaks else Form.BAR
        said = "Short breaks" if period.short_breaks else "In care"
        why = f"; it ended: {meaning('REC', period.end_reason)}" if period.end_reason else ""
        bar = _run(Lane.CARE, form, said, said, period.start, period.end, period.start_known)
        yield replace(bar, ending=why)
    for run in care.legal_statuses:
        said = words("LS", run.code)
        yield _run(Lane.STATUS, Form.BAR, said, run.code, run.start, run.end, run.start_known)
    for stay in care.placements:
        form = Form.HATCHED if stay.temporary else Form.BAR
        said = words("PLACE", stay.code)
        yield _run(Lane.PLACEMENT, form, said, stay.code, stay.start, stay.end, stay.start_known)
    held = {row.day: "" for row in care.reviews if row.day is not None}
    if child.latest_review is not None:
        held.setdefault(child.latest_review, " (as a list of children in care says)")
    for on, source in held.items():
        yield Fact(Lane.REVIEW, on, Form.FULL, f"Review held{source}")
    for row in care.adoption_decisions:
        said = "Agency decision that the child should be placed for adoption"
        if row.day is not None:
            yield Fact(Lane.DECISION, row.day, Form.DIAMOND, said)
        if ended := _day(row.values.get("ceased_on", "")):
            said = "Decision that the child should no longer be placed for adoption"
            yield Fact(Lane.DECISION, ended, Form.DIAMOND, said)


def _run(
    lane: Lane, form: Form, said: str, short: str, start: date, end: date | None, known: bool
) -> Fact:
    return Fact(lane, start, form, said, short, lasts=True, until=end, known=known)


def _clocks(facts: Iterable[DeadlineFact], on: date, over: date | None) -> Iterator[Fact]:
    """Each date that is due, once for all the procedures that say the same of it.

    Not those of care that would have come after it was ``over``, also where they were met before.
    """
    found: dict[tuple[str, date, Form, str], tuple[str, ...]] = {}
    for fact in facts:
        form = CLOCKS.get(fact.state(on))
        if form is None or fact.due is None:
            continue
        if over is not None and over <= on and fact.case_id is None and fact.due > over:
            continue
        met = fact.met_on if fact.met_on is not None and fact.met_on <= on else None
        why = fact.what.reason + (f"; met on {day(met)}" if met else "")
        key = (fact.title, fact.due, form, why)
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *fact.clauses)))
    for (title, due, form, why), clauses in found.items():
        yield Fact(Lane.CLOCK, due, form, f"{title} due", why=why, clauses=clauses)


def _recorded(
    entries: Iterable[Recorded], on: date, agreed: Mapping[int, date | None]
) -> Iterator[Fact]:
    """What is recorded; ``agreed`` is from when plans count as agreed, where that is another day
    than is recorded: None where the approval is missing."""
    for entry in entries:
        if not entry.stands:
            continue
        if entry.kind == "plan":
            yield from _plan(entry, agreed)
        elif entry.kind == "earlier-meeting" and (held := entry.day("held_on")):
            said = f"{_choice(entry, 'meeting')}, outside this system"
            yield Fact(Lane.MEETING, held, Form.SQUARE, said)
        elif entry.kind in DECISIONS:
            yield from _decided(entry, on)


def _plan(entry: Recorded, agreed: Mapping[int, date | None]) -> Iterator[Fact]:
    primary = _choice(entry, "primary")
    for field, (form, said) in PLAN.items():
        on = entry.day(field)
        if field == "agreed_on" and entry.id in agreed:
            counts = agreed[entry.id]
            form, said = (form, said) if counts else (Form.HOLLOW_TRIANGLE, NOT_AGREED)
            on = counts or on
        if on:
            named = f"{said}: {inside(primary)}" if primary else said
            yield Fact(Lane.PLAN, on, form, named, primary)


def _decided(entry: Recorded, on: date) -> Iterator[Fact]:
    fields, more = DECISIONS[entry.kind]
    kind = KINDS[entry.kind]
    for code in fields:
        at = entry.day(code)
        if at is None:
            continue
        field = kind.by_code[code]
        said = _said(entry, field, more)
        form = Form.HOLLOW_DIAMOND if field.future and at > on else Form.DIAMOND
        yield Fact(Lane.DECISION, at, form, said)


def _said(entry: Recorded, field: FactField, more: str) -> str:
    """What a day of an entry is, in words, with what the entry says more of it."""
    kind = KINDS[entry.kind]
    # Labels of days end as a form says them, "Issued on": the list has the day in a column.
    label = field.label.removesuffix(" on")
    told = _choice(
        entry, "order" if (entry.kind, field.code) == ("proceedings", "ended_on") else more
    )
    if entry.kind == "decision-elsewhere":
        decided = " ".join(entry.value("decision").split())
        return f"{told}: {decided}"[:MOST_WORDS]
    named = "" if entry.kind == "adoption" else f"{kind.title}: "
    label = label if not named else inside(label)
    return f"{named}{label}" + (f" ({inside(told)})" if told else "")


def _choice(entry: Recorded, code: str) -> str:
    """The words of a choice of an entry, "" where nothing is recorded."""
    field = KINDS[entry.kind].field(code)
    value = entry.value(code)
    return field.choices.get(value, value) if field is not None else ""


def _meetings(found: Iterable[MeetingFact], registry: Registry, on: date) -> Iterator[Fact]:
    for meeting in found:
        kept = (meeting.procedure_code, meeting.procedure_edition, meeting.body_code)
        said = registry.body_title(*kept)
        if not meeting.heard:
            late = "" if meeting.held_on >= on else ", and not heard yet"
            yield Fact(Lane.MEETING, meeting.held_on, Form.HOLLOW_SQUARE, f"{said}: booked{late}")
            continue
        yield Fact(Lane.MEETING, meeting.held_on, Form.SQUARE, f"{said} held")
        if meeting.decided_on is not None:
            outcomes = "; ".join(one.words for one in meeting.outcomes) or "A decision"
            clauses = tuple(dict.fromkeys(c for one in meeting.outcomes for c in one.clauses))
            yield Fact(
                Lane.DECISION,
                meeting.decided_on,
                Form.DIAMOND,
                f"{said}: {outcomes}",
                clauses=clauses,
            )


def _hand_offs(found: Iterable[HandOff], on: date, shown: Iterable[Fact]) -> Iterator[Fact]:
    """With whom it is or was, and the answer where no decision of the record says it already."""
    for one in found:
        answered = one.answered_on if one.answered_on and one.answered_on <= on else None
        form = Form.BAR if answered else Form.HATCHED
        answer = " ".join(answer_words(one.forum, one.answer_code, one.answer).split())
        answer = "" if _is_said(one, shown) else f": {answer[:MOST_WORDS]}"
        said = f"With the {one.forum_words}" + (f"; answered{answer}" if answered else ", open")
        yield Fact(
            Lane.HAND_OFF, one.made_on, form, said, one.forum_words, lasts=True, until=answered
        )


def _is_said(one: HandOff, shown: Iterable[Fact]) -> bool:
    """Whether the decision that an answer put into the record is shown, with the same words."""
    answer = answers_of(one.forum).answer(one.answer_code)
    if answer is None or one.answered_on is None:
        return False
    said = Said(one.answered_on, answer, one.answer)
    decided = values_of(one.forum, one.forum_words, "", said)[1].get("decision", "")
    words = f": {' '.join(decided.split())}"[:MOST_COMPARED]
    return bool(decided) and any(
        fact.lane is Lane.DECISION and fact.on == one.answered_on and words in fact.words
        for fact in shown
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
