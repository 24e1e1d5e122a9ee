"""Pages of the procedures that an authority follows: begun, ended, replaced, put in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.queries import counted
from builders.standards import STANDARD, with_standards
from builders.walks import offered
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.domain.procedure.escalation import DISPUTES
from core.store import enabled
from core.store.database import db, writing
from core.store.tables import Meeting, PanelCase
from core.usecases import editions

ROLE, LIST, ONE = "authority.administrator", "/admin/procedures", "/admin/procedures/STD"
DAY = ("1", "1", "2027")


@pytest.fixture
def bexley(house: House) -> House:
    """Bexley follows the made-up standard too."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    with writing():
        enabled.add(house.whole, "STD", 2, SINCE, "As the strategy says", AT)
    with_standards(house)
    return house


def text(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def send(client: FlaskClient, page: str, to: str, **typed: str) -> TestResponse:
    """Send a form of a page with what it holds hidden, and with what is typed into it."""
    (fields,) = [fields for action, fields in offered(text(client, page), page) if action == to]
    return client.post(to, data={**fields, **{k.replace("_", "-"): v for k, v in typed.items()}})


def on(name: str, parts: tuple[str, str, str]) -> dict[str, str]:
    return {
        f"{name}-{part}": box for part, box in zip(("day", "month", "year"), parts, strict=True)
    }


def followed(house: House, day: date) -> list[str]:
    registry = house.app.extensions["permanence"].registry
    codes = [one.code for one in editions.followed(house.whole, registry, day)]
    db.session.rollback()
    return codes


def test_the_list_says_the_order_since_when_who_and_why(bexley: House) -> None:
    page = text(bexley.client(ROLE), LIST)
    assert page.index(">BEX ") < page.index(">STD ")
    assert "As the strategy says" in page
    assert "1 January 2020" in page
    always = page.partition("Always on")[2].partition("</ul>")[0]
    assert "A made-up law" in always
    installed = page.partition("Installed, and not followed")[2].partition("</ul>")[0]
    assert "Another made-up standard" in installed
    assert "made-up law" not in installed
    assert "Toyshire" not in installed


def test_one_is_taken_up_from_a_day(bexley: House) -> None:
    client = bexley.client(ROLE)
    answer = send(client, LIST, LIST, code="OTH", why="Agreed", **on("since", DAY))
    assert (answer.status_code, answer.location) == (303, LIST)
    assert followed(bexley, date(2027, 1, 1)) == ["BEX", "STD", "OTH", "LAW"]
    page = text(client, LIST)
    assert "To come" in page
    assert "OTH is followed. What is due is being worked out again." in page


def test_what_is_wrong_is_beside_its_field_and_what_was_typed_stays(bexley: House) -> None:
    answer = send(
        bexley.client(ROLE),
        LIST,
        LIST,
        code="STD",
        why="Minuted",
        **on("since", ("31", "2", "2027")),
    )
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'href="#since"' in page
    assert 'value="31"' in page
    assert ">Minuted</textarea>" in page
    assert "<details" in page and " open>" in page


def test_one_ends_on_a_day_and_stays_in_the_list_of_what_was(bexley: House) -> None:
    client = bexley.client(ROLE)
    answer = send(
        client, ONE, f"{ONE}/end", end_why="No longer", **on("last", ("22", "11", "2026"))
    )
    assert (answer.status_code, answer.location) == (303, ONE)
    assert "STD" not in followed(bexley, bexley.today)
    assert "Followed until" in text(client, LIST)
    page = text(client, ONE)
    assert {action for action, _ in offered(page, ONE)} >= {
        f"{ONE}/first-day",
        f"{ONE}/take-back",
    }
    assert "End STD" not in page


def test_another_takes_its_place(bexley: House) -> None:
    answer = send(
        bexley.client(ROLE),
        ONE,
        f"{ONE}/replace",
        other="OTH",
        other_why="The new standard",
        **on("other-since", DAY),
    )
    assert answer.status_code == 303
    assert followed(bexley, date(2026, 12, 31)) == ["BEX", "STD", "LAW"]
    assert followed(bexley, date(2027, 1, 1)) == ["BEX", "OTH", "LAW"]


def test_one_moves_up(bexley: House) -> None:
    answer = send(bexley.client(ROLE), ONE, f"{ONE}/move", move="up", move_why="It comes first")
    assert answer.status_code == 303
    assert followed(bexley, bexley.today) == ["STD", "BEX", "LAW"]


@pytest.mark.parametrize(
    ("do", "typed"),
    [
        ("end", {"end-why": "Why", **on("last", ("1", "1", "2019"))}),
        ("replace", {"other": "LAW", "other-why": "Why", **on("other-since", DAY)}),
        ("move", {"move": "sideways", "move-why": "Why"}),
        ("move", {"move": "down", "move-why": ""}),
        ("first-day", {"first-why": "Why", **on("first", ("1", "1", "2020"))}),
        ("first-day", {"first-why": "Why", **on("first", ("31", "2", "2019"))}),
        ("first-day", {"first-why": " ", **on("first", ("1", "9", "2019"))}),
        ("first-day", {"first-why": "Why", **on("first", ("²", "9" * 5000, "-1"))}),
        ("first-day", {"first-why": "\u202e" + "w" * 50_000, **on("first", ("1", "9", "2019"))}),
    ],
)
def test_a_change_that_cannot_be_is_refused_on_the_page(
    bexley: House, do: str, typed: dict[str, str]
) -> None:
    client = bexley.client(ROLE)
    answer = send(client, ONE, f"{ONE}/{do}", **typed)
    assert answer.status_code == 422
    assert "There is a problem" in answer.get_data(as_text=True)
    assert followed(bexley, date(2028, 1, 1)) == ["BEX", "STD", "LAW"]


def test_the_first_day_is_put_earlier(bexley: House) -> None:
    client = bexley.client(ROLE)
    day = on("first", ("1", "9", "2019"))
    answer = send(client, ONE, f"{ONE}/first-day", first_why="Since the strategy", **day)
    assert (answer.status_code, answer.location) == (303, ONE)
    assert "STD" in followed(bexley, date(2019, 9, 1))
    page = text(client, ONE)
    assert "STD is followed from 1 September 2019: what runs from that day on" in page
    assert "to 31 December 2019, counts under it now. What is due is being worked out" in page
    later = on("first", ("1", "1", "2021"))
    send(client, ONE, f"{ONE}/first-day", first_why="Only since then", **later)
    assert "what runs from 1 September 2019 to 31 December 2020 counts under it no" in text(
        client, ONE
    )


def test_a_last_day_said_by_mistake_is_taken_back(bexley: House) -> None:
    client = bexley.client(ROLE)
    assert "Take back the last day" not in text(client, ONE)
    last = on("last", ("21", "11", "2026"))
    send(client, ONE, f"{ONE}/end", end_why="A slip of the hand", **last)
    answer = send(client, ONE, f"{ONE}/take-back", back_why="")
    assert answer.status_code == 422
    assert 'href="#back-why"' in answer.get_data(as_text=True)
    answer = send(client, ONE, f"{ONE}/take-back", back_why="It was meant for another")
    assert (answer.status_code, answer.location) == (303, ONE)
    assert "STD" in followed(bexley, date(2027, 1, 1))
    page = text(client, ONE)
    assert "what runs from after 21 November 2026 counts under it again" in page
    assert "in its own right" not in page
    assert "Take back the last day" not in page


def test_what_stands_against_taking_a_last_day_back_is_on_the_page(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, ONE, f"{ONE}/end", end_why="No longer", **on("last", ("21", "11", "2026")))
    send(client, LIST, LIST, code="STD", why="Again", **on("since", DAY))
    row = next(row.id for row in enabled.every(bexley.whole) if row.code == "STD")
    db.session.rollback()
    answer = send(client, ONE, f"{ONE}/take-back", row=str(row), back_why="A slip")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'href="#back"' in page and 'id="back"' in page
    assert "STD is followed again from 1 January 2027" in page


@pytest.mark.parametrize("row", ["", "0", "²", "-1", "9" * 5000])
def test_a_row_that_is_none_is_not_there(bexley: House, row: str) -> None:
    client = bexley.client(ROLE)
    for do, typed in (
        ("first-day", {"first-why": "Why", **on("first", ("1", "9", "2019"))}),
        ("take-back", {"back-why": "Why"}),
    ):
        fields = dict(offered(text(client, ONE), ONE))[f"{ONE}/first-day"]
        answer = client.post(f"{ONE}/{do}", data={**fields, **typed, "row": row})
        assert answer.status_code == 404


def test_who_changed_what_and_why_is_on_the_row_and_on_its_page(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, ONE, f"{ONE}/move", move="up", move_why="It comes first")
    send(client, ONE, f"{ONE}/first-day", first_why="Minute 7", **on("first", ("1", "9", "2019")))
    send(
        client,
        ONE,
        f"{ONE}/replace",
        other="OTH",
        other_why="The new standard",
        **on("other-since", DAY),
    )
    row = " ".join(text(client, LIST).partition(">STD ")[2].partition("</tr>")[0].split())
    for page in (row, " ".join(text(client, ONE).partition("What was changed")[2].split())):
        assert "Last day 31 December 2026, replaced by OTH" in page
        assert "First day 1 September 2019, instead of 1 January 2020" in page
        assert "Order: STD, BEX; it was BEX, STD" in page
        for why in ("The new standard", "Minute 7", "It comes first"):
            assert why in page
        assert page.count("Authority Administrator Of Bexley") == 3
    assert "in the place of STD" in text(client, "/admin/procedures/OTH")
    assert "The new standard" in text(bexley.client("inspector"), ONE)
    send(client, ONE, f"{ONE}/take-back", back_why="Not yet")
    assert "OTH, which took its place, stays as it is, in its own right" in text(client, ONE)
    assert followed(bexley, date(2027, 1, 1)) == ["STD", "OTH", "BEX", "LAW"]
    again = text(client, LIST).partition(">STD ")[2].partition("</tr>")[0]
    assert "Last day 31 December 2026 taken back" in again
    assert "replaced by OTH" not in again


def test_one_to_come_that_is_ended_has_no_page_to_come_back_to(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, LIST, LIST, code="OTH", why="Agreed", **on("since", DAY))
    page = "/admin/procedures/OTH"
    answer = send(client, page, f"{page}/end", end_why="No", **on("last", ("31", "12", "2026")))
    assert (answer.status_code, answer.location) == (303, LIST)
    assert "OTH has a last day" in text(client, LIST)


def test_where_no_figure_is_left_nothing_leads_to_figures(bexley: House) -> None:
    with writing():
        enabled.add(bexley.whole, "OWN", 3, SINCE, "", AT)
    stages = tuple(replace(stage, set_here=False) for stage in DISPUTES.stages)
    disputes = replace(DISPUTES, set_here=False, stages=stages)
    laid_down = replace(STANDARD, code="OWN", authority="BEX", bodies=(), disputes=disputes)
    with_standards(bexley, laid_down)
    client = bexley.client(ROLE)
    for address in (LIST, "/admin/procedures/OWN", "/procedures/OWN"):
        assert "/admin/procedures/OWN/figures" not in text(client, address)
    for address in (LIST, ONE, "/procedures/STD"):
        assert "/admin/procedures/STD/figures" in text(client, address)


def test_somebody_elses_change_meanwhile_is_said(bexley: House) -> None:
    client = bexley.client(ROLE)
    fields = dict(offered(text(client, ONE), ONE))[f"{ONE}/move"]
    send(client, LIST, LIST, code="OTH", why="Agreed", **on("since", DAY))
    answer = client.post(f"{ONE}/move", data={**fields, "move": "up", "move-why": "Why"})
    assert answer.status_code == 422
    assert "Somebody else changed the procedures" in answer.get_data(as_text=True)


def test_what_is_under_way_under_it_is_listed_and_does_not_refuse(bexley: House) -> None:
    bexley.meeting(date(2026, 12, 3))
    bexley.meeting(date(2026, 12, 17))
    bexley.meeting(date(2026, 11, 5), "closed")
    with writing():
        db.session.execute(
            sa.insert(PanelCase).values(
                authority_id=bexley.authority_id,
                procedure_code="BEX",
                procedure_edition="",
                body_code="permanence-panel",
                form_code="referral",
                state="submitted",
                opened_at=AT,
            )
        )
        db.session.execute(
            sa.update(Meeting).where(Meeting.held_on == date(2026, 12, 17)).values(cancelled_at=AT)
        )
    client, address = bexley.client(ROLE), "/admin/procedures/BEX"
    listed = " ".join(text(client, address).partition("Under way under it")[2].split())
    assert "Permanence Panel: 1 meeting planned, on <time" in listed
    assert "3 December 2026" in listed
    assert "1 case under way" in listed
    answer = send(
        client, address, f"{address}/end", end_why="No longer", **on("last", ("30", "11", "2026"))
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "address", ["/admin/procedures/LAW", "/admin/procedures/OTH", "/admin/procedures/x"]
)
def test_what_is_not_followed_has_no_such_page(bexley: House, address: str) -> None:
    client = bexley.client(ROLE)
    assert client.get(address).status_code == 404
    for do in ("end", "replace", "move", "first-day", "take-back"):
        assert client.post(f"{address}/{do}", data={}).status_code == 404, do


def test_an_inspector_reads_and_is_offered_no_change(bexley: House) -> None:
    client = bexley.client("inspector")
    for address in (LIST, ONE):
        page = text(client, address)
        assert "1 January 2020" in page
        assert not [action for action, _ in offered(page, address) if action.startswith(LIST)]
    assert client.post(LIST, data={}).status_code == 404
    for do in ("first-day", "take-back"):
        assert client.post(f"{ONE}/{do}", data={}).status_code == 404


@pytest.mark.parametrize("role", ["social.worker", "panel.administrator", "head.of.service"])
def test_nobody_else_has_these_pages(bexley: House, role: str) -> None:
    client = bexley.client(role)
    assert client.get(LIST).status_code == client.get(ONE).status_code == 404


def test_a_procedure_that_is_not_installed_is_named(bexley: House) -> None:
    with writing():
        enabled.add(bexley.whole, "GONE", 9, SINCE, "", AT)
    client = bexley.client(ROLE)
    assert "No installed plugin supplies it" in text(client, LIST)
    assert client.get("/admin/procedures/GONE").status_code == 200
    assert "GONE: no installed plugin supplies it" in text(client, "/procedures")


def test_the_queries_do_not_grow_with_what_was_followed(bexley: House) -> None:
    client = bexley.client(ROLE)
    text(client, LIST)
    few = counted(lambda: text(client, LIST))
    with writing():
        for number in range(2, 20):
            enabled.add(bexley.whole, "OTH", 9, date(2020, 1, number), "", AT)
    assert counted(lambda: text(client, LIST)) <= few


def test_the_list_of_procedures_says_until_when_one_is_followed(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, ONE, f"{ONE}/end", end_why="No longer", **on("last", ("31", "3", "2027")))
    page = " ".join(text(client, "/procedures").split())
    line = page.partition("STD. Followed here since")[2].partition("</p>")[0]
    assert "1 January 2020" in line and ", until <time" in line and "31 March 2027" in line
    assert ", until" not in page.partition("BEX. Followed here since")[2].partition("</p>")[0]
