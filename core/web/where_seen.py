"""What a kind of rule is called, and where in the running app what it lays down is to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import url_for

from core.domain.dated import OF_MEETING
from core.domain.planning_record import PAPERS
from core.domain.procedure import Procedure, Statement
from core.domain.procedure.checks import Check, Step
from core.domain.procedure.rule import Rule
from core.domain.procedure.timetable import Deadline
from core.domain.procedure.watches import Watch
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
PLANNING = "A planning meeting: open a child, its planning meetings"
APPROVALS = "The approvals of a child: open a child, then Approvals"
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
        "ViewsHeard": Kind("views", f"{PLANNING}, Papers and views", CHILDREN),
        "Approval": Kind("approval of a plan", APPROVALS, CHILDREN),
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
STEPS: Mapping[Step, str] = MappingProxyType(
    {
        Step.AGREE_PLAN: f"{APPROVALS}, under what stands against the plan",
        Step.BOOK_ADM: f"{APPROVALS}, under the agency decision maker; and where it is referred",
        Step.RECORD: "The record of a child, where an entry is typed: open a child, then Record",
    }
)
"""Where a check is seen that is not made of a case."""
PLANS_REVIEWED, PLANS = "plans-reviewed", "The plans to review, and the page of each child"
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


def _about_one_child(procedure: Procedure, rule: Rule) -> str:
    """Where the rules of a meeting about one child are seen; "" for a rule that is none of them."""
    for body in procedure.bodies:
        if not body.of_one_child:
            continue
        if any(rule is one for one in (body, *body.posts, *body.membership, *body.invited)):
            return f"{PLANNING}, People"
        form = procedure.form(body.record) if body.record else None
        if form is not None and any(rule is one for one in (form, *form.sections)):
            of_papers = getattr(rule, "code", "") == PAPERS
            return f"{PLANNING}, {'Papers and views' if of_papers else 'Record'}"
    return ""


def kind_here(procedure: Procedure, rule: Rule) -> Kind:
    """A rule's kind as it is seen in this procedure: on the page that shows this very rule."""
    kind = kind_of(rule)
    if where := _about_one_child(procedure, rule):
        return Kind(kind.words, where, CHILDREN)
    if isinstance(rule, Check) and rule.step in STEPS:
        return replace(kind, where=STEPS[rule.step])
    if isinstance(rule, Watch) and rule.code == PLANS_REVIEWED:
        return Kind(kind.words, PLANS, "plans.page")
    return kind


def where_seen(procedure: Procedure, rule: Rule) -> Where | None:
    """Where to see what a rule lays down, for the asker; None where no page shows it."""
    kind = kind_here(procedure, rule)
    if isinstance(rule, Statement) and rule.code == SCOPE:
        return Where("The page of the procedure", url_for("procedures.page", code=procedure.code))
    if isinstance(rule, Statement):
        address = url_for("procedures.statement", code=procedure.code, statement_code=rule.code)
        return Where(kind.where, address)
    if not kind.where:
        return None
    allowed = kind.endpoint in ACCESS and ACCESS[kind.endpoint].allows(asker.scope().roles)
    return Where(kind.where, url_for(kind.endpoint) if allowed else "")
