"""Pages of onward."""

from flask import Blueprint

blueprint = Blueprint("onward", __name__)
