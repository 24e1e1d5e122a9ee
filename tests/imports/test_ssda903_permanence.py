"""AD1 and PrevPerm: read, checked, and stated as entries of the record."""

from __future__ import annotations

import pytest

from core.domain.record import KINDS, FactType
from core.imports.ssda903 import Return903, SourceFile, read_return
from core.imports.ssda903.permanence import partial_date_words

AD1 = "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR"
PREV_PERM = "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM"


def read(heading: str, *lines: str) -> Return903:
    return read_return([SourceFile("t.csv", "\n".join([heading, *lines]).encode())], year=2018)


def faults(result: Return903) -> set[tuple[str | None, str, str]]:
    return {(p.column, p.rule, p.severity) for p in result.problems if p.rule != "no header table"}


def test_what_ad1_says_is_stated_of_the_adoption_with_line_and_column() -> None:
    result = read(AD1, "0012,01/02/2015,02/03/2017,03/04/2017,1,2,MF,L11")
    assert result.stated.format == "ssda903" and result.stated.children == ("0012",)
    assert [(f.kind, f.field, f.value, f.column, f.source.line) for f in result.stated.facts] == [
        ("adoption", "decided_on", "2017-03-02", "DATE_INT", 2),
        ("adoption", "matched_on", "2017-04-03", "DATE_MATCH", 2),
        ("adoption", "by_foster_carer", "yes", "FOSTER_CARE", 2),
        ("adoption", "adopters", "2", "NB_ADOPTR", 2),
    ]
    assert faults(result) == set() and result.counts.adoptions == 1
    assert result.files() == {"t.csv": ("AD1", 1)}


def test_what_prev_perm_says_is_stated_of_the_earlier_permanence() -> None:
    result = read(PREV_PERM, "0012,,P2,NIR,zz/03/2015", "0013,,z1,,")
    assert [(f.child, f.field, f.value) for f in result.stated.facts] == [
        ("0012", "option", "P2"),
        ("0012", "order_on", "March 2015"),
        ("0012", "authority", "NIR"),
        ("0013", "option", "Z1"),
    ]
    assert faults(result) == set() and result.counts.earlier_permanence == 2


def test_every_field_that_is_stated_is_one_of_the_record() -> None:
    facts = (
        *read(AD1, "1,,02/03/2017,03/04/2017,0,1,M1,L0").stated.facts,
        *read(PREV_PERM, "1,,P1,301,27/03/2008").stated.facts,
    )
    assert len(facts) == 7
    for fact in facts:
        field = KINDS[fact.kind].field(fact.field)
        assert field is not None and KINDS[fact.kind].single
        if field.type is FactType.CHOICE:
            assert fact.value in field.choices


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("27/03/2008", "27 March 2008"), ("zz/03/2019", "March 2019"), ("ZZ/ZZ/2019", "2019"),
        ("zz/zz/zzzz", "not known"), ("", ""), ("31/02/2019", None), ("zz/13/2019", None),
        ("01/zz/2019", None), ("zz/03/zzzz", None), ("03/2019", None), ("zz/zz/0019", None),
        ("2019-03-27", None),
    ],
)  # fmt: skip
def test_a_date_with_unknown_parts_is_said_in_words(text: str, words: str | None) -> None:
    assert partial_date_words(text) == words


def test_codes_outside_the_lists_are_warned_of_and_left_out() -> None:
    adopted = read(AD1, "1,,02/03/2017,,9,3,XX,L9")
    assert faults(adopted) == {
        ("DATE_MATCH", "113", "warning"), ("FOSTER_CARE", "114", "warning"),
        ("NB_ADOPTR", "175", "warning"), ("SEX_ADOPTR", "176", "warning"),
        ("LS_ADOPTR", "177", "warning"),
    }  # fmt: skip
    assert [f.field for f in adopted.stated.facts] == ["decided_on"]
    earlier = read(PREV_PERM, "1,,P9,12,03/2019", "2,,Z1,301,")
    assert faults(earlier) == {
        ("PREV_PERM", "631", "warning"), ("DATE_PERM", "632", "warning"),
        ("LA_PERM", "633", "warning"), ("PREV_PERM", "635", "warning"),
    }  # fmt: skip
    assert {(f.child, f.field) for f in earlier.stated.facts} == {
        ("2", "option"),
        ("2", "authority"),
    }
    assert earlier.counts.earlier_permanence == 2 and earlier.counts.errors == 0


def test_a_date_that_is_none_keeps_the_row_from_being_loaded() -> None:
    result = read(AD1, "1,,2017-03-02,03/04/2017,1,2,MF,L11", "2,,02/03/2017,03/04/2017,1,2,MF,L11")
    assert ("DATE_INT", "112", "error") in faults(result)
    assert {f.child for f in result.stated.facts} == {"2"}


def test_optional_columns_may_be_missing_and_births_are_compared() -> None:
    result = read("CHILD,PREV_PERM,DATE_PERM", "1,P1,")
    assert [f.value for f in result.stated.facts] == ["P1"]
    assert {p.rule for p in result.problems} == {"missing column", "no header table"}
    both = read_return(
        [
            SourceFile("a.csv", f"{AD1}\n1,01/02/2015,02/03/2017,03/04/2017,1,2,MF,L11".encode()),
            SourceFile("b.csv", f"{PREV_PERM}\n1,02/02/2015,P1,,".encode()),
        ],
        year=2018,
    )
    assert "birth dates differ" in {p.rule for p in both.problems}
