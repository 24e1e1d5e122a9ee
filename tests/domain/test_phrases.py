"""Words inside a sentence: a name that begins with an abbreviation keeps it."""

from __future__ import annotations

import pytest

from core.domain.phrases import inside


@pytest.mark.parametrize(
    ("words", "as_said"),
    [
        ("Team manager", "team manager"),
        ("CLA service manager", "CLA service manager"),
        ("A view", "a view"),
        ("", ""),
    ],
)
def test_the_first_letter_is_small_unless_it_is_of_an_abbreviation(
    words: str, as_said: str
) -> None:
    assert inside(words) == as_said
