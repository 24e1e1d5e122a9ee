"""The XML form of the return: the same facts and problems as its CSV tables, and hostile files."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from core.imports.ssda903 import Problem, Return903, SourceFile, read_return, source_files

SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "ssda903-2018" / "fake_903.xml"
CSV = {
    "header": [
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
        "0012,1,01/02/2010,WBRI,UN1,0,",
        "0013,2,04/05/2012,XXXX,UN1,1,06/07/2017",
    ],
    "episodes": [
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,"
        "PL_POST,URN",
        "0012,01/05/2017,S,C2,N1,U6,PR1,01/06/2017,X1,CARPL,AB1 2CD,AB1 3CD,",
        "0012,01/06/2017,P,C2,N1,K2,PR4,,,,AB1 2CD,AB1 4CD,SC123456",
        "0013,99/05/2017,S,C2,N1,U6,PR1,,,,,,",
    ],
    "reviews": ["CHILD,DOB,REVIEW,REVIEW_CODE", "0012,01/02/2010,25/05/2017,PN1"],
    "uasc": ["CHILD,SEX,DOB,DUC", "0012,1,01/02/2010,01/02/2018"],
    "ad1": [
        "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
        "0013,04/05/2012,02/03/2017,03/04/2017,1,2,MF,L12",
    ],
    "placed": [
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
        "0013,04/05/2012,02/03/2017,,",
    ],
    "permanence": ["CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM", "0012,01/02/2010,P2,999,zz/03/2015"],
    "missing": ["CHILD,DOB,MISSING,MIS_START,MIS_END", "0012,01/02/2010,M,02/05/2017,03/05/2017"],
}
XML = """<?xml version="1.0" encoding="UTF-8"?>
<EXPSSDA903>
 <CHILD>
  <HEADER>
   <CHILDID>0012</CHILDID><UPN>UN1</UPN><SEX>1</SEX><DOB>01/02/2010</DOB><ETHNIC>WBRI</ETHNIC>
   <UASC>1</UASC><DUC>01/02/2018</DUC>
   <AMISSING><MISSING>M</MISSING><MIS_START>02/05/2017</MIS_START></AMISSING>
   <AREVIEW><REVIEW>25/05/2017</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
   <MOTHER>0</MOTHER><MC_DOB/>
   <PERMANENCE><PREV_PERM>P2</PREV_PERM><LA_PERM>999</LA_PERM><DATE_PERM>zz/03/2015</DATE_PERM>
   </PERMANENCE>
  </HEADER>
  <EPISODE>
   <DECOM>01/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL>
   <PL_POST>AB1 3CD</PL_POST><HOME_POST>AB1 2CD</HOME_POST><PLACE_PROVIDER>PR1</PLACE_PROVIDER>
   <DEC>01/06/2017</DEC><REC>X1</REC><REASON_PLACE_CHANGE>CARPL</REASON_PLACE_CHANGE>
  </EPISODE>
  <EPISODE>
   <DECOM>01/06/2017</DECOM><RNE>P</RNE><LS>C2</LS><CIN>N1</CIN><PL>K2</PL><URN>SC123456</URN>
   <PL_POST>AB1 4CD</PL_POST><HOME_POST>AB1 2CD</HOME_POST><PLACE_PROVIDER>PR4</PLACE_PROVIDER>
  </EPISODE>
 </CHILD>
 <CHILD>
  <HEADER>
   <CHILDID>0013</CHILDID><UPN>UN1</UPN><SEX>2</SEX><DOB>04/05/2012</DOB><ETHNIC>XXXX</ETHNIC>
   <UASC>0</UASC><MOTHER>1</MOTHER><MC_DOB>06/07/2017</MC_DOB>
   <DATE_INT>02/03/2017</DATE_INT><DATE_MATCH>03/04/2017</DATE_MATCH>
   <FOSTER_CARE>1</FOSTER_CARE><NB_ADOPTR>2</NB_ADOPTR>
   <SEX_ADOPTR>MF</SEX_ADOPTR><LS_ADOPTR>L12</LS_ADOPTR>
   <AD_PLACED><DATE_PLACED>02/03/2017</DATE_PLACED></AD_PLACED>
  </HEADER>
  <EPISODE><DECOM>99/05/2017</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL>
   <PLACE_PROVIDER>PR1</PLACE_PROVIDER></EPISODE>
 </CHILD>
