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

from core.store import bulk, database
from core.store.database import db
from core.store.tables import AuditHead, AuditRow

PENDING = "audit rows that wait for the end of the transaction"
HASHED = (
    "authority_id", "at", "account_id", "did", "subject", "subject_id", "before", "after", "why",
)  # fmt: skip
BATCH = 5_000


def link(before: str, chain: int, position: int, values: Mapping[str, Any]) -> str:
    """The hash of a row (64 hexadecimal digits) over what it says and the hash of the one before.

    ``values`` are those of HASHED, ``at`` as a datetime.
    """
    said = [values["at"].isoformat() if name == "at" else values[name] for name in HASHED]
    text = json.dumps([before, chain, position, *said], sort_keys=True, separators=(",", ":"))
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
    """Something wrong in the audit: ``row`` is its id, None where a row is not there any more."""

    chain: int
    position: int
    row: int | None
    what: str


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
    db.session.rollback()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    known = {end.chain: end for end in ends()}
    chains = set(db.session.scalars(sa.select(AuditRow.chain).distinct())) | set(known)
    for chain in sorted(chains):
        yield from _verify(chain, known.get(chain, End(chain, 0, "")))


def _verify(chain: int, end: End) -> Iterator[Fault]:
    position, before = 0, ""
    for row in _rows(chain):
        values = {name: getattr(row, name) for name in HASHED}
        if row.position <= 0 or row.position == position:
            yield Fault(chain, row.position, row.id, "was put in beside the chain")
            continue
        for lost in range(position + 1, min(row.position, position + 1001)):
            yield Fault(chain, lost, None, "was removed")
        whole = row.position == position + 1
        if (row.authority_id or 0) != chain or (
            whole and link(before, chain, row.position, values) != row.hash
        ):
            yield Fault(chain, row.position, row.id, "was changed, or the row before it was")
        elif row.position > end.position:
            yield Fault(chain, row.position, row.id, "was put in after the end of the chain")
        position, before = row.position, row.hash
    if position < end.position:
        for lost in range(position + 1, min(end.position, position + 1000) + 1):
            yield Fault(chain, lost, None, "was removed")
    elif position == end.position and before != end.hash:
        yield Fault(chain, position, None, "is not the row with which the chain ended")


def _rows(chain: int) -> Iterator[sa.Row[Any]]:
    columns = [getattr(AuditRow, name) for name in HASHED]
    query = sa.select(AuditRow.id, AuditRow.position, AuditRow.hash, *columns)
    after: tuple[int, int] | None = None
    while True:
        which = [AuditRow.chain == chain]
        if after is not None:
            which.append(sa.tuple_(AuditRow.position, AuditRow.id) > sa.tuple_(*after))
        rows = db.session.execute(
            query.where(*which).order_by(AuditRow.position, AuditRow.id).limit(BATCH)
        ).all()
        if not rows:
            return
        yield from rows
        after = (rows[-1].position, rows[-1].id)


database.at_commit(write_pending, forget_pending)
