"""When each standard has its meetings held, its plan agreed and its reviews after an order."""

from __future__ import annotations

from datetime import date, timedelta

from core.domain.dated import Course, Dated
from core.domain.dates import Period, Unit, day
from core.domain.procedure.timetable import Deadline, Direction, Run

PPM = "permanence-planning-meeting"
FINAL_CARE_PLANNING = "final-care-planning-meeting"
BECAME, BECOMING = "became-looked-after", "becoming looked after"
TEN_WEEKS = Period(10, Unit.WEEKS)
SIX_MONTHS = Period(6, Unit.MONTHS)
WEEKS_AHEAD = 14
MONTH_AHEAD = 28
COURTS_WEEKS = timedelta(weeks=26)
ORDER_REVIEW = "placement-order-review"
REVIEWED = f"{ORDER_REVIEW}.reviewed_on"
DELAY = "return-home-delay"
NOT_PLACED = ("placed-for-adoption", "placement-order-ended", "adoption.order_on")


def _at_a_later_review(course: Course, agreed: Dated, began: date) -> bool:
    """PPM2 2.3: approved at a meeting is not yet agreed: that is done at the second review."""
    return any(review.on == agreed.on for review in course.happened("later-review"))


def _secured_already(course: Course, meeting: date) -> str:
    """PPM10 3, PPM2 2.4: until permanence is secured."""
    since = [event for event in course.happened("secured") if event.on <= meeting]
    stands = next((event for event in since if event.stands(meeting)), None)
    return "" if stands is None else f"permanence was secured on {day(stands.on)}"


def _tracked_from_a_meeting(course: Course, answered: date) -> str:
    """PPM2 4.2: tracking runs from a planning meeting already, where there was one."""
    if said := _secured_already(course, answered):
        return said
    held = course.on_or_before(f"meeting.{PPM}", answered)
    if held is None:
        return ""
    return f"the plan is tracked from the planning meeting of {day(held.on)}"


def _not_the_first_since(course: Course, review: Dated, anchor: date) -> bool:
    """PPM2 2.8: in time, the review at 6 months is another than that at 3 months from the order.

    A review that did not ask why the child is not placed is neither of them.
    """
    if all(order.on != anchor for order in course.happened("placement-order")):
        return True
    since = [event.on for event in course.happened(REVIEWED) if event.on > anchor]
    return review.on not in since[:1]


def _placed_already(course: Course, order: date) -> str:
    """PPM2 2.8: it asks why the child is not placed."""
    placed = course.on_or_before("placed-for-adoption", order)
    ended = course.on_or_before("placement-for-adoption-ended", order)
    if placed is None or (ended is not None and placed.on <= ended.on):
        return ""
    return f"the child was placed for adoption on {day(placed.on)}"


def _in_these_proceedings(course: Course, held: Dated, evidence: date) -> bool:
    """PPM10 10: the meeting of earlier proceedings is not that before this final evidence.

    Where the day of issue is not known, the court's 26 weeks before the evidence are taken.
    """
    issued = course.happened("proceedings.issued_on")
    since = issued[0].on if issued else evidence - COURTS_WEEKS
    return held.on >= since


