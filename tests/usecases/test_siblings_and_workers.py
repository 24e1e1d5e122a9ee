"""Siblings linked by hand, who works with a child, and a child added: with history and refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from builders import imported
from builders.house import House
from builders.sitting import who

from core.domain.finding import Refused
from core.domain.identity import SIBLING_GROUP, TEAM, part_of
from core.store import allocations, children, identity, register, siblings
from core.store.database import db, writing
from core.store.register import Wanted
from core.store.tables import AuditRow, Child, StatedWorker, Team
from core.usecases.adding import LocalIdTaken, NewChild, add_child
from core.usecases.allocation import (
    AllocationMoved,
    ChildTeamMoved,
    allocate,
    end_allocation,
    open_now,
    set_team,
)
from core.usecases.child_changed import NoChild
from core.usecases.identity import take_back
from core.usecases.siblings import link, unlink

AT = datetime(2026, 11, 23, 9, 0)
ON = date(2026, 11, 23)


def refused(do: Callable[[], Any]) -> list[str | None]:
    with pytest.raises(Refused) as caught:
        do()
    return [f.field for f in caught.value.findings]


def group(house: House, child_id: int) -> set[str]:
    """The names in a child's group."""
    value = db.session.execute(sa.select(Child.sibling_group).where(Child.id == child_id)).scalar()
    found = {member.given_name for member in siblings.members(house.whole, value)}
    db.session.rollback()
    return found


def test_linking_joins_the_groups_of_both_and_undoing_takes_out_one(house: House) -> None:
    a, a_public = house.child("0001", "Ada")
    b, b_public = house.child("0002", "Bo", sibling_group="from a list")
    c, _ = house.child("0003", "Cy", sibling_group="from a list", worker=None)
    file_id = imported.returned(house, name="case-list.csv")
    imported.put(house, identity.IdentityFact, b, file_id, field="sibling_group",
                 value="from a list", format="case-list", as_at=date(2026, 3, 31))  # fmt: skip
    scope = house.scope("social.worker")
    assert refused(lambda: link(scope, a_public, b_public, " ", AT)) == ["why"]
    assert refused(lambda: link(scope, a_public, a_public, "x", AT)) == ["words"]
    assert link(scope, a_public, b_public, "Same mother", AT) == 3
    assert group(house, a) == {"Ada", "Bo", "Cy"}
    assert refused(lambda: link(scope, a_public, b_public, "x", AT)) == ["words"]
    shown = children.siblings(scope, children.child(scope, a_public))  # type: ignore[arg-type]
    assert ([s.given_name for s in shown.seen], shown.unseen) == (["Bo"], 1)

    unlink(scope, a_public, b_public, "A mistake", AT)
    assert group(house, a) == {"Ada", "Cy"}
    assert group(house, b) == set()
    history = siblings.history(scope, b)
    assert [(h.given_name, h.in_group, h.why, h.by) for h in history if h.by] == [
        ("Bo", False, "A mistake", "Social Worker Of Bexley"),
        ("Ada", True, "Same mother", "Social Worker Of Bexley"),
    ]
    own = [(h.given_name, h.in_group, h.why) for h in siblings.history(scope, a)]
    assert ("Ada", True, "Same mother") in own
    assert not any(name == "Cy" for name, *_ in own)
    part = part_of(SIBLING_GROUP, identity.said_with_columns(scope, b))
    assert [s.value for s in part.disagree] == ["from a list"]
    take_back(scope, b_public, "sibling_group", "The list is right", "", AT)
    assert group(house, b) == {"Ada", "Bo", "Cy"}
    did = db.session.scalars(
        sa.select(AuditRow.did).where(AuditRow.subject_id == b_public).order_by(AuditRow.id)
    )
    assert list(did)[-2:] == ["unlink brothers and sisters", "use what the file says"]
    assert c


