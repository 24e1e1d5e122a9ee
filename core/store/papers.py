"""Papers of children, cases and meetings: found and listed for who sees them, with versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from core.domain.meeting import MeetingState
from core.domain.paper import SEES_TAKEN_OUT, Of, wants_signature
from core.domain.sight import Relation, What, ways
from core.store.database import db
from core.store.meetings import meetings_seen
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen, sits_in
from core.store.tables import (
    Account,
    CaseChild,
    Child,
    Meeting,
    PanelCase,
    Paper,
    PaperVersion,
)
from core.store.withdrawn_sight import takes_part_in_all

PAGE = 50
VERSIONS_MOST = 200


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: a file (``media_type`` is not "") or a link; ``added_at`` is UTC."""

    id: int
    public_id: str
    number: int
    name: str
    stored_as: str
    media_type: str
    size: int
    sha256: str
    link: str
    scan: str
    scanned_at: datetime | None
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that the asker sees, with its latest version.

    Of the child, the case and the meeting one is there; ``procedure_code``, ``procedure_edition``
    and ``meeting_on`` are those of the case or the meeting. ``taken_out_at`` and ``signed_at`` are
    UTC; ``answers`` names who answers for it until it is signed.
    """

    id: int
    public_id: str
    version: int
    kind: str
    title: str
    dated: date | None
    child_id: int | None
    child_public_id: str | None
    case_id: int | None
    case_public_id: str | None
    meeting_id: int | None
    meeting_public_id: str | None
    procedure_code: str
    procedure_edition: str
    body_code: str
    meeting_on: date | None
    taken_out_at: datetime | None
    taken_out_by: str
    taken_out_why: str
    answers_id: int | None
    answers: str
    signed_at: datetime | None
    signed_by: str
    latest: VersionRow

    @property
    def of(self) -> Of:
        if self.child_id is not None:
            return Of.CHILD
        return Of.CASE if self.case_id is not None else Of.MEETING

    @property
    def unsigned(self) -> bool:
        """Whether it is of a kind that is signed, and nobody has yet."""
        return self.signed_at is None and wants_signature(self.kind)

    @property
    def owner(self) -> str:
        """The public id of what it belongs to."""
        return self.child_public_id or self.case_public_id or self.meeting_public_id or ""


def whole_meetings(scope: Scope) -> ColumnElement[bool]:
    """True for the meetings whose papers, which can name anybody, are the asker's to read.

    That is who sees every child, who is named chair, and who holds a post of the body, from when
    the agenda is circulated until the minutes are ratified; nobody who withdrew from an item of
    the meeting, which no paper of the whole meeting can leave out.
    """
    seen = sa.and_(meetings_seen(scope), takes_part_in_all(scope))
    if scope.everything or Relation.EVERY_CHILD in ways(scope.roles, What.PAPERS):
        return seen
    open_to_members = sa.and_(
        Meeting.circulated_at.is_not(None),
        Meeting.ratified_at.is_(None),
        Meeting.state != MeetingState.CANCELLED,
    )
    sits = sa.and_(sits_in(scope), open_to_members)
    return sa.and_(seen, sa.or_(sits, Meeting.chair_id == scope.account_id))


def papers_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the papers of what the asker sees; those taken out only for who keeps papers."""
    seen = sa.or_(
        Paper.child_id.in_(sa.select(Child.id).where(children_seen(scope, What.PAPERS))),
        Paper.case_id.in_(sa.select(PanelCase.id).where(cases_seen(scope))),
        Paper.meeting_id.in_(sa.select(Meeting.id).where(whole_meetings(scope))),
    )
    there = [Paper.authority_id == scope.authority_id, seen]
    if not (scope.everything or scope.has(*SEES_TAKEN_OUT)):
        there.append(Paper.taken_out_at.is_(None))
    return sa.and_(*there)


_VERSION = (
    PaperVersion.id,
    PaperVersion.public_id,
    PaperVersion.number,
    PaperVersion.name,
    PaperVersion.stored_as,
    PaperVersion.media_type,
    PaperVersion.size,
    PaperVersion.sha256,
    PaperVersion.link,
    PaperVersion.scan,
    PaperVersion.scanned_at,
    PaperVersion.added_at,
)


