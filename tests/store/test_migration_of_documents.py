"""Documents in stages find their proceedings again as the migration goes down and up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.staged import following, proceedings, row_of, started
from flask_migrate import downgrade, upgrade

from core.store.database import db


@pytest.fixture
def house(house: House) -> Iterator[House]:
    yield following(house)
    db.session.rollback()
    upgrade()  # Also where the test failed half way: others use the same database.


def test_a_document_is_of_the_proceedings_that_alone_were_issued_on_its_day(house: House) -> None:
    _, child = house.child()
    _, other = house.child("0102", "Bryn")
    alone = started(house, child, of=proceedings(house, child))
    twin = started(house, other, of=proceedings(house, other))
    proceedings(house, other, application="placement-order")
    entry_id = row_of(house, alone).entry_id
    assert entry_id is not None and row_of(house, twin).entry_id is not None
    downgrade(revision="0019")
    columns = {column["name"] for column in sa.inspect(db.engine).get_columns("staged_document")}
    assert "entry_id" not in columns
    upgrade()
    assert row_of(house, alone).entry_id == entry_id
    assert row_of(house, twin).entry_id is None
