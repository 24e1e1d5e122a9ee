"""The route list kept as a file, docs/routes.md, is what the app answers to."""

from __future__ import annotations

import pytest
from builders.written import code, same_as_written, table
from flask import Flask

from core.web.access import ACCESS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_route_list_is_what_the_app_answers_to(app: Flask) -> None:
    rows = [
        (
            code(rule.rule),
            ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            code(rule.endpoint),
            "open"
            if ACCESS[rule.endpoint].open
            else ", ".join(sorted(ACCESS[rule.endpoint].roles)),
        )
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    ]
    same_as_written("routes.md", "routes", table(("path", "methods", "endpoint", "roles"), rows))
