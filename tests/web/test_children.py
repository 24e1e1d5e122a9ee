"""The register and the child's page as they are seen: filters, search, words, looks, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from flask.testing import FlaskClient
from sqlalchemy import event

from core.store.database import db, writing
from core.store.tables import (
    AuditRow,
    CareSummary,
    Child,
    IdentityFact,
    LegalStatus,
    PeriodOfCare,
    Placement,
    Review,
)


@contextmanager
def _queries() -> Iterator[list[str]]:
    """Collect the statements that are sent while it lasts."""
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _client(house: House, role: str = "panel.administrator") -> FlaskClient:
    """A browser of somebody."""
    return house.client(role)


def _get(house: House, address: str, role: str = "panel.administrator", status: int = 200) -> str:
    answer = _client(house, role).get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def _change(table: type, child_id: int, **values: object) -> None:
    key = table.id if table is Child else table.child_id  # type: ignore[attr-defined]
    with writing():
        db.session.execute(sa.update(table).where(key == child_id).values(**values))


def _listed(html: str) -> list[str]:
    """The local ids of the register's rows, in order."""
    return re.findall(r'<td [^>]*data-label="Local id">(\d{4})</td>', html)


def test_a_row_says_who_where_and_under_which_order(house: House) -> None:
    child_id, public_id = house.child()
    _change(CareSummary, child_id, latest_review=date(2026, 9, 28), placement="T3")
    html = _get(house, "/children")
    for words in (
        f'href="/children/{public_id}">Orlin Thistlewick',
        "1 September 2026",
        "Interim care order (C1)",
        "Foster care with another carer, not long term (U6)",
        "Now: Temporary placement while the usual foster carer is on holiday (T3)",
        "Social Worker Of Bexley",
        "Quill team",
        "28 September 2026",
    ):
        assert words in html
    assert re.search(r'<td [^>]*data-label="Age">7</td>', html)


def test_an_unborn_child_an_unknown_start_and_no_episodes_are_said_as_they_are(
    house: House,
) -> None:
    unborn, _ = house.child("0001", "Baby", "Ouzel", date(2027, 3, 4))
    _change(Child, unborn, birth_expected=True)
    _change(
        CareSummary,
        unborn,
        became_looked_after=date(2026, 3, 4),
        became_looked_after_known=False,
    )
    house.child(
        "0002", "", "", status="no episodes", legal_status="", placement="",
        became_looked_after=None,
    )  # fmt: skip
    html = _get(house, "/children")
    assert "expected 4 March 2027" in html
    assert "start unknown: before 4 March 2026" in html
    assert "No episodes" in html
    assert "Child 0002" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=ceased", ["0003"]),
        ("legal-status=V2", ["0002"]),
        ("placement=fostering", ["0001", "0002"]),
        ("placement=long-term-fostering", ["0002"]),
        ("placement=K2", ["0003"]),
        ("placement=temporary", ["0002"]),
        ("placement=T1", ["0002"]),
        ("worker=mine", ["0002"]),
        ("age-from=7&age-to=7", ["0001"]),
        ("age-from=8", ["0003"]),
        ("age-to=6", ["0002"]),
        ("flags=any", ["0003"]),
        ("sort=local-id&order=descending", ["0003", "0002", "0001"]),
        ("legal-status=V2&age-from=7", []),
    ],
)
def test_the_address_filters_and_sorts_the_list(house: House, query: str, found: list[str]) -> None:
    house.child("0001", "Wilf", "Ash", date(2019, 11, 23))
    mine, _ = house.child(
        "0002", "Juno", "Birch", date(2024, 1, 1), legal_status="V2", worker="panel.administrator"
    )
    _change(CareSummary, mine, base_placement="U4", placement="T1")
    flagged, _ = house.child("0003", "Ivo", "Cedar", date(2009, 1, 1), status="ceased")
    _change(CareSummary, flagged, base_placement="K2", placement="K2", flags="148")
    assert _listed(_get(house, f"/children?{query}")) == found


