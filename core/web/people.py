"""Pages of people around children."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from core.store import people
from core.web import asker, child_words, pages

blueprint = Blueprint("people", __name__)


@blueprint.get("/people/<public_id>")
def page(public_id: str) -> Response:
    """A person whom the asker sees through a child; anybody else is not there."""
    person = people.person(asker.scope(), public_id)
    if person is None:
        abort(404)
    pages.looked_at("person", person.public_id)
    for child in person.children:
        pages.looked_at("child", child.public_id)
    return pages.page("people/page.html", somebody=person, said=child_words)
