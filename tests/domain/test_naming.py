"""Which names may be the same person's, however files write them."""

from __future__ import annotations

import pytest

from core.domain.naming import EMAIL, Likeness, child_name, folded, likeness


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Jane Wexcombe", "jane  WEXCOMBE", Likeness.SAME),
        ("Wexcombe, Jane", "Jane Wexcombe", Likeness.SAME),
        ("WEXCOMBE Jane", "Jane\u00a0Wexcombe", Likeness.SAME),
        ("Ms Jané Wexcombe", "Jane Wexcombe", Likeness.SAME),
        ("J. Wexcombe", "Jane Wexcombe", Likeness.INITIALS),
        ("Wexcombe, J", "Jane Ann Wexcombe", Likeness.INITIALS),
        ("J. B. Wexcombe", "Jane Ann Wexcombe", Likeness.NONE),
        ("Mrs Wexcombe", "Jane Wexcombe", Likeness.SURNAME),
        ("K. Wexcombe", "Jane Wexcombe", Likeness.NONE),
        ("J. Wexcomb", "Jane Wexcombe", Likeness.NONE),
        ("", "Jane Wexcombe", Likeness.NONE),
        ("...", ",", Likeness.NONE),
    ],
)
def test_how_alike_two_names_are(one: str, other: str, alike: Likeness) -> None:
    assert likeness(one, other) is alike
    assert likeness(other, one) is alike


def test_case_spaces_and_accents_are_folded() -> None:
    assert folded(" J.\u00a0 Wéxcombe\u200b ") == "j. wexcombe"


def test_a_child_without_a_name_is_called_by_the_local_id() -> None:
    assert child_name("Orlin", "Thistlewick", "0101") == "Orlin Thistlewick"
    assert child_name("", "Thistlewick", "0101") == "Thistlewick"
    assert child_name("", "", "0101") == "Child 0101"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("jane.smith@bexley.example", True),
        ("j@a.b", True),
        ("élan@bexley.example", True),
        ("o'neil+panel@mail.bexley.example", True),
        ("jane.smith@bexley", False),
        ("jane.smith@bexley.example.", False),
        ("jane smith@bexley.example", False),
        ("Jane <jane@bexley.example>", False),
        ('"jane"@bexley.example', False),
        ("a@b.example,c@d.example", False),
        ("a@b@c.example", False),
    ],
)
def test_what_is_an_email(text: str, is_one: bool) -> None:
    assert (EMAIL.fullmatch(text) is not None) is is_one
