"""People around children who have a record of their own, such as a mother."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import Child, OnwardReferral, PanelCase, Person, PersonOfChild


@dataclass(frozen=True, slots=True)
class ChildOfPerson:
    """A child whom the asker sees, and what the person is to them."""

    public_id: str
    given_name: str
    family_name: str
    local_id: str
    relation: str


@dataclass(frozen=True, slots=True)
class ReferralOfPerson:
    """A referral of the person to a programme, with its answer where one is recorded."""

    public_id: str
    programme: str
    made_on: date
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class PersonRecord:
    public_id: str
    name: str
    children: tuple[ChildOfPerson, ...]
    referrals: tuple[ReferralOfPerson, ...]


def person(scope: Scope, public_id: str) -> PersonRecord | None:
    """A person with the children whom the asker sees; None where the asker sees none of them."""
    found = db.session.execute(
        sa.select(Person.id, Person.public_id, Person.name).where(
            Person.authority_id == scope.authority_id, Person.public_id == public_id
        )
    ).first()
    if found is None:
        return None
    children = db.session.execute(
        sa.select(
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            PersonOfChild.relation,
        )
        .join(PersonOfChild, PersonOfChild.child_id == Child.id)
        .where(
            children_seen(scope),
            PersonOfChild.authority_id == scope.authority_id,
            PersonOfChild.person_id == found.id,
        )
        .order_by(Child.family_name, Child.given_name, Child.id)
    ).all()
    if not children:
        return None
    referrals = db.session.execute(
        sa.select(
            OnwardReferral.public_id,
            OnwardReferral.forum_words,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.answer,
        )
        .join(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            cases_seen(scope),
            OnwardReferral.person_id == found.id,
        )
        .order_by(OnwardReferral.made_on.desc(), OnwardReferral.id.desc())
    ).all()
    return PersonRecord(
        found.public_id,
        found.name,
        tuple(ChildOfPerson(*row) for row in children),
        tuple(ReferralOfPerson(*row) for row in referrals),
    )
