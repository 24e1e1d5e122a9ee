"""What follows a meeting under each standard: its record on file, and copies to whom they go."""

from __future__ import annotations

from core.domain.dated import OF_MEETING
from core.domain.dates import Period, Unit
from core.domain.procedure.copies import Copy
from core.domain.procedure.escalation import Whom
from core.domain.procedure.on_day import ChildOnDay, Reason
from core.domain.procedure.timetable import Deadline

CIRCULATION = ("PPM2-6.2",)
THE_MEETING = "the meeting"


def _adoption(child: ChildOnDay) -> Reason:
    """PPM2 6.2, if relevant: as we read it, where adoption is planned or still considered."""
    if "adoption" in child.plan:
        return Reason(True, "adoption is the plan or its contingency")
    if "adoption" in child.options:
        return Reason(True, "adoption is considered, and not ruled out")
    if "adoption" in child.ruled_out:
        return Reason(False, "adoption is ruled out")
    return Reason(False, "adoption is neither planned nor considered")


TWO_WEEK_COPIES = (
    Copy(
        code="reviewing-officer",
        clauses=CIRCULATION,
        title="The reviewing officer (IRO)",
        whom=(Whom.IRO,),
        roles=("iro",),
    ),
    Copy(
        code="team-manager",
        clauses=CIRCULATION,
        title="The team manager",
        whom=(Whom.TEAM_MANAGER,),
        roles=("team.manager",),
    ),
    Copy(
        code="adoption",
        clauses=CIRCULATION,
        title="The adoption service",
        asks=_adoption,
        roles=("adoption",),
    ),
)

# One period for both: "decisions uploaded to the child's file" and the copies, as we read it.
TWO_WEEK = (
    Deadline(
        code="record-filed",
        clauses=CIRCULATION,
        title="Decisions of the meeting on the child’s file",
        anchor=OF_MEETING,
        anchor_words=THE_MEETING,
        period=Period(5, Unit.WORKING_DAYS),
        met_by=("filed",),
    ),
    Deadline(
        code="copies-sent",
        clauses=CIRCULATION,
        title="Copies of the record sent",
        anchor=OF_MEETING,
        anchor_words=THE_MEETING,
        period=Period(5, Unit.WORKING_DAYS),
        met_by=("copied",),
    ),
)

TEN_WEEK = (
    Deadline(
        code="record-filed",
        clauses=("PPM10-9",),
        title="Record on the child’s file, with a case note or manager oversight",
        anchor=OF_MEETING,
        anchor_words=THE_MEETING,
        period=Period(3, Unit.WORKING_DAYS),
        met_by=("filed",),
    ),
)
