"""Pages of children."""

from flask import Blueprint

blueprint = Blueprint("children", __name__)
