"""Reports of a team to the tracking panel: from the records, in one go, as document and sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked, held
from builders.queries import counted
from builders.reading import get, words
from builders.referred import submitted
from builders.with_law import with_law
from flask import Flask

from core.store.database import db, writing
from core.store.tables import Action, AuditRow, Team
from core.usecases import record_new

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROLES = ("team.manager", "service.manager", "head.of.service", "panel.administrator")


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


def team_of(house: House, name: str = "Quill team") -> int:
    found = db.session.scalar(
        sa.select(Team.id).where(Team.authority_id == house.authority_id, Team.name == name)
    )
    db.session.rollback()
    return int(found or 0)


def with_a_plan(house: House, child: str) -> None:
    scope = house.scope("social.worker")
    values = {"primary": "sgo", "contingencies": "long-term-fostering", "state": "agreed",
              "identified_on": "2026-09-10", "agreed_on": "2026-10-01",
              "agreed_by": "Review"}  # fmt: skip
    plan = record_new.add(scope, child, "plan", values, AT).public_id
    option = {"option": "adoption", "conclusion": "ruled-out", "why": "He has an aunt",
              "considered_on": "2026-10-01"}  # fmt: skip
    record_new.add(scope, child, "plan-option", option, AT, part_of=plan)
    step = {"what": "Viability", "plan": "primary", "who": "Wilf", "due_on": "2026-11-01"}
    record_new.add(scope, child, "plan-step", step, AT, part_of=plan)


def with_an_action(house: House, child_id: int, what: str = "Ask the aunt") -> None:
    with writing():
        db.session.execute(
            sa.insert(Action).values(
                authority_id=house.authority_id,
                child_id=child_id,
                kind="tracker",
                what=what,
                owner_id=house.accounts["social.worker"],
                owner_name="Social Worker Of Bexley",
                first_due=date(2026, 10, 1),
                due=date(2026, 11, 1),
                progress="Rang twice",
                as_at=date(2026, 9, 20),
            )
        )


@pytest.mark.clause("PPM10-8")
@pytest.mark.parametrize("role", ROLES)
def test_the_report_of_a_team_from_the_records_in_one_go(house: House, role: str) -> None:
    child_id, child = house.child()
    with_a_plan(house, child)
    with_an_action(house, child_id)
    held(house, child, date(2026, 11, 9), AT)
    booked(house, child, date(2026, 12, 17), AT)
    submitted(house, house.meeting()[1], child)
    team = team_of(house)
    page = words(get(house, f"/panel-reports?team={team}", role))
    for part in (
        "Quill team, as at 23 November 2026", "Orlin Thistlewick, 0101, age 7",
        "Plan: Special guardianship order; contingency: Long-term fostering (agreed)",
        "Last planning meeting: 9 November 2026", "booked for 17 December 2026",
        "Adoption: ruled out (1 October 2026). He has an aunt",
        "Viability (Wilf), by 1 November 2026", "That the plan is agreed",
        "Ask the aunt (Social Worker Of Bexley): first due 1 October 2026, due now 1 November "
        "2026, rolled 0 times, late: Rang twice",
    ):  # fmt: skip
        assert part in page, (part, page)
    client = house.client(role)
    document = client.get(f"/panel-reports/report.docx?team={team}")
    assert document.status_code == 200
    text = "\n".join(p.text for p in docx.Document(BytesIO(document.data)).paragraphs)
    assert "Orlin Thistlewick (0101)" in text and "Viability (Wilf), by 1 November 2026" in text
    book = client.get(f"/panel-reports/report.xlsx?team={team}")
    sheets = openpyxl.load_workbook(BytesIO(book.data))
    rows = list(sheets["Actions"].iter_rows(values_only=True))
    assert rows[3][:3] == ("0101", "Orlin Thistlewick", "Ask the aunt")
    noted = db.session.scalars(
        sa.select(AuditRow.after).where(AuditRow.did == "look", AuditRow.subject == "list")
    ).all()
    db.session.rollback()
    assert any("report to panel as document" in str(one) for one in noted), noted


@pytest.mark.clause("PPM10-8")
def test_the_last_planning_meeting_may_be_one_held_elsewhere(house: House) -> None:
    """As everywhere: of planning meetings, and not the final one of the court's."""
    child_id, child = house.child()
    with_a_plan(house, child)
    held(house, child, date(2026, 11, 9), AT)
    for meeting, on in (("ppm", "2026-11-16"), ("final-care-planning", "2026-11-20")):
        values = {"meeting": meeting, "held_on": on}
        record_new.add(house.scope("social.worker"), child, "earlier-meeting", values, AT)
        db.session.rollback()
    page = words(get(house, f"/panel-reports?team={team_of(house)}", "team.manager"))
    assert "Last planning meeting: 16 November 2026" in page


