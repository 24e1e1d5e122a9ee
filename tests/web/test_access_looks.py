"""Every page, document and export that shows a child writes down that it was looked at."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.records import TRACES, whole_record
from builders.walks import routes, words

from core.store.database import db
from core.store.tables import AuditRow
from core.web.access import ACCESS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: What everybody did, streamed: its row has been written before it begins, with its filters.
WITH_FILTERS = {"GET audit.export"}


def last() -> int:
    found = db.session.scalar(sa.select(sa.func.max(AuditRow.id))) or 0
    db.session.rollback()
    return int(found)


def noted(after: int, child: str) -> bool:
    """Whether a look (or a document taken, or an export) since a row names the child."""
    rows = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.after).where(AuditRow.id > after)
    ).all()
    db.session.rollback()
    return any(subject_id == child or child in str(detail) for subject_id, detail in rows)


@pytest.mark.parametrize("role", ["head.of.service", "social.worker", "inspector"])
def test_whatever_shows_a_child_is_written_down(house: House, role: str) -> None:
    ids = whole_record(house)
    held = {**ids, "meetings": ids["held"], "items": ids["heard"]}
    client = house.client(role)
    silent, shown = [], set()
    for named in (ids, held):
        for asked in routes(house.app, named):
            if asked.method != "GET" or not ACCESS[asked.endpoint].allows(frozenset({role})):
                continue
            before = last()
            answer = client.get(asked.address)
            db.session.rollback()
            if answer.status_code != 200 or not any(t in words(answer) for t in TRACES):
                continue
            shown.add(asked.endpoint)
            if not noted(before, ids["children"]):
                silent.append(str(asked))
    assert [one for one in silent if one not in WITH_FILTERS] == []
    assert {"children.page", "children.register", "cases.page", "meetings.page"} <= shown
