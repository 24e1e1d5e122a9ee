"""Uploaded files as they should not be: each said with what, where and how to mend it."""

from __future__ import annotations

from io import BytesIO

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.uploaded import (
    CHILD,
    EPISODES,
    GOOD,
    HEADER,
    OPEN,
    REVIEWS,
    apply,
    previewed,
    signed_in,
    stored,
    text,
    words,
)

from core.store.database import db
from core.store.tables import Child, Episode

HOSTILE: dict[str, tuple[dict[str, bytes], str]] = {
    "empty": ({"bad.csv": b""}, "bad.csv The file is empty"),
    "one byte": ({"bad.csv": b"x"}, "bad.csv, line 1"),
    "binary": ({"bad.csv": bytes(range(256)) * 40}, "bad.csv This is not a text file"),
    "workbook": ({"bad.xlsx": b"PK\x03\x04" + b"\0" * 40}, "bad.xlsx The workbook is damaged"),
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


XML = b"<EXPSSDA903><CHILD><HEADER><CHILDID>0101</CHILDID><DOB>04/05/2019</DOB></HEADER></CHILD>"
BAD_XML: dict[str, tuple[bytes, str]] = {
    "bomb": (
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]>' + XML + b"</EXPSSDA903>",
        "declares a document type",
    ),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>' + XML + b"</EXPSSDA903>",
        "declares a document type",
    ),
    "cut off": (XML, "ends before its last element is closed"),
    "wrong root": (b"<CENSUS><CHILD/></CENSUS>", "its first element is not EXPSSDA903"),
    "wrong encoding": (XML.replace(b"0101", b"\xe9") + b"</EXPSSDA903>", "not in the encoding"),
}


@pytest.mark.parametrize("name", BAD_XML)
def test_a_return_as_xml_that_cannot_be_read_says_why(house: House, name: str) -> None:
    content, said = BAD_XML[name]
    client, address = previewed(house, {"return.xml": content})
    shown = client.get(address)
    assert shown.status_code == 200 and "Nothing in these files could be loaded" in shown.text
    assert said in words(client.get(f"{address}/problems").text)
    assert client.post(f"{address}/discard").status_code == 303


def test_a_return_as_xml_is_brought_in_as_its_tables_are(house: House) -> None:
    episode = (
        b"<EPISODE><DECOM>01/09/2025</DECOM><RNE>S</RNE><LS>C1</LS><CIN>N1</CIN><PL>U6</PL>"
        b"</EPISODE></CHILD></EXPSSDA903>"
    )
    whole = XML.removesuffix(b"</CHILD>") + episode
    client, address = previewed(house, {"return.xml": whole}, year="2026")
    shown = words(client.get(address).text)
    assert "return.xml Return as XML 2" in shown
    assert "Applied" in apply(house, client, address)
    assert stored(house, Child) == 1 and stored(house, Episode) == 1
