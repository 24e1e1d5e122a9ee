"""To whom notices go on a day: who works with the children of a case, who sits, who administers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.domain.procedure.notices import ToWhom
from core.store import child_people
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import (
    Account,
    AccountRole,
    CaseChild,
    CaseInvitee,
    Child,
    PanelCase,
    PostHolder,
    Team,
    Withdrawal,
)

ADMINISTERS = "panel.administrator"
MANAGES: Mapping[str, str] = {
    child_people.TEAM_MANAGER: ToWhom.TEAM_MANAGER,
    child_people.SERVICE_MANAGER: ToWhom.SERVICE_MANAGER,
}
ALLOCATED: Mapping[str, str] = {
    child_people.WORKER: ToWhom.SOCIAL_WORKER,
    child_people.OFFICER: ToWhom.REVIEWING_OFFICER,
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to whom a notice goes, as what; ``why`` says why it cannot go to them, or ""."""

    account_id: int
    name: str
    relation: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which case (None: of a meeting alone) and body the people are asked, and as what."""

    case_id: int | None
    booking_id: int | None
    procedure: str
    body: str
    to: tuple[str, ...]
    office: str = ""
    chairs: tuple[str, ...] = ()


class People:
    """Everybody to whom notices may go on the scope's day, read once: eight queries at most."""

    def __init__(self, scope: Scope, asked: Iterable[Asked]) -> None:
        every = tuple(asked)
        self._scope = scope
        cases = {one.case_id for one in every if one.case_id is not None}
        bookings = {one.booking_id for one in every if one.booking_id is not None}
        self._of_case: dict[int, list[tuple[str, int]]] = {}
        self._closed: dict[int, set[int]] = {}
        if cases:
            self._read_cases(cases)
        self._posts = self._read_posts({one.procedure for one in every})
        wants = {to for one in every for to in one.to}
        self._administrators = self._read_role() if ToWhom.ADMINISTRATOR in wants else []
        self._named = self._read_named() if self._closed else set()
        self._withdrew = self._read_withdrawn(bookings) if bookings else set()
        self._accounts = self._read_accounts()

    def of(self, asked: Asked) -> list[Recipient]:
        """Whom a notice goes to, each once, in the order in which the rule names them."""
        found: dict[int, Recipient] = {}
        for to in asked.to:
            for account_id in self._ids(asked, to):
                if account_id not in found and account_id in self._accounts:
                    found[account_id] = self._recipient(asked, to, account_id)
        return list(found.values())

    def _ids(self, asked: Asked, to: str) -> Iterator[int]:
        if to == ToWhom.ADMINISTRATOR:
            yield from self._administrators
            return
        body = "" if to == ToWhom.OFFICE else asked.body
        posts = {
            ToWhom.OFFICE: frozenset({asked.office}),
            ToWhom.CHAIR: frozenset(asked.chairs[:1]),
            ToWhom.MEMBERS: None,
        }
        if to in posts:
            wanted = posts[ToWhom(to)]
            yield from (
                row.account_id
                for row in self._posts
                if (row.procedure_code, row.body_code) == (asked.procedure, body)
                and (wanted is None or row.post_code in wanted)
            )
            return
        of_case = self._of_case.get(asked.case_id or 0, ())
        yield from (account_id for relation, account_id in of_case if relation == to)

    def _recipient(self, asked: Asked, to: str, account_id: int) -> Recipient:
        name, active = self._accounts[account_id]
        why = ""
        if not active:
            why = f"{name} has left or is suspended"
        elif (asked.booking_id, account_id) in self._withdrew:
            why = f"{name} has withdrawn from the item"
        elif any(
            (child_id, account_id) not in self._named
            for child_id in self._closed.get(asked.case_id or 0, ())
        ):
            why = f"{name} may not see this case"
        return Recipient(account_id, name, to, why)

    def _read_cases(self, cases: Collection[int]) -> None:
        own = self._scope.authority_id
        children = db.session.execute(
            sa.select(
                CaseChild.case_id,
                Child.id,
                Child.team_id,
                Team.service_id,
                Child.closed_to,
                PanelCase.referrer_id,
            )
            .join(PanelCase, PanelCase.id == CaseChild.case_id)
            .join(Child, Child.id == CaseChild.child_id)
            .outerjoin(Team, Team.id == Child.team_id)
            .where(
                CaseChild.authority_id == own,
                CaseChild.case_id.in_(list(cases)),
                CaseChild.withdrawn_at.is_(None),
            )
            .order_by(CaseChild.id)
        ).all()
        workers = self._workers({row.id for row in children})
        managers = self._managers(children)
        for row in children:
            there = self._of_case.setdefault(row.case_id, [])
            if row.referrer_id is not None:
                there.append((ToWhom.REFERRER, row.referrer_id))
            there += workers.get(row.id, ())
            there += managers.get((child_people.TEAM_MANAGER, row.team_id), ())
            there += managers.get((child_people.SERVICE_MANAGER, row.service_id), ())
            if row.closed_to:
                self._closed.setdefault(row.case_id, set()).add(row.id)
        invited = db.session.execute(
            sa.select(CaseInvitee.case_id, CaseInvitee.account_id).where(
                CaseInvitee.authority_id == own,
                CaseInvitee.case_id.in_(list(cases)),
                held(CaseInvitee, self._scope.on),
            )
        )
        for one in invited:
            self._of_case.setdefault(one.case_id, []).append((ToWhom.INVITED, one.account_id))

    def _workers(self, children: Collection[int]) -> dict[int, list[tuple[str, int]]]:
        found: dict[int, list[tuple[str, int]]] = {}
        for one in child_people.allocated(self._scope, children):
            found.setdefault(one.child_id, []).append((ALLOCATED[one.relation], one.account_id))
        return found

    def _managers(
        self, children: Iterable[Any]
    ) -> dict[tuple[str, int | None], list[tuple[str, int]]]:
        """By role and the id of their team or service, those who manage it."""
        teams = {row.team_id for row in children if row.team_id is not None}
        services = {row.service_id for row in children if row.service_id is not None}
        found: dict[tuple[str, int | None], list[tuple[str, int]]] = {}
        for one in child_people.managing(self._scope, teams, services):
            place = found.setdefault((one.role, one.place), [])
            place.append((MANAGES[one.role], one.account_id))
        return found

    def _read_posts(self, procedures: Collection[str]) -> list[Any]:
        return list(
            db.session.execute(
                sa.select(
                    PostHolder.procedure_code,
                    PostHolder.body_code,
                    PostHolder.post_code,
                    PostHolder.account_id,
                )
                .where(
                    PostHolder.authority_id == self._scope.authority_id,
                    PostHolder.procedure_code.in_(list(procedures)),
                    held(PostHolder, self._scope.on),
                )
                .order_by(PostHolder.id)
            )
        )

    def _read_role(self) -> list[int]:
        return list(
            db.session.scalars(
                sa.select(AccountRole.account_id)
                .where(
                    AccountRole.authority_id == self._scope.authority_id,
                    AccountRole.role == ADMINISTERS,
                    held(AccountRole, self._scope.on),
                )
                .order_by(AccountRole.id)
            )
        )

    def _read_named(self) -> set[tuple[int, int]]:
        children = {child_id for ids in self._closed.values() for child_id in ids}
        return child_people.named_for(self._scope, children)

    def _read_withdrawn(self, bookings: Collection[int]) -> set[tuple[int | None, int]]:
        rows = db.session.execute(
            sa.select(Withdrawal.booking_id, Withdrawal.account_id).where(
                Withdrawal.authority_id == self._scope.authority_id,
                Withdrawal.booking_id.in_(list(bookings)),
                Withdrawal.account_id.is_not(None),
                Withdrawal.ended_at.is_(None),
            )
        )
        return {(row.booking_id, int(row.account_id)) for row in rows}

    def _read_accounts(self) -> dict[int, tuple[str, bool]]:
        ids = {account_id for rows in self._of_case.values() for _, account_id in rows}
        ids |= {row.account_id for row in self._posts} | set(self._administrators)
        rows = db.session.execute(
            sa.select(Account.id, Account.name, Account.active).where(
                Account.authority_id == self._scope.authority_id, Account.id.in_(ids)
            )
        )
        return {row.id: (row.name, row.active) for row in rows}
