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
NOT_PLACED = ("placed-for-adoption", "placement-order-ended", "adoption.order_on")


def _at_a_later_review(course: Course, agreed: Dated, began: date) -> bool:
    """PPM2 2.3: approved at a meeting is not yet agreed: that is done at the second review."""
    return any(review.on == agreed.on for review in course.happened("later-review"))


def _secured_already(course: Course, meeting: date) -> str:
    """PPM10 3, PPM2 2.4: until permanence is secured."""
    since = [event for event in course.happened("secured") if event.on <= meeting]
    stands = next((event for event in since if event.stands(meeting)), None)
    return "" if stands is None else f"permanence was secured on {day(stands.on)}"


def _not_the_first_since(course: Course, review: Dated, anchor: date) -> bool:
    """PPM2 2.8: the review at 6 months is another than that at 3 months from the order."""
    if all(order.on != anchor for order in course.happened("placement-order")):
        return True
    since = [event for event in course.happened("review") if event.on > anchor]
    return review not in since[:1]


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
    # "Regularly" is six weeks by our reading. What tracks the plan outside a meeting is recorded
    # nowhere yet: a further meeting alone meets it.
    Deadline(
        code="plan-tracked",
        clauses=("PPM2-2.4",),
        title="Plan reviewed and tracked after the last permanence planning meeting",
        anchor=f"meeting.{PPM}",
        anchor_words="the last permanence planning meeting",
        period=Period(6, Unit.WEEKS),
        set_here=True,
        repeats=True,
        met_by=(f"meeting.{PPM}",),
        until=("secured",),
        not_for=_secured_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="plan-agreed",
        clauses=("PPM2-2.3",),
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
        met_by=("review",),
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
        met_by=("review",),
        meets=_not_the_first_since,
        until=NOT_PLACED,
        not_for=_placed_already,
        soon=WEEKS_AHEAD,
    ),
    Deadline(
        code="proceedings",
        clauses=("PPM2-3.1",),
        title="Care proceedings concluded in the court’s timeframe",
        anchor="proceedings.care-issued",
        anchor_words="the issue of proceedings",
        period=Period(26, Unit.WEEKS),
        met_by=("proceedings.care-ended",),
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
        own=True,
        soon=MONTH_AHEAD,
    ),
)
