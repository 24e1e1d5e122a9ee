"""The board's page: who sees whom on it, its filters, orders, days and files."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from builders.boards import acts, stands
from builders.house import AT, House
from builders.queries import counted
from builders.records import GIVEN, whole_record
from flask.testing import FlaskClient
from openpyxl import load_workbook

from core.domain.board import Standing
from core.store import board
from core.store.database import db, writing
from core.store.tables import Account, Action, Allocation, AuditRow, Booking, Child, Withdrawal

FOSTERED = Standing(
    started=date(2025, 3, 4), legal_status="C2", legal_since=date(2025, 3, 4),
    legal_since_known=True, placement="U4", placement_since=date(2025, 3, 4), match="no",
    plan="long-term-fostering", plan_state="provisional", second_review=date(2025, 7, 1),
    second_review_held=True,
)  # fmt: skip


def child(house: House, name: str = "Orlin", standing: Standing = FOSTERED, **more: object) -> str:
    child_id, public_id = house.child(f"id {name}", name, "Thistlewick", **more)  # type: ignore[arg-type]
    stands(house, child_id, standing)
    return public_id


def text(client: FlaskClient, address: str = "/board", status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.text.split())


def test_a_row_says_where_a_child_stands_and_why_it_is_in_each_view(house: House) -> None:
    public_id = child(house)
    page = text(house.client("head.of.service"))
    assert f"/children/{public_id}" in page
    for said in (
        "629 days", "Long-term fostering", "Provisional", "No match recorded",
        "In a long-term foster placement; no match with the current carers is recorded",
        "is not agreed; the second review was held by 1 July 2025",
        "set here, not by the procedure", "No open action, and nothing is late",
    ):  # fmt: skip
        assert said in page, said


def test_who_acts_next_is_the_owner_of_the_soonest_open_action(house: House) -> None:
    public_id = child(house)
    child_id = db.session.scalar(sa.select(Child.id).where(Child.public_id == public_id))
    assert child_id is not None
    acts(house, child_id, date(2026, 11, 1))
    page = text(house.client("iro"))
    assert "<strong>Osric Plume</strong><br>Ask the carers, late since 1 November 2026" in page
    assert 'data-label="Actions overdue">1<' in page


def test_an_action_that_is_said_to_be_done_waits_for_who_accepts_it(house: House) -> None:
    public_id = child(house)
    child_id = db.session.scalar(sa.select(Child.id).where(Child.public_id == public_id))
    assert child_id is not None
    acts(house, child_id, date(2026, 11, 1), done_on=date(2026, 11, 2))
    page = text(house.client("iro"))
    assert "The chair or a manager</strong><br>Accept or send back: Ask the carers" in page
    assert "No open action" not in page and 'data-label="Actions overdue">0<' in page
    before = text(house.client("iro"), "/board?on=2026-11-01")
    assert "<strong>Osric Plume</strong><br>Ask the carers by 1 November 2026" in before


@pytest.mark.clause("BEX-0.2")
def test_the_view_of_plans_not_agreed_cites_the_protocol_that_asks_for_them(house: House) -> None:
    child(house)
    page = text(house.client("head.of.service"), "/board?view=no-agreed-plan")
    about = page[page.index("<strong>No agreed plan past") : page.index("Filter the board")]
    assert "BEX-0.2" in about and "set here" not in about


def test_the_head_of_service_has_each_view_with_its_count_on_the_first_page(house: House) -> None:
    child(house, "Orlin")
    child(house, "Perrin")
    page = text(house.client("head.of.service"), "/?kind=board")
    assert "2 children: no agreed plan past the second review" in page and "BEX-0.2" in page
    assert "2 children: long-term fostered and not matched" in page
    assert 'href="/board?view=not-matched"' in page and "set here, not by the procedure" in page
    assert "start unknown" not in page, "of a view with nobody there is nothing to do"
    assert "Thistlewick" not in page
    assert "no agreed plan" not in text(house.client("panel.chair"), "/")


def test_a_start_that_is_not_known_is_said(house: House) -> None:
    child(house, standing=replace(FOSTERED, started_known=False))
    page = text(house.client("inspector"), "/board?view=start-unknown")
    assert "At least 629 days: start not known" in page


def test_each_sees_their_own_children_and_the_authority_administrator_has_no_board(
    house: House,
) -> None:
    child(house, "Orlin")
    child(house, "Perrin", worker=None, iro=None, team="")
    seen = {
        role: [name for name in ("Orlin", "Perrin") if name in text(house.client(role))]
        for role in ("social.worker", "team.manager", "iro", "panel.member", "panel.chair")
    }
    assert seen == {
        "social.worker": ["Orlin"], "team.manager": ["Orlin"], "iro": ["Orlin"],
        "panel.member": [], "panel.chair": ["Orlin", "Perrin"],
    }  # fmt: skip
    client = house.client("authority.administrator")
    assert client.get("/board").status_code == 404
    assert 'href="/board"' not in client.get("/").text
    assert 'href="/board"' in house.client("social.worker").get("/").text


def test_a_closed_record_is_not_on_it_and_not_counted(house: House) -> None:
    child(house, "Orlin")
    hidden = child(house, "Perrin")
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.public_id == hidden).values(closed_to="sealed")
        )
    page = text(house.client("head.of.service"))
    assert "Perrin" not in page and "1 child<" in page
    assert board.view_counts(house.scope("head.of.service"))["not-matched"] == 1


def test_who_withdrew_from_an_item_is_told_nothing_of_its_actions(house: House) -> None:
    record = whole_record(house)
    child_id = db.session.scalar(sa.select(Child.id).where(Child.public_id == record["children"]))
    assert child_id is not None
    stands(house, child_id, FOSTERED)
    what = db.session.scalar(sa.select(Action.what).where(Action.public_id == record["actions"]))
    case_id = db.session.scalar(
        sa.select(Action.case_id).where(Action.public_id == record["actions"])
    )
    assert what and case_id
    assert what in text(house.client("panel.chair"))
    with writing():
        last = db.session.scalar(
            sa.select(Booking.id).where(Booking.case_id == case_id).order_by(Booking.turn.desc())
        )
        db.session.execute(
            sa.insert(Withdrawal).values(
                authority_id=house.authority_id,
                booking_id=last,
                account_id=house.accounts["panel.chair"],
                name="Panel Chair",
                withdrew_at=AT,
            )
        )
    page = text(house.client("panel.chair"))
    assert GIVEN in page and what not in page
    assert what in text(house.client("head.of.service"))


def test_filters_orders_and_pages_are_in_the_address(house: House) -> None:
    child(house, "Orlin", born=date(2010, 1, 1))
    child(house, "Perrin", replace(FOSTERED, started=date(2026, 9, 1), legal_status="V2"))
    client = house.client("head.of.service")

    def order(query: str) -> list[str]:
        page = text(client, f"/board?{query}")
        return sorted(
            (n for n in ("Orlin", "Perrin") if f">{n} Thistlewick<" in page), key=page.index
        )

    assert order("sort=since") == ["Perrin", "Orlin"], "the fewest days first"
    assert order("sort=since&order=descending") == ["Orlin", "Perrin"]
    assert order("sort=age") == ["Perrin", "Orlin"]
    assert order("sort=name&order=descending") == ["Perrin", "Orlin"]
    assert order("sort=match") == ["Orlin", "Perrin"]
    assert order("legal-status=V2") == ["Perrin"]
    assert order("age-from=10") == ["Orlin"]
    assert order("late=yes") == []
    assert order("worker=mine") == []
    assert order("page=9&sort=rolled") == ["Orlin", "Perrin"]
    page = text(client, "/board?legal-status=V2&sort=since")
    assert "/board?legal-status=V2&amp;sort=since&amp;order=descending" in page


def test_the_days_looked_after_run_as_the_arrow_of_their_heading_says(house: House) -> None:
    """Ascending is the fewest days first; a first press on the heading puts the most first."""
    child(house, "Orlin")
    child(house, "Perrin", replace(FOSTERED, started=date(2026, 9, 1)))
    client = house.client("head.of.service")
    assert (
        re.search(r'href="([^"]*)" id="sort-since"', text(client))
        .group(1)
        .endswith(  # type: ignore[union-attr]
            "/board?sort=since&amp;order=descending"
        )
    )
    for query, direction, arrow in (
        ("", "ascending", "▲"),
        ("&order=descending", "descending", "▼"),
    ):
        page = text(client, f"/board?sort=since{query}")
        (heading,) = (one for one in re.findall(r"<th [^>]*>.*?</th>", page) if "sort-since" in one)
        assert f'aria-sort="{direction}"' in heading and arrow in heading
        days = [int(one.replace(",", "")) for one in re.findall(r">([\d,]+) days</td>", page)]
        assert len(days) == 2 and days == sorted(days, reverse=direction == "descending")


def test_what_is_no_answer_to_a_filter_is_said_in_a_sentence(house: House) -> None:
    client = house.client("head.of.service")
    page = text(client, "/board?late=maybe", 422)
    assert "Tick “Only children with something late”, or leave it empty" in page
    assert "Choose a team from the list" in text(client, "/board?team=maybe", 422)


def test_the_worker_is_who_it_was_on_the_day_that_is_shown(house: House) -> None:
    child(house)
    with writing():
        db.session.execute(
            sa.update(Allocation)
            .where(Allocation.relation == "worker")
            .values(since=date(2026, 1, 1), until=date(2026, 6, 1))
        )
    client = house.client("head.of.service")
    worker = db.session.scalar(
        sa.select(Account.public_id).where(Account.id == house.accounts["social.worker"])
    )
    db.session.rollback()
    assert ">Orlin Thistlewick<" not in text(client, f"/board?worker={worker}")
    assert ">Orlin Thistlewick<" in text(client, f"/board?worker={worker}&on=2026-05-01")


@pytest.mark.parametrize(
    "query", ["view=nothing", "age-from=x", "sort=shoe", "plan=x", "page=0", "on=2026-13-01"]
)
def test_what_cannot_be_read_is_said_with_what_was_typed_kept(house: House, query: str) -> None:
    page = text(house.client("head.of.service"), f"/board?{query}&age-to=7", 422)
    assert "There is a problem" in page and 'value="7"' in page


def test_as_at_another_day(house: House) -> None:
    child(house, standing=FOSTERED)
    client = house.client("head.of.service")
    answer = client.get("/board?on-day=2&on-month=3&on-year=2025&late=yes")
    assert answer.status_code == 302 and answer.location == "/board?late=yes&on=2025-03-02"
    earlier = text(client, "/board?on=2025-03-14")
    assert "10 days" in earlier and "14 March 2025" in earlier
    assert "Nobody" in text(client, "/board?on=2025-03-14") and "629 days" not in earlier
    nobody = "As far as is recorded, nobody whom you can see with their plan was looked after"
    assert nobody in text(client, "/board?on=2023-01-01")


def test_the_block_alone_is_what_htmx_is_given(house: House) -> None:
    child(house)
    answer = house.client("iro").get("/board", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<div") and "<html" not in answer.text
    assert "1 child on the board" in answer.headers["HX-Trigger"]


def test_the_files_have_the_day_the_filter_and_no_formula(house: House) -> None:
    child(house, "=Orlin")
    child(house, "Perrin", replace(FOSTERED, legal_status="V2"))
    client = house.client("head.of.service")
    made = client.get("/board/file.csv?legal-status=C2")
    lines = made.data.decode("utf-8-sig").splitlines()
    assert made.data.startswith(b"\xef\xbb\xbf")
    assert lines[0] == "The board as at 23 November 2026"
    assert lines[1].startswith("Filtered by: ") and "C2" in lines[1]
    assert lines[2] == "1 child" and lines[3].startswith("Local id,Name")
    assert "'=Orlin" in lines[4] and "2025-03-04" in lines[4] and len(lines) == 5
    book = load_workbook(BytesIO(client.get("/board/file.xlsx").data))
    rows = list(book.active.iter_rows())
    assert rows[0][0].value == "The board as at 23 November 2026"
    names = [row[1] for row in rows[4:]]
    assert [cell.data_type for cell in names] == ["s", "s"]
    assert rows[4][6].is_date
    listed = [
        row.after["list"]
        for row in db.session.execute(
            sa.select(AuditRow.after).where(AuditRow.did == "look", AuditRow.subject == "list")
        )
    ]
    assert "board, taken out as csv" in listed and "board, taken out as xlsx" in listed


def test_a_file_says_which_days_are_known_and_has_ages_as_numbers(house: House) -> None:
    began = date(2021, 12, 10)
    stands_since = replace(FOSTERED, legal_since=began, placement_since=began)
    for name, known in (("Orlin", False), ("Perrin", True)):
        told = replace(stands_since, legal_since_known=known, placement_since_known=known)
        child(house, name, told)
    unsaid = replace(FOSTERED, legal_status="", legal_since=None)
    child(house, "Sable", unsaid, born=date(2026, 6, 1))
    child(house, "Wren", born=None)
    client = house.client("head.of.service")
    book = load_workbook(BytesIO(client.get("/board/file.xlsx?sort=name").data))
    heads, *rows = list(book.active.iter_rows(min_row=4, values_only=True))
    lines = {row[1].split()[0]: dict(zip(heads, row, strict=True)) for row in rows}
    for name, said in (("Orlin", "no: the earliest day in hand"), ("Perrin", "yes")):
        for what in ("Legal status since known", "Placement since known"):
            assert lines[name][what] == said
    assert not lines["Sable"]["Legal status since known"]
    ages = [lines[name]["Age"] for name in ("Sable", "Wren")]
    assert ages == ["5 months", "not known"] and isinstance(lines["Orlin"]["Age"], int)


def test_queries_do_not_grow_with_the_children(house: House) -> None:
    child(house, "Orlin")
    client = house.client("head.of.service")
    client.get("/board")
    few = counted(lambda: client.get("/board?sort=match"))
    for number in range(12):
        child(house, f"Child{number}")
    assert counted(lambda: client.get("/board?sort=match")) == few
    scope = house.scope("head.of.service")
    db.session.execute(sa.text("SELECT 1"))  # So that a transaction's beginning is not counted.
    assert counted(lambda: board.view_counts(scope)) <= 3


def test_who_answers_for_the_service_has_the_views_as_they_are_now_before_what_comes(
    house: House,
) -> None:
    child(house, standing=FOSTERED)
    page = text(house.client("head.of.service"), "/?kind=board")
    assert "Now <span" in page and "No date" not in page and "See the child" in page