TWO_WEEK = (
    Deadline(
        code="first-ppm",
        clauses=("PPM2-2.1",),
        title="First permanence planning meeting",
        anchor=BECAME,
        anchor_words=BECOMING,
        period=Period(2, Unit.WEEKS),
        asks_for=PPM,
    ),
    # "Regularly" is six weeks by our reading. A further meeting tracks the plan too.
    Deadline(
        code="plan-tracked",
        clauses=("PPM2-2.4",),
        title="Plan reviewed and tracked after the last permanence planning meeting",
        anchor=f"meeting.{PPM}",
        anchor_words="the last permanence planning meeting",
        period=Period(6, Unit.WEEKS),
        set_here=True,
        repeats=True,
        then_words="the last planning meeting or tracking",
        met_by=("plan-tracked.tracked_on", f"meeting.{PPM}"),
        until=("secured",),
        not_for=_secured_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="reunification-prospect",
        clauses=("PPM2-4.2",),
        title="Is there a prospect of reunification? The chair answers",
        anchor="first-review",
        anchor_words="the first review",
        period=Period(2, Unit.WEEKS),
        set_here=True,
        met_by=("reunification-prospect.answered_on",),
        until=("secured",),
        not_for=_secured_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="plan-tracked-alone",
        clauses=("PPM2-4.2",),
        title="Plan tracked against the care plan, with no prospect of reunification",
        anchor="reunification-prospect.none",
        anchor_words="the answer that there is no prospect of reunification",
        period=Period(6, Unit.WEEKS),
        set_here=True,
        repeats=True,
        then_words="the last tracking",
        met_by=("plan-tracked.tracked_on",),
        until=("secured", "reunification-prospect.some", f"meeting.{PPM}"),
        not_for=_tracked_from_a_meeting,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="plan-agreed",
        clauses=("PPM2-2.3", "PPM2-4.2"),
        title="Plan agreed at the second review",
        anchor=BECAME,
        anchor_words="coming into care",
        period=Period(4, Unit.MONTHS),
        met_by=("plan.agreed_on",),
        meets=_at_a_later_review,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="authority-to-place",
        clauses=("PPM2-2.8",),
        title="Review at 3 months from the placement order: why the child is not placed",
        anchor="placement-order",
        anchor_words="the placement order",
        period=Period(3, Unit.MONTHS),
        met_by=(REVIEWED,),
        asks_entry=ORDER_REVIEW,
        until=NOT_PLACED,
        not_for=_placed_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="authority-to-place-again",
        clauses=("PPM2-2.8",),
        title="Review at 6 months from the placement order and every 6 after it: why not placed",
        anchor="placement-order",
        anchor_words="the placement order",
        period=SIX_MONTHS,
        then=(SIX_MONTHS,),
        then_words="the last review",
        met_by=(REVIEWED,),
        asks_entry=ORDER_REVIEW,
        meets=_not_the_first_since,
        met_late=True,
        until=NOT_PLACED,
        not_for=_placed_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="ppm-before-review",
        clauses=("PPM2-2.8",),
        title="Permanence planning meeting, as adoption may not be viable",
        anchor="adoption.in-doubt",
        anchor_words="adoption was marked as perhaps not viable",
        before_next=("authority-to-place", "authority-to-place-again"),
        missing="the placement order, after which the next review is due",
        asks_for=PPM,
        until=NOT_PLACED,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="family-finding",
        clauses=("PPM2-4.1",),
        title="Family finding for a relinquished child",
        anchor="plan.adoption-relinquished",
        anchor_words="adoption becoming the plan of a relinquished child",
        met_by=("adoption.family_finding_on",),
        met_early=True,
        until=("plan.ended_on", "placed-for-adoption", "adoption.order_on"),
        own=True,
    ),
    Deadline(
        code="return-home-drift",
        clauses=("PPM2-3.5",),
        title="Drift of a return home raised by the reviewing officer",
        anchor="plan-step.return-home",
        anchor_words="a step of the return home that was due",
        period=Period(28, Unit.DAYS),
        set_here=True,
        met_by=(f"{DELAY}.raised_on", "plan-step.done_on"),
        asks_entry=DELAY,
        until=("plan-step.return-home-over", "secured"),
        own=True,
    ),
    Deadline(
        code="return-home-continues",
        clauses=("PPM2-3.5",),
        title="Delay of a return home escalated to the team manager, where it continues",
        anchor=f"{DELAY}.raised_on",
        anchor_words="raising the delay",
        period=Period(10, Unit.WORKING_DAYS),
        set_here=True,
        met_by=(f"{DELAY}.escalated_on",),
        until=(f"{DELAY}.ended_on", "secured"),
        own=True,
    ),
    Deadline(
        code="proceedings",
        clauses=("PPM2-3.1",),
        title="Care proceedings concluded in the court’s timeframe",
        anchor="proceedings.care-issued",
        anchor_words="the issue of proceedings",
        period=Period(26, Unit.WEEKS),
        met_by=("proceedings.care-ended",),
        beyond_care=True,
        own=True,
        soon=WEEKS_AHEAD,
    ),
)

TEN_WEEK = (
    Deadline(
        code="first-ppm",
        clauses=("PPM10-2",),
        title="First permanence planning meeting",
        anchor=BECAME,
        anchor_words=BECOMING,
        period=TEN_WEEKS,
        or_earlier=(
            Run(
                anchor="second-review",
                anchor_words="the second review",
                direction=Direction.BEFORE,
                latest="review-2",
            ),
        ),
        asks_for=PPM,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="next-ppm",
        clauses=("PPM10-3",),
        title="Next permanence planning meeting",
        anchor=f"meeting.{PPM}",
        anchor_words="the last permanence planning meeting",
        period=TEN_WEEKS,
        repeats=True,
        asks_for=PPM,
        until=("secured",),
        not_for=_secured_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="final-care-planning",
        clauses=("PPM10-10",),
        title="Final care planning meeting with the head of service, before the final evidence",
        anchor="proceedings.final_evidence_on",
        anchor_words="the final evidence",
        direction=Direction.BEFORE,
        asks_for=FINAL_CARE_PLANNING,
        meets=_in_these_proceedings,
        until=("proceedings.ended_on",),
        beyond_care=True,
        own=True,
        soon=MONTH_AHEAD,
    ),
)
