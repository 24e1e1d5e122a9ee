"""What the options page of a planning meeting shows, group by group, and what follows a change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from core.domain import planning_options as form
from core.domain.finding import Strength
from core.domain.offer import (
    CONTINGENCY,
    FAMILY_MEETING,
    REUNIFICATION,
    TWIN_TRACKED,
    Among,
    Group,
)
from core.domain.options import Turning
from core.domain.planned import RULED_OUT, WEIGHED_THEN, Weighed
from core.domain.procedure.forms import Place
from core.domain.procedure.options import NEED_WORDS, Need, Option
from core.domain.record import KINDS
from core.domain.record.plan import OPTIONS
from core.domain.record.recorded import Recorded
from core.store.answers import NEVER
from core.usecases.planning_options import Options
from core.usecases.planning_plan import approved_options
from core.web import asker
from core.web.access import ACCESS
from core.web.form_shown import Choice, FieldView, RowView, Shown
from core.web.planning_in_use import in_use
from core.web.planning_options_last import last_time, not_listed
from core.web.typed import boxes

MOVED = "not among the options now"
NOT_WEIGHED = Choice("", "Not weighed yet")
NOT_YET = {
    form.COLUMN: Choice("", "Not said yet"),
    form.REUNIFICATION: Choice("", "Not said yet"),
    form.PRIMARY: Choice("", "None is chosen yet"),
}
"""The choice that takes an answer back."""


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option on the page: its fields, what it needs in words, and what was said last time."""

    weighed: Weighed
    needs: str
    conclusion: FieldView
    why: FieldView
    rationale: FieldView | None
    last: Recorded | None
    last_words: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    group: Group
    options: tuple[OptionView, ...]
    set_here: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """A connected person: what is recorded in words, and whether they are ruled out by the day."""

    entry: Recorded
    name: str
    relation: str
    how: str
    assessment: str
    ruled_out: bool
    seen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TurningView:
    """What a birthday before the next meeting changes: options that go, that come, and needs."""

    turning: Turning
    age: int
    gone: tuple[str, ...]
    new: tuple[str, ...]
    needs: tuple[str, ...]


def moves_plan(name: str) -> bool:
    """Whether what can be the plan follows from a field."""
    return name.endswith(("conclusion", ".option", ".words")) or name == form.REUNIFICATION


def frees(options: Options, name: str) -> bool:
    """Whether answers that were refused before a field was saved may be saved now."""
    if name in (form.REUNIFICATION, form.REUNIFICATION_WHY):
        return options.draft.reunification_considered
    return name in (form.PRIMARY, form.CONTINGENCIES) or moves_plan(name)


def context(options: Options, shown: Shown, new_row: str) -> dict[str, Any]:
    """Everything on the page that is not of the form's machinery."""
    offer = options.offer
    sections = {section.what.code: section for section in shown.sections(new_row)}
    last = options.last_said()
    rules = offer.rules
    return {
        "groups": [
            GroupView(
                group,
                tuple(_option(options, shown, one, last) for one in _weighed(options, group)),
                not group.clauses,
            )
            for group in offer.groups
        ]
        + list(_not_listed(options, shown, last)),
        "outside": _outside(options, sections[form.OUTSIDE].rows),
        "outside_section": sections[form.OUTSIDE],
        "steps": sections[form.STEPS],
        "may_outside": bool(offer.outside),
        "answer": {
            name: view(options, shown, name)
            for name in (
                form.COLUMN,
                form.REUNIFICATION,
                form.REUNIFICATION_WHY,
                form.NO_FAMILY_MEETING,
                form.PRIMARY,
                form.CONTINGENCIES,
            )
        },
        "people": [_person(options, entry) for entry in offer.connected.people],
        "how_items": _how(),
        "boxes": boxes,
        "turning": _turning(options),
        "lacking": options.lacking(
            approved_options(options.entries, options.draft, options.row.held_on)
        ),
        "blocks": Strength.BLOCKS,
        "rule": {
            "first": rules.get(REUNIFICATION),
            "contingency": rules.get(CONTINGENCY),
            "family": rules.get(FAMILY_MEETING),
            "steps": rules.get(TWIN_TRACKED),
        },
        "adds_family_meeting": ACCESS["record.new"].allows(asker.scope().roles),
        "before": last_time(options),
        "in_use": in_use(options),
        "last_not_listed": list(not_listed(options, last)),
        "adds_among": Among.ADDED,
        "folds_among": Among.ANY,
        "then_among": Among.THEN,
        "oob": False,
        "live": False,
        "showing": showing(options, shown),
    }


