"""Whom files name: the people whom they name matched to accounts, and those still to be matched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa

from core.domain.naming import folded
from core.store import action_states, board_marks
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, Action, Allocation, Child, KnownAs, StatedWorker

Key = tuple[str, str, str]
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Known:
    """Every account by e-mail and staff number, and by what was matched before."""

    emails: Mapping[str, int]
    staff_numbers: Mapping[str, int]
    matched: Mapping[Key, int]

    def account_for(self, said: str, email: str = "", staff_number: str = "") -> int | None:
        """The account that a file means, or None where a person has to say.

        An e-mail or a staff number decides; where the two name different people nothing does. A
        name alone decides only where a person has matched it before.
        """
        key = (folded(said), folded(email), folded(staff_number))
        if known := self.matched.get(key):
            return known
        ids = {self.emails.get(key[1]), self.staff_numbers.get(key[2])} - {None}
        return ids.pop() if len(ids) == 1 else None


def known(scope: Scope) -> Known:
    """What decides whom a file means: two queries, whatever the number of people."""
    emails: dict[str, int] = {}
    numbers: dict[str, list[int]] = {}
    for account_id, email, number in db.session.execute(
        sa.select(Account.id, Account.email, Account.staff_number).where(
            Account.authority_id == scope.authority_id
        )
    ):
        emails[folded(email)] = account_id
        if number:
            numbers.setdefault(folded(number), []).append(account_id)
    matched = {
        (folded(said), folded(email), folded(number)): account_id
        for said, email, number, account_id in db.session.execute(
            sa.select(KnownAs.said, KnownAs.email, KnownAs.staff_number, KnownAs.account_id).where(
                KnownAs.authority_id == scope.authority_id
            )
        )
    }
    return Known(emails, {n: ids[0] for n, ids in numbers.items() if len(ids) == 1}, matched)


@dataclass(frozen=True, slots=True)
class Said:
    """One saying of a file that is matched: of which child, as what, from when."""

    id: int
    child_id: int
    child_public_id: str
    relation: str
    as_at: date


def sayings(scope: Scope, key: Key, account_id: int | None = None) -> list[Said]:
    """What files say of somebody: of whom nobody is matched, or of those matched to an account.

    By the words as they are compared: case, accents and spaces folded. Locked, in the transaction
    under way.
    """
    whose = (
        StatedWorker.account_id.is_(None)
        if account_id is None
        else StatedWorker.account_id == account_id
    )
    which = (
        StatedWorker.authority_id == scope.authority_id,
        StatedWorker.ended_at.is_(None),
        whose,
    )
    words = (StatedWorker.said, StatedWorker.email, StatedWorker.staff_number)
    wanted = tuple(map(folded, key))
    every = db.session.execute(sa.select(*words).where(*which).distinct())
    written = [tuple(row) for row in every if tuple(map(folded, row)) == wanted]
    rows = db.session.execute(
        sa.select(
            StatedWorker.id,
            StatedWorker.child_id,
            Child.public_id,
            StatedWorker.relation,
            StatedWorker.as_at,
        )
        .join(Child, Child.id == StatedWorker.child_id)
        .where(*which, sa.tuple_(*words).in_(written))
        .order_by(StatedWorker.id)
        .with_for_update(of=StatedWorker)
    )
    return [Said(*row) for row in rows]


def set_account(scope: Scope, row_ids: Iterable[int], account_id: int | None) -> None:
    """Say whose these sayings are, in the transaction under way."""
    for part in _parts(list(row_ids)):
        db.session.execute(
            sa.update(StatedWorker)
            .where(StatedWorker.authority_id == scope.authority_id, StatedWorker.id.in_(part))
            .values(account_id=account_id)
        )


def remember(scope: Scope, key: Key, account_id: int, at: datetime) -> None:
    """Remember whom files mean by this, in the transaction under way."""
    said, email, number = key
    db.session.execute(
        sa.insert(KnownAs).values(
            authority_id=scope.authority_id,
            said=said,
            email=email,
            staff_number=number,
            account_id=account_id,
            matched_by=scope.account_id,
            matched_at=at,
        )
    )


def remembered(scope: Scope, key: Key) -> int | None:
    """The account matched to this before."""
    said, email, number = key
    return db.session.scalar(
        sa.select(KnownAs.account_id).where(
            KnownAs.authority_id == scope.authority_id,
            KnownAs.said == said,
            KnownAs.email == email,
            KnownAs.staff_number == number,
        )
    )


def forget(scope: Scope, match_id: int) -> tuple[Key, int] | None:
    """Forget a match, in the transaction under way; gives what it was, or None."""
    row = db.session.execute(
        sa.delete(KnownAs)
        .where(KnownAs.authority_id == scope.authority_id, KnownAs.id == match_id)
        .returning(KnownAs.said, KnownAs.email, KnownAs.staff_number, KnownAs.account_id)
    ).first()
    return ((row[0], row[1], row[2]), row[3]) if row else None


def allocate(scope: Scope, account_id: int, rows: Sequence[Said]) -> list[Said]:
    """Allocate children as files say, none twice; gives those newly allocated.

    The allocations of the same relation that came from files before, to somebody else, end on the
    day for which the file speaks. What was typed stays: while somebody whom a person allocated
    stands, nobody is allocated beside them.
    """
    made: list[Said] = []
    for part in _parts(list(rows)):
        there, taken = _allocated(scope, {row.child_id for row in part}, account_id)
        free = [row for row in part if (row.child_id, row.relation) not in taken]
        _end_from_files(scope, free, account_id)
        for row in free:
            if (row.child_id, row.relation) not in there:
                there.add((row.child_id, row.relation))
                made.append(row)
    values = [
        {
            "authority_id": scope.authority_id,
            "child_id": row.child_id,
            "account_id": account_id,
            "relation": row.relation,
            "since": row.as_at,
        }
        for row in made
    ]
    if values:
        db.session.execute(sa.insert(Allocation), values)
    return made


def _gave() -> sa.Exists:
    """True for the allocations that a file gave: it names the account from their first day."""
    return sa.exists().where(
        StatedWorker.authority_id == Allocation.authority_id,
        StatedWorker.child_id == Allocation.child_id,
        StatedWorker.relation == Allocation.relation,
        StatedWorker.account_id == Allocation.account_id,
        StatedWorker.as_at == Allocation.since,
    )


def _allocated(
    scope: Scope, child_ids: Collection[int], account_id: int
) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """Which children somebody has without an end, and for which a person allocated who stands on
    the scope's day; each by child and relation.
    """
    rows = db.session.execute(
        sa.select(
            Allocation.child_id,
            Allocation.relation,
            sa.and_(Allocation.account_id == account_id, Allocation.until.is_(None)),
            sa.and_(held(Allocation, scope.on), sa.not_(_gave())),
        ).where(Allocation.authority_id == scope.authority_id, Allocation.child_id.in_(child_ids))
    ).all()
    theirs = {(child_id, relation) for child_id, relation, has, _ in rows if has}
    taken = {(child_id, relation) for child_id, relation, _, by_hand in rows if by_hand}
    return theirs, taken


def _end_from_files(scope: Scope, rows: Sequence[Said], account_id: int) -> None:
    """End what files said of others before, a statement for each relation and day of a file."""
    for (relation, as_at), child_ids in _children_by(rows).items():
        db.session.execute(
            sa.update(Allocation)
            .where(
                Allocation.authority_id == scope.authority_id,
                Allocation.child_id.in_(child_ids),
                Allocation.relation == relation,
                Allocation.account_id != account_id,
                Allocation.since <= as_at,
                sa.or_(Allocation.until.is_(None), Allocation.until > as_at),
                _gave(),
            )
            .values(until=as_at)
            .execution_options(synchronize_session=False)
        )


def _children_by(rows: Sequence[Said]) -> dict[tuple[str, date], set[int]]:
    """The children by relation and day, the earliest day first."""
    found: dict[tuple[str, date], set[int]] = {}
    for row in sorted(rows, key=lambda row: (row.as_at, row.relation)):
        found.setdefault((row.relation, row.as_at), set()).add(row.child_id)
    return found


def unallocate(scope: Scope, account_id: int, rows: Sequence[Said]) -> list[Said]:
    """End on the scope's day the allocations that a match made; gives those that ended."""
    ended: set[tuple[int, str, date]] = set()
    for part in _parts(list(rows)):
        for (relation, as_at), child_ids in _children_by(part).items():
            done = db.session.scalars(
                sa.update(Allocation)
                .where(
                    Allocation.authority_id == scope.authority_id,
                    Allocation.child_id.in_(child_ids),
                    Allocation.account_id == account_id,
                    Allocation.relation == relation,
                    Allocation.since == as_at,
                    sa.or_(Allocation.until.is_(None), Allocation.until > scope.on),
                )
                .values(
                    until=sa.case((Allocation.since > scope.on, Allocation.since), else_=scope.on)
                )
                .returning(Allocation.child_id)
                .execution_options(synchronize_session=False)
            )
            ended |= {(child_id, relation, as_at) for child_id in done}
    found = []
    for row in rows:
        if (row.child_id, row.relation, row.as_at) in ended:
            ended.discard((row.child_id, row.relation, row.as_at))
            found.append(row)
    return found


