"""Pages asked for with what nobody would type in their addresses: an answer, never a fault."""

from __future__ import annotations

import pytest
from builders.house import House
from builders.records import whole_record

from core.store.database import db

pytestmark = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
DIGITS = "9" * 5_000
#: What pages read from an address, and names that what builds an address keeps for itself.
NAMES = (
    "page", "on", "on-day", "on-month", "on-year", "show", "sort", "order", "forum", "list", "view",
    "team", "worker", "legal-status", "plan", "late", "age-from", "age-to", "whose", "rolled",
    "body", "theme", "child", "group", "endpoint", "self", "values", "public_id", "kind",
    "file_kind", "_external", "_scheme", "_anchor", "_method",
)  # fmt: skip
VALUES = (
    DIGITS, "-1", "100000", "\u00b2", "", "0001-01-01", "9999-12-31", "<script>'\"--", "\ud800",
)  # fmt: skip
ADDRESSES = (
    "/board", "/board/file.csv", "/board/file.xlsx", "/actions", "/actions/export.csv",
    "/actions/export.xlsx", "/onward", "/onward/list.csv", "/onward/list.xlsx", "/outbox", "/due",
    "/disputes", "/children/{}/timeline",
)  # fmt: skip


def test_no_page_fails_whatever_its_address_asks(house: House) -> None:
    child = whole_record(house)["children"]
    house.app.testing = False
    client, failed = house.client("panel.administrator"), []
    for address in (one.format(child) for one in ADDRESSES):
        for value in VALUES:
            sent = {name: value.encode("utf-8", "surrogatepass") for name in NAMES}
            status = client.get(address, query_string=sent).status_code
            db.session.rollback()
            if status >= 500:
                failed.append(f"{status} {address} {value[:20]!r}")
    assert failed == []


@pytest.mark.parametrize("on", ["1900-01-01", "2100-12-31"])
def test_the_first_and_last_days_there_are_can_be_asked_for(house: House, on: str) -> None:
    child = whole_record(house)["children"]
    house.app.testing = False
    client = house.client("panel.administrator")
    for address in (one.format(child) for one in ADDRESSES):
        assert client.get(address, query_string={"on": on}).status_code == 200, address