def test_a_group_holds_as_many_as_it_may(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether either is in it already or not."""
    monkeypatch.setattr("core.usecases.siblings.MOST", 4)
    for number in range(3):
        house.child(f"000{number}", "Bo", sibling_group="from a list")
    (_, a_public), (_, b_public) = house.child("0007", "Ada"), house.child("0008", "Cy")
    scope = house.scope("social.worker")
    member = db.session.scalars(sa.select(Child.public_id).where(Child.local_id == "0001")).one()
    db.session.rollback()
    assert link(scope, a_public, member, "Same mother", AT) == 4
    assert refused(lambda: link(scope, b_public, a_public, "Same mother", AT)) == ["words"]
    assert len(siblings.members(house.whole, "from a list")) == 4
    db.session.rollback()


def test_nobody_links_a_child_whom_they_do_not_see(house: House) -> None:
    _, a_public = house.child("0001", "Ada")
    b, b_public = house.child("0002", "Bo", worker=None)
    other = House(house.app, house.today, "TOY", "toyshire")
    for scope in (house.scope("social.worker"), other.scope("panel.administrator")):
        with pytest.raises(NoChild):
            link(scope, a_public, b_public, "x", AT)
    assert group(house, b) == set()


def working(house: House, child_id: int, relation: str = "worker") -> list[tuple[Any, ...]]:
    found = [
        (row.name.partition(" Of ")[0], row.since, row.until)
        for row in allocations.rows(house.whole, child_id)
        if row.relation == relation
    ]
    db.session.rollback()
    return found


def seen(house: House, child_id: int, relation: str = "worker") -> frozenset[int]:
    rows = allocations.rows(house.whole, child_id)
    ids = frozenset(row.id for row in open_now(house.scope("iro"), rows, relation))
    db.session.rollback()
    return ids


def test_allocating_ends_the_one_before_unless_both_are_kept(house: House) -> None:
    child_id, public_id = house.child()
    manager = house.scope("team.manager")

    def do(account: str, since: date, keep: bool = False, until: date | None = None) -> None:
        allocate(
            manager, public_id, "worker", who(house, account), since, until, keep,
            seen(house, child_id), "", AT,
        )  # fmt: skip

    do("team.manager", date(2026, 11, 20))
    assert working(house, child_id) == [
        ("Team Manager", date(2026, 11, 20), None),
        ("Social Worker", date(2020, 1, 1), date(2026, 11, 20)),
    ]
    assert children.child(house.scope("social.worker"), public_id) is None
    assert refused(lambda: do("team.manager", ON)) == ["account"]
    assert refused(lambda: do("iro", ON)) == ["account"]
    assert refused(lambda: do("social.worker", date(2026, 11, 1))) == ["since"]
    assert refused(lambda: do("social.worker", date(2028, 1, 1))) == ["since"]
    assert refused(lambda: do("social.worker", ON, until=ON)) == ["until"]
    do("social.worker", ON, keep=True, until=date(2026, 12, 24))
    assert working(house, child_id)[:2] == [
        ("Social Worker", ON, date(2026, 12, 24)),
        ("Team Manager", date(2026, 11, 20), None),
    ]
    assert children.child(house.scope("social.worker"), public_id) is not None
    before = db.session.execute(
        sa.select(AuditRow.before, AuditRow.after)
        .where(AuditRow.did == "allocate")
        .order_by(AuditRow.id)
    ).first()
    assert before is not None
    assert before.before == {"worker": "Social Worker Of Bexley since 2020-01-01"}
    assert before.after["worker"] == "Team Manager Of Bexley"


def test_two_managers_at_once_and_an_end(house: House) -> None:
    child_id, public_id = house.child()
    looked = seen(house, child_id)
    scope = house.scope("team.manager")
    allocate(
        scope, public_id, "worker", who(house, "team.manager"), ON, None, False, looked, "", AT
    )
    with pytest.raises(AllocationMoved) as caught:
        allocate(
            scope, public_id, "worker", who(house, "service.manager"), ON, None, False, looked,
            "", AT,
        )  # fmt: skip
    assert [row.name for row in caught.value.now] == ["Team Manager Of Bexley"]
    (row_id,) = seen(house, child_id)
    assert refused(
        lambda: end_allocation(scope, public_id, row_id, date(2026, 11, 22), "", AT)
    ) == ["until"]
    end_allocation(scope, public_id, row_id, ON, "Moved away", AT)
    assert seen(house, child_id) == frozenset()
    assert [
        (one.by, one.ended, one.name, one.on, one.why)
        for one in allocations.changes(scope, public_id, ("worker", "iro"))
    ][0] == ("Team Manager Of Bexley", True, "Team Manager Of Bexley", "2026-11-23", "Moved away")
    with pytest.raises(AllocationMoved):
        end_allocation(scope, public_id, row_id, ON, "", AT)


def test_what_a_file_says_of_a_worker_is_kept_beside(house: House) -> None:
    child_id, _ = house.child()
    file_id = imported.returned(house, name="list.csv")
    with writing():
        for said, account, ended in (
            ("J. Quill", None, None), ("Old Hand", None, AT),
            ("Social Worker", house.accounts["social.worker"], None),
        ):  # fmt: skip
            db.session.execute(
                sa.insert(StatedWorker).values(
                    authority_id=house.authority_id, child_id=child_id, relation="worker",
                    said=said, as_at=date(2026, 11, 1), account_id=account, ended_at=ended,
                    import_file_id=file_id, import_line=4,
                )
            )  # fmt: skip
    found = {(row.said, row.name) for row in allocations.stated(house.scope("iro"), child_id)}
    assert found == {("J. Quill", ""), ("Social Worker", "Social Worker Of Bexley")}


def test_the_team_is_set_once_and_the_second_is_told(house: House) -> None:
    child_id, public_id = house.child(team="No such team")
    house.account("iro", "other@bexley.example", team="Rook team")
    scope = house.scope("panel.administrator")
    teams = {team.name: team.id for team in allocations.teams(scope)}
    set_team(scope, public_id, teams["Rook team"], None, "Moved", AT)
    assert allocations.team_of(scope, child_id) == teams["Rook team"]
    team = part_of(TEAM, identity.said_of(scope, [child_id])[child_id])
    assert (team.value, team.used and team.used.why) == ("Rook team", "Moved")
    with pytest.raises(ChildTeamMoved):
        set_team(scope, public_id, teams["Quill team"], None, "", AT)
    assert refused(lambda: set_team(scope, public_id, 987654, teams["Rook team"], "", AT)) == [
        "team"
    ]
    with writing():
        db.session.execute(sa.update(Team).where(Team.name == "Quill team").values(until=ON))
    assert "Quill team" not in {team.name for team in allocations.teams(scope)}


NEW = {"given_name": "Baby", "family_name": "Ouzel", "expected": "2027-01-04"}


def test_a_child_added_is_in_the_list_with_who_said_so(house: House) -> None:
    scope = house.scope("social.worker")
    public_id = add_child(scope, NewChild(" N 1 ", NEW), AT)
    child = children.child(scope, public_id)
    assert child is not None
    assert (child.local_id, child.born, child.birth_expected, child.status) == (
        "N 1", date(2027, 1, 4), True, "no episodes",
    )  # fmt: skip
    said = identity.said_of(scope, [child.id])[child.id]
    assert {s.by for s in said} == {"Social Worker Of Bexley"}
    assert [r.family_name for r in register.register(scope, Wanted()).rows] == ["Ouzel"]
    assert working(house, child.id) == [("Social Worker", ON, None)]


def test_a_local_id_that_is_taken_tells_only_who_sees_the_child(house: House) -> None:
    _, there = house.child("0001", worker=None)
    with pytest.raises(LocalIdTaken) as caught:
        add_child(house.scope("panel.administrator"), NewChild("0001", NEW), AT)
    assert caught.value.public_id == there
    with pytest.raises(LocalIdTaken) as caught:
        add_child(house.scope("social.worker"), NewChild("0001", NEW), AT)
    assert (caught.value.public_id, caught.value.findings[0].message) == (
        "", "This local id cannot be used: ask your administrator",
    )  # fmt: skip
    other = House(house.app, house.today, "TOY", "toyshire")
    assert add_child(other.scope("panel.administrator"), NewChild("0001", NEW), AT)


@pytest.mark.parametrize(
    ("local_id", "said", "team", "fields"),
    [
        ("", NEW, None, ["local_id"]),
        ("x" * 65, NEW, None, ["local_id"]),
        ("1", {"expected": "2027-01-04"}, None, ["given_name"]),
        ("1", NEW | {"expected": ""}, None, ["born"]),
        ("1", NEW | {"born": "2026-01-04"}, None, ["expected"]),
        ("1", NEW | {"sex": "Q", "upn": "!"}, None, ["sex", "upn"]),
        ("1", NEW, 987654, ["team"]),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_child_is_not_added_with_what_is_wrong(
    house: House, local_id: str, said: dict[str, str], team: int | None, fields: list[str]
) -> None:
    scope = house.scope("panel.administrator")
    assert refused(lambda: add_child(scope, NewChild(local_id, said, team), AT)) == fields
    assert db.session.execute(sa.select(sa.func.count(Child.id))).scalar_one() == 0


def test_a_record_merged_into_another_is_in_no_list(house: House) -> None:
    kept, _ = house.child("0001", "Ada", sibling_group="g")
    merged, _ = house.child("0002", "Ada", sibling_group="g")
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == merged).values(merged_into_id=kept))
    scope = house.scope("panel.administrator")
    assert [row.local_id for row in register.register(scope, Wanted()).rows] == ["0001"]
    assert [m.local_id for m in siblings.members(scope, "g")] == ["0001"]
