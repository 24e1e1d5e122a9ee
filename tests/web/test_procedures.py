"""Pages of procedures: every clause with its words and what carries it, and words to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.house import AT, SINCE, House
from builders.queries import counted
from builders.standards import BODY, CIRCLE, STANDARD, deadline, with_standards

import plugins.bexley
import plugins.ppm_guidance
from core.domain.procedure.rule import Rule
from core.store import enabled, local_settings
from core.store.database import writing
from core.web.where_seen import KINDS, kind_here, kind_of

PROCEDURE = plugins.bexley.PROCEDURE


def test_the_procedure_shows_every_clause_and_what_carries_it(house: House) -> None:
    html = house.client("social.worker").get("/procedures/BEX").get_data(as_text=True)
    for clause_id in PROCEDURE.clauses:
        assert f'id="{clause_id}"' in html
    carried = next(d for d in PROCEDURE.deadlines if "BEX-1.6" in d.clauses)
    assert carried.title in html
    assert "Your authority enabled it on 1 January 2020" in html


def test_an_edition_that_says_not_from_when_it_is_in_force_is_not_said_to_be_undated(
    house: House,
) -> None:
    with_standards(house, replace(STANDARD, code="DTD", edition="June 2024 v3"))
    page = " ".join(house.client("social.worker").get("/procedures/DTD").text.split())
    assert "Edition: June 2024 v3. It does not say from when it is in force: it is from" in page


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


@pytest.mark.clause("BEX-0.5")
def test_the_scope_and_the_two_sections_stand_on_the_procedures_page(house: House) -> None:
    html = house.client("social.worker").get("/procedures/BEX").get_data(as_text=True)
    scope = html.partition("What the protocol covers</h2>")[2].partition("<h2")[0]
    assert "permanence sought away from birth family or friends" in scope
    assert "sections 4 (Looked After Children) and 5 (Fostering and Adoption)" in scope
    assert 'href="/clauses/BEX-0.5"' in scope


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


def text(house: House, address: str, role: str = "social.worker") -> str:
    return " ".join(house.client(role).get(address).get_data(as_text=True).split())


def follow(house: House, *codes: str) -> None:
    with writing():
        for position, code in enumerate(codes, 2):
            enabled.add(house.whole, code, position, SINCE, "", AT)


def section(page: str, clause_id: str) -> str:
    """What a page says of one clause."""
    return page.partition(f'<section id="{clause_id}"')[2].partition("</section>")[0]


def test_the_list_says_what_is_followed_in_its_order_and_what_is_always_on(house: House) -> None:
    follow(house, "STD")
    with_standards(house)
    page = text(house, "/procedures")
    assert page.index(PROCEDURE.title) < page.index("The made-up standard")
    assert page.index("The made-up standard") < page.index("A made-up law")
    assert "Always on" in page
    assert "Another made-up standard" not in page


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("authority.administrator", ("/admin/procedures", "/admin/days-off")),
        ("inspector", ("/admin/procedures", "/admin/days-off")),
        ("panel.administrator", ("/admin/days-off",)),
        ("social.worker", ()),
    ],
)
def test_only_those_who_have_the_pages_are_led_to_them(
    house: House, role: str, shown: tuple[str, ...]
) -> None:
    page = text(house, "/procedures", role)
    for address in ("/admin/procedures", "/admin/days-off"):
        assert (f'href="{address}"' in page) == (address in shown)


def test_every_clause_says_where_to_see_what_carries_it(house: House) -> None:
    page = text(house, "/procedures/BEX", "panel.administrator")
    assert 'href="/posts"' in section(page, "BEX-1.11")
    assert 'href="/meetings"' in section(page, "BEX-1.13")
    assert 'href="/procedures/BEX/statements/conduct"' in section(page, "BEX-1.16")
    assert 'href="/children"' in section(page, "BEX-1.5")
    assert "Where to see it" not in section(page, "BEX-1.3")


def test_who_has_no_such_page_is_told_where_it_is_without_a_link(house: House) -> None:
    shown = section(text(house, "/procedures/BEX", "authority.administrator"), "BEX-1.13")
    assert "The calendar of meetings" in shown
    assert 'href="/meetings"' not in shown


def test_every_kind_of_rule_has_a_place_where_it_is_seen() -> None:
    kinds = {kind_of(rule).words for rule in PROCEDURE.rules()}
    assert "rule" not in kinds
    assert kind_of(Rule(code="other", clauses=("X",))).words == "rule"
    assert all(kind.where for kind in KINDS.values())


def test_a_rule_replaced_here_says_by_which_and_the_other_in_whose_place(house: House) -> None:
    follow(house, "OTH", "STD")
    with_standards(house)
    replaced = section(text(house, "/procedures/STD"), "STD-1")
    assert "Replaced here" in replaced
    assert "Made up ppm of OTH-1 (OTH) holds in its place" in replaced
    assert 'href="/clauses/OTH-1"' in replaced
    assert "Where to see it" not in replaced
    holds = section(text(house, "/procedures/OTH"), "OTH-1")
    assert "In place of Made up ppm of STD-1 (STD)" in holds
    assert "Replaced here" not in section(text(house, "/procedures/LAW"), "LAW-1")
    assert "Replaced here" in text(house, "/clauses/STD-1")


def test_what_is_asked_of_a_cases_own_procedure_is_not_replaced_by_anothers(house: House) -> None:
    papers = replace(deadline("referral-received", "STD-1", 1), anchor="panel-date")
    follow(house, "OWN")
    with_standards(house, replace(STANDARD, code="OWN", deadlines=(papers,)))
    shown = section(text(house, "/procedures/OWN"), "STD-1")
    assert "Replaced here" not in shown
    assert "The page of each referral" in shown


def test_where_it_is_not_followed_nothing_is_replaced(house: House) -> None:
    follow(house, "OTH")
    with_standards(house)
    page = text(house, "/procedures/STD")
    assert "Replaced here" not in page
    assert "Your authority does not follow it" in page


def test_figures_of_the_authority_and_readings_stand_on_the_page(house: House) -> None:
    reads = replace(
        STANDARD,
        code="RDS",
        title="One with a reading",
        bodies=(replace(CIRCLE, code="other-circle"),),
        deadlines=(deadline("recently", "STD-1", 5, set_here=True),),
    )
    follow(house, "STD", "RDS")
    with_standards(house, reads)
    with writing():
        for key, value in (
            (("STD", "", "made-up-ppm", "period"), "4 weeks"),
            (("STD", BODY, "most-cases", "most"), "6"),
        ):
            local_settings.add(house.whole, key, value, date(2026, 9, 1), "The strategy", AT)
    page = text(house, "/procedures/STD")
    assert "4 weeks: set by the authority" in page
    assert "6 cases: set by the authority" in page
    assert "The strategy" in page
    assert "Set by the authority, instead of 10 weeks" in section(page, "STD-1")
    reading = text(house, "/procedures/RDS")
    assert "5 weeks: set here, not by the procedure" in reading
    assert "/figures" not in reading
    assert "/admin/procedures/RDS/figures" in text(house, "/procedures/RDS", "inspector")


def test_a_statutory_procedure_says_that_it_is_always_on(house: House) -> None:
    with_standards(house)
    page = text(house, "/procedures/LAW")
    assert "Always on: no authority enables it, and nothing replaces it" in page
    assert "does not follow it" not in page


def test_the_queries_do_not_grow_with_the_clauses(house: House) -> None:
    follow(house, "STD")
    with_standards(house)
    client = house.client("social.worker")
    client.get("/procedures/BEX")
    assert counted(lambda: client.get("/procedures/BEX")) == counted(
        lambda: client.get("/procedures/STD")
    )


@pytest.mark.parametrize(
    ("clause", "where"),
    [
        ("PPM10-1", "A planning meeting: open a child, its planning meetings, Record"),
        ("PPM10-4", "A planning meeting: open a child, its planning meetings, People"),
        ("PPM10-A.under7.no", "The approvals of a child: open a child, then Approvals"),
        ("PPM2-3.2", "open a child, then Approvals, under what stands against the plan"),
        ("PPM2-5.4", "A planning meeting: open a child, its planning meetings, Papers and views"),
        ("PPM2-6.1", "A planning meeting: open a child, its planning meetings, Papers and views"),
        ("PPM2-2.7", "open a child, then Approvals, under the agency decision maker"),
        ("PPM2-3.6", "The record of a child, where an entry is typed"),
        ("PPM2-1", "The plans to review, and the page of each child"),
    ],
)
def test_what_is_seen_at_a_planning_meeting_is_not_looked_for_at_a_referral(
    clause: str, where: str
) -> None:
    (procedure,) = (one for one in plugins.ppm_guidance.PROCEDURES if clause in one.clauses)
    rules = [rule for rule in procedure.rules() if clause in rule.clauses]
    places = {kind_here(procedure, rule).where for rule in rules}
    assert any(where in place for place in places), places
    assert not any("referral:" in place or "of a referral" in place for place in places)
