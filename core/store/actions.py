"""Actions as pages show them: one of them, or a page of the tracker, and their saving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from core.domain import action as domain
from core.domain.sight import What
from core.store import action_states, board_marks, items
from core.store.action_closed import kept_from, kept_from_owner
from core.store.action_notes import times_moved, times_rolled
from core.store.database import db
from core.store.items import ItemChild
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen, managed
from core.store.tables import (
    Account,
    Action,
    Booking,
    CaseChild,
    Child,
    Decision,
    ImportFile,
    Meeting,
    PanelCase,
)
from core.store.withdrawn_sight import takes_part

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One action: of a decision, or of a child where it came from an authority's own tracker.

    ``case_seen`` and ``child_seen`` are false where the asker owns it and does not see its case or
    child; what is of a decision is None or "" for one that came from a tracker, whose ``file``,
    ``line`` and day are given. ``booking_public_id`` is None for who withdrew from the item too.
    ``owner_active`` is false where the owner can sign in no more. ``rolled`` is at how many
    meetings it stood overdue, ``moved`` how often its day was moved. ``manages``: the asker manages
    the team or the service of a child of it.
    """

    id: int
    public_id: str
    version: int
    what: str
    done_means: str
    owner_id: int | None
    owner: str
    owner_active: bool | None
    due: date
    first_due: date
    due_why: str
    progress: str
    done_on: date | None
    done_words: str
    said_by: int | None
    said_by_name: str | None
    accepted_on: date | None
    ended_on: date | None
    ended_why: str
    rolled: int
    moved: int
    case_id: int | None
    case_public_id: str | None
    booking_public_id: str | None
    decided_on: date | None
    outcome_code: str
    meeting_id: int | None
    body_code: str | None
    procedure_code: str | None
    procedure_edition: str | None
    theme: str | None
    ratified_at: datetime | None
    child_id: int | None
    as_at: date | None
    file: str | None
    line: int | None
    case_seen: bool
    child_seen: bool
    manages: bool

    def state(self, on: date) -> domain.ActionState:
        return domain.state(
            self.due,
            on,
            done_on=self.done_on,
            accepted_on=self.accepted_on,
            ended_on=self.ended_on,
        )

    @property
    def seen(self) -> bool:
        """Whether the asker sees of whom it is."""
        return self.case_seen or self.child_seen

    @property
    def is_open(self) -> bool:
        return self.accepted_on is None and self.ended_on is None

    @property
    def waits(self) -> bool:
        """Whether it is said to be done and waits for somebody else to accept that."""
        return self.is_open and self.done_on is not None

    @property
    def without_owner(self) -> bool:
        """Whether nobody who can sign in has it."""
        return self.owner_id is None or not self.owner_active


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions a list is to show, and how.

    ``whose`` is "mine", "team" (of the children whose team or service the asker manages), "nobody"
    (the owner can sign in no more, or there is none) or "all";
    ``show`` "open", "late", "said", "done", "ended" or "all". ``body`` is a procedure's code and
    a body's; ``theme`` that of the meeting (a cohort). ``child_id`` is of a child whom the asker
    sees. ``sort`` is a key of ``SORTS``; grouped by child it comes second.
    """

    whose: str = "mine"
    show: str = "open"
    rolled: int = 0
    body: tuple[str, str] | None = None
    theme: str = ""
    child_id: int | None = None
    sort: str = "due"
    by_child: bool = False
    page: int = 1


def of_child(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """True for the actions of a case with such a child, and of such a child itself."""
    of_case = (
        sa.select(CaseChild.case_id)
        .join(Child, Child.id == CaseChild.child_id)
        .where(CaseChild.withdrawn_at.is_(None), condition)
        .correlate(None)
    )
    itself = sa.select(Child.id).where(condition).correlate(None)
    return sa.or_(Action.case_id.in_(of_case), Action.child_id.in_(itself))


def case_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the actions of a case that the asker sees."""
    return sa.exists().where(PanelCase.id == Action.case_id, cases_seen(scope)).correlate(Action)


