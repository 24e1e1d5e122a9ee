"""The pages of imports: upload, preview, apply and problems; who may see them."""

from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.uploaded import (
    CHILD,
    GOOD,
    HEADER,
    apply,
    hash_in,
    limit,
    previewed,
    send,
    signed_in,
    stored,
    text,
    words,
    work,
)

from core.store import care
from core.store.database import db, writing
from core.store.tables import AuditRow, Child, Episode, ImportRun
from core.web.access import ACCESS


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
    assert answer.status_code == 413 and "The files are too large" in answer.text


def test_more_files_than_are_read_at_once_are_said_to_be_too_many(house: House) -> None:
    answer = send(signed_in(house), {f"{number}.csv": b"x" for number in range(1_001)})
    assert answer.status_code == 413 and "There are too many files" in answer.text
    assert "1,000 are taken at once at most" in answer.text and "too large" not in answer.text


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
    looks = [
        after
        for after in db.session.scalars(
            sa.select(AuditRow.after).where(AuditRow.subject == "import", AuditRow.did == "look")
        )
        if after and "problems" in after
    ]
    db.session.rollback()
    assert looks[0] == {"problems": True} and looks[-1] == {"problems": "csv", "of": "error"}


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
    ("imports.template", "GET", "/imports/templates/case-list.csv"),
    ("imports.page", "GET", "{}"),
    ("imports.problems", "GET", "{}/problems"),
    ("imports.changes", "GET", "{}/changes"),
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
    assert refused == 3 * len(ROUTES) + 6
    assert stored(house, Child) == 0


def test_another_authority_gets_the_404_of_an_import_that_never_was(house: House) -> None:
    _, address = previewed(house, GOOD, year="2026")
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    client = signed_in(toyshire)
    for _endpoint, method, path in ROUTES[4:]:
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
    assert "<form" not in shown.partition("<main")[2].partition("</main>")[0]
    assert "Import files" not in words(house.client("inspector").get("/imports").text)


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
