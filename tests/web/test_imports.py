"""The pages of imports: upload, preview, apply, problems, and files as they should not be."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa
from builders.house import House
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core import worker
from core.store import care
from core.store.database import db, writing
from core.store.tables import AuditRow, Child, Episode, ImportRun
from core.web.access import ACCESS
from core.web.asker import Parts

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
CHILD = "0101,F,04/05/2019,WBRI,UN1,0,"
OPEN = "0101,01/09/2025,S,C1,N1,U6,PR1,,,,AB1 2CD,AB1 2CD,"


def text(*lines: str, end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


GOOD = {"header.csv": text(HEADER, CHILD), "episodes.csv": text(EPISODES, OPEN)}


def signed_in(house: House, role: str = "authority.administrator") -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(role)


def send(client: FlaskClient, files: dict[str, bytes], **fields: str) -> TestResponse:
    parts = [(BytesIO(content), name) for name, content in files.items()]
    return client.post(
        "/imports/new", data={"files": parts, **fields}, content_type="multipart/form-data"
    )


def work(house: House) -> None:
    db.session.remove()
    while worker.work_once(house.app.extensions["permanence"].settings):
        db.session.remove()


def previewed(house: House, files: dict[str, bytes], **fields: str) -> tuple[FlaskClient, str]:
    """Upload and read; gives the browser and the import's address."""
    client = signed_in(house)
    answer = send(client, files, **fields)
    assert answer.status_code == 303, answer.text
    work(house)
    return client, answer.location


def apply(house: House, client: FlaskClient, address: str) -> str:
    shown = client.get(address).text
    answer = client.post(f"{address}/apply", data={"staged_hash": hash_in(shown)})
    assert answer.status_code == 303, answer.text
    work(house)
    return client.get(address).text


def hash_in(page: str) -> str:
    found = re.search(r'name="staged_hash" value="(\w+)"', page)
    assert found, page
    return found[1]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def stored(house: House, table: type) -> int:
    found = db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    db.session.rollback()
    return int(found)


def limit(house: House, mebibytes: int) -> None:
    held = house.app.extensions["permanence"]
    house.app.extensions["permanence"] = Parts(
        replace(held.settings, import_most_mebibytes=mebibytes), held.registry
    )
    house.app.config["MAX_CONTENT_LENGTH"] = 4 * mebibytes * 1024 * 1024


def test_a_return_is_uploaded_read_confirmed_applied_and_listed(house: House) -> None:
    client = signed_in(house)
    answer = send(client, GOOD)
    assert answer.status_code == 303
    waiting = client.get(answer.location)
    assert "Waiting to be read" in waiting.text and 'hx-trigger="every 1s"' in waiting.text
    assert "See how far it is now" in waiting.text
    work(house)
    ready = client.get(answer.location).text
    said = "2026: 1 April 2025 to 31 March 2026, worked out from the latest episode. Is this right?"
    assert said in words(ready)
    assert "Apply this import" not in ready and 'hx-trigger="every 1s"' not in ready
    assert client.post(f"{answer.location}/apply", data={"staged_hash": "x"}).status_code == 422
    assert client.post(f"{answer.location}/year", data={"year": "2026"}).status_code == 303
    applied = apply(house, client, answer.location)
    assert "Applied" in applied and "New children 1" in words(applied)
    assert stored(house, Child) == 1 and stored(house, Episode) == 1
    listed = words(client.get("/imports").text)
    assert "Applied" in listed and "2026" in listed
    assert "Authority Administrator Of Bexley" in listed


def test_another_year_is_read_again_and_a_day_that_was_given_stays(house: House) -> None:
    client, address = previewed(
        house, GOOD, **{"as-at-day": "1", "as-at-month": "2", "as-at-year": "2026"}
    )
    assert client.post(f"{address}/year", data={"year": "2027"}).status_code == 303
    work(house)
    shown = words(client.get(address).text)
    assert "2027: 1 April 2026 to 31 March 2027." in shown and "1 February 2026" in shown


@pytest.mark.parametrize("typed", ["26", "1899", "abcd", "２０２６", ""])
def test_a_year_that_is_none_is_refused_beside_the_field(house: House, typed: str) -> None:
    client, address = previewed(house, GOOD)
    answer = client.post(f"{address}/year", data={"year": typed})
    assert answer.status_code == 422 and 'id="year-error"' in answer.text


