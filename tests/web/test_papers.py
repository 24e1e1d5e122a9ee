"""The pages of papers: added, listed, taken, given versions and taken out; and who may."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import pytest
import sqlalchemy as sa
from builders.files import HTML, PDF, PNG, PROGRAM, office, word
from builders.house import House
from builders.records import FAMILY, whole_record
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from core.store.database import db, writing
from core.store.tables import AuditRow, Paper, PaperVersion, PostHolder

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MARCH = {"dated-day": "27", "dated-month": "3", "dated-year": "2026"}


@pytest.fixture
def child(house: House) -> str:
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.app.testing = False  # a fault is an answer here, as in a server
    return house.child()[1]


def send(
    client: FlaskClient, address: str, *files: tuple[str, bytes], **fields: str
) -> TestResponse:
    parts = [(BytesIO(content), name) for name, content in files]
    data = {"files": parts, **fields}
    return client.post(address, data=data, content_type="multipart/form-data")


def column(what: object) -> list[str]:
    found = db.session.execute(sa.select(what)).scalars().all()  # type: ignore[call-overload]
    db.session.rollback()
    return list(found)


def rows(did: str, subject: str) -> list[AuditRow]:
    query = sa.select(AuditRow).where(AuditRow.did == did, AuditRow.subject == subject)
    found = list(db.session.execute(query.order_by(AuditRow.id)).scalars())
    db.session.expunge_all()
    db.session.rollback()
    return found


def links(page: str) -> list[str]:
    return re.findall(r'href="(/paper-versions/\w+)"', page)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def noted(_c: object, _u: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", noted)
    yield statements
    event.remove(db.engine, "before_cursor_execute", noted)


def test_several_files_are_added_at_once_and_listed(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    answer = send(client, address, ("Report.pdf", PDF), ("photo.png", PNG), **MARCH)
    assert (answer.status_code, answer.location) == (303, address)
    page = client.get(address).text
    assert "2 papers were added" in page
    assert f'<a class="govuk-breadcrumbs__link" href="/children/{child}">Orlin Thistlewick' in page
    assert "Report" in page and "photo" in page and "27 March 2026" in page
    assert column(PaperVersion.media_type) == ["application/pdf", "image/png"]
    assert [row.after["title"] for row in rows("add", "paper")] == ["Report", "photo"]
    [look] = [row for row in rows("look", "child") if (row.after or {}).get("page") == "papers"]
    assert look.subject_id == child
    assert set(look.after["papers"]) == set(column(Paper.public_id))


def test_a_script_is_sent_on_by_a_header_and_gets_its_form_back(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    client.environ_base["HTTP_HX_REQUEST"] = "true"
    refused = send(client, address, ("a.pdf", PROGRAM), title="Kept words")
    assert refused.status_code == 422
    assert "a.pdf is a program" in refused.text and 'value="Kept words"' in refused.text
    assert "<html" not in refused.text and 'id="add"' in refused.text
    assert send(client, address, ("a.pdf", PDF)).headers["HX-Redirect"] == address


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("report.docx", PROGRAM, "report.docx is a program"),
        ("page.pdf", HTML, "page.pdf is a web page"),
        ("m.docx", office(**{"word/vbaProject.bin": b"x"}), "m.docx is a document with macros"),
        ("photo.jpg", PNG, "photo.jpg is really a PNG image, and its name ends in .jpg"),
        ("empty.pdf", b"", "empty.pdf is empty"),
        ("../../x.exe", PDF, "x.exe is really a PDF, and its name ends in .exe"),
    ],
)
def test_what_is_refused_says_what_it_is(
    house: House, child: str, name: str, content: bytes, said: str
) -> None:
    answer = send(house.client("iro"), f"/children/{child}/papers", (name, content), title="Mine")
    assert answer.status_code == 422
    assert said in answer.text and 'value="Mine"' in answer.text
    assert column(Paper.id) == []


@pytest.mark.parametrize(
    ("fields", "files", "said"),
    [
        ({}, 0, "Choose a file, or enter a link"),
        ({"link": "javascript:alert(1)", "title": "x"}, 0, "Enter a web address that begins with"),
        ({"link": "https://cases.example/1"}, 0, "Enter a title for what the link leads to"),
        ({"link": "https://cases.example/1", "title": "x"}, 1, "not both"),
        ({"link": "https://cases.example/1"}, 1, "not both"),
        ({"title": "One title"}, 2, "Leave the title empty"),
        ({"title": "w" * 201}, 1, "The title must be 200 characters or fewer"),
        ({"kind": "made-up"}, 1, "Choose the kind of paper from the list"),
        ({"dated-day": "31", "dated-month": "2", "dated-year": "2026"}, 1, "must be a real date"),
        ({"dated-day": "1", "dated-month": "1", "dated-year": "2099"}, 1, "today or earlier"),
        ({}, 11, "Choose at most 10 files"),
    ],
)
def test_what_is_typed_wrong_is_said(
    house: House, child: str, fields: dict[str, str], files: int, said: str
) -> None:
    named = [(f"a{number}.pdf", PDF) for number in range(files)]
    client = house.client("social.worker")
    answer = send(client, f"/children/{child}/papers", *named, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert column(Paper.id) == []
    assert not files or "Enter a title for what the link leads to" not in answer.text


def test_a_paper_is_saved_under_its_name_and_never_shown_in_the_page(
    house: House, child: str
) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    name = "..\\Größe\u202e und\tMaß.pdf"
    assert send(client, address, (name, PDF + HTML)).status_code == 303
    [link] = links(client.get(address).text)
    answer = client.get(link)
    assert answer.data == PDF + HTML
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert "filename*=UTF-8''Gr%C3%B6%C3%9Fe%20und%20Ma%C3%9F.pdf" in said
    [taken] = rows("take", "paper")
    assert taken.after == {"version": 1, "children": [child]}


def test_a_link_is_a_paper_like_any_other(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    link = "https://cases.example/paper?id=12&of=<x>"
    answer = send(client, address, link=link, title="Genogram", **MARCH)
    assert answer.status_code == 303
    page = client.get(address).text
    assert "Papers (1)" in page and "At cases.example" in page
    assert 'rel="noreferrer noopener"' in page
    gone_on = client.get(links(page)[0])
    assert gone_on.status_code == 303
    assert gone_on.location.startswith("https://cases.example/paper?id=12")
    assert len(rows("take", "paper")) == 1


def test_versions_are_added_and_each_can_be_taken(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    send(client, address, ("a.pdf", PDF))
    paper = f"/papers/{column(Paper.public_id)[0]}"
    refused = send(client, f"{paper}/versions", ("b.docx", PDF))
    assert refused.status_code == 422
    assert "b.docx is really a PDF, and its name ends in .docx" in refused.text
    assert send(client, f"{paper}/versions", ("b.docx", word())).location == paper
    page = client.get(paper).text
    assert "Version 2 was added" in page and "2 (latest)" in page
    assert [client.get(link).data for link in links(page)] == [word_in(page, client), PDF]


def word_in(page: str, client: FlaskClient) -> bytes:
    answer = client.get(links(page)[0])
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    return answer.data


def test_a_paper_is_corrected_against_what_was_seen(house: House, child: str) -> None:
    client = house.client("social.worker")
    send(client, f"/children/{child}/papers", ("a.pdf", PDF))
    paper = f"/papers/{column(Paper.public_id)[0]}"
    new = {"title": "Report of March", "kind": "decision-record", "version": "1", **MARCH}
    assert client.post(paper, data=new).status_code == 303
    late = client.post(paper, data={**new, "title": "Report of May"})
    assert late.status_code == 422
    assert "Saved by somebody else" in late.text
    assert "Report of March" in late.text and 'value="Report of May"' in late.text
    [row] = rows("correct", "paper")
    assert row.before == {"title": "a", "dated": "", "kind": ""}
    assert client.post(paper, data={**new, "title": " "}).status_code == 422


def test_a_paper_taken_out_is_marked_and_kept_from_others(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    send(client, address, ("a.pdf", PDF))
    paper = f"/papers/{column(Paper.public_id)[0]}"
    [link] = links(client.get(address).text)
    assert client.post(f"{paper}/take-out", data={"version": "1"}).status_code == 422
    out = {"version": "1", "why": "It is another child's"}
    assert client.post(f"{paper}/take-out", data=out).status_code == 303
    assert "Papers taken out (1)" in client.get(address).text
    assert "Taken out" in client.get(f"{address}?show=taken-out").text
    refused = client.get(link)
    assert refused.status_code == 422
    assert "not given out unless it is put back" in refused.text
    assert [row.subject for row in rows("take refused", "paper")] == ["paper"]
    other = house.client("deputy.director")
    assert other.get(paper).status_code == other.get(link).status_code == 404
    assert "taken out" not in other.get(f"{address}?show=taken-out").text
    assert client.post(f"{paper}/put-back", data={"version": "2"}).status_code == 303
    assert client.get(link).data == PDF


def test_a_missing_file_and_a_virus_are_said_on_the_papers_page(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    send(client, address, ("a.pdf", PDF))
    [link] = links(client.get(address).text)
    folder = house.app.extensions["permanence"].settings.paper_folder
    [kept] = folder.iterdir()
    kept.rename(kept.with_name("elsewhere"))
    answer = client.get(link)
    assert answer.status_code == 422
    assert "cannot be given out: it is missing" in answer.text
    with writing():
        db.session.execute(sa.update(PaperVersion).values(scan="infected"))
    assert "A virus was found in this file" in client.get(link).text
    page = client.get(address).text
    assert "Infected: not given out" in page and links(page) == []
    assert len(rows("take refused", "paper")) == 2


def test_a_childs_papers_are_its_cases_papers_too_where_these_are_seen(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    ids = whole_record(house)
    worker = house.client("social.worker")
    assert send(worker, f"/cases/{ids['cases']}/papers", ("Chronology.pdf", PDF)).status_code == 303
    of_child = worker.get(f"/children/{ids['children']}/papers").text
    assert "Chronology" in of_child and "a case" in of_child and "A letter on" in of_child
    of_case = worker.get(f"/cases/{ids['cases']}/papers").text
    assert "Chronology" in of_case and "A letter on" not in of_case
    assert "Chronology" in worker.get(f"/cases/{ids['cases']}").text
    assert rows("look", "case")[0].subject_id == ids["cases"]


def test_a_meetings_papers_are_for_who_sits_in_it_and_added_by_who_runs_it(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    _, meeting = house.meeting()
    address = f"/meetings/{meeting}/papers"
    assert send(house.client("panel.administrator"), address, ("A.pdf", PDF)).status_code == 303
    assert house.client("social.worker").get(address).status_code == 404
    assert "Papers of this meeting" in house.client("panel.chair").get(f"/meetings/{meeting}").text
    assert "Papers of this meeting" not in house.client("iro").get(f"/meetings/{meeting}").text
    page = house.client("panel.chair").get(address)
    assert page.status_code == 200
    with writing():
        db.session.execute(sa.update(PostHolder).values(until=house.today))
    chair = house.client("panel.chair")
    assert "Add papers" not in chair.get(address).text
    assert send(chair, address, ("B.pdf", PDF)).status_code == 404


def test_a_list_is_paged_and_asks_no_more_for_more_papers(house: House, child: str) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    send(client, address, *((f"{n}.pdf", PDF) for n in range(2)))
    with counted() as few:
        client.get(address)
    for _ in range(5):
        send(client, address, *((f"{n}.pdf", PDF) for n in range(10)))
    with counted() as many:
        page = client.get(address).text
    assert len(many) == len(few) <= 26
    assert len(links(page)) == 50 and "Papers (52)" in page
    assert len(links(client.get(f"{address}?page=2").text)) == 2
    assert client.get(f"{address}?page=3").status_code == 404


def test_what_is_sent_at_once_is_bounded(house: House, child: str) -> None:
    parts = house.app.extensions["permanence"]
    small = replace(parts, settings=replace(parts.settings, paper_most_mebibytes=1))
    house.app.extensions["permanence"] = small
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    one = send(client, address, ("a.pdf", PDF + b" " * 1_100_000))
    assert one.status_code == 422
    assert "a.pdf is larger than 1 MB" in one.text
    refused = send(client, address, ("a.pdf", PDF + b" " * 9_000_000))
    assert refused.status_code == 413
    said = "each may have 1 MB, and all that are sent at once 4 MB"
    assert said in refused.text and "add a link to a large one" in refused.text
    data = {"files": (BytesIO(PDF + b" " * 9_000_000), "a.pdf")}
    swapped = client.post(address, data=data, headers={"HX-Request": "true"})
    assert swapped.mimetype == "text/plain" and said in swapped.text
    assert column(Paper.id) == []


def test_a_disk_that_is_full_while_files_arrive_is_said(
    house: House, child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_also: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("werkzeug.formparser.default_stream_factory", full)
    monkeypatch.setattr("werkzeug.wrappers.Request._get_file_stream", full)
    answer = send(house.client("iro"), f"/children/{child}/papers", ("a.pdf", PDF))
    assert answer.status_code == 507
    assert "There is no room left" in answer.text
    assert column(Paper.id) == []


def test_no_name_of_a_child_stands_in_an_address(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    ids = whole_record(house)
    page = house.client("social.worker").get(f"/children/{ids['children']}/papers").text
    assert FAMILY in page
    assert [link for link in re.findall(r'href="([^"]+)"', page) if FAMILY in link] == []


def test_a_paper_of_a_kind_that_is_signed_says_who_answers_for_it(house: House, child: str) -> None:
    client = house.client("social.worker")
    send(client, f"/children/{child}/papers", ("a.pdf", PDF), kind="decision-record")
    paper = f"/papers/{column(Paper.public_id)[0]}"
    assert "Not signed" in client.get(f"/children/{child}/papers").text
    page = client.get(paper).text
    assert "Social Worker Of Bexley answers for it until it is" in page
    assert "Mark as signed" in page
    other = house.client("panel.administrator")
    assert "Mark as signed" not in other.get(paper).text
    assert other.post(f"{paper}/sign", data={"version": "1"}).status_code == 422
    assert client.post(f"{paper}/sign", data={"version": "9"}).status_code == 422
    assert client.post(f"{paper}/sign", data={"version": "1"}).status_code == 303
    assert "It is not signed" in client.get(paper).text
    assert client.post(f"{paper}/unsign", data={"version": "2"}).status_code == 303
    assert "Not signed" in client.get(paper).text


def test_of_several_files_with_one_bad_none_is_added_and_the_page_says_so(
    house: House, child: str
) -> None:
    client, address = house.client("social.worker"), f"/children/{child}/papers"
    answer = send(client, address, ("good.pdf", PDF), ("bad.pdf", PROGRAM), ("none.pdf", b""))
    assert answer.status_code == 422 and column(Paper.id) == []
    assert "None of the files were added: choose the good ones again" in answer.text
    assert "bad.pdf is a program. Leave it out, or choose another file" in answer.text
    assert answer.text.index("error-summary") < answer.text.index("<h1")
