"""What nobody can read is taken out of a file's text, as it is out of what is typed."""

from __future__ import annotations

from datetime import date

import pytest
from builders.workbooks import workbook

from core.imports.reader import Found, read_files
from core.imports.ssda903 import SourceFile

TURNED = "\u202e"
ODD = "A\x01b\x0b\x7f\x85c\u202e\u2066\ufdd0\ufffe"
HEADINGS = ["Local ID", "Given name", "Family name", "Social worker", "Team"]


def read(name: str, content: bytes) -> Found:
    return read_files([SourceFile(name, content)], date(2026, 3, 31))


def case_list(kind: str, given: str) -> Found:
    row = [f"01{TURNED}01", given, f"{TURNED}Quill", f"Wren{TURNED} Ash", f"North{TURNED} team"]
    heads = [f"Local{TURNED} ID", *HEADINGS[1:]]
    if kind == "xlsx":
        return read("list.xlsx", workbook({f"Ca{TURNED}ses": [heads, row]}))
    return read("list.csv", "\n".join(map(",".join, (heads, row))).encode())


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [("xlsx", f"Al{TURNED}bert", "Albert"), ("csv", f"Al{TURNED}bert", "Albert"),
     ("csv", ODD, "Ab c"), ("csv", "Anna\x0bMaria", "Anna Maria"),
     ("csv", '"Al\x01\nbert"', "Al bert"), ("csv", "Zoë  O’N", "Zoë O’N")],
)  # fmt: skip
def test_a_case_list_gives_names_that_can_be_read(kind: str, given: str, kept: str) -> None:
    found = case_list(kind, given)
    (stated,) = found.stated
    assert list(found.children) == ["0101"]
    facts = {fact.field: fact.value for fact in stated.facts}
    assert facts == {"given_name": kept, "family_name": "Quill"}
    assert {fact.column for fact in stated.facts} == {"Given name", "Family name"}
    assert [one.name for one in stated.people] == ["Wren Ash"]
    assert [one.team for one in stated.teams] == ["North team"]
    assert TURNED not in repr(found)


def test_a_return_gives_ids_that_can_be_read_as_tables_and_as_xml() -> None:
    table = f"CHILD,SEX,DOB,ETHNIC,UPN\n00{TURNED}14\x7f,1,01/02/2010,WB{TURNED}RI,UN1\n"
    markup = (
        f"<EXPSSDA903><CHILD><HEADER><CHILDID>00{TURNED}14\x7f</CHILDID><SEX>1</SEX>"
        f"<DOB>01/02/2010</DOB><ETHNIC>WB{TURNED}RI</ETHNIC></HEADER></CHILD></EXPSSDA903>"
    )
    for name, text in (("header.csv", table), ("return.xml", markup)):
        found = read(name, text.encode())
        (row,) = found.returned.headers
        assert (row.child, row.fact.ethnicity) == ("0014", "WBRI")


def test_a_cell_of_nothing_that_can_be_read_is_blank() -> None:
    found = case_list("csv", f"{TURNED}\x01\x85")
    assert not [fact for fact in found.stated[0].facts if fact.field == "given_name"]
