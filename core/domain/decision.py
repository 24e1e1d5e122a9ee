"""A decision being written: what was chosen, what each outcome makes, and what it still lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.action import LONGEST_GIVEN
from core.domain.clauses import SET_HERE
from core.domain.dates import Calendar, day
from core.domain.finding import Finding, Strength
from core.domain.procedure import Procedure
from core.domain.procedure.forms import LONG_TEXT_MOST, ROWS_MOST, TEXT_MOST, Place, too_long
from core.domain.procedure.outcomes import Force, Ground, Outcome

DISCUSSION, AGREED = Place("discussion"), Place("agreed")
RATIONALE, RETURN_BY = Place("rationale"), Place("return-by")
OUTCOME, ACTION = "outcome-", "action-"
OUTCOME_FIELDS = ("chosen", "force", "owner", "due", "done-means", "person", "person-name")
ACTION_FIELDS = ("what", "owner", "due", "done-means")
DATES = frozenset({"return-by", "due"})
PRIVATE = frozenset({"person-name"})
YES = "yes"
NOT_SAID = "What done looks like is not said"
WRITTEN_AT_LENGTH = frozenset({"discussion", "agreed", "rationale", "what", "done-means"})


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day as it was typed: ``on`` is None where nothing, or no real day, was typed."""

    typed: str
    on: date | None

    @classmethod
    def read(cls, typed: str) -> TypedDay:
        typed = typed.strip()
        try:
            return cls(typed, date.fromisoformat(typed))
        except ValueError:
            return cls(typed, None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An outcome that was chosen. ``owner`` and ``person`` are public ids, "" where none is.

    Its ``force`` is answered as "recommendation", or "decision" and the code of the ground.
    """

    outcome: Outcome
    force: Force
    ground: Ground | None
    owner: str
    due: TypedDay
    person: str
    person_name: str
    done_means: str = ""

    def at(self, field: str) -> str:
        """The name that one of its fields has on the page."""
        return str(Place(field, OUTCOME + self.outcome.code))


@dataclass(frozen=True, slots=True)
class Further:
    """An action that follows from no outcome of the procedure."""

    row: str
    what: str
    owner: str
    due: TypedDay
    done_means: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision as typed so far. ``agreed`` are the further points, one a line."""

    discussion: str
    chosen: tuple[Chosen, ...]
    agreed: tuple[str, ...]
    further: tuple[Further, ...]
    rationale: str
    return_by: TypedDay

    @property
    def owners(self) -> frozenset[str]:
        """Everybody named as an owner, by public id."""
        given = [c.owner for c in self.chosen if c.outcome.makes_action]
        return frozenset(filter(None, given + [action.owner for action in self.further]))


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """A meeting to which a case can go: its id and its day."""

    id: int
    held_on: date


def known(procedure: Procedure, place: Place) -> bool:
    """Whether a decision page of this procedure has such a field."""
    if not place.row:
        return place in (DISCUSSION, AGREED, RATIONALE, RETURN_BY)
    if place.row.startswith(OUTCOME):
        code = place.row.removeprefix(OUTCOME)
        return place.field in OUTCOME_FIELDS and procedure.outcome(code) is not None
    return place.row.startswith(ACTION) and len(place.row) <= 64 and place.field in ACTION_FIELDS


def unfit(place: Place, value: str) -> str | None:
    """Why an answer cannot be kept even in a draft, or None: it is too long."""
    return too_long(value, LONG_TEXT_MOST if place.field in WRITTEN_AT_LENGTH else TEXT_MOST)


def action_rows(answers: Mapping[Place, str]) -> list[str]:
    """The rows of further actions in which something is answered, in the order of their ids."""
    return sorted(
        {
            place.row
            for place, value in answers.items()
            if place.row.startswith(ACTION) and place.field in ACTION_FIELDS and value
        }
    )


def beyond(stored: Mapping[Place, str], typed: Mapping[Place, str]) -> frozenset[str]:
    """The further actions, of those that a post would add, for which a decision has no room."""
    there = set(action_rows(stored))
    left = there & set(action_rows({**stored, **typed}))
    added = [row for row in action_rows(typed) if row not in there]
    return frozenset(added[max(0, ROWS_MOST - len(left)) :])


def read(procedure: Procedure, answers: Mapping[Place, str]) -> Draft:
    """The draft in the answers of a decision page; the procedure's order of outcomes is kept."""

    def said(field: str, row: str = "") -> str:
        return answers.get(Place(field, row), "").strip()

    chosen = tuple(
        _chosen(procedure, outcome, answers)
        for outcome in procedure.outcomes
        if said("chosen", OUTCOME + outcome.code) == YES
    )
    rows = sorted({place.row for place in answers if place.row.startswith(ACTION)})
    further = tuple(
        Further(
            row,
            said("what", row),
            said("owner", row),
            TypedDay.read(said("due", row)),
            said("done-means", row),
        )
        for row in rows
        if any(said(field, row) for field in ACTION_FIELDS)
    )
    agreed = tuple(line.strip() for line in said("agreed").splitlines() if line.strip())
    return Draft(
        discussion=said("discussion"),
        chosen=chosen,
        agreed=agreed,
        further=further,
        rationale=said("rationale"),
        return_by=TypedDay.read(said("return-by")),
    )


def _chosen(procedure: Procedure, outcome: Outcome, answers: Mapping[Place, str]) -> Chosen:
    row = OUTCOME + outcome.code

    def said(field: str) -> str:
        return answers.get(Place(field, row), "").strip()

    rule = procedure.decisions
    force, _, ground = said("force").partition(" ")
    decides = rule is None or force == Force.DECISION
    grounds = rule.grounds if rule is not None and decides else ()
    return Chosen(
        outcome=outcome,
        force=Force.DECISION if decides else Force.RECOMMENDATION,
        ground=next((g for g in grounds if g.code == ground), None),
        owner=said("owner"),
        due=TypedDay.read(said("due")),
        person=said("person"),
        person_name=said("person-name"),
        done_means=done_means(outcome, said("done-means")),
    )


def done_means(outcome: Outcome, typed: str) -> str:
    """What done looks like of an outcome's action: the procedure's words, else those typed."""
    makes = outcome.makes_action
    return makes.done_means if makes is not None and makes.done_means else typed


def due_of(
    outcome: Outcome, held_on: date, body_words: str, calendar: Calendar
) -> tuple[date, str] | None:
    """The day by which an outcome's action is due and why; None where it has to be asked for."""
    makes = outcome.makes_action
    if makes is None or makes.within is None:
        return None
    due = calendar.after(held_on, makes.within)
    return due, (
        f"by {day(due)}: {makes.within} after {body_words} on {day(held_on)} "
        f"({', '.join(outcome.clauses)})"
    )


def returns_to(by: date, held_on: date, planned: Sequence[MeetingDay]) -> MeetingDay | None:
    """The last of the planned meetings on or before a day and after this one."""
    fitting = [meeting for meeting in planned if held_on < meeting.held_on <= by]
    return max(fitting, key=lambda meeting: meeting.held_on, default=None)


def lacking(
    draft: Draft, procedure: Procedure, owners: Collection[str], persons: Collection[str]
) -> Iterator[Finding]:
    """What keeps a draft from being recorded, each at its field.

    ``owners`` are the public ids of those to whom an action can be given, ``persons`` those of
    the people known around the children.
    """
    if procedure.outcomes and not draft.chosen:
        yield Finding("Choose at least one outcome", field="outcomes")
    if not procedure.outcomes and not draft.further:
        yield Finding("Enter at least one action", field="further")
    for chosen in draft.chosen:
        yield from _outcome_lacks(chosen, procedure, owners, persons)
    for action in draft.further:
        if not action.what:
            yield Finding("Say what is to be done", field=f"{action.row}.what")
        yield from _owned(action.what, action.owner, action.row, owners)
        yield from _dated(action.what, action.due, action.row)
    if not draft.rationale:
        yield Finding("Enter the rationale", field="rationale")
    yield from _return_lacks(draft, procedure)


def kept_out(draft: Draft, names: Mapping[str, str]) -> Iterator[Finding]:
    """An action for somebody who may not see the child, each at its field.

    ``names`` are those who are not named for a closed record, by public id.
    """
    given = [(OUTCOME + c.outcome.code, c.owner) for c in draft.chosen if c.outcome.makes_action]
    given += [(action.row, action.owner) for action in draft.further]
    for row, owner in given:
        if owner in names:
            yield Finding(not_named(names[owner]), field=f"{row}.owner")


def out_of_reach(draft: Draft, held_on: date, calendar: Calendar) -> Iterator[Finding]:
    """A typed day of an action that lies before the meeting or too long after it, at its field.

    It is at most ``LONGEST_GIVEN`` after the meeting: a slip of the year would keep everybody from
    hearing that the action is late. What the procedure computes is no typed day.
    """
    last = calendar.after(held_on, LONGEST_GIVEN)
    for what, due, row in _typed_days(draft):
        said = ""
        if due < held_on:
            said = f"{day(held_on)} or later: that is the day of the meeting"
        elif due > last:
            most = f"{LONGEST_GIVEN} ({SET_HERE}) from the meeting at most"
            said = f"{day(last)} or earlier: {most}"
        if said:
            yield Finding(f"The date{_for(what)} must be {said}", field=f"{row}.due")


def _typed_days(draft: Draft) -> Iterator[tuple[str, date, str]]:
    """What each action is, the real day that was typed for it, and its row on the page."""
    for chosen in draft.chosen:
        makes = chosen.outcome.makes_action
        if makes is not None and makes.within is None and chosen.due.on is not None:
            yield makes.what, chosen.due.on, OUTCOME + chosen.outcome.code
    for action in draft.further:
        if action.due.on is not None:
            yield action.what, action.due.on, action.row


def not_named(name: str) -> str:
    """Why somebody cannot have an action of a closed record."""
    return f"{name} is not named for the child’s closed record: choose somebody who is"


def left_open(draft: Draft) -> Iterator[Finding]:
    """What a decision may leave open and its minutes may not: what done looks like."""
    made = [
        (chosen.outcome.makes_action.what, chosen.done_means, OUTCOME + chosen.outcome.code)
        for chosen in draft.chosen
        if chosen.outcome.makes_action is not None
    ]
    made += [(one.what, one.done_means, one.row) for one in draft.further]
    for what, means, row in made:
        if not means:
            message = f"{NOT_SAID}{_for(what)}: the minutes cannot be ratified until it is"
            yield Finding(message, strength=Strength.WARNS, field=f"{row}.done-means")


def _outcome_lacks(
    chosen: Chosen, procedure: Procedure, owners: Collection[str], persons: Collection[str]
) -> Iterator[Finding]:
    outcome, rule = chosen.outcome, procedure.decisions
    if rule is not None and chosen.force is Force.DECISION and chosen.ground is None:
        yield Finding(
            f"Choose the ground on which “{outcome.title}” is a decision",
            rule.code,
            rule.clauses,
            field=chosen.at("force"),
        )
    makes = outcome.makes_action
    if makes is not None:
        row = OUTCOME + outcome.code
        yield from _owned(makes.what, chosen.owner, row, owners)
        if makes.within is None:
            yield from _dated(makes.what, chosen.due, row)
    refers = outcome.refers_person
    if refers is None or chosen.person in persons:
        return
    if not chosen.person_name:
        yield Finding(
            f"Enter the name of the child’s {refers.relation}",
            outcome.code,
            outcome.clauses,
            field=chosen.at("person-name"),
        )
    if long := too_long(chosen.person_name, TEXT_MOST):
        yield Finding(long, field=chosen.at("person-name"))


def _owned(what: str, owner: str, row: str, owners: Collection[str]) -> Iterator[Finding]:
    if owner not in owners:
        yield Finding(f"Choose an owner{_for(what)}", field=f"{row}.owner")


def _dated(what: str, due: TypedDay, row: str) -> Iterator[Finding]:
    if due.on is None:
        fault = "Enter a real date" if due.typed else "Enter a date"
        yield Finding(f"{fault}{_for(what)}", field=f"{row}.due")


def _for(what: str) -> str:
    return f" for “{what}”" if what else ""


def _return_lacks(draft: Draft, procedure: Procedure) -> Iterator[Finding]:
    by = draft.return_by
    if by.typed and by.on is None:
        yield Finding("The return date must be a real date", field="return-by")
    needing = next((c.outcome for c in draft.chosen if c.outcome.needs_return), None)
    if needing is not None and not by.typed:
        yield Finding(
            f"Enter the date by which the case returns: “{needing.title}” needs one",
            needing.code,
            needing.clauses,
            field="return-by",
        )
    if by.on is not None and procedure.returns is None:
        yield Finding("This procedure sets no return date", field="return-by")
