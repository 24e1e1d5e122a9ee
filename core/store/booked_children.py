"""The children of booked cases: what tells whether they are to be heard, and what was lifted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.booked_child import Against, BookedChild, Joined, Said
from core.domain.child import ChildFacts
from core.domain.dates import day, london_day
from core.domain.naming import child_name
from core.store import care
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import (
    Account,
    CaseChild,
    Child,
    ChildMerge,
    ImportFile,
    ImportRun,
    LiftedFinding,
)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A finding that the chair lifted: the case is heard all the same, with who said so and why."""

    case_id: int
    child_id: int | None
    code: str
    fact_on: date | None
    why: str
    at: datetime
    who: str


def of_cases(scope: Scope, case_ids: Iterable[int]) -> dict[int, tuple[BookedChild, ...]]:
    """The children of cases whom the asker sees, and who are not withdrawn, by case.

    The queries do not grow with the cases.
    """
    wanted = sorted(set(case_ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(
            CaseChild.case_id,
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
        )
        .join(Child, Child.id == CaseChild.child_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.case_id.in_(wanted),
            CaseChild.withdrawn_at.is_(None),
            children_seen(scope),
        )
        .order_by(CaseChild.case_id, Child.born.is_(None), Child.born, Child.id)
    ).all()
    ids = {row.id for row in rows}
    facts = {one.child: one for one in care.facts_of(scope, ids)} if ids else {}
    joined = _joined(scope, ids) if ids else {}
    found: dict[int, tuple[BookedChild, ...]] = {}
    for row in rows:
        child = BookedChild(
            row.id,
            row.public_id,
            child_name(row.given_name, row.family_name, row.local_id),
            row.born,
            row.birth_expected,
            facts.get(row.local_id),
            joined.get(row.id, ()),
        )
        found[row.case_id] = (*found.get(row.case_id, ()), child)
    return found


def _joined(scope: Scope, ids: Collection[int]) -> dict[int, tuple[Joined, ...]]:
    """The records that were merged into these, where that stands."""
    other = aliased(Child)
    found: dict[int, tuple[Joined, ...]] = {}
    for kept_id, local_id, at in db.session.execute(
        sa.select(ChildMerge.kept_id, other.local_id, ChildMerge.made_at)
        .join(other, other.id == ChildMerge.merged_id)
        .where(
            ChildMerge.authority_id == scope.authority_id,
            ChildMerge.kept_id.in_(ids),
            ChildMerge.undone_at.is_(None),
        )
        .order_by(ChildMerge.made_at, ChildMerge.id)
    ):
        found[kept_id] = (*found.get(kept_id, ()), Joined(local_id, at))
    return found


def said_words(scope: Scope, children: Iterable[BookedChild]) -> Mapping[Said, str]:
    """Each source of these children's care in words: "from episodes.csv, line 2". Two queries."""
    said = {one for child in children if child.facts for one in _sources(child.facts)}
    files = {int(one.source.file) for one in said if one.source is not None}
    people = {one.by for one in said if one.by is not None}
    named = _files(scope, files) if files else {}
    typists = _names(scope, people) if people else {}
    return {one: _in_words(one, named, typists) for one in said}


def _files(scope: Scope, ids: Collection[int]) -> dict[int, tuple[str, date | None]]:
    """The names of files with the day of which each speaks; none speaks of a day to come."""
    return {
        file_id: (name, min(as_at, london_day(asked)) if as_at is not None else None)
        for file_id, name, as_at, asked in db.session.execute(
            sa.select(ImportFile.id, ImportFile.name, ImportRun.as_at, ImportRun.asked_at)
            .join(ImportRun, ImportRun.id == ImportFile.run_id)
            .where(ImportFile.authority_id == scope.authority_id, ImportFile.id.in_(ids))
        )
    }


def _names(scope: Scope, ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(
            Account.authority_id == scope.authority_id, Account.id.in_(ids)
        )
    )
    return {row[0]: row[1] for row in rows}


def _sources(facts: ChildFacts) -> Iterable[Said]:
    for row in facts.episodes:
        by = row.typed.by if row.typed is not None else None
        yield Said(row.source, by, row.typed is not None)
    for stated in facts.stated:
        yield Said(stated.source, typed=stated.source is None)


def _in_words(
    said: Said, files: Mapping[int, tuple[str, date | None]], people: Mapping[int, str]
) -> str:
    if said.source is not None:
        name, as_at = files.get(int(said.source.file), ("a file", None))
        line = f", line {said.source.line}" if said.source.line else ""
        return f"from {name}{line}{f', as at {day(as_at)}' if as_at else ''}"
    if said.typed:
        by = people.get(said.by or 0)
        return f"typed by {by}" if by else "typed into the record"
    return ""


def lifted(scope: Scope, case_ids: Iterable[int]) -> dict[int, tuple[Lifted, ...]]:
    """What the chair lifted of cases, by case, the latest first: one query."""
    found: dict[int, tuple[Lifted, ...]] = {}
    wanted = sorted(set(case_ids))
    if not wanted:
        return found
    for row in db.session.execute(
        sa.select(
            LiftedFinding.case_id,
            LiftedFinding.child_id,
            LiftedFinding.code,
            LiftedFinding.fact_on,
            LiftedFinding.why,
            LiftedFinding.lifted_at,
            sa.func.coalesce(Account.name, ""),
        )
        .outerjoin(Account, Account.id == LiftedFinding.lifted_by)
        .where(LiftedFinding.authority_id == scope.authority_id, LiftedFinding.case_id.in_(wanted))
        .order_by(LiftedFinding.id.desc())
    ):
        one = Lifted(*row)
        found[one.case_id] = (*found.get(one.case_id, ()), one)
    return found


def lift(scope: Scope, case_id: int, found: Iterable[Against], why: str, at: datetime) -> None:
    """Keep that the chair lifted these findings, in the transaction under way."""
    for one in found:
        db.session.execute(
            sa.insert(LiftedFinding).values(
                authority_id=scope.authority_id,
                case_id=case_id,
                child_id=one.child.id,
                code=one.code,
                fact_on=one.fact_on,
                said=one.message,
                why=why,
                lifted_at=at,
                lifted_by=scope.account_id,
            )
        )
