"""Pages of posts: who opens them, what they show on a day, and what filling a post refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import BODY, House
from builders.queries import counted
from builders.staff import public
from conftest import TODAY
from flask import Flask
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import AuditRow, Meeting, PostHolder
from plugins.somerset.bodies import PANEL as PANEL_OF_SOMERSET

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADMIN = "authority.administrator"
PANEL = f"/posts/BEX/{BODY}"
SEES = ("panel.administrator", "panel.chair", "head.of.service", "deputy.director", "inspector")
SEES_NOT = ("social.worker", "team.manager", "iro", "panel.member", "legal")
DAY = timedelta(days=1)


@pytest.fixture
def admin(house: House) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(ADMIN)


@pytest.fixture
def others(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with other_authorities(tmp_path, database_url) as app:
        yield app


def text(html: str) -> str:
    """The words of a page, without what only a screen reader says."""
    html = re.sub(r'<span class="govuk-visually-hidden">.*?</span>', "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def row(html: str, title: str) -> str:
    """The words of the row of a table that begins with a title."""
    found = re.findall(r'<tr class="govuk-table__row" role="row">(.*?)</tr>', html, re.S)
    return next(words for one in found if (words := text(one)).startswith(title))


def boxes(name: str, on: date) -> dict[str, str]:
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def seen(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(address).text)
    assert found is not None
    return found[1]


def fill(
    client: FlaskClient, house: House, post: str, role: str = "iro", **more: str
) -> tuple[int, str]:
    """Send the form of a post for somebody from today on; the status and the page."""
    address = f"{PANEL}/{post}"
    typed = {
        "seen": seen(client, address),
        "who": public(house, role),
        **boxes("since", house.today),
        **more,
    }
    answer = client.post(f"{address}/fill", data=typed)
    return answer.status_code, answer.text


@pytest.mark.clause("BEX-1.12")
def test_the_list_shows_what_is_filled_and_empty_with_its_clause(admin: FlaskClient) -> None:
    html = admin.get("/posts").text
    assert "4 empty" in html and "All filled" in html
    filled = row(html, "Manager, adoption")
    assert "Adoption Of Bexley" in filled and "BEX-1.12" in filled and "Team manager" in filled
    assert "no end" in filled and "Empty" not in filled
    assert "Empty" in row(html, "Manager, placements")
    assert "Deputy Director Of Bexley" in row(html, "Deputy Director")
    assert "Takes the chair first" in row(html, "Head of Service for Looked After Children")


def test_a_day_in_the_address_shows_who_held_it_then_and_stays_in_every_link(
    house: House, admin: FlaskClient
) -> None:
    coming = house.today + 30 * DAY
    status, _ = fill(admin, house, "placements", grade="team-manager", why="Acting up",
                     **boxes("since", coming))  # fmt: skip
    assert status == 303
    for address in ("/posts", PANEL):
        assert "Empty" in row(admin.get(address).text, "Manager, placements")
        later = admin.get(f"{address}?on={coming}").text
        assert "Iro Of Bexley" in row(later, "Manager, placements")
        assert f"{PANEL}/placements?on={coming}" in later and "23 December 2026" in later
    assert "To come" in admin.get(f"{PANEL}/placements").text
    assert "follows no procedure on that day" in admin.get("/posts?on=2019-12-31").text
    typed = admin.get("/posts", query_string=boxes("on", coming))
    assert typed.status_code == 302 and typed.location == f"/posts?on={coming}"
    named = admin.get(PANEL, query_string=boxes("on", coming))
    assert named.location == f"{PANEL}?on={coming}"
    for wrong in ("on=x", "on=1066-01-01", "on-day=31&on-month=2&on-year=2027", "on-day=1"):
        refused = admin.get(f"/posts?{wrong}")
        assert refused.status_code == 422 and "This date must" in refused.text, wrong
    assert 'value="31"' in admin.get("/posts?on-day=31&on-month=2&on-year=2027").text


def test_who_runs_meetings_and_who_inspects_read_and_the_administrator_alone_fills(
    house: House, admin: FlaskClient
) -> None:
    pages = ("/posts", PANEL, f"{PANEL}/adoption", "/posts/BEX/offices")
    for role in SEES:
        client = house.client(role)
        for address in pages:
            answer = client.get(address)
            assert answer.status_code == 200 and "Fill the post" not in answer.text
        for what in ("fill", "change", "end"):
            assert client.post(f"{PANEL}/adoption/{what}").status_code == 404
        assert ">Posts<" in client.get("/").text.replace("\n", "").replace(" ", "")
    for role in SEES_NOT:
        client = house.client(role)
        assert {client.get(address).status_code for address in pages} == {404}
    assert "Fill the post" in admin.get(f"{PANEL}/adoption").text


def test_another_authority_has_its_own_posts_alone(house: House, admin: FlaskClient) -> None:
    toyshire = House(house.app, house.today, "TOY", "toyshire").client(ADMIN)
    assert "Keeper of the Circle" in toyshire.get("/posts").text
    assert "Of Bexley" not in toyshire.get("/posts").text
    for address in (PANEL, f"{PANEL}/adoption", "/posts/BEX/offices", f"/posts/TOY/{BODY}/legal"):
        assert toyshire.get(address).status_code == 404, address
    for what in ("fill", "change", "end"):
        assert toyshire.post(f"{PANEL}/adoption/{what}").status_code == 404
    assert admin.get(f"/posts/TOY/{BODY}").status_code == 404
    for address in ("/posts/BEX/nowhere", f"{PANEL}/jester", "/posts/BEX/offices/jester"):
        assert admin.get(address).status_code == 404
    for what in ("fill", "change", "end"):
        assert admin.post(f"{PANEL}/jester/{what}").status_code == 404


@pytest.mark.clause("BEX-1.12", "BEX-1.11")
def test_what_the_procedure_does_not_allow_is_refused_with_its_clause_and_what_was_typed(
    house: House, admin: FlaskClient
) -> None:
    status, html = fill(admin, house, "placements", service="Care <b>", grade="practitioner")
    assert status == 422 and "and Iro Of Bexley has the grade Practitioner" in html
    assert "/clauses/BEX-1.12" in html and 'id="grade-error"' in html
    assert "Care &lt;b&gt;" in html and 'value="practitioner" selected' in html
    assert f'value="{house.today.day}"' in html
    chosen = re.search(rf'value="{public(house, "iro")}" selected', html)
    assert chosen is not None
    status, html = fill(admin, house, "chair", "team.manager", replaces="yes")
    assert status == 422 and "/clauses/BEX-1.11" in html
    status, html = fill(admin, house, "adoption", grade="team-manager", why="Acting up")
    assert status == 422 and "Tick that theirs ends the day before" in html
    assert 'id="replaces-error"' in html
    status, html = fill(admin, house, "placements", **{"since-day": "31", "since-month": "2"})
    assert status == 422 and 'value="31"' in html and "must be a real date" in html


def test_what_only_warns_asks_to_be_read_and_is_then_saved(
    house: House, admin: FlaskClient
) -> None:
    status, html = fill(admin, house, "signs-of-safety", "adoption")
    assert status == 422 and "holds two posts" in html and "save it all the same" in html
    status, _ = fill(admin, house, "signs-of-safety", "adoption", confirmed="yes")
    assert status == 303
    page = admin.get(PANEL).text
    assert "Adoption Of Bexley holds two posts" in page and "To look at" in page


def test_a_holder_is_followed_changed_and_ended_on_the_page(
    house: House, admin: FlaskClient
) -> None:
    address = f"{PANEL}/legal"
    last = house.today + 99 * DAY
    status, _ = fill(
        admin, house, "legal", replaces="yes", grade="solicitor", **boxes("last", last)
    )
    assert status == 303
    page = admin.get(address).text
    assert "Earlier" in row(page, "Legal Of Bexley")
    now = row(page, "Iro Of Bexley")
    assert "Holds it" in now and "Solicitor" in now and "2 March 2027" in now
    which = re.search(r'name="holding" value="(\d+)"', page)
    assert which is not None
    prefix = f"{which[1]}-"
    own = {
        "seen": seen(admin, address),
        "holding": which[1],
        **boxes(f"{prefix}since", house.today),
    }
    early = {**own, **boxes(f"{prefix}last", house.today - 9 * DAY)}
    refused = admin.post(f"{address}/change", data=early)
    assert refused.status_code == 422 and f'href="#{prefix}last"' in refused.text
    assert "what was held stays as it was" in refused.text
    typed = {**own, f"{prefix}service": "Law", **boxes(f"{prefix}last", last + DAY)}
    assert admin.post(f"{address}/change", data=typed).status_code == 303
    assert "Law" in row(admin.get(address).text, "Iro Of Bexley")
    assert admin.post(f"{address}/change", data=typed).status_code == 422
    own["seen"] = seen(admin, address)
    wrong = admin.post(f"{address}/end", data={**own, f"{prefix}end-last-day": "x"})
    assert wrong.status_code == 422 and f'id="{prefix}end-last-error"' in wrong.text
    ended = {**own, **boxes(f"{prefix}end-last", house.today - DAY)}
    assert admin.post(f"{address}/end", data=ended).status_code == 303
    assert "Empty" in row(admin.get(PANEL).text, "Legal representative")
    for bad in ("", "x", "99999999999999", "7777"):
        answer = admin.post(f"{address}/end", data={**own, "holding": bad})
        assert answer.status_code == 422, bad
    history = text(admin.get(f"/staff/{public(house, 'iro')}").text)
    assert "Post changed" in history and "Post ended" in history


def test_a_change_asks_for_the_first_day_and_says_which_of_its_dates_is_wrong(
    house: House, admin: FlaskClient
) -> None:
    address = f"{PANEL}/legal"
    page = admin.get(address).text
    which = re.search(r'name="holding" value="(\d+)"', page)
    assert which is not None
    prefix = f"{which[1]}-"
    assert f'name="{prefix}since-day"' in page
    own = {"seen": seen(admin, address), "holding": which[1]}
    wrong = {
        f"{prefix}{name}-{part}": value
        for name in ("since", "last", "remind")
        for part, value in (("day", "31"), ("month", "2"), ("year", "2027"))
    }
    answer = admin.post(f"{address}/change", data=own | wrong)
    assert answer.status_code == 422
    for name, said in (("since", "first day"), ("last", "last day"), ("remind", "reminder")):
        assert f'href="#{prefix}{name}"' in answer.text
        assert f"The {said} must be a real date" in answer.text
    mended = own | boxes(f"{prefix}since", house.today - 9 * DAY)
    assert admin.post(f"{address}/change", data=mended).status_code == 303
    from_then = f"/posts/BEX/{BODY}/legal?on={house.today - 9 * DAY}"
    assert "Holds it" in row(admin.get(from_then).text, "Legal Of Bexley")


def test_a_day_before_the_first_year_is_said_to_be_so(admin: FlaskClient) -> None:
    answer = admin.get("/posts?on=1850-01-01")
    assert answer.status_code == 422
    assert "This date must be in the years 1900 to 2100" in answer.text
    assert 'value="1850"' in answer.text


def test_of_two_administrators_the_second_is_shown_how_it_stands(
    house: House, admin: FlaskClient
) -> None:
    before = seen(admin, f"{PANEL}/placements")
    graded = {"grade": "team-manager", "why": "Acting up"}
    assert fill(admin, house, "placements", **graded)[0] == 303
    status, html = fill(admin, house, "placements", "kinship", seen=before, **graded)
    assert status == 422 and "Somebody else changed who holds Manager, placements" in html
    assert "Iro Of Bexley" in html and 'value="Acting up"' in html
    assert seen(admin, f"{PANEL}/placements") in html


def test_the_queries_do_not_grow_with_who_held_the_posts(house: House, admin: FlaskClient) -> None:
    few = [counted(lambda page=page: admin.get(page)) for page in ("/posts", PANEL, "/")]
    with writing():
        for post in ("adoption", "legal", "placements", "signs-of-safety"):
            for month in range(1, 10):
                db.session.execute(
                    sa.insert(PostHolder).values(
                        authority_id=house.authority_id,
                        procedure_code="BEX",
                        body_code=BODY,
                        post_code=post,
                        account_id=house.accounts["iro"],
                        since=date(2026, month, 1),
                        until=date(2026, month, 20),
                    )
                )
    many = [counted(lambda page=page: admin.get(page)) for page in ("/posts", PANEL, "/")]
    assert many == few and max(few) <= 20


def test_what_is_not_laid_down_is_said_to_be_the_authoritys_and_is_set_from_here(
    others: Flask,
) -> None:
    client = House(others, TODAY, "SOM", "somerset").client(ADMIN)
    address = f"/posts/SOM/{BODY}"
    html = client.get(address).text
    assert "Not laid down by the procedure: set by the authority" in html
    title = "Members who must be there beside the chair"
    assert "Not set" in row(html, title)
    (to_set,) = re.findall(r'href="(/admin/procedures/SOM/figures/[^"]+/quorum/others)"', html)
    form = client.get(to_set).text
    mark = re.search(r'name="seen" value="(\w+)"', form)
    assert mark is not None
    typed = {"value": "3", "why": "Agreed in May", "seen": mark[1], **boxes("since", TODAY)}
    assert client.post(to_set, data=typed).status_code == 303
    html = client.get(address).text
    assert "3 members" in row(html, title) and "Agreed in May" in row(html, title)
    order = to_set.replace("quorum/others", "chair-order/posts")
    mark = re.search(r'name="seen" value="(\w+)"', client.get(order).text)
    assert mark is not None
    chosen = {"post-1": "looked-after-children", "post-2": "finance"}
    typed = {**typed, **chosen, "seen": mark[1]}
    assert client.post(order, data=typed).status_code == 303
    first = row(client.get(address).text, "Operations Manager CLA")
    assert "Takes the chair first: set by the authority" in first


def needs(html: str) -> list[str]:
    found = re.findall(r'<h\d class="app-need__what">(.*?)</h\d>', html, re.S)
    return [" ".join(words.split()) for words in found]


def test_empty_posts_and_terms_that_end_stand_before_the_administrator_alone(
    house: House, admin: FlaskClient
) -> None:
    html = admin.get("/").text
    assert "Fill 4 empty posts of the Permanence Panel" in needs(html)
    assert "Manager, placements" in html and f'href="{PANEL}"' in html
    assert "and 1 more" in html and "/clauses/BEX-1.12" in html
    assert not any(
        "post" in line for line in needs(house.client("panel.administrator").get("/").text)
    )
    last = house.today + 60 * DAY
    fill(admin, house, "legal", replaces="yes", grade="solicitor", **boxes("last", last))
    ends = "The term of Iro Of Bexley ends: Legal representative"
    assert ends not in needs(admin.get("/").text)
    house.turn_to(last - 56 * DAY)
    html = house.client(ADMIN).get("/").text
    assert ends in needs(html) and f'href="{PANEL}/legal"' in html
    assert "from 23 January 2027 nobody holds the post" in text(html)
    later = house.client(ADMIN)
    fill(later, house, "legal", "kinship", grade="solicitor", **boxes("since", last + DAY))
    assert ends not in needs(later.get("/").text)


def test_with_no_chair_the_first_page_says_so(house: House, admin: FlaskClient) -> None:
    with writing():
        db.session.execute(
            sa.update(PostHolder)
            .where(PostHolder.post_code.in_(("chair", "vice-chair")))
            .values(until=house.today)
        )
    assert "Nobody who may chair holds a post. Nobody holds: Head of Service" in text(
        admin.get("/").text
    )


@pytest.mark.clause("SOM-8.1", "SOM-8.2")
def test_somersets_seven_core_posts_are_filled_here_and_its_optional_ones_said_to_be_so(
    others: Flask,
) -> None:
    house = House(others, TODAY, "SOM", "somerset")
    client = house.client(ADMIN)
    html = client.get(f"/posts/SOM/{BODY}").text
    assert "Empty" in row(html, "Operations Manager CLA") and "SOM-8.1" in html
    assert "Optional" in row(html, "P2i Coordinator")
    chair = row(html, "Panel Chair")
    assert "not laid down by the procedure: set by the authority" in chair
    assert "Not set" in row(html, "Members who must be there beside the chair")
    assert "The child’s social worker" in html
    offices = client.get("/posts/SOM/offices").text
    assert "SOM-5" in row(offices, "Deputy Director Children and Families")
    standard = client.get("/posts/PPM2/permanence-planning-meeting").text
    assert "From the case" in row(standard, "CLA service manager")
    assert "set here, not by the procedure" in row(standard, "CLA service manager")
    brought = client.get("/posts/PPM2/permanence-planning-meeting/adoption").text
    assert "a colleague from adoption" in brought and "Fill the post" not in brought
    _, meeting = house.meeting()
    with writing():
        db.session.execute(sa.update(Meeting).values(procedure_edition="October 2016"))
    seats = text(house.client("panel.administrator").get(f"/meetings/{meeting}").text)
    core = [post.title for post in PANEL_OF_SOMERSET.posts if "SOM-8.1" in post.clauses]
    assert len(core) == 7 and all(title in seats for title in core)


@pytest.mark.clause("BCP-3.1")
def test_somebody_from_outside_cannot_be_made_a_member_of_bcps_panel(others: Flask) -> None:
    house = House(others, TODAY, "BCP", "bcp")
    client = house.client(ADMIN)
    address = f"/posts/BCP/{BODY}/administration"
    typed = {
        "seen": seen(client, address),
        "who": public(house, "panel.administrator"),
        "outside": "yes",
        "confirmed": "yes",
        **boxes("since", TODAY),
    }
    refused = client.post(f"{address}/fill", data=typed)
    assert (
        refused.status_code == 422 and "members are from inside the authority only" in refused.text
    )
    assert "/clauses/BCP-3.1" in refused.text and 'id="outside-error"' in refused.text
    assert client.post(f"{address}/fill", data={**typed, "outside": "no"}).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditRow.did == "give post")) > 0
