"""Every thing of which the audit tells stands in the table by which closed records are found."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.records import FAMILY, GIVEN, LOCAL, whole_record

from core.domain.paper import Of
from core.store import audit, audit_trail
from core.store.audit_subjects import OF_CHILDREN, OF_NO_CHILD, closed
from core.store.audit_trail import Sought
from core.store.database import db, writing
from core.store.seats import SUBJECT
from core.store.tables import AuditRow, Child, Decision, Paper, PaperVersion
from core.web.access import ACCESS
from core.web.asked_for import ONE, asked_for

CORE = Path(audit.__file__).parents[1]
#: Which argument says what it is about, by the function that writes the row.
SAYS = {("audit", "changed"): 3, ("pages", "looked_at"): 0, ("pages", "listed"): 2}
#: What is no plain word in the code, as it is written there.
MEANS = {
    "seats.SUBJECT": {SUBJECT},
    "owner.of.value": {one.value for one in Of},
    "subject": {"action", "case", "paper", "child", "meeting", "decision"},
}


def said() -> Iterator[tuple[str, str]]:
    """Where in the code a row is written, and what it is about."""
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            of = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            at = SAYS.get((of, node.func.attr))
            if at is None:
                continue
            given = {one.arg: one.value for one in node.keywords}
            subject = node.args[at] if len(node.args) > at else given.get("subject")
            where = f"{path.relative_to(CORE)}:{node.lineno}"
            if subject is None:
                yield where, "list"
            elif isinstance(subject, ast.Constant):
                yield where, str(subject.value)
            else:
                for word in MEANS.get(ast.unparse(subject), {ast.unparse(subject)}):
                    yield where, word


def test_every_subject_of_the_audit_stands_in_the_table() -> None:
    found = list(said())
    assert len(found) > 120
    known = OF_CHILDREN.keys() | OF_NO_CHILD
    assert [one for one in found if one[1] not in known] == []


def test_what_an_address_asks_for_stands_in_the_table_too(house: House) -> None:
    rules = {str(rule) for rule in house.app.url_map.iter_rules() if not ACCESS[rule.endpoint].open}
    asked = {rule: asked_for(rule, {})[0] for rule in rules}
    known = OF_CHILDREN.keys() | OF_NO_CHILD
    assert len(asked) > 100
    assert {rule: word for rule, word in asked.items() if word not in known} == {}
    named = {rule for rule in rules if rule.strip("/").partition("/")[2].startswith("<public_id>")}
    assert {rule for rule in named if asked[rule] == "list"} == set()
    assert ONE.keys() <= {rule.strip("/").partition("/")[0] for rule in rules}


def test_the_table_names_nothing_twice() -> None:
    assert OF_CHILDREN.keys().isdisjoint(OF_NO_CHILD)


@pytest.fixture
def sealed(house: House) -> dict[str, str]:
    """The ids of a whole record that is sealed, by what they are in the audit."""
    ids = whole_record(house)
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.public_id == ids["children"]).values(closed_to="sealed")
        )
        case_paper = sa.insert(Paper).values(
            authority_id=house.authority_id,
            case_id=sa.select(Decision.case_id).scalar_subquery(),
            title=f"A report on {GIVEN}",
        )
        report = db.session.execute(case_paper.returning(Paper.public_id)).scalar_one()
    decision = db.session.scalars(sa.select(Decision.public_id)).one()
    version = db.session.scalars(sa.select(PaperVersion.public_id)).one()
    db.session.rollback()
    return {
        "child": ids["children"],
        "case": ids["cases"],
        "item": ids["items"],
        "document": ids["heard"],
        "decision": decision,
        "onward referral": ids["onward"],
        "action": ids["actions"],
        "paper": ids["papers"],
        "paper of a case": report,
        "person": ids["people"],
        "closed record": ids["closings"],
        "paper version": version,
        "entry": ids["record"],
        "dispute": ids["disputes"],
        "staged document": ids["staged"],
    }


def test_nothing_of_a_sealed_record_is_told_to_the_auditor(
    house: House, sealed: dict[str, str]
) -> None:
    assert OF_CHILDREN.keys() - sealed.keys() == {"merge", "opened record"}
    inspector = house.scope("inspector")
    assert closed(inspector, sealed.values()) == set(sealed.values())
    assert closed(house.whole, sealed.values()) == set()
    with writing():
        for subject, public_id in sealed.items():
            audit.changed(
                house.whole, AT, "told", subject, public_id,
                before={"title": f"A letter on {GIVEN}"}, after={"link": f"file://{FAMILY}"},
                why=LOCAL,
            )  # fmt: skip
    rows = [row for row in audit_trail.every(inspector, Sought()) if row.did == "told"]
    db.session.rollback()
    assert len(rows) == len(sealed)
    told = {(row.closed, row.before, row.after, row.why) for row in rows}
    assert told == {(True, None, None, "")}
    assert "".join(row.subject_id + row.about for row in rows) == ""


def test_a_record_that_was_merged_into_a_sealed_one_is_sealed_with_it(house: House) -> None:
    kept, _ = house.child("1")
    _, merged = house.child("2")
    _, other = house.child("3")
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == kept).values(closed_to="sealed"))
        into = sa.update(Child).where(Child.public_id == merged)
        db.session.execute(into.values(merged_into_id=kept))
    assert closed(house.scope("inspector"), [merged, other]) == {merged}
    db.session.rollback()


def test_a_look_at_an_open_record_is_told_with_the_name(house: House) -> None:
    ids = whole_record(house)
    with writing():
        audit.changed(house.whole, AT, "told", "child", ids["children"], why="Open")
    rows = list(audit_trail.every(house.scope("inspector"), Sought()))
    row = next(row for row in rows if row.did == "told")
    assert (row.about, row.why, row.closed) == (f"{GIVEN} {FAMILY}", "Open", False)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditRow))
    db.session.rollback()
