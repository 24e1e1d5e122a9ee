"""The audit's chain: each row hashed with the one before; what was changed since is found by it.

A chain is an authority's rows (chain 0: sign-ins of nobody known), counted from 1. Rows wait until
the transaction ends, so that the chain's end is locked last and only for a moment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store import audit_read, bulk, database
from core.store.database import db
from core.store.tables import AuditHead, AuditRow, Authority

PENDING = "audit rows that wait for the end of the transaction"
HASHED = (
    "authority_id", "at", "account_id", "did", "subject", "subject_id", "before", "after", "why",
)  # fmt: skip
MOST_LOOSE = 50
LOOSE = "was put in beside the chain"
AFTER_END = "was put in after the end of the chain"
AS_TEXT = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def link(before: str, chain: int, position: int, values: Mapping[str, Any]) -> str:
    """The hash of a row (64 hexadecimal digits) over what it says and the hash of the one before.

    ``values`` are those of HASHED, ``at`` as a datetime.
    """
    said = [values["at"].isoformat() if name == "at" else values[name] for name in HASHED]
    text = AS_TEXT.encode([before, chain, position, *said])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def add(rows: Iterable[Mapping[str, Any]]) -> None:
    """Have rows written at the end of the transaction under way; each has the names of HASHED."""
    db.session.info.setdefault(PENDING, []).extend(rows)


def write_pending() -> None:
    """Write what waits, chained; called last in a transaction, just before it is committed."""
    pending: list[Mapping[str, Any]] = db.session.info.pop(PENDING, [])
    chains: dict[int, list[Mapping[str, Any]]] = {}
    for row in pending:
        chains.setdefault(row["authority_id"] or 0, []).append(row)
    for chain, rows in sorted(chains.items()):
        position, before = _end(chain)
        linked = _Linked(chain, position, before)
        bulk.insert(AuditRow, (((), row) for row in map(linked.next, rows)))
        db.session.execute(
            sa.update(AuditHead)
            .where(AuditHead.chain == chain)
            .values(position=linked.position, hash=linked.hash)
        )


class _Linked:
    """A chain as it grows: each row is given its place and hash as it is written."""

    def __init__(self, chain: int, position: int, hash: str) -> None:
        self.chain, self.position, self.hash = chain, position, hash

    def next(self, row: Mapping[str, Any]) -> dict[str, Any]:
        plain = {**row, "before": _plain(row["before"]), "after": _plain(row["after"])}
        self.position += 1
        self.hash = link(self.hash, self.chain, self.position, plain)
        return {**plain, "chain": self.chain, "position": self.position, "hash": self.hash}


def forget_pending() -> None:
    """What waited belonged to a transaction that did not come to its end."""
    db.session.info.pop(PENDING, None)


def _plain(value: Mapping[str, Any] | None) -> Any:
    """As the database gives it back: what JSON does not have is made into what it has."""
    if value is None or all(type(k) is type(v) is str for k, v in value.items()):
        return value
    return json.loads(json.dumps(value))


def _end(chain: int) -> tuple[int, str]:
    """The position and hash of the last row of a chain, locked until the transaction ends."""
    query = (
        sa.select(AuditHead.position, AuditHead.hash)
        .where(AuditHead.chain == chain)
        .with_for_update()
    )
    row = db.session.execute(query).first()
    if row is None:
        values = {"chain": chain, "position": 0, "hash": ""}
        kind = db.session.get_bind().dialect.name
        insert = postgresql.insert if kind == "postgresql" else sqlite.insert
        db.session.execute(insert(AuditHead).values(values).on_conflict_do_nothing())
        row = db.session.execute(query).one()
    return row.position, row.hash


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the audit: ``row`` is its id, None where a row is not there any more.

    ``last`` is the last number of a range of rows, None where it is about one.
    """

    chain: int
    position: int
    row: int | None
    what: str
    last: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends: to be noted down elsewhere, and asked for again later."""

    chain: int
    position: int
    hash: str


def ends() -> list[End]:
    """The end of every chain."""
    rows = db.session.execute(
        sa.select(AuditHead.chain, AuditHead.position, AuditHead.hash).order_by(AuditHead.chain)
    )
    return [End(*row) for row in rows]


def hash_at(chain: int, position: int) -> str:
    """The hash of one row of a chain, "" where it is not there."""
    return (
        db.session.scalar(
            sa.select(AuditRow.hash).where(AuditRow.chain == chain, AuditRow.position == position)
        )
        or ""
    )


def verify() -> Iterator[Fault]:
    """Every fault of every chain, in order; nothing where the audit is as it was written.

    What is written meanwhile is not seen: all is read as it stood at one moment.
    """
    with audit_read.one_moment():
        heads = {chain: (position, hash) for chain, position, hash in audit_read.heads()}
        written = {*audit_read.chains(), *heads}
        named = set(db.session.scalars(sa.select(Authority.id)))
        for chain in sorted(written | named, key=_in_order):
            if chain not in written:
                yield Fault(chain, 1, None, "was removed, with the whole chain")
                continue
            position, hash = heads.get(chain, (0, ""))
            noted = End(chain, position, hash)
            if type(position) is not int or type(hash) is not str:
                noted = _last(chain)
                yield Fault(
                    chain, noted.position, None, "is the last: where the chain ended was changed"
                )
            yield from _folded(_verify(chain, noted))


def _in_order(chain: Any) -> tuple[bool, int, str]:
    """Chains by their number; what is none comes last."""
    sound = type(chain) is int
    return (not sound, chain if sound else 0, str(chain))


def _last(chain: int) -> End:
    """The last row of a chain whose noted end cannot be read."""
    end = End(chain, 0, "")
    for row in audit_read.rows(chain, HASHED):
        end = End(chain, row.position, row.hash)
    return end


def _folded(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Rows put in one after another after the end as one fault."""
    run: list[Fault] = []
    for fault in faults:
        if run and (fault.what != AFTER_END or fault.position != run[-1].position + 1):
            yield _range(run)
            run = []
        if fault.what == AFTER_END:
            run = [*run[:1], fault]
        else:
            yield fault
    if run:
        yield _range(run)


