"""What an import says, written: identities, and the rows of a return in place of those before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from core.domain.episode import AdoptionDecision as DecisionFact
from core.domain.episode import Episode as EpisodeFact
from core.store import care, identity
from core.store.scope import Scope
from core.store.tables import AdoptionDecision, AsylumStatus, Episode, IdentityFact, Review

Stated = tuple[str, Any, int, int, str]
"""One row of a return: the local id that it names, the fact, the file's id and the line, and the
local id of which it is said where that record was merged into another."""
EPISODE = (
    "decom", "rne", "ls", "cin", "place", "place_provider", "dec", "rec",
    "reason_place_change", "home_post", "pl_post", "urn",
)  # fmt: skip


def put_identity(
    scope: Scope,
    ids: Mapping[str, int],
    said: Iterable[tuple[str, Mapping[str, Any]]],
    replaced: Collection[int],
    at: datetime,
) -> None:
    """Add what files say of identities, by local id; ``replaced`` are the ids of what stands no
    longer. In the transaction under way."""
    for batch in care.batches(replaced):
        identity.replace(scope, batch, at)
    care.insert(
        scope, IdentityFact, ids, ((local, {**row, "stated_at": at}) for local, row in said)
    )


def put_rows(
    scope: Scope,
    kind: str,
    year: int | None,
    ids: Mapping[str, int],
    again: Mapping[str, Collection[int]],
    rows: Iterable[Stated],
) -> None:
    """Add the rows of one kind of a return, in the transaction under way.

    ``again`` are the children, by the local id of which it is said, of whom the return of the same
    year has been in the record before: what it said of them then goes.
    """
    table, values = TABLES[kind]
    for said_of, children in again.items():
        care.remove(
            scope,
            table,
            children,
            table.year == year,
            table.import_file_id.is_not(None),
            table.said_of == said_of,
        )
    care.insert(
        scope,
        table,
        ids,
        (
            (
                local,
                {
                    **values(fact),
                    "year": year,
                    "import_file_id": file_id,
                    "import_line": line,
                    "said_of": said_of,
                },
            )
            for local, fact, file_id, line, said_of in rows
        ),
    )


def _episode(fact: EpisodeFact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in EPISODE}


def _decision(fact: DecisionFact) -> dict[str, Any]:
    return {
        "decided_on": fact.decided,
        "ceased_on": fact.reversed_on,
        "ceased_reason": fact.reversed_why,
    }


TABLES: Mapping[str, tuple[type[Any], Callable[[Any], dict[str, Any]]]] = {
    "episodes": (Episode, _episode),
    "reviews": (Review, lambda fact: {"held_on": fact.on, "code": " ".join(fact.codes)}),
    "asylum": (AsylumStatus, lambda fact: {"ceases": fact.until}),
    "adoption_decisions": (AdoptionDecision, _decision),
}
"""The kinds of rows as core.domain.child.ChildFacts names them."""
