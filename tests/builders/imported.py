"""Rows of an imported return, put straight into the tables with their file and line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from builders.house import House

from core.store.database import db, writing
from core.store.tables import Episode, IdentityFact, ImportFile, ImportRun

AT = datetime(2026, 4, 20, 9, 0)


def returned(house: House, year: int = 2026, name: str = "episodes.csv") -> int:
    """A file of an applied return of a collection year; gives its id."""
    own = {"authority_id": house.authority_id}
    with writing():
        run_id = db.session.execute(
            sa.insert(ImportRun)
            .values(
                **own,
                state="applied",
                asked_at=AT,
                changed_at=AT,
                year=year,
                as_at=date(year, 3, 31),
                counts={"episodes": 1},
            )
            .returning(ImportRun.id)
        ).scalar_one()
        return int(
            db.session.execute(
                sa.insert(ImportFile)
                .values(**own, run_id=run_id, name=name, size=1)
                .returning(ImportFile.id)
            ).scalar_one()
        )


def put(house: House, table: type[Any], child_id: int, file_id: int, **values: Any) -> None:
    """One row of a child from a line of a file."""
    with writing():
        db.session.execute(
            sa.insert(table).values(
                authority_id=house.authority_id,
                child_id=child_id,
                import_file_id=file_id,
                **{"import_line": 2, "year": 2026, **values},
            )
        )


def episode(house: House, child_id: int, file_id: int, decom: date, **values: Any) -> None:
    """An episode of a return: an interim care order, in foster care, and still so."""
    usual = {"rne": "S", "ls": "C1", "cin": "N1", "place": "U6", "place_provider": "PR1",
             "dec": None, "rec": "", "reason_place_change": ""}  # fmt: skip
    put(house, Episode, child_id, file_id, decom=decom, **{**usual, **values})


def said(house: House, child_id: int, file_id: int, field: str, value: str) -> None:
    """A part of an identity as a return states it."""
    put(house, IdentityFact, child_id, file_id, field=field, value=value)
