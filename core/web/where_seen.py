"""What a kind of rule is called, and where in the running app what it lays down is to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for

from core.domain.dated import OF_MEETING
from core.domain.procedure import Procedure, Statement
from core.domain.procedure.rule import Rule
from core.domain.procedure.timetable import Deadline
from core.web import asker
from core.web.access import ACCESS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule: what it is called, where it is seen in words, and the page on the way."""

    words: str
    where: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where something is to be seen; ``address`` is "" where the asker has no page on the way."""

    words: str
    address: str


MEETINGS, POSTS, CHILDREN = "meetings.calendar", "posts.listed", "children.register"
ITEM = "The page of a case on an agenda: open a meeting, then the case"
REFERRAL = "A referral: open a child, then refer"
DISPUTE = "The disputes; one is opened on a child’s page"
COURT = "The court page of a child: open a child, then Court"
OPTIONS = "The options page of a planning meeting: open a child, then its planning meetings"
AFTERWARDS = "The page of a planning meeting: open a child, its planning meetings, Afterwards"
ON_MEETING = "The page of each meeting"
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "Body": Kind("body", "The calendar of meetings", MEETINGS),
        "Schedule": Kind("schedule", "The calendar of meetings, where dates are made", MEETINGS),
        "AgendaItem": Kind("agenda item", ON_MEETING, MEETINGS),
        "MostCases": Kind("most cases", "The calendar of meetings, beside each date", MEETINGS),
        "CaseTiming": Kind("time for a case", ON_MEETING, MEETINGS),
        "Post": Kind("post", "The posts of the body", POSTS),
        "Office": Kind("office", "The offices, among the posts", POSTS),
        "MembershipRule": Kind("rule on who sits", f"{ON_MEETING}, under who is there", MEETINGS),
        "Copy": Kind("copy of a record", AFTERWARDS, CHILDREN),
        "Invited": Kind("somebody invited", "The posts of the body", POSTS),
        "Criterion": Kind("reason to refer", REFERRAL, CHILDREN),
        "Form": Kind("form", REFERRAL, CHILDREN),
        "Section": Kind("section of a form", REFERRAL, CHILDREN),
        "Check": Kind("check", "The page of a referral, under what stands against it", CHILDREN),
        "Outcome": Kind("outcome", ITEM, MEETINGS),
        "Box": Kind("box on the decision", ITEM, MEETINGS),
        "Ground": Kind("ground for a decision", ITEM, MEETINGS),
        "DecisionRule": Kind("rule on decisions", ITEM, MEETINGS),
        "ReturnRule": Kind("rule on returns", ITEM, MEETINGS),
        "DecisionPaper": Kind("document", f"{ITEM}, once it is decided", MEETINGS),
        "Forum": Kind(
            "body to refer to",
            "The page of a child, or of a case: refer to another body; then what is with whom",
            "hand_offs.ledger",
        ),
        "Deadline": Kind("deadline", "The page of each child, and its dates from there", CHILDREN),
        "Ladder": Kind("stages of a late action", "The page of a late action", "actions.open"),
        "DisputeResolution": Kind("stages of a dispute", DISPUTE, "disputes.listed"),
        "Stage": Kind("stage", "Where its stages are seen", ""),
        "Notice": Kind("notice", "The page of each case and meeting, under Notices", MEETINGS),
        "Stages": Kind("document in stages", COURT, CHILDREN),
        "StageStep": Kind("step of a document", f"{COURT}, then the document", CHILDREN),
        "Statement": Kind("statement", "Its own page", ""),
        "OptionsMatrix": Kind("matrix of options", OPTIONS, CHILDREN),
        "Cell": Kind("options at one age", OPTIONS, CHILDREN),
        "AlwaysOptions": Kind("options at any age", OPTIONS, CHILDREN),
        "BeyondMatrix": Kind("option outside the matrix", OPTIONS, CHILDREN),
        "OptionsAdded": Kind("options of the procedure’s own", OPTIONS, CHILDREN),
        "PlanRule": Kind("rule on plans", OPTIONS, CHILDREN),
        "Watch": Kind(
            "what is watched",
            "The plans that are tracked, and the page of each child",
            "tracking.page",
        ),
        "BoardView": Kind("saved view", "The saved views of the board", "board.page"),
    }
)
OTHER = Kind("rule", "", "")
SCOPE = "scope"
OF_A_MEETING = Kind("deadline", f"{ON_MEETING}: what is due of it", MEETINGS)
OF_CASE = Kind("deadline", "The page of each referral, and the calendar of meetings", MEETINGS)


def kind_of(rule: Rule) -> Kind:
    """What a rule is called; a plugin's own kind goes by that of the core which it extends."""
    if isinstance(rule, Deadline) and rule.of_case:
        return OF_CASE
    if isinstance(rule, Deadline) and rule.anchor == OF_MEETING:
        return OF_A_MEETING
    names = (kind.__name__ for kind in type(rule).__mro__)
    return next((KINDS[name] for name in names if name in KINDS), OTHER)


def where_seen(procedure: Procedure, rule: Rule) -> Where | None:
    """Where to see what a rule lays down, for the asker; None where no page shows it."""
    kind = kind_of(rule)
    if isinstance(rule, Statement) and rule.code == SCOPE:
        return Where("The page of the procedure", url_for("procedures.page", code=procedure.code))
    if isinstance(rule, Statement):
        address = url_for("procedures.statement", code=procedure.code, statement_code=rule.code)
        return Where(kind.where, address)
    if not kind.where:
        return None
    allowed = kind.endpoint in ACCESS and ACCESS[kind.endpoint].allows(asker.scope().roles)
    return Where(kind.where, url_for(kind.endpoint) if allowed else "")
