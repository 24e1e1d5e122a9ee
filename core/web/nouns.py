"""Every noun that has pages, in the order of the navigation."""

from core.web import (
    about,
    actions,
    cases,
    children,
    home,
    imports,
    items,
    meetings,
    onward,
    people,
    procedures,
    sign_in,
)

BLUEPRINTS = (
    home.blueprint,
    children.blueprint,
    people.blueprint,
    meetings.blueprint,
    cases.blueprint,
    items.blueprint,
    actions.blueprint,
    onward.blueprint,
    imports.blueprint,
    procedures.blueprint,
    about.blueprint,
    sign_in.blueprint,
)
