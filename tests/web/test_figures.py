"""Pages of the figures that a procedure leaves to the authority: set, seen with why, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.house import AT, SINCE, House
from builders.queries import counted
from builders.standards import BODY, STANDARD, deadline, with_standards
from builders.walks import offered
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.store import enabled, local_settings
from core.store.database import db, writing

ROLE, LIST = "authority.administrator", "/admin/procedures/STD/figures"
PERIOD = f"{LIST}/-/made-up-ppm/period"
KEY = ("STD", "", "made-up-ppm", "period")
HERE = replace(
    STANDARD,
    code="OWN",
    title="A procedure with a reading",
    deadlines=(deadline("recently", "STD-1", 5, set_here=True), deadline("drift", "STD-2", 4)),
    authority="BEX",
)


@pytest.fixture
def bexley(house: House) -> House:
    """Bexley follows the made-up standard, and a procedure with a figure that is a reading."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    with writing():
        enabled.add(house.whole, "STD", 2, SINCE, "", AT)
        enabled.add(house.whole, "OWN", 3, SINCE, "", AT)
    with_standards(house, HERE)
    return house


def text(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).get_data(as_text=True).split())


def send(client: FlaskClient, page: str, typed: dict[str, str], to: str = "") -> TestResponse:
    html = client.get(page).get_data(as_text=True)
    (fields,) = [fields for action, fields in offered(html, page) if action == (to or page)]
    fields.pop("own", None)
    return client.post(to or page, data={**fields, **typed})


def on(parts: tuple[str, str, str]) -> dict[str, str]:
    return {f"since-{part}": box for part, box in zip(("day", "month", "year"), parts, strict=True)}


FOUR = {"value": "4", "unit": "weeks", "why": "The strategy", **on(("1", "9", "2026"))}


def values(house: House) -> list[str]:
    found = [setting.value for setting in local_settings.standing(house.whole)]
    db.session.rollback()
    return found


def test_the_list_says_what_the_procedure_says_and_what_is_not_laid_down(bexley: House) -> None:
    page = text(bexley.client(ROLE), LIST)
    assert "Made up ppm of STD-1" in page
    assert "10 weeks" in page
    assert 'href="/clauses/STD-1"' in page
    assert "Not laid down: set by the authority" in page
    assert "Planning Circle" in page


def test_a_reading_says_that_it_is_set_here_and_what_is_laid_down_is_not_to_be_set(
    bexley: House,
) -> None:
    page = text(bexley.client(ROLE), "/admin/procedures/OWN/figures")
    assert "5 weeks: set here, not by the procedure" in page
    assert "Drift of STD-2" not in page
    assert "it changes with a new edition of the procedure" in page
    one = bexley.client(ROLE).get("/admin/procedures/OWN/figures/-/drift/period")
    assert one.status_code == 404


def test_a_figure_is_set_from_a_day_with_a_reason(bexley: House) -> None:
    client = bexley.client(ROLE)
    answer = send(client, PERIOD, FOUR)
    assert (answer.status_code, answer.location) == (303, PERIOD)
    page = text(client, PERIOD)
    assert "4 weeks: set by the authority" in page
    assert "1 September 2026" in page
    assert "The strategy" in page
    assert "Authority Administrator Of Bexley" in page
    assert "10 weeks" in page
    assert "In force" in page


def test_a_figure_that_another_procedure_holds_in_place_of_does_not_count_here(
    bexley: House,
) -> None:
    with writing():
        enabled.add(bexley.whole, "OTH", 0, SINCE, "", AT)
    client = bexley.client(ROLE)
    listed = text(client, LIST).partition(">Made up ppm of STD-1")[2].partition("</tr>")[0]
    assert "Does not count here" in listed
    assert "Made up ppm of OTH-1 (OTH) holds in its place" in listed
    assert 'href="/clauses/OTH-1"' in listed
    assert "Does not count here" not in text(client, f"{LIST}/{BODY}/most-cases/most")
    send(client, PERIOD, FOUR)
    page = text(client, PERIOD)
    assert (
        "The figure is set, and does not count here while “Made up ppm of OTH-1” of OTH (OTH-1) "
        "holds in its place. What is due is being worked out again."
    ) in page
    assert "Made up ppm of OTH-1 (OTH) holds in its place" in page
    assert "STD: 4 weeks: set by the authority" in page
    assert ">In force<" not in page.replace(" ", "")
    assert page.count("Does not count here") == 2
    assert "Does not count here" in text(client, "/procedures/STD").partition("Clauses</h2>")[0]


def test_a_figure_counts_where_nothing_holds_in_its_place(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, PERIOD, FOUR)
    page = text(client, PERIOD)
    assert "The figure is set. What is due is being worked out again." in page
    assert "Does not count here" not in page
    assert "Does not count here" not in text(client, LIST)


def test_what_is_read_into_a_procedure_is_not_under_what_it_says(bexley: House) -> None:
    for address in (LIST, PERIOD, "/admin/procedures/OWN/figures"):
        page = text(bexley.client(ROLE), address)
        assert "The procedure says" not in page
        assert "Where nothing is set" in page


def test_a_fault_is_beside_its_field_and_what_was_typed_stays(bexley: House) -> None:
    answer = send(bexley.client(ROLE), PERIOD, {**FOUR, "value": "four", "why": ""})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'href="#value"' in page and 'href="#why"' in page
    assert 'value="four"' in page
    assert values(bexley) == []


