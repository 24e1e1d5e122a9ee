"""The statements that look through many rows go by an index made for them."""

from __future__ import annotations

from typing import Any

import pytest
from builders.disputed import EVER
from builders.house import House
from sqlalchemy import event

from core.store import (
    actions_waiting,
    escalated,
    late_actions,
    merges,
    outbox_read,
    unmatched,
)
from core.store.database import db

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def plan(act: Any) -> str:
    """How SQLite goes about what is asked, in its own words."""
    seen: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        seen.append((given[2], given[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    asked = [(text, values) for text, values in seen if text.startswith("SELECT")]
    connection = db.session.connection()
    rows = [
        row
        for text, values in asked
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
    ]
    db.session.rollback()
    return "\n".join(row[-1] for row in rows)


def test_people_to_match_and_records_of_one_child_go_by_an_index(house: House) -> None:
    to_match = plan(lambda: unmatched.how_many(house.whole))
    assert "stated_worker USING INDEX ix_stated_worker_unmatched" in to_match
    alike = plan(lambda: merges.likely(house.whole))
    assert "SCAN child" not in alike
    assert "ix_child_upn" in alike and "ix_child_alike" in alike


def test_what_went_out_for_years_is_counted_and_listed_in_an_index(house: House) -> None:
    counted = plan(lambda: outbox_read.counts(house.whole))
    assert "message USING COVERING INDEX ix_message_list" in counted
    assert "SCAN message" not in counted
    for name in outbox_read.LISTS:
        listed = plan(lambda name=name: outbox_read.listed(house.whole, name, 2))  # type: ignore[misc]
        assert "SCAN message" not in listed, name
    sent = plan(lambda: outbox_read.listed(house.whole, "sent", 2))
    assert "ix_message_list" in sent and "TEMP B-TREE" not in sent
    for no_server in (False, True):
        needs = plan(lambda n=no_server: outbox_read.need_somebody(house.whole, no_server=n))  # type: ignore[misc]
        assert "message USING INDEX ix_message_list (authority_id=? AND state=?)" in needs
    every = plan(lambda: outbox_read.listed(house.whole, "", 2))
    assert "TEMP B-TREE" not in every


def test_what_was_accepted_for_years_is_not_read_for_what_is_to_be_accepted(house: House) -> None:
    for bodies in (None, {("BEX", "1", "permanence-panel")}):
        asked = plan(lambda bodies=bodies: actions_waiting.to_accept(house.whole, bodies))  # type: ignore[misc]
        assert "action USING INDEX ix_action_said" in asked and "SCAN action" not in asked
        assert "TEMP B-TREE" not in asked


def test_what_came_to_the_asker_is_found_by_who_was_told(house: House) -> None:
    scope = house.scope("iro")
    asked = plan(lambda: escalated.to_answer(scope, EVER)).splitlines()
    assert asked[0] == (
        "SEARCH escalation_told USING INDEX ix_escalation_told_account (account_id=?)"
    )
    assert "SEARCH escalation USING INTEGER PRIMARY KEY (rowid=?)" in asked
    assert "SEARCH action USING INTEGER PRIMARY KEY (rowid=?)" in asked


def test_late_actions_are_gone_through_in_the_order_of_an_index(house: House) -> None:
    asked = plan(lambda: late_actions.late(house.whole, 5, 100))
    assert "(authority_id=? AND id>?)" in asked and "TEMP B-TREE" not in asked
