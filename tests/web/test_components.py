"""Parts that every page is made of."""

from __future__ import annotations

import pytest
from builders.house import House
from flask import render_template_string

from core.domain.finding import Finding

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_each_error_of_one_field_has_a_line_of_its_own(house: House) -> None:
    page = """
    {% from "components/fields.html" import text %}
    {% from "components/errors.html" import error_for %}
    {{ text("name", "Name", error=error_for(findings, "name") | trim or none) }}
    """
    findings = [Finding("Enter a <name>", field="name"), Finding("Enter it twice", field="name")]
    with house.app.test_request_context():
        shown = render_template_string(page, findings=findings)
    assert "Enter a &lt;name&gt;<br>Enter it twice" in shown
