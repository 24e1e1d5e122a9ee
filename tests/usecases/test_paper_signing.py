"""Unsigned papers: who answers for one, who says that it is signed, and what a new version does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.records import whole_record
from builders.staff import public, version

from core.domain.finding import Refused
from core.domain.paper import Of
from core.store import papers, papers_kept
from core.store.database import db, writing
from core.store.papers import PaperRow
from core.store.tables import AuditRow, Paper
from core.usecases import filing
from core.usecases.leaving import Plan, leave
from core.usecases.paper_signing import sign

ADMIN, WORKER = "authority.administrator", "social.worker"


def link(house: House, child: str, kind: str, title: str = "A paper") -> str:
    """A paper of a kind, added by the social worker."""
    scope = house.scope(WORKER)
    with writing():
        owner_id = papers.owner_id(scope, Of.CHILD, child)
        assert owner_id is not None
        paper_id, public_id = papers_kept.add(
            scope, Of.CHILD, owner_id, title=title, dated=None, kind=kind
        )
        papers_kept.add_version(
            scope, paper_id, AT, name="cases.example", link="https://cases.example"
        )
    return public_id


def found(house: House, public_id: str) -> PaperRow:
    paper = papers.find(house.scope("head.of.service"), public_id)
    db.session.rollback()
    assert paper is not None
    return paper


def signs(house: House, who: str, public_id: str, *, signed: bool = True) -> None:
    registry = house.app.extensions["permanence"].registry
    seen = found(house, public_id).version
    sign(house.scope(who), registry, public_id, seen, AT, signed=signed)


def told(did: str) -> list[tuple[str, str | None, dict[str, object]]]:
    rows = db.session.execute(
        sa.select(AuditRow.subject, AuditRow.subject_id, AuditRow.after).where(AuditRow.did == did)
    ).all()
    db.session.rollback()
    return [(row[0], row[1], row[2]) for row in rows]


def test_who_added_it_answers_for_it_and_says_that_it_is_signed(house: House) -> None:
    _, child = house.child()
    paper = link(house, child, "decision-record")
    assert found(house, paper).unsigned
    assert found(house, paper).answers == "Social Worker Of Bexley"
    with pytest.raises(Refused, match="not yours to sign"):
        signs(house, "panel.administrator", paper)
    signs(house, WORKER, paper)
    signed = found(house, paper)
    assert (signed.signed_at, signed.signed_by) == (AT, "Social Worker Of Bexley")
    assert [(one[0], one[1]) for one in told("sign")] == [("paper", paper)]
    with pytest.raises(Refused, match="changed this paper first"):
        signs(house, WORKER, paper)
    signs(house, "head.of.service", paper, signed=False)
    assert found(house, paper).unsigned


def test_a_paper_of_no_kind_is_not_signed(house: House) -> None:
    _, child = house.child()
    paper = link(house, child, "")
    assert not found(house, paper).unsigned
    with pytest.raises(Refused, match="not yours to sign"):
        signs(house, WORKER, paper)


def test_a_new_version_is_unsigned(house: House) -> None:
    _, child = house.child()
    paper = link(house, child, "decision-record")
    signs(house, WORKER, paper)
    parts = house.app.extensions["permanence"]
    place = filing.Place(parts.settings.paper_folder, 1_000, None)  # type: ignore[arg-type]
    again = "https://cases.example/again"
    filing.add_version(house.scope(WORKER), parts.registry, paper, [], again, place, AT)
    assert found(house, paper).unsigned


def test_a_leavers_unsigned_papers_pass_with_a_row_of_the_audit_each(house: House) -> None:
    whole_record(house)
    child = house.child()[1]
    first, second = (link(house, child, "decision-record", title) for title in ("One", "Two"))
    signed, other = link(house, child, "decision-record", "Three"), link(house, child, "", "Four")
    signs(house, WORKER, signed)
    house.accounts["colleague"] = house.account(WORKER, "colleague@bexley.example")
    to = public(house, "colleague")
    plan = Plan(house.today, {"everything": to})
    inspects = Plan(house.today, {"everything": to, "papers": public(house, "inspector")})
    seen = version(house, WORKER)
    with pytest.raises(Refused, match="that keeps papers"):
        leave(house.scope(ADMIN), public(house, WORKER), inspects, seen, AT)
    left = leave(house.scope(ADMIN), public(house, WORKER), plan, seen, AT)
    assert [one.public_id for one in left.in_hand.kinds["papers"]] == [first, second]
    assert all(one.name == "" for one in left.in_hand.kinds["papers"])
    new = house.accounts["colleague"]
    rows = db.session.execute(sa.select(Paper.public_id, Paper.answers_id)).all()
    of = {row.public_id: row.answers_id for row in rows}
    assert (of[first], of[second]) == (new, new)
    assert (of[signed], of[other]) == (house.accounts[WORKER],) * 2
    passed = [one for one in told("hand over") if one[0] == "paper"]
    assert [one[1] for one in passed] == [first, second]
    assert passed[0][2] == {"answers": "Social Worker Of Bexley"}
