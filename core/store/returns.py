"""The reads and writes of applying a return, set by set, for one authority."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from core.domain.care import LOOKED_AFTER
from core.domain.child import ChildFacts
from core.domain.stated_care import LIST_8
from core.store import bulk
from core.store.care import facts_of
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Authority, CareSummary, Child, Episode
from core.store.tables.columns import random_id
from core.store.tables.record import EntryStatement


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child who is in the record already, with the identity in use.

    ``said_of`` is the local id by which files name the child where that record was merged into
    this one, whose own is ``local_id``; "" where they are the same.
    """

    id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool
    sex: str
    ethnicity: str
    disability: str
    languages: str
    upn: str
    sibling_group: str | None
    team_id: int | None
    said_of: str = ""


def record_version(scope: Scope) -> int:
    """The version of the authority's record; held still by ``authorities.lock``."""
    query = sa.select(Authority.record_version).where(Authority.id == scope.authority_id)
    return int(db.session.execute(query).scalar_one())


def move_record(scope: Scope) -> None:
    """Say that the record has moved, in the transaction under way."""
    db.session.execute(
        sa.update(Authority)
        .where(Authority.id == scope.authority_id)
        .values(record_version=Authority.record_version + 1)
    )


def known_children(scope: Scope) -> dict[str, KnownChild]:
    """Every child by each local id that names them: also those that were merged into another."""
    rows = db.session.execute(
        sa.select(
            Child.merged_into_id,
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
            Child.sex,
            Child.ethnicity,
            Child.disability,
            Child.languages,
            Child.upn,
            Child.sibling_group,
            Child.team_id,
        ).where(Child.authority_id == scope.authority_id)
    )
    found: dict[int, KnownChild] = {}
    merged: dict[int, int] = {}
    for into, *values in rows:
        found[values[0]] = KnownChild(*values)
        if into is not None:
            merged[values[0]] = into
    known: dict[str, KnownChild] = {}
    for child_id, child in found.items():
        kept, seen = child_id, {child_id}
        while kept in merged and merged[kept] not in seen:
            kept = merged[kept]
            seen.add(kept)
        said_of = child.local_id if kept != child_id else ""
        known[child.local_id] = replace(found[kept], said_of=said_of)
    return known


def summaries(scope: Scope) -> dict[int, dict[str, Any]]:
    """What is derived of each child now, by the child's id: what the preview compares."""
    rows = db.session.execute(
        sa.select(
            CareSummary.child_id,
            CareSummary.status,
            CareSummary.became_looked_after,
            CareSummary.ceased,
            CareSummary.legal_status,
            CareSummary.placement,
            CareSummary.base_placement,
            CareSummary.latest_review,
        ).where(CareSummary.authority_id == scope.authority_id)
    )
    return {row.child_id: row._asdict() for row in rows}


def open_children(
    scope: Scope, *, without: Collection[str], listed: bool = False
) -> list[ChildFacts]:
    """The facts of the children looked after who are not named: a later file may lack them.

    Those of a return, or with ``listed`` those of whom only lists of children in care tell.
    """
    own = (Episode.authority_id == scope.authority_id, Episode.child_id == Child.id)
    returned = sa.exists().where(*own, Episode.year.is_not(None))
    in_lists = sa.and_(
        sa.exists().where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id == Child.id,
            EntryStatement.format == LIST_8,
        ),
        ~sa.exists().where(*own),
    )
    rows = db.session.execute(
        sa.select(Child.id, Child.local_id)
        .join(CareSummary, CareSummary.child_id == Child.id)
        .where(
            Child.authority_id == scope.authority_id,
            Child.merged_into_id.is_(None),
            CareSummary.status == LOOKED_AFTER,
            in_lists if listed else returned,
        )
    )
    ids = [child_id for child_id, local in rows if local not in without]
    return list(facts_of(scope, ids)) if ids else []


def new_public_id() -> str:
    """An address for a child who is to be added."""
    return random_id()


def add_children(
    scope: Scope, children: Mapping[str, Mapping[str, Any]], public_ids: Mapping[str, str]
) -> dict[str, int]:
    """Add children by local id, with the public ids chosen for them; gives their ids."""
    if not children:
        return {}
    usual = {
        "given_name": "", "family_name": "", "born": None, "birth_expected": False, "sex": "",
        "ethnicity": "", "disability": "", "languages": "", "upn": "", "sibling_group": None,
    }  # fmt: skip
    db.session.execute(
        sa.insert(Child.__table__),  # type: ignore[arg-type]
        [
            {
                "authority_id": scope.authority_id,
                "public_id": public_ids[local],
                "local_id": local,
                "version": 1,
                **usual,
                **values,
            }
            for local, values in children.items()
        ],
    )
    bulk.grown(Child, len(children))
    rows = db.session.execute(
        sa.select(Child.local_id, Child.id).where(Child.authority_id == scope.authority_id)
    )
    return {local: child_id for local, child_id in rows if local in children}


def update_children(scope: Scope, children: Mapping[int, Mapping[str, Any]]) -> None:
    """Set the identity in use of children by id; a field that is not given stays."""

    def fields(item: tuple[int, Mapping[str, Any]]) -> tuple[str, ...]:
        return tuple(sorted(item[1]))

    for names, group in groupby(sorted(children.items(), key=fields), key=fields):
        if names:
            table = Child.__table__
            db.session.execute(
                sa.update(table)  # type: ignore[arg-type]
                .where(
                    table.c.authority_id == scope.authority_id,
                    table.c.id == sa.bindparam("of_child"),
                )
                .values(
                    version=table.c.version + 1,
                    **{name: sa.bindparam(f"new_{name}") for name in names},
                ),
                [
                    {"of_child": child_id, **{f"new_{name}": values[name] for name in names}}
                    for child_id, values in group
                ],
            )
