"""What was written in a planning meeting that was over by then: shown, to be copied."""

from __future__ import annotations

from flask import request

from core.store import answers
from core.store.planning import PlanningRow
from core.web import asker
from core.web.typed import words

# The pages that are closed with the meeting, and what their forms carry besides words.
WRITTEN_AT_IT = frozenset(
    {"planning", "planning_people", "planning_options", "planning_record", "planning_closing"}
)
KEPT_BY_FORMS = ("-seen", "-keep", "-conflict", "-showing")


def unsaved(row: PlanningRow) -> list[str]:
    """The texts of the form that came, without those that the meeting holds already.

    What was chosen from a list is chosen again: one word in small letters is taken for that.
    """
    if request.method != "POST" or row.open or request.blueprint not in WRITTEN_AT_IT:
        return []
    held = {one.value.strip() for one in answers.load(asker.scope(), row.case_id).values()}
    sent = (
        words(value).strip()
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and not name.endswith(KEPT_BY_FORMS)
    )
    return [text for text in dict.fromkeys(sent) if _written(text) and text not in held]


def _written(text: str) -> bool:
    """Whether somebody wrote it: codes and public ids are one word without a capital letter."""
    return len(text.split()) > 1 or (text != text.lower() and text.isalpha())
