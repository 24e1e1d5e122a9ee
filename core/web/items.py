"""Pages of items."""

from flask import Blueprint

blueprint = Blueprint("items", __name__)
