"""ProcedureContract: the tests that every plugin inherits; and which tests prove which clause."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from core.domain.anchors import is_anchor
from core.domain.procedure import Procedure
from core.domain.procedure.options import options_faults
from core.domain.procedure.vocabulary import CODES, in_vocabulary

MARK = re.compile(r"mark\.clause\(([^)]*)\)?")
QUOTED = re.compile(r"[\"']([^\"']+)[\"']")
TEST = re.compile(r"\s*(?:async )?def (test_\w+)")


def tests_by_clause(root: Path) -> Mapping[str, tuple[str, ...]]:
    """Clause id to the tests below ``root``/tests marked ``@pytest.mark.clause("…")`` with it."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        marked: list[str] = []
        within = False
        for line in path.read_text(encoding="utf-8").splitlines():
            mark = MARK.search(line)
            if mark or within:
                marked += QUOTED.findall(mark.group(1) if mark else line)
                within = (within or mark is not None) and ")" not in line
            elif (test := TEST.match(line)) is not None:
                name = f"{path.relative_to(root).as_posix()}::{test.group(1)}"
                for clause in marked:
                    found.setdefault(clause, []).append(name)
                marked = []
    return {clause: tuple(names) for clause, names in found.items()}


class ProcedureContract:
    """Inherit it, set ``procedure`` (and ``root``, where the tests are), and run pytest."""

    procedure: Procedure
    root: Path

    def test_every_citation_is_in_clauses_toml(self) -> None:
        cited = {clause for rule in self.procedure.rules() for clause in rule.clauses}
        assert cited <= set(self.procedure.clauses)

    def test_every_rule_cites_a_clause(self) -> None:
        assert [rule.code for rule in self.procedure.rules() if not rule.clauses] == []

    def test_every_clause_is_carried_elsewhere_or_pending(self) -> None:
        procedure = self.procedure
        known = set(procedure.carried()) | set(procedure.elsewhere) | set(procedure.pending)
        assert set(procedure.clauses) - known == set()

    def test_every_clause_that_is_not_pending_has_a_test(self) -> None:
        tests = tests_by_clause(self.root)
        done = set(self.procedure.clauses) - set(self.procedure.pending)
        assert sorted(clause for clause in done if clause not in tests) == []

    def test_codes_are_in_the_vocabulary_and_unique_among_their_kind(self) -> None:
        procedure = self.procedure
        assert [r.code for r in procedure.rules() if not in_vocabulary(r, procedure.code)] == []
        kinds = [procedure.outcomes, procedure.criteria, procedure.deadlines, procedure.bodies]
        kinds += [procedure.notices, procedure.stages]
        for rules in kinds:
            twice = [code for code, n in Counter(rule.code for rule in rules).items() if n > 1]
            assert twice == []

    def test_every_box_that_an_outcome_ticks_is_there(self) -> None:
        boxes = {box.code for box in self.procedure.boxes}
        assert {outcome.box for outcome in self.procedure.outcomes if outcome.box} <= boxes

    def test_posts_that_chair_are_posts_of_the_body(self) -> None:
        for body in self.procedure.bodies:
            posts = {post.code for post in body.posts}
            if body.chairing is not None:
                assert set(body.chairing.posts) <= posts

    def test_deadlines_run_from_and_are_met_by_what_can_be_dated(self) -> None:
        for rule in self.procedure.deadlines:
            runs = (rule, *rule.or_earlier)
            named = (*(run.anchor for run in runs), *rule.met_by, *rule.until)
            assert [(rule.code, name) for name in named if not is_anchor(name)] == []
            others = {run.latest for run in runs if run.latest}
            known = {*CODES["Deadline"], *(other.code for other in self.procedure.deadlines)}
            assert (rule.code, others - known) == (rule.code, set())
            bodies = {*CODES["Body"], *(body.code for body in self.procedure.bodies)}
            assert not rule.asks_for or rule.asks_for in bodies

    def test_notices_have_a_day_somebody_to_go_to_and_words_that_name_no_child(self) -> None:
        procedure = self.procedure
        deadlines = {rule.code: rule.anchor for rule in procedure.deadlines}
        offices = frozenset(office.code for office in procedure.offices)
        for notice in procedure.notices:
            assert (notice.code, notice.faults(deadlines, offices)) == (notice.code, ())

    def test_stages_have_steps_each_named_once(self) -> None:
        for staged in self.procedure.stages:
            assert (staged.code, list(staged.faults())) == (staged.code, [])

    def test_the_record_of_a_body_is_a_form(self) -> None:
        named = [body.record for body in self.procedure.bodies if body.record]
        assert [code for code in named if self.procedure.form(code) is None] == []

    def test_the_matrix_has_each_age_once_in_each_column_and_lists_name_options(self) -> None:
        matrix, added = self.procedure.options, self.procedure.options_added
        assert matrix is None or list(matrix.faults()) == []
        assert added is None or list(options_faults(added.code, added.options)) == []

    def test_forms_name_each_field_once(self) -> None:
        for form in self.procedure.forms:
            for section in form.sections:
                codes = [field.code for field in section.fields]
                assert len(codes) == len(set(codes))
            single = [f.code for s, f in form.fields() if not s.repeats]
            assert len(single) == len(set(single))
