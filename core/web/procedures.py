"""Pages of procedures."""

from flask import Blueprint

blueprint = Blueprint("procedures", __name__)
