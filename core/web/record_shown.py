"""The record of a child as its pages show it: entries by kind, each value with where it is from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.record import KINDS, FactField, FactType, Kind
from core.domain.record.plan import STATES
from core.domain.record.recorded import (
    Recorded,
    before_a_plan,
    plan_in_use,
    plan_otherwise,
    plan_state,
    plans,
)
from core.domain.record.statements import Statement
from core.usecases.plan_standing import HowFar
from core.web import record_words
from core.web.record_words import STATE_COLOURS, Source, source

SHOWN_FIRST = 5
A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What another source says of a field than the value in use; ``file`` where a file says it."""

    text: str
    source: Source
    file: bool


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of an entry; ``text`` is "" where nothing is recorded.

    ``can_use_file`` says that a typed value can be taken back for what a file says. ``care`` is
    what the rows of care say, where that is to be shown beside it; ``care_address`` is their page,
    for a field that is typed there. ``paper`` is the public id of the paper that it is.
    """

    code: str
    label: str
    text: str = ""
    long: bool = False
    source: Source | None = None
    otherwise: tuple[Otherwise, ...] = ()
    can_use_file: bool = False
    care: str = ""
    care_differs: bool = False
    care_address: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry; ``fields`` are those recorded, and the main ones that are not.

    ``source`` is that of all its values where they have the same, else None. ``words`` say of a
    plan which approvals are missing before it is agreed.
    """

    public_id: str
    kind: str
    title: str
    fields: tuple[FieldShown, ...]
    source: Source | None = None
    stands: bool = True
    state: str = ""
    ended: bool = False
    colour: str = "grey"
    out_by: str = ""
    out_at: datetime | None = None
    out_why: str = ""
    words: tuple[str, ...] = ()

    @property
    def can_correct(self) -> bool:
        """Whether people type it, and it has not been taken out."""
        return self.stands and (self.kind not in KINDS or KINDS[self.kind].typed)

    def text(self, code: str) -> str:
        return next((field.text for field in self.fields if field.code == code), "")

    def of(self, code: str) -> FieldShown | None:
        return next((field for field in self.fields if field.code == code), None)


@dataclass(frozen=True, slots=True)
class KindShown:
    """The entries of a kind on one page; ``total`` is how many stand in all."""

    code: str
    title: str
    one: str
    words: str
    entries: tuple[EntryShown, ...]
    total: int
    can_add: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one of the plans: of the primary, of the contingency, or it is not said of
    which; ``late`` are the public ids of those that are not done by their day."""

    code: str
    title: str
    steps: tuple[EntryShown, ...]
    late: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The plan in use with its parts, what a list says otherwise, and the plans before it."""

    entry: EntryShown | None
    options: tuple[EntryShown, ...] = ()
    steps: tuple[Steps, ...] = ()
    otherwise: EntryShown | None = None
    otherwise_source: Source | None = None
    earlier: tuple[EntryShown, ...] = ()
    more_earlier: int = 0
    before: tuple[EntryShown, ...] = ()

    @property
    def others_title(self) -> str:
        """What the plans that are not in use are called: a file's need not have ended."""
        if self.entry is None:
            return "Plans that ended"
        ended = all(plan.ended for plan in self.earlier)
        return "Plans before it" if ended else "Other plans"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a field's history."""

    text: str
    source: Source
    until: datetime | None
    why: str
    now: bool


@dataclass(frozen=True, slots=True)
class FieldHistory:
    label: str
    said: tuple[Said, ...]


def plan(entries: Iterable[Recorded], on: date, how: HowFar | None = None) -> PlanShown:
    """The plan of a child's record, for the top of its page; ``how`` far the one in use is."""
    listed = list(entries)
    used, other = plan_in_use(listed), plan_otherwise(listed)
    before = [one for one in plans(listed) if one is not used and one is not other]
    return PlanShown(
        as_it_counts(entry(used), how) if used else None,
        tuple(parts(listed, used, "plan-option")) if used else (),
        tuple(_steps(listed, used, on)) if used else (),
        entry(other) if other else None,
        source(other.values["primary"].statement) if other else None,
        tuple(entry(one) for one in before[:SHOWN_FIRST]),
        max(0, len(before) - SHOWN_FIRST),
        tuple(entry(one) for one in latest_first(KINDS["plan-option"], before_a_plan(listed))),
    )


STEPS = {
    "primary": "Steps of the primary plan",
    "contingency": "Steps of the contingency plan",
    "": "Steps of which it is not said of which plan",
}


def _steps(entries: Iterable[Recorded], whole: Recorded, on: date) -> Iterable[Steps]:
    """Both plans have their list, also an empty one; the third only where there is something."""
    listed = [one for one in entries if one.kind == "plan-step"]
    for code, title in STEPS.items():
        of_track = [one for one in listed if one.value("plan") == code]
        shown = tuple(parts(of_track, whole, "plan-step"))
        late = frozenset(
            one.public_id
            for one in of_track
            if (due := one.day("due_on")) is not None and due < on and one.day("done_on") is None
        )
        if shown or code:
            yield Steps(code, title, shown, late)


