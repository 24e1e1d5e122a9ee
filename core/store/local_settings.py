"""The figures that an authority has set of its procedures: read, added and taken back."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.procedure.local import Setting
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, LocalSetting

_BY, _BACK = aliased(Account), aliased(Account)
_EVERY = (
    sa.select(
        LocalSetting.procedure_code,
        LocalSetting.body_code,
        LocalSetting.rule,
        LocalSetting.what,
        LocalSetting.value,
        LocalSetting.since,
        LocalSetting.why,
        sa.func.coalesce(_BY.name, ""),
        LocalSetting.set_at,
        LocalSetting.public_id,
        sa.func.coalesce(_BACK.name, ""),
        LocalSetting.taken_back_at,
    )
    .outerjoin(_BY, _BY.id == LocalSetting.set_by)
    .outerjoin(_BACK, _BACK.id == LocalSetting.taken_back_by)
    .where(LocalSetting.authority_id == sa.bindparam("authority_id"))
    .order_by(LocalSetting.since, LocalSetting.id)
)
"""Made once, because nearly every page asks it."""


def every(scope: Scope, procedure: str | None = None) -> list[Setting]:
    """Every setting ever, of all procedures or of one, those taken back too; by the first day."""
    query = _EVERY if procedure is None else _EVERY.where(LocalSetting.procedure_code == procedure)
    rows = db.session.execute(query, {"authority_id": scope.authority_id})
    return [Setting(*row) for row in rows]


def standing(scope: Scope) -> list[Setting]:
    """The settings of every day that were not taken back: one query."""
    return [setting for setting in every(scope) if setting.taken_back_at is None]


def add(
    scope: Scope, key: tuple[str, str, str, str], value: str, since: date, why: str, at: datetime
) -> str:
    """Set a figure (procedure, body, rule, what) from a day on; gives the setting's public id."""
    procedure, body, rule, what = key
    made = sa.insert(LocalSetting).values(
        authority_id=scope.authority_id,
        procedure_code=procedure,
        body_code=body,
        rule=rule,
        what=what,
        value=value,
        since=since,
        why=why,
        set_at=at,
        set_by=scope.account_id,
    )
    return str(db.session.execute(made.returning(LocalSetting.public_id)).scalar_one())


def take_back(scope: Scope, public_id: str, at: datetime) -> bool:
    """Take a setting back, as one made in error; False where it is not there or was taken back."""
    done = db.session.execute(
        sa.update(LocalSetting)
        .where(
            LocalSetting.authority_id == scope.authority_id,
            LocalSetting.public_id == public_id,
            LocalSetting.taken_back_at.is_(None),
        )
        .values(taken_back_at=at, taken_back_by=scope.account_id)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
