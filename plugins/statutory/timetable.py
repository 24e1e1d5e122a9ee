"""Each statutory clock: from what it runs, how long, what meets it and for whom it is not."""

from __future__ import annotations

from datetime import date

from core.domain.dated import Course, Dated
from core.domain.dates import Calendar, Period, Unit, day
from core.domain.procedure.timetable import Deadline, Direction, Run
from core.domain.ssda903_codes import PLACEMENT_ORDERS

TWENTY_WORKING_DAYS = Period(20, Unit.WORKING_DAYS)
THREE_MONTHS, SIX_MONTHS = Period(3, Unit.MONTHS), Period(6, Unit.MONTHS)
A_YEAR = Period(12, Unit.MONTHS)
DAYS_AHEAD, WEEKS_AHEAD = 5, 14
"""From how many days before the limit it is soon: short periods, and long ones."""


def _initial(course: Course, event: Dated, started: date) -> bool:
    """An initial health assessment, or one that can be no other.

    A list says the last one without saying which: within six months of becoming looked after no
    review of one is due yet.
    """
    named = course.happened("assessment.health-initial")
    return event in named or event.on <= Calendar().after(started, SIX_MONTHS)


def _placed_already(course: Course, order: date) -> str:
    """AAR 36: authorised to place, and not placed."""
    placed = course.on_or_before("placed-for-adoption", order)
    ended = course.on_or_before(PLACEMENT_ENDED, order)
    if placed is None or (ended is not None and placed.on <= ended.on):
        return ""
    when = "the day of the order" if placed.on == order else day(placed.on)
    return f"the child was placed for adoption on {when}"


def _not_authorised(course: Course, ended: date) -> str:
    """AAR 36: again authorised and not placed only while the placement order stands."""
    order = course.on_or_before("placement-order", ended)
    over = course.on_or_before("placement-order-ended", ended)
    stands = order is not None and (over is None or over.on < order.on)
    if stands or not PLACEMENT_ORDERS.isdisjoint(course.status(ended)):
        return ""
    return f"no placement order is known to stand on {day(ended)}, when the placement ended"


def _counted_with_the_first(course: Course, placed: date) -> str:
    """PEP: before the first review ``pep`` counts from the first emergency placement itself."""
    reviewed = course.on_or_before("first-review", placed)
    first = course.happened(EMERGENCY)[:1]
    if reviewed is not None or all(event.on != placed for event in first):
        return ""
    return (
        f"the emergency placement of {day(placed)} is counted with the plan that is due in time "
        "for the first review"
    )


def _not_extended(course: Course, approved: date) -> str:
    """CPPCR 25: only an approval that was extended runs on."""
    if any(extended.on >= approved for extended in course.happened(EXTENDED)):
        return ""
    return f"the approval of {day(approved)} has not been extended"


AMENDED_IN_2015 = date(2015, 4, 1)
"""Our source names SI 2015/495 by its year; the day in it is how we read that."""

EXTENDED = "temporary-approval.extended_on"
EMERGENCY = "emergency.placed_on"
PLACEMENT_ENDED = "placement-for-adoption-ended"

CARE = (
    Deadline(
        code="care-plan",
        clauses=("CPPCR-4-2",),
        title="Care plan",
        anchor="became-looked-after",
        anchor_words="the first placement (becoming looked after)",
        period=Period(10, Unit.WORKING_DAYS),
        met_by=("assessment.care-plan",),
        met_early=True,
        soon=DAYS_AHEAD,
    ),
    Deadline(
        code="out-of-area",
        clauses=("CPPCR-13-4",),
        title="Notify an emergency placement outside the area",
        anchor="emergency.out-of-area",
        anchor_words="the emergency placement outside the area",
        period=Period(5, Unit.WORKING_DAYS),
        met_by=("emergency.notified_on",),
        own=True,
    ),
    Deadline(
        code="connected-temporary",
        clauses=("CPPCR-24",),
        title="Temporary approval of a connected person ends",
        anchor="temporary-approval.approved_on",
        anchor_words="the temporary approval",
        period=Period(16, Unit.WEEKS),
        met_by=("temporary-approval.ended_on",),
        until=(EXTENDED,),
        own=True,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="connected-extended",
        clauses=("CPPCR-25",),
        title="Extended temporary approval of a connected person ends",
        anchor="temporary-approval.approved_on",
        anchor_words="the temporary approval (16 weeks, and 8 more on its extension)",
        period=Period(24, Unit.WEEKS),
        met_by=("temporary-approval.ended_on",),
        not_for=_not_extended,
        own=True,
        there_from=EXTENDED,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="proceedings",
        clauses=("CA-32-1-a-ii",),
        title="Care or supervision proceedings concluded",
        anchor="proceedings.care-issued",
        anchor_words="the issue of proceedings",
        period=Period(26, Unit.WEEKS),
        met_by=("proceedings.care-ended",),
        beyond_care=True,
        own=True,
        soon=WEEKS_AHEAD,
    ),
)

