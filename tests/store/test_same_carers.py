"""Whether a placement began with the same carers, as the row with which it began says."""

from __future__ import annotations

import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import bring_in, rows, text
from builders.uploaded import CHILD, EPISODES, HEADER

from core.domain.care_typing import CARE_KINDS
from core.store import care_rows, courses
from core.store.database import db
from core.store.tables import Child, Placement
from core.usecases.care import save_row

ROWS = (
    "0101,01/09/2025,S,C2,N1,U4,PR1,01/10/2025,X1,PLACE,,,",
    "0101,01/10/2025,T,C2,N1,U4,PR4,01/11/2025,X1,,,,",
    "0101,01/11/2025,L,E1,N1,U4,PR4,01/12/2025,X1,CHILD,,,",
    "0101,01/12/2025,P,E1,N1,U4,PR4,05/01/2026,X1,PLACE,,,",
    "0101,05/01/2026,U,C2,N1,U1,PR4,,,,,,",
)


def test_a_placement_that_began_with_reason_t_or_u_is_with_the_same_carers(house: House) -> None:
    bring_in(
        house,
        {"episodes.csv": text(EPISODES, *ROWS), "header.csv": text(HEADER, CHILD)},
    )
    ((child_id, found),) = courses.dates_of(house.whole, _ids(house)).items()
    assert child_id
    assert [(one.start.month, one.code, one.same_carers) for one in found.placements] == [
        (9, "U4", False),
        (10, "U4", True),
        (12, "U4", False),
        (1, "U1", True),
    ]
    assert not any(one.same_carers for one in (*found.periods, *found.statuses))


def test_a_row_that_a_person_typed_tells_it_in_the_place_of_the_one_it_corrects(
    house: House,
) -> None:
    bring_in(
        house,
        {"episodes.csv": text(EPISODES, *ROWS), "header.csv": text(HEADER, CHILD)},
    )
    (child_id,) = _ids(house)
    kind = CARE_KINDS["episode"]
    started = {"2025-12-01": "T", "2025-10-01": "P"}
    found = {row.values["decom"]: row for row in care_rows.rows(house.whole, child_id, kind)}
    (public_id,) = db.session.scalars(sa.select(Child.public_id).where(Child.id == child_id))
    db.session.rollback()
    for on, rne in started.items():
        row, values = found[on], {**found[on].values, "rne": rne}
        scope = house.scope("authority.administrator")
        save_row(scope, public_id, kind, row.id, values, "The carers say so", True, AT)
    placements = courses.dates_of(house.whole, [child_id])[child_id].placements
    assert [(one.start.month, one.same_carers) for one in placements] == [
        (9, False),
        (10, False),
        (12, True),
        (1, True),
    ]


def _ids(house: House) -> list[int]:
    return [dict(rows(house, Placement.child_id))["0101"]]
