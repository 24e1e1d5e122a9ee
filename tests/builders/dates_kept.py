"""Deadlines of children, as the worker keeps them."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from builders.house import House

from core.store.database import db, writing
from core.store.tables import DeadlineRow

SOON = {"first-ppm": 7, "plan-agreed": 14, "residential-reviewed": 7}


def dated(house: House, child_id: int, code: str, due: date | None, **more: object) -> int:
    """Keep a deadline of a child, as the worker would have."""
    with writing():
        made = db.session.execute(
            sa.insert(DeadlineRow)
            .values(
                authority_id=house.authority_id,
                child_id=child_id,
                procedure_code=house.code,
                procedure_edition="",
                code=code,
                due=due,
                soon_on=due - timedelta(days=SOON[code]) if due else None,
                **{"why": "4 weeks from becoming looked after", **more},
            )
            .returning(DeadlineRow.id)
        )
        return int(made.scalar_one())
