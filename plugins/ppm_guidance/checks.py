"""What has to be so before a plan is agreed, or a child goes to the agency decision maker."""

from __future__ import annotations

from core.domain.adoption_option import AdoptionFacts
from core.domain.dates import day
from core.domain.phrases import inside
from core.domain.plan_facts import EntryFacts, PlanFacts, assessed_too
from core.domain.procedure.checks import Approval, Check, Step
from core.domain.procedure.options import NEED_WORDS, AgeRow, Need
from core.domain.ssda903_codes import SECTION_20
from plugins.ppm_guidance.options import LONG_TERM_FOSTERING, MATRIX

ACCOMMODATED_AGES = (16, 17)
FOSTERING = LONG_TERM_FOSTERING.code


def _not_assessed(plan: PlanFacts) -> str | None:
    if not plan.goes_home or plan.assessed:
        return None
    return (
        "A return home cannot be agreed without a detailed or updated assessment: record it, and "
        "the day on which it was done, under “Return home”"
    )


def _not_checked(plan: PlanFacts) -> str | None:
    if not plan.goes_home:
        return None
    if not plan.household:
        return (
            "A return home cannot be agreed without DBS checks on the members of the household: "
            "none of them is recorded"
        )
    if not plan.unchecked:
        return None
    return (
        "A return home cannot be agreed without a DBS check, and what it says, of "
        f"{' and '.join(plan.unchecked)}"
    )


def _parts_empty(plan: PlanFacts) -> str | None:
    if not plan.goes_home or not plan.empty_parts:
        return None
    said = "; ".join(inside(words) for words in plan.empty_parts)
    return f"A return home cannot be agreed while nothing is written under “Return home” of: {said}"


def _may_be_accommodated(plan: PlanFacts) -> bool:
    return plan.goes_home and plan.age in ACCOMMODATED_AGES


def _status_unknown(plan: PlanFacts) -> str | None:
    if plan.goes_home and plan.age is None:
        return (
            "Whether the child is 16 or 17 is not known, and with it who approves the return "
            "home: enter the date of birth"
        )
    if not _may_be_accommodated(plan) or plan.statuses is not None:
        return None
    return (
        f"The legal status on {day(plan.on)} is not known: at 16 and 17 it says who approves a "
        "return home. Enter the episode of care"
    )


def _accommodated(plan: PlanFacts) -> str | None:
    if not _may_be_accommodated(plan) or SECTION_20 not in (plan.statuses or ()):
        return None
    return (
        f"The child is {plan.age} on {day(plan.on)}, accommodated under section 20, and would "
        "return home"
    )


def _another(entry: EntryFacts) -> str | None:
    """Of several of one person all but one say why, whichever of them was asked for first."""
    if entry.kind != "expert-assessment" or entry.values.get("why_another", "").strip():
        return None
    others = assessed_too(entry)
    if all(other.value("why_another").strip() for other in others):
        return None
    many = "once" if len(others) == 1 else f"{len(others)} times"
    return f"{entry.values.get('name', '')} was assessed {many} already: say why another is asked"


def _no_meeting_before(child: AdoptionFacts) -> str | None:
    if child.planned:
        return None
    if child.since is None:
        return (
            "Adoption is not recorded as an option for the child, and no permanence planning "
            "meeting has considered it: hold one before the agency decision maker"
        )
    return (
        "No permanence planning meeting was held since adoption became an option on "
        f"{day(child.since)}: hold one before the agency decision maker"
    )


def _only_the_court(entry: EntryFacts) -> str | None:
    """Decisions are not delayed because of legal status."""
    said = entry.values
    if entry.kind != "plan-step" or said.get("late_why") != "awaiting-court":
        return None
    if said.get("meanwhile", "").strip():
        return None
    return "“Awaiting court” is no reason by itself: say what is done meanwhile"