def test_a_list_filters_by_a_team_and_a_worker_of_the_authority(house: House) -> None:
    house.child("0001")
    house.child("0002", team="", worker=None)
    html = _get(house, "/children")
    for name in ("team", "worker"):
        choices = html.partition(f'<select class="govuk-select" id="{name}"')[2]
        key = re.findall(r'<option value="(?!mine)([^"]+)"', choices.partition("</select>")[0])[0]
        assert _listed(_get(house, f"/children?{name}={key}")) == ["0001"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("age-from", "abc"),
        ("age-to", "-1"),
        ("age-from", "²"),
        ("age-to", "9" * 500),
        ("status", "asleep"),
        ("legal-status", "C9"),
        ("placement", "castle"),
        ("team", "999999"),
        ("worker", "nobody"),
        ("flags", "all"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_beside_its_field_and_the_rest_kept(
    house: House, name: str, value: str
) -> None:
    house.child()
    kept = "legal-status" if name != "legal-status" else "status"
    chosen = "C1" if kept == "legal-status" else "looked after"
    html = _get(house, f"/children?{name}={value}&{kept}={chosen}", status=422)
    assert "There is a problem" in html
    assert f'href="#{name}"' in html
    assert f'id="{name}-error"' in html
    assert f'<option value="{chosen}" selected' in html
    assert "Thistlewick" not in html
    assert "<title>Error: Children – Permanence</title>" in html


@pytest.mark.parametrize("query", ["page=-1", "page=0", "page=x", "sort=height", "order=up"])
def test_a_page_or_an_order_that_there_is_not_is_refused(house: House, query: str) -> None:
    assert "There is a problem" in _get(house, f"/children?{query}", status=422)


def test_ages_the_wrong_way_round_are_refused(house: House) -> None:
    assert 'href="#age-to"' in _get(house, "/children?age-from=9&age-to=3", status=422)


def test_the_list_has_fifty_a_page_and_keeps_its_filters_from_page_to_page(house: House) -> None:
    for number in range(52):
        house.child(f"{number:04}", "Wilf", f"Ash{number:02}")
    first = _get(house, "/children?legal-status=C1&sort=local-id")
    assert "52 children: page 1 of 2" in first
    assert len(_listed(first)) == 50
    assert "/children?legal-status=C1&amp;sort=local-id&amp;page=2" in first
    second = _get(house, "/children?legal-status=C1&sort=local-id&page=2")
    assert _listed(second) == ["0050", "0051"]


def test_three_children_and_sixty_take_the_same_number_of_queries(house: House) -> None:
    counts, made = [], 0
    for upto in (3, 60):
        for number in range(made, upto):
            house.child(f"{number:04}", "Wilf", f"Ash{number:02}", sibling_group="g")
        made = upto
        client = _client(house)
        with _queries() as sent:
            assert client.get("/children?sort=since&legal-status=C1").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_long_history_takes_no_more_queries_than_a_short_one(house: House) -> None:
    counts = []
    for local_id, length in (("0001", 1), ("0002", 40)):
        child_id, public_id = house.child(local_id)
        own = {"authority_id": house.authority_id, "child_id": child_id}
        with writing():
            for number in range(length):
                on = date(2020, 1, 1).replace(year=2020 + number % 6, month=1 + number % 12)
                for table, more in (
                    (Review, {"held_on": on, "code": "PN1"}),
                    (Placement, {"code": "U6", "provider": "", "start": on, "start_known": True,
                                 "temporary": False}),
                    (IdentityFact, {"field": "born", "value": "2019-05-04"}),
                ):  # fmt: skip
                    db.session.execute(sa.insert(table).values(**own, **more))
        client = _client(house)
        with _queries() as sent:
            assert client.get(f"/children/{public_id}").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_htmx_gets_the_list_alone_and_says_how_many(house: House) -> None:
    house.child()
    answer = house.client("iro").get("/children", headers={"HX-Request": "true"})
    html = answer.get_data(as_text=True)
    assert html.lstrip().startswith('<div id="register">')
    assert "<html" not in html
    assert "1 child in the list" in answer.headers["HX-Trigger"]


def test_a_search_never_puts_its_words_into_an_address(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.child("0001", "Wilf", "Ash")
    house.child("0002", "Juno", "Birch")
    client = house.client("panel.administrator")
    answer = client.post("/children/search", data={"words": "birch"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/children?search=yes")
    html = client.get("/children?search=yes").get_data(as_text=True)
    assert _listed(html) == ["0002"]
    links = re.findall(r'(?:href|action|hx-get)="([^"]*)"', html)
    assert links and all("birch" not in link.lower() for link in links)
    assert "Clear search" in html
    assert _listed(client.get("/children?search=yes&sort=age").get_data(as_text=True)) == ["0002"]
    audited = db.session.execute(sa.select(AuditRow.after).where(AuditRow.did == "look")).all()
    assert "birch" not in str(audited).lower()


def test_leaving_the_search_forgets_its_words(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.child("0001", "Wilf", "Ash")
    client = house.client("panel.administrator")
    client.post("/children/search", data={"words": "nobody at all"})
    assert _listed(client.get("/children?search=yes").get_data(as_text=True)) == []
    assert _listed(client.get("/children").get_data(as_text=True)) == ["0001"]
    assert _listed(client.get("/children?search=yes").get_data(as_text=True)) == ["0001"]


@pytest.mark.parametrize("typed", ["", "   ", "x" * 101])
def test_a_search_for_nothing_or_too_much_is_refused(house: House, typed: str) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.child()
    answer = house.client("panel.administrator").post("/children/search", data={"words": typed})
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'href="#words"' in html
    assert typed.strip() in html
    assert "Thistlewick" not in html


def test_a_childs_page_answers_in_one_look(house: House) -> None:
    child_id, public_id = house.child(sibling_group="g")
    house.child("0102", "Pim", "Thistlewick", date(2026, 6, 1), sibling_group="g")
    own = {"authority_id": house.authority_id, "child_id": child_id}
    start = {"start": date(2026, 3, 4), "start_known": False}
    with writing():
        for born in ("2019-05-04", "2019-05-05", "2018-05-04"):
            db.session.execute(
                sa.insert(IdentityFact).values(field="born", value=born, year=2026, **own)
            )
        db.session.execute(sa.insert(PeriodOfCare).values(end_reason="", **start, **own))
        db.session.execute(sa.insert(LegalStatus).values(code="C1", **start, **own))
        db.session.execute(
            sa.insert(Review).values(
                held_on=date(2026, 9, 28), code="PN1", typed_by=house.accounts["iro"], **own
            )
        )
    _change(CareSummary, child_id, flags="148")
    html = " ".join(_get(house, f"/children/{public_id}").split())
    for words in (
        "7 years",
        "4 May 2019",
        f'/children/{public_id}/care#identity-born">Date of birth</a>',
        "Interim care order (C1)",
        "before 4 March 2026 (start not recorded)",
        "Foster care with another carer, not long term (U6)",
        "Attended and spoke (PN1)",
        "Typed by Iro Of Bexley",
        "Pim Thistlewick",
        "Social Worker Of Bexley",
        "DfE rule 148",
        "No case has been brought to a panel",
    ):
        assert words in html


def test_a_page_of_a_child_says_what_is_not_recorded(house: House) -> None:
    _, public_id = house.child(
        "0001",
        "",
        "",
        None,
        worker=None,
        iro=None,
        status="no episodes",
        legal_status="",
        placement="",
        became_looked_after=None,
    )
    html = _get(house, f"/children/{public_id}")
    for words in ("Child 0001", "No episodes", "Not recorded", "not recorded"):
        assert words in html


def test_only_those_who_refer_are_offered_to_refer(house: House) -> None:
    _, public_id = house.child()
    assert "Refer to the panel" in _get(house, f"/children/{public_id}", "social.worker")
    assert "Refer to the panel" not in _get(house, f"/children/{public_id}", "panel.administrator")


def test_a_child_not_seen_and_a_child_who_is_not_there_are_told_alike(house: House) -> None:
    _, unseen = house.child("0001", "Wilf", "Ash", worker=None)
    other = House(house.app, house.today, "TOY", "toyshire")
    _, foreign = other.child("0002", "Juno", "Birch")
    client = house.client("social.worker")
    answers = [client.get(f"/children/{key}") for key in (unseen, foreign, "nobody")]
    assert {answer.status_code for answer in answers} == {404}
    plain = [
        re.sub(r'(X-CSRFToken": |csrf_token" value=)"[^"]*"', "", a.get_data(as_text=True))
        for a in answers
    ]
    assert plain[0] == plain[1] == plain[2]
    looks = db.session.execute(sa.select(AuditRow).where(AuditRow.did == "look")).all()
    assert looks == []


def test_a_look_at_a_child_and_at_the_list_is_in_the_audit(house: House) -> None:
    _, public_id = house.child()
    _get(house, f"/children/{public_id}")
    _get(house, "/children?legal-status=C1")
    looks = db.session.execute(
        sa.select(AuditRow.subject, AuditRow.subject_id, AuditRow.after)
        .where(AuditRow.did == "look")
        .order_by(AuditRow.id)
    ).all()
    assert (looks[0].subject, looks[0].subject_id) == ("child", public_id)
    assert looks[1].subject == "register"
    assert looks[1].after["children"] == [public_id]
    assert looks[1].after["filters"] == {"legal-status": "C1"}
