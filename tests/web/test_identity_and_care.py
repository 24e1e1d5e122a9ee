"""A child's identity and care as people type and correct them on pages: words and refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from builders import imported
from builders.house import House
from builders.sitting import who
from sqlalchemy import event

from core.domain.care_typing import EPISODE
from core.store import care_rows
from core.store.database import db, writing
from core.store.tables import Child, IdentityFact

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EPISODE_FORM = {
    "decom-day": "1", "decom-month": "2", "decom-year": "2026", "rne": "S", "ls": "C2",
    "cin": "N1", "place": "U6", "place_provider": "PR1", "why": "The order",
}  # fmt: skip


@pytest.fixture
def bexley(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


@contextmanager
def queries() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def get(house: House, address: str, role: str = "social.worker") -> str:
    answer = house.client(role).get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.get_data(as_text=True).split())


def post(
    house: House, address: str, data: dict[str, str], status: int = 303, role: str = "social.worker"
) -> str:
    answer = house.client(role).post(address, data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, re.findall(r"error-summary.*?</ul>", text, re.S) or text
    return " ".join(text.split()) if status != 303 else str(answer.headers["Location"])


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_value_is_corrected_with_its_reason_and_the_file_is_shown_beside(bexley: House) -> None:
    child_id, public_id = bexley.child()
    imported.said(bexley, child_id, imported.returned(bexley, name="header.csv"), "sex", "M")
    with writing():
        db.session.execute(sa.update(Child).values(sex="M"))
    here = f"/children/{public_id}/identity/sex"
    html = post(bexley, here, {"sex": "F", "seen": "M", "why": ""}, 422)
    assert 'href="#why"' in html and 'value="F" selected' in html
    assert post(bexley, here, {"sex": "F", "seen": "M", "why": "The school"}).endswith(
        f"/children/{public_id}/care#identity-sex"
    )
    words = plain(get(bexley, f"/children/{public_id}/care"))
    assert "Sex Female (F) Typed by Social Worker Of Bexley on" in words
    assert "“The school”" in words
    assert "Says otherwise Male (M) Imported from header.csv, line 2, as at 31 March 2026" in words
    overview = get(bexley, f"/children/{public_id}")
    assert f'href="/children/{public_id}/care#identity-sex">Sex</a>' in overview
    html = post(bexley, f"{here}/file", {"seen": "F", "why_back": " "}, 422)
    assert 'href="#why_back"' in html
    post(bexley, f"{here}/file", {"seen": "F", "why_back": "The file is right"})
    words = plain(get(bexley, f"/children/{public_id}/care"))
    assert "Sex Male (M) Imported from header.csv" in words
    assert "What was typed was taken back Typed by Social Worker Of Bexley" in words
    assert "Sources disagree" not in get(bexley, f"/children/{public_id}")


def test_two_people_on_one_part_the_second_gets_both_texts(bexley: House) -> None:
    _, public_id = bexley.child()
    here = f"/children/{public_id}/identity/languages"
    post(bexley, here, {"languages": "Polish", "seen": "", "why": ""})
    html = post(bexley, here, {"languages": "Welsh", "seen": "", "why": "x"}, 422, role="iro")
    words = plain(html)
    assert "Theirs Polish Typed by Social Worker Of Bexley" in words and "Yours Welsh" in words
    assert 'name="seen" value="Polish"' in html and 'value="Welsh"' in html
    post(bexley, here, {"languages": "Welsh", "seen": "Polish", "why": "x"}, role="iro")


@pytest.mark.parametrize(
    ("field", "data", "at"),
    [
        ("born", {"born-day": "31", "born-month": "2", "born-year": "2019"}, "born"),
        ("born", {"born-day": "9" * 400, "born-month": "2", "born-year": "2019"}, "born"),
        ("born", {"born-day": "1", "born-month": "", "born-year": "2019"}, "born"),
        ("born", {"born-day": "1", "born-month": "1", "born-year": "2099"}, "born"),
        ("sex", {"sex": "<b>"}, "sex"),
        ("upn", {"upn": "ü" * 5000}, "upn"),
    ],
)
def test_wrong_input_is_said_beside_its_field_and_kept(
    bexley: House, field: str, data: dict[str, str], at: str
) -> None:
    _, public_id = bexley.child()
    seen = "2019-05-04" if field == "born" else ""
    here = f"/children/{public_id}/identity/{field}"
    html = post(bexley, here, {**data, "seen": seen, "why": "x"}, 422)
    assert f'href="#{at}"' in html
    if field != "sex":
        assert f'value="{next(iter(data.values()))}"' in html


def test_a_birth_is_recorded_and_the_date_expected_stays_to_be_seen(bexley: House) -> None:
    _, public_id = bexley.child("0001", "Baby", "Ouzel", date(2026, 12, 4))
    with writing():
        db.session.execute(sa.update(Child).values(birth_expected=True))
    assert "Record the birth" in get(bexley, f"/children/{public_id}/care")
    assert "The child is expected on 4 December 2026" in get(
        bexley, f"/children/{public_id}/identity/born"
    )
    born = {"born-day": "20", "born-month": "11", "born-year": "2026", "seen": "", "why": ""}
    post(bexley, f"/children/{public_id}/identity/born", born)
    words = plain(get(bexley, f"/children/{public_id}/care"))
    assert "Date of birth 20 November 2026" in words and "Date expected 4 December 2026" in words


def in_use(house: House, child_id: int, kind: object = EPISODE) -> care_rows.CareRow:
    found = care_rows.rows(house.whole, child_id, kind)  # type: ignore[arg-type]
    db.session.rollback()
    return next(row for row in found if row.state == "in use")


def test_a_row_that_a_later_return_replaced_is_shown_so_and_has_no_correct(bexley: House) -> None:
    child_id, public_id = bexley.child()
    for year, ended in ((2025, date(2024, 5, 1)), (2024, None)):
        file_id = imported.returned(bexley, year)
        imported.episode(bexley, child_id, file_id, date(2023, 7, 11), year=year, dec=ended)
    html = get(bexley, f"/children/{public_id}/care")
    rows = re.findall(r"<tr.*?</tr>", html.partition('id="episode"')[2], re.S)[1:3]
    assert "11 July 2023 to 1 May 2024" in plain(rows[0]) and "Correct" in rows[0]
    assert "<s>11 July 2023</s>" in rows[1] and "Correct" not in rows[1]
    assert "Replaced Not used: the return of 2025 has this day too" in plain(rows[1])


def test_an_episode_is_corrected_in_words_and_the_returns_row_stays_struck_through(
    bexley: House,
) -> None:
    child_id, public_id = bexley.child()
    imported.episode(bexley, child_id, imported.returned(bexley), date(2026, 2, 1))
    here = f"/children/{public_id}/care/episode"
    first = in_use(bexley, child_id)
    html = get(bexley, f"{here}?row={first.id}")
    assert ">Interim care order</option>" in html and ">Started to be looked after</option>" in html
    back = post(bexley, here, {**EPISODE_FORM, "row": str(first.id)})
    assert back.endswith(f"/children/{public_id}/care#episode")
    html = get(bexley, f"/children/{public_id}/care")
    assert "<s>1 February 2026</s>" in html
    assert re.search(r"<s>Interim care order, [^<]*</s> <strong[^>]*>\s*Overruled", html)
    words = plain(html)
    assert "Not used: something else was typed by Social Worker Of Bexley on" in words
    assert "1 February 2026 Full care order" in words and "A file says otherwise" in words
    assert "1 in the care over time" in get(bexley, f"/children/{public_id}")
    html = post(bexley, here, {**EPISODE_FORM, "row": str(first.id), "ls": "V2"}, 422, role="iro")
    words = plain(html)
    assert "what stands now is here" in words and "Full care order" in words
    assert 'value="V2" selected' in html
    typed = in_use(bexley, child_id)
    assert f'name="row" value="{typed.id}"' in html
    never = {"row": str(typed.id), "seen_day": "2026-02-01"}
    assert 'href="#why_void"' in post(bexley, f"{here}/never", never, 422)
    post(bexley, f"{here}/never", {**never, "why_void": "Another child's"})
    assert "It is said never to have happened by Social Worker" in plain(
        get(bexley, f"/children/{public_id}/care")
    )


def test_a_rule_broken_is_asked_about_and_kept_with_a_reason(bexley: House) -> None:
    child_id, public_id = bexley.child()
    imported.episode(bexley, child_id, imported.returned(bexley), date(2026, 2, 1))
    here = f"/children/{public_id}/care/episode"
    second = {**EPISODE_FORM, "decom-month": "5", "rne": "L", "why": ""}
    html = post(bexley, here, second, 422)
    assert "Check this before it is saved" in html and 'name="keep"' in html
    assert "starts before an earlier one ended" in html
    assert 'href="#why"' in post(bexley, here, {**second, "keep": "yes"}, 422)
    post(bexley, here, {**second, "keep": "yes", "why": "The first is being ended"})
    assert "1 May 2026 Full care order" in plain(get(bexley, f"/children/{public_id}/care"))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decom-day": "x" * 9000},
        {**EPISODE_FORM, "decom-year": "0000"},
        {**EPISODE_FORM, "row": "99999999999999999999"},
        {**EPISODE_FORM, "row": "-1"},
        {**EPISODE_FORM, "ls": "C2 C1"},
        {**EPISODE_FORM, "urn": "x" * 70},
        {**EPISODE_FORM, "row": "7", "seen_day": "never"},
    ],
)
def test_no_input_breaks_the_form_of_an_episode(bexley: House, data: dict[str, str]) -> None:
    _, public_id = bexley.child()
    for address in ("", "/never", "/file"):
        post(bexley, f"/children/{public_id}/care/episode{address}", data, 422)


def test_pages_that_there_are_not_are_not_found(bexley: House) -> None:
    _, public_id = bexley.child()
    other = House(bexley.app, bexley.today, "TOY", "toyshire")
    for address in ("care/nothing", "identity/nothing", "care/episode?row=7", "care/review?row=x"):
        assert bexley.client("iro").get(f"/children/{public_id}/{address}").status_code == 404
    for address in ("care", "siblings", "workers", "care/review", "identity/sex"):
        client = other.client("panel.administrator")
        assert client.get(f"/children/{public_id}/{address}").status_code == 404
    assert bexley.client("inspector").get(f"/children/{public_id}/care").status_code == 200
    assert bexley.client("inspector").get(f"/children/{public_id}/identity/sex").status_code == 404
    assert bexley.client("iro").post(f"/children/{public_id}/workers").status_code == 404


def test_a_child_missing_from_the_latest_return_is_said_plainly(bexley: House) -> None:
    _, public_id = bexley.child(status="open but missing from latest file")
    assert "nobody has said that care ended" in get(bexley, f"/children/{public_id}")


def test_siblings_are_found_linked_and_unlinked_without_a_name_in_an_address(
    bexley: House,
) -> None:
    _, public_id = bexley.child()
    _, other = bexley.child("0102", "Pim")
    bexley.child("0103", "Hidden", worker=None)
    here = f"/children/{public_id}/siblings"
    assert 'href="#words"' in post(bexley, f"{here}/search", {"words": " "}, 422)
    html = post(bexley, f"{here}/search", {"words": "thistle"}, 200)
    assert "Pim Thistlewick" in html and "Hidden" not in html
    html = post(bexley, here, {"words": "thistle", "other": other, "why": ""}, 422)
    assert 'href="#why"' in html and f'value="{other}" checked' in html
    assert 'href="#other"' in post(bexley, here, {"words": "", "other": "nobody", "why": "x"}, 422)
    post(bexley, here, {"words": "thistle", "other": other, "why": "Same mother"})
    html = get(bexley, here)
    assert "Pim Thistlewick: put in a group by Social Worker Of Bexley" in plain(html)
    assert 'href="#why_not"' in post(bexley, f"{here}/unlink", {"other": other}, 422)
    post(bexley, f"{here}/unlink", {"other": other, "why_not": "A mistake"})
    assert "None recorded" in get(bexley, here)


def test_a_worker_is_allocated_and_ended_by_a_manager(bexley: House) -> None:
    child_id, public_id = bexley.child(iro=None)
    here = f"/children/{public_id}/workers"
    day = {"since-iro-day": "20", "since-iro-month": "11", "since-iro-year": "2026"}
    manager = "team.manager"
    html = post(bexley, here, {"relation": "iro", "seen": "", **day}, 422, role=manager)
    assert 'href="#account-iro"' in html
    chosen = {"relation": "iro", "account-iro": who(bexley, "iro"), "seen": ""}
    assert 'href="#since-iro"' in post(bexley, here, chosen, 422, role=manager)
    post(bexley, here, {**chosen, **day}, role=manager)
    words = plain(get(bexley, here, manager))
    assert "Iro Of Bexley , since 20 November 2026" in words
    assert "now it is Iro Of Bexley" in plain(
        post(bexley, here, {**chosen, **day}, 422, role=manager)
    )
    row = re.findall(r'name="allocation" value="(\d+)"', get(bexley, here, manager))[-1]
    end = {"allocation": row, "until-day": "1", "until-month": "13", "until-year": "2026"}
    html = post(bexley, f"{here}/end", end, 422, role=manager)
    assert f'href="#until-{row}"' in html and 'value="13"' in html
    assert "First day without Iro Of Bexley: " in plain(html)
    assert f'href="#until-{row}">Enter the first day without Iro Of Bexley</a>' in post(
        bexley, f"{here}/end", {"allocation": row}, 422, role=manager
    )
    post(bexley, f"{here}/end", {**end, "until-month": "11", "until-day": "23"}, role=manager)
    assert "Who worked with them before" in get(bexley, here, manager)
    back = post(bexley, f"/children/{public_id}/team", {"team": "", "team_seen": "x"}, 422,
                role=manager)  # fmt: skip
    assert "The team was changed while you were typing" in back
    seen = re.findall(r'name="team_seen" value="(\d+)"', back)[0]
    gone = post(
        bexley, f"/children/{public_id}/team", {"team": "", "team_seen": seen}, role=manager
    )
    assert gone.endswith("/children")
    assert child_id


def test_a_child_is_added_and_a_local_id_that_is_there_leads_to_its_child(bexley: House) -> None:
    bexley.child("0001", worker=None)
    new = {"local_id": "0002", "given_name": "Baby", "family_name": "Ouzel",
           "expected-day": "4", "expected-month": "1", "expected-year": "2027"}  # fmt: skip
    assert "Add a child" in get(bexley, "/children")
    html = post(bexley, "/children/add", {**new, "expected-month": "13", "team": "x"}, 422)
    assert 'href="#expected"' in html and 'href="#team"' in html and 'value="Ouzel"' in html
    html = post(bexley, "/children/add", {**new, "local_id": "0001"}, 422)
    assert "This local id cannot be used: ask your administrator" in html
    assert "Open the child" not in html
    html = post(
        bexley, "/children/add", {**new, "local_id": "0001"}, 422, role="panel.administrator"
    )
    assert "Open the child with this local id" in html
    address = post(bexley, "/children/add", new)
    assert "Unborn, expected 4 January 2027" in get(bexley, address)


def test_a_long_history_takes_no_more_queries_than_a_short_one(bexley: House) -> None:
    counts = []
    for local_id, length in (("0001", 1), ("0002", 30)):
        child_id, public_id = bexley.child(local_id, sibling_group=local_id)
        file_id = imported.returned(bexley)
        for number in range(length):
            imported.episode(
                bexley, child_id, file_id, date(2020, 1 + number % 12, 1 + number // 12)
            )
            imported.said(bexley, child_id, file_id, "sex", "F")
            bexley.child(f"{local_id}-{number}", sibling_group=local_id)
        sent_for = []
        for page in ("care", "siblings", "workers", "identity/sex", "care/episode"):
            client = bexley.client("panel.administrator")
            with queries() as sent:
                assert client.get(f"/children/{public_id}/{page}").status_code == 200
            # The audit of looks writes a row a child, in as many statements as there are batches.
            sent_for.append(sum(s.startswith(("SELECT", "WITH")) for s in sent))
        counts.append(sent_for)
    assert counts[0] == counts[1]
    assert max(counts[0]) < 40
    assert db.session.execute(sa.select(sa.func.count(IdentityFact.id))).scalar_one() == 31
