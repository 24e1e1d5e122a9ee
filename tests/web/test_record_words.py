"""Values of a record in words: what is empty, what has a meaning, and what nobody knows."""

from __future__ import annotations

import pytest
from builders.dated import typed

from core.domain.record import KINDS
from core.web.record_shown import title
from core.web.record_words import value


@pytest.mark.parametrize(
    ("field", "said", "words"),
    [
        ("legal_status", "", ""),
        ("ceased_why", "", ""),
        ("ceased_why", "E99", "Ended by a repair tool, not by the authority (E99)"),
        ("ceased_why", "E42", "Older code, meaning not confirmed (E42)"),
        ("placement", "E99", "unrecognised: “E99”"),
    ],
)
def test_what_is_empty_or_has_a_meaning_is_not_said_to_be_unrecognised(
    field: str, said: str, words: str
) -> None:
    assert value(KINDS["stated-care"].by_code[field], said) == words


def test_an_entry_is_named_by_its_day_and_its_words_never_by_a_bare_yes() -> None:
    placed = typed("emergency", placed_on="2026-10-01", out_of_area="yes")
    assert title(KINDS["emergency"], placed) == "1 October 2026"
    done = typed("assessment", what="pep", done_on="2026-10-02")
    assert title(KINDS["assessment"], done) == "2 October 2026: Personal education plan"