def test_the_procedures_own_again(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, PERIOD, FOUR)
    answer = send(client, PERIOD, {"own": "yes", "why": "Back", **on(("1", "11", "2026"))})
    assert answer.status_code == 303
    page = text(client, PERIOD)
    assert "The procedure’s own again" in page
    assert "Earlier" in page


def test_one_taken_back_says_so(bexley: House) -> None:
    client = bexley.client(ROLE)
    send(client, PERIOD, FOUR)
    (public_id,) = [setting.public_id for setting in local_settings.every(bexley.whole)]
    db.session.rollback()
    to = f"/figures/{public_id}/take-back"
    refused = send(client, PERIOD, {}, to)
    assert refused.status_code == 422
    assert f'href="#back-{public_id}"' in refused.get_data(as_text=True)
    answer = send(client, PERIOD, {f"back-{public_id}": "A slip"}, to)
    assert (answer.status_code, answer.location) == (303, PERIOD)
    assert "Taken back" in text(client, PERIOD)
    assert client.post(to, data={f"back-{public_id}": "Again"}).status_code == 404


def test_a_quorum_larger_than_the_body_is_refused_beside_its_field(bexley: House) -> None:
    client, address = bexley.client(ROLE), f"{LIST}/{BODY}/quorum/others"
    answer = send(client, address, {"value": "999", "why": "Agreed", **on(("1", "9", "2026"))})
    assert answer.status_code == 422 and values(bexley) == []
    assert "Enter a whole number from 1 to 2: there are 2 posts" in answer.text
    assert 'href="#value"' in answer.text


@pytest.mark.parametrize(
    ("rule", "what", "typed", "kept"),
    [
        ("most-cases", "most", {"value": "6"}, "6"),
        ("quorum", "others", {"value": "2"}, "2"),
        ("case-timing", "minutes", {"present": "5", "discuss": "15", "sum-up": "5"}, "5,15,5"),
        ("chair-order", "posts", {"post-1": "scribe", "post-2": "convenor"}, "scribe,convenor"),
        ("chair-order", "posts", {"post-1": "convenor", "post-2": ""}, "convenor"),
    ],
)
def test_what_a_body_needs_is_set(
    bexley: House, rule: str, what: str, typed: dict[str, str], kept: str
) -> None:
    client, address = bexley.client(ROLE), f"{LIST}/{BODY}/{rule}/{what}"
    answer = send(client, address, {**typed, "why": "Agreed", **on(("1", "9", "2026"))})
    assert answer.status_code == 303
    assert values(bexley) == [kept]
    assert send(client, address, {**typed, "why": "Again"}).status_code == 422


BOXES = ("value", "unit", "present", "discuss", "sum-up", "post-1", "post-2")


@pytest.mark.parametrize("odd", ["", "²", "-1", "9" * 5000, "\u202e", "5,5", "🙂"])
@pytest.mark.parametrize(
    "address",
    [
        PERIOD,
        f"{LIST}/{BODY}/most-cases/most",
        f"{LIST}/{BODY}/case-timing/minutes",
        f"{LIST}/{BODY}/chair-order/posts",
    ],
)
def test_nothing_odd_is_taken(bexley: House, address: str, odd: str) -> None:
    typed = {**dict.fromkeys(BOXES, odd), "why": "Why", **on(("1", "9", "2026"))}
    answer = send(bexley.client(ROLE), address, typed)
    assert answer.status_code == 422
    assert 'href="#value"' in answer.get_data(as_text=True)
    assert values(bexley) == []


@pytest.mark.parametrize(
    "address",
    [
        "/admin/procedures/OTH/figures",
        "/admin/procedures/LAW/figures",
        f"{LIST}/-/made-up-ppm/none",
        f"{LIST}/{BODY}/made-up-ppm/period",
        f"{LIST}/none/most-cases/most",
    ],
)
def test_what_is_not_to_be_set_has_no_page(bexley: House, address: str) -> None:
    assert bexley.client(ROLE).get(address).status_code == 404


def test_an_inspector_reads_and_sets_nothing(bexley: House) -> None:
    client = bexley.client("inspector")
    assert "10 weeks" in text(client, PERIOD)
    html = client.get(PERIOD).get_data(as_text=True)
    assert PERIOD not in dict(offered(html, PERIOD))
    assert client.post(PERIOD, data=FOUR).status_code == 404


@pytest.mark.parametrize("role", ["social.worker", "panel.administrator", "panel.chair"])
def test_nobody_else_has_these_pages(bexley: House, role: str) -> None:
    client = bexley.client(role)
    assert client.get(LIST).status_code == client.get(PERIOD).status_code == 404


def test_another_authority_does_not_take_ours_back(bexley: House) -> None:
    send(bexley.client(ROLE), PERIOD, FOUR)
    (public_id,) = [setting.public_id for setting in local_settings.every(bexley.whole)]
    db.session.rollback()
    other = House(bexley.app, bexley.today, "TOY", "toyshire")
    to = f"/figures/{public_id}/take-back"
    answer = other.client(ROLE).post(to, data={f"back-{public_id}": "Not theirs"})
    assert answer.status_code == 404
    assert values(bexley) == ["4 weeks"]


def test_the_queries_do_not_grow_with_what_was_set(bexley: House) -> None:
    client = bexley.client(ROLE)
    text(client, LIST)
    few = counted(lambda: text(client, LIST))
    with writing():
        for number in range(1, 20):
            local_settings.add(bexley.whole, KEY, "4 weeks", date(2026, 1, number), "Why", AT)
    assert counted(lambda: text(client, LIST)) <= few
