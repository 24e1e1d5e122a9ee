"""Names that differ in small and capital letters alone, also beyond A to Z, are one name."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.domain.finding import Refused
from core.store import closings, staff, teams
from core.store.database import db, writing
from core.store.tables import Account, Service, Team
from core.usecases.teams import add_service, add_team


@pytest.mark.parametrize("again", ["Élan team", "élan team", "ÉLAN TEAM"])
def test_a_second_team_of_a_name_is_refused(house: House, again: str) -> None:
    admin = house.scope("authority.administrator")
    service = teams.by_name(admin, Service, "Care service")
    assert service is not None
    add_team(admin, "Élan team", service[0], AT)
    with pytest.raises(Refused, match="already"):
        add_team(admin, again, service[0], AT)
    with pytest.raises(Refused, match="already"):
        add_service(admin, "Care Service", AT)
    assert db.session.scalar(sa.select(sa.func.count(Team.id)).where(Team.name == "Élan team")) == 1


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