def parts(entries: Iterable[Recorded], whole: Recorded, kind: str) -> list[EntryShown]:
    """The parts of an entry: options the latest first, steps by the day they are due."""
    listed = [
        one for one in entries if one.kind == kind and one.parent_id == whole.id and one.stands
    ]
    if kind == "plan-step":
        listed.sort(key=lambda one: (one.value("due_on") or "9999", one.id))
    else:
        listed = latest_first(KINDS[kind], listed)
    return [entry(one) for one in listed]


def kinds(entries: Iterable[Recorded], only: str = "", page: int = 1) -> list[KindShown]:
    """Every kind but the plan with the entries that stand, the latest first; or a page of one."""
    listed = list(entries)
    found = []
    for kind in KINDS.values():
        if kind.part_of or (only and kind.code != only) or (not only and kind.code == "plan"):
            continue
        of_kind = latest_first(kind, [e for e in listed if e.kind == kind.code and e.stands])
        first = (page - 1) * A_PAGE if only else 0
        shown = of_kind[first : first + (A_PAGE if only else SHOWN_FIRST)]
        found.append(
            KindShown(
                kind.code,
                kind.title,
                kind.one,
                kind.words,
                tuple(entry(one) for one in shown),
                len(of_kind),
                not (kind.single and of_kind),
            )
        )
    return found


def latest_first(kind: Kind, entries: list[Recorded]) -> list[Recorded]:
    """Entries by the day of their kind, the latest first; those without one come last."""
    return sorted(
        entries,
        key=lambda e: (e.value(kind.order) if kind.order else "", e.id),
        reverse=True,
    )


def entry(one: Recorded) -> EntryShown:
    """One entry as it is shown: its fields in the order of their kind."""
    kind = KINDS[one.kind]
    state = ""
    if kind.code == "plan":
        state = "ended" if one.ended else plan_state(one)
    fields = tuple(
        _field(one, field)
        for field in kind.fields
        if field.code in one.values or _asked(field, state)
    )
    sources = {field.source for field in fields if field.source is not None}
    return EntryShown(
        one.public_id,
        kind.code,
        title(kind, one),
        fields,
        sources.pop() if len(sources) == 1 else None,
        one.stands,
        STATES.get(state, ""),
        state == "ended",
        STATE_COLOURS.get(state, "grey"),
        one.taken_out_by,
        one.taken_out_at,
        one.taken_out_why,
    )


def as_it_counts(shown: EntryShown, how: HowFar | None) -> EntryShown:
    """The plan in use with how far it is, once what is asked of it is looked at."""
    if how is None or not how.words:
        return shown
    state, colour = STATES.get(how.state, ""), STATE_COLOURS.get(how.state, "grey")
    return replace(shown, state=state, colour=colour, words=how.words)


def _asked(field: FactField, state: str) -> bool:
    """Whether a field that is not recorded is shown: when it was achieved, only of what was."""
    return (field.main or field.required) and (field.code != "achieved_on" or state == "achieved")


def title(kind: Kind, one: Recorded) -> str:
    """What names an entry in a list: its day, and the first of its main words."""
    day = kind.field(kind.order) if kind.order else None
    on = record_words.value(day, one.value(day.code)) if day and one.value(day.code) else ""
    unsaid = (FactType.LONG_TEXT, FactType.YES_NO)
    main = [f for f in kind.fields if f.main and f is not day and f.type not in unsaid]
    said = next((record_words.value(f, one.value(f.code)) for f in main if one.value(f.code)), "")
    if kind.code == "plan":
        on = ""
    if kind.single:
        return kind.title
    return ": ".join(part for part in (on, said) if part) or kind.one.capitalize()


def _field(one: Recorded, field: FactField) -> FieldShown:
    used = one.values.get(field.code)
    if used is None:
        return FieldShown(field.code, field.label)
    others = one.disagreements.get(field.code, ())
    return FieldShown(
        field.code,
        field.label,
        record_words.value(field, used.value),
        field.type is FactType.LONG_TEXT,
        source(used.statement),
        tuple(otherwise(one, said) for said in others),
        used.file_says in others,
        paper=used.value if field.paper else "",
    )


def otherwise(one: Recorded, said: Statement) -> Otherwise:
    """What a source says of a field, in words."""
    field = KINDS[one.kind].field(said.field)
    text = record_words.value(field, said.value) if field is not None else said.value
    return Otherwise(text, source(said), not said.typed)


def history(one: Recorded) -> list[FieldHistory]:
    """Everything ever said of an entry, by field, the latest first."""
    by_field: dict[str, list[Statement]] = {}
    for said in one.statements:
        by_field.setdefault(said.field, []).append(said)
    found = []
    for field in KINDS[one.kind].fields:
        statements = by_field.get(field.code, [])
        if not statements:
            continue
        used = one.values.get(field.code)
        found.append(
            FieldHistory(
                field.label,
                tuple(
                    Said(
                        record_words.value(field, said.value),
                        source(said),
                        said.replaced_at if said.value else None,
                        said.why,
                        one.stands and used is not None and said is used.statement,
                    )
                    for said in sorted(statements, key=lambda s: s.id, reverse=True)
                ),
            )
        )
    return found
