"""The seats of a meeting: who holds each post on its date, and who was marked as what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.meeting import Person, Presence, Seat, Stay
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import Post
from core.store.database import db
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.store.sight import held, lasts_beyond
from core.store.tables import Account, Attendance, AuditRow, PostHolder

SUBJECT = "attendance"


def holders(scope: Scope, procedure: str, body: str, on: date) -> dict[str, list[Person]]:
    """Who holds the posts of a body (the offices, where ``body`` is "") on a day, by post.

    The grade of each is the one in which they hold the post, else that of their account.
    """
    found: dict[str, list[Person]] = {}
    for post, *who in db.session.execute(
        sa.select(
            PostHolder.post_code,
            Account.name,
            Account.id,
            Account.public_id,
            sa.func.coalesce(sa.func.nullif(PostHolder.grade, ""), Account.grade),
            Account.job,
            PostHolder.outside,
        )
        .join(Account, Account.id == PostHolder.account_id)
        .where(
            PostHolder.authority_id == scope.authority_id,
            PostHolder.procedure_code == procedure,
            PostHolder.body_code == body,
            held(PostHolder, on),
        )
        .order_by(PostHolder.since.desc(), PostHolder.id.desc())
    ):
        found.setdefault(post, []).append(Person(*who))
    return found


def seats(scope: Scope, meeting: MeetingRow, body: Body) -> tuple[Seat, ...]:
    """Every seat of the body at a meeting, in the procedure's order: two queries.

    A post that several hold has a seat for each of them, by name.
    """
    holding = holders(scope, meeting.procedure_code, meeting.body_code, meeting.held_on)
    marked: dict[str, dict[int, Any]] = {}
    outside = _from_outside(scope, Attendance.account_id, meeting.held_on)
    for row in _marks(scope, [meeting.id], sa.or_(Attendance.outside, outside)):
        marked.setdefault(row.post_code, {})[row.holder_id] = row
    return _seats(body, holding, marked)


def to_come(
    scope: Scope, meetings: Iterable[tuple[int, date, str, Body]]
) -> dict[int, tuple[Seat, ...]]:
    """The seats of several meetings (id, day, code of its procedure, body) by id: two queries.

    Nobody is said to come from outside by the post that they hold.
    """
    wanted = list(meetings)
    held_by: dict[tuple[str, str], list[Any]] = {}
    for row in db.session.execute(
        sa.select(
            PostHolder.procedure_code,
            PostHolder.body_code,
            PostHolder.post_code,
            PostHolder.since,
            PostHolder.until,
            Account.name,
            Account.id,
            Account.public_id,
            sa.func.coalesce(sa.func.nullif(PostHolder.grade, ""), Account.grade).label("grade"),
        )
        .join(Account, Account.id == PostHolder.account_id)
        .where(
            PostHolder.authority_id == scope.authority_id,
            lasts_beyond(PostHolder, min((on for _, on, _, _ in wanted), default=scope.on)),
        )
        .order_by(PostHolder.since.desc(), PostHolder.id.desc())
    ):
        held_by.setdefault((row.procedure_code, row.body_code), []).append(row)
    marked: dict[int, dict[str, dict[int, Any]]] = {}
    for row in _marks(scope, [one[0] for one in wanted], Attendance.outside):
        marked.setdefault(row.meeting_id, {}).setdefault(row.post_code, {})[row.holder_id] = row
    found = {}
    for meeting_id, on, procedure, body in wanted:
        holding: dict[str, list[Person]] = {}
        for row in held_by.get((procedure, body.code), ()):
            if row.since <= on and (row.until is None or row.until > on):
                holding.setdefault(row.post_code, []).append(
                    Person(row.name, row.id, row.public_id, row.grade)
                )
        found[meeting_id] = _seats(body, holding, marked.get(meeting_id, {}))
    return found


def _marks(scope: Scope, meeting_ids: list[int], outside: Any) -> Iterable[Any]:
    """What was marked in the seats of meetings: one query."""
    return db.session.execute(
        sa.select(
            Attendance.meeting_id,
            Attendance.post_code,
            Attendance.holder_id,
            Attendance.account_id,
            Attendance.name,
            Attendance.substitute,
            Attendance.state,
            Attendance.arrived_at,
            Attendance.left_at,
            Attendance.earlier,
            Attendance.version,
            Attendance.grade.label("typed_grade"),
            outside.label("outside"),
            Account.public_id,
            Account.grade,
            Account.job,
        )
        .outerjoin(Account, Account.id == Attendance.account_id)
        .where(
            Attendance.authority_id == scope.authority_id,
            Attendance.meeting_id.in_(meeting_ids),
        )
        .order_by(Attendance.id)
    )


def _seats(
    body: Body,
    holding: Mapping[str, list[Person]],
    marked: Mapping[str, Mapping[int, Any]],
) -> tuple[Seat, ...]:
    made: list[Seat] = []
    for post in body.posts:
        mine, rows = holding.get(post.code, []), marked.get(post.code, {})
        if post.several:
            made += _of_several(post, mine, rows)
        else:
            made.append(_seat(post, next(iter(mine), None), rows.get(0)))
    return tuple(made)


def _of_several(post: Post, mine: Iterable[Person], rows: Mapping[int, Any]) -> list[Seat]:
    """A seat for each holder of a post, then those in which somebody was marked whose it was.

    One that nobody held, where nobody does now.
    """
    left, made = dict(rows), []
    holding = {person.id: person for person in mine if person.id is not None}
    for of, holder in sorted(holding.items(), key=lambda one: (one[1].name, one[0])):
        row = left.pop(of, None)
        if row is None and (own := left.get(0)) and own.account_id == of and not own.substitute:
            row = left.pop(0)
        made.append(_seat(post, holder, row, of if row is None else row.holder_id))
    made += [_seat(post, None, row, of) for of, row in left.items() if row.name]
    return made or [_seat(post, None, left.get(0))]


def _seat(post: Post, holder: Person | None, row: Any, of: int = 0) -> Seat:
    """A seat as it was marked, by its row; with its holder, who is expected, where it was not."""
    if row is None:
        return Seat(post, holder, holder, of=of)
    sitter = holder
    if holder is not None and row.name and holder.id == row.account_id:
        sitter = replace(holder, name=row.name)
    elif row.name:
        sitter = Person(
            row.name,
            row.account_id,
            row.public_id or "",
            row.grade or row.typed_grade,
            row.job or "",
            bool(row.outside),
        )
    return Seat(
        post,
        holder,
        sitter,
        row.substitute,
        Presence(row.state),
        row.arrived_at,
        row.left_at,
        row.version,
        tuple(_stay(kept) for kept in row.earlier),
        of,
    )


def _from_outside(scope: Scope, account_id: Any, on: date) -> ColumnElement[bool]:
    """True where an account holds a post on a day as somebody from outside."""
    return sa.exists().where(
        PostHolder.authority_id == scope.authority_id,
        PostHolder.account_id == account_id,
        PostHolder.outside,
        held(PostHolder, on),
    )


def comes_from_outside(scope: Scope, account_id: int, on: date) -> bool:
    """Whether an account holds a post on a day as somebody from outside: one query."""
    return bool(db.session.execute(sa.select(_from_outside(scope, account_id, on))).scalar())


def _stay(kept: Mapping[str, Any]) -> Stay:
    return Stay(
        Person(
            kept["name"],
            kept["account"],
            grade=kept.get("grade", ""),
            outside=kept.get("outside", False),
        ),
        kept["substitute"],
        datetime.fromisoformat(kept["arrived"]),
        datetime.fromisoformat(kept["left"]),
    )


def _kept(stays: Iterable[Stay]) -> list[dict[str, Any]]:
    """Stays that have ended, as the table keeps them."""
    return [
        {
            "name": stay.who.name,
            "account": stay.who.id,
            "grade": stay.who.grade,
            "outside": stay.who.outside,
            "substitute": stay.substitute,
            "arrived": stay.arrived_at.isoformat(),
            "left": stay.left_at.isoformat(),
        }
        for stay in stays
        if stay.left_at is not None
    ]


def save(scope: Scope, meeting_id: int, seat: Seat) -> bool:
    """Save a seat in the transaction under way, against its ``version`` as it was seen.

    The caller holds the meeting's lock. False where somebody else saved first.
    """
    sitter = seat.sitter
    values = {
        "account_id": sitter.id if sitter else None,
        "name": sitter.name if sitter else "",
        "substitute": seat.substitute,
        "grade": sitter.grade if sitter and seat.substitute else "",
        "outside": sitter is not None and sitter.outside,
        "state": seat.state,
        "arrived_at": seat.arrived_at,
        "left_at": seat.left_at,
        "earlier": _kept(seat.earlier),
        "version": seat.version + 1,
    }
    where = (
        Attendance.authority_id == scope.authority_id,
        Attendance.meeting_id == meeting_id,
        Attendance.post_code == seat.post.code,
        Attendance.holder_id == seat.of,
    )
    if seat.version:
        done = db.session.execute(
            sa.update(Attendance).where(*where, Attendance.version == seat.version).values(**values)
        )
        return bool(done.rowcount)  # type: ignore[attr-defined]
    if db.session.execute(sa.select(Attendance.id).where(*where)).first():
        return False
    db.session.execute(
        sa.insert(Attendance).values(
            authority_id=scope.authority_id,
            meeting_id=meeting_id,
            post_code=seat.post.code,
            holder_id=seat.of,
            **values,
        )
    )
    return True


def subject_id(meeting_public_id: str, seat: Seat) -> str:
    """What the audit calls one seat of one meeting."""
    whose = f"{seat.of}:" if seat.of else ""
    return f"{meeting_public_id}:{whose}{seat.post.code}"[:40]


def last_saved(scope: Scope, meeting_public_id: str, seat: Seat) -> tuple[str, datetime | None]:
    """Who saved a seat last, and when."""
    row = db.session.execute(
        sa.select(Account.name, AuditRow.at)
        .select_from(AuditRow)
        .outerjoin(Account, Account.id == AuditRow.account_id)
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == SUBJECT,
            AuditRow.subject_id == subject_id(meeting_public_id, seat),
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()
    return (row[0] or "", row[1]) if row else ("", None)


def people(scope: Scope) -> list[Person]:
    """The active accounts of the authority, by name."""
    rows = db.session.execute(
        sa.select(Account.name, Account.id, Account.public_id, Account.grade, Account.job)
        .where(Account.authority_id == scope.authority_id, Account.active)
        .order_by(Account.name, Account.id)
    )
    return [Person(*row) for row in rows]
