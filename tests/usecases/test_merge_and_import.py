"""Files go on naming both ids of one child: what they say of either comes, and goes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import bring_in, list_8, text

from core.store import merges
from core.store.database import db
from core.store.tables import Child, EntryStatement, Episode, IdentityFact, Review
from core.usecases.facts import facts
from core.usecases.merge import merge_children, unmerge_children

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
FIRST = {
    "e.csv": text(
        EPISODES,
        "0101,01/05/2024,S,C1,N1,U6,PR1,,",
        "0102,01/04/2023,S,V2,N1,U6,PR1,01/05/2023,E8",
    )
}
SECOND = {
    "e.csv": text(EPISODES, "0101,01/05/2024,S,C1,N1,U6,PR1,01/06/2025,E4A"),
    "r.csv": text(REVIEWS, "0102,04/05/2019,28/04/2025,PN1"),
}


def said(house: House) -> list[tuple[Any, ...]]:
    """What each record holds of what was said, whatever order it was written in."""
    found: list[tuple[Any, ...]] = []
    for table, *columns in (
        (Episode, Episode.decom, Episode.dec),
        (Review, Review.held_on),
        (IdentityFact, IdentityFact.field, IdentityFact.value),
        (EntryStatement, EntryStatement.field, EntryStatement.value),
    ):
        found += [
            (table.__name__, *map(str, row))
            for row in db.session.execute(
                sa.select(Child.local_id, table.said_of, *columns)
                .join(Child, Child.id == table.child_id)
                .where(Child.authority_id == house.authority_id)
            )
        ]
    db.session.rollback()
    return sorted(found)


def side(house: House, local_id: str) -> merges.Side:
    found = merges.side(house.whole, local_id=local_id)
    db.session.rollback()
    assert found is not None
    return found


def test_what_came_while_two_records_were_one_goes_back_to_the_id_of_which_it_was_said(
    house: House,
) -> None:
    listed = {"l.xlsx": list_8({"child": "0102", "started_on": date(2023, 4, 1)})}
    scope = house.scope("panel.administrator")

    bring_in(house, FIRST)
    kept, other = side(house, "0101"), side(house, "0102")
    merge_children(scope, kept, other, (kept.version, other.version), "One child", AT)
    bring_in(house, SECOND)
    bring_in(house, listed, as_at=date(2026, 9, 30))
    assert {row[1] for row in said(house)} == {"0101"}
    (now,) = facts(house.whole, house.today)
    db.session.rollback()
    assert (now["child"], now["status"], now["ceased"]) == ("0101", "ceased", "2025-06-01")

    (made,) = merges.of_child(scope, kept.id)
    unmerge_children(scope, side(house, "0101"), made.public_id, "They are cousins", AT)
    apart = [row for row in said(house) if "unsourced" not in row]
    assert all(row[2] == "" for row in apart), "nothing is said of another record any more"
    of_other = [row for row in apart if row[1] == "0102"]
    assert ("Review", "0102", "", "2025-04-28") in of_other
    assert ("Episode", "0102", "", "2023-04-01", "2023-05-01") in of_other
    assert ("EntryStatement", "0102", "", "started_on", "2023-04-01") in of_other
    assert [row for row in apart if row[:2] == ("Review", "0101")] == []
    assert {one["child"] for one in facts(house.whole, house.today)} == {"0101", "0102"}
    db.session.rollback()
