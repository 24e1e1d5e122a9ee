"""Fields of a declared form that are chosen: how they are posted, kept and shown."""

from __future__ import annotations

import re

import pytest
import toyshire
from builders.house import House
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from core.domain.procedure.forms import Field, FieldType, Form, Place, Section
from core.store.answers import Stored
from core.web.form_fields import Reading, read
from core.web.form_shown import Shown

CHOICES = {"adoption": "Adoption", "cao": "Child arrangements order", "sgo": "Guardianship"}
FORM = Form(
    code="toy-plan",
    clauses=("TOY-1",),
    sections=(
        Section(
            code="toy-plan",
            clauses=("TOY-1",),
            title="The plan",
            fields=(
                Field(code="primary", label="First?", type=FieldType.CHOICE, choices=CHOICES),
                Field(code="others", label="Else?", type=FieldType.CHOICES, choices=CHOICES),
            ),
        ),
    ),
)


def posted(*pairs: tuple[str, str]) -> Reading:
    return read(FORM, toyshire.PROCEDURE, MultiDict(pairs))


def test_one_choice_and_several_are_read_and_nothing_else_is() -> None:
    reading = posted(("primary", "cao"), ("others", "sgo"), ("others", "x"), ("others", "adoption"))
    assert reading.answers == {Place("primary"): "cao", Place("others"): "adoption,sgo"}
    assert posted(("primary", "x")).answers == {Place("primary"): ""}


def test_what_is_unticked_is_saved_as_nothing() -> None:
    reading = posted(("others-seen", "2"), ("primary-seen", "1"))
    assert reading.answers == {Place("others"): "", Place("primary"): ""}
    assert reading.seen == {Place("others"): 2, Place("primary"): 1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_choices_are_shown_with_what_is_chosen(house: House) -> None:
    page = """
    {% from "cases/_field.html" import field_box %}
    {% for section in shown.sections() %}
    {% for view in section.fields %}{{ field_box(view, "/save") }}{% endfor %}
    {% endfor %}
    """
    stored = {
        Place("primary"): Stored("cao", 3, "", None),
        Place("others"): Stored("adoption,sgo", 1, "", None),
    }
    with house.app.test_request_context():
        html = render_template_string(page, shown=Shown(FORM, toyshire.PROCEDURE, stored))
    kinds = re.findall(
        r'<input class="[^"]*" id="[^"]*" name="(\w+)" type="(\w+)" value="(\w+)"( checked)?', html
    )
    assert kinds == [
        ("primary", "radio", "adoption", ""),
        ("primary", "radio", "cao", " checked"),
        ("primary", "radio", "sgo", ""),
        ("others", "checkbox", "adoption", " checked"),
        ("others", "checkbox", "cao", ""),
        ("others", "checkbox", "sgo", " checked"),
    ]
    assert html.count("Child arrangements order") == 2
