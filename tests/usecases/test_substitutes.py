"""Who stands in for a member: of the same grade as the member holds the post, where laid down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import AT, BODY, SINCE, House
from conftest import TODAY

from core.domain.finding import Refused
from core.domain.meeting import Person, Presence
from core.store import local_settings, posts
from core.store.database import db, writing
from core.store.tables import Account, Meeting
from core.usecases.attendance import Mark, mark_seat
from core.usecases.standing import Standing, standing_of

FINANCE = "finance"


@pytest.fixture
def somerset(database_url: str, tmp_path: Path) -> Iterator[House]:
    with other_authorities(tmp_path, database_url) as app:
        house = House(app, TODAY, "SOM", "somerset")
        with writing():
            what = ("SOM", BODY, FINANCE)
            account = house.accounts["kinship"]
            posts.add(house.whole, account, what, SINCE, None, grade="service-manager")
        yield house


def meeting(house: House) -> str:
    """A meeting of today, of the edition that the plugin declares."""
    _, public_id = house.meeting(house.today)
    with writing():
        db.session.execute(sa.update(Meeting).values(procedure_edition="October 2016"))
    return public_id


def sit(house: House, where: str, role: str, grade: str, seen: int = 0) -> Standing:
    """Mark somebody, whose account has this grade, present in the seat of finance."""
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts[role]).values(grade=grade)
        )
    name = f"The {role}"
    mark = Mark(FINANCE, Presence.PRESENT, Person(name, house.accounts[role], grade=grade), seen)
    registry = house.app.extensions["permanence"].registry
    return mark_seat(house.scope("panel.administrator"), registry, where, mark, AT)


@pytest.mark.clause("SOM-8.3")
def test_a_substitute_of_another_grade_is_refused_with_the_clause(somerset: House) -> None:
    where = meeting(somerset)
    with pytest.raises(Refused) as refused:
        sit(somerset, where, "adoption", "team-manager")
    db.session.rollback()
    (finding,) = refused.value.findings
    assert finding.clauses == ("SOM-8.3",) and finding.field == f"seat-{FINANCE}"
    assert finding.message == (
        "The adoption, Team manager, cannot stand in: a substitute has the grade of who holds the "
        "post, Service manager"
    )


@pytest.mark.clause("SOM-8.3")
def test_a_substitute_of_the_grade_in_which_the_post_is_held_sits(somerset: House) -> None:
    now = sit(somerset, meeting(somerset), "adoption", "service-manager")
    seat = now.seat(FINANCE)
    assert seat is not None and seat.substitute and seat.state is Presence.PRESENT
    assert not [finding for finding in now.findings if "SOM-8.3" in finding.clauses]


def test_a_substitute_of_unknown_grade_sits_and_the_meeting_says_so(somerset: House) -> None:
    now = sit(somerset, meeting(somerset), "adoption", "")
    (finding,) = [finding for finding in now.findings if "SOM-8.3" in finding.clauses]
    assert not finding.blocks and "the grade of The adoption is not known" in finding.message


def test_the_member_sits_in_the_grade_of_the_post_whatever_that_of_the_account(
    somerset: House,
) -> None:
    now = sit(somerset, meeting(somerset), "kinship", "practitioner")
    seat = now.seat(FINANCE)
    assert seat is not None and seat.sitter is not None and not seat.substitute
    assert not [finding for finding in now.findings if "SOM-8.3" in finding.clauses]


def set_here(house: House, rule: str, what: str, value: str) -> None:
    """A figure that the procedure leaves to the authority, set from long ago."""
    with writing():
        local_settings.add(house.whole, ("SOM", BODY, rule, what), value, SINCE, "Agreed", AT)


def test_a_quorum_and_an_order_of_the_chair_set_by_the_authority_hold_at_its_meetings(
    somerset: House,
) -> None:
    where = meeting(somerset)
    now = sit(somerset, where, "kinship", "")
    assert now.quorum == "1 member is here" and now.chair is None
    set_here(somerset, "quorum", "others", "2")
    set_here(somerset, "chair-order", "posts", FINANCE)
    registry = somerset.app.extensions["permanence"].registry
    now = standing_of(somerset.scope("panel.administrator"), registry, where)
    assert now.chair is not None and now.chair.post == FINANCE
    (finding,) = [one for one in now.findings if one.code == "quorum"]
    assert finding.clauses == () and "at least 2 other members" in finding.message


@pytest.mark.clause("SOM-8.3")
def test_the_grade_of_a_typed_substitute_is_asked_for_kept_and_compared(somerset: House) -> None:
    where, client = meeting(somerset), somerset.client("panel.administrator")
    typed = {
        "post": FINANCE, "seen": "0", "state": "present", f"who-{FINANCE}": "Nia Member",
        f"grade-{FINANCE}": "team-manager",
    }  # fmt: skip
    answer = client.post(f"/meetings/{where}/attendance", data=typed)
    assert answer.status_code == 422 and "Nia Member, Team manager, cannot stand in" in answer.text
    typed[f"grade-{FINANCE}"] = "service-manager"
    assert client.post(f"/meetings/{where}/attendance", data=typed).status_code == 303
    page = client.get(f"/meetings/{where}").text
    assert "the grade of Nia Member is not known" not in page
    assert 'name="grade-chair"' not in page
