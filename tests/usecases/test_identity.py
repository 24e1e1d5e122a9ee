"""Who a child is, typed and corrected: reasons, history, files beside it, two people at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from builders import imported
from builders.agenda import case
from builders.house import House

from core.domain.finding import Refused
from core.domain.identity import BY_CODE, Part, part_of
from core.store import children, identity, returns
from core.store.database import db, writing
from core.store.tables import AuditRow, Child
from core.usecases.child_changed import NoChild
from core.usecases.identity import IdentityMoved, say, take_back

AT = datetime(2026, 11, 23, 9, 0)


def part(house: House, child_id: int, field: str) -> Part:
    found = part_of(BY_CODE[field], identity.said_with_columns(house.whole, child_id))
    db.session.rollback()
    return found


def column(house: House, child_id: int, *names: str) -> tuple[Any, ...]:
    row = db.session.execute(
        sa.select(*(getattr(Child, name) for name in names)).where(Child.id == child_id)
    ).one()
    db.session.rollback()
    return tuple(row)


def type_(
    house: House, public_id: str, field: str, value: str, seen: str, why: str = "Told by school"
) -> None:
    say(house.scope("social.worker"), public_id, field, value, why, seen, AT)


def refused(do: Callable[[], None]) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        do()
    return caught.value.findings[0].message, caught.value.findings[0].field


def test_a_typed_value_is_used_and_the_file_stays_beside_it_until_it_is_taken_back(
    house: House,
) -> None:
    child_id, public_id = house.child()
    file_id = imported.returned(house)
    imported.said(house, child_id, file_id, "sex", "M")
    with writing():
        db.session.execute(sa.update(Child).values(sex="M"))
    before = returns.record_version(house.whole)
    type_(house, public_id, "sex", "F", "M")
    now = part(house, child_id, "sex")
    assert (now.value, now.typed, now.used and now.used.why) == ("F", True, "Told by school")
    assert [(s.value, s.file, s.line) for s in now.disagree] == [("M", "episodes.csv", 2)]
    assert column(house, child_id, "sex") == ("F",)
    assert returns.record_version(house.whole) == before + 1

    # Another return, of a later year, is kept and changes nothing in use.
    imported.put(
        house, imported.IdentityFact, child_id, imported.returned(house, 2027),
        field="sex", value="U", year=2027,
    )  # fmt: skip
    assert part(house, child_id, "sex").value == "F"

    take_back(house.scope("iro"), public_id, "sex", "The file is right", "F", AT)
    now = part(house, child_id, "sex")
    assert (now.value, now.typed) == ("U", False)
    assert [(s.value, s.by, s.why) for s in now.earlier if s.typed] == [
        ("", "Iro Of Bexley", "The file is right"),
        ("F", "Social Worker Of Bexley", "Told by school"),
    ]
    assert column(house, child_id, "sex") == ("U",)
    did = db.session.execute(
        sa.select(AuditRow.did, AuditRow.before, AuditRow.after, AuditRow.why)
        .where(AuditRow.subject_id == public_id)
        .order_by(AuditRow.id)
    ).all()
    assert [tuple(row) for row in did] == [
        ("change identity", {"sex": "M"}, {"sex": "F"}, "Told by school"),
        ("use what the file says", {"sex": "F"}, {"sex": "U"}, "The file is right"),
    ]


def test_the_value_that_stood_without_a_source_stays_in_the_history(house: House) -> None:
    child_id, public_id = house.child()
    type_(house, public_id, "given_name", "  Orla   Mae ", "Orlin")
    now = part(house, child_id, "given_name")
    assert now.value == "Orla Mae"
    assert [(s.value, s.by) for s in now.earlier] == [("Orlin", "")]
    assert column(house, child_id, "given_name", "family_name") == ("Orla Mae", "Thistlewick")


def test_a_birth_recorded_keeps_the_date_expected(house: House) -> None:
    child_id, public_id = house.child("0001", "Baby", "Ouzel", date(2026, 12, 4), status="")
    with writing():
        db.session.execute(sa.update(Child).values(birth_expected=True))
    type_(house, public_id, "expected", "2026-12-01", "2026-12-04", "The scan")
    assert column(house, child_id, "born", "birth_expected") == (date(2026, 12, 1), True)
    type_(house, public_id, "born", "2026-11-20", "")
    assert column(house, child_id, "born", "birth_expected") == (date(2026, 11, 20), False)
    expected = part(house, child_id, "expected")
    assert (expected.value, [s.value for s in expected.earlier]) == ("2026-12-01", ["2026-12-04"])
    take = part(house, child_id, "born")
    assert (take.value, take.disagree) == ("2026-11-20", ())


def test_the_date_expected_that_had_no_source_is_kept_when_the_birth_is_recorded(
    house: House,
) -> None:
    child_id, public_id = house.child("0001", "Baby", "Ouzel", date(2026, 12, 4))
    with writing():
        db.session.execute(sa.update(Child).values(birth_expected=True))
    type_(house, public_id, "born", "2026-11-20", "")
    assert part(house, child_id, "expected").value == "2026-12-04"
    assert column(house, child_id, "born", "birth_expected") == (date(2026, 11, 20), False)


def test_two_people_at_once_the_second_is_told_what_stands(house: House) -> None:
    child_id, public_id = house.child()
    type_(house, public_id, "languages", "Polish", "")
    with pytest.raises(IdentityMoved) as caught:
        type_(house, public_id, "languages", "Welsh", "")
    assert caught.value.now.value == "Polish"
    assert caught.value.now.used and caught.value.now.used.by == "Social Worker Of Bexley"
    assert column(house, child_id, "languages") == ("Polish",)
    with pytest.raises(IdentityMoved):
        take_back(house.scope("iro"), public_id, "languages", "Why", "", AT)


def test_what_is_wrong_is_refused_and_nothing_is_changed(house: House) -> None:
    child_id, public_id = house.child()
    file_id = imported.returned(house)
    imported.episode(house, child_id, file_id, date(2020, 1, 2))
    cases = (
        ("given_name", "Orla", "Orlin", "", "Say why it is changed", "why"),
        ("given_name", "Orlin" * 30, "Orlin", "x", "100 characters", "given_name"),
        ("born", "2020-01-03", "2019-05-04", "x", "An episode of care started on 2", "born"),
        ("born", "2027-01-03", "2019-05-04", "x", "in the past", "born"),
        ("sex", "", "", "", "is not changed", "sex"),
        ("sex", "Q", "", "", "choose one", "sex"),
        ("upn", "A" * 13, "", "", "12 digits", "upn"),
        ("languages", "x", "", "y" * 2001, "2,000 characters", "why"),
    )
    for field, value, seen, why, words, at in cases:
        message, where = refused(
            lambda f=field, v=value, s=seen, w=why: type_(house, public_id, f, v, s, w)
        )
        assert words in message and where == at, field
    message, _ = refused(
        lambda: take_back(house.scope("iro"), public_id, "given_name", "x", "Orlin", AT)
    )
    assert column(house, child_id, "given_name", "sex", "born") == ("Orlin", "", date(2019, 5, 4))


def test_what_a_file_says_and_the_only_date_of_birth_are_not_emptied(house: House) -> None:
    child_id, public_id = house.child()
    file_id = imported.returned(house)
    message, field = refused(lambda: type_(house, public_id, "born", "", "2019-05-04", "Unsure"))
    assert field == "born" and "Enter the date of birth, or the date expected" in message
    imported.said(house, child_id, file_id, "born", "2019-05-04")
    imported.said(house, child_id, file_id, "ethnicity", "WBRI")
    for code, seen in (("born", "2019-05-04"), ("ethnicity", "WBRI")):
        message, field = refused(lambda c=code, s=seen: type_(house, public_id, c, "", s, "Unsure"))
        assert field == code and "a file says this, so it cannot be emptied" in message
    type_(house, public_id, "ethnicity", "WIRI", "WBRI", "The family")
    message, _ = refused(lambda: type_(house, public_id, "ethnicity", "", "WIRI", "Unsure"))
    assert "cannot be emptied" in message and "or use what the file says" in message
    assert column(house, child_id, "born", "ethnicity") == (date(2019, 5, 4), "WIRI")
    # What only a person said can be emptied.
    type_(house, public_id, "languages", "Polish", "")
    type_(house, public_id, "languages", "", "Polish", "Another child's")
    assert column(house, child_id, "languages") == ("",)


def test_a_birth_recorded_too_soon_is_emptied_while_the_date_expected_stands(house: House) -> None:
    child_id, public_id = house.child("0001", "Baby", "Ouzel", date(2026, 12, 4), status="")
    with writing():
        db.session.execute(sa.update(Child).values(birth_expected=True))
    type_(house, public_id, "born", "2026-11-20", "")
    type_(house, public_id, "born", "", "2026-11-20", "Another child's")
    assert column(house, child_id, "born", "birth_expected") == (date(2026, 12, 4), True)
    message, field = refused(lambda: type_(house, public_id, "expected", "", "2026-12-04", "x"))
    assert (message[:23], field) == ("Enter the date of birth", "expected")


def test_nobody_changes_a_child_whom_they_do_not_see(house: House) -> None:
    child_id, public_id = house.child(worker=None)
    other = House(house.app, house.today, "TOY", "toyshire")
    for scope in (house.scope("social.worker"), other.scope("panel.administrator")):
        with pytest.raises(NoChild):
            say(scope, public_id, "sex", "F", "", "", AT)
    assert column(house, child_id, "sex") == ("",)
    assert children.child(house.scope("social.worker"), public_id) is None


def test_who_sees_a_child_for_one_case_alone_changes_nothing_of_them(house: House) -> None:
    child_id, public_id = house.child(worker=None)
    case(house, child_id, None, state="submitted")
    scope = house.scope("social.worker")
    assert children.child(scope, public_id) is not None
    with pytest.raises(NoChild):
        say(scope, public_id, "sex", "F", "", "", AT)
    say(house.scope("authority.administrator"), public_id, "sex", "F", "", "", AT)
    assert column(house, child_id, "sex") == ("F",)
