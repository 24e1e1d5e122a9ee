"""What a planning meeting has written of its options and plan, and what that still lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain import planning_options as form
from core.domain.finding import Finding, Strength
from core.domain.offer import (
    CONTINGENCY,
    FAMILY_MEETING,
    OTHER,
    REUNIFICATION,
    TWIN_TRACKED,
    Among,
    Offer,
)
from core.domain.planning_options import OF_PLAN, option_field
from core.domain.procedure.forms import Place
from core.domain.procedure.options import NEED_WORDS, Need
from core.domain.record.plan import OPTIONS

RULED_OUT, SUPPORTED = "ruled-out", "supported"
WEIGHED_THEN = "Weighed at this meeting, not listed now"
"""The heading of options that were answered when they were listed, and are not any more."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One option with what came of it and why; ``row`` is that of an option outside the list."""

    code: str
    title: str
    among: Among
    clauses: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    conclusion: str = ""
    why: str = ""
    rationale: str = ""
    words: str = ""
    row: str = ""

    def field(self, what: str) -> str:
        """The name of the input of its "conclusion", "why" or "rationale"."""
        return f"{self.row}.{what}" if self.row else option_field(self.code, what)

    @property
    def named(self) -> str:
        """Its title, with what it is where the list has no name for it."""
        return f"{self.title}: {self.words}" if self.words else self.title

    @property
    def open(self) -> bool:
        """Whether a plan can rest on it: something came of it, and it is not ruled out."""
        return self.conclusion not in ("", RULED_OUT)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the primary or the contingency plan, who takes it and by when."""

    row: str
    plan: str
    what: str
    who: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """The answers of a meeting's form, as the plan that they make."""

    weighed: tuple[Weighed, ...] = ()
    primary: str = ""
    contingencies: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    reunification: str = ""
    reunification_why: str = ""
    no_family_meeting: str = ""

    def option(self, code: str) -> Weighed | None:
        return next((one for one in self.weighed if one.code == code), None)

    @property
    def reunification_considered(self) -> bool:
        return self.reunification == "yes" and bool(self.reunification_why)

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """The options that it rests on, each with the field in which it is chosen."""
        primary = ((self.primary, form.PRIMARY),) if self.primary else ()
        return (*primary, *((code, form.CONTINGENCIES) for code in self.contingencies))