def _papers(scope: Scope) -> Any:
    """Papers that the asker sees, each with its latest version."""
    out, asked = aliased(Account), aliased(Meeting)
    answers, signed = aliased(Account), aliased(Account)
    latest = (
        sa.select(sa.func.max(PaperVersion.number))
        .where(PaperVersion.paper_id == Paper.id)
        .correlate(Paper)
        .scalar_subquery()
    )
    return (
        sa.select(
            Paper.id,
            Paper.public_id,
            Paper.version,
            Paper.kind,
            Paper.title,
            Paper.dated,
            Paper.child_id,
            Child.public_id,
            Paper.case_id,
            PanelCase.public_id,
            Paper.meeting_id,
            Meeting.public_id,
            sa.func.coalesce(PanelCase.procedure_code, Meeting.procedure_code, ""),
            sa.func.coalesce(PanelCase.procedure_edition, Meeting.procedure_edition, ""),
            sa.func.coalesce(PanelCase.body_code, Meeting.body_code, ""),
            sa.func.coalesce(Meeting.held_on, asked.held_on),
            Paper.taken_out_at,
            sa.func.coalesce(out.name, ""),
            Paper.taken_out_why,
            Paper.answers_id,
            sa.func.coalesce(answers.name, ""),
            Paper.signed_at,
            sa.func.coalesce(signed.name, ""),
            *_VERSION,
            sa.func.coalesce(Account.name, ""),
        )
        .join(
            PaperVersion,
            sa.and_(PaperVersion.paper_id == Paper.id, PaperVersion.number == latest),
        )
        .outerjoin(Child, Child.id == Paper.child_id)
        .outerjoin(PanelCase, PanelCase.id == Paper.case_id)
        .outerjoin(Meeting, Meeting.id == Paper.meeting_id)
        .outerjoin(asked, asked.id == PanelCase.meeting_id)
        .outerjoin(Account, Account.id == PaperVersion.added_by)
        .outerjoin(out, out.id == Paper.taken_out_by)
        .outerjoin(answers, answers.id == Paper.answers_id)
        .outerjoin(signed, signed.id == Paper.signed_by)
        .where(papers_seen(scope))
    )


def _row(values: Iterable[Any]) -> PaperRow:
    row = list(values)
    facts: tuple[Any, ...] = (*row[:23], VersionRow(*row[23:]))
    return PaperRow(*facts)


def belongs(of: Of, owner_id: int, *, cases: bool = True) -> ColumnElement[bool]:
    """True for the papers of a child (with ``cases`` those of its cases too), case or meeting."""
    if of is Of.CASE:
        return Paper.case_id == owner_id
    if of is Of.MEETING:
        return Paper.meeting_id == owner_id
    own = Paper.child_id == owner_id
    if not cases:
        return own
    of_cases = sa.select(CaseChild.case_id).where(CaseChild.child_id == owner_id)
    return sa.or_(own, Paper.case_id.in_(of_cases))


