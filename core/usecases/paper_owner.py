"""What a paper belongs to: a child, a case or a meeting; which kinds it has, and who keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.paper import KEEPS_PAPERS, Of
from core.domain.procedure import Procedure
from core.domain.sight import What
from core.registry import Registry
from core.store import cases, children, enabled, papers
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, runs, standing_of


@dataclass(frozen=True, slots=True)
class Owner:
    """A child, case or meeting whose papers the asker sees.

    ``kinds`` are the kinds of paper that its procedure lays down, by code with their titles;
    ``keeps`` says whether the asker may add papers, correct them and take them out.
    """

    of: Of
    public_id: str
    id: int
    kinds: Mapping[str, str]
    keeps: bool


def owner_of(scope: Scope, registry: Registry, of: Of, public_id: str) -> Owner | None:
    """What has this public id; None where its papers are not the asker's to see."""
    owner_id = papers.owner_id(scope, of, public_id)
    if owner_id is None:
        return None
    keeps = scope.everything or scope.has(*KEEPS_PAPERS)
    if of is Of.MEETING:
        try:
            now = standing_of(scope, registry, public_id)
        except NoMeeting:
            return None
        return Owner(of, public_id, owner_id, _kinds(now.procedure), keeps and runs(scope, now))
    if of is Of.CASE:
        case = cases.case_by_public_id(scope, public_id)
        named = registry.named(case.procedure_code, case.procedure_edition) if case else None
        keeps = keeps and cases.may_change(scope, owner_id)
        return Owner(of, public_id, owner_id, _kinds(named) if named else {}, keeps)
    keeps = keeps and children.may_change(scope, public_id, What.PAPERS)
    return Owner(of, public_id, owner_id, kinds_enabled(scope, registry), keeps)


def kinds_enabled(scope: Scope, registry: Registry) -> dict[str, str]:
    """The kinds of paper of every procedure that the authority has enabled, its first one first."""
    found: dict[str, str] = {}
    for code in enabled.codes(scope):
        edition = registry.edition(code, scope.on)
        for kind, title in (_kinds(edition) if edition else {}).items():
            found.setdefault(kind, title)
    return found


def _kinds(procedure: Procedure) -> dict[str, str]:
    return {paper.code: paper.title for paper in procedure.papers}
