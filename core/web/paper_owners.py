"""Whose papers a page shows: what it is headed with, and whom the audit is told that it shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, url_for

from core.domain.paper import Of
from core.store import cases
from core.store.papers import PaperRow
from core.usecases.paper_owner import Owner
from core.usecases.standing import NoMeeting, standing_of
from core.web import asker, pages, sitting


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page of papers is headed with; ``children`` are the public ids of those it names."""

    caption: str
    title: str
    address: str
    children: tuple[str, ...]


def heading(owner: Owner) -> Heading:
    """The heading of the papers of a child, a case or a meeting."""
    scope = asker.scope()
    if owner.of is Of.MEETING:
        try:
            now = standing_of(scope, asker.registry(), owner.public_id)
        except NoMeeting:
            abort(404)
        address = url_for("meetings.page", public_id=owner.public_id)
        return Heading("Meeting", sitting.title(now), address, ())
    if owner.of is Of.CASE:
        children = cases.children_of(scope, owner.id)
        names = ", ".join(child.name for child in children)
        address = url_for("cases.page", public_id=owner.public_id)
        shown = tuple(child.public_id for child in children)
        return Heading("Case", f"Case of {names}" if names else "Case", address, shown)
    child = cases.child_seen(scope, owner.public_id)
    if child is None:
        abort(404)
    address = url_for("children.page", public_id=owner.public_id)
    return Heading(f"Child {child.local_id}", child.name, address, (child.public_id,))


def note_list(
    owner: Owner, head: Heading, rows: list[PaperRow], page: int, *, taken_out: bool
) -> None:
    """Note for the audit that a list of papers is shown, with the ids of those on it."""
    shown = {
        "page": "papers",
        "number": page,
        "taken_out": taken_out,
        "papers": [row.public_id for row in rows],
    }
    if owner.of is Of.CHILD:
        pages.looked_at("child", owner.public_id, **shown)
        return
    pages.looked_at(owner.of.value, owner.public_id, **shown)
    for public_id in head.children:
        pages.looked_at("child", public_id, case=owner.public_id, page="papers")


def note_paper(paper: PaperRow, head: Heading) -> None:
    """Note for the audit that a paper's page is shown."""
    pages.looked_at("paper", paper.public_id)
    for public_id in head.children:
        pages.looked_at("child", public_id, paper=paper.public_id)