def give_actions(
    scope: Scope, said: str, account_id: int | None, was: int | None
) -> dict[int, str]:
    """Give the open actions that a tracker says are somebody's to an account, or take them back.

    ``was`` is whose they are now. Gives their public ids by id; in the transaction under way.
    """
    rows = db.session.execute(
        sa.select(Action.id, Action.public_id, Action.owner_name)
        .where(
            Action.authority_id == scope.authority_id,
            Action.owner_id.is_(None) if was is None else Action.owner_id == was,
            Action.import_file_id.is_not(None),
            action_states.still_open(),
        )
        .order_by(Action.due, Action.id)
    ).all()
    theirs = [row for row in rows if folded(row.owner_name) == folded(said)]
    board_marks.acted(scope, [row.id for row in theirs])
    for part in _parts(theirs):
        db.session.execute(
            sa.update(Action)
            .where(
                Action.authority_id == scope.authority_id, Action.id.in_([row.id for row in part])
            )
            .values(
                owner_id=account_id,
                # What files gave goes with the match; what a person handed on does not.
                given_owner_id=sa.case(
                    (Action.given_owner_id.is_not_distinct_from(was), account_id),
                    else_=Action.given_owner_id,
                ),
                version=Action.version + 1,
            )
        )
    return {row.id: row.public_id for row in theirs}


def children_of(scope: Scope, account_id: int) -> Mapping[str, int]:
    """How many children are allocated to somebody on the scope's day, by relation."""
    rows = db.session.execute(
        sa.select(Allocation.relation, sa.func.count(sa.distinct(Allocation.child_id)))
        .where(
            Allocation.authority_id == scope.authority_id,
            Allocation.account_id == account_id,
            held(Allocation, scope.on),
        )
        .group_by(Allocation.relation)
        .order_by(Allocation.relation.desc())
    )
    return {row[0]: row[1] for row in rows}


def _parts(rows: list[_Row], size: int = 500) -> Iterator[list[_Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
