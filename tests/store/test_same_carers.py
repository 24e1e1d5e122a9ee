"""Whether a placement began with the same carers, as the row with which it began says."""

from __future__ import annotations

from builders.house import House
from builders.imports import bring_in, rows, text
from builders.uploaded import CHILD, EPISODES, HEADER

from core.store import courses
from core.store.tables import Placement

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


def _ids(house: House) -> list[int]:
    return [dict(rows(house, Placement.child_id))["0101"]]
