"""Naming the chair where an order is set: whom it gives, and the reason for anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import AT, BODY, SINCE, House
from conftest import TODAY

from core.domain.finding import Refused
from core.domain.meeting import Person, Presence
from core.registry import Registry
from core.store import posts
from core.store.database import db, writing
from core.store.tables import AuditRow, Meeting
from core.usecases import local_figures, papers
from core.usecases.attendance import Mark, mark_seat
from core.usecases.chairing import take_chair
from core.usecases.standing import Standing, standing_of

ADMIN, SECOND = "panel.administrator", "looked-after-children"
ORDER = f"SOM/{BODY}/chair-order/posts"
WHY = "She is ill and asked for it."


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


@pytest.fixture
def somerset(database_url: str, tmp_path: Path) -> Iterator[House]:
    """Somerset with a second post in the order of the chair, held by its adoption colleague."""
    with other_authorities(tmp_path, database_url) as app:
        house = House(app, TODAY, "SOM", "somerset")
        scope = house.scope("authority.administrator")
        seen = local_figures.standing(scope, registry(house), ORDER).seen
        local_figures.set_figure(
            scope, registry(house), ORDER, f"chair,{SECOND}", TODAY, "Agreed", seen, AT
        )
        with writing():
            what = ("SOM", BODY, SECOND)
            posts.add(house.whole, house.accounts["adoption"], what, SINCE, None)
        yield house


@pytest.fixture
def meeting(somerset: House) -> str:
    """A meeting of today: the second of the order is here, and a substitute in another seat."""
    _, public_id = somerset.meeting(TODAY)
    with writing():
        db.session.execute(sa.update(Meeting).values(procedure_edition="October 2016"))
    mark(somerset, public_id, SECOND)
    other = Person("Kinship Of Somerset", somerset.accounts["kinship"])
    mark(somerset, public_id, "virtual-school", person=other)
    return public_id


def mark(
    house: House,
    meeting: str,
    seat: str,
    state: Presence = Presence.PRESENT,
    person: Person | None = None,
    seen: int = 0,
) -> Standing:
    chosen = Mark(seat, state, person, seen)
    return mark_seat(house.scope(ADMIN), registry(house), meeting, chosen, AT)


def name(house: House, meeting: str, role: str, why: str = "") -> str:
    account = house.accounts[role]
    return take_chair(house.scope(ADMIN), registry(house), meeting, account, AT, why)


def stands(house: House, meeting: str) -> Standing:
    now = standing_of(house.scope(ADMIN), registry(house), meeting)
    db.session.rollback()
    return now


def of_the_order(now: Standing) -> list[str]:
    return [one.message for one in now.findings if one.code == "chair-order" and not one.blocks]


def test_whom_the_order_gives_is_named_without_a_reason(somerset: House, meeting: str) -> None:
    assert name(somerset, meeting, "adoption") == "Adoption Of Somerset"
    now = stands(somerset, meeting)
    assert now.chair is not None and now.chair.post == SECOND and of_the_order(now) == []


def test_anybody_else_is_named_with_a_reason_alone_and_it_is_kept_and_said(
    somerset: House, meeting: str
) -> None:
    with pytest.raises(Refused) as refused:
        name(somerset, meeting, "kinship", "  ")
    db.session.rollback()
    (finding,) = refused.value.findings
    assert finding.field == "chair-why" and finding.blocks
    assert finding.message == (
        "Kinship Of Somerset is named to chair before Adoption Of Somerset, "
        "Operations Manager CLA (set by the authority), who is here: give the reason"
    )
    name(somerset, meeting, "kinship", WHY)
    now = stands(somerset, meeting)
    assert now.chair is not None and now.chair.name == "Kinship Of Somerset" and now.may_decide
    (said,) = of_the_order(now)
    assert "(set by the authority)" in said and said.endswith(f"Reason: {WHY}")
    kept = db.session.scalars(sa.select(AuditRow.why).where(AuditRow.did == "take chair"))
    assert list(kept) == [WHY]
    db.session.rollback()
    made = papers.minutes(somerset.scope(ADMIN), registry(somerset), meeting, AT)
    assert made is not None
    assert any(WHY in one.text for one in docx.Document(BytesIO(made[1])).paragraphs)
    name(somerset, meeting, "adoption", WHY)
    assert of_the_order(stands(somerset, meeting)) == []


def test_with_nobody_of_the_order_here_whoever_is_named_needs_a_reason_too(
    somerset: House, meeting: str
) -> None:
    mark(somerset, meeting, SECOND, Presence.APOLOGIES, seen=1)
    with pytest.raises(Refused, match="in the order of the chair stands: Panel Chair"):
        name(somerset, meeting, "kinship")
    db.session.rollback()
    name(somerset, meeting, "kinship", WHY)
    (said,) = of_the_order(stands(somerset, meeting))
    assert said.endswith(f"Reason: {WHY}")


def test_the_page_asks_for_the_reason_keeps_what_was_typed_and_says_who_is_in_the_chair(
    somerset: House, meeting: str
) -> None:
    client = somerset.client(ADMIN)
    page = client.get(f"/meetings/{meeting}").text
    assert "Adoption Of Somerset takes it in the order above. Anybody else needs a reason." in page
    assert "Panel Chair · in the chair" not in page and page.count('name="chair-why"') == 1
    sent = {"chair": somerset.accounts["kinship"], "chair-why": "x" * 20_001}
    answer = client.post(f"/meetings/{meeting}/chair", data=sent)
    assert answer.status_code == 422 and "x" * 20_001 in answer.text
    answer = client.post(f"/meetings/{meeting}/chair", data=sent | {"chair-why": ""})
    assert answer.status_code == 422 and "give the reason" in answer.text
    answer = client.post(
        f"/meetings/{meeting}/chair", data=sent | {"chair-why": WHY}, follow_redirects=True
    )
    assert "Kinship Of Somerset is named to chair." in answer.text
    assert f"Reason: {WHY}" in answer.text