def child_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the actions of trackers of a child whose cases the asker sees."""
    return (
        sa.exists()
        .where(Child.id == Action.child_id, children_seen(scope, What.CASES))
        .correlate(Action)
    )


def seen_or_owned(scope: Scope) -> ColumnElement[bool]:
    """True for the actions of the asker and those they stand in for, and of what they see."""
    mine = sa.and_(Action.owner_id.in_(scope.stands_for), sa.not_(kept_from(scope)))
    return sa.and_(
        Action.authority_id == scope.authority_id,
        sa.or_(mine, case_seen(scope), child_seen(scope)),
    )


def _columns(scope: Scope) -> tuple[ColumnElement[Any], ...]:
    of_case = sa.select(PanelCase.public_id).where(PanelCase.id == Action.case_id)
    owner = aliased(Account)
    active = sa.select(owner.active).where(owner.id == Action.owner_id).scalar_subquery()
    sayer = aliased(Account)
    said_by = sa.select(sayer.name).where(sayer.id == Action.said_by).scalar_subquery()
    named: dict[str, Any] = {
        "owner": Action.owner_name,
        "owner_active": active,
        "said_by_name": said_by,
        "rolled": times_rolled(),
        "moved": times_moved(),
        "case_public_id": of_case.scalar_subquery(),
        "booking_public_id": sa.case((takes_part(scope), Booking.public_id)),
        "file": ImportFile.name,
        "line": Action.import_line,
        "case_seen": case_seen(scope),
        "child_seen": child_seen(scope),
        "manages": of_child(managed(scope)),
    }
    plain: list[Any] = [
        Action.id, Action.public_id, Action.version, Action.what, Action.done_means,
        Action.owner_id, Action.due, Action.first_due, Action.due_why, Action.progress,
        Action.done_on, Action.done_words, Action.said_by, Action.accepted_on, Action.ended_on,
        Action.ended_why, Action.case_id, Action.outcome_code, Action.child_id, Action.as_at,
        Decision.decided_on, Decision.meeting_id, Meeting.body_code, Meeting.procedure_code,
        Meeting.procedure_edition, Meeting.theme, Meeting.ratified_at,
    ]  # fmt: skip
    return (*plain, *(expression.label(name) for name, expression in named.items()))


def _where(scope: Scope, *columns: Any) -> sa.Select[Any]:
    """The actions of the asker and those they stand in for, and of what they see."""
    return (
        sa.select(*columns)
        .select_from(Action)
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .outerjoin(Booking, Booking.id == Decision.booking_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(ImportFile, ImportFile.id == Action.import_file_id)
        .where(seen_or_owned(scope))
    )


def _row(row: Any) -> ActionRow:
    facts = dict(row._mapping)
    for name in ("case_seen", "child_seen", "manages"):
        facts[name] = bool(facts[name])
    return ActionRow(**facts)


SHOWN = {
    "open": action_states.open_on,
    "late": action_states.late_on,
    "said": action_states.said_on,
    "done": action_states.done_on,
    "ended": action_states.ended_on,
}
SORTS: Mapping[str, tuple[Any, ...]] = {
    "due": (Action.due,),
    "first-due": (Action.first_due,),
    "owner": (Action.owner_name, Action.due),
    "rolled": (times_rolled().desc(), Action.due),
    "moved": (times_moved().desc(), Action.due),
}


def _filtered(scope: Scope, wanted: Wanted, *columns: Any) -> sa.Select[Any]:
    query = _where(scope, *columns)
    if wanted.whose == "mine":
        query = query.where(Action.owner_id.in_(scope.stands_for))
    elif wanted.whose == "team":
        query = query.where(of_child(managed(scope)))
    elif wanted.whose == "nobody":
        query = query.where(_unowned(scope))
    if wanted.show in SHOWN:
        query = query.where(SHOWN[wanted.show](scope.on))
    if wanted.rolled:
        query = query.where(times_rolled() >= wanted.rolled)
    if wanted.body is not None:
        procedure, body = wanted.body
        query = query.where(Meeting.procedure_code == procedure, Meeting.body_code == body)
    if wanted.theme:
        query = query.where(Meeting.theme == wanted.theme)
    if wanted.child_id is not None:
        seen = sa.or_(case_seen(scope), child_seen(scope))
        query = query.where(of_child(Child.id == wanted.child_id), seen)
    return query


def _unowned(scope: Scope) -> ColumnElement[bool]:
    """True for the actions that nobody has who can sign in and is not kept from the child."""
    owner = aliased(Account)
    active = sa.exists().where(owner.id == Action.owner_id, owner.active).correlate(Action)
    return sa.or_(Action.owner_id.is_(None), sa.not_(active), kept_from_owner(scope.on))


def some(
    scope: Scope, wanted: Wanted, by: ColumnElement[Any], most: int, *which: ColumnElement[bool]
) -> Some[ActionRow]:
    """The first so many of what is wanted and fulfils these conditions too."""
    query = _filtered(scope, wanted, *_columns(scope)).where(*which)
    rows = first(query.order_by(by, Action.id), most)
    return Some(map(_row, rows), rows.more)


def unowned(scope: Scope, *, everywhere: bool) -> tuple[int, date | None]:
    """How many open actions nobody has who can sign in, and the first day by which one is due.

    ``everywhere``, or of the children whose team or service the asker manages.
    """
    wanted = Wanted(whose="nobody", show="open")
    query = _filtered(scope, wanted, sa.func.count(), sa.func.min(Action.due)).where(
        action_states.undone_on(scope.on), sa.or_(case_seen(scope), child_seen(scope))
    )
    if not everywhere:
        query = query.where(of_child(managed(scope)))
    row = db.session.execute(query).one()
    return row[0], row[1]


def _ordered(scope: Scope, wanted: Wanted, query: sa.Select[Any]) -> sa.Select[Any]:
    by = SORTS.get(wanted.sort, SORTS["due"])
    if wanted.show == "done" and wanted.sort == "due":
        by = (Action.accepted_on.desc(),)
    if wanted.by_child:
        by = (*_first_child(scope), *by)
    return query.order_by(*by, Action.id)


def _first_child(scope: Scope) -> tuple[Any, ...]:
    """The family name and id of the first child of an action; of one not seen, none: last."""
    first = (
        sa.select(sa.func.min(CaseChild.child_id))
        .where(CaseChild.case_id == Action.case_id, case_seen(scope))
        .correlate(Action)
        .scalar_subquery()
    )
    own = sa.case((child_seen(scope), Action.child_id))
    child_id = sa.func.coalesce(own, first)
    whose = aliased(Child)
    name = sa.select(whose.family_name).where(whose.id == child_id).correlate(Action)
    return child_id.is_(None), name.scalar_subquery(), child_id


def listed(scope: Scope, wanted: Wanted) -> tuple[list[ActionRow], int]:
    """One page of actions, as asked for, and how many there are: two queries."""
    only_ids = _filtered(scope, wanted, Action.id).subquery()
    count = db.session.execute(sa.select(sa.func.count()).select_from(only_ids)).scalar_one()
    query = _ordered(scope, wanted, _filtered(scope, wanted, *_columns(scope)))
    rows = db.session.execute(query.limit(PAGE).offset((wanted.page - 1) * PAGE))
    return [_row(row) for row in rows], count


def ids(scope: Scope, wanted: Wanted, most: int) -> list[int]:
    """The ids of what a list would show over all its pages, in its order: so many at most."""
    query = _ordered(scope, wanted, _filtered(scope, wanted, Action.id))
    return list(db.session.scalars(query.limit(most)))


def of_ids(scope: Scope, some: Sequence[int]) -> list[ActionRow]:
    """Those of these actions that the asker sees or owns, in the order given: one query."""
    query = _where(scope, *_columns(scope)).where(Action.id.in_(some))
    found = {row.id: _row(row) for row in db.session.execute(query)}
    return [found[one] for one in some if one in found]


def find(scope: Scope, public_id: str) -> ActionRow | None:
    query = _where(scope, *_columns(scope)).where(Action.public_id == public_id)
    row = db.session.execute(query).first()
    return _row(row) if row else None


def children_of(scope: Scope, rows: Iterable[ActionRow]) -> Mapping[int, list[ItemChild]]:
    """The children whom the asker sees, by the action's id: two queries at most."""
    rows = list(rows)
    of_case: dict[int, list[ItemChild]] = defaultdict(list)
    case_ids = {row.case_id for row in rows if row.case_seen and row.case_id is not None}
    for child in items.children(scope, case_ids) if case_ids else ():
        of_case[child.case_id].append(child)
    child_ids = {row.child_id for row in rows if row.child_id is not None}
    seen = {child.id: child for child in items.children_of_ids(scope, child_ids)}
    found: dict[int, list[ItemChild]] = {}
    for row in rows:
        own = [seen[row.child_id]] if row.child_id in seen else []
        found[row.id] = [*of_case.get(row.case_id or 0, ()), *own]
    return found


def save(
    scope: Scope, action_id: int, seen: int, values: Mapping[str, Any], *, settled: bool = False
) -> bool:
    """Save against the version seen, in the transaction under way; false where it has moved on.

    One that is accepted or ended is saved only where ``settled`` says so.
    """
    board_marks.acted(scope, [action_id])
    query = sa.update(Action).where(
        Action.authority_id == scope.authority_id,
        Action.id == action_id,
        Action.version == seen,
    )
    if not settled:
        query = query.where(action_states.still_open())
    done = db.session.execute(query.values(version=seen + 1, **values))
    return bool(done.rowcount)  # type: ignore[attr-defined]
