"""The reads and writes of applying a return, set by set, for one authority."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from core.domain.care import LOOKED_AFTER
from core.domain.child import ChildFacts
from core.store.care import batches, facts_of
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Authority, CareSummary, Child, Episode, IdentityFact
from core.store.tables.columns import random_id


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child who is in the record already, with the identity in use."""

    id: int
    born: date | None
    sex: str
    ethnicity: str
    upn: str
    public_id: str


@dataclass(frozen=True, slots=True)
class StoredIdentity:
    field: str
    value: str
    year: int | None


def record_version(scope: Scope, *, lock: bool = False) -> int:
    """The version of the authority's record; locked against other imports where asked.

    The lock lets others add rows that point at the authority, as nearly every row does.
    """
    query = sa.select(Authority.record_version).where(Authority.id == scope.authority_id)
    return int(
        db.session.execute(query.with_for_update(key_share=True) if lock else query).scalar_one()
    )


def move_record(scope: Scope) -> None:
    """Say that the record has moved, in the transaction under way."""
    db.session.execute(
        sa.update(Authority)
        .where(Authority.id == scope.authority_id)
        .values(record_version=Authority.record_version + 1)
    )


def known_children(scope: Scope) -> dict[str, KnownChild]:
    rows = db.session.execute(
        sa.select(
            Child.local_id,
            Child.id,
            Child.born,
            Child.sex,
            Child.ethnicity,
            Child.upn,
            Child.public_id,
        ).where(Child.authority_id == scope.authority_id)
    )
    return {row[0]: KnownChild(*row[1:]) for row in rows}


def identity_facts(scope: Scope, ids: Collection[int]) -> dict[int, list[StoredIdentity]]:
    """What returns state of these children's identity, in the order in which it was stored."""
    found: dict[int, list[StoredIdentity]] = {}
    for batch in batches(ids):
        rows = db.session.execute(
            sa.select(
                IdentityFact.child_id, IdentityFact.field, IdentityFact.value, IdentityFact.year
            )
            .where(
                IdentityFact.authority_id == scope.authority_id, IdentityFact.child_id.in_(batch)
            )
            .order_by(IdentityFact.id)
        )
        for child_id, field, value, year in rows:
            found.setdefault(child_id, []).append(StoredIdentity(field, value, year))
    return found


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


def open_children(scope: Scope, *, without: Collection[str]) -> list[ChildFacts]:
    """The facts of the children looked after who are not named: a later file may lack them."""
    rows = db.session.execute(
        sa.select(Child.id, Child.local_id)
        .join(CareSummary, CareSummary.child_id == Child.id)
        .where(
            Child.authority_id == scope.authority_id,
            CareSummary.status == LOOKED_AFTER,
            sa.exists().where(Episode.child_id == Child.id, Episode.year.is_not(None)),
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
    usual = {"born": None, "sex": "", "ethnicity": "", "upn": ""}
    db.session.execute(
        sa.insert(Child.__table__),  # type: ignore[arg-type]
        [
            {
                "authority_id": scope.authority_id,
                "public_id": public_ids[local],
                "local_id": local,
                "given_name": "",
                "family_name": "",
                "version": 1,
                **usual,
                **values,
            }
            for local, values in children.items()
        ],
    )
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
