"""The pages of papers: added, listed, taken, given versions and taken out; and who may."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pytest
import sqlalchemy as sa
from builders.files import HTML, PDF, PNG, PROGRAM, office, packed, word
from builders.house import House
from builders.records import whole_record
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.store.database import db, writing
from core.store.tables import AuditRow, Paper, PaperVersion

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "a2b3c4d5e6f7g8"


@pytest.fixture
def child(house: House) -> str:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.child()[1]


def send(
    client: FlaskClient, address: str, *files: tuple[str, bytes], **fields: str
) -> TestResponse:
    parts = [(BytesIO(content), name) for name, content in files]
    return client.post(address, data={"files": parts, **fields}, content_type="multipart/form-data")


def column(what: object) -> list[object]:
    found = db.session.execute(sa.select(what).order_by(sa.text("id"))).scalars().all()  # type: ignore[call-overload]
    db.session.rollback()
    return list(found)


def did(*kinds: str) -> list[AuditRow]:
    query = sa.select(AuditRow).where(AuditRow.did.in_(kinds)).order_by(AuditRow.id)
    rows = list(db.session.execute(query).scalars())
    db.session.expunge_all()
    db.session.rollback()
    return rows


def test_several_files_are_added_at_once_and_listed(house: House, child: str) -> None:
    client = house.client("social.worker")
    address = f"/children/{child}/papers"
    dated = {"dated-day": "27", "dated-month": "3", "dated-year": "2026"}
    answer = send(client, address, ("Report.pdf", PDF), ("photo.png", PNG), **dated)
    assert (answer.status_code, answer.location) == (303, address)
    page = client.get(address).text
    assert "2 papers were added" in page
    assert "Report" in page and "photo" in page and "27 March 2026" in page
    assert column(PaperVersion.media_type) == ["application/pdf", "image/png"]
    assert sorted(row.after["title"] for row in did("add")) == ["Report", "photo"]
