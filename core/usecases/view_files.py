"""A file that goes with a view: writing, a drawing, a recording, kept as a paper of the child."""

from __future__ import annotations

from datetime import datetime

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.paper import Of
from core.domain.phrases import inside
from core.domain.record.recorded import Recorded
from core.domain.record.voices import VIEW, WHOSE
from core.registry import Registry
from core.store import record
from core.store.record import ChildOf
from core.store.scope import Scope
from core.usecases.filing import Described, Place, Uploads, add_papers
from core.usecases.record import correct_here

GONE = Finding("This view is not in the record any more, or is not yours to change", field="files")
ONE = Finding("Choose one file: add another view for another file", field="files")
THERE = Finding("This view has a file already: add a new version to that one", field="files")
WHY = "The file of the view"


def add(
    scope: Scope,
    registry: Registry,
    public_id: str,
    uploads: Uploads,
    place: Place,
    at: datetime,
) -> str:
    """Keep the file of a view; gives the public id of the paper.

    It is a paper of the child, seen by whoever sees the child's papers, and the view says which:
    both are written in one transaction, or neither.
    """
    child, view = _without_file(scope, public_id)
    named = list(uploads)
    if len(named) > 1:
        raise Refused(ONE)
    said_on = view.day("said_on")
    whose = WHOSE.get(view.value("whose"), "somebody")
    on = f", {day(said_on)}" if said_on is not None else ""
    described = Described(title=f"View of {inside(whose)}{on}", dated=said_on)

    def say(made: list[str]) -> None:
        _without_file(scope, public_id)
        correct_here(scope, public_id, {"paper": made[0]}, {}, WHY, at)

    owner = child.public_id
    (paper,) = add_papers(
        scope, registry, Of.CHILD, owner, described, named, "", place, at, then=say
    )
    return paper


def _without_file(scope: Scope, public_id: str) -> tuple[ChildOf, Recorded]:
    """A view that stands and has no file yet, with its child; Refused otherwise."""
    child = record.child_of_entry(scope, public_id, changes=True)
    if child is None:
        raise Refused(GONE)
    there = record.entries(scope, child.id, VIEW.code)
    view = next((one for one in there if one.public_id == public_id and one.stands), None)
    if view is None:
        raise Refused(GONE)
    if view.value("paper"):
        raise Refused(THERE)
    return child, view
