"""A procedure's own look-ups, what carries a clause, its checks, and reading clauses.toml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toyshire

from core.domain.case import CaseFacts, CaseState
from core.domain.clauses import Clause, ClausesUnreadable, load_clauses
from core.domain.finding import Strength
from core.domain.procedure.checks import Check, Step
from core.domain.procedure.vocabulary import in_vocabulary

TOY = toyshire.PROCEDURE
ENTRY = '[[clause]]\nid = "TOY-1"\nrule = "The rule."\nshows = "What is seen."\n'


def without_words(case: CaseFacts) -> str | None:
    return None if case.answers.get("sought") else "The card says nothing"


CHECKED = replace(
    TOY,
    checks=(
        Check(
            code="toy-words",
            clauses=("TOY-3",),
            step=Step.SUBMIT,
            why_not=without_words,
            strength=Strength.WARNS,
            field="sought",
        ),
    ),
)


CELLS = tuple(
    f"toy-{row}-{column}"
    for row in ("under10", "10plus")
    for column in ("nobody", "somebody", "already")
)


def test_every_rule_is_gone_through_those_within_bodies_and_forms_among_them() -> None:
    codes = [rule.code for rule in CHECKED.rules()]
    assert codes == [
        "permanence-panel",
        "permanence-planning-meeting",
        "chair",
        "social-work",
        "quorum",
        "cases",
        "previous",
        "panel-days",
        "toy-carry-on",
        "referral-received",
        "toy-words",
        "referral",
        "sought",
        "toy-letter",
        "team-manager",
        "options-matrix",
        *CELLS,
        "options-added",
    ]


def test_a_clause_is_carried_by_each_rule_that_cites_it() -> None:
    assert TOY.carried() == {
        "TOY-1": (
            "permanence-panel",
            "permanence-planning-meeting",
            "cases",
            "previous",
            "panel-days",
        ),
        "TOY-2": ("chair", "social-work", "quorum"),
        "TOY-3": ("referral-received", "referral", "sought"),
        "TOY-4": ("toy-carry-on",),
        "TOY-5": ("options-matrix", *CELLS),
        "TOY-6": ("options-added",),
        "TOY-21": ("toy-letter", "team-manager"),
    }


def test_what_it_declares_is_found_by_code_and_nothing_else_is() -> None:
    assert TOY.body("permanence-panel") is toyshire.PANEL
    assert TOY.outcome("toy-carry-on") is TOY.outcomes[0]
    assert TOY.form("referral") is TOY.forms[0]
    assert TOY.deadline("referral-received") is TOY.deadlines[0]
    for look_up in (TOY.body, TOY.outcome, TOY.form, TOY.deadline, TOY.criterion, TOY.statement):
        assert look_up("no-such-code") is None


def test_a_check_is_asked_at_its_step_alone() -> None:
    empty = CaseFacts(CaseState.DRAFT)
    (finding,) = CHECKED.checked(Step.SUBMIT, empty)
    assert (finding.message, finding.clauses) == ("The card says nothing", ("TOY-3",))
    assert (finding.strength, finding.field) == (Strength.WARNS, "sought")
    assert CHECKED.checked(Step.DECIDE, empty) == ()
    answered = CaseFacts(CaseState.DRAFT, answers={"sought": "A match"})
    assert CHECKED.checked(Step.SUBMIT, answered) == ()


def test_a_code_is_shared_or_the_procedures_own() -> None:
    outcome = TOY.outcomes[0]
    assert in_vocabulary(outcome, "TOY")
    assert not in_vocabulary(outcome, "BEX")
    assert in_vocabulary(replace(outcome, code="amend-care-plan"), "BEX")
    assert not in_vocabulary(replace(outcome, code="quorum"), "BEX")


def test_clauses_are_read_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "clauses.toml"
    path.write_text(ENTRY + ENTRY.replace("TOY-1", "TOY-0"), encoding="utf-8")
    clauses = load_clauses(path)
    assert list(clauses) == ["TOY-1", "TOY-0"]
    assert clauses["TOY-1"] == Clause("TOY-1", "The rule.", "What is seen.")


def test_a_clause_may_say_where_its_words_were_seen(tmp_path: Path) -> None:
    path = tmp_path / "clauses.toml"
    other = ENTRY.replace("TOY-1", "TOY-2")
    path.write_text(f'{ENTRY}seen = "legislation"\n{other}seen = "guidance"\n', encoding="utf-8")
    seen = {clause.id: clause.seen_words for clause in load_clauses(path).values()}
    assert seen == {"TOY-1": "seen in the legislation", "TOY-2": "seen in secondary guidance"}
    assert TOY.clauses["TOY-1"].seen_words == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[clause]\n", "clauses.toml cannot be read"),
        (f'{ENTRY}seen = "a dream"', 'clause TOY-1 is seen in "a dream"'),
        (ENTRY + ENTRY, "clause TOY-1 is there twice"),
        (ENTRY.replace("shows", "show"), "clause TOY-1 lacks 'shows'"),
        (ENTRY.replace("id =", "ID ="), r"clause \(without an id\) lacks 'id'"),
    ],
)
def test_clauses_that_cannot_be_read_say_what_is_wrong(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "clauses.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ClausesUnreadable, match=said):
        load_clauses(path)


def test_a_file_of_clauses_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClausesUnreadable, match="clauses.toml cannot be read"):
        load_clauses(tmp_path / "clauses.toml")