def listed(
    scope: Scope, of: Of, owner_id: int, *, taken_out: bool = False, page: int = 1, size: int = PAGE
) -> tuple[list[PaperRow], int]:
    """One page of papers, latest added first, and how many there are in all: two queries.

    Of a child come the papers of its cases too, those of the cases that the asker sees.
    """
    where = (
        belongs(of, owner_id),
        Paper.taken_out_at.is_not(None) if taken_out else Paper.taken_out_at.is_(None),
    )
    total = db.session.execute(
        sa.select(sa.func.count()).select_from(Paper).where(papers_seen(scope), *where)
    ).scalar_one()
    rows = db.session.execute(
        _papers(scope)
        .where(*where)
        .order_by(PaperVersion.added_at.desc(), Paper.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [_row(row) for row in rows], int(total)


def of_agenda(
    scope: Scope, meeting_id: int, case_ids: Iterable[int], child_ids: Iterable[int]
) -> list[PaperRow]:
    """The papers of a meeting, of cases and of children that the asker sees and that are given out.

    One query, however many there are.
    """
    rows = db.session.execute(
        _papers(scope).where(
            Paper.taken_out_at.is_(None),
            sa.or_(
                Paper.meeting_id == meeting_id,
                Paper.case_id.in_(sorted(case_ids)),
                Paper.child_id.in_(sorted(child_ids)),
            ),
        )
    )
    return [_row(row) for row in rows]


def count(scope: Scope, of: Of, owner_id: int, *, taken_out: bool = False) -> int:
    """How many papers the asker sees of a child, a case or a meeting."""
    return int(
        db.session.execute(
            sa.select(sa.func.count())
            .select_from(Paper)
            .where(
                papers_seen(scope),
                belongs(of, owner_id),
                Paper.taken_out_at.is_not(None) if taken_out else Paper.taken_out_at.is_(None),
            )
        ).scalar_one()
    )


def find(scope: Scope, public_id: str, *, lock: bool = False) -> PaperRow | None:
    """A paper that the asker sees; ``lock`` holds it until the transaction ends."""
    if lock:
        held = sa.select(Paper.id).where(
            Paper.authority_id == scope.authority_id, Paper.public_id == public_id
        )
        db.session.execute(held.with_for_update())
    row = db.session.execute(_papers(scope).where(Paper.public_id == public_id)).first()
    return _row(row) if row else None


def find_version(scope: Scope, public_id: str) -> tuple[PaperRow, VersionRow] | None:
    """A version, with its paper, where the asker sees the paper."""
    paper_public = db.session.execute(
        sa.select(Paper.public_id)
        .join(PaperVersion, PaperVersion.paper_id == Paper.id)
        .where(Paper.authority_id == scope.authority_id, PaperVersion.public_id == public_id)
    ).scalar()
    paper = find(scope, paper_public) if paper_public else None
    if paper is None:
        return None
    row = db.session.execute(_versions(scope, paper.id, PaperVersion.public_id == public_id)).one()
    return paper, VersionRow(*row)


def versions(scope: Scope, paper_id: int) -> list[VersionRow]:
    """The versions of a paper that the asker has been found to see, latest first."""
    rows = db.session.execute(
        _versions(scope, paper_id).order_by(PaperVersion.number.desc()).limit(VERSIONS_MOST)
    )
    return [VersionRow(*row) for row in rows]


def _versions(scope: Scope, paper_id: int, *where: ColumnElement[bool]) -> Any:
    return (
        sa.select(*_VERSION, sa.func.coalesce(Account.name, ""))
        .outerjoin(Account, Account.id == PaperVersion.added_by)
        .where(
            PaperVersion.authority_id == scope.authority_id,
            PaperVersion.paper_id == paper_id,
            *where,
        )
    )


def owner_id(scope: Scope, of: Of, public_id: str) -> int | None:
    """The id of a child, a case or a meeting whose papers are the asker's to see."""
    found: dict[Of, tuple[Any, ColumnElement[bool]]] = {
        Of.CHILD: (Child, children_seen(scope, What.PAPERS)),
        Of.CASE: (PanelCase, cases_seen(scope)),
        Of.MEETING: (Meeting, whole_meetings(scope)),
    }
    table, seen = found[of]
    query = sa.select(table.id).where(seen, table.public_id == public_id)
    found_id = db.session.execute(query).scalar()
    return int(found_id) if found_id is not None else None


def children_of(scope: Scope, paper: PaperRow) -> list[str]:
    """The public ids of the children whom the asker sees and whose paper this is."""
    if paper.of is Of.CHILD:
        return [paper.owner]
    if paper.of is Of.MEETING:
        return []
    rows = db.session.execute(
        sa.select(Child.public_id)
        .join(CaseChild, CaseChild.child_id == Child.id)
        .where(children_seen(scope, What.PAPERS), CaseChild.case_id == paper.case_id)
        .order_by(Child.id)
    )
    return list(rows.scalars())
