"""Referrals as people make them: opened, answered, submitted for a meeting, and accepted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from builders.house import House

from core.domain.care_typing import EPISODE
from core.domain.procedure.forms import Place
from core.store import cases
from core.store.database import db
from core.usecases import acceptance, referral
from core.usecases.acceptance import Accepted
from core.usecases.care import save_row
from core.usecases.opening import open_referral
from core.usecases.referral import Typed

AT = datetime(2026, 11, 23, 9, 30)


def registry(house: House) -> Any:
    return house.app.extensions["permanence"].registry


def submitted(
    house: House, meeting: str, *children: str, role: str = "social.worker", at: datetime = AT
) -> str:
    """A referral of these children for a meeting; gives its public id."""
    scope = house.scope(role)
    case = open_referral(scope, registry(house), children[0], at)
    answers = {Place("criteria"): "drift", Place("sought"): "That the plan is agreed"}
    first = frozenset(children[:1])
    typed = Typed(answers, {}, ("", meeting), (first, frozenset(children)))
    referral.save_referral(scope, registry(house), case, typed, at)
    referral.submit(scope, registry(house), case, at)
    return case


def accepted(
    house: House, meeting: str, *children: str, at: datetime = AT, **more: Any
) -> tuple[str, Accepted]:
    """A referral that the chair accepted; gives its public id and where it stands."""
    case = submitted(house, meeting, *children, at=at)
    chair = house.scope("panel.chair")
    return case, acceptance.accept(chair, registry(house), case, at, **more)


def full(house: House, meeting: str, first: int = 0) -> list[str]:
    """Fill an agenda with five cases; gives their public ids."""
    made = []
    for number in range(first, first + 5):
        child = house.child(f"09{number:02}", f"Booked{number}", "Farthingale")[1]
        made.append(accepted(house, meeting, child)[0])
    return made


def case_of(house: House, public_id: str) -> cases.CaseRow:
    found = cases.case_by_public_id(house.whole, public_id)
    db.session.rollback()
    assert found is not None
    return found


def typed_care(
    house: House,
    child: str,
    since: date,
    until: date | None = None,
    why: str = "",
    place: str = "U6",
) -> None:
    """A period of care typed by the worker, in one placement, ended for a reason or open."""
    values = {
        "decom": since.isoformat(),
        "rne": "S",
        "ls": "C2",
        "cin": "N1",
        "place": place,
        "place_provider": "PR1",
        "dec": until.isoformat() if until else "",
        "rec": why,
    }
    scope = house.scope("social.worker")
    save_row(scope, child, EPISODE, None, values, "As the file says", True, AT)


def needs_the_panel(house: House, child: str) -> None:
    """Care that began in a residential placement: by 10 December 2026 it goes before the panel."""
    typed_care(house, child, date(2026, 11, 12), place="K2")