def draft_of(offer: Offer, answers: Mapping[Place, str]) -> PlanDraft:
    """What was answered, read against what could be chosen.

    An answer stays where its option is not listed any more: the record changed, or the child's age.
    """

    def said(field: str, row: str = "") -> str:
        return answers.get(Place(field, row), "").strip()

    weighed = [
        Weighed(
            option.code,
            option.title,
            group.among,
            group.clauses,
            option.needs,
            conclusion=said(option_field(option.code, "conclusion")),
            why=said(option_field(option.code, "why")),
            rationale=said(option_field(option.code, "rationale")),
        )
        for group in offer.groups
        for option in group.options
    ]
    declared = form.planning_form()
    outside, steps = declared.section(form.OUTSIDE), declared.section(form.STEPS)
    assert outside is not None and steps is not None
    for row in declared.rows(outside, answers):
        code = said("option", row)
        weighed.append(
            Weighed(
                code,
                OPTIONS.get(code, ""),
                Among.OUTSIDE,
                offer.beyond.clauses if offer.beyond is not None else (),
                offer.beyond.needs if offer.beyond is not None else (Need.RATIONALE,),
                conclusion=said("conclusion", row),
                why=said("why", row),
                rationale=said("rationale", row),
                words=said("words", row),
                row=row,
            )
        )
    for code, title in OPTIONS.items():
        came, why, rationale = (said(option_field(code, what)) for what in form.OF_OPTION)
        if offer.listed(code) is None and (came or why or rationale):
            one = Weighed(code, title, Among.THEN, (), (), came, why, rationale)
            weighed.append(one)
    return PlanDraft(
        tuple(weighed),
        said(form.PRIMARY),
        tuple(code for code in said(form.CONTINGENCIES).split(",") if code),
        tuple(
            Step(
                row,
                said("plan", row),
                said("what", row),
                said("who", row),
                _day(said("due_on", row)),
            )
            for row in declared.rows(steps, answers)
        ),
        said(form.REUNIFICATION),
        said(form.REUNIFICATION_WHY),
        said(form.NO_FAMILY_MEETING),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def impossible(draft: PlanDraft, offer: Offer) -> Iterator[Finding]:
    """What cannot be said yet, or not together: it is refused as it is typed, each at its field."""
    first = offer.rules.get(REUNIFICATION)
    if first is not None and first.strength is Strength.BLOCKS:
        before = "Say first that return to the parents was considered, what came of it and why"
        if not draft.reunification_considered:
            for one in draft.weighed:
                if one.conclusion == SUPPORTED and one.among is not Among.ALWAYS:
                    at = one.field("conclusion")
                    yield Finding(f"{before}: {one.named}", first.code, first.clauses, field=at)
            for code, at in draft.chosen:
                found = draft.option(code)
                if found is None or found.among is not Among.ALWAYS:
                    yield Finding(before, first.code, first.clauses, field=at)
    for code, at in draft.chosen:
        found = draft.option(code)
        title = OPTIONS.get(code, code)
        if found is None or found.among is Among.THEN:
            message = f"{title} is not among the options for this child on the day of the meeting"
            if offer.outside:
                message += ": name it under “Another option” first, with the rationale"
            yield Finding(message, clauses=_cell_clauses(offer), field=at)
        elif found.conclusion == RULED_OUT:
            yield Finding(f"{found.named} is ruled out: it cannot be the plan", field=at)
    if draft.primary and draft.primary in draft.contingencies:
        message = "The primary plan cannot be its own contingency: choose another"
        yield Finding(message, field=form.CONTINGENCIES)
    for one in draft.weighed:
        if one.among is Among.OUTSIDE and one.code and offer.listed(one.code) is not None:
            message = f"{one.title} is listed above: say there what came of it"
            yield Finding(message, field=one.field("option"))


def _cell_clauses(offer: Offer) -> tuple[str, ...]:
    return offer.placed.cell.clauses if offer.placed is not None else ()


def lacking(
    draft: PlanDraft,
    offer: Offer,
    *,
    family_meeting: bool = False,
    approved: Collection[str] = (),
) -> Iterator[Finding]:
    """What the options and the plan lack, each at its field with its clause.

    ``family_meeting`` says that a family network meeting was held by then; ``approved`` are the
    options that the head of service has approved for this child.
    """
    yield from offer.faults
    if offer.columns and offer.placed is None and not offer.faults:
        clauses = offer.matrix.clauses if offer.matrix is not None else ()
        yield Finding("Say which of these it is", clauses=clauses, field=form.COLUMN)
    yield from _asked_first(draft, offer, family_meeting)
    yield from impossible(draft, offer)
    for one in draft.weighed:
        yield from _of_option(one, chosen=one.code in {code for code, _ in draft.chosen})
    outside = [one for one in draft.weighed if one.among is Among.OUTSIDE]
    for code, number in Counter(one.code for one in outside if one.code).items():
        if number > 1 and offer.listed(code) is None:
            twice = [one for one in outside if one.code == code][-1]
            yield Finding(f"{twice.title} is named twice", field=twice.field("option"))
    yield from _of_plan(draft, offer)
    yield from approvals_lacking(draft, approved)
    yield from _of_steps(draft, offer)


def _asked_first(draft: PlanDraft, offer: Offer, family_meeting: bool) -> Iterator[Finding]:
    first = offer.rules.get(REUNIFICATION)
    if first is not None and not draft.reunification_considered:
        at = form.REUNIFICATION if draft.reunification != "yes" else form.REUNIFICATION_WHY
        message = "Return to the child’s parents is considered in every case: say what came of it"
        yield Finding(message, first.code, first.clauses, first.strength, at)
    network = offer.rules.get(FAMILY_MEETING)
    if network is not None and not family_meeting and not draft.no_family_meeting:
        message = "No family network meeting is recorded: record the day, or say why not"
        at = form.NO_FAMILY_MEETING
        yield Finding(message, network.code, network.clauses, network.strength, at)


def _of_option(one: Weighed, chosen: bool) -> Iterator[Finding]:
    if one.among is Among.OUTSIDE:
        if not one.code:
            yield Finding("Say which other option it is", field=one.field("option"))
        elif one.code == OTHER and not one.words:
            yield Finding("Say in words what the other option is", field=one.field("words"))
    name = one.named or "Another option"
    if one.conclusion and not one.why:
        yield Finding(f"{name}: say why", clauses=one.clauses, field=one.field("why"))
    elif one.why and not one.conclusion:
        message = f"{name}: say whether it is still considered, supported or ruled out"
        yield Finding(message, clauses=one.clauses, field=one.field("conclusion"))
    elif not one.conclusion and chosen:
        message = f"{name}: say what came of it before it is the plan"
        yield Finding(message, clauses=one.clauses, field=one.field("conclusion"))
    elif not one.conclusion and one.among is not Among.ANY:
        message = f"{name}: nothing is said of it"
        at = one.field("conclusion")
        yield Finding(message, clauses=one.clauses, strength=Strength.WARNS, field=at)
    wants = one.among is Among.OUTSIDE or chosen or one.conclusion == SUPPORTED
    if Need.RATIONALE in one.needs and wants and not one.rationale:
        message = f"{name}: it needs {NEED_WORDS[Need.RATIONALE]}"
        yield Finding(message, clauses=one.clauses, field=one.field("rationale"))


def _of_plan(draft: PlanDraft, offer: Offer) -> Iterator[Finding]:
    if not draft.primary:
        message = "No primary plan is chosen"
        yield Finding(message, strength=Strength.WARNS, field=form.PRIMARY)
        return
    rule = offer.rules.get(CONTINGENCY)
    if not draft.contingencies:
        clauses, strength = (
            (rule.clauses, rule.strength) if rule is not None else ((), Strength.WARNS)
        )
        message = "A plan has a contingency: choose one at least"
        yield Finding(message, CONTINGENCY, clauses, strength, form.CONTINGENCIES)


def approvals_lacking(draft: PlanDraft, approved: Collection[str] = ()) -> Iterator[Finding]:
    """The options of the plan that the head of service approves before they are agreed.

    The meeting may close; the plan is agreed in principle until then. A contingency is approved
    when it becomes the primary plan: of that the meeting is told.
    """
    for code, at in draft.chosen:
        found = draft.option(code)
        if found is None or Need.HEAD_OF_SERVICE not in found.needs or code in approved:
            continue
        first = at == form.PRIMARY
        before = "be agreed" if first else "become the primary plan"
        yield Finding(
            f"{found.named} cannot {before} without {NEED_WORDS[Need.HEAD_OF_SERVICE]}",
            Need.HEAD_OF_SERVICE,
            found.clauses,
            Strength.IN_PRINCIPLE if first else Strength.WARNS,
            at,
        )


def _of_steps(draft: PlanDraft, offer: Offer) -> Iterator[Finding]:
    for number, step in enumerate(draft.steps, 1):
        if not step.what:
            yield Finding(f"Step {number}: say what is done", field=f"{step.row}.what")
        if not step.plan:
            yield Finding(f"Step {number}: say of which plan it is", field=f"{step.row}.plan")
    rule = offer.rules.get(TWIN_TRACKED)
    clauses = rule.clauses if rule is not None else ()
    strength = rule.strength if rule is not None else Strength.WARNS
    wanted = {"primary": bool(draft.primary), "contingency": bool(draft.contingencies)}
    for plan, there in wanted.items():
        if there and not any(s.plan == plan and s.what and s.due_on for s in draft.steps):
            title = f"{OF_PLAN[plan][:1].upper()}{OF_PLAN[plan][1:]}"
            message = f"{title} has no step with a day"
            yield Finding(message, TWIN_TRACKED, clauses, strength, form.STEPS)
