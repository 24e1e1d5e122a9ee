"""The tracker and what hangs on it: filters, export, the carried actions, minutes and home."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from builders.acted import FIRST, SECOND, close, heard, put, ratify
from builders.house import House
from builders.queries import counted
from docx.oxml.ns import qn

from core.store import actions
from core.store.actions import Wanted
from core.store.database import db, writing
from core.store.tables import Action
from core.web import sheet_files

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def bexley(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


@pytest.mark.clause("BCP-6.4")
def test_the_tracker_is_filtered_grouped_and_exported_as_at_its_day(bexley: House) -> None:
    child_id, child = bexley.child()
    _, _, action = heard(bexley, child_id, FIRST)
    client = bexley.client("panel.administrator")
    page = client.get("/actions?whose=all&group=child&sort=rolled").text
    assert "Orlin Thistlewick" in page and "The school has it in writing" in page
    assert "0 actions" in client.get("/actions?whose=all&rolled=2").text
    assert "1 action" in client.get(f"/actions?whose=all&child={child}").text
    assert "0 actions" in client.get("/actions?whose=all&child=nobody").text
    assert "1 action" in client.get("/actions?whose=all&body=BEX.permanence-panel").text
    assert "1 action" in bexley.client("team.manager").get("/actions?whose=team").text
    put(action, what="=1+1", done_on=FIRST, said_by=bexley.accounts["legal"])
    assert "1 action" in client.get("/actions?whose=all&show=said").text
    book = openpyxl.load_workbook(
        BytesIO(client.get("/actions/export.xlsx?whose=all&show=said").data)
    )
    about, _, row = list(book.worksheets[0].iter_rows(values_only=True))
    assert about[0] == "Actions as at 23 November 2026: all that I can see, waiting for acceptance"
    assert row[1:4] == ("Orlin Thistlewick", "=1+1", "The school has it in writing")
    assert "'=1+1" in client.get("/actions/export.csv?whose=all&show=said").text
    assert "Thistlewick" not in bexley.client("iro").get("/actions/export.csv").text
    assert client.get("/actions/export.pdf").status_code == 404


def test_an_empty_list_says_what_is_filtered_and_where_everything_is(bexley: House) -> None:
    child_id, child = bexley.child()
    heard(bexley, child_id, FIRST)
    client = bexley.client("panel.administrator")
    every = "/actions?whose=all&amp;show=all"
    for address, said in (
        ("/actions", "Whose: Mine; Show: Open."),
        ("/actions?whose=all&show=late&rolled=2", "Show: Late; Rolled: Twice or more."),
        ("/actions?whose=all&show=done&body=BEX.permanence-panel",
         "Show: Done; Made by: Permanence Panel."),
        ("/actions?whose=nobody&show=all",
         "Whose: Nobody’s: the owner has left, may not see the child, or there is none."),
        ("/actions?whose=team&show=all", "Whose: Of my team or service."),
        (f"/actions?child={child}", "Whose: Mine; Show: Open."),
    ):  # fmt: skip
        page = client.get(address).text
        assert f"There are none, as the list is filtered. {said}" in page, address
        assert f'href="{every}">Show every action' in page
    assert "There are none" not in client.get("/actions?whose=all&show=all").text
    beyond = client.get("/actions?whose=all&page=9").text
    assert "There are none on this page" in beyond and "Go to the first page" in beyond
    nobody = bexley.client("kinship").get("/actions?whose=all&show=all").text
    assert "There are none that are yours to see" in nobody and "filtered" not in nobody


@pytest.mark.parametrize(
    "query", ["show=xx", "whose=foo", "body=BEX.xx", "rolled=9", "sort=zz", "group=x", "theme=x"]
)
def test_what_cannot_be_read_is_said_beside_its_box(bexley: House, query: str) -> None:
    child_id, _ = bexley.child()
    heard(bexley, child_id, FIRST)
    client = bexley.client("panel.administrator")
    asked = f"whose=all&{query}" if not query.startswith("whose") else query
    page = client.get(f"/actions?{asked}")
    assert page.status_code == 422 and "There is a problem" in page.text
    assert "rlin Thistlewick" not in page.text
    if not query.startswith("theme"):  # Nobody here goes by cohorts: there is no box of them.
        assert f'id="{query.partition("=")[0]}-error"' in page.text
    export = client.get(f"/actions/export.csv?{asked}")
    assert export.status_code == 302 and query in export.location


def test_a_page_that_is_none_is_said(bexley: House) -> None:
    client = bexley.client("panel.administrator")
    for number in ("x", "0", "-1"):
        page = client.get(f"/actions?page={number}")
        assert page.status_code == 422 and "There is no such page of the actions" in page.text


def test_a_filtered_list_and_its_file_name_what_they_are_of(bexley: House) -> None:
    child_id, child = bexley.child()
    heard(bexley, child_id, FIRST)
    client = bexley.client("panel.administrator")
    query = "whose=all&show=all&body=BEX.permanence-panel"
    caption = "All actions: open, done and ended; Made by: Permanence Panel"
    assert caption in client.get(f"/actions?{query}").text
    said = "all that I can see, open, done and ended; Made by: Permanence Panel"
    exported = client.get(f"/actions/export.csv?{query}").text
    assert said in exported and "alone" not in exported
    of_one = client.get(f"/actions/export.csv?{query}&child={child}").text
    assert f"{said}; Of Orlin Thistlewick alone" in of_one


def test_an_export_is_read_some_at_a_time_and_says_where_it_ends(
    bexley: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    child_id, _ = bexley.child()
    with writing():
        own = {"authority_id": bexley.authority_id, "child_id": child_id, "kind": "task"}
        names = ("Fay", "Abe", "Eve", "Bea", "Dan", "Cat")
        for number, name in enumerate(names):
            due = {"due": FIRST + timedelta(number % 2), "first_due": FIRST}
            db.session.execute(sa.insert(Action).values(**own, **due, what=name, owner_name=name))

    def rows() -> list[tuple[object, ...]]:
        content = client.get("/actions/export.xlsx?whose=all&sort=owner").data
        return list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].values)

    client = bexley.client("panel.administrator")
    monkeypatch.setattr(sheet_files, "AT_ONCE", 4)
    assert [row[1:3] for row in rows()[2:]] == [("Orlin Thistlewick", n) for n in sorted(names)]
    monkeypatch.setattr(sheet_files, "MOST", 5)
    assert rows()[1][0] == "The first 5 rows: there are more. Filter the list to have the others"
    assert [row[2] for row in rows()[3:]] == sorted(names)[:5]


def test_a_page_of_the_tracker_takes_the_same_queries_however_many_there_are(
    bexley: House,
) -> None:
    child_id, _ = bexley.child()
    heard(bexley, child_id, FIRST)

    def page() -> None:
        rows, _ = actions.listed(
            bexley.scope("panel.administrator"), Wanted(whose="all", by_child=True)
        )
        actions.children_of(bexley.scope("panel.administrator"), rows)

    few = counted(page)
    for number in range(3):
        other, _ = bexley.child(local_id=f"0050{number}")
        heard(bexley, other, date(2026, 11, 24 + number))
    assert counted(page) == few


def test_it_is_moved_accepted_and_handed_on_from_its_page(bexley: House) -> None:
    child_id, _ = bexley.child()
    _, _, action = heard(bexley, child_id, FIRST)
    at = f"/actions/{action}"
    manager, owner = bexley.client("team.manager"), bexley.client("legal")
    typed = {"version": "1", "due-day": "31", "due-month": "2", "due-year": "2027"}
    wrong = manager.post(f"{at}/day", data=typed | {"move_why": "Ill"})
    assert wrong.status_code == 422 and "must be a real date" in wrong.text and "Ill" in wrong.text
    assert owner.post(f"{at}/day", data=typed).status_code == 422
    assert bexley.client("iro").post(f"{at}/day", data=typed).status_code == 404
    typed |= {"due-day": "1", "due-month": "2", "move_why": "Ill"}
    assert manager.post(f"{at}/day", data=typed).status_code == 303
    assert "Moved once" in manager.get(at).text
    done = {"version": "2", "done": "yes", "done_words": "Sent"}
    assert owner.post(at, data=done).status_code == 303
    assert "Accept or send back: Write to the school" in manager.get("/").text
    assert manager.post(f"{at}/acceptance", data={"version": "3"}).status_code == 303
    assert manager.post(f"{at}/acceptance", data={"version": "3"}).status_code == 422
    assert "Accepted as done" in owner.get(at).text


def test_open_actions_stand_on_the_agenda_and_the_item_of_the_next_meeting(bexley: House) -> None:
    child_id, _ = bexley.child()
    first, _, action = heard(bexley, child_id, FIRST)
    put(action, progress="The school was rung")
    second, item, _ = heard(bexley, child_id, SECOND, acts=False)
    client = bexley.client("panel.administrator")
    for address in (f"/items/{item}", f"/meetings/{second}"):
        page = client.get(address).text
        assert "open before this meeting" in page
        assert f"/actions/{action}" in page and "The school was rung" in page
    assert "open before this meeting" not in client.get(f"/meetings/{first}").text


def test_minutes_wait_for_what_done_looks_like_and_are_amended_once_ratified(
    bexley: House,
) -> None:
    child_id, child = bexley.child()
    meeting, item, action = heard(bexley, child_id, FIRST, done_means="")
    close(bexley, meeting, FIRST)
    chair = bexley.client("panel.chair")
    administrator = bexley.client("panel.administrator")
    for client in (chair, administrator):
        home = client.get("/").text
        assert "Complete 1 action" in home and "atify the minutes" not in home
    refused = chair.post(f"/meetings/{meeting}/ratification")
    assert refused.status_code == 422 and f'href="#action-{action}"' in refused.text
    assert f'id="action-{action}"' in refused.text
    said = {"version": "1", "done_means": "It is in writing"}
    assert chair.post(f"/actions/{action}/done-means", data=said).status_code == 303
    for client in (chair, administrator):
        home = client.get("/").text
        assert "Complete 1 action" not in home and "atify the minutes" in home
    form = f"/items/{item}/amendments/rationale"
    assert chair.get(form).status_code == 404
    ratify(bexley, meeting, FIRST)
    assert "Amend" in chair.get(f"/items/{item}").text and chair.get(form).status_code == 200
    assert bexley.client("deputy.director").get(form).status_code == 404
    typed = {"seen": "Because of drift", "text": "Because of delay", "why": "It was misheard"}
    assert chair.post(form, data=typed).status_code == 303
    twice = chair.post(form, data=typed | {"text": "Because of both"})
    assert twice.status_code == 422
    assert "Because of both" in twice.text and "Because of delay" in twice.text
    page = chair.get(f"/items/{item}").text
    assert "Because of drift" in page and "It was misheard" in page
    business = f"/meetings/{meeting}/amendments"
    noted = {"seen": "", "text": "Tea was late", "why": "Left out"}
    assert chair.post(business, data=noted).status_code == 303
    assert chair.post(f"/meetings/{meeting}/reissue", data={}).status_code == 422
    reissued = {"reissue-why": "Two words"}
    assert chair.post(f"/meetings/{meeting}/reissue", data=reissued).status_code == 303
    for address in (
        f"/meetings/{meeting}/minutes",
        f"/items/{item}/children/{child}/decision.docx",
    ):
        paper = docx.Document(BytesIO(chair.get(address).data))
        told = "\n".join(part.text or "" for part in paper.element.body.iter(qn("w:t")))
        assert "Because of drift" in told and "Because of delay" in told
        assert "It was misheard" in told
    assert "Issue 2, amended" in chair.get(f"/meetings/{meeting}").text


def test_what_was_sent_back_says_so_on_its_owners_first_page_with_what_is_still_to_do(
    bexley: House,
) -> None:
    child_id, _ = bexley.child()
    at = f"/actions/{heard(bexley, child_id, FIRST)[2]}"
    owner, manager = bexley.client("legal"), bexley.client("team.manager")
    assert "Sent back" not in owner.get("/").text
    for version, back in ((1, "An earlier word"), (3, "No answer came. " + "Ask again. " * 40)):
        done = {"version": str(version), "done": "yes", "done_words": "Sent"}
        assert owner.post(at, data=done).status_code == 303
        sent = {"version": str(version + 1), "back_words": back}
        assert manager.post(f"{at}/sent-back", data=sent).status_code == 303
    page = owner.get("/").text
    (short,) = re.findall(r"Sent back, it is not done yet: (No answer came. Ask .*)…", page)
    assert len(short) <= 120 and "An earlier word" not in page