def _range(run: list[Fault]) -> Fault:
    first, last = run[0], run[-1]
    if first is last:
        return first
    what = AFTER_END.replace("was", "were", 1)
    return Fault(first.chain, first.position, first.row, what, last.position)


def _verify(chain: int, end: End) -> Iterator[Fault]:
    position, before, sound = 0, "", True
    lost, ids = _Lost(chain), _Ids(chain)
    for row in audit_read.rows(chain, HASHED):
        if row.position <= 0 or row.position == position or row.position > end.position:
            beyond = row.position > max(end.position, 0)
            what = AFTER_END if beyond else LOOSE
            yield Fault(chain, row.position, row.id, lost.written_as(row) or what)
            continue
        whole = row.position == position + 1
        if not whole:
            yield from lost.rows(position + 1, row.position - 1, before)
        right = whole and _is_linked(before, chain, row.position, row)
        if right:
            yield from ids.next(row)
        if (row.authority_id or 0) != chain or (whole and not right):
            what = "was changed" if sound else "was changed, or the row before it was"
            yield Fault(chain, row.position, row.id, lost.written_as(row) or what)
        position, before, sound = row.position, row.hash, right
    yield from ids.end()
    if position < end.position:
        yield from lost.rows(position + 1, end.position, before)
    elif before != end.hash:
        yield Fault(chain, position, None, "is not the row with which the chain ended")


def _is_linked(before: str, chain: int, position: int, row: audit_read.Row) -> bool:
    """Whether a row is the one that was written after another under a number of the chain."""
    try:
        return row.values is not None and link(before, chain, position, row.values) == row.hash
    except audit_read.UNREADABLE:
        return False


class _Ids:
    """The ids of a chain's rows, which grow from row to row: one that is out of turn was changed.

    A row is judged once the next is read: an id too high is its own fault, not the next one's.
    """

    def __init__(self, chain: int) -> None:
        self.chain, self.before = chain, 0
        self.held: audit_read.Row | None = None

    def next(self, row: audit_read.Row) -> Iterator[Fault]:
        """Judge the row before this one, which is held in its place."""
        yield from self._judged(row.id)
        self.held = row

    def end(self) -> Iterator[Fault]:
        """Judge the last row."""
        yield from self._judged(None)

    def _judged(self, after: int | None) -> Iterator[Fault]:
        held = self.held
        if held is None:
            return
        beyond = after is not None and self.before < after <= held.id
        if held.id <= self.before or beyond:
            yield Fault(self.chain, held.position, held.id, "was given another id")
        else:
            self.before = held.id


class _Lost:
    """Places of a chain whose rows are not there, and loose rows: the one may be the other's.

    A row's hash tells under which number and after which row it was written.
    """

    def __init__(self, chain: int) -> None:
        self.chain = chain
        self.places: dict[int, str] = {}
        self.loose: list[audit_read.Row] = []

    def written_as(self, row: audit_read.Row) -> str:
        """Words for a row that was written under the number of a place found empty, else ""."""
        for place, before in self.places.items():
            if _is_linked(before, self.chain, place, row):
                del self.places[place]
                self._empty(place + 1, row.hash)
                return f"is out of order: it was written as row {place}"
        if len(self.loose) < MOST_LOOSE:
            self.loose.append(row)
        return ""

    def rows(self, first: int, last: int, before: str) -> Iterator[Fault]:
        """The faults of a range of places without a row; ``before`` is the hash ahead of them."""
        found = self._found(first, before)
        while first <= last and found is not None:
            what = f"is out of order: it has the number {found.position}"
            yield Fault(self.chain, first, found.id, what)
            first, before = first + 1, found.hash
            found = self._found(first, before)
        if first > last:
            return
        self._empty(first, before)
        what = "was removed" if first == last else "were removed"
        yield Fault(self.chain, first, None, what, last if last > first else None)

    def _found(self, place: int, before: str) -> audit_read.Row | None:
        for row in self.loose:
            if _is_linked(before, self.chain, place, row):
                return row
        return None

    def _empty(self, place: int, before: str) -> None:
        if len(self.places) < MOST_LOOSE:
            self.places[place] = before


database.at_commit(write_pending, forget_pending)
