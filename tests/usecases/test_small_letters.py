"""Names that differ in small and capital letters, accents or spaces alone are one name."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import bring_in, text

from core.domain.finding import Refused
from core.store import closings, directory, staff, teams
from core.store.database import db, writing
from core.store.tables import Account, Team
from core.usecases.teams import add_service, add_team


@pytest.mark.parametrize("again", ["Élan team", "élan team", "ÉLAN TEAM"])
def test_a_second_team_of_a_name_is_refused(house: House, again: str) -> None:
    admin = house.scope("authority.administrator")
    service = teams.by_name(admin, "service", "Care service")
    assert service is not None
    add_team(admin, "Élan team", service[0], AT)
    with pytest.raises(Refused, match="already"):
        add_team(admin, again, service[0], AT)
    with pytest.raises(Refused, match="already"):
        add_service(admin, "Care Service", AT)
    assert db.session.scalar(sa.select(sa.func.count(Team.id)).where(Team.name == "Élan team")) == 1


@pytest.mark.parametrize("again", ["Care  service", " CARE service ", "Cáre service"])
def test_spaces_and_accents_make_no_second_service_either(house: House, again: str) -> None:
    file = text("Local ID,Given name,Team,Service", f"0901,Orlin,Fern team,{again}")
    bring_in(house, {"cases.csv": file})
    admin = house.scope("authority.administrator")
    (service,) = teams.tree(admin)
    assert service.name == "Care service" and "Fern team" in {one.name for one in service.teams}
    with pytest.raises(Refused, match="already"):
        add_service(admin, again, AT)


def test_staff_numbers_and_addresses_too(house: House) -> None:
    admin = house.scope("authority.administrator")
    with writing():
        db.session.execute(
            sa.update(Account)
            .where(Account.id == house.accounts["iro"])
            .values(staff_number="É7", email="élan@bexley.example")
        )
    assert staff.staff_number_of(admin, "é7") == "Iro Of Bexley"
    assert staff.staff_number_of(admin, "é7", but=house.accounts["iro"]) is None
    assert set(closings.accounts_of(admin, ["élan@bexley.example"])) == {"élan@bexley.example"}


def test_a_place_named_in_other_letters_is_the_same_place(house: House) -> None:
    admin = house.scope("authority.administrator")
    with writing():
        first = staff.find_team(admin, "Élan service", "Élan team")
        assert staff.find_team(admin, "ÉLAN SERVICE", "élan Team") == first


def test_the_list_of_people_is_searched_in_any_letters(house: House) -> None:
    admin = house.scope("authority.administrator")
    with writing():
        one = sa.update(Account).where(Account.id == house.accounts["iro"])
        db.session.execute(one.values(name="Éloïse Ward", job="100%_ sure"))
    for words in ("élo", "ÉLOÏSE", "ÉLO ward", "0%_ S", "iro@ élo"):
        wanted = directory.Wanted(words=tuple(words.split()))
        assert [one.name for one in directory.listed(admin, wanted)[0]] == ["Éloïse Ward"], words
    assert directory.listed(admin, directory.Wanted(words=("éloz",)))[1] == 0
