"""Answers on forms: as they stand, as they once stood, and saved against the version seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.domain.procedure.forms import Place
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Answer, AnswerVersion, PanelCase

NO_BOOKING = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it stands; ``version`` 0 is one that was never given."""

    value: str = ""
    version: int = 0
    saved_by: str = ""
    saved_at: datetime | None = None


NEVER = Stored()


def load(scope: Scope, case_id: int, booking_id: int = NO_BOOKING) -> dict[Place, Stored]:
    """The answers of a case's form, or (with a booking) of its decision page: one query."""
    return load_many(scope, [case_id], booking_id).get(case_id, {})


def load_many(
    scope: Scope, case_ids: Iterable[int], booking_id: int = NO_BOOKING
) -> dict[int, dict[Place, Stored]]:
    """The answers of the forms of cases as they stand, by case: one query."""
    rows = db.session.execute(
        sa.select(
            Answer.case_id,
            Answer.row,
            Answer.field,
            Answer.value,
            Answer.version,
            Account.name,
            Answer.saved_at,
        )
        .outerjoin(Account, Account.id == Answer.saved_by)
        .where(
            Answer.authority_id == scope.authority_id,
            Answer.case_id.in_(sorted(case_ids)),
            Answer.booking_id == booking_id,
        )
    )
    found: dict[int, dict[Place, Stored]] = {}
    for case_id, row, field, value, version, who, when in rows:
        found.setdefault(case_id, {})[Place(field, row)] = Stored(value, version, who or "", when)
    return found


def of_forms(scope: Scope, case_ids: Iterable[int]) -> dict[int, dict[Place, str]]:
    """The answers of the forms of cases, by case: one query."""
    rows = db.session.execute(
        sa.select(Answer.case_id, Answer.row, Answer.field, Answer.value).where(
            Answer.authority_id == scope.authority_id,
            Answer.case_id.in_(sorted(case_ids)),
            Answer.booking_id == NO_BOOKING,
        )
    )
    found: dict[int, dict[Place, str]] = {}
    for case_id, row, field, value in rows:
        found.setdefault(case_id, {})[Place(field, row)] = value
    return found


def lock(scope: Scope, case_id: int) -> None:
    """Let nobody else save answers of the case until this transaction ends."""
    db.session.execute(
        sa.select(PanelCase.id)
        .where(PanelCase.authority_id == scope.authority_id, PanelCase.id == case_id)
        .with_for_update()
    )


def as_seen(
    scope: Scope, case_id: int, booking_id: int, seen: Mapping[Place, int]
) -> dict[Place, str]:
    """The values that the answers had at the versions that somebody saw: one query."""
    rows = db.session.execute(
        sa.select(Answer.row, Answer.field, AnswerVersion.version, AnswerVersion.value)
        .join(AnswerVersion, AnswerVersion.answer_id == Answer.id)
        .where(
            Answer.authority_id == scope.authority_id,
            Answer.case_id == case_id,
            Answer.booking_id == booking_id,
            AnswerVersion.version.in_(set(seen.values())),
        )
    )
    return {
        Place(field, row): value
        for row, field, version, value in rows
        if seen.get(Place(field, row)) == version
    }


def save(
    scope: Scope, case_id: int, booking_id: int, values: Mapping[Place, str], at: datetime
) -> dict[Place, int]:
    """Save answers in the transaction under way and keep each value; gives the new versions.

    The caller has compared with what is stored, within this same transaction.
    """
    present = {
        Place(field, row): (answer_id, version)
        for answer_id, row, field, version in db.session.execute(
            sa.select(Answer.id, Answer.row, Answer.field, Answer.version).where(
                Answer.authority_id == scope.authority_id,
                Answer.case_id == case_id,
                Answer.booking_id == booking_id,
            )
        )
    }
    versions: dict[Place, int] = {}
    for place, value in values.items():
        saved = {"value": value, "saved_by": scope.account_id, "saved_at": at}
        if place in present:
            answer_id, before = present[place]
            version = before + 1
            db.session.execute(
                sa.update(Answer)
                .where(
                    Answer.authority_id == scope.authority_id,
                    Answer.id == answer_id,
                    Answer.version == before,
                )
                .values(version=version, **saved)
            )
        else:
            version = 1
            answer_id = db.session.execute(
                sa.insert(Answer)
                .values(
                    authority_id=scope.authority_id,
                    case_id=case_id,
                    booking_id=booking_id,
                    row=place.row,
                    field=place.field,
                    version=version,
                    **saved,
                )
                .returning(Answer.id)
            ).scalar_one()
        db.session.execute(
            sa.insert(AnswerVersion).values(
                authority_id=scope.authority_id, answer_id=answer_id, version=version, **saved
            )
        )
        versions[place] = version
    return versions