def showing(options: Options, shown: Shown) -> dict[str, str]:
    """By part of the page a short mark of what can be answered there: another where that changed.

    What was answered is not in it, as each field bears its own version.
    """
    offer = options.offer
    connected = offer.connected
    people = [
        (entry.public_id, sorted((code, one.statement.id) for code, one in entry.values.items()))
        for entry in (*connected.people, *filter(None, [connected.nobody]))
    ]
    listed = [
        (group.title, [(one.code, one.title, one.needs) for one in group.options])
        for group in offer.groups
    ]
    rest = [
        [column.code for column in offer.columns],
        [held.public_id for held in options.family_meetings],
        [fault.message for fault in offer.faults],
        sorted(offer.outside),
    ]
    choices = [view(options, shown, name).choices for name in (form.PRIMARY, form.CONTINGENCIES)]
    plan = (choices, in_use(options))
    return {"connected": _mark(people), "options": _mark((listed, rest)), "plan": _mark(plan)}


def _mark(of: object) -> str:
    return sha256(repr(of).encode()).hexdigest()[:16]


def _weighed(options: Options, group: Group) -> Iterable[Weighed]:
    codes = {option.code for option in group.options}
    return (one for one in options.draft.weighed if one.among is group.among and one.code in codes)


def _not_listed(
    options: Options, shown: Shown, last: Mapping[str, Recorded]
) -> Iterable[GroupView]:
    """The options that were weighed here and are not listed now, under a heading that says so.

    So is one of which two people wrote at once, whatever is left of it: a choice is to be made.
    """
    then = [one for one in options.draft.weighed if one.among is Among.THEN]
    there = {one.code for one in options.draft.weighed}
    for code in (code for code in OPTIONS if code not in there):
        if any(form.option_field(code, what) in shown.clashes for what in form.OF_OPTION):
            then.append(Weighed(code, OPTIONS[code], Among.THEN, ()))
    if then:
        listed = tuple(Option(code=one.code, title=one.title) for one in then)
        views = tuple(_option(options, shown, one, last) for one in then)
        yield GroupView(Group(Among.THEN, WEIGHED_THEN, (), listed), views, True)


def written_then(options: Options, before: Options, names: Iterable[str]) -> str:
    """What tells that something was just written of options that are not listed any more."""
    fields = {
        one.field(what): one.title
        for one in options.draft.weighed
        if one.among is Among.THEN
        for what in form.OF_OPTION
    }
    places = ((name, Place.named(name)) for name in names if name in fields)
    titles = {
        fields[name]: None
        for name, place in places
        if options.stored.get(place, NEVER).value != before.stored.get(place, NEVER).value
    }
    if not titles:
        return ""
    return f"{', '.join(titles)}: not listed now. It stands under “{WEIGHED_THEN}”"


def _option(
    options: Options, shown: Shown, one: Weighed, last: Mapping[str, Recorded]
) -> OptionView:
    before = last.get(one.code)
    words = form.CONCLUSIONS.get(before.value("conclusion"), "") if before is not None else ""
    return OptionView(
        one,
        needs_words(one.needs),
        view(options, shown, one.field("conclusion")),
        view(options, shown, one.field("why")),
        view(options, shown, one.field("rationale"))
        if Need.RATIONALE in one.needs or one.rationale or one.field("rationale") in shown.clashes
        else None,
        before,
        words,
    )


def needs_words(needs: Iterable[Need]) -> str:
    return " and ".join(NEED_WORDS[need] for need in needs)


def view(options: Options, shown: Shown, name: str) -> FieldView:
    """One field as the page shows it, with those choices that can be made now.

    What is chosen of several can be taken back: that nothing is chosen is the last of them.
    """
    found = _view(options, shown, name)
    return _with_none(found, NOT_YET.get(name))