def test_the_form_says_each_fault_beside_its_field_and_keeps_what_was_typed(house: House) -> None:
    client = signed_in(house)
    answer = send(
        client, GOOD, year="last", **{"as-at-day": "31", "as-at-month": "2", "as-at-year": "2026"}
    )
    assert answer.status_code == 422 and "<title>Error: " in answer.text
    assert 'id="year-error"' in answer.text and 'id="as-at-error"' in answer.text
    assert 'value="last"' in answer.text and 'value="31"' in answer.text
    assert "Choose the files again" in answer.text
    nothing = send(client, {})
    assert nothing.status_code == 422 and "Choose at least one file" in nothing.text
    assert stored(house, ImportRun) == 0


def test_each_file_that_is_too_large_is_named_and_nothing_is_kept(house: House) -> None:
    limit(house, 1)
    client = signed_in(house)
    large = b"x" * (1024 * 1024 + 1)
    answer = send(client, {"header.csv": GOOD["header.csv"], "one.csv": large, "two.csv": large})
    assert answer.status_code == 422
    assert "one.csv is larger than 1 MB" in answer.text
    assert "two.csv is larger than 1 MB" in answer.text
    assert "header.csv is larger" not in answer.text
    folder = house.app.extensions["permanence"].settings.upload_folder
    assert list(folder.iterdir()) == [] and stored(house, ImportRun) == 0


def test_a_request_above_all_limits_gets_a_page_that_says_so(house: House) -> None:
    limit(house, 1)
    client = signed_in(house)
    house.app.config["WTF_CSRF_ENABLED"] = True
    answer = send(client, {"huge.csv": b"x" * (5 * 1024 * 1024)})
    assert answer.status_code == 413 and "The file is too large" in answer.text