TWO_WEEK = (
    Check(
        code="assessed-for-home",
        clauses=("PPM2-3.2",),
        title="A return home needs its assessment",
        step=Step.AGREE_PLAN,
        why_not=_not_assessed,
        field="primary",
    ),
    Check(
        code="household-checked",
        clauses=("PPM2-3.2",),
        title="A return home needs DBS checks on the members of the household",
        step=Step.AGREE_PLAN,
        why_not=_not_checked,
        field="primary",
    ),
    Check(
        code="home-considered",
        clauses=("PPM2-3.4",),
        title="A return home is agreed with none of its four parts empty",
        step=Step.AGREE_PLAN,
        why_not=_parts_empty,
        field="primary",
    ),
    Check(
        code="status-known",
        clauses=("PPM2-3.3",),
        title="Who approves a return home is known",
        step=Step.AGREE_PLAN,
        why_not=_status_unknown,
        field="primary",
    ),
    Check(
        code="another-assessment",
        clauses=("PPM2-3.7",),
        title="A second assessment of the same parent needs a reason",
        step=Step.RECORD,
        why_not=_another,
        field="why_another",
    ),
    Check(
        code="late-step-reason",
        clauses=("PPM2-3.6",),
        title="A late step does not only await the court",
        step=Step.RECORD,
        why_not=_only_the_court,
        field="meanwhile",
    ),
    Check(
        code="meeting-before-decision-maker",
        clauses=("PPM2-2.7",),
        title="A permanence planning meeting comes before the agency decision maker",
        step=Step.BOOK_ADM,
        why_not=_no_meeting_before,
        field="forum",
    ),
)

TWO_WEEK_APPROVALS = (
    Approval(
        code="home-accommodated",
        clauses=("PPM2-3.3",),
        title="Return home at 16 or 17, accommodated under section 20",
        role="assistant.director",
        role_words="the Assistant Director",
        needed=_accommodated,
    ),
)


def _fostering_row(plan: PlanFacts, need: Need) -> AgeRow | None:
    """The row of the matrix in which the plan, long-term fostering, needs something."""
    if plan.primary != FOSTERING:
        return None
    return MATRIX.row_that_needs(FOSTERING, need, plan.age)


def _age_words(plan: PlanFacts, row: AgeRow) -> str:
    if plan.age is None:
        return f"The age of the child is not known, and may be {inside(row.title)}"
    if plan.age < 0:
        return "The child is not born yet"
    return f"The child is {plan.age} on {day(plan.on)}"


def _no_rationale(plan: PlanFacts) -> str | None:
    row = _fostering_row(plan, Need.RATIONALE)
    if row is None or plan.rationale:
        return None
    return (
        f"{_age_words(plan, row)}: long-term fostering {inside(row.title)} needs "
        f"{NEED_WORDS[Need.RATIONALE]}. Write it as “The plan in words”, or as why the option is "
        "supported"
    )


def _approved_young(plan: PlanFacts) -> str | None:
    row = _fostering_row(plan, Need.HEAD_OF_SERVICE)
    if row is None:
        return None
    return f"{_age_words(plan, row)}, and the plan is long-term fostering"


def _no_contingency(plan: PlanFacts) -> str | None:
    if plan.contingencies:
        return None
    return "Every plan has a contingency or a parallel plan: choose at least one"


TEN_WEEK = (
    Check(
        code="contingency-named",
        clauses=("PPM10-A.2",),
        title="Every permanence plan includes a contingency",
        step=Step.AGREE_PLAN,
        why_not=_no_contingency,
        field="contingencies",
    ),
    Check(
        code="fostering-rationale",
        clauses=("PPM10-A.under7.no",),
        title="Long-term fostering under 7 needs a clear rationale",
        step=Step.AGREE_PLAN,
        why_not=_no_rationale,
        field="primary_words",
    ),
)

TEN_WEEK_APPROVALS = (
    Approval(
        code="fostering-young",
        clauses=("PPM10-A.under7.no",),
        title="Long-term fostering under 7",
        role="head.of.service",
        role_words="the head of service",
        needed=_approved_young,
    ),
)
