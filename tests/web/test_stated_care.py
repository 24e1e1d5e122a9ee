"""Pages of a child of whom only lists of children in care tell: in words, and what is not known."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import bring_in, list_8
from flask.testing import FlaskClient

from core.store.database import db
from core.store.tables import Child

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STARTED = {"child": "0101", "started_on": date(2025, 2, 3)}


@pytest.fixture
def client(house: House) -> FlaskClient:
    return house.client("head.of.service")


def listed(house: House, as_at: date, **said: str) -> str:
    """The address of the child's page, once a list says this of them."""
    bring_in(house, {"list.xlsx": list_8({**STARTED, **said})}, as_at=as_at)
    public_id = db.session.execute(
        sa.select(Child.public_id).where(Child.local_id == "0101")
    ).scalar_one()
    db.session.rollback()
    return f"/children/{public_id}"


def text(client: FlaskClient, address: str) -> str:
    plain = re.sub(r"<[^>]+>", " ", client.get(address).get_data(as_text=True))
    return " ".join(plain.split())


def test_codes_of_a_list_are_said_in_words(house: House, client: FlaskClient) -> None:
    address = listed(house, date(2026, 9, 30), legal_status="C1")
    assert "Legal status Interim care order (C1)" in text(client, f"{address}/record")


def test_words_that_nobody_knows_are_said_to_be_unrecognised(
    house: House, client: FlaskClient
) -> None:
    address = listed(house, date(2026, 9, 30), legal_status="Wardship", placement="Barge")
    page = text(client, address)
    assert "Legal status unrecognised: “Wardship” Imported from list.xlsx, line" in page
    assert "Placement unrecognised: “Barge” Imported from list.xlsx, line" in page
    assert "Legal statuses unrecognised: “Wardship” Imported from" in page
    assert "Placements unrecognised: “Barge” Imported from" in page
    recorded = text(client, f"{address}/record")
    assert "Legal status unrecognised: “Wardship”" in recorded
    assert "The care itself is under" not in recorded and "where there are any" in recorded
    listed(house, date(2026, 10, 31), legal_status="C2", placement="U6")
    assert "unrecognised" not in text(client, address)


def test_a_child_missing_from_the_latest_list_is_not_said_to_miss_from_a_return(
    house: House, client: FlaskClient
) -> None:
    address = listed(house, date(2026, 9, 30), legal_status="C2")
    other = {"child": "0102", "started_on": date(2025, 2, 3)}
    bring_in(house, {"later.xlsx": list_8(other)}, as_at=date(2026, 10, 31))
    page = text(client, address)
    assert "The latest list of children in care does not have this child any more" in page
    assert "See what the list says" in page and "See the episodes" not in page
    care = text(client, f"{address}/care")
    assert "The latest list of children in care does not have this child any more" in care
    assert "Type the episodes here, or have the list mended." in care