HOSTILE: dict[str, tuple[dict[str, bytes], str]] = {
    "empty": ({"bad.csv": b""}, "bad.csv The file is empty"),
    "one byte": ({"bad.csv": b"x"}, "bad.csv, line 1"),
    "binary": ({"bad.csv": bytes(range(256)) * 40}, "bad.csv This is not a text file"),
    "workbook": ({"bad.xlsx": b"PK\x03\x04" + b"\0" * 40}, "This is a workbook"),
    "missing column": (
        {"bad.csv": text(REVIEWS.replace(",REVIEW,", ",")+",X", "0101,04/05/2019,PN0,1")},
        "bad.csv, line 1",
    ),
    "null in a heading": (
        {"bad.csv": text("", HEADER + ",A\0B", CHILD + ",1")},
        "bad.csv, line 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_with_what_and_where_and_good_files_load(
    house: House, name: str
) -> None:
    files, said = HOSTILE[name]
    client, address = previewed(house, {**files, **GOOD}, year="2026")
    shown = client.get(address)
    assert shown.status_code == 200
    problems = client.get(f"{address}/problems")
    assert problems.status_code == 200
    file, _, rest = said.partition(" ")
    assert all(part in words(problems.text) for part in (file, rest))
    apply(house, client, address)
    assert stored(house, Child) == 1 and stored(house, Episode) == 1


@pytest.mark.parametrize("name", ["empty", "one byte", "binary", "workbook"])
def test_files_of_which_nothing_can_be_loaded_end_as_could_not_be_done(
    house: House, name: str
) -> None:
    client, address = previewed(house, HOSTILE[name][0])
    shown = words(client.get(address).text)
    assert "Nothing in these files could be loaded" in shown and "Apply this import" not in shown
    assert client.post(f"{address}/discard").status_code == 303
    folder = house.app.extensions["permanence"].settings.upload_folder
    assert list(folder.iterdir()) == []


DIRTY: dict[str, tuple[dict[str, bytes], tuple[str, ...], int]] = {
    "byte order mark and CRLF": (
        {"h.csv": b"\xef\xbb\xbf" + text(HEADER, CHILD, end="\r\n"), "e.csv": GOOD["episodes.csv"]},
        (),
        1,
    ),
    "extra column": (
        {"h.csv": text(HEADER + ",NOTES", CHILD + ",x"), "e.csv": GOOD["episodes.csv"]},
        ("h.csv, line 1, column NOTES",),
        1,
    ),
    "dd/mm/yy": (
        {
            "h.csv": text(HEADER, CHILD, "0102,F,04/05/19,WBRI,UN1,0,"),
            "e.csv": GOOD["episodes.csv"],
        },
        ("h.csv, line 3, column DOB", "dd/mm/yyyy"),
        1,
    ),
    "placeholder": (
        {
            "h.csv": text(HEADER, CHILD),
            "e.csv": text(EPISODES, OPEN, OPEN.replace("01/09/2025", "*DUMMY*")),
        },
        ("e.csv, line 3, column DECOM", "placeholder"),
        1,
    ),
    "three birth dates": (
        {
            "h.csv": text(HEADER, CHILD, CHILD.replace("2019", "2018")),
            "e.csv": GOOD["episodes.csv"],
            "r.csv": text(REVIEWS, "0101,04/05/2017,01/10/2025,PN4"),
        },
        ("More than one date of birth", "h.csv line 2; h.csv line 3; r.csv line 2"),
        1,
    ),
    "overlapping episodes": (
        {
            "h.csv": text(HEADER, CHILD),
            "e.csv": text(
                EPISODES,
                OPEN.replace("PR1,,", "PR1,01/12/2025,X1"),
                OPEN.replace("01/09/2025,S", "01/10/2025,P"),
            ),
        },
        ("501", "e.csv, line 3, column DECOM"),
        1,
    ),
    "leading zeros, twice the same file name": (
        {"e.csv": GOOD["episodes.csv"], "E.csv": text(HEADER, "000101,F,04/05/2019,WBRI,UN1,0,")},
        (),
        2,
    ),
}


@pytest.mark.parametrize("name", DIRTY)
def test_dirty_files_load_what_is_good_and_say_where_the_rest_is(house: House, name: str) -> None:
    files, said, children = DIRTY[name]
    client, address = previewed(house, files, year="2026")
    problems = words(client.get(f"{address}/problems").text)
    for part in said:
        assert part in problems
    assert "Applied" in apply(house, client, address)
    locals_ = set(db.session.execute(sa.select(Child.local_id)).scalars())
    db.session.rollback()
    assert len(locals_) == children and "0101" in locals_


def test_names_that_recur_are_told_apart_and_folders_left_out(house: House) -> None:
    client = signed_in(house)
    parts = [
        (BytesIO(GOOD["header.csv"]), "private/table.csv"),
        (BytesIO(GOOD["episodes.csv"]), "../../table.csv"),
    ]
    answer = client.post("/imports/new", data={"files": parts}, content_type="multipart/form-data")
    shown = client.get(answer.location).text
    assert ">table.csv<" in shown and ">table.csv (2)<" in shown and "private" not in shown


def test_codes_longer_than_any_code_are_kept_or_refused_never_a_failure(house: House) -> None:
    long, longer = "Z" * 60, "Z" * 70
    files = {
        "h.csv": text(HEADER, CHILD, f"{long},{long},04/05/2019,{long},{long},0,"),
        "e.csv": text(EPISODES, OPEN, OPEN.replace("AB1 2CD", long), OPEN.replace("0101", longer)),
    }
    client, address = previewed(house, files, year="2026")
    assert "over 64 characters" in client.get(f"{address}/problems").text
    apply(house, client, address)
    assert stored(house, Child) == 2


def test_a_preview_that_was_made_again_cannot_be_applied_by_an_older_page(house: House) -> None:
    client, address = previewed(house, GOOD, year="2026")
    old = hash_in(client.get(address).text)
    client.post(f"{address}/year", data={"year": "2027"})
    work(house)
    answer = client.post(f"{address}/apply", data={"staged_hash": old})
    assert answer.status_code == 422 and "look again" in answer.text
    assert stored(house, Child) == 0


def test_a_record_that_moved_makes_the_preview_again_and_says_so(house: House) -> None:
    first, address = previewed(house, GOOD, year="2026")
    _, other = previewed(house, {"header.csv": GOOD["header.csv"]}, year="2025")
    stale = hash_in(first.get(address).text)
    apply(house, first, other)
    first.post(f"{address}/apply", data={"staged_hash": stale})
    work(house)
    shown = words(first.get(address).text)
    assert "The record has changed since the preview was made, so it was made again" in shown
    assert "New children 0" in shown and stored(house, Episode) == 0
    apply(house, first, address)
    assert stored(house, Episode) == 1


def test_changes_are_said_in_words_with_file_and_line(house: House) -> None:
    client, address = previewed(house, GOOD, year="2026")
    apply(house, client, address)
    later = {
        "header.csv": text(HEADER, CHILD.replace("04/05/2019", "05/05/2019")),
        "episodes.csv": text(EPISODES, OPEN.replace("C1", "C2")),
    }
    client, address = previewed(house, later, year="2026")
    shown = words(client.get(address).text)
    assert "0101 Date of birth 4 May 2019 5 May 2019 header.csv, line 2" in shown
    assert re.search(r"0101 Legal status [^(]+\(C1\) [^(]+\(C2\) worked out", shown)
    looked = db.session.execute(
        sa.select(AuditRow.subject).where(AuditRow.did == "look", AuditRow.subject == "import")
    ).all()
    assert looked


def test_problems_come_by_severity_by_page_and_as_csv_without_formulas(house: House) -> None:
    bad = [f"{number:04d},F,04/05/19,WBRI,UN1,0," for number in range(150)]
    files = {"=cmd.csv": text(HEADER, CHILD, *bad), "e.csv": GOOD["episodes.csv"]}
    client, address = previewed(house, files, year="2026")
    errors = client.get(f"{address}/problems?severity=error")
    assert "150 problems" in errors.text and "page=2" in errors.text
    assert "line 151" in client.get(f"{address}/problems?severity=error&page=2").text
    assert client.get(f"{address}/problems?page=99").status_code == 404
    assert client.get(f"{address}/problems?page=x&severity=y").status_code == 200
    answer = client.get(f"{address}/problems?format=csv&severity=error")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 151 and {row[1] for row in rows[1:]} == {"'=cmd.csv"}


def test_an_htmx_upload_is_sent_on_and_a_refused_one_swaps_the_form(house: House) -> None:
    client = signed_in(house)
    headers = {"HX-Request": "true"}
    parts = [(BytesIO(content), name) for name, content in GOOD.items()]
    answer = client.post(
        "/imports/new",
        data={"files": parts},
        content_type="multipart/form-data",
        headers=headers,
    )
    address = answer.headers["HX-Redirect"]
    assert answer.status_code == 200 and address.startswith("/imports/")
    refused = client.post("/imports/new", data={}, headers=headers)
    assert refused.status_code == 422 and refused.text.lstrip().startswith("<div")
    work(house)
    polled = client.get(address, headers=headers)
    assert "every 1s" not in polled.text and "Ready to check" in polled.headers["HX-Trigger"]
    assert "<html" not in polled.text


ROUTES = [
    ("imports.runs", "GET", "/imports"),
    ("imports.new", "GET", "/imports/new"),
    ("imports.upload", "POST", "/imports/new"),
    ("imports.page", "GET", "{}"),
    ("imports.problems", "GET", "{}/problems"),
    ("imports.confirm_year", "POST", "{}/year"),
    ("imports.apply", "POST", "{}/apply"),
    ("imports.discard", "POST", "{}/discard"),
]


def test_every_route_of_imports_answers_the_wrong_role_with_404(house: House) -> None:
    _, address = previewed(house, GOOD, year="2026")
    refused = 0
    for endpoint, method, path in ROUTES:
        for role in ("social.worker", "panel.chair", "inspector", "legal"):
            if not ACCESS[endpoint].allows(frozenset({role})):
                refused += 1
                answer = house.client(role).open(path.format(address), method=method)
                assert answer.status_code == 404 and "0101" not in answer.text
    assert refused == 3 * len(ROUTES) + 5
    assert stored(house, Child) == 0


def test_another_authority_gets_the_404_of_an_import_that_never_was(house: House) -> None:
    _, address = previewed(house, GOOD, year="2026")
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    client = signed_in(toyshire)
    for _endpoint, method, path in ROUTES[3:]:
        there = client.open(path.format(address), method=method, data={"year": "2027"})
        never = client.open(path.format("/imports/aaaaaaaaaaaaaa"), method=method)
        assert there.status_code == never.status_code == 404
        assert words(there.text) == words(never.text)
    assert "0101" not in client.get("/imports").text
    assert signed_in(house).get(address).status_code == 200


def test_an_inspector_reads_an_import_and_is_offered_no_change(house: House) -> None:
    _, address = previewed(house, GOOD)
    shown = house.client("inspector").get(address).text
    assert "Is this right?" in shown
    assert "<form" not in shown.partition("<main")[2]
    assert "Import a return" not in words(house.client("inspector").get("/imports").text)


def test_an_apply_that_failed_says_so_and_is_tried_again_from_its_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    client, address = previewed(house, GOOD, year="2026")
    with monkeypatch.context() as patch:
        patch.setattr(care, "put_derived", break_off)
        shown = apply(house, client, address)
    assert "the record is as it was" in shown and "Read these files again" in shown
    assert "the disk is full" not in shown and stored(house, Child) == 0
    assert client.post(f"{address}/year", data={"year": "2026"}).status_code == 303
    work(house)
    assert "Applied on" in words(apply(house, client, address))


def test_an_import_that_nobody_works_on_says_whom_to_ask(house: House) -> None:
    client = signed_in(house)
    address = send(client, GOOD).location
    said = "ask whoever runs the service whether its worker is running"
    assert said not in client.get(address).text
    with writing():
        db.session.execute(sa.update(ImportRun).values(changed_at=datetime(2026, 11, 20, 9, 0)))
    assert said in client.get(address).text
