"""Pages of procedures: every clause with its words and what carries it, and words to read."""

from __future__ import annotations

import pytest
from builders.house import House

import plugins.bexley

PROCEDURE = plugins.bexley.PROCEDURE


def test_the_procedure_shows_every_clause_and_what_carries_it(house: House) -> None:
    html = house.client("social.worker").get("/procedures/BEX").get_data(as_text=True)
    for clause_id in PROCEDURE.clauses:
        assert f'id="{clause_id}"' in html
    carried = next(d for d in PROCEDURE.deadlines if "BEX-1.6" in d.clauses)
    assert carried.title in html
    assert "Your authority enabled it on 1 January 2020" in html


def test_a_clause_still_to_be_built_says_so(house: House) -> None:
    clause_id, words = next(iter(PROCEDURE.pending.items()))
    html = house.client("social.worker").get(f"/clauses/{clause_id}").get_data(as_text=True)
    assert "Still to be built" in html
    assert words.split("'")[0] in html


def test_a_clause_has_its_words_and_a_way_back(house: House) -> None:
    html = house.client("panel.member").get("/clauses/BEX-1.6").get_data(as_text=True)
    assert "Clause BEX-1.6" in html
    assert PROCEDURE.clauses["BEX-1.6"].rule.split("'")[0] in html
    assert 'href="/procedures/BEX#BEX-1.6"' in html


@pytest.mark.clause("BEX-0.3")
@pytest.mark.clause("BEX-1.1.a")
def test_the_seven_principles_are_numbered_in_the_documents_words(house: House) -> None:
    html = (
        house.client("social.worker")
        .get("/procedures/BEX/statements/principles")
        .get_data(as_text=True)
    )
    statement = PROCEDURE.statement("principles")
    assert statement is not None and len(statement.text) == 7
    numbered = html.partition("<ol")[2].partition("</ol>")[0]
    assert numbered.count("<li>") == 7
    for line in statement.text:
        assert f"<li>{line}</li>" in numbered


@pytest.mark.clause("BEX-1.16")
def test_the_statement_of_conduct_is_a_paragraph_as_it_stands(house: House) -> None:
    html = (
        house.client("panel.chair").get("/procedures/BEX/statements/conduct").get_data(as_text=True)
    )
    statement = PROCEDURE.statement("conduct")
    assert statement is not None
    assert f'<p class="govuk-body-l">{statement.text[0]}</p>' in html


@pytest.mark.parametrize(
    "address",
    [
        "/procedures/NONE",
        "/clauses/BEX-99",
        "/procedures/BEX/statements/none",
        "/procedures/NONE/statements/principles",
    ],
)
def test_what_no_procedure_has_is_not_found(house: House, address: str) -> None:
    assert house.client("social.worker").get(address).status_code == 404
