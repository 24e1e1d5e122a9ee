"""Services and teams changed by two at once and ended when empty; several people from a table."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.staff import version

from core.domain.finding import Refused
from core.store import directory, teams
from core.store.database import db, writing
from core.store.tables import Account, AccountRole, Child, Placing, Service, Team
from core.usecases import joining
from core.usecases import teams as changes
from core.usecases.teams import NoSuchTeam, TeamMoved

ADMIN = "authority.administrator"


def ids(house: House) -> dict[str, int]:
    """The ids of every team and service of a house by name."""
    found = {}
    for service in teams.tree(house.scope(ADMIN)):
        found[service.name] = service.id
        found |= {team.name: team.id for team in service.teams}
    db.session.rollback()
    return found


def test_a_team_is_added_moved_and_ended_when_empty(house: House) -> None:
    scope = house.scope(ADMIN)
    house.child()
    changes.add_service(scope, "Court  service", AT)
    quill, court = ids(house)["Quill team"], ids(house)["Court service"]
    before = ids(house)["Care service"]
    changes.change_team(scope, quill, "Quill & Co", court, ("Quill team", before), AT)
    with pytest.raises(TeamMoved, match="it is now “Quill & Co” in Court service"):
        changes.change_team(scope, quill, "Quills", before, ("Quill team", before), AT)
    row = changes.find_team(scope, quill)
    assert (row.service, row.children) == ("Court service", 1)
    with pytest.raises(Refused) as refused:
        changes.end_team(scope, quill, AT)
    assert "16 people work there and 1 child is its own" in refused.value.findings[0].message
    with writing():
        db.session.execute(sa.update(Child).values(team_id=None))
        db.session.execute(sa.update(Placing).values(until=house.today))
    changes.end_team(scope, quill, AT)
    for act in (
        lambda: changes.find_team(scope, quill),
        lambda: changes.end_team(scope, quill, AT),
    ):
        with pytest.raises(NoSuchTeam):
            act()
    changes.end_service(scope, court, AT)
    assert set(ids(house)) == {"Care service"}
    changes.add_team(scope, "QUILL & CO", before, AT)
    assert ids(house)["QUILL & CO"] == quill, "the same team, open again"


def test_names_are_asked_for_and_not_given_twice(house: House) -> None:
    scope, known = house.scope(ADMIN), ids(house)
    service, team = known["Care service"], known["Quill team"]
    for act, field in (
        (lambda: changes.add_service(scope, " ", AT), "service-name"),
        (lambda: changes.add_service(scope, "care SERVICE", AT), "service-name"),
        (lambda: changes.add_team(scope, "Quill team", service, AT), "team-name"),
        (lambda: changes.add_team(scope, "T" * 201, service, AT), "team-name"),
        (lambda: changes.add_team(scope, "New", None, AT), "team-service"),
        (lambda: changes.add_team(scope, "New", 99_999, AT), "team-service"),
        (lambda: changes.change_team(scope, team, "", service, ("", 0), AT), "name"),
        (lambda: changes.change_team(scope, team, "X", 9, ("Quill team", service), AT), "service"),
        (lambda: changes.end_service(scope, service, AT), "end"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert [finding.field for finding in refused.value.findings] == [field]


def test_a_team_of_another_authority_is_not_there(house: House) -> None:
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    scope, known = toyshire.scope(ADMIN), ids(house)
    for act in (
        lambda: changes.change_team(scope, known["Quill team"], "X", None, ("", 0), AT),
        lambda: changes.end_team(scope, known["Quill team"], AT),
        lambda: changes.change_service(scope, known["Care service"], "X", "", AT),
        lambda: changes.end_service(scope, known["Care service"], AT),
    ):
        with pytest.raises(NoSuchTeam):
            act()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Service)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Team)) == 2


def test_good_lines_are_added_and_bad_ones_named(house: House) -> None:
    text = (
        "\ufeffE-mail;Name;Staff number;Roles;Team;Service;Grade\n"
        "tess@bexley.example;Tess Quarry;40117;Social worker, panel.member;quill TEAM;;\n"
        "\n"
        "iro@bexley.example;Taken;;iro;;;\n"
        "ned@bexley.example;Ned Larkin;40117;team manager;;;\n"
        "bad;;40117;emperor;No team;No service;duke\n"
        "una@bexley.example;Una;40118;IRO;;care service;Team manager\n"
        "una@bexley.example;Una again;;iro;;;\n"
    )
    joined = joining.join(house.scope(ADMIN), text, AT)
    assert [(one.name, one.email) for one in joined.invited] == [
        ("Tess Quarry", "tess@bexley.example"),
        ("Una", "una@bexley.example"),
    ]
    assert {problem.line for problem in joined.problems} == {4, 5, 6, 8}
    said = " ".join(problem.message for problem in joined.problems if problem.line == 6)
    for words in (
        "person’s name",
        "e-mail address in the form",
        "no role emperor",
        "no grade duke: one of Practitioner, Senior practitioner",
        "Tess Quarry has the staff number 40117 already",
    ):
        assert words in said
    tess = db.session.execute(
        sa.select(Account.id, Account.staff_number).where(Account.name == "Tess Quarry")
    ).one()
    roles = sa.select(AccountRole.role).where(AccountRole.account_id == tess.id)
    assert set(db.session.scalars(roles)) == {"social.worker", "panel.member"}
    listed, _ = directory.listed(house.scope(ADMIN), directory.Wanted(words=("40118",)))
    assert [(one.name, one.places, one.state) for one in listed] == [
        ("Una", ("Care service",), "invited")
    ]
    assert version(house, "iro") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste or choose a table"),
        ("e-mail,name,roles", "Paste or choose a table"),
        ("e-mail,name\na@b.example,A", "must have the headings roles"),
        ("e-mail,name,roles,shoe size\na,b,c,d", "not known: shoe size"),
        ('e-mail,name,roles\n"a,b,c', "cannot be read as a table"),
        ("e-mail,name,roles\n" + "a,b,c\n" * 501, "add at most 500"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        list(joining.table(text))