REVIEWS = (
    Deadline(
        code="review-1",
        clauses=("CPPCR-33-1",),
        title="First review",
        anchor="became-looked-after",
        anchor_words="becoming looked after",
        period=TWENTY_WORKING_DAYS,
        met_by=("first-review",),
        soon=DAYS_AHEAD,
    ),
    Deadline(
        code="review-2",
        clauses=("CPPCR-33-1",),
        title="Second review",
        anchor="first-review",
        anchor_words="the first review",
        period=THREE_MONTHS,
        latest="review-1",
        met_by=("second-review",),
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="review-n",
        clauses=("CPPCR-33-2",),
        title="Next review",
        anchor="later-review",
        anchor_words="the last review",
        period=SIX_MONTHS,
        met_by=("later-review",),
        repeats=True,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="review-ltf",
        clauses=("SI-2015-495",),
        title="Yearly review meeting in a settled long-term foster placement",
        anchor="settled-review",
        anchor_words="the last review in the settled long-term foster placement",
        period=A_YEAR,
        met_by=("review",),
        until=("long-term-fostering-ended",),
        since=AMENDED_IN_2015,
        soon=WEEKS_AHEAD,
    ),
)

HEALTH_AND_EDUCATION = (
    Deadline(
        code="health-initial",
        clauses=("CPPCR-7",),
        title="Initial health assessment",
        anchor="became-looked-after",
        anchor_words="becoming looked after",
        period=TWENTY_WORKING_DAYS,
        # No latest day for a review to come: that is the same twenty working days.
        or_earlier=(
            Run(
                anchor="first-review",
                anchor_words="the first review",
                direction=Direction.BEFORE,
            ),
        ),
        met_by=("assessment.health-initial", "assessment.health"),
        meets=_initial,
        soon=DAYS_AHEAD,
    ),
    Deadline(
        code="health-review",
        clauses=("CPPCR-7",),
        title="Review health assessment",
        anchor="assessment.any-health",
        anchor_words="the last health assessment",
        latest="health-initial",
        by_age=((5, SIX_MONTHS), (None, A_YEAR)),
        met_by=("assessment.any-health",),
        repeats=True,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="pep",
        clauses=("PEP",),
        title="Personal education plan",
        anchor="first-review",
        anchor_words="the first review",
        direction=Direction.BEFORE,
        latest="review-1",
        or_earlier=(
            Run(
                anchor=EMERGENCY,
                anchor_words="the emergency placement",
                period=Period(10, Unit.WORKING_DAYS),
            ),
        ),
        met_by=("assessment.pep",),
        soon=DAYS_AHEAD,
    ),
)

PEP_AGAIN = Deadline(
    code="pep-emergency",
    clauses=("PEP",),
    title="Personal education plan after an emergency placement",
    anchor=EMERGENCY,
    anchor_words="the emergency placement",
    period=Period(10, Unit.WORKING_DAYS),
    met_by=("assessment.pep",),
    not_for=_counted_with_the_first,
    soon=DAYS_AHEAD,
)

ADOPTION = (
    Deadline(
        code="authority-to-place",
        clauses=("AAR-36",),
        title="Review while authorised to place for adoption and not placed",
        anchor="placement-order",
        anchor_words="the placement order",
        period=THREE_MONTHS,
        then=(SIX_MONTHS,),
        then_words="the last review",
        met_by=("review",),
        until=("placed-for-adoption", "placement-order-ended", "adoption.order_on"),
        not_for=_placed_already,
        soon=WEEKS_AHEAD,
    ),
    # Our source says what is due from the order alone: from the end of a placement it is counted in
    # the same way, as from then on the child is again authorised to be placed, and not placed.
    Deadline(
        code="authority-to-place-after",
        clauses=("AAR-36",),
        title="Review while again authorised to place for adoption, after a placement ended",
        anchor=PLACEMENT_ENDED,
        anchor_words="the end of the placement for adoption",
        period=THREE_MONTHS,
        then=(SIX_MONTHS,),
        then_words="the last review",
        met_by=("review",),
        until=("placed-for-adoption", "placement-order-ended", "adoption.order_on"),
        not_for=_not_authorised,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="placed-for-adoption",
        clauses=("AAR-36",),
        title="Review once placed for adoption",
        anchor="placed-for-adoption",
        anchor_words="the placement for adoption",
        period=Period(4, Unit.WEEKS),
        then=(THREE_MONTHS, SIX_MONTHS),
        then_words="the last review",
        met_by=("review",),
        until=(PLACEMENT_ENDED, "adoption.order_on", "placement-order-ended"),
        soon=DAYS_AHEAD,
    ),
)

LEAVING_CARE = (
    Deadline(
        code="eligible-child",
        clauses=("CPPCR-40",),
        title="Becomes an eligible child",
        anchor="eligible",
        anchor_words="becoming eligible (16, and 13 weeks in care since the age of 14)",
        met_by=("eligible",),
        met_early=True,
    ),
    Deadline(
        code="pathway-assessment",
        clauses=("CPPCR-42",),
        title="Needs assessment for the pathway plan",
        anchor="eligible",
        anchor_words="becoming an eligible child",
        period=THREE_MONTHS,
        met_by=("assessment.pathway-assessment",),
        met_early=True,
        soon=WEEKS_AHEAD,
    ),
)

DEADLINES = (*REVIEWS, *CARE, *HEALTH_AND_EDUCATION, PEP_AGAIN, *ADOPTION, *LEAVING_CARE)
