"""The page that says who may see what: the table of sight, and the pages of each role."""

from __future__ import annotations

from flask import Blueprint, Response

from core.domain.sight import SEES, SHOWS, Relation, What, lines
from core.web import pages

blueprint = Blueprint("access", __name__)
OF_A_ROLE = frozenset().union(*SEES.values())


@blueprint.get("/access")
def page() -> Response:
    return pages.page(
        "access/page.html",
        lines=[(said(role), how, seen) for role, how, seen in lines() if how in OF_A_ROLE],
        beside=[
            (relation, tuple(what for what in What if what in SHOWS[relation]))
            for relation in Relation
            if relation not in OF_A_ROLE
        ],
        whats=tuple(What),
    )


def said(role: str) -> str:
    """A role in words."""
    plain = {"iro": "Independent reviewing officer"}
    return plain.get(role, role.replace(".", " ").capitalize())