def test_an_earlier_day_shows_what_was_recorded_for_it(house: House) -> None:
    child_id, child = house.child()
    with_a_plan(house, child)
    with_an_action(house, child_id)
    address = f"/panel-reports?team={team_of(house)}&on=2026-09-05"
    page = words(get(house, address, "team.manager"))
    assert "Plan: not recorded" in page and "Ask the aunt" not in page
    assert "Viability" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("team=999999", "Choose a team of the list"),
        ("team=x", "Choose a team of the list"),
        ("team={team}&on-day=31&on-month=2&on-year=2026", "must be a real date"),
        ("team={team}&on=2026-11-24", "This day has not come yet"),
        ("team={team}&on-day=1&on-month=1&on-year=2030", "This day has not come yet"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(house: House, query: str, said: str) -> None:
    house.child()
    address = f"/panel-reports?{query.format(team=team_of(house))}"
    refused = house.client("team.manager").get(address)
    assert refused.status_code == 422 and said in refused.text
    assert "Orlin" not in refused.text
    for file in ("report.docx", "report.xlsx"):
        files = address.replace("/panel-reports", f"/panel-reports/{file}")
        back = house.client("team.manager").get(files)
        assert back.status_code == 302 and back.location.startswith("/panel-reports?")
        assert house.client("team.manager").get(back.location).status_code == 422


def test_a_child_whom_the_asker_does_not_see_is_not_in_it(house: House) -> None:
    house.child()
    house.account("team.manager", "other@bexley.example", "Other team")
    client = house.client("other")
    address = f"/panel-reports?team={team_of(house)}"
    page = client.get(address)
    assert page.status_code == 200 and "Orlin" not in page.text
    assert "No child of this team is yours to see" in page.text
    data = client.get(address.replace("reports", "reports/report.docx", 1)).data
    assert b"Orlin" not in data


@pytest.mark.parametrize(
    "role",
    ["social.worker", "iro", "panel.member", "legal", "adoption", "inspector",
     "authority.administrator"],
)  # fmt: skip
def test_who_makes_no_reports_finds_none(house: House, role: str) -> None:
    client = house.client(role)
    for address in ("/panel-reports", "/panel-reports/report.docx", "/panel-reports/report.xlsx"):
        assert client.get(address).status_code == 404, address


@pytest.mark.clause("PPM10-8")
def test_the_queries_do_not_grow_with_the_children(house: House) -> None:
    def another(number: int) -> None:
        child_id, child = house.child(f"02{number:02}", f"Wren{number}", "Quillfeather")
        with_a_plan(house, child)
        with_an_action(house, child_id)
        held(house, child, date(2026, 11, 9), AT)
        submitted(house, meeting, child)

    meeting = house.meeting()[1]
    another(0)
    client, team = house.client("team.manager"), team_of(house)
    addresses = [f"/panel-reports{end}?team={team}" for end in ("", "/report.docx", "/report.xlsx")]
    for address in addresses:
        client.get(address)
    one = [counted(lambda address=address: client.get(address)) for address in addresses]
    for number in range(1, 5):
        another(number)
    assert [counted(lambda a=a: client.get(a)) for a in addresses] == one
    assert max(one) < 60, one


def test_a_plan_that_lacks_its_approval_is_not_reported_as_agreed(house: House) -> None:
    _, child = house.child(born=date(2021, 5, 4))
    values = {"primary": "long-term-fostering", "contingencies": "sgo", "state": "agreed",
              "identified_on": "2026-09-10", "agreed_on": "2026-10-01",
              "agreed_by": "Review"}  # fmt: skip
    record_new.add(house.scope("social.worker"), child, "plan", values, AT)
    db.session.rollback()
    page = words(get(house, f"/panel-reports?team={team_of(house)}", "team.manager"))
    assert "Plan: Long-term fostering; contingency: Special guardianship order (prov" in page
