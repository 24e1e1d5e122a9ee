"""What the conditions of sight say: every table that they ask is asked for one authority."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.domain.sight import ROLES
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import PanelCase

ASKED = ("allocation", "booking", "case_child", "child", "panel_case", "placing", "post_holder")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_table_that_sight_asks_is_asked_for_the_askers_authority(role: str) -> None:
    scope = Scope(7, date(2026, 11, 23), 3, roles=frozenset((role,)))
    said = str(
        sa.select(PanelCase.id)
        .where(cases_seen(scope))
        .compile(compile_kwargs={"literal_binds": True})
    )
    for table in ASKED:
        if f"FROM {table}" in said:
            assert f"{table}.authority_id = 7" in said, (table, said)


def test_the_scan_sees_the_tables_it_looks_for() -> None:
    scope = Scope(7, date(2026, 11, 23), 3, roles=frozenset(ROLES) - {"panel.chair"})
    assert "FROM case_child" in str(sa.select(PanelCase.id).where(cases_seen(scope)))