def _with_none(found: FieldView, none: Choice | None = None) -> FieldView:
    if found.what.code.endswith("conclusion"):
        none = NOT_WEIGHED
    return replace(found, choices=(*found.choices, none)) if none is not None else found


def _view(options: Options, shown: Shown, name: str) -> FieldView:
    place = Place.named(name)
    declared = options.form.field(place)
    assert declared is not None
    found = shown.view(place, declared)
    if name in (form.PRIMARY, form.CONTINGENCIES):
        return replace(found, choices=_plan_choices(options, found))
    if place.field == "option" and place.row:
        return replace(found, choices=_outside_choices(options, found))
    if name == form.COLUMN:
        open_ = {column.code for column in options.offer.columns}
        kept = tuple(choice for choice in found.choices if choice.value in open_)
        return replace(found, choices=kept)
    return found


def _plan_choices(options: Options, found: FieldView) -> tuple[Choice, ...]:
    """The options on which a plan can rest, and what was chosen and is none of them any more.

    That stays to be seen: what nobody took away is not lost because the child had a birthday.
    """
    can = {
        one.code: one.named
        for one in options.draft.weighed
        if one.code and one.conclusion != RULED_OUT and one.among is not Among.THEN
    }
    gone = {
        code: f"{_title(options, code)} ({_why_gone(options, code)})"
        for code in found.ticked
        if code not in can
    }
    return tuple(Choice(code, title) for code, title in {**can, **gone}.items())


def _title(options: Options, code: str) -> str:
    one = options.draft.option(code)
    return one.named if one is not None else OPTIONS.get(code, code)


def _why_gone(options: Options, code: str) -> str:
    one = options.draft.option(code)
    return MOVED if one is None or one.among is Among.THEN else "ruled out"


def _outside_choices(options: Options, found: FieldView) -> tuple[Choice, ...]:
    can = dict(options.offer.outside)
    if found.value and found.value not in can:
        can[found.value] = f"{OPTIONS.get(found.value, found.value)} (listed above)"
    return tuple(Choice(code, title) for code, title in can.items())


def _outside(options: Options, rows: Iterable[RowView]) -> list[RowView]:
    """The rows of options outside the list, each offering what is not listed above."""
    return [
        replace(
            row,
            fields=tuple(
                replace(one, choices=_outside_choices(options, one))
                if one.what.code == "option"
                else _with_none(one)
                for one in row.fields
            ),
        )
        for row in rows
    ]


def _person(options: Options, entry: Recorded) -> PersonView:
    kind = KINDS["connected-person"]

    def words(code: str) -> str:
        return kind.by_code[code].choices.get(entry.value(code), entry.value(code))

    return PersonView(
        entry,
        entry.value("name"),
        entry.value("relation"),
        words("how"),
        words("assessment"),
        entry.id in options.offer.connected.ruled_out,
        {
            code: entry.values[code].statement.id if code in entry.values else 0
            for code in ("ruled_out_on", "ruled_out_why")
        },
    )


def _how() -> list[dict[str, str]]:
    choices = KINDS["connected-person"].by_code["how"].choices
    return [{"value": code, "text": title} for code, title in choices.items()]


def _turning(options: Options) -> TurningView | None:
    turning, placed = options.offer.turning, options.offer.placed
    if turning is None or placed is None:
        return None
    now = {option.code: option for option in placed.cell.options}
    then = {option.code: option for option in turning.cell.options}
    row = turning.row
    return TurningView(
        turning,
        row.from_age,
        tuple(option.title for code, option in now.items() if code not in then),
        tuple(option.title for code, option in then.items() if code not in now),
        tuple(
            _needs_changed(then[code], option)
            for code, option in now.items()
            if code in then and then[code].needs != option.needs
        ),
    )


def _needs_changed(then: Option, now: Option) -> str:
    if not then.needs:
        return f"{then.title} no longer needs {needs_words(now.needs)}"
    return f"{then.title} then needs {needs_words(then.needs)}"
