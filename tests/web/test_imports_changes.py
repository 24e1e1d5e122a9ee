"""What an import changes of each child: the preview's page, its CSV, and what is closed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.uploaded import (
    CHILD,
    EPISODES,
    GOOD,
    HEADER,
    OPEN,
    apply,
    previewed,
    signed_in,
    text,
    words,
)
from flask.testing import FlaskClient
from openpyxl import load_workbook

from core.store import import_changes, imports
from core.store.database import db, writing
from core.store.tables import AuditRow, Child, ImportRun

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_changes_are_said_in_words_with_file_and_line(house: House) -> None:
    client, address = previewed(house, GOOD, year="2026")
    apply(house, client, address)
    later = {
        "header.csv": text(HEADER, CHILD.replace("04/05/2019", "05/05/2019")),
        "episodes.csv": text(EPISODES, OPEN.replace("C1", "C2")),
    }
    client, address = previewed(house, later, year="2026")
    shown = words(client.get(address).text)
    assert "0101 Date of birth Who the child is 4 May 2019 5 May 2019 header.csv, line 2" in shown
    assert re.search(
        r"0101 Legal status Time in care [^(]+\(C1\) [^(]+\(C2\) episodes.csv, line 2", shown
    )
    looked = db.session.execute(
        sa.select(AuditRow.subject).where(AuditRow.did == "look", AuditRow.subject == "import")
    ).all()
    assert looked


def test_an_error_of_one_cell_is_not_said_to_keep_its_row_out(house: House) -> None:
    lists = {"c.csv": text("Local ID,Given name,Date of birth", "0101,Orlin,31/02/2019")}
    client, address = previewed(house, lists)
    shown = words(client.get(address).text)
    assert "1 error (what is wrong is not loaded: a cell, a row or a file)" in shown
    apply(house, client, address)
    kept = db.session.execute(sa.select(Child.given_name, Child.born)).one()
    assert tuple(kept) == ("Orlin", None)
    db.session.rollback()


def many(house: House, children: int) -> tuple[FlaskClient, str]:
    """A preview with two changes of each of so many children: a birth and a legal status."""
    ids = [f"{number:04d}" for number in range(children)]
    for born, status in (("04/05/2019", "C1"), ("05/05/2019", "C2")):
        client, address = previewed(
            house,
            {
                "h.csv": text(HEADER, *(f"{i},F,{born},WBRI,UN1,0," for i in ids)),
                "=e.csv": text(
                    EPISODES,
                    *(OPEN.replace("0101", i).replace("C1", status) for i in ids),
                ),
            },
            year="2026",
        )
        if status == "C1":
            apply(house, client, address)
    return client, address


def test_changes_come_by_page_by_what_they_are_of_and_as_csv_without_formulas(
    house: House,
) -> None:
    client, address = many(house, 60)
    shown = words(client.get(address).text)
    assert "The first 20 of 120 changes" in shown
    page = client.get(f"{address}/changes")
    assert "120 changes" in page.text and "page=2" in page.text
    assert page.text.count("app-source") >= 100
    assert "0059" in client.get(f"{address}/changes?page=2").text
    assert client.get(f"{address}/changes?page=3").status_code == 404
    alone = words(client.get(f"{address}/changes?subject=care").text)
    assert "60 changes" in alone and "Date of birth" not in alone
    for odd in ("page=x", "page=-1", "page=" + "9" * 30, "subject='"):
        assert client.get(f"{address}/changes?{odd}").status_code == 200
    answer = client.get(f"{address}/changes?format=csv&subject=care")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 61 and rows[1][0] == "0000"
    assert {row[5] for row in rows[1:]} == {"'=e.csv"} and rows[-1][6] == "61"


@pytest.mark.parametrize("what", ["changes", "problems"])
def test_a_file_taken_while_the_preview_is_made_again_says_so_and_mixes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    client, address = many(house, 30)
    public_id = address.rpartition("/")[2]
    run = imports.run(house.whole, public_id)
    assert run is not None
    with writing():
        rows = [
            {"file": "e.csv", "line": n, "column": "DECOM", "rule": "101", "severity": severity,
             "message": "Wrong"} for n, severity in enumerate(["warning", "error"] * 20)
        ]  # fmt: skip
        imports.put_problems(house.whole, run.id, rows)
    db.session.rollback()
    for module in (import_changes, imports):
        monkeypatch.setattr(module, "BATCH", 7)
    whole = client.get(f"{address}/{what}?format=csv").text
    lines = list(csv.reader(StringIO(whole)))
    assert len(lines) == {"changes": 61, "problems": 41}[what]
    assert len({tuple(line) for line in lines}) == len(lines)
    name = {"changes": "every", "problems": "every_problem"}[what]
    module = {"changes": import_changes, "problems": imports}[what]
    real = getattr(module, name)

    def meanwhile(*given: Any, **also: Any) -> Iterator[Any]:
        for number, row in enumerate(real(*given, **also)):
            yield row
            if number == 6:
                with writing():
                    db.session.execute(sa.update(ImportRun).values(staged_hash="another"))

    monkeypatch.setattr(module, name, meanwhile)
    cut = list(csv.reader(StringIO(client.get(f"{address}/{what}?format=csv").text)))
    assert cut[1:8] == lines[1:8] and len(cut) == 9
    assert cut[8] == ["The preview was made again while this was written: take the file again"]


def test_a_page_of_changes_asks_as_often_for_many_as_for_few(house: House) -> None:
    def asked(address: str, client: FlaskClient) -> int:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get(f"{address}/changes").status_code == 200
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    client, few = many(house, 2)
    client.get("/imports")
    before = asked(few, client)
    client, lots = many(house, 50)
    assert asked(lots, client) == before


def test_records_that_are_closed_to_the_asker_are_counted_and_not_named(house: House) -> None:
    client, address = many(house, 3)
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.local_id == "0001").values(closed_to="restricted")
        )
    for page in (address, f"{address}/changes"):
        shown = words(client.get(page).text)
        assert "0000" in shown and "0001" not in shown
        assert "2 changes of 1 child are not shown, because the records are closed" in shown
    assert "0001" not in client.get(f"{address}/changes?format=csv").text
    looks = db.session.execute(sa.select(AuditRow.after).where(AuditRow.did == "look")).scalars()
    assert any(len(look.get("children", ())) == 2 for look in looks if look)


def test_an_import_that_changes_nothing_says_so(house: House) -> None:
    client, address = previewed(house, GOOD, year="2026")
    assert "No child in the record changes" in words(client.get(address).text)
    assert "There are none" in words(client.get(f"{address}/changes").text)


def test_the_examples_of_the_own_lists_are_downloaded_and_nothing_else(house: House) -> None:
    client = signed_in(house)
    offered = re.findall(r'href="(/imports/templates/[^"]+)"', client.get("/imports/new").text)
    assert len(offered) == 4
    for address in offered:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(address.rpartition("/")[2] + '"')
        if address.endswith("xlsx"):
            assert load_workbook(BytesIO(answer.data)).worksheets
        else:
            assert len(next(csv.reader(StringIO(answer.text)))) > 5
    for odd in ("case-list.pdf", "../x.csv", "other.csv", "case-list."):
        assert client.get(f"/imports/templates/{odd}").status_code == 404
    assert house.client("social.worker").get(offered[0]).status_code == 404


def test_a_case_list_needs_no_collection_year_and_says_its_day(house: House) -> None:
    client = signed_in(house)
    example = client.get("/imports/templates/case-list.xlsx").data
    client, address = previewed(
        house,
        {"list.xlsx": example},
        **{"as-at-day": "2", "as-at-month": "3", "as-at-year": "2026"},
    )
    shown = words(client.get(address).text)
    assert "Collection year" not in shown and "As at 2 March 2026" in shown
    assert "list.xlsx Case list" in shown
    assert "Applied on" in words(apply(house, client, address))
