"""About the service, for anyone."""

from flask import Blueprint, Response

from core.web import pages

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def page() -> Response:
    return pages.page("about/page.html")
