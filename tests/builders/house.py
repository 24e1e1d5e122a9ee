"""An authority for tests, with everybody in it; children and meetings as they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cached_property
from time import time as time_now

import sqlalchemy as sa
from builders.remembered import remembered
from flask import Flask
from flask.testing import FlaskClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from core.domain.sight import ROLES
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.sessions import start as start_session
from core.store.tables import (
    Account,
    Allocation,
    CareSummary,
    Child,
    Meeting,
    Team,
)
from core.usecases import passwords, reckoning
from core.usecases.authority import NewAccount, create_account, create_authority, hold_post

PASSWORD = "a-password-for-tests"
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
passwords.hash_with(QUICK)
HASH = QUICK.hash(PASSWORD)
SINCE = date(2020, 1, 1)
AT = datetime(2026, 11, 23, 9, 0)
BODY = "permanence-panel"
POSTS = {
    "chair": ("panel.chair", "head-of-service"),
    "vice-chair": ("head.of.service", "head-of-service"),
    "adoption": ("adoption", "team-manager"),
    "fostering": ("panel.member", "team-manager"),
    "legal": ("legal", "practitioner"),
}


class House:
    """One authority (Bexley unless another code is given): accounts ``<role>@<slug>.example``."""

    def __init__(self, app: Flask, today: date, code: str = "BEX", slug: str = "bexley") -> None:
        self.app, self.today, self.code, self.slug = app, today, code, slug
        registry = app.extensions["permanence"].registry
        rules = reckoning.fingerprint(registry)
        self.whole, accounts = remembered((code, slug, rules), self._with_everybody)
        self.accounts = dict(accounts)

    def _with_everybody(self) -> tuple[Scope, dict[str, int]]:
        """Make the authority, an account of each role, and who holds the posts of its panel."""
        self.whole = create_authority(
            self.app.extensions["permanence"].registry, self.code, AT, SINCE, demo=True
        )
        self.accounts: dict[str, int] = {}
        for role in ROLES:
            self.account(role)
        for post, (role, _grade) in POSTS.items():
            hold_post(self.whole, self.accounts[role], self.code, BODY, post, AT, since=SINCE)
        deputy = self.accounts["deputy.director"]
        hold_post(self.whole, deputy, self.code, "", "deputy-director", AT, since=SINCE)
        return self.whole, dict(self.accounts)

    def turn_to(self, today: date) -> None:
        """Make a day today, for scopes and for the pages."""
        parts = self.app.extensions["permanence"]
        on_the_day = replace(parts, settings=replace(parts.settings, today=today))
        self.app.extensions["permanence"] = on_the_day
        self.today = today
        db.session.rollback()

    @cached_property
    def authority_id(self) -> int:
        return self.whole.authority_id

    def account(self, role: str, email: str = "", team: str = "Quill team") -> int:
        """Make somebody of a role; heads of service bear that grade."""
        grade = next((grade for held, grade in POSTS.values() if held == role), "")
        email = email or f"{role}@{self.slug}.example"
        self.accounts[email.partition("@")[0]] = account_id = create_account(
            self.whole,
            NewAccount(
                email=email,
                name=f"{role.replace('.', ' ').title()} Of {self.slug.title()}",
                roles=(role,),
                password_hash=HASH,
                grade=grade,
                job=role.replace(".", " ").capitalize(),
                team="" if role == "service.manager" else team,
                service="Care service",
            ),
            AT,
            since=SINCE,
        )
        return account_id

    def scope(self, role: str) -> Scope:
        """The scope of the account of a role, as its session would have it."""
        from core.store import accounts

        found = accounts.scope_of(self.whole, self.accounts[role], self.today)
        db.session.rollback()
        return found

    def child(
        self,
        local_id: str = "0101",
        given_name: str = "Orlin",
        family_name: str = "Thistlewick",
        born: date | None = date(2019, 5, 4),
        *,
        worker: str | None = "social.worker",
        iro: str | None = "iro",
        team: str = "Quill team",
        status: str = "looked after",
        legal_status: str = "C1",
        became_looked_after: date | None = date(2026, 9, 1),
        placement: str = "U6",
        sibling_group: str | None = None,
    ) -> tuple[int, str]:
        """Make a child looked after; gives the id and the public id."""
        with writing():
            team_id = db.session.execute(
                sa.select(Team.id).where(Team.authority_id == self.authority_id, Team.name == team)
            ).scalar()
            child_id, public_id = db.session.execute(
                sa.insert(Child)
                .values(
                    authority_id=self.authority_id,
                    local_id=local_id,
                    given_name=given_name,
                    family_name=family_name,
                    born=born,
                    team_id=team_id,
                    sibling_group=sibling_group,
                )
                .returning(Child.id, Child.public_id)
            ).one()
            for relation, role in (("worker", worker), ("iro", iro)):
                if role:
                    db.session.execute(
                        sa.insert(Allocation).values(
                            authority_id=self.authority_id,
                            child_id=child_id,
                            account_id=self.accounts[role],
                            relation=relation,
                            since=SINCE,
                        )
                    )
            db.session.execute(
                sa.insert(CareSummary).values(
                    authority_id=self.authority_id,
                    child_id=child_id,
                    status=status,
                    became_looked_after=became_looked_after,
                    became_looked_after_known=became_looked_after is not None,
                    legal_status=legal_status,
                    legal_status_since=became_looked_after,
                    placement=placement,
                    base_placement=placement,
                )
            )
        return child_id, public_id

    def meeting(
        self, held_on: date = date(2026, 12, 3), state: str = "planned", *, circulated: bool = False
    ) -> tuple[int, str]:
        """Make a meeting of the panel, its agenda circulated or not; the id and the public id."""
        with writing():
            made = db.session.execute(
                sa.insert(Meeting)
                .values(
                    authority_id=self.authority_id,
                    procedure_code=self.code,
                    procedure_edition="",
                    body_code=BODY,
                    held_on=held_on,
                    starts_at=time(10, 0),
                    state=state,
                    circulated_at=AT if circulated else None,
                )
                .returning(Meeting.id, Meeting.public_id)
            ).one()
        return made.id, made.public_id

    def client(self, role: str | None = None) -> FlaskClient:
        """A browser, signed in as a role where one is named."""
        client = self.app.test_client()
        if role is not None:
            with client.session_transaction() as session:
                session["_user_id"] = self.session(role)
                session["_fresh"] = True
                session["since"] = time_now()
        return client

    def session(self, role: str) -> str:
        """The id of a new session of the account of a role."""
        with writing():
            account_id = self.accounts[role]
            public_id = db.session.execute(
                sa.select(Account.public_id).where(Account.id == account_id)
            ).scalar_one()
            return start_session(self.whole, account_id, public_id, "A test", AT)