</EXPSSDA903>
"""


def read(*contents: bytes, **more: object) -> Return903:
    return read_return(
        [SourceFile(f"file{n}.xml", content) for n, content in enumerate(contents, 1)],
        **more,  # type: ignore[arg-type]
    )


def from_csv() -> Return903:
    return read_return(
        [SourceFile(f"{n}.csv", ("\n".join(lines) + "\n").encode()) for n, lines in CSV.items()],
        year=2018,
    )


def said(result: Return903) -> dict[str, object]:
    """What a return states, without where it stands."""
    return {
        name: [(row.child, replace(row.fact, source=None)) for row in rows]
        for name, rows in result.tables_read()
    } | {
        "stated": {(f.child, f.kind, f.field, f.value, f.column) for f in result.stated.facts},
        "births": {child: one.births for child, one in result.children.items()},
        "problems": Counter((p.rule, p.column, p.severity, p.message) for p in result.problems),
        "left": {left.table for left in result.left},
        "tables": result.tables,
    }


def test_the_same_return_as_xml_and_as_csv_gives_the_same_facts_and_problems() -> None:
    as_xml, as_csv = read(XML.encode(), year=2018), from_csv()
    assert said(as_xml) == said(as_csv)
    assert as_csv.counts.errors == 1 and as_csv.counts.warnings > 0
    assert as_xml.files() == {"file1.xml": ("Return as XML", 9)}


def test_every_row_and_problem_has_the_line_of_its_element() -> None:
    result = read(XML.encode(), year=2018)
    lines = XML.splitlines()
    for row in result.episodes:
        assert "<EPISODE>" in lines[row.line - 1]
    assert [lines[row.line - 1].split(">")[0].strip() for row in result.reviews] == ["<AREVIEW"]
    (bad,) = [p for p in result.problems if p.severity == "error"]
    assert (bad.rule, bad.column) == ("141", "DECOM") and "99/05/2017" in lines[bad.line - 1]


def test_a_file_in_one_line_is_counted_as_if_each_element_stood_in_its_own() -> None:
    flat = "".join(line.strip() for line in XML.splitlines())
    result = read(flat.encode(), year=2018)
    laid = flat.replace("><", ">\n<").splitlines()
    for row in (*result.headers, *result.episodes, *result.reviews):
        tag = laid[row.line - 1]
        assert tag in ("<HEADER>", "<EPISODE>", "<AREVIEW>")
    (told,) = [p for p in result.problems if p.rule == "one line"]
    assert told.severity == "warning"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"]
)
def test_every_encoding_that_a_file_names_is_read(encoding: str) -> None:
    named = XML.replace('"UTF-8"', f'"{encoding.removesuffix("-sig")}"')
    assert said(read(named.encode(encoding), year=2018)) == said(read(XML.encode(), year=2018))


BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "ha">'
    + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><EXPSSDA903><CHILD><HEADER><CHILDID>&b9;</CHILDID></HEADER></CHILD></EXPSSDA903>"
)
EXTERNAL = (
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
    b"<EXPSSDA903><CHILD><HEADER><CHILDID>&b;</CHILDID></HEADER></CHILD></EXPSSDA903>"
)
FLAT = XML.encode()
HOSTILE: dict[str, tuple[bytes, str]] = {
    "bomb": (BOMB, "document type"),
    "external entity": (EXTERNAL, "document type"),
    "document type": (b'<!DOCTYPE EXPSSDA903 SYSTEM "x.dtd"><EXPSSDA903/>', "document type"),
    "undeclared entity": (FLAT.replace(b"WBRI", b"&b;"), "not sound XML"),
    "cut off in an element": (FLAT[:900], "cut off"),
    "cut off in a tag": (FLAT[: FLAT.index(b"<EPISODE>") + 4], "cut off"),
    "wrong root": (b"<html><body>Sign in</body></html>", "wrong root"),
    "no children": (b"<EXPSSDA903/>", "empty"),
    "tags that cross": (FLAT.replace(b"</EPISODE>", b"</CHILD>"), "not sound XML"),
    "more after the end": (FLAT + b"<more/>", "not sound XML"),
    "windows-1252 that says UTF-8": (FLAT.replace(b"AB1 3CD", b"AB1 \xe9"), "encoding"),
    "UTF-8 that says UTF-16": (FLAT.replace(b"UTF-8", b"UTF-16"), "encoding"),
    "an encoding that nobody knows": (FLAT.replace(b"UTF-8", b"klingon"), "encoding"),
    "an encoding that is a program": (FLAT.replace(b"UTF-8", b"zip"), "encoding"),
    "null byte": (FLAT.replace(b"WBRI", b"W\0"), "not sound XML"),
    "too deep": (b"<EXPSSDA903>" + b"<a>" * 5_000, "too deep"),
    "records without end": (
        b"<EXPSSDA903><CHILD>" + b"<EPISODE/>" * 9_000, "too much of one child",
    ),
    "one long tag": (b"<EXPSSDA903 " + b"x" * 5_000_000, "not sound XML"),
    "one long comment": (b"<EXPSSDA903><!--" + b"x" * 5_000_000, "not sound XML"),
    "ids left out": (b"<EXPSSDA903>" + b"<CHILD/>" * 6_000 + b"</EXPSSDA903>", "no good rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_an_error_with_a_way_out_and_the_other_file_loads(name: str) -> None:
    content, rule = HOSTILE[name]
    tracemalloc.start()
    result = read(content, XML.encode(), year=2018)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    errors = {p.rule for p in result.problems if p.file == "file1.xml" and p.severity == "error"}
    assert rule in errors and errors <= {rule, "child", "141"}
    (told,) = [p for p in result.problems if p.rule == rule and p.file == "file1.xml"]
    assert any(told.message.count(way) for way in ("xport", "Save it", "Give the", "Take the"))
    assert list(result.children) == ["0012", "0013"]
    assert peak < 30_000_000


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "return.xml"
    with large.open("wb") as file:
        file.write(b"<EXPSSDA903>")
        file.truncate(200_000_000)
    (problem,) = read_return(source_files([large])).problems
    assert (problem.rule, problem.severity) == ("too large", "error")


def test_a_child_without_an_id_is_left_and_the_others_load() -> None:
    lacking = XML.replace("<CHILDID>0012</CHILDID>", "")
    result = read(lacking.encode(), year=2018)
    assert list(result.children) == ["0013"]
    (told,) = [p for p in result.problems if p.rule == "child"]
    assert told.line == 4 and told.column == "CHILD"


def test_elements_that_are_no_part_are_said_once_and_left_out() -> None:
    more = XML.replace("<LS>C2</LS>", "<LS>C2</LS><LS>C1</LS><SECRET>x</SECRET>")
    result = read(more.encode(), year=2018)
    extra = [p for p in result.problems if p.rule == "extra element"]
    assert [(p.column, p.severity) for p in extra] == [("SECRET", "warning")]
    assert {p.column for p in result.problems if p.rule == "element twice"} == {"LS"}
    assert {row.fact.ls for row in result.episodes} == {"C2"}


def test_placeholders_and_long_values_are_found_as_in_csv() -> None:
    result = read(
        XML.replace("WBRI", "*DUMMY*").replace("SC123456", "S" * 5_000).encode(), year=2018
    )
    found: dict[str, Problem] = {p.rule: p for p in result.problems}
    assert found["dummy"].column == "ETHNIC" and found["dummy"].severity == "warning"
    assert found["too long"].column == "URN" and found["too long"].severity == "error"
    assert len(result.episodes) == 1


def test_beside_the_tables_of_a_return_xml_is_said_and_left() -> None:
    tables = [SourceFile(f"{n}.csv", ("\n".join(t) + "\n").encode()) for n, t in CSV.items()]
    result = read_return([SourceFile("a.xml", XML.encode()), *tables], year=2018)
    assert {row.file for _, rows in result.tables_read() for row in rows}.isdisjoint({"a.xml"})
    assert [p.severity for p in result.problems if p.rule == "two forms"] == ["warning"]
    assert result.files()["a.xml"] == ("Return as XML", 0)
    alone = read_return([SourceFile("a.xml", XML.encode()), tables[0]], year=2018)
    assert alone.counts.episodes == 2


@given(st.binary(max_size=200), st.integers(0, len(FLAT)), st.integers(0, 40))
def test_reading_never_raises_on_any_bytes(junk: bytes, at: int, cut: int) -> None:
    result = read(FLAT[:at] + junk + FLAT[at + cut :], b"<" + junk)
    assert {p.severity for p in result.problems} <= {"error", "warning"}


def test_the_sample_gives_exactly_what_it_holds() -> None:
    if not SAMPLE.is_file():
        pytest.skip("the shared SSDA903 data is not beside the project")
    result = read_return([SourceFile("fake_903.xml", SAMPLE)])
    assert (result.counts.children, result.counts.episodes) == (253, 459)
    assert (result.counts.reviews, result.counts.uasc, result.counts.errors) == (1206, 12, 0)
    held = Counter()
    for child in ElementTree.parse(SAMPLE).getroot():
        local = child.findtext("HEADER/CHILDID")
        held["DOB", local, child.findtext("HEADER/DOB")] += 1
        for episode in child.findall("EPISODE"):
            held[
                local, *(episode.findtext(name) or "" for name in ("DECOM", "LS", "PL", "DEC"))
            ] += 1
        for review in child.findall("HEADER/AREVIEW"):
            held["review", local, review.findtext("REVIEW")] += 1

    def text(on: date | None) -> str:
        return f"{on:%d/%m/%Y}" if on else ""

    got = Counter(("DOB", row.child, text(row.fact.dob)) for row in result.headers)
    got += Counter(
        (row.child, text(row.fact.decom), row.fact.ls, row.fact.place, text(row.fact.dec))
        for row in result.episodes
    )
    got += Counter(("review", row.child, text(row.fact.on)) for row in result.reviews)
    assert got == held
