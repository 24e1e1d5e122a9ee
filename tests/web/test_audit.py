"""The audit's pages: searched, paged, exported, who looked; and refusals, folded."""

from __future__ import annotations

import csv
import io
import re
from functools import partial

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.disputed import late_action
from builders.house import AT, House
from builders.queries import counted

from core.store import audit
from core.store.database import db, writing
from core.store.tables import AuditRow, Child

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAYS = {
    "first-day": "1", "first-month": "11", "first-year": "2026",
    "last-day": "23", "last-month": "11", "last-year": "2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_tokens(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


def test_the_auditor_finds_by_child_person_day_and_kind(house: House) -> None:
    _, child = house.child()
    _, other = house.child("0102", "Bryn", "Quillfeather")
    for public_id in (child, other):
        house.client("social.worker").get(f"/children/{public_id}")
    house.client("iro").get("/children")
    with writing():
        audit.changed(
            house.whole, AT, "correct", "child", child,
            before={"born": "2019-05-04"}, after={"born": "2019-05-05"},
            why="As the certificate has it",
        )  # fmt: skip
    auditor = house.client("inspector")
    answer = auditor.post("/audit", data={"local-id": "0101"})
    assert answer.status_code == 303 and "0101" not in answer.location
    page = auditor.get(answer.location).text
    assert "Orlin Thistlewick" in page and "Bryn" not in page
    assert "4 May 2019" in page and "5 May 2019" in page and "As the certificate has it" in page
    assert "Social Worker Of Bexley" in page and "the register" not in page
    with_days = auditor.get(auditor.post("/audit", data={"local-id": "0101"} | DAYS).location).text
    assert "the register of children" in with_days
    person = auditor.post("/audit", data={"email": "IRO@bexley.example", "kind": "looked"})
    page = auditor.get(person.location).text
    assert "the register of children" in page and "Orlin" not in page.split("<tbody")[1]
    changed = auditor.get("/audit?kind=changed&child=" + child).text
    assert "As the certificate has it" in changed and "Looked at" not in changed.split("<tbody")[1]


def test_what_does_not_fit_is_said(house: House) -> None:
    auditor = house.client("inspector")
    for typed, words in (
        ({"email": "nobody@bexley.example"}, "Nobody has this e-mail address"),
        ({"local-id": "nobody"}, "No child with this local id is open to you"),
        ({"first-day": "31", "first-month": "2", "first-year": "2026"}, "must be a real date"),
        (DAYS | {"last-year": "2025"}, "must not be before the first"),
    ):
        answer = auditor.post("/audit", data=typed)
        assert answer.status_code == 422 and words in answer.text
    for address in ("first=2026-99-99", "child=x&person=y&kind=z&after=0", "after=" + "9" * 30):
        assert auditor.get(f"/audit?{address}").status_code == 200


def test_pages_follow_one_another_with_a_bounded_number_of_queries(house: House) -> None:
    with writing():
        for number in range(120):
            audit.changed(house.whole, AT, "test", "thing", f"n{number}")
    auditor = house.client("inspector")
    seen: list[str] = []
    address = "/audit?kind=changed"
    counts, taken = set(), []
    while address:
        counts.add(counted(partial(lambda here: taken.append(auditor.get(here).text), address)))
        page = taken[-1]
        seen += re.findall(r"row (\d+)<", page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) >= 120
    assert max(counts) <= 16


def test_the_export_is_all_of_it_is_recorded_and_holds_no_formula(house: House) -> None:
    _, child = house.child("0101", "=cmd()", "Quill")
    house.client("social.worker").get(f"/children/{child}")
    auditor = house.client("inspector")
    answer = auditor.get(f"/audit/export.csv?child={child}")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeffWhen (UTC),")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["To what"] for row in rows} == {"'=cmd() Quill"}
    row = db.session.scalars(sa.select(AuditRow).where(AuditRow.did == "export audit")).one()
    assert row.after == {"filters": {"child": child}}


def test_what_was_before_and_after_is_folded_and_cases_are_counted(house: House) -> None:
    with writing():
        cases = {"cases": ["a2b3c4d5e6f7g8", "b2b3c4d5e6f7g8"]}
        audit.changed(house.whole, AT, "circulate agenda", "meeting", "m", after=cases)
        both = {"before": {"a": "1", "b": "2"}, "after": {"a": "3", "b": "4"}}
        audit.changed(house.whole, AT, "test", "thing", "t", **both)
    page = house.client("inspector").get("/audit?kind=changed").text
    assert "Cases: 2 in the list" in page and "a2b3c4d5e6f7g8" not in page
    (folded,) = re.findall(r"<details.*?</details>", page.split("<tbody")[1], re.DOTALL)[:1]
    assert "2 values" in folded and "A: 1" in folded and "B: 2" in folded


def test_a_childs_page_shows_who_looked_folded_by_day(house: House) -> None:
    _, child = house.child()
    for _ in range(3):
        house.client("social.worker").get(f"/children/{child}")
    house.client("iro").get("/children")
    which = {"list": "records opened for a reason", "children": [child]}
    audit.looked(house.whole, AT, [("list", "", which)])
    page = house.client("team.manager").get(f"/children/{child}/looked")
    text = page.text
    assert "Records opened for a reason" in text and "A list" not in text
    assert "Social Worker Of Bexley" in text and "3 times" in text
    assert "In lists, in the last 31 days" in text and "Iro Of Bexley" in text
    for role in ("social.worker", "panel.administrator", "panel.member", "authority.administrator"):
        assert house.client(role).get(f"/children/{child}/looked").status_code == 404


@pytest.mark.parametrize("below", ["", "/care"])
def test_a_name_on_the_page_of_a_brother_or_sister_leaves_a_trace(house: House, below: str) -> None:
    _, child = house.child(sibling_group="s1")
    _, other = house.child("0102", "Perpetua", "Brackenfold", sibling_group="s1")
    manager = house.client("team.manager")
    assert "Brothers and sisters" not in manager.get(f"/children/{other}/looked").text
    assert "Perpetua" in house.client("social.worker").get(f"/children/{child}{below}").text
    page = manager.get(f"/children/{other}/looked").text
    assert "Brothers and sisters" in page and "Social Worker Of Bexley" in page
    own = manager.get(f"/children/{child}/looked").text
    assert "Social Worker Of Bexley" in own and "3 times" not in own and "2 times" not in own


def test_a_refusal_is_one_row_however_often_it_is_repeated(house: House) -> None:
    house.account("social.worker", "other@bexley.example", team="Other team")
    _, child = house.child()
    client = house.client("other")
    for _ in range(4):
        assert client.get(f"/children/{child}").status_code == 404
    assert client.get("/children/a2b3c4d5e6f7g8").status_code == 404
    assert client.get("/audit").status_code == 404
    rows = db.session.execute(
        sa.select(AuditRow.subject, AuditRow.subject_id, AuditRow.after).where(
            AuditRow.did == "refused"
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        ("child", child, {"route": "GET children.page"}),
        ("child", "a2b3c4d5e6f7g8", {"route": "GET children.page"}),
        ("audit", "", {"route": "GET audit.page"}),
    ]


@pytest.mark.parametrize(
    ("noun", "page", "subject"),
    [
        ("children", "/workers", "child"),
        ("children", "/siblings", "child"),
        ("children", "/identity/sex", "child"),
        ("children", "/merge/a2b3c4d5e6f7g8", "child"),
        ("children", "/papers", "child"),
        ("children", "/looked", "child"),
        ("children", "/record", "child"),
        ("record", "", "entry"),
        ("papers", "", "paper"),
        ("paper-versions", "", "paper version"),
        ("reasons", "", "opened record"),
        ("onward", "", "onward referral"),
        ("closings", "", "closed record"),
        ("staff", "", "account"),
        ("items", "/children/a2b3c4d5e6f7g8/decision.docx", "item"),
    ],
)
def test_a_refusal_is_of_what_the_address_names(
    house: House, noun: str, page: str, subject: str
) -> None:
    house.account("social.worker", "other@bexley.example", team="Other team")
    _, child = house.child()
    assert house.client("other").get(f"/{noun}/{child}{page}").status_code == 404
    asked = sa.select(AuditRow.subject, AuditRow.subject_id).where(AuditRow.did == "refused")
    assert [tuple(row) for row in db.session.execute(asked)] == [(subject, child)]


def test_the_auditor_finds_every_refusal_by_the_child(house: House) -> None:
    house.account("social.worker", "other@bexley.example", team="Other team")
    _, child = house.child()
    for page in ("", "/workers", "/siblings", "/papers", "/care"):
        assert house.client("other").get(f"/children/{child}{page}").status_code == 404
    auditor = house.client("inspector")
    found = auditor.get(auditor.post("/audit", data={"local-id": "0101"}).location).text
    rows = found.split("<tbody")[1]
    assert rows.count("Asked for, and was not shown,") == 5


def test_refusals_do_not_flood_the_audit(house: House) -> None:
    client = house.client("social.worker")
    for number in range(130):
        client.get(f"/children/guess{number}")
    many = db.session.scalar(
        sa.select(sa.func.count()).select_from(AuditRow).where(AuditRow.did == "refused")
    )
    assert many == 100


def test_a_meetings_rows_name_no_action_or_case_of_a_closed_record(house: House) -> None:
    child, other = house.child()[0], house.child("0102", "Bryn", "Quillfeather")[0]
    _, meeting = house.meeting(house.today)
    shut, shown = late_action(house, child), late_action(house, other)
    case_id = case(house, child, None)[1]
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child).values(closed_to="sealed"))
        audit.changed(
            house.whole, AT, "close", "meeting", meeting,
            before={"order": [case_id, "a word"]}, after={"rolled": [shut, shown]},
        )  # fmt: skip
    auditor = house.client("inspector")
    for text in (auditor.get("/audit").text, auditor.get("/audit/export.csv").text):
        assert shown in text and "a word" in text
        assert shut not in text and case_id not in text
    kept = db.session.scalars(sa.select(AuditRow.after).where(AuditRow.did == "close")).one()
    assert kept == {"rolled": [shut, shown]}
