"""Signing papers: who answers for one, or a manager, says that it is signed, or that it is not."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.paper import SIGNS_FOR_OTHERS
from core.registry import Registry
from core.store import audit, papers, papers_kept
from core.store.database import writing
from core.store.papers import PaperRow
from core.store.scope import Scope
from core.usecases.filing import PaperMoved
from core.usecases.paper_owner import owner_of

NOT_YOURS = Finding("This paper is no longer here, or is not yours to sign")


def may_sign(scope: Scope, paper: PaperRow, *, keeps: bool) -> bool:
    """Whether the asker, who ``keeps`` these papers or not, says whether this one is signed."""
    answers = paper.answers_id is not None and paper.answers_id == scope.account_id
    there = paper.taken_out_at is None and (paper.unsigned or paper.signed_at is not None)
    return there and keeps and (answers or scope.everything or scope.has(*SIGNS_FOR_OTHERS))


def sign(
    scope: Scope,
    registry: Registry,
    public_id: str,
    seen: int,
    at: datetime,
    *,
    signed: bool = True,
) -> None:
    """Mark a paper as signed, or with ``signed`` false as not, against the version seen."""
    with writing():
        paper = papers.find(scope, public_id, lock=True)
        owner = owner_of(scope, registry, paper.of, paper.owner) if paper else None
        if paper is None or owner is None or not may_sign(scope, paper, keeps=owner.keeps):
            raise Refused(NOT_YOURS)
        if paper.version != seen or (paper.signed_at is not None) is signed:
            raise PaperMoved(paper)
        by = scope.account_id if signed else None
        papers_kept.change(scope, paper.id, seen, signed_by=by, signed_at=at if signed else None)
        audit.changed(
            scope,
            at,
            "sign" if signed else "take signature back",
            "paper",
            public_id,
            before={"signed_by": paper.signed_by, "answers": paper.answers},
            after={"signed_by": scope.name if signed else ""},
        )
